import hashlib
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match, Template

from human_review import HumanTaskUi
from human_review.page_lint import read_examples
from tests.constructs.resolved import statements_of

PAGE = '<crowd-form>{{ task.input.text }}<input name="answer"></crowd-form>'


def test_the_page_is_named_after_its_content(stack: cdk.Stack) -> None:
    page = HumanTaskUi(stack, "Page", template=PAGE, name_prefix="sentiment")

    other = HumanTaskUi(stack, "Other", template=PAGE, name_prefix="sentiment")
    changed = HumanTaskUi(
        cdk.Stack(cdk.App(), "Stack"), "Page", template=f"{PAGE}\n", name_prefix="sentiment"
    )
    again = HumanTaskUi(
        cdk.Stack(cdk.App(), "Stack"), "Page", template=PAGE, name_prefix="sentiment"
    )
    assert page.human_task_ui_name.startswith("sentiment-")
    assert len(page.human_task_ui_name) == len("sentiment-") + 10
    assert page.template_sha256 == hashlib.sha256(PAGE.encode()).hexdigest()
    assert again.human_task_ui_name == page.human_task_ui_name
    assert len({n.human_task_ui_name for n in (page, other, changed)}) == 3


def test_settings_reach_the_page(stack: cdk.Stack) -> None:
    page = HumanTaskUi(
        stack, "Page", template=PAGE, name_prefix="sentiment", tags={"team": "quality"}
    )

    Template.from_stack(stack).has_resource_properties(
        "AWS::SageMaker::HumanTaskUi",
        {
            "HumanTaskUiName": page.human_task_ui_name,
            "UiTemplate": {"Content": PAGE},
            "Tags": [{"Key": "team", "Value": "quality"}],
        },
    )


def test_the_page_may_be_a_file_with_any_line_ends(stack: cdk.Stack, tmp_path: Path) -> None:
    (tmp_path / "unix.liquid").write_bytes(b"<crowd-form>\n<input name='a'></crowd-form>")
    (tmp_path / "windows.liquid").write_bytes(b"<crowd-form>\r\n<input name='a'></crowd-form>")

    unix, windows = (
        HumanTaskUi(stack, name, template=tmp_path / f"{name}.liquid", name_prefix="sentiment")
        for name in ("unix", "windows")
    )

    assert unix.template_sha256 == windows.template_sha256


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        pytest.param(
            {"template": "x" * 128_001}, "template must have 1 to 128000 characters", id="long"
        ),
        pytest.param({"template": ""}, "template must have 1 to 128000 characters", id="empty"),
        pytest.param(
            {"template": "<crowd-form>\n{% if %}"},
            r"template:2:4: not Liquid: missing",
            id="no Liquid",
        ),
        pytest.param(
            {"examples": {"examples/a.json": '{"txet": ""}'}},
            r"template:1:16: task.input.text is in none of the examples; did you mean txet\?",
            id="another input",
        ),
        pytest.param(
            {"template": f"{PAGE}{cdk.Aws.REGION}"},
            "template must be known when the app is synthesized",
            id="token",
        ),
        pytest.param({"tags": {"aws:a": ""}}, "tags must have no key that begins", id="tags"),
        pytest.param({"name_prefix": "Sentiment"}, "name_prefix must be lower-case", id="case"),
        pytest.param({"name_prefix": "s" * 53}, "1 to 52 characters, it has 53", id="prefix"),
    ],
)
def test_what_a_page_refuses(stack: cdk.Stack, parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        HumanTaskUi(stack, "Page", **{"template": PAGE, "name_prefix": "sentiment", **parameters})


def test_what_is_odd_about_a_page_is_a_warning(stack: cdk.Stack) -> None:
    HumanTaskUi(stack, "Page", template=PAGE, name_prefix="sentiment")

    [warning] = Annotations.from_stack(stack).find_warning("/Stack/Page", Match.any_value())
    assert "template:1:1: crowd-html-elements.js is not loaded [no-script]" in str(
        warning.entry.data
    )


def test_a_page_that_is_right_has_no_warning(stack: cdk.Stack) -> None:
    folder = Path(__file__).parents[2] / "workflows" / "sentiment"

    HumanTaskUi(
        stack,
        "Page",
        template=folder / "template.liquid",
        name_prefix="sentiment",
        examples=read_examples(folder / "examples"),
    )

    assert Annotations.from_stack(stack).find_warning("*", Match.any_value()) == []


def test_the_longest_page_and_name_are_taken(stack: cdk.Stack) -> None:
    page = HumanTaskUi(stack, "Page", template=PAGE.ljust(128_000), name_prefix="s" * 52)

    assert len(page.human_task_ui_name) == 63


def test_grant_describe_on_an_imported_page(stack: cdk.Stack) -> None:
    arn = "arn:aws:sagemaker:eu-west-1:111122223333:human-task-ui/sentiment-1"
    page = HumanTaskUi.from_human_task_ui_arn(stack, "Page", arn)
    user = iam.User(stack, "User")

    page.grant_describe(user)

    assert page.human_task_ui_name == "sentiment-1"
    assert page.template_sha256 == ""
    assert statements_of(stack, user) == [
        {"Action": "sagemaker:DescribeHumanTaskUi", "Effect": "Allow", "Resource": arn}
    ]


def test_what_is_no_arn_of_a_page_is_refused(stack: cdk.Stack) -> None:
    arn = "arn:aws:sagemaker:eu-west-1:111122223333:flow-definition/sentiment"

    with pytest.raises(ValueError, match="human_task_ui_arn must be the ARN of a human task UI"):
        HumanTaskUi.from_human_task_ui_arn(stack, "Page", arn)
