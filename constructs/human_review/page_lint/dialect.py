"""Liquid as Amazon A2I speaks it, for reading and trying a page.

What is written into the page does not matter here, so nothing is escaped: what matters is which
variables a page shows and which filters fail.
"""

import json
import re
from collections.abc import Callable
from typing import TextIO
from urllib.parse import urlsplit

from liquid import RenderContext
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode, AssignTag
from liquid.builtin.tags.capture_tag import CaptureNode, CaptureTag
from liquid.builtin.tags.echo_tag import EchoNode, EchoTag
from liquid.builtin.tags.for_tag import ForNode, ForTag
from liquid.builtin.tags.tablerow_tag import TablerowNode, TablerowTag
from liquid.exceptions import FilterArgumentError
from liquid.expression import Expression
from liquid.undefined import Undefined

from .tokens import NamingEnvironment, NamingOutput

_VIRTUAL_HOST = re.compile(r".+\.s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com")
_PATH_HOST = re.compile(r"s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com")
_NOT_HERE = {"filters": ("safe", "escapejs"), "tags": ("include", "render")}


class Dialect(NamingEnvironment):
    """Liquid that takes note of the variables that a page shows.

    :ivar lacking: where a variable stands that has no value.
    :ivar given: where one stands that has a value.
    """

    loop_iteration_limit = 100_000
    output_stream_limit = 32 * 1024 * 1024
    local_namespace_limit = 8 * 1024 * 1024

    def __init__(self) -> None:
        super().__init__()
        self.lacking: set[int] = set()
        self.given: set[int] = set()
        self.tested: set[str] = set()
        self._filled: list[str] = []
        for tag in (_Output, _Echo, _Assign, _Capture, _For, _Tablerow):
            self.add_tag(tag)
        # A task page is one document: there is nothing to include.
        for name in _NOT_HERE["tags"]:
            del self.tags[name]
        for name in _NOT_HERE["filters"]:
            del self.filters[name]
        self.add_filter("grant_read_access", _grant_read_access)
        self.add_filter("skip_autoescape", lambda value: value)
        self.add_filter("to_json", lambda value: json.dumps(value, default=str))

    def fill(self, name: str, write: Callable[[], object]) -> None:
        """Run what gives a variable its value."""
        self._filled.append(name)
        write()
        self._filled.pop()

    def show(self, value: object, expression: Expression) -> None:
        """Take note of a variable that the page shows, or hands to a filter."""
        if isinstance(value, Undefined):
            # A value that is tested somewhere may well be empty.
            if value.token and not self.tested.intersection(self._filled):
                self.lacking.add(value.token.start_index)
        elif isinstance(expression, Path):
            self.given.add(expression.token.start_index)


def _show(expression: Expression, context: RenderContext, *, is_written: bool) -> None:
    """Take note of the variables of ``{{ … }}``, ``echo`` or ``assign``."""
    if not isinstance(expression, FilteredExpression):
        return
    filters = expression.filters or []
    if any(each.name == "default" for each in filters):
        return
    dialect = _dialect(context)
    if is_written or filters:
        dialect.show(expression.left.evaluate(context), expression.left)
    for each in filters:
        for argument in each.args:
            dialect.show(argument.value.evaluate(context), argument.value)


def _dialect(context: RenderContext) -> Dialect:
    assert isinstance(context.env, Dialect)
    return context.env


class _OutputNode(OutputNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        _show(self.expression, context, is_written=True)
        return super().render_to_output(context, buffer)


class _Output(NamingOutput):
    node_class = _OutputNode


class _EchoNode(EchoNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        _show(self.expression, context, is_written=True)
        return super().render_to_output(context, buffer)


class _Echo(EchoTag):
    node_class = _EchoNode


class _AssignNode(AssignNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        def write() -> None:
            _show(self.expression, context, is_written=False)

        _dialect(context).fill(self.name, write)
        return super().render_to_output(context, buffer)


class _Assign(AssignTag):
    node_class = _AssignNode


class _CaptureNode(CaptureNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        written = super().render_to_output
        _dialect(context).fill(self.name, lambda: written(context, buffer))
        return 0


class _Capture(CaptureTag):
    node_class = _CaptureNode


class _ForNode(ForNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        if self.default is None:
            iterable = self.expression.iterable
            _dialect(context).show(iterable.evaluate(context), iterable)
        return super().render_to_output(context, buffer)


class _For(ForTag):
    node_class = _ForNode


class _TablerowNode(TablerowNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        iterable = self.expression.iterable
        _dialect(context).show(iterable.evaluate(context), iterable)
        return super().render_to_output(context, buffer)


class _Tablerow(TablerowTag):
    node_class = _TablerowNode


def _grant_read_access(value: object) -> str:
    if isinstance(value, Undefined):
        return ""  # taken note of already
    given = str(value).strip() if value is not None else ""
    if not names_object(given):
        raise FilterArgumentError(
            f"grant_read_access is given {given!r}, which names no object in Amazon S3", token=None
        )
    return given


def names_object(uri: str) -> bool:
    """Say whether Amazon A2I takes an address for that of an object in Amazon S3."""
    match urlsplit(uri):
        case ("s3", bucket, path, _, _):
            return bool(bucket and path.strip("/"))
        case ("http" | "https", host, path, _, _) if _VIRTUAL_HOST.fullmatch(host):
            return path.removeprefix("/") != ""
        case ("http" | "https", host, path, _, _) if _PATH_HOST.fullmatch(host):
            bucket, _, key = path.removeprefix("/").partition("/")
            return bool(bucket and key)
    return False
