"""Labels for the words and phrases of a text."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Frame, Locator, expect

from tests.localcloud.a2i.portal.elements.task_pages import TaskPage, TaskPages, rendered_page

OpenPage = Callable[..., TaskPage]

STOCK = Path(__file__).parent / "stock"

TEXT = "Ana Silva met Jeff Bezos in Porto on 3 May."
TEMPLATE = """
<crowd-form>
  <crowd-entity-annotation name="names" header="Who and where?"
    labels="{{ task.input.labels | to_json }}" text="{{ task.input.taskObject }}"
    initial-value="{{ task.input.initialValue | to_json }}">
    <full-instructions header="How to">Label every name.</full-instructions>
    <short-instructions>Label names.</short-instructions>
  </crowd-entity-annotation>
</crowd-form>
"""
LABELS = [
    {"label": "person", "shortDisplayName": "per", "fullDisplayName": "Person"},
    {"label": "place", "shortDisplayName": "pla", "fullDisplayName": "Place"},
]


def opened(
    task_page: OpenPage, text: str = TEXT, initial: list[Any] | None = None, labels: Any = LABELS
) -> TaskPage:
    return task_page(
        TEMPLATE, {"taskObject": text, "labels": labels, "initialValue": initial or []}
    )


def entity(text: str, part: str, label: str) -> dict[str, Any]:
    """An entity of `text`; offsets count UTF-16 code units."""
    start = len(text[: text.index(part)].encode("utf-16-le")) // 2
    return {
        "label": label,
        "startOffset": start,
        "endOffset": start + len(part.encode("utf-16-le")) // 2,
    }


def text_of(shown: Locator | Frame) -> Locator:
    return shown.get_by_role("application", name="Text to label")


def place_of(shown: Locator | Frame, part: str) -> dict[str, float]:
    """Where the browser shows a part of the text, which is in view then."""
    box: dict[str, float] = text_of(shown).evaluate(
        """(element, part) => {
            element.scrollIntoView({ block: "center" });
            const range = document.createRange();
            const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
            for (let node = texts.nextNode(); node; node = texts.nextNode()) {
                const start = node.data.indexOf(part);
                if (start < 0) continue;
                range.setStart(node, start);
                range.setEnd(node, start + part.length);
                const { x, y, width, height } = range.getBoundingClientRect();
                return { x, y, width, height };
            }
        }""",
        part,
    )
    return box


def drag_over(task: TaskPage, part: str, within: Locator | None = None) -> None:
    place = place_of(within or task.page, part)
    middle = place["y"] + place["height"] / 2
    mouse = task.window.mouse
    mouse.move(place["x"] + 1, middle)
    mouse.down()
    mouse.move(place["x"] + place["width"] / 2, middle)
    mouse.move(place["x"] + place["width"] - 1, middle)
    mouse.up()


def test_entities_are_labelled_by_mouse(task_page: OpenPage) -> None:
    task = opened(task_page)

    drag_over(task, "Jeff Bezos")
    expect(task.page.get_by_role("status")).to_have_text(
        "“Jeff Bezos” is selected. Choose a label for it."
    )
    task.page.get_by_role("button", name="Person").click()
    drag_over(task, "Porto")
    task.page.get_by_role("button", name="Place").click()

    assert task.violations() == []
    assert task.submit() == {
        "names": {
            "entities": [entity(TEXT, "Jeff Bezos", "person"), entity(TEXT, "Porto", "place")]
        }
    }


def tab_to_text(task: TaskPage) -> None:
    """Go to the text as a keyboard does, from the start of the page."""
    while text_of(task.page).evaluate("element => element.getRootNode().activeElement !== element"):
        task.press("Tab")


def labelled(task: TaskPage) -> list[str]:
    """What is labelled, as the remove buttons say it."""
    buttons = task.page.get_by_role("button", name="Remove ").all()
    return [str(each.get_attribute("aria-label")).removeprefix("Remove ") for each in buttons]


def test_entities_are_labelled_by_keyboard_alone(task_page: OpenPage) -> None:
    task = opened(task_page)

    tab_to_text(task)
    task.press("ArrowRight", "Shift+ArrowRight", "1")
    task.press("ArrowRight", "ArrowRight", "Shift+End", "Shift+ArrowLeft", "Shift+ArrowLeft")
    expect(task.page.get_by_role("status")).to_have_text(
        "“Jeff Bezos in Porto on” is selected. Choose a label for it."
    )
    task.press("Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft", "1")
    task.press("End", "ArrowLeft", "ArrowLeft", "ArrowLeft", "2")
    assert task.violations() == []
    task.press("Enter")

    assert task.answer() == {
        "names": {
            "entities": [
                entity(TEXT, "Ana Silva", "person"),
                entity(TEXT, "Jeff Bezos", "person"),
                entity(TEXT, "Porto", "place"),
            ]
        }
    }


def test_the_keyboard_selects_letter_by_letter_and_line_by_line(task_page: OpenPage) -> None:
    text = "Overjoyed.\nIn New York."
    task = opened(task_page, text)

    tab_to_text(task)
    task.press("ArrowDown", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowRight")
    task.press("Control+Shift+ArrowLeft", "Alt+Shift+ArrowLeft", "1")
    task.press("ArrowUp", "Control+ArrowRight", "Control+ArrowLeft", "Home")
    task.press("Control+Shift+ArrowLeft", "2")

    assert task.submit() == {
        "names": {"entities": [entity(text, "Overjoye", "place"), entity(text, "New Yo", "person")]}
    }


def test_a_label_that_was_chosen_first_is_for_all_that_is_selected(task_page: OpenPage) -> None:
    task = opened(task_page)

    task.page.get_by_role("button", name="Person").click()
    expect(task.page.get_by_role("button", name="Person")).to_have_attribute("aria-pressed", "true")
    drag_over(task, " Jeff Bezos ")
    expect(task.page.get_by_role("button", name="Remove Person: Jeff Bezos")).to_be_visible()
    drag_over(task, "Ana Silva")
    expect(task.page.get_by_role("button", name="Remove Person: Ana Silva")).to_be_visible()

    assert task.submit() == {
        "names": {
            "entities": [entity(TEXT, "Ana Silva", "person"), entity(TEXT, "Jeff Bezos", "person")]
        }
    }


def test_a_word_is_labelled_by_touch(chromium: Browser, task_pages: TaskPages) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    given = {"taskObject": TEXT, "labels": LABELS, "initialValue": []}
    task = task_pages.open(context.new_page(), rendered_page(TEMPLATE, given))
    place = place_of(task.page, "Porto")

    task.window.touchscreen.tap(place["x"] + 12, place["y"] + place["height"] / 2)
    task.page.get_by_role("button", name="Place").tap()

    assert task.submit() == {"names": {"entities": [entity(TEXT, "Porto", "place")]}}
    context.close()


def test_labels_are_changed_removed_and_undone(task_page: OpenPage) -> None:
    initial = [entity(TEXT, "Ana Silva", "place"), entity(TEXT, "Porto", "person")]
    task = opened(task_page, initial=initial)
    undo = task.page.get_by_role("button", name="Undo")
    assert labelled(task) == ["Place: Ana Silva", "Person: Porto"]
    expect(undo).to_be_disabled()

    place = place_of(task.page, "Silva")
    task.window.mouse.click(place["x"] + 12, place["y"] + place["height"] / 2)
    task.page.get_by_role("button", name="Person", exact=True).click()
    assert labelled(task) == ["Person: Ana Silva", "Person: Porto"]
    task.page.get_by_role("button", name="Remove Person: Porto").click()
    assert labelled(task) == ["Person: Ana Silva"]
    undo.click()
    assert labelled(task) == ["Person: Ana Silva", "Person: Porto"]
    tab_to_text(task)
    task.press("End", "ArrowLeft", "ArrowLeft", "ArrowLeft", "Delete")
    assert labelled(task) == ["Person: Ana Silva"]
    task.press("2")
    assert labelled(task) == ["Person: Ana Silva", "Place: Porto"]
    task.press("Control+z", "Control+z", "Control+z")
    assert labelled(task) == ["Place: Ana Silva", "Person: Porto"]

    assert task.submit() == {"names": {"entities": initial}}


def test_a_portion_of_an_entity_is_not_labelled_again(task_page: OpenPage) -> None:
    initial = [entity(TEXT, "Ana Silva", "person")]
    task = opened(task_page, initial=initial)

    tab_to_text(task)
    task.press("ArrowRight", "ArrowRight", "Control+Shift+ArrowLeft", "Control+Shift+ArrowLeft")
    task.press("Control+Shift+ArrowLeft", "Control+Shift+ArrowLeft", "2")

    expect(task.page.get_by_role("status")).to_have_text(
        "Part of this is labelled already. Select all of that too, or none of it."
    )
    assert task.submit() == {"names": {"entities": initial}}


def test_what_covers_an_entity_replaces_it(task_page: OpenPage) -> None:
    task = opened(task_page, initial=[entity(TEXT, "Ana", "person")])

    tab_to_text(task)
    task.press("ArrowRight", "Shift+ArrowRight", "1")

    assert task.submit() == {"names": {"entities": [entity(TEXT, "Ana Silva", "person")]}}


SEVERAL = """
<crowd-form>
  {% for each in task.input.texts %}
    <section aria-label="{{ forloop.index0 }}">
      <crowd-entity-annotation name="names-{{ forloop.index0 }}" header="Who and where?"
        labels="[{label: 'person'}]" text="{{ each.text }}"
        initial-value="{{ each.initialValue | to_json }}"></crowd-entity-annotation>
    </section>
  {% endfor %}
</crowd-form>
"""
EXOTIC = [
    ("👩‍👩‍👧 met Zoë 🎉 today", "Zoë"),
    ("a👍🏽b", "👍🏽"),
    ("Jose\u0301 and Andre\u0301", "Andre\u0301"),
    ("<b>Ana</b> & \"Bo\" 'Cy' &amp; {{ x }}", "Bo"),
    ("nom : محمد علي، القاهرة", "القاهرة"),
    ("東京都に住む", "東京"),
    ("tab\there  and  New\u00a0York", "York"),
]


def test_offsets_are_those_of_the_text_as_it_was_given(task_page: OpenPage) -> None:
    task = task_page(SEVERAL, {"texts": [{"text": text, "initialValue": []} for text, _ in EXOTIC]})

    for number, (_, part) in enumerate(EXOTIC):
        section = task.page.get_by_role("region", name=str(number))
        drag_over(task, part, section)
        section.get_by_role("button", name="person").first.click()

    assert task.submit() == {
        f"names-{number}": {"entities": [entity(text, part, "person")]}
        for number, (text, part) in enumerate(EXOTIC)
    }


def test_what_is_seen_as_one_letter_is_not_cut(task_page: OpenPage) -> None:
    text = "Jose\u0301 👩‍👩‍👧 x"
    task = opened(task_page, text)

    tab_to_text(task)
    task.press("ArrowRight", "Control+Shift+ArrowLeft", "1")
    task.press("Control+ArrowRight", "Control+ArrowRight", "2")

    assert task.submit() == {
        "names": {"entities": [entity(text, "Jos", "person"), entity(text, "👩‍👩‍👧", "place")]}
    }


def test_carriage_returns_count_where_the_page_has_them(task_page: OpenPage) -> None:
    """HTML makes a line feed of CR LF, unless they are written as character references."""
    task = task_page(
        """<crowd-form>
        <crowd-entity-annotation name="plain" header="Where?" labels="['place']"
          text="{{ task.input.text }}"></crowd-entity-annotation>
        <crowd-entity-annotation name="escaped" header="Where?" labels="['place']"
          text="Lisbon&#13;&#10;Porto"></crowd-entity-annotation>
        </crowd-form>""",
        {"text": "Lisbon\r\nPorto"},
    )

    for text in text_of(task.page).all():
        text.press("End")
        task.press("1")

    assert task.submit() == {
        "plain": {"entities": [entity("Lisbon\nPorto", "Porto", "place")]},
        "escaped": {"entities": [entity("Lisbon\r\nPorto", "Porto", "place")]},
    }


def test_a_text_without_entities_is_an_answer(task_page: OpenPage) -> None:
    task = opened(task_page, labels=["person", "place"])

    assert task.page.get_by_role("group", name="Labels").get_by_role("button").count() == 2
    assert task.submit() == {"names": {"entities": []}}


def test_an_initial_value_that_does_not_fit_is_told(task_page: OpenPage) -> None:
    wrong = {
        "the entity from 40 to 50 is not in the text, which has 43 characters": [
            {"label": "person", "startOffset": 40, "endOffset": 50}
        ],
        'the entity from 0 to 3 has the label "animal", which is not there': [
            {"label": "animal", "startOffset": 0, "endOffset": 3}
        ],
        "the entity from 2 to 5 overlaps another": [
            {"label": "person", "startOffset": 0, "endOffset": 3},
            {"label": "person", "startOffset": 2, "endOffset": 5},
        ],
        "the entity from 7 to 7 is no span": [
            {"label": "person", "startOffset": 7, "endOffset": 7},
        ],
    }
    task = task_page(
        SEVERAL, {"texts": [{"text": TEXT, "initialValue": each} for each in wrong.values()]}
    )

    for number, message in enumerate(wrong):
        section = task.page.get_by_role("region", name=str(number))
        expect(section.get_by_role("alert")).to_contain_text(message)
    task.page.get_by_role("button", name="Submit").click()
    assert not task.is_answered()


def test_the_developer_guides_page_has_its_own_form_and_further_questions(
    task_page: OpenPage,
) -> None:
    task = task_page((STOCK / "entity-annotation.html").read_text())
    text = "Amazon SageMaker Ground Truth helps you build highly accurate training datasets"

    tab_to_text(task)
    task.press("ArrowRight", "3")
    task.page.get_by_role("radio", name="Technology").click()

    assert (task.ready()["unknown"], task.ready()["answerable"]) == ([], True)
    # The question's own heading is one level too deep.
    assert [each["rule"] for each in task.violations()] == ["heading-order"]
    assert task.submit() == {
        "crowd-entity-annotation": {"entities": [entity(text, "Amazon", "company")]},
        "tech": {"tech": True},
        "politics": {"politics": False},
    }
