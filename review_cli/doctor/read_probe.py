"""Reading objects as a flow definition's role, the way a reviewer's browser does.

Only SageMaker can assume the role, so it is asked to render a page with a link to each object. The
links are signed as the role: S3 answers them by the role's policies, the bucket's and the key's.
Rendering makes nothing, so nothing has to be cleaned up.
"""

import json
import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

from botocore.exceptions import ClientError

from review_cli.wording import words

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

_PAGE = (
    "<crowd-form>{% for uri in task.input.uris %}"
    '<a data-uri="{{ uri }}" href="{{ uri | grant_read_access }}"></a>'
    "{% endfor %}</crowd-form>"
)
_SECONDS = 10
_ERROR_CODE = re.compile(rb"<Code>([\w.]+)</Code>")


class NotTriedError(Exception):
    """Nothing can be said of the objects; the message is the reason, without a full stop."""


def refusals(sagemaker: "SageMakerClient", role_arn: str, uris: Sequence[str]) -> dict[str, str]:
    """The objects that the role cannot read, and what S3 answers for each.

    :param uris: ``s3://bucket/key``.
    :raises NotTriedError: when the page is not rendered, or S3 cannot be reached from here.
    """
    if not uris:
        return {}
    links = _links(sagemaker, role_arn, uris)
    answers = {uri: _refusal(links[uri]) for uri in uris}
    return {uri: answer for uri, answer in answers.items() if answer is not None}


def _links(sagemaker: "SageMakerClient", role_arn: str, uris: Sequence[str]) -> Mapping[str, str]:
    task_input = json.dumps({"uris": uris})
    try:
        rendered = sagemaker.render_ui_template(
            UiTemplate={"Content": _PAGE}, Task={"Input": task_input}, RoleArn=role_arn
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationException":
            raise
        raise NotTriedError(words(error)) from error
    if rendered["Errors"]:
        raise NotTriedError(rendered["Errors"][0]["Message"].rstrip("."))
    page = _Links()
    page.feed(rendered["RenderedContent"])
    if not page.found.keys() >= set(uris):
        raise NotTriedError("RenderUiTemplate left links out")
    return page.found


class _Links(HTMLParser):
    """The links of the page, by the URI of their objects."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        uri, address = given.get("data-uri"), given.get("href")
        if tag == "a" and uri and address:
            self.found[uri] = address


def _refusal(address: str) -> str | None:
    """What S3 says instead of handing the object out."""
    try:
        # Only the head of the answer is waited for: the object may be large.
        with urlopen(address, timeout=_SECONDS):  # noqa: S310 - SageMaker signed it
            return None
    except HTTPError as error:
        with error:
            code = _ERROR_CODE.search(error.read(2000))
        return f"{error.code} {code[1].decode()}" if code else str(error.code)
    except (OSError, HTTPException) as error:
        raise NotTriedError(f"S3 cannot be reached from here, {error}") from error
