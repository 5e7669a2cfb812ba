"""The human task UI operations."""

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.localcloud.a2i.fake_cloud import ROLE, Clock, FakeCloud, Later

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

TEMPLATE = "<p>{{ task.input.text }}</p>"


def render(sagemaker: "SageMakerClient", template: str, task_input: str = "{}") -> Any:
    return sagemaker.render_ui_template(
        UiTemplate={"Content": template}, Task={"Input": task_input}, RoleArn=ROLE
    )


def test_describe_shows_the_digest_and_not_the_content(
    sagemaker: "SageMakerClient", human_task_ui: str
) -> None:
    shown = sagemaker.describe_human_task_ui(HumanTaskUiName="page")

    assert human_task_ui == "arn:aws:sagemaker:us-west-2:111122223333:human-task-ui/page"
    assert shown["HumanTaskUiArn"] == human_task_ui
    assert shown["HumanTaskUiStatus"] == "Active"
    digest = hashlib.sha256(TEMPLATE.encode()).hexdigest()
    assert shown["UiTemplate"]["ContentSha256"] == digest
    assert shown["UiTemplate"]["Url"].startswith("https://")


def test_a_name_is_taken_and_free_again_when_it_is_gone(
    sagemaker: "SageMakerClient", human_task_ui: str, later: Later
) -> None:
    with pytest.raises(sagemaker.exceptions.ResourceInUse, match="page already exists"):
        sagemaker.create_human_task_ui(HumanTaskUiName="page", UiTemplate={"Content": "x"})
    sagemaker.delete_human_task_ui(HumanTaskUiName="page")

    shown = sagemaker.describe_human_task_ui(HumanTaskUiName="page")
    assert shown["HumanTaskUiStatus"] == "Deleting"
    later()
    with pytest.raises(sagemaker.exceptions.ResourceNotFound, match="does not exist"):
        sagemaker.describe_human_task_ui(HumanTaskUiName="page")
    sagemaker.create_human_task_ui(HumanTaskUiName="page", UiTemplate={"Content": "x"})


def test_a_missing_one_is_not_found(sagemaker: "SageMakerClient") -> None:
    with pytest.raises(sagemaker.exceptions.ResourceNotFound, match="human-task-ui/missing"):
        sagemaker.describe_human_task_ui(HumanTaskUiName="missing")
    with pytest.raises(sagemaker.exceptions.ResourceNotFound, match="human-task-ui/missing"):
        sagemaker.delete_human_task_ui(HumanTaskUiName="missing")


@pytest.mark.parametrize(
    ("name", "content"),
    [("Page", "x"), ("page-", "x"), ("page", ""), ("page", "x" * 128_001)],
    ids=["upper case", "ends in a dash", "no content", "too much content"],
)
def test_create_refuses(sagemaker: "SageMakerClient", name: str, content: str) -> None:
    with pytest.raises(ClientError, match=r"ValidationException.*failed to satisfy constraint"):
        sagemaker.create_human_task_ui(HumanTaskUiName=name, UiTemplate={"Content": content})


def test_lists_have_pages_orders_and_times(sagemaker: "SageMakerClient", clock: Clock) -> None:
    for name in ("c", "a", "b"):
        clock.forward(60)
        sagemaker.create_human_task_ui(HumanTaskUiName=name, UiTemplate={"Content": "x"})

    def names(**request: Any) -> list[str]:
        pages = sagemaker.get_paginator("list_human_task_uis").paginate(
            **request, PaginationConfig={"PageSize": 2}
        )
        return [item["HumanTaskUiName"] for page in pages for item in page["HumanTaskUiSummaries"]]

    assert names() == ["c", "a", "b"]
    assert names(SortOrder="Descending") == ["b", "a", "c"]
    assert names(CreationTimeAfter=clock.time) == ["b"]
    assert names(CreationTimeBefore=clock.time) == ["c", "a"]


def test_render_ui_template_shows_a_page(sagemaker: "SageMakerClient") -> None:
    rendered = render(sagemaker, TEMPLATE, '{"text": "good & cheap"}')

    assert rendered["RenderedContent"] == "<p>good &amp; cheap</p>"
    assert rendered["Errors"] == []


def test_render_ui_template_shows_an_existing_human_task_ui(
    sagemaker: "SageMakerClient", human_task_ui: str
) -> None:
    rendered = sagemaker.render_ui_template(
        HumanTaskUiArn=human_task_ui, Task={"Input": '{"text": "fine"}'}, RoleArn=ROLE
    )

    assert rendered["RenderedContent"] == "<p>fine</p>"
    with pytest.raises(sagemaker.exceptions.ResourceNotFound, match="does not exist"):
        sagemaker.render_ui_template(
            HumanTaskUiArn=f"{human_task_ui}-2", Task={"Input": "{}"}, RoleArn=ROLE
        )


def test_render_ui_template_answers_what_is_wrong_with_the_template(
    sagemaker: "SageMakerClient",
) -> None:
    rendered = render(sagemaker, "{{ task.input.image | grant_read_access }}", '{"image": " "}')

    assert rendered["RenderedContent"] == ""
    assert rendered["Errors"] == [
        {
            "Code": "InvalidParameters",
            "Message": '"grant_read_access" input is not a valid S3 URI: " ".',
        }
    ]


def test_grant_read_access_makes_a_presigned_address_with_the_role(
    sagemaker: "SageMakerClient", cloud: FakeCloud
) -> None:
    rendered = render(
        sagemaker,
        "{{ task.input.image | grant_read_access | skip_autoescape }}",
        '{"image": "s3://images/a cat #1?.png"}',
    )["RenderedContent"]

    assert "images" in rendered
    assert "a%20cat%20%231%3F.png" in rendered
    assert "X-Amz-Expires=3600" in rendered
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in rendered
    assert set(cloud.sessions) == {ROLE}


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"Task": {"Input": "{}"}, "RoleArn": ROLE}, "Exactly one of UiTemplate"),
        (
            {"UiTemplate": {"Content": "x"}, "Task": {"Input": "{]"}, "RoleArn": ROLE},
            "Task.Input is not valid JSON",
        ),
        (
            {"UiTemplate": {"Content": "x"}, "Task": {"Input": "{}"}, "RoleArn": f"{ROLE}-2"},
            "is not authorized",
        ),
    ],
    ids=["no template", "bad input", "bad role"],
)
def test_render_ui_template_refuses(
    sagemaker: "SageMakerClient", request_: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClientError, match=f"(?s)ValidationException.*{message}"):
        sagemaker.render_ui_template(**request_)
