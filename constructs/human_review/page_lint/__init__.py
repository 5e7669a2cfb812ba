"""Mistakes in a task page that only a reviewer or a failed human loop would show otherwise."""

from .catalogue import ELEMENTS, REGIONS, Element
from .example import read_examples
from .finding import RULES, Finding, Rule, Severity
from .lint import LONGEST_PAGE, check_page, lint_page

__all__ = [
    "ELEMENTS",
    "LONGEST_PAGE",
    "REGIONS",
    "RULES",
    "Element",
    "Finding",
    "Rule",
    "Severity",
    "check_page",
    "lint_page",
    "read_examples",
]
