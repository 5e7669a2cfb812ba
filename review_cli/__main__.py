"""``python -m review_cli``: the ``human-review`` command."""

from review_cli.main import app

if __name__ == "__main__":
    app(prog_name="human-review")
