"""The rules about a page's Liquid: whether it can be read, and what it makes of the examples."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from liquid import BoundTemplate, RenderContext, Token
from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.exceptions import LiquidError
from liquid.expression import Expression

from .dialect import Dialect
from .finding import Finding
from .markup import Page

_VARIABLE = re.compile(r"[\w-]+(?:\.[\w-]+|\[[^\]]*\])*")
_TEST = re.compile(r"\{%-?\s*(?:if|elsif|unless|case|when)\b(.*?)%\}", re.DOTALL)
_SAFE_AFTER = {"escape", "escape_once", "url_encode"}


def read_liquid(page: Page) -> BoundTemplate | Finding:
    """The page's Liquid, or why it is none."""
    try:
        return Dialect().from_string(page.text)
    except LiquidError as error:
        line, column = _place(page, error.token)
        message = " ".join(str(error.message or type(error).__name__).split())
        way_out = "Correct the tag; what Liquid knows: https://shopify.github.io/liquid/"
        return Finding(line, column, "not-liquid", f"not Liquid: {message}", way_out)


def static_findings(
    page: Page, template: BoundTemplate, *, has_examples: bool
) -> Iterator[Finding]:
    """What the Liquid alone tells."""
    analysis = template.analyze()
    known = sorted(template.env.filters)
    for name, spans in analysis.filters.items():
        if name not in template.env.filters:
            for span in spans:
                message = f"there is no filter {name}{_nearest(name, known)}"
                way_out = "Use one of Liquid's filters or of Amazon A2I's own."
                yield Finding(*page.place(span.index), "unknown-filter", message, way_out)
    if not has_examples:
        for name, variables in analysis.globals.items():
            if name != "task":
                for variable in variables:
                    message = f"{name} is not set anywhere, so nothing is shown"
                    way_out = (
                        "The input stands in task.input; braces that are for a script go between "
                        "{% raw %} and {% endraw %}."
                    )
                    place = page.place(variable.span.index)
                    yield Finding(*place, "unknown-variable", message, way_out)
    yield from _unescaped(page, template)


def example_findings(
    page: Page, template: BoundTemplate, examples: Mapping[str, Any]
) -> Iterator[Finding]:
    """What comes of rendering the page with each example, by its name."""
    dialect = template.env
    assert isinstance(dialect, Dialect)
    dialect.tested = {
        word for match in _TEST.finditer(page.text) for word in re.findall(r"[\w-]+", match[1])
    }
    lacking: dict[int, list[str]] = {}
    for name, task_input in examples.items():
        dialect.lacking.clear()
        try:
            template.render(task={"input": task_input})
        except LiquidError as error:
            yield _not_rendered(name, _place(page, error.token), str(error.message))
        except (ArithmeticError, RecursionError, TypeError, ValueError) as error:
            # A filter that is given a value of the wrong type lets Python's own error out.
            yield _not_rendered(name, (1, 1), str(error))
        for start in dialect.lacking:
            lacking.setdefault(start, []).append(name)
    tested = _tested_paths(page)
    for start, names in lacking.items():
        inputs = [examples[name] for name in names]
        if not page.is_comment(start) and not _is_tested(_variable(page, start), tested, inputs):
            yield _lacking(page, start, names, examples, is_given=start in dialect.given)


def _not_rendered(example: str, place: tuple[int, int], message: str) -> Finding:
    words = " ".join(message.split())
    return Finding(
        *place,
        "not-rendered",
        f"with the example {example} the page cannot be rendered: {words}",
        "Correct the page or the example; in Amazon A2I such a human loop fails.",
    )


def _lacking(
    page: Page, start: int, names: list[str], examples: Mapping[str, Any], *, is_given: bool
) -> Finding:
    variable = _variable(page, start)
    guard = f"guard it with {{% if {variable} %}} or | default:"
    if is_given:
        message = f"{variable} is shown, but missing in {_listed(names)}"
        way_out = f"If it may be missing, {guard}; else add it to the example."
        return Finding(*page.place(start), "sometimes-missing", message, way_out)
    hint = _nearest(*_siblings(variable, examples.values()))
    message = f"{variable} is in none of the examples{hint}"
    way_out = f"Correct the name or add it to an example; if it may be missing, {guard}."
    return Finding(*page.place(start), "missing-input", message, way_out)


def _variable(page: Page, start: int) -> str:
    found = _VARIABLE.match(page.text, start)
    return found.group() if found else page.text[start : start + 20]


def _tested_paths(page: Page) -> set[str]:
    """The variables of ``if``, ``unless`` and ``case``; a test of a size tests what has it."""
    return {
        path.removesuffix(".size")
        for match in _TEST.finditer(page.text)
        for path in _VARIABLE.findall(match[1])
    }


def _is_tested(variable: str, tested: set[str], inputs: list[Any]) -> bool:
    """Say whether the page tests for a variable, or for what it is missing with."""
    if variable in tested:
        return True
    parts = variable.split(".")
    for length in range(len(parts) - 1, 2, -1):
        path = ".".join(parts[:length])
        if path in tested and not any(_has(each, parts[:length]) for each in inputs):
            return True
    return False


def _has(task_input: Any, parts: list[str]) -> bool:
    value: Any = {"task": {"input": task_input}}
    for part in parts:
        if not isinstance(value, dict) or part not in value:
            return parts[0] != "task"  # what a loop gives cannot be looked up
        value = value[part]
    return value is not None


def _siblings(variable: str, inputs: Iterable[Any]) -> tuple[str, list[str]]:
    """The part of a variable that fails first, and what stands beside it in the inputs."""
    parts = variable.split(".")
    roots: list[Any] = [{"task": {"input": each}} for each in inputs]
    for part in parts:
        objects = [each for each in roots if isinstance(each, dict)]
        if not any(part in each for each in objects):
            return part, sorted({key for each in objects for key in each})
        roots = [each[part] for each in objects if part in each]
    return parts[-1], []


def _nearest(wrong: str, known: list[str]) -> str:
    nearest = difflib.get_close_matches(wrong, known, n=1)
    return f"; did you mean {nearest[0]}?" if nearest else ""


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


def _place(page: Page, token: Token | None) -> tuple[int, int]:
    if token is None or token.start_index < 0:
        return 1, 1
    return page.place(token.start_index)


def _unescaped(page: Page, template: BoundTemplate) -> Iterator[Finding]:
    nodes = list(_nodes(template.nodes, RenderContext(template)))
    untrusted = _untrusted_names(nodes)
    for expression in (each for node in nodes for each in node.expressions()):
        if not isinstance(expression, FilteredExpression):
            continue
        names = [each.name for each in expression.filters or []]
        if "skip_autoescape" not in names or _SAFE_AFTER.intersection(names):
            continue
        if _mentions(expression, untrusted):
            filters = expression.filters or []
            token = filters[names.index("skip_autoescape")].token
            yield Finding(
                *page.place(token.start_index),
                "untrusted-html",
                f"{expression.left} comes from the input and is not escaped",
                "Leave skip_autoescape out; hand data to a script in an attribute, as in "
                'data-input="{{ task.input | to_json }}".',
            )


def _untrusted_names(nodes: list[Node]) -> set[str]:
    """``task`` and every variable that is made of it; what a capture holds is escaped."""
    names = {"task"}
    before = 0
    while len(names) > before:
        before = len(names)
        for node in nodes:
            if isinstance(node, AssignNode) and _mentions(node.expression, names):
                names.add(node.name)
            elif isinstance(node, ForNode) and _mentions(node.expression.iterable, names):
                names.add(node.expression.identifier)
    return names


def _mentions(expression: Expression, names: set[str]) -> bool:
    if isinstance(expression, Path) and expression.head() in names:
        return True
    return any(_mentions(child, names) for child in expression.children())


def _nodes(nodes: Iterable[Node], context: RenderContext) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _nodes(node.children(context), context)
