"""A person reviews in a real browser, and what they said arrives as a label."""

import json
from typing import Any

import boto3
import pytest
from playwright.sync_api import Page, expect

from demo.waiting import wait_for
from demo.workflow import DeployedWorkflow
from localcloud import Address
from tests.e2e.people import invite

_UNSURE = "sometimes it works"


def _asked(sentiment: DeployedWorkflow, item_id: str) -> None:
    """Send an item that the model is not sure of, and wait until a person is asked."""
    sentiment.send([{"id": item_id, "input": _UNSURE}])
    wait_for(
        f"the request of {item_id}",
        lambda: any(it.content["item"]["id"] == item_id for it in sentiment.records("requests")),
        seconds=60,
    )


@pytest.fixture(autouse=True)
def nothing_waits(sentiment: DeployedWorkflow, session: boto3.Session) -> None:
    """What earlier tests have asked is stopped: the next task is this test's."""
    runtime = session.client("sagemaker-a2i-runtime")

    def open_loops() -> list[str]:
        pages = runtime.get_paginator("list_human_loops").paginate(
            FlowDefinitionArn=_current_flow_definition(session)
        )
        loops = [loop for page in pages for loop in page["HumanLoopSummaries"]]
        return [it["HumanLoopName"] for it in loops if it["HumanLoopStatus"] == "InProgress"]

    for name in open_loops():
        runtime.stop_human_loop(HumanLoopName=name)
    wait_for("open reviews to stop", lambda: not open_loops(), seconds=60)


def test_an_answer_given_by_keyboard_becomes_a_label(
    sentiment: DeployedWorkflow, session: boto3.Session, cloud: Address, page: Page
) -> None:
    reviewer = invite(session, "ann", into_workteam=True)
    _asked(sentiment, "by-keyboard")

    reviewer.sign_in_first_time(page, cloud.portal_url)
    page.get_by_role("button", name="Start: Classify a product review").click()
    task = page.frame_locator("iframe")
    expect(task.get_by_text(_UNSURE)).to_be_visible()
    page.frames[-1].wait_for_function("document.hasFocus()")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_url(cloud.portal_url + "/")
    wait_for("the label", lambda: "by-keyboard" in _labels(sentiment), seconds=60)
    page.get_by_role("link", name="Sign out").click()
    expect(page.get_by_role("heading", name="signed out")).to_be_visible()

    record = _labels(sentiment)["by-keyboard"]
    assert record["input"] == _UNSURE
    assert record["status"] == "Completed"
    assert record["label"] == "-1"
    assert [answer["answer"] for answer in record["answers"]] == [{"sentiment": {"label": "-1"}}]
    assert record["prediction"]["confidence"] < 0.9
    _comes_from_the_loops_own_output(session, record["output_uri"], record)

    page.goto(cloud.portal_url)
    expect(page.get_by_label("Username")).to_be_visible()


def _labels(sentiment: DeployedWorkflow) -> dict[str, dict[str, Any]]:
    return {it.content["item_id"]: it.content for it in sentiment.records("labels")}


def _comes_from_the_loops_own_output(
    session: boto3.Session, uri: str, record: dict[str, object]
) -> None:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    output = json.loads(session.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())
    assert sorted(output) == ["flowDefinitionArn", "humanAnswers", "humanLoopName", "inputContent"]
    assert output["humanLoopName"] == record["human_loop_name"]
    assert output["inputContent"]["taskObject"] == _UNSURE
    [answer] = output["humanAnswers"]
    assert answer["answerContent"] == {"sentiment": {"label": "-1"}}
    assert answer["workerMetadata"]["identityData"]["identityProviderType"] == "Cognito"


def test_somebody_outside_the_workteam_sees_no_task(
    sentiment: DeployedWorkflow, session: boto3.Session, cloud: Address, page: Page
) -> None:
    outsider = invite(session, "mallory", into_workteam=False)
    _asked(sentiment, "not-for-mallory")
    request = next(
        it for it in sentiment.records("requests") if it.content["item"]["id"] == "not-for-mallory"
    )
    flow_definition = _current_flow_definition(session).rpartition("/")[2]

    outsider.sign_in_first_time(page, cloud.portal_url)
    expect(page.get_by_text("You are not on a team yet")).to_be_visible()
    expect(page.get_by_role("button", name="Start")).to_have_count(0)

    # Asking for a task all the same gives none.
    token = page.locator("meta[name=csrf-token]").get_attribute("content")
    page.request.post(
        f"{cloud.portal_url}/jobs/{flow_definition}/take", form={"csrf_token": token or ""}
    )
    loop = request.key.removeprefix("requests/").removesuffix(".json")
    runtime = session.client("sagemaker-a2i-runtime")
    assert runtime.describe_human_loop(HumanLoopName=loop)["HumanLoopStatus"] == "InProgress"
    page.goto(cloud.portal_url)
    expect(page.get_by_text("You are not on a team yet")).to_be_visible()


def _current_flow_definition(session: boto3.Session) -> str:
    name = "/human-review/sentiment/flow-definition-arn"
    return session.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
