"""The library's pages of images, documents and tables, filled in as a person does."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.localcloud.a2i.portal.elements.drawing import Drawing, mask
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage
from tests.localcloud.a2i.portal.library.conftest import LIBRARY

OpenPage = Callable[[str, str], TaskPage]

PAGES = [
    "bounding-boxes",
    "document-forms",
    "extraction-correction",
    "image-classification",
    "image-multi-label",
    "instance-segmentation",
    "keypoints",
    "moderation",
    "polygons",
    "semantic-segmentation",
    "tabular-review",
]
EXAMPLES = [
    (name, path.stem) for name in PAGES for path in sorted(LIBRARY.glob(f"{name}/examples/*.json"))
]
SIZE = (480, 320)
IMAGE = {"height": 320, "width": 480}
FORMS = "AWS/Textract/AnalyzeDocument/Forms/V1"
# Of the whole, or of each label.
SURE = re.compile(r"\d % sure|\(\d+ %\)")
FOUND = "moderationLabels"
LABELS = "AWS/Rekognition/DetectModerationLabels/Image/V3"


def is_predicted(name: str, example: str) -> bool:
    """Whether an example has a prediction, be it of one of the AI services."""
    task_input = json.loads((LIBRARY / name / f"examples/{example}.json").read_text("utf-8"))
    found = task_input.get("selectedAiServiceResponse", {})
    return bool(task_input.get("prediction") or found.get("blocks") or found.get(FOUND))


def drawing(task: TaskPage) -> Drawing:
    return Drawing(task, SIZE)


def comment(task: TaskPage, text: str) -> None:
    task.page.get_by_role("textbox", name="Comment (optional)").fill(text)


def is_undecided(task: TaskPage) -> None:
    task.page.get_by_role("checkbox", name="I can't decide").check()


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_every_example_is_shown_on_a_phone(library_page: OpenPage, name: str, example: str) -> None:
    task = library_page(name, example)
    task.window.set_viewport_size({"width": 360, "height": 740})

    assert task.ready()["unknown"] == []
    assert task.ready()["answerable"] is True
    assert (task.page.get_by_text(SURE).count() > 0) == is_predicted(name, example)
    assert task.page.get_by_text("cannot be answered").count() == 0
    assert task.page.get_by_text("cannot be loaded").count() == 0
    assert task.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert task.violations() == []


def test_image_classification(library_page: OpenPage) -> None:
    task = library_page("image-classification", "flower")
    expect(task.page.get_by_text("The model says Flower and is 83 % sure.")).to_be_visible()

    task.press("2")
    comment(task, "A dahlia")

    assert task.violations() == []
    assert task.submit() == {"category": {"label": "Fruit"}, "comment": "A dahlia"}


def test_image_classification_of_labels_with_odd_characters(library_page: OpenPage) -> None:
    task = library_page("image-classification", "out-of-focus")

    task.page.get_by_role("radio", name="Tom's “lamp” & <b>shade</b>").check()
    task.page.get_by_role("radio", name="I can't decide").check()

    assert task.submit() == {"category": {"label": "I can't decide"}}


def test_image_multi_label(library_page: OpenPage) -> None:
    task = library_page("image-multi-label", "tower")
    expect(
        task.page.get_by_text("The model says Building, Trees and is 62 % sure.")
    ).to_be_visible()

    task.press("1", "3", "5")

    assert task.violations() == []
    assert task.submit() == {"categories": {"labels": ["Building", "Water", "I can't decide"]}}


def test_image_multi_label_when_no_label_applies(library_page: OpenPage) -> None:
    task = library_page("image-multi-label", "no-prediction")
    assert task.page.get_by_text("% sure").count() == 0

    task.press("1", "6")

    assert task.submit() == {"categories": {"labels": []}}


def test_bounding_boxes(library_page: OpenPage) -> None:
    task = library_page("bounding-boxes", "flower")
    expect(
        task.page.get_by_text("The model's boxes are there already; it is 71 % sure")
    ).to_be_visible()
    drawn = drawing(task)

    drawn.drag((220, 284), (310, 316))

    assert task.violations() == []
    assert task.submit() == {
        "boxes": {
            "boundingBoxes": [
                {"label": "Flower", "left": 140, "top": 70, "width": 180, "height": 190},
                {"label": "Flower", "left": 220, "top": 284, "width": 90, "height": 32},
            ],
            "inputImageProperties": IMAGE,
            "initialValueModified": True,
        },
        "undecided": {"yes": False},
    }


def test_nothing_is_drawn_by_who_cannot_decide(library_page: OpenPage) -> None:
    task = library_page("bounding-boxes", "no-prediction")
    drawing(task)
    assert task.page.get_by_text("% sure").count() == 0

    task.page.get_by_role("checkbox", name="Nothing to label").check()
    is_undecided(task)
    comment(task, "Too dark")

    assert task.submit() == {
        "boxes": {"boundingBoxes": [], "inputImageProperties": IMAGE},
        "undecided": {"yes": True},
        "comment": "Too dark",
    }


def test_polygons(library_page: OpenPage) -> None:
    task = library_page("polygons", "no-prediction")
    drawn = drawing(task)

    drawn.click((130, 160), (220, 60), (320, 160))
    drawn.press("Enter")

    assert task.violations() == []
    corners = [{"x": 130, "y": 160}, {"x": 220, "y": 60}, {"x": 320, "y": 160}]
    assert task.submit() == {
        "polygons": {
            "inputImageProperties": IMAGE,
            "polygons": [{"label": "Flower", "vertices": corners}],
        },
        "undecided": {"yes": False},
    }


def test_keypoints(library_page: OpenPage) -> None:
    task = library_page("keypoints", "tower")
    drawn = drawing(task)

    drawn.surface.focus()
    drawn.press("n", "Shift+ArrowRight*2")

    assert task.violations() == []
    assert task.submit() == {
        "points": {
            "inputImageProperties": IMAGE,
            "keypoints": [
                {"label": "Top", "x": 156, "y": 30},
                {"label": "Left eave", "x": 72, "y": 96},
                {"label": "Right eave", "x": 228, "y": 88},
            ],
        },
        "undecided": {"yes": False},
    }


def test_semantic_segmentation(library_page: OpenPage) -> None:
    task = library_page("semantic-segmentation", "tower")
    drawn = drawing(task)

    drawn.press("3")
    drawn.button("Fill").click()
    drawn.click((300, 180), (400, 180), (400, 220))
    drawn.press("Enter")

    assert task.violations() == []
    answer = task.submit()
    painted = mask(answer["segmentation"])
    colours = {
        label: each["color"] for label, each in answer["segmentation"]["labelMappings"].items()
    }
    assert {**colours, "Water": None} == {"Tower": "#d62728", "Sky": "#2ca02c", "Water": None}
    assert hexadecimal(painted.getpixel((390, 185))) == colours["Water"]
    assert hexadecimal(painted.getpixel((155, 150))) == colours["Tower"]
    assert hexadecimal(painted.getpixel((400, 40))) == colours["Sky"]
    assert answer["segmentation"]["initialValueModified"] is True
    assert answer["undecided"] == {"yes": False}


def test_instance_segmentation(library_page: OpenPage) -> None:
    task = library_page("instance-segmentation", "flower")
    expect(task.page.get_by_text("The model found Flower (97 %), Flower (38 %)")).to_be_visible()
    drawn = drawing(task)

    drawn.button("Fill").click()
    drawn.click((140, 80), (320, 80), (230, 260))
    drawn.press("Enter", "1")
    drawn.click((220, 290), (310, 290), (260, 316))
    drawn.press("Enter")

    assert task.violations() == []
    answer = task.submit()
    found = answer["instances"]["instances"]
    painted = mask(answer["instances"])
    assert [each["label"] for each in found] == ["Flower", "Flower"]
    assert hexadecimal(painted.getpixel((230, 120))) == found[0]["color"]
    assert hexadecimal(painted.getpixel((260, 300))) == found[1]["color"]


def test_document_forms(library_page: OpenPage) -> None:
    task = library_page("document-forms", "hardly-readable")
    expect(task.page.get_by_text("48 % sure of the one it is least sure of")).to_be_visible()

    task.page.get_by_role("textbox", name="Value of Phone number:").fill("+31 30 555 0147")
    is_undecided(task)

    assert task.violations() == []
    answer = task.submit()
    read = {block.get("text") for block in answer[FORMS]["blocks"]}
    assert read >= {"Phone", "number:", "+31", "30", "555", "0147"}
    assert answer["undecided"] == {"yes": True}


def test_moderation(library_page: OpenPage) -> None:
    task = library_page("moderation", "unsure")
    expect(task.page.get_by_text("found Drugs & Tobacco (61 %), ")).to_be_visible()

    task.page.get_by_role("checkbox", name="None of these").check()
    comment(task, "Steam")

    assert task.violations() == []
    assert task.submit() == {
        LABELS: {FOUND: []},
        "undecided": {"yes": False},
        "comment": "Steam",
    }


def test_tabular_review(library_page: OpenPage) -> None:
    task = library_page("tabular-review", "expenses")
    expect(task.page.get_by_text("which is 64 % sure of them")).to_be_visible()

    task.page.get_by_label("Value of row 2").select_option("I can't decide")
    task.page.get_by_label("Value of row 3").select_option("Lodging")

    assert task.violations() == []
    assert task.submit() == {
        "row-1": "Travel",
        "row-2": "I can't decide",
        "row-3": "Lodging",
        "undecided": {"yes": False},
    }


def test_a_row_without_a_value_is_asked_for(library_page: OpenPage) -> None:
    task = library_page("tabular-review", "other-values")

    task.page.get_by_role("button", name="Submit").click()

    assert not task.is_answered()
    task.page.get_by_label("Value of row 2").select_option("Bread")
    assert task.submit()["row-2"] == "Bread"


@pytest.mark.parametrize(
    ("example", "corrections", "answer"),
    [
        (
            "letter",
            {"Order number (57 % sure)": "10-4471"},
            {"Customer": "Ms Ito", "Order number": "10-4471", "Amount due": "129.90"},
        ),
        ("no-prediction", {"Boxes": "3"}, {"Boxes": "3"}),
    ],
)
def test_extraction_correction(
    library_page: OpenPage, example: str, corrections: dict[str, str], answer: dict[str, Any]
) -> None:
    task = library_page("extraction-correction", example)

    for field, value in corrections.items():
        task.page.get_by_role("textbox", name=field).fill(value)

    assert task.violations() == []
    assert task.submit() == {**answer, "undecided": {"yes": False}}


def hexadecimal(pixel: Any) -> str:
    return "#" + "".join(f"{part:02x}" for part in pixel)
