"""What the functions share: strict JSON, log lines, metrics and how AWS is called."""
