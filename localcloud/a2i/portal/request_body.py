"""What a browser sends: forms and answers, checked before anything is done with them."""

from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request

from localcloud.a2i import json_text
from localcloud.a2i.portal.pages import Refusal

ANSWER_LIMIT = 4 * 1024 * 1024
_FORM_LIMIT = 4096


async def form_field(request: Request, name: str) -> str:
    """One field of a form; empty when the form does not have it."""
    body = await _body(request, _FORM_LIMIT)
    return parse_qs(body.decode(errors="replace")).get(name, [""])[0]


async def answer_content(request: Request) -> dict[str, Any]:
    """The answer that a task page hands over."""
    body = await _body(request, ANSWER_LIMIT)
    try:
        answer = json_text.parsed(body)
    except ValueError as error:
        raise _bad_answer(f"The answer is not JSON: {error}.") from error
    match answer:
        case {"answerContent": dict(content)}:
            return content
    raise _bad_answer("The answer has no object named answerContent.")


async def _body(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise Refusal(413, "Too large", f"At most {limit} bytes can be sent.")
    return bytes(body)


def _bad_answer(text: str) -> Refusal:
    return Refusal(400, "The answer cannot be read", text)
