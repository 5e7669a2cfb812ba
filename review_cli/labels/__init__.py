"""``human-review labels``: what people decided, out of the workflow's bucket."""
