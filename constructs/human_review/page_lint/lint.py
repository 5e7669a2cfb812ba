"""All rules, on one page."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from .example import parsed
from .finding import Finding, Severity
from .form_rules import form_findings
from .liquid_rules import example_findings, read_liquid, static_findings
from .markup import read_page

LONGEST_PAGE = 128_000
_NONE: Mapping[str, str] = MappingProxyType({})


def lint_page(text: str, examples: Mapping[str, str] = _NONE) -> tuple[Finding, ...]:
    """What is wrong with a task page, in the order of the page.

    :param text: the page.
    :param examples: inputs of it as JSON, by name. Default: what the page makes of an input is
        not looked at.
    """
    return _lint(text, tuple(examples.items()))


def check_page(name: str, text: str, examples: Mapping[str, str] = _NONE) -> list[str]:
    """Refuse a page that cannot work, and say what else is odd about it.

    :param name: what to call the page.
    :raises ValueError: a line for each error.
    """
    findings = lint_page(text, examples)
    errors = [each.told(name) for each in findings if each.severity is Severity.ERROR]
    if errors:
        raise ValueError("\n".join(errors))
    return [each.told(name) for each in findings]


@lru_cache(maxsize=256)
def _lint(text: str, examples: tuple[tuple[str, str], ...]) -> tuple[Finding, ...]:
    # An app looks at each page twice: where its folder is read, and where it is deployed.
    if not 1 <= len(text) <= LONGEST_PAGE:
        message = f"a page has 1 to {LONGEST_PAGE:,} characters, this one has {len(text):,}"
        way_out = "Write something." if not text else "Load what is long from another address."
        return (Finding(1, 1, "too-long", message, way_out),)
    inputs, findings = parsed(dict(examples))
    page = read_page(text)
    template = read_liquid(page)
    if isinstance(template, Finding):
        findings.append(template)
    else:
        findings.extend(static_findings(page, template, has_examples=bool(inputs)))
        if not any(each.rule == "unknown-filter" for each in findings):
            findings.extend(example_findings(page, template, inputs))
    findings.extend(form_findings(page, inputs))
    return tuple(sorted(set(findings)))
