from typing import Any

import pytest

from human_review import limits


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param(limits.WorkflowName, "a" * 40, id="longest workflow name"),
        pytest.param(limits.WorkflowName, "a-1", id="workflow name"),
        pytest.param(limits.WorkteamName, "A--b", id="workteam name"),
        pytest.param(limits.WorkteamName, "a" * 63, id="longest workteam name"),
        pytest.param(limits.WorkforceName, "a-", id="workforce name may end in a hyphen"),
        pytest.param(limits.TaskTitle, "t" * 128, id="longest title"),
        pytest.param(limits.TaskDescription, "d" * 255, id="longest description"),
        pytest.param(limits.TaskKeywords, ["two words"] * 5, id="five keywords"),
        pytest.param(limits.Cidrs, ["::/0"] * 10, id="ten ranges"),
        pytest.param(limits.TaskTimeLimitSeconds, 30, id="shortest time limit"),
        pytest.param(limits.Fraction, 1, id="a whole number is a number"),
        pytest.param(limits.JmesPath, "a.b[0].c", id="jmespath"),
    ],
)
def test_allowed(kind: Any, value: Any) -> None:
    limits.check("value", kind, value)


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        pytest.param(limits.WorkflowName, "a-", "lower-case letters", id="trailing hyphen"),
        pytest.param(limits.WorkflowName, "a--b", "single hyphens", id="double hyphen"),
        pytest.param(limits.WorkflowName, "a\n", "lower-case", id="line end"),
        pytest.param(limits.TaskCount, True, "must be a whole number, got True", id="not a count"),
        pytest.param(limits.TaskCount, 1.5, "must be a whole number, got 1.5", id="half a person"),
        pytest.param(limits.Fraction, float("inf"), "between 0 and 1", id="infinity"),
        pytest.param(limits.TaskTitle, 3, "must be text, got 3", id="number for text"),
        pytest.param(limits.Cidrs, "10.0.0.0/8", "must be a list", id="text for a list"),
        pytest.param(limits.Cidr, "10.0.0.0/33", "CIDR notation", id="range"),
        pytest.param(limits.TaskTitle, "t" * 500, "it has 500, got 'ttt.*…$", id="shortened"),
    ],
)
def test_refused(kind: Any, value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^value .*{message}"):
        limits.check("value", kind, value)
