"""What the demo says while it goes on."""

import io
import re

from rich.console import Console

from demo.play import step


def test_a_step_goes_on_below_itself_on_a_narrow_terminal() -> None:
    printed = io.StringIO()

    with step(Console(file=printed, width=60), "review") as said:
        said.append("24 answered in the worker portal, by 3 scripted reviewers")

    first, second = printed.getvalue().splitlines()
    assert re.fullmatch(r" +\d+\.\d s  review {6}24 answered in the worker portal, by 3 *", first)
    assert second.rstrip() == " " * 21 + "scripted reviewers"


def test_a_step_is_one_line_on_a_usual_terminal() -> None:
    printed = io.StringIO()

    with step(Console(file=printed, width=80), "local cloud") as said:
        said.append("https://127.0.0.1:4566, worker portal http://localhost:4580")

    assert len(printed.getvalue().splitlines()) == 1
