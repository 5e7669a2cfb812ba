"""Pages written as the developer guide and AWS's samples write them: none is taken for wrong.

Each page here uses a way of writing that is documented or was seen in a sample: values from an
earlier job, forms left open, elements closed out of order, forms that a script fills.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from human_review.page_lint import ELEMENTS, REGIONS, Severity, lint_page
from human_review.page_lint.dialect import Dialect, names_object
from localcloud.a2i import liquid

PAGES = sorted((Path(__file__).parent / "documented_pages").glob("*.liquid"))
TEXTS = {page.stem: page.read_text(encoding="utf-8") for page in PAGES}
INPUTS = {page.stem: page.with_suffix(".json").read_text(encoding="utf-8") for page in PAGES}


@pytest.mark.parametrize("name", TEXTS)
def test_a_documented_page_has_no_error(name: str) -> None:
    alone = lint_page(TEXTS[name])
    with_example = lint_page(TEXTS[name], {"examples/a.json": INPUTS[name]})

    # One element is of a newer release than the documentation.
    assert {each.rule for each in (*alone, *with_example)} <= {"unknown-element"}
    assert all(each.severity is Severity.WARNING for each in alone)


@pytest.mark.parametrize("name", TEXTS)
def test_a_documented_page_is_rendered_by_the_local_cloud(name: str) -> None:
    page = liquid.render(TEXTS[name], json.loads(INPUTS[name]), lambda uri: f"https://signed/{uri}")

    marked = {text for text in strings(json.loads(INPUTS[name])) if set(text) & set("<>&\"'")}
    assert [text for text in marked if text in page] == []  # all of it is escaped
    assert "crowd-" in page


def strings(value: Any) -> Iterator[str]:
    """Every string in a JSON value."""
    match value:
        case str():
            yield value
        case dict() | list():
            for each in value.values() if isinstance(value, dict) else value:
                yield from strings(each)


def test_the_pages_use_every_documented_element_and_region() -> None:
    written = "".join(TEXTS.values())

    assert [name for name in (*ELEMENTS, *REGIONS) if f"<{name}" not in written] == []
    assert len(ELEMENTS) == 33


def test_a_page_is_tried_in_the_local_clouds_liquid() -> None:
    tried, rendered = Dialect(), liquid.environment(str)

    assert tried.filters.keys() == rendered.filters.keys()
    assert tried.tags.keys() == rendered.tags.keys()


@pytest.mark.parametrize(
    "uri",
    [
        "s3://bucket/key",
        "s3://bucket/a key?with#marks",
        "s3://bucket",
        "s3:///key",
        "https://s3.amazonaws.com/bucket/key",
        "http://s3.amazonaws.com/bucket/a/b c",
        "https://s3.amazonaws.com/bucket/",
        "https://s3-eu-west-1.amazonaws.com/bucket/key",
        "https://bucket.s3.eu-west-1.amazonaws.com/key",
        "https://bucket.s3.amazonaws.com/",
        "https://example.com/bucket/key",
        "bucket/key",
        "",
    ],
)
def test_an_address_is_judged_as_the_local_cloud_judges_it(uri: str) -> None:
    try:
        liquid.render("{{ task.input | grant_read_access }}", uri, lambda _: "granted")
        is_taken = True
    except liquid.RenderError:
        is_taken = False

    assert names_object(uri) is is_taken
