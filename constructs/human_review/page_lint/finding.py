"""What may be wrong with a task page, and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from types import MappingProxyType


class Severity(StrEnum):
    """How bad it is: an error fails the service or the reviewer, a warning is likely a slip."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Rule:
    """One thing that is looked for.

    :param meaning: what a page that breaks it does, for the documentation.
    """

    severity: Severity
    meaning: str


_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "too-long": Rule(_ERROR, "The page is empty, or has more than 128,000 characters."),
        "not-liquid": Rule(_ERROR, "The page cannot be parsed: a tag is wrong, or has no end."),
        "unknown-filter": Rule(_ERROR, "A filter that neither Liquid nor Amazon A2I has."),
        "nothing-to-submit": Rule(
            _ERROR, "No form, no field in it, or no field with a name: an answer would be empty."
        ),
        "missing-input": Rule(
            _ERROR,
            "A variable is shown, but not one example has it: the page would be blank there.",
        ),
        "not-rendered": Rule(
            _ERROR, "With an example the page cannot be rendered, so the human loop would fail."
        ),
        "bad-example": Rule(_ERROR, "An example is not the JSON of an object."),
        "no-form": Rule(_WARNING, "No `crowd-form`: the answer may not reach Amazon A2I."),
        "no-script": Rule(_WARNING, "`crowd-html-elements.js` is not loaded, so no element works."),
        "unknown-element": Rule(_WARNING, "An element that is not documented."),
        "unknown-attribute": Rule(_WARNING, "An attribute that is not documented of its element."),
        "field-without-name": Rule(_WARNING, "A field without a name is left out of the answer."),
        "field-outside-form": Rule(_WARNING, "A field outside the form is left out of the answer."),
        "repeated-name": Rule(
            _WARNING, "Two fields have one name, so one answer may hide another."
        ),
        "untrusted-html": Rule(
            _WARNING, "Input reaches the page unescaped: whoever wrote it can run scripts there."
        ),
        "fixed-labels": Rule(
            _WARNING, "Labels are written into the page, though the input carries them."
        ),
        "unknown-variable": Rule(
            _WARNING, "A variable that is neither `task` nor set in the page: always blank."
        ),
        "sometimes-missing": Rule(
            _WARNING, "A variable is shown that some examples have and others lack."
        ),
    }
)


@dataclass(frozen=True, order=True)
class Finding:
    """One rule broken at one place.

    :param line: counted from 1.
    :param column: counted in characters, from 1.
    :param rule: its name in `RULES`.
    :param message: what is wrong; lower case, no full stop.
    :param way_out: what to do about it; a sentence.
    :param file: where it is, if that is not the page itself: an example beside it.
    """

    line: int
    column: int
    rule: str
    message: str
    way_out: str
    file: str = ""

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return RULES[self.rule].severity

    def place(self, page: str) -> str:
        """File, line and column; ``page`` is what to call the page."""
        file = PurePath(page).parent / self.file if self.file else page
        return f"{file}:{self.line}:{self.column}"

    def told(self, page: str) -> str:
        """The finding on one line."""
        return f"{self.place(page)}: {self.message} [{self.rule}]. {self.way_out}"
