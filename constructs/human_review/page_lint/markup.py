"""The HTML of a task page: its elements, each with its exact place."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from .catalogue import ELEMENTS
from .liquid_mask import COVER, Block, mask

_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s/>=\"'][^\s/>=]*)(?:\s*=\s*(?P<value>\"[^\"]*\"|'[^']*'|[^\s>\"'][^\s>]*))?"
)
_TAG_NAME = re.compile(r"<[^\s/>]+")
_FORMS = {"crowd-form", "form"} | {name for name, each in ELEMENTS.items() if each.has_form}


@dataclass(frozen=True)
class Attribute:
    """An attribute as it is written.

    :param value: without quotes, Liquid and all.
    :param is_fixed: whether there is no Liquid in it.
    """

    name: str
    value: str
    offset: int
    is_fixed: bool


@dataclass(frozen=True)
class Tag:
    """An element's opening tag.

    :param attributes: by name in lower case.
    :param has_more: whether Liquid writes further attributes.
    :param blocks: the Liquid blocks it stands in.
    """

    name: str
    offset: int
    attributes: dict[str, Attribute]
    has_more: bool
    in_form: bool
    blocks: tuple[Block, ...]

    def given(self, name: str) -> str:
        """An attribute's value, empty when it is not there."""
        attribute = self.attributes.get(name)
        return attribute.value.strip() if attribute else ""


@dataclass
class Page:
    """A page's text, with what stands where in it."""

    text: str
    tags: list[Tag] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)
    has_script: bool = False

    def __post_init__(self) -> None:
        self._lines = [0, *(match.end() for match in re.finditer("\n", self.text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a line, counted from 1, and a column, counted from 0."""
        return self._lines[line - 1] + column

    def is_comment(self, offset: int) -> bool:
        """Say whether a place stands in an HTML comment."""
        return any(start <= offset < end for start, end in self.comments)

    def first(self, name: str) -> Tag | None:
        """The first element of a name."""
        return next((tag for tag in self.tags if tag.name == name), None)


def read_page(text: str) -> Page:
    """The elements of a page."""
    page = Page(text)
    reader = _Reader(page)
    reader.feed(reader.mask.text)
    reader.close()
    return page


class _Reader(HTMLParser):
    """Writes what it meets into a page."""

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=False)
        self.mask = mask(page.text)
        self._page = page
        self._forms = 0
        self._in_own_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if COVER in tag:
            return
        offset = self._page.offset(*self.getpos())
        written = self.get_starttag_text() or ""
        attributes = self._attributes(offset, written)
        self._page.tags.append(
            Tag(
                name=tag,
                offset=offset,
                attributes={each.name: each for each in attributes if COVER not in each.name},
                has_more=any(COVER in each.name for each in attributes),
                in_form=self._forms > 0 or tag in _FORMS,
                blocks=self.mask.blocks_at(offset),
            )
        )
        self._forms += tag in _FORMS
        if tag == "script":
            source = next((each.value for each in attributes if each.name == "src"), "")
            self._in_own_script = not source
            self._page.has_script |= bool(source) and not is_element_script(source)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # HTML knows no empty custom element: <crowd-form/> stays open, as <crowd-form> does.
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _FORMS:
            self._forms = max(0, self._forms - 1)
        if tag == "script":
            self._in_own_script = False

    def handle_data(self, data: str) -> None:
        if self._in_own_script and data.strip():
            self._page.has_script = True

    def handle_comment(self, data: str) -> None:
        offset = self._page.offset(*self.getpos())
        self._page.comments.append((offset, offset + len("<!--") + len(data)))

    def _attributes(self, offset: int, written: str) -> list[Attribute]:
        start = _TAG_NAME.match(written)
        return [
            self._attribute(offset, match)
            for match in _ATTRIBUTE.finditer(written, start.end() if start else 0)
        ]

    def _attribute(self, offset: int, match: re.Match[str]) -> Attribute:
        value = ""
        if match["value"] is not None:
            span = slice(offset + match.start("value"), offset + match.end("value"))
            value = self._page.text[span]
            if value[:1] in ("'", '"'):
                value = value[1:-1]
        is_fixed = not ("{{" in value or "{%" in value)
        return Attribute(
            match["name"].lower(),
            unescape(value) if is_fixed else value,
            offset + match.start("name"),
            is_fixed,
        )


def is_element_script(source: str) -> bool:
    """Say whether a script's address is that of the elements."""
    return "assets.crowd.aws/crowd-html-elements" in source
