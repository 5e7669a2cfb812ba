"""docs/gallery.md shows every page of the library and every element."""

import re
from pathlib import Path

import pytest
from PIL import Image

from human_review import templates
from human_review.page_lint import ELEMENTS, lint_page

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = DOCS / "gallery"
SHOWN = [*templates.names(), *sorted(ELEMENTS)]
LARGEST = 60_000


@pytest.mark.parametrize("name", SHOWN)
def test_it_has_an_entry_and_a_picture(name: str) -> None:
    gallery = (DOCS / "gallery.md").read_text(encoding="utf-8")
    entries = re.findall(rf"^### {name}\n\n(.+)\n\n!\[.+\]\((.+)\)$", gallery, re.MULTILINE)

    assert [picture for _, picture in entries] == [f"gallery/{name}.png"]
    file = PICTURES / f"{name}.png"
    assert file.stat().st_size <= LARGEST
    with Image.open(file) as picture:
        assert picture.format == "PNG"
        assert picture.mode == "P"
        assert picture.width == 720


def test_there_is_nothing_else_and_all_is_small() -> None:
    pictures = sorted(PICTURES.glob("*.png"))

    assert {file.stem for file in pictures} == set(SHOWN)
    assert sum(file.stat().st_size for file in pictures) < 3_000_000


@pytest.mark.parametrize("name", sorted(ELEMENTS))
def test_the_page_of_an_element_uses_it(name: str) -> None:
    page = (PICTURES / "elements" / f"{name}.liquid").read_text(encoding="utf-8")

    assert f"<{name}" in page
    assert [each.message for each in lint_page(page)] == []
