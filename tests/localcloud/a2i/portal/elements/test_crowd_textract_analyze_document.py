"""The keys and values of a form, corrected and completed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Route, expect

from tests.localcloud.a2i.portal.elements.drawing import picture, png
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

OpenPage = Callable[..., TaskPage]
Json = dict[str, Any]

NAME = "AWS/Textract/AnalyzeDocument/Forms/V1"
STOCK = (Path(__file__).parent / "stock/document.html").read_text()
TEMPLATE = """
<crowd-form>
  <crowd-textract-analyze-document src="https://signed/forms/page.png" header="Is this right?"
    initial-value="{{ task.input.blocks }}" keys="{{ task.input.keys }}" no-key-edit
    no-geometry-edit block-types="['KEY_VALUE_SET']">
    <short-instructions>Compare with the page.</short-instructions>
    <full-instructions header="How">Correct what is wrong.</full-instructions>
  </crowd-textract-analyze-document>
</crowd-form>
"""


@pytest.fixture(autouse=True)
def signed_files(task_browser: BrowserContext) -> Iterator[None]:
    """The page of the document; no other host answers."""

    def answered(route: Route) -> None:
        if route.request.url.startswith("https://signed/forms/"):
            route.fulfill(body=png(picture()), content_type="image/png")
        else:
            route.abort()

    task_browser.route("https://**/*", answered)
    yield
    task_browser.unroute("https://**/*", answered)


def word(id_: str, text: str) -> Json:
    return {"blockType": "WORD", "confidence": 80.5, "id": id_, "text": text}


def pair(id_: str, key: list[Json], value: list[Json], top: float = 0.1) -> list[Json]:
    """The blocks of a key and its value, as Amazon A2I selects them."""

    def part(kind: str, left: float, relationships: list[Json]) -> Json:
        polygon = [{"x": left, "y": top}, {"x": left + 0.3, "y": top + 0.1}]
        return {
            "blockType": "KEY_VALUE_SET",
            "confidence": 41.25,
            "entityTypes": [kind],
            "geometry": {"polygon": polygon},
            "id": f"{id_}-{kind}",
            "relationships": relationships,
        }

    children = {"ids": [block["id"] for block in key], "type": "CHILD"}
    contents = [{"ids": [block["id"] for block in value], "type": "CHILD"}] if value else []
    return [
        *key,
        *value,
        part("KEY", 0.1, [{"ids": [f"{id_}-VALUE"], "type": "VALUE"}, children]),
        part("VALUE", 0.5, contents),
    ]


TOTAL = pair("total", [word("t1", "Total")], [word("t2", "$148"), word("t3", "gross")])
MAIL = pair(
    "mail",
    [word("m1", "Mail"), word("m2", "address:")],
    [word("m3", "123"), word("m4", "Amy"), word("m5", "Street")],
    0.4,
)
KEYS = [
    {"importantFormKey": "Total:", "importantFormKeyAliases": ["total", "Sum"]},
    {"importantFormKey": "Policy Number:", "importantFormKeyAliases": ["Policy No."]},
    {"importantFormKey": "*", "importantFormKeyAliases": []},
]


def bare(block: Json) -> Json:
    return {key: value for key, value in block.items() if key != "geometry"}


def value_of(task: TaskPage, key: str) -> Locator:
    return task.page.get_by_role("textbox", name=f"Value of {key}")


def pair_of(task: TaskPage, key: str) -> Locator:
    return task.page.get_by_role("listitem").filter(has_text=key)


def texts(answer: Json) -> dict[str, str]:
    """Keys and values, as a program reads them from an answer."""
    blocks = {block["id"]: block for block in answer[NAME]["blocks"]}

    def related(block: Json, kind: str) -> list[Json]:
        found = [each["ids"] for each in block.get("relationships", []) if each["type"] == kind]
        return [blocks[id_] for ids in found for id_ in ids]

    def text(block: Json) -> str:
        return " ".join(
            str(each.get("text", each.get("selectionStatus"))) for each in related(block, "CHILD")
        )

    return {
        text(block): " ".join(text(value) for value in related(block, "VALUE"))
        for block in blocks.values()
        if "KEY" in block.get("entityTypes", [])
    }


def test_values_are_corrected_by_mouse(task_page: OpenPage) -> None:
    task = task_page(TEMPLATE, {"blocks": TOTAL + MAIL})

    value_of(task, "Mail address:").fill("123 Any Street, Seattle")

    assert task.violations() == []
    total = [bare(block) for block in (*TOTAL[:1], *TOTAL[1:3], *TOTAL[3:])]
    *words, key, value = [bare(block) for block in MAIL]
    answer = task.submit()[NAME]["blocks"]
    # Words that were corrected keep their id, and lose the model's confidence.
    assert answer[:5] == total
    assert answer[5:8] == words[:3]
    assert answer[8:10] == [
        {"blockType": "WORD", "id": "m4", "text": "Any"},
        {"blockType": "WORD", "id": "m5", "text": "Street,"},
    ]
    assert answer[10] == {"blockType": "WORD", "id": answer[10]["id"], "text": "Seattle"}
    assert answer[11] == key
    children = [{"ids": ["m3", "m4", "m5", answer[10]["id"]], "type": "CHILD"}]
    assert answer[12] == value | {"relationships": children}
    assert len(answer) == 13


def test_a_form_is_reviewed_by_keyboard_alone(task_page: OpenPage) -> None:
    task = task_page(TEMPLATE, {"blocks": TOTAL + MAIL, "keys": KEYS})
    policy, total = value_of(task, "Policy Number:"), value_of(task, "Total")

    task.press("Enter")
    expect(policy).to_be_focused()
    expect(task.page.get_by_role("alert")).to_have_text(
        "Enter the value of “Policy Number:”, or say that it is blank, or its key not found."
    )
    task.window.keyboard.type("AG 133441")
    expect(task.page.get_by_role("alert")).to_have_count(0)
    task.press("Enter")
    expect(total).to_be_focused()
    task.press("End", *["Backspace"] * 6, "Enter", "Enter")

    assert texts(task.answer()) == {
        "Policy Number:": "AG 133441",
        "Total": "$148",
        "Mail address:": "123 Amy Street",
    }


def test_an_added_key_is_written_as_the_service_writes_it(task_page: OpenPage) -> None:
    """As in an answer of the service that AWS publishes with its response parser."""
    task = task_page(TEMPLATE, {"blocks": TOTAL, "keys": KEYS})

    expect(pair_of(task, "Policy Number:")).to_contain_text("Also written: Policy No.")
    value_of(task, "Policy Number:").fill("AG133441")
    blocks = task.submit()[NAME]["blocks"]

    ids = [block["id"] for block in blocks[:5]]
    assert len(set(ids)) == 5
    assert blocks == [
        {"blockType": "WORD", "id": ids[0], "text": "Policy"},
        {"blockType": "WORD", "id": ids[1], "text": "Number:"},
        {"blockType": "WORD", "id": ids[2], "text": "AG133441"},
        {
            "blockType": "KEY_VALUE_SET",
            "entityTypes": ["KEY"],
            "id": ids[3],
            "relationships": [
                {"ids": [ids[4]], "type": "VALUE"},
                {"ids": ids[:2], "type": "CHILD"},
            ],
        },
        {
            "blockType": "KEY_VALUE_SET",
            "entityTypes": ["VALUE"],
            "id": ids[4],
            "relationships": [{"ids": [ids[2]], "type": "CHILD"}],
        },
        *(bare(block) for block in TOTAL),
    ]


def test_what_is_no_pair_blank_or_not_found_is_said(task_page: OpenPage) -> None:
    task = task_page(TEMPLATE, {"blocks": TOTAL + MAIL, "keys": KEYS})

    pair_of(task, "Policy Number:").get_by_label("Key not found").check()
    pair_of(task, "Total").get_by_label("No", exact=True).check()
    expect(value_of(task, "Total")).to_be_disabled()
    pair_of(task, "Mail address:").get_by_label("Value is blank").check()
    expect(value_of(task, "Mail address:")).to_have_value("")

    assert task.violations() == []
    *words, key, value = [bare(block) for block in MAIL]
    assert task.submit() == {
        NAME: {
            "blocks": [
                *words[:2],
                key,
                {name: each for name, each in value.items() if name != "relationships"},
            ]
        }
    }


def test_boxes_are_checked_and_unchecked(task_page: OpenPage) -> None:
    box = {"blockType": "SELECTION_ELEMENT", "id": "s", "selectionStatus": "SELECTED"}
    task = task_page(TEMPLATE, {"blocks": pair("married", [word("k", "Married")], [box])})

    task.page.get_by_role("checkbox", name="Married: Selected").uncheck()

    assert texts(task.submit()) == {"Married": "NOT_SELECTED"}


def test_keys_are_edited_where_the_page_allows_it(task_page: OpenPage) -> None:
    task = task_page(TEMPLATE.replace("no-key-edit", ""), {"blocks": MAIL})

    task.page.get_by_role("textbox", name="Key").fill("Postal address:")

    assert task.violations() == []
    answer = task.submit()
    assert texts(answer) == {"Postal address:": "123 Amy Street"}
    assert answer[NAME]["blocks"][0] == {"blockType": "WORD", "id": "m1", "text": "Postal"}


def test_the_page_shows_where_a_pair_is(task_page: OpenPage) -> None:
    task = task_page(TEMPLATE, {"blocks": TOTAL + MAIL})
    current = task.page.locator("g.current polygon")

    expect(current).to_have_count(0)
    value_of(task, "Mail address:").focus()
    expect(current.first).to_have_attribute("points", "0.1,0.4 0.4,0.5")
    task.page.locator("g").first.locator("polygon").last.click(force=True)

    expect(value_of(task, "Total")).to_be_focused()
    expect(current.first).to_have_attribute("points", "0.1,0.1 0.4,0.2")


def test_the_developer_guides_page_works_with_what_the_service_gives(task_page: OpenPage) -> None:
    task = task_page(
        STOCK,
        {
            "aiServiceRequest": {"document": {"s3Object": {"bucket": "forms", "name": "a.png"}}},
            "selectedAiServiceResponse": {"blocks": TOTAL},
            "humanLoopContext": {"importantFormKeys": KEYS},
        },
    )
    value_of(task, "Policy Number:").fill("AG133441")

    # The pictures in its instructions have no text for who cannot see them.
    assert [each["rule"] for each in task.violations()] == ["image-alt"]
    assert task.ready()["unknown"] == []
    assert texts(task.submit()) == {"Policy Number:": "AG133441", "Total": "$148 gross"}


def test_blocks_in_pascal_case_are_refused(task_page: OpenPage) -> None:
    task = task_page(TEMPLATE, {"blocks": [{"BlockType": "WORD", "Id": "a", "Text": "x"}]})

    expect(task.page.get_by_role("alert")).to_contain_text('begin in lower case, as in "blockType"')
    task.page.get_by_role("button", name="Submit").click()
    assert not task.is_answered()


def test_a_page_that_cannot_be_loaded_is_told(task_page: OpenPage) -> None:
    task = task_page(TEMPLATE.replace("https://signed/forms", "https://gone"), {"blocks": TOTAL})

    expect(task.page.get_by_role("alert").first).to_contain_text("The image cannot be loaded.")


def test_attributes_may_be_written_with_capitals(task_page: OpenPage) -> None:
    """As the developer guide's list of attributes has them; HTML makes them small."""
    template = TEMPLATE.replace("initial-v", "initialV").replace("block-t", "blockT")
    task = task_page(template, {"blocks": TOTAL})

    assert texts(task.submit()) == {"Total": "$148 gross"}


@pytest.mark.parametrize("attribute", ["block-types", "blockTypes"])
def test_other_types_of_blocks_are_refused(task_page: OpenPage, attribute: str) -> None:
    template = TEMPLATE.replace("block-types", attribute).replace("KEY_VALUE_SET", "TABLE")
    task = task_page(template, {"blocks": TOTAL})

    expect(task.page.get_by_role("alert")).to_contain_text(
        'only ["KEY_VALUE_SET"] is supported, not ["TABLE"]'
    )
    task.page.get_by_role("button", name="Submit").click()
    assert not task.is_answered()


def test_where_a_pair_is_cannot_be_edited(task_page: OpenPage) -> None:
    task = task_page(TEMPLATE, {"blocks": TOTAL})
    key = task.page.locator("polygon.key")
    before = key.get_attribute("points")

    place = key.bounding_box()
    assert place is not None
    mouse = task.window.mouse
    mouse.move(place["x"] + 1, place["y"] + 1)
    mouse.down()
    mouse.move(place["x"] + 60, place["y"] + 60)
    mouse.up()

    expect(key).to_have_attribute("points", before or "")
    assert all("geometry" not in block for block in task.submit()[NAME]["blocks"])
