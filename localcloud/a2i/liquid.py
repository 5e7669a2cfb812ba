"""Worker task templates: Liquid as Amazon A2I renders it.

Every output is HTML-escaped unless a filter says otherwise, as the developer guide's page on
custom worker templates describes. python-liquid's own autoescape trusts string literals and
writes other entities than A2I does, so it stays off and the nodes that write do the escaping.
"""

import json
import re
from collections.abc import Callable
from io import StringIO
from typing import Any, TextIO

from liquid import Environment, Markup
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.capture_tag import CaptureNode, CaptureTag
from liquid.builtin.tags.cycle_tag import CycleNode, CycleTag
from liquid.builtin.tags.echo_tag import EchoNode, EchoTag
from liquid.context import RenderContext
from liquid.exceptions import LiquidError
from liquid.undefined import Undefined

from localcloud.a2i.liquid_tokens import NamingEnvironment, NamingOutput
from localcloud.a2i.s3_location import Location, location

_ENTITIES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"},
)
_BARE = re.compile(r"[<>\"']|&(?!(?:[a-zA-Z][a-zA-Z0-9]*|#\d+|#[xX][0-9a-fA-F]+);)")

# InputContent holds up to 3 MiB, and escaping makes one character into six at most.
_OUTPUT_LIMIT = 32 * 1024 * 1024
_NAMESPACE_LIMIT = 8 * 1024 * 1024
_LOOP_LIMIT = 100_000


class RenderError(ValueError):
    """A template that cannot be rendered.

    :param code: the error code RenderUiTemplate answers with.
    :param message: what is wrong, and where in the template.
    """

    def __init__(self, message: str, code: str = "InvalidParameters") -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def render(template: str, task_input: object, grant_read_access: Callable[[str], str]) -> str:
    """The worker task page of one task.

    :param template: the human task UI's content.
    :param task_input: what the template knows as ``task.input``: the parsed InputContent.
    :param grant_read_access: makes a presigned URL of an ``s3://bucket/key`` URI.
    """
    try:
        return (
            environment(grant_read_access).from_string(template).render(task={"input": task_input})
        )
    except LiquidError as error:
        raise RenderError(_described(error)) from error
    except (ArithmeticError, RecursionError, TypeError, ValueError) as error:
        if isinstance(error, RenderError):
            raise
        # A filter that is given a value of the wrong type lets Python's own error out.
        raise RenderError(f"the template cannot be rendered: {error}") from error


def check(template: str) -> None:
    """Raise a RenderError when the template is not Liquid."""
    try:
        environment(str).from_string(template)
    except LiquidError as error:
        raise RenderError(_described(error)) from error


class _LimitedEnvironment(NamingEnvironment):
    """Liquid with bounds that a template cannot exceed, however it loops."""

    loop_iteration_limit = _LOOP_LIMIT
    output_stream_limit = _OUTPUT_LIMIT
    local_namespace_limit = _NAMESPACE_LIMIT


class _EscapingOutputNode(OutputNode):
    """``{{ … }}``, escaped."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        return buffer.write(_escaped(self.expression.evaluate(context)))


class _EscapingOutput(NamingOutput):
    node_class = _EscapingOutputNode


class _EscapingEchoNode(EchoNode):
    """``{% echo … %}``, escaped."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        return buffer.write(_escaped(self.expression.evaluate(context)))


class _EscapingEcho(EchoTag):
    node_class = _EscapingEchoNode


class _EscapingCycleNode(CycleNode):
    """``{% cycle … %}``, escaped."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        written = StringIO()
        super().render_to_output(context, written)
        return buffer.write(_escaped(written.getvalue()))


class _EscapingCycle(CycleTag):
    node_class = _EscapingCycleNode


class _MarkupCaptureNode(CaptureNode):
    """``{% capture … %}``: what was written inside is escaped already."""

    def _assign(self, context: RenderContext, buf: StringIO) -> None:
        context.assign(self.name, Markup(buf.getvalue()))


class _MarkupCapture(CaptureTag):
    node_class = _MarkupCaptureNode


def environment(grant_read_access: Callable[[str], str]) -> Environment:
    """Liquid with the filters of Amazon A2I."""
    made = _LimitedEnvironment()
    for tag in (_EscapingOutput, _EscapingEcho, _EscapingCycle, _MarkupCapture):
        made.add_tag(tag)
    # A task template is one document: there is nothing to include.
    for name in ("include", "render"):
        del made.tags[name]
    for name in ("safe", "escapejs"):
        del made.filters[name]

    def granted(value: object) -> str:
        return grant_read_access(_s3_uri(value))

    made.add_filter("grant_read_access", granted)
    made.add_filter("escape", lambda value: Markup(_escaped(value)))
    made.add_filter("escape_once", _escape_once)
    made.add_filter("newline_to_br", _newline_to_br)
    made.add_filter("skip_autoescape", lambda value: Markup(_shown(value)))
    made.add_filter("to_json", _to_json)
    return made


def _shown(value: object) -> str:
    """A value as text: objects and lists as JSON, where Liquid would run lists together."""
    if value is None or isinstance(value, Undefined):
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, range):
        return f"{value.start}..{value.stop - 1}"
    if isinstance(value, bool | dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=_shown)
    return str(value)


def _escaped(value: object) -> str:
    return str(value) if isinstance(value, Markup) else _shown(value).translate(_ENTITIES)


def _escape_once(value: object) -> Markup:
    text = _BARE.sub(lambda bare: bare.group().translate(_ENTITIES), _shown(value))
    return Markup(text)


def _newline_to_br(value: object) -> Markup:
    return Markup(re.sub(r"\r?\n", "<br />\n", _escaped(value)))


def _to_json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=_json_of)
    # Equal JSON, in which no "</script>" can end a script element early.
    return text.replace("<", r"\u003c")


def _json_of(value: object) -> Any:
    return None if isinstance(value, Undefined) else _shown(value)


def _s3_uri(value: object) -> str:
    """The ``s3://bucket/key`` URI that ``value`` stands for.

    What a capture block wrote was escaped for HTML; a key has to be as it was.
    """
    given = value.unescape() if isinstance(value, Markup) else _shown(value)
    try:
        place = location(given.strip())
    except ValueError:
        place = Location("", "")
    if not place.key.strip("/"):
        raise RenderError(f'"grant_read_access" input is not a valid S3 URI: "{given}".')
    return f"s3://{place.bucket}/{place.key}"


def _described(error: LiquidError) -> str:
    """A Liquid error on one line, with where it happened."""
    message = str(error.message or type(error).__name__)
    place = error.context()
    return f"{message} (line {place[0]}, column {place[1] + 1})" if place else message
