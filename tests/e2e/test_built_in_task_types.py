"""Moderation and document: services that ask a person themselves, on a local cloud of their own.

Their reviewers take every task of their workteam, so that no other test's may be waiting.
"""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import boto3
import pytest
from rich.console import Console

import localcloud
from demo import aws
from demo.deployment import cdk
from demo.document import SCENARIO as DOCUMENT
from demo.moderation import SCENARIO as MODERATION
from demo.play import Play
from demo.scenario import Record, Scenario
from demo.workflow import DeployedWorkflow
from localcloud import Address, Settings

WORKFLOWS = Path(__file__).parents[2] / "workflows"


@pytest.fixture(scope="module")
def own_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """A local cloud that answers for the example images and forms, with both workflows deployed."""
    folder = tmp_path_factory.mktemp("built-in")
    with localcloud.running(Settings(state=folder, recordings=[WORKFLOWS])) as address:
        environment = {**aws.environment(address), "CDK_VALIDATION": "false"}
        account = f"aws://{address.account}/{address.region}"
        stacks = ("HumanReview-moderation", "HumanReview-document")
        log = folder / "cdk.log"
        cdk("bootstrap", account, environment=environment, log=log)
        cdk("deploy", *stacks, "--require-approval=never", environment=environment, log=log)
        yield address


@pytest.fixture
def session(own_cloud: Address) -> boto3.Session:
    """The local account's root."""
    return aws.session(own_cloud)


def played(
    scenario: Scenario, workflow: DeployedWorkflow, session: boto3.Session, url: str, folder: Path
) -> tuple[str, dict[str | None, Record]]:
    """What the demo prints, and the label records by their items."""
    printed = StringIO()
    console = Console(width=140, file=printed)
    Play(scenario, workflow, session, portal_url=url, folder=folder, console=console).run()
    lines = (folder / "labels.jsonl").read_text().splitlines()
    labels = [json.loads(line) for line in lines]
    return printed.getvalue(), {label["item_id"]: label for label in labels}


def test_rekognition_asks_about_some_images_and_the_answers_become_labels(
    own_cloud: Address, session: boto3.Session, tmp_path: Path
) -> None:
    workflow = DeployedWorkflow(session, "moderation")
    MODERATION.upload(workflow)
    arn = session.client("ssm").get_parameter(Name="/human-review/moderation/flow-definition-arn")
    place = next(item for item in MODERATION.items(workflow) if item["id"] == "cards")["input"]
    session.client("rekognition").detect_moderation_labels(
        Image={"S3Object": {"Bucket": place["bucket"], "Name": place["key"]}},
        HumanLoopConfig={
            "HumanLoopName": "of-another-program",
            "FlowDefinitionArn": arn["Parameter"]["Value"],
        },
    )

    printed, labels = played(MODERATION, workflow, session, own_cloud.portal_url, tmp_path)

    assert printed.count("met: human loop") == 3
    assert printed.count("not met: accepted") == 2
    accepted = {record.content["item_id"] for record in workflow.records("accepted")}
    assert accepted == {"picnic", "wine"}
    assert labels.keys() == {"beach", "cards", "teacup", None}
    assert labels["beach"]["label"] == ["Swimwear or Underwear"]
    assert labels["teacup"]["label"] == []
    assert labels["teacup"]["prediction"]["confidence"] == 0.5827
    assert labels[None]["human_loop_name"] == "of-another-program"
    assert labels[None]["input"] == place
    assert labels[None]["label"] == ["Gambling"]
    output = _output(session, labels["beach"])
    assert output["awsManagedHumanLoopRequestSource"] == labels["beach"]["model"]
    assert output["humanAnswers"][0]["answerContent"] == labels["beach"]["answers"][0]["answer"]


def test_textract_asks_about_some_forms_and_the_answers_become_labels(
    own_cloud: Address, session: boto3.Session, tmp_path: Path
) -> None:
    workflow = DeployedWorkflow(session, "document")

    printed, labels = played(DOCUMENT, workflow, session, own_cloud.portal_url, tmp_path)

    assert printed.count("met: human loop") == 2
    assert printed.count("not met: accepted") == 1
    (accepted,) = workflow.records("accepted")
    assert accepted.content["prediction"]["label"]["Mail address:"] == "12 Rua das Flores, Porto"
    assert labels.keys() == {"smudged", "no-address"}
    words = [block["text"] for block in labels["smudged"]["label"] if "text" in block]
    assert words == ["Phone", "number:", "+31", "30", "555", "0147"]
    assert "8 Samora Machel Ave, Harare" in printed
    keys = _output(session, labels["no-address"])["inputContent"]["humanLoopContext"]
    assert [key["importantFormKey"] for key in keys["importantFormKeys"]] == ["Mail address:"]


def _output(session: boto3.Session, label: Record) -> Record:
    """The output.json that a label was made of."""
    bucket, _, key = label["output_uri"].removeprefix("s3://").partition("/")
    body = session.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    output: Record = json.loads(body)
    return output
