"""The ``human-review`` command: looks after what the stacks have deployed."""
