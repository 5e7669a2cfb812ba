"""The example images and forms, what is recorded for them, and what the demo's reviewer answers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from bs4 import BeautifulSoup

from demo.document import SCENARIO as DOCUMENT
from demo.moderation import SCENARIO as MODERATION
from demo.scenario import Scenario
from localcloud.a2i import liquid

WORKFLOWS = Path(__file__).parents[2] / "workflows"
SERVICES = {"DetectModerationLabels": "rekognition", "AnalyzeDocument": "textract"}
RECORDINGS = sorted(path for name in SERVICES for path in WORKFLOWS.rglob(f"*.{name}.json"))
REKOGNITION = "AWS/Rekognition/DetectModerationLabels/Image/V3"
TEXTRACT = "AWS/Textract/AnalyzeDocument/Forms/V1"


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.name)
def test_a_recording_has_the_shape_of_the_services_answer(recording: Path) -> None:
    name, operation, _ = recording.name.split(".")
    model = Loader().load_service_model(SERVICES[operation], "service-2")
    shape = ServiceModel(model).operation_model(operation).output_shape
    assert shape is not None
    answer = json.loads(recording.read_text())

    problems = ParamValidator().validate(answer, shape)

    assert not problems.has_errors(), problems.generate_report()
    assert answer.keys() <= shape.members.keys()
    assert recording.with_name(f"{name}.png").is_file()


@pytest.mark.parametrize(
    "recording", [path for path in RECORDINGS if "Analyze" in path.name], ids=lambda path: path.name
)
def test_the_blocks_of_a_form_are_tied_to_blocks_that_are_there(recording: Path) -> None:
    blocks = json.loads(recording.read_text())["Blocks"]
    ids = [block["Id"] for block in blocks]
    tied = [id_ for block in blocks for tie in block.get("Relationships", ()) for id_ in tie["Ids"]]

    assert len(set(ids)) == len(ids)
    assert set(tied) <= set(ids)


@pytest.fixture
def answer() -> Callable[..., Any]:
    """What a scenario answers to the page of one of its workflow's examples."""

    def answered(scenario: Scenario, workflow: str, example: str) -> Any:
        folder = WORKFLOWS / workflow
        given = json.loads((folder / "examples" / f"{example}.json").read_text())
        page = liquid.render(
            (folder / "template.liquid").read_text(),
            given,
            lambda uri: f"https://s3.example/{uri.removeprefix('s3://')}?X-Amz-Signature=0",
        )
        return scenario.answer(BeautifulSoup(page, "html.parser"), reviewer=0)

    return answered


def test_the_reviewer_chooses_the_labels_that_apply(answer: Callable[..., Any]) -> None:
    chosen = answer(MODERATION, "moderation", "swimwear")[REKOGNITION]["moderationLabels"]

    assert [label["name"] for label in chosen] == ["Swimwear or Underwear"]


def test_the_reviewer_chooses_none_where_none_applies(answer: Callable[..., Any]) -> None:
    assert answer(MODERATION, "moderation", "unsure") == {REKOGNITION: {"moderationLabels": []}}


def test_the_reviewer_corrects_a_value(answer: Callable[..., Any]) -> None:
    blocks = answer(DOCUMENT, "document", "unsure")[TEXTRACT]["blocks"]

    assert texts(blocks) == ["Phone", "number:", "+31", "30", "555", "0147"]
    assert [block["entityTypes"] for block in blocks[-2:]] == [["KEY"], ["VALUE"]]
    assert not any("geometry" in block for block in blocks)
    assert_tied(blocks)


def test_the_reviewer_finds_a_missing_key(answer: Callable[..., Any]) -> None:
    blocks = answer(DOCUMENT, "document", "missing")[TEXTRACT]["blocks"]

    assert " ".join(texts(blocks)) == "Mail address: 8 Samora Machel Ave, Harare"
    assert_tied(blocks)


def texts(blocks: list[dict[str, Any]]) -> list[str]:
    return [block["text"] for block in blocks if block["blockType"] == "WORD"]


def assert_tied(blocks: list[dict[str, Any]]) -> None:
    """Every block but a key belongs to another one."""
    tied = [id_ for block in blocks for tie in block.get("relationships", ()) for id_ in tie["ids"]]
    keys = [block["id"] for block in blocks if block.get("entityTypes") == ["KEY"]]
    assert sorted([*tied, *keys]) == sorted(block["id"] for block in blocks)
