"""Every workflow but sentiment, deployed side by side: the demo's scripted reviewers, and a person.

Sentiment is played by test_demo.py, by the real command.
"""

import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser
from rich.console import Console

import localcloud
from demo import aws
from demo.account import create_reviewer
from demo.deployment import deploy
from demo.document import SCENARIO as DOCUMENT
from demo.moderation import SCENARIO as MODERATION
from demo.play import Play
from demo.reviewer import Reviewer
from demo.run import ROOT, recordings
from demo.scenario import Item, find_scenario
from demo.send import RefusedError, send
from demo.waiting import wait_for
from demo.workflow import DeployedWorkflow, NotDeployedError
from localcloud import Address, Settings
from tests.e2e.people import invite
from tests.e2e.person_at_work import (
    RESPONSES,
    PersonAtWork,
    finds_swimwear,
    ranks_the_last_first,
    reads_the_phone_number,
    says_billing,
    sends_it_to_technical,
)

_WORKFLOWS = sorted(path.parent.name for path in ROOT.glob("workflows/*/workflow.yaml"))
# Two people and a page of the library.
_OF_THE_LIBRARY = """\
task: {title: Say what a text is about, description: Choose a label, count: 2}
page: text-classification
labels: [billing, shipping]
workteam: reviewers
triage: {threshold: 0.9}
label: category.label
"""
Played = Callable[[str], tuple[str, list[dict[str, Any]], Path]]


@pytest.fixture(scope="module")
def all_workflows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """A local cloud with everything in workflows/, deployed at once."""
    folder = tmp_path_factory.mktemp("all")
    recorded = [path for name in _WORKFLOWS for path in recordings(name)]
    settings = Settings(state=folder / "localcloud", recordings=recorded)
    workflows = folder / "workflows"
    shutil.copytree(ROOT / "workflows", workflows)
    (workflows / "kinds").mkdir()
    (workflows / "kinds" / "workflow.yaml").write_text(_OF_THE_LIBRARY)
    with localcloud.running(settings) as address:
        environment = {**aws.environment(address), "CDK_VALIDATION": "false"}
        deploy("*", environment=environment, log=folder / "cdk.log", workflows=workflows)
        yield address


@pytest.fixture(scope="module")
def account(all_workflows: Address) -> boto3.Session:
    """Its root."""
    return aws.session(all_workflows)


@pytest.fixture
def played(all_workflows: Address, account: boto3.Session, tmp_path: Path) -> Played:
    """Plays a workflow's scenario: what is printed, the label records, where files are left."""

    def play(workflow: str) -> tuple[str, list[dict[str, Any]], Path]:
        scenario, printed = find_scenario(workflow), io.StringIO()
        assert scenario is not None
        Play(
            scenario,
            DeployedWorkflow(account, workflow),
            account,
            portal_url=all_workflows.portal_url,
            folder=tmp_path,
            console=Console(file=printed, width=80),
        ).run()
        labels = (tmp_path / "labels.jsonl").read_text(encoding="utf-8").splitlines()
        said = printed.getvalue()
        assert max(map(len, said.splitlines()[3:])) <= 80
        return said, [json.loads(line) for line in labels], tmp_path

    return play


def test_three_people_rank_answers(all_workflows: Address, played: Played, tmp_path: Path) -> None:
    said, labels, folder = played("ranking")

    by_item = {label["item_id"]: label for label in labels}
    assert len(labels) == len(by_item) == 8
    assert {len({it["worker_id"] for it in label["answers"]}) for label in labels} == {3}
    # Two of three prefer the sum that is worked out, one finds both right answers as good.
    assert by_item["sum"]["consensus"] == {
        "method": "ranks",
        "reached": True,
        "label": [2, 1, 3],
        "agreement": pytest.approx(0.9394, abs=1e-4),
    }
    # One reviewer each way, the third undecided: no consensus, and no pair for training.
    assert by_item["history"]["label"] is None
    assert by_item["history"]["consensus"]["reached"] is False
    assert re.search(r"1 2  2 1  undecided +no consensus +0\.00", said)
    assert [answer["label"] for answer in by_item["history"]["answers"]].count(None) == 1
    pairs = [json.loads(line) for line in (folder / "pairs.jsonl").read_text().splitlines()]
    assert {"408", "17 × 24 is 398."} < {pair["rejected"] for pair in pairs}
    assert not any("treaties" in pair["prompt"] for pair in pairs)
    assert f"{len(pairs)} preference pairs in " in said

    exported = tmp_path / "exported.jsonl"
    agreement = _human_review(all_workflows, "agreement", "ranking", "--json")
    _human_review(all_workflows, "export", "ranking", "--format", "pairs", "-o", str(exported))
    found = json.loads(agreement)
    assert (found["level"], found["reviewers"]) == ("ordinal", 3)
    assert f"Krippendorff's alpha of all ranks: {found['alpha']:.3f}" in said
    assert exported.read_bytes() == (folder / "pairs.jsonl").read_bytes()


def _human_review(address: Address, *arguments: str) -> str:
    """What ``human-review labels`` prints."""
    return subprocess.run(
        [sys.executable, "-m", "review_cli", "labels", *arguments],
        env=aws.environment(address),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
        check=True,
    ).stdout


def test_predictions_that_the_caller_brings(played: Played) -> None:
    said, labels, _ = played("custom")

    assert {label["item_id"]: label["label"] for label in labels} == {
        "r-3": "technical",
        "r-4": "billing",
        "r-5": "shipping",
    }
    assert "6 sent: 3 accepted, 3 for a person" in said


def test_a_loop_started_by_hand_becomes_a_label(
    all_workflows: Address, account: boto3.Session
) -> None:
    subprocess.run(
        [sys.executable, ROOT / "workflows" / "custom" / "start_loop.py"],
        env=aws.environment(all_workflows),
        timeout=120,
        check=True,
    )
    reviewer = Reviewer(all_workflows.portal_url)
    invited = create_reviewer(account, "by-hand@example.com")
    reviewer.sign_in(invited.username, invited.temporary_password, "Chosen-by-hand-2!")
    assert reviewer.answer_next(lambda _page: {"decision": "billing"})
    reviewer.close()

    custom = DeployedWorkflow(account, "custom")

    def label() -> dict[str, Any] | None:
        records = [record.content for record in custom.records("labels")]
        return next((it for it in records if it["item_id"] == "started-by-hand"), None)

    wait_for("the label", lambda: label() is not None, seconds=60)
    record = label()
    assert record is not None
    assert record["label"] == "billing"
    assert record["prediction"] == {"label": "billing", "confidence": 0.62}


def test_rekognition_asks_about_some_images_and_the_answers_become_labels(
    played: Played, account: boto3.Session
) -> None:
    workflow, place = DeployedWorkflow(account, "moderation"), _of_another_program(account)

    said, records, _ = played("moderation")

    assert "5 sent: 2 accepted, 3 for a person" in said
    assert "4 answered in the worker portal" in said
    accepted = {record.content["item_id"] for record in workflow.records("accepted")}
    assert accepted == {"picnic", "wine"}
    labels = {record["item_id"]: record for record in records}
    assert labels.keys() == {"beach", "cards", "teacup", None}
    assert labels["beach"]["label"] == ["Swimwear or Underwear"]
    assert labels["teacup"]["label"] == []
    assert labels["teacup"]["prediction"]["confidence"] == 0.5827
    assert labels[None]["human_loop_name"] == "of-another-program"
    assert labels[None]["input"] == place
    assert labels[None]["label"] == ["Gambling"]
    output = _output(account, labels["beach"])
    assert output["awsManagedHumanLoopRequestSource"] == labels["beach"]["model"]
    assert output["humanAnswers"][0]["answerContent"] == labels["beach"]["answers"][0]["answer"]
    kinds = ("Or", "And", "ModerationLabelConfidenceCheck", "Sampling")
    assert _results(output) == dict(zip(kinds, (True, False, False, False), strict=True))
    of_teacup = _results(_output(account, labels["teacup"]))
    assert of_teacup == dict(zip(kinds, (False, True, True, False), strict=True))


def _of_another_program(account: boto3.Session) -> dict[str, str]:
    """Ask Rekognition about an image as any program may; where the image is."""
    workflow = DeployedWorkflow(account, "moderation")
    MODERATION.upload(workflow)
    [place] = [item["input"] for item in MODERATION.items(workflow) if item["id"] == "cards"]
    arn = account.client("ssm").get_parameter(Name="/human-review/moderation/flow-definition-arn")
    account.client("rekognition").detect_moderation_labels(
        Image={"S3Object": {"Bucket": place["bucket"], "Name": place["key"]}},
        HumanLoopConfig={
            "HumanLoopName": "of-another-program",
            "FlowDefinitionArn": arn["Parameter"]["Value"],
        },
    )
    found: dict[str, str] = place
    return found


def test_textract_asks_about_some_forms_and_the_answers_become_labels(
    played: Played, account: boto3.Session
) -> None:
    said, records, _ = played("document")

    [accepted] = DeployedWorkflow(account, "document").records("accepted")
    assert accepted.content["prediction"]["label"]["Mail address:"] == "12 Rua das Flores, Porto"
    labels = {record["item_id"]: record for record in records}
    assert labels.keys() == {"smudged", "no-address"}
    words = [block["text"] for block in labels["smudged"]["label"] if "text" in block]
    assert words == ["Phone", "number:", "+31", "30", "555", "0147"]
    added = [block["text"] for block in labels["no-address"]["label"] if "text" in block]
    assert added == ["Mail", "address:", "8", "Samora", "Machel", "Ave,", "Harare"]
    assert "Mail address:                    8 Samora Machel" in said
    output = _output(account, labels["no-address"])
    keys = output["inputContent"]["humanLoopContext"]["importantFormKeys"]
    assert [key["importantFormKey"] for key in keys] == ["Mail address:"]
    assert _results(output) == {
        "Or": True,
        "ImportantFormKeyConfidenceCheck": False,
        "Sampling": False,
    }


def _output(account: boto3.Session, label: dict[str, Any]) -> dict[str, Any]:
    """The output.json that a label was made of."""
    bucket, _, key = label["output_uri"].removeprefix("s3://").partition("/")
    body = account.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    output: dict[str, Any] = json.loads(body)
    return output


def _results(output: dict[str, Any]) -> dict[str, bool]:
    """What came of each condition of the first level, by its type or operator."""
    conditions = output["inputContent"]["humanTaskActivationConditionResults"]["Conditions"]
    return {
        condition.get("ConditionType") or ("And" if "And" in condition else "Or"): condition[
            "EvaluationResult"
        ]
        for condition in conditions
    }


def test_an_item_that_triage_cannot_use_is_told_why(all_workflows: Address) -> None:
    console = Console(file=io.StringIO())

    for confidence in (2, 3):
        item = json.dumps({"input": 1, "prediction": {"label": "x", "confidence": confidence}})
        with pytest.raises(RefusedError, match=f"confidence from 0 to 1, got {confidence}"):
            send(all_workflows, "custom", item, console)


def test_an_item_is_not_sent_to_a_workflow_that_is_not_there(all_workflows: Address) -> None:
    with pytest.raises(NotDeployedError, match="make up WORKFLOW=sentinel"):
        send(all_workflows, "sentinel", "Hello", Console(file=io.StringIO()))


@pytest.fixture(scope="module")
def person(
    all_workflows: Address, account: boto3.Session, chromium: Browser
) -> Iterator[PersonAtWork]:
    """Somebody in a browser. All tasks of the scripted reviewers have been answered before."""
    context = chromium.new_context()
    page = context.new_page()
    invite(account, "ann", into_workteam=True).sign_in_first_time(page, all_workflows.portal_url)
    yield PersonAtWork(page, all_workflows.portal_url)
    context.close()


@pytest.fixture(scope="module")
def colleagues(all_workflows: Address, account: boto3.Session) -> Iterator[list[Reviewer]]:
    """Two scripted reviewers."""
    reviewers = []
    for name in ("bob@example.com", "eve@example.com"):
        invited = create_reviewer(account, name)
        reviewers.append(Reviewer(all_workflows.portal_url))
        reviewers[-1].sign_in(invited.username, invited.temporary_password, "Chosen-by-hand-2!")
    yield reviewers
    for reviewer in reviewers:
        reviewer.close()


def _ask(workflow: DeployedWorkflow, item: Item) -> None:
    """Send an item, and wait until a person is asked about it."""
    before = workflow.human_loops()
    workflow.send([item])
    wait_for("the human loop", lambda: workflow.human_loops() > before, seconds=60)


def _record(workflow: DeployedWorkflow, item_id: str) -> dict[str, Any]:
    """The label record of an item, once it is there."""

    def found() -> list[dict[str, Any]]:
        records = [record.content for record in workflow.records("labels")]
        return [record for record in records if record["item_id"] == item_id]

    wait_for(f"the label of {item_id}", lambda: bool(found()), seconds=60)
    [record] = found()
    return record


def test_a_person_sees_an_image(person: PersonAtWork, account: boto3.Session) -> None:
    workflow = DeployedWorkflow(account, "moderation")
    MODERATION.upload(workflow)
    [beach] = [it["input"] for it in MODERATION.items(workflow) if it["id"] == "beach"]
    _ask(workflow, {"id": "in-browser", "input": beach})

    person.answer("Check what was found in an image", finds_swimwear)

    assert _record(workflow, "in-browser")["label"] == ["Swimwear or Underwear"]


def test_a_person_corrects_a_form(person: PersonAtWork, account: boto3.Session) -> None:
    workflow = DeployedWorkflow(account, "document")
    DOCUMENT.upload(workflow)
    [smudged] = [it["input"] for it in DOCUMENT.items(workflow) if it["id"] == "smudged"]
    _ask(workflow, {"id": "in-browser", "input": smudged})

    person.answer("Check what was read from a form", reads_the_phone_number)

    blocks = _record(workflow, "in-browser")["label"]
    words = [block["text"] for block in blocks if "text" in block]
    assert words == ["Phone", "number:", "+31", "30", "555", "0147"]


def test_a_person_chooses_another_team(person: PersonAtWork, account: boto3.Session) -> None:
    workflow = DeployedWorkflow(account, "custom")
    prediction = {"label": "billing", "confidence": 0.4}
    _ask(workflow, {"id": "in-browser", "input": {"a": {"b": 1}}, "prediction": prediction})

    person.answer("Which team should get this request?", sends_it_to_technical)

    assert _record(workflow, "in-browser")["label"] == "technical"


def test_a_person_ranks_twelve_answers(
    person: PersonAtWork, colleagues: list[Reviewer], account: boto3.Session
) -> None:
    workflow = DeployedWorkflow(account, "ranking")
    asked = {"prompt": "Which is the greatest?", "responses": RESPONSES}
    unranked = {"label": None, "confidence": 0}
    _ask(workflow, {"id": "in-browser", "input": asked, "prediction": unranked})

    person.answer("Rank the answers to a question", ranks_the_last_first)
    same = {f"rank_{number}": str(13 - number) for number in range(1, 13)}
    for colleague in colleagues:
        assert colleague.answer_next(lambda _page: same)

    record = _record(workflow, "in-browser")
    assert [answer["label"] for answer in record["answers"]] == [list(range(12, 0, -1))] * 3
    assert record["label"] == list(range(12, 0, -1))


def _category(label: str, _page: BeautifulSoup) -> dict[str, Any]:
    return {"category": {"label": label}}


def test_two_people_agree_or_not_on_a_page_of_the_library(
    person: PersonAtWork, colleagues: list[Reviewer], account: boto3.Session
) -> None:
    workflow = DeployedWorkflow(account, "kinds")
    unsure = {"label": "shipping", "confidence": 0.4}

    for said in ("billing", "shipping"):
        _ask(workflow, {"id": said, "input": "Where is the invoice?", "prediction": unsure})
        person.answer("Say what a text is about", says_billing)
        assert colleagues[0].answer_next(partial(_category, said))

    agreed, other = _record(workflow, "billing"), _record(workflow, "shipping")
    assert (agreed["label"], agreed["consensus"]["reached"]) == ("billing", True)
    assert (other["label"], other["consensus"]["reached"]) == (None, False)
    assert other["consensus"]["agreement"] == 0.5
