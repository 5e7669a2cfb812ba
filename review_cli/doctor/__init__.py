"""``human-review doctor``: compares what is deployed with what is there."""
