from typing import Any

import aws_cdk as cdk
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
        pytest.param(limits.JmesPath, "a[::2].max(b)", id="a function of jmespath"),
        pytest.param(limits.LabelPath, "numbered(@, 'rank_')[*].to_number(@)", id="numbered"),
        pytest.param(limits.TaskTitle, "Größe\t评论\n", id="a title in any script"),
        pytest.param(limits.Tags, {"équipe:a/b=c+d-e@f": "qualité 1_2.3"}, id="tag"),
        pytest.param(limits.Tags, {str(n): "" for n in range(50)}, id="fifty tags"),
        pytest.param(limits.Tags, {"stack": cdk.Aws.STACK_NAME}, id="a tag known when deploying"),
        pytest.param(limits.Labels, ["a", "A"], id="labels that differ in case"),
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
        pytest.param(limits.Cidr, "10.0.0.1", "CIDR notation, such as", id="range of no length"),
        pytest.param(limits.TaskTitle, "Review \N{GRINNING FACE}", "without emoji", id="emoji"),
        pytest.param(limits.Tags, {"a": "b;c"}, "letters, numbers, spaces and", id="tag's value"),
        pytest.param(limits.Tags, {"a#": "b"}, "letters, numbers, spaces and", id="tag's key"),
        pytest.param(limits.Tags, {"AWS:x": "b"}, "begins with aws: or human-", id="AWS's tag"),
        pytest.param(
            limits.Tags, {"human-review:retired-at": "now"}, "as human-review:ret", id="our tag"
        ),
        pytest.param(limits.Tags, {str(n): "" for n in range(51)}, "0 to 50 entries", id="tags"),
        pytest.param(limits.Labels, ["a", "b", "a"], "must not name a twice", id="label twice"),
        pytest.param(
            limits.Labels,
            [f"{'x' * 98}{n:02}" for n in range(30)],
            "at most 2048 bytes of JSON, it has 3091",
            id="labels too long for an environment",
        ),
        pytest.param(limits.BucketNames, ["one", "one"], "must not name one twice", id="buckets"),
        pytest.param(limits.JmesPath, "a[*].to_nmber(@)", r"no to_nmber\(\)", id="misspelt"),
        pytest.param(limits.JmesPath, "numbered(@, 'a')", r"no numbered\(\)", id="numbered"),
        pytest.param(limits.LabelPath, "map(&foo(@), a)", r"no foo\(\)", id="in a function"),
        pytest.param(limits.TaskTitle, "t" * 500, "it has 500, got 'ttt.*…$", id="shortened"),
    ],
)
def test_refused(kind: Any, value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=rf"^value\S* .*{message}"):
        limits.check("value", kind, value)
