"""``human-review template``: look a task page over, and see it as a reviewer does."""
