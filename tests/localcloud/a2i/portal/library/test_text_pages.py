"""The library's pages of texts, filled in as a person does."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from human_review import templates
from tests.localcloud.a2i.portal.elements.task_pages import TaskPage

OpenPage = Callable[[str, str], TaskPage]

LIBRARY = Path(templates.__file__).parent
PAGES = [
    "named-entities",
    "pairwise-preference",
    "ranking",
    "rating",
    "search-relevance",
    "side-by-side",
    "span-correction",
    "text-classification",
    "text-multi-label",
    "transcription",
    "translation-review",
]
EXAMPLES = [
    (name, path.stem) for name in PAGES for path in sorted(LIBRARY.glob(f"{name}/examples/*.json"))
]
DECIDED = {"undecided": {"yes": False}}
UNDECIDED = {"undecided": {"yes": True}}


def comment(task: TaskPage, text: str) -> None:
    task.page.get_by_role("textbox", name="Comment (optional)").fill(text)


def is_undecided(task: TaskPage) -> None:
    task.page.get_by_role("checkbox", name="I can't decide").check()


def model_says(task: TaskPage, text: str) -> None:
    expect(task.page.get_by_text(text)).to_be_visible()


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_every_example_is_shown_on_a_phone(library_page: OpenPage, name: str, example: str) -> None:
    task = library_page(name, example)
    task.window.set_viewport_size({"width": 360, "height": 740})

    assert task.ready()["unknown"] == []
    assert task.ready()["answerable"] is True
    assert task.ready()["instructions"] is True
    assert task.page.get_by_text("cannot be answered").count() == 0
    assert task.page.get_by_text("% sure").count() == (example == "usual")
    assert task.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert task.violations() == []


def test_text_classification(library_page: OpenPage) -> None:
    task = library_page("text-classification", "usual")
    model_says(task, "The model says billing and is 62 % sure.")

    task.press("3")
    comment(task, "About the app\nand its sign-in")

    assert task.submit() == {
        "category": {"label": "technical"},
        "comment": "About the app\nand its sign-in",
    }


def test_text_classification_of_markup(library_page: OpenPage) -> None:
    task = library_page("text-classification", "without-prediction")
    expect(task.page.get_by_text('<b>It isn\'t</b> "fine" & {{ not_liquid }}')).to_be_visible()

    task.press("Enter")
    assert not task.is_answered()
    task.press("3", "Enter")

    assert task.answer() == {"category": {"label": 'it\'s "technical"'}}


def test_text_multi_label(library_page: OpenPage) -> None:
    task = library_page("text-multi-label", "usual")
    model_says(task, "The model says screen, delivery and is 71 % sure.")

    task.press("1", "4", "5")

    assert task.submit() == {"categories": {"labels": ["screen", "price", "I can't decide"]}}


def test_text_multi_label_when_no_label_applies(library_page: OpenPage) -> None:
    task = library_page("text-multi-label", "without-prediction")

    task.press("1", "6", "Enter")

    assert task.answer() == {"categories": {"labels": []}}


def test_rating(library_page: OpenPage) -> None:
    task = library_page("rating", "usual")
    model_says(task, "The model says 3 and is 55 % sure.")
    expect(task.page.get_by_role("radio")).to_have_count(6)

    task.press("4", "Enter")

    assert task.answer() == {"rating": {"label": "4"}}


def test_rating_on_the_scale_of_the_input(library_page: OpenPage) -> None:
    task = library_page("rating", "without-prediction")

    task.page.get_by_role("radio", name="Fair & square").check()

    assert task.submit() == {"rating": {"label": "Fair & square"}}


def test_ranking(library_page: OpenPage) -> None:
    task = library_page("ranking", "usual")
    model_says(task, "The model ranks the answers 1, 3, 2 and is 80 % sure.")

    task.page.get_by_label("Answer 1").select_option("2")
    task.page.get_by_label("Answer 3").focus()
    task.press("1")

    assert task.submit() == {"rank_1": "2", "rank_2": "3", "rank_3": "1", **DECIDED}


def test_whoever_cannot_decide_owes_no_ranks(library_page: OpenPage) -> None:
    task = library_page("ranking", "without-prediction")
    expect(task.page.get_by_role("combobox")).to_have_count(11)

    task.page.get_by_role("button", name="Submit").click()
    assert not task.is_answered()
    is_undecided(task)

    assert task.submit() == UNDECIDED


def test_pairwise_preference(library_page: OpenPage) -> None:
    task = library_page("pairwise-preference", "usual")
    model_says(task, "The model says A and is 77 % sure.")

    task.press("3")
    task.page.get_by_role("checkbox", name="Clearer").check()

    assert task.submit() == {
        "preference": {"label": "Tie"},
        "reasons": {
            "More accurate": False,
            "More complete": False,
            "Clearer": True,
            "Safer": False,
        },
    }


def test_pairwise_preference_without_ties_and_reasons(library_page: OpenPage) -> None:
    task = library_page("pairwise-preference", "without-prediction")
    expect(task.page.get_by_role("checkbox")).to_have_count(0)

    task.press("3", "Enter")

    assert task.answer() == {"preference": {"label": "I can't decide"}}


def test_named_entities(library_page: OpenPage) -> None:
    task = library_page("named-entities", "usual")
    model_says(task, "The model labelled what is labelled, and is 83 % sure.")

    task.page.get_by_role("button", name="Remove place: Porto").click()
    task.page.get_by_role("application").focus()
    task.press("End", "3")
    comment(task, "A month")

    assert task.submit() == {
        "entities": {
            "entities": [
                {"endOffset": 9, "label": "person", "startOffset": 0},
                {"endOffset": 41, "label": "date", "startOffset": 38},
            ]
        },
        **DECIDED,
        "comment": "A month",
    }


def test_named_entities_when_nothing_can_be_said(library_page: OpenPage) -> None:
    task = library_page("named-entities", "without-prediction")

    is_undecided(task)

    assert task.submit() == {"entities": {"entities": []}, **UNDECIDED}


def test_span_correction(library_page: OpenPage) -> None:
    task = library_page("span-correction", "usual")
    model_says(task, "The model corrected it and is 68 % sure.")
    expect(task.page.locator("mark")).to_have_text("your parcel have arrived on munday")

    task.page.get_by_label("As it should be").fill("your parcel came on Monday")
    task.page.get_by_role("checkbox", name="grammar").check()

    assert task.submit() == {
        "text": "your parcel came on Monday",
        "mistakes": {"spelling": False, "grammar": True, "wrong word": False},
        **DECIDED,
    }


def test_span_correction_leaves_what_is_right_as_it_is(library_page: OpenPage) -> None:
    task = library_page("span-correction", "without-prediction")

    is_undecided(task)
    answer = task.submit()

    assert answer == {"text": answer["text"], **UNDECIDED}
    assert answer["text"].startswith('\n<b>It isn\'t</b> "fine" & {{ not_liquid }} </script>')
    assert answer["text"].endswith("in the depot since.")


def test_translation_review(library_page: OpenPage) -> None:
    task = library_page("translation-review", "usual")
    model_says(task, "The model is 58 % sure.")

    task.page.get_by_label("Adequacy").select_option("4")
    task.page.get_by_role("button", name="Submit").click()
    assert not task.is_answered()
    task.page.get_by_label("Fluency").select_option("2: hard to read")
    task.page.get_by_label("Corrected translation").fill("Do not put it into the dishwasher.")
    task.page.get_by_role("checkbox", name="mistranslation").check()

    assert task.submit() == {
        "adequacy": "4",
        "fluency": "2",
        "translation": "Do not put it into the dishwasher.",
        "mistakes": {
            "mistranslation": True,
            "omission": False,
            "addition": False,
            "grammar": False,
        },
        **DECIDED,
    }


def test_whoever_cannot_decide_owes_no_translation(library_page: OpenPage) -> None:
    task = library_page("translation-review", "without-prediction")
    expect(task.page.get_by_label("Corrected translation")).to_have_js_property("dir", "auto")

    is_undecided(task)
    task.page.get_by_role("checkbox", name="I can't decide").uncheck()
    task.page.get_by_role("button", name="Submit").click()
    assert not task.is_answered()
    is_undecided(task)
    comment(task, "I don't read Arabic")

    assert task.submit() == {**UNDECIDED, "comment": "I don't read Arabic"}


def test_transcription_of_a_recording(library_page: OpenPage) -> None:
    task = library_page("transcription", "usual")
    model_says(task, "The model wrote it and is 74 % sure.")
    task.page.wait_for_function("document.querySelector('audio').duration > 1")

    task.page.get_by_label("Transcript").fill("555 0147")

    assert task.submit() == {
        "transcript": "555 0147",
        "remarks": {"noise": False, "several speakers": False, "cut off": False},
        **DECIDED,
    }


def test_transcription_of_lines(library_page: OpenPage) -> None:
    task = library_page("transcription", "without-prediction")
    expect(task.page.locator("audio")).to_have_count(0)
    expect(task.page.get_by_role("listitem")).to_have_count(5)

    lines = task.submit()["transcript"].split("\n")

    assert len(lines) == 5
    assert lines[0].endswith("onerror=alert(1)> </textarea>")


def test_search_relevance(library_page: OpenPage) -> None:
    task = library_page("search-relevance", "usual")
    model_says(task, "The model graded the results and is 70 % sure.")

    task.page.get_by_label("Result 2").focus()
    task.press("i")
    task.page.get_by_label("Result 3").select_option("partial")

    assert task.submit() == {
        "grade_1": "exact",
        "grade_2": "irrelevant",
        "grade_3": "partial",
        **DECIDED,
    }


def test_whoever_cannot_decide_owes_no_grades(library_page: OpenPage) -> None:
    task = library_page("search-relevance", "without-prediction")

    task.page.get_by_label("Result 1").select_option('perfect & "exact"')
    task.page.get_by_role("button", name="Submit").click()
    assert not task.is_answered()
    is_undecided(task)

    assert task.submit() == UNDECIDED


def test_side_by_side(library_page: OpenPage) -> None:
    task = library_page("side-by-side", "usual")
    model_says(task, "The model says Better and is 66 % sure.")
    expect(task.page.locator("#before mark")).to_have_text(["Do", "not", "tumble", "a"])
    expect(task.page.locator("#after")).to_have_text(
        "Machine wash at 60 °C. Tumble dry. Iron on low heat."
    )
    expect(task.page.locator("#after mark")).to_have_text("Tumble")

    task.press("3")
    comment(task, "“Not” was lost")

    assert task.submit() == {"verdict": {"label": "Worse"}, "comment": "“Not” was lost"}


def test_side_by_side_of_long_texts(library_page: OpenPage) -> None:
    task = library_page("side-by-side", "without-prediction")

    task.press("4", "Enter")

    assert task.answer() == {"verdict": {"label": "I can't decide"}}
