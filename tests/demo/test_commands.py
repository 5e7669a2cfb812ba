"""What ``make demo``, ``make up`` and ``make send`` say to what cannot be."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["run", "--workflow", "rankng"],
            "argument --workflow: workflows/ has no 'rankng'; WORKFLOW may be custom, document, "
            "moderation, ranking, sentiment\n",
        ),
        (
            ["up", "--port", "70000"],
            "argument --port: PORT must be between 1 and 65535, got '70000'\n",
        ),
        (
            ["up", "--port", "http"],
            "argument --port: PORT must be between 1 and 65535, got 'http'\n",
        ),
    ],
    ids=["a workflow that is not there", "a port that cannot be", "a port that is no number"],
)
def test_wrong_argument_is_one_line_about_it(arguments: list[str], said: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "demo", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (ended.returncode, ended.stderr, ended.stdout) == (2, said, "")
