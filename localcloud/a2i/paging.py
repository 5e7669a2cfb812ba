"""Lists a page at a time: filters, orders and next tokens."""

import base64
import binascii
import json
from collections.abc import Iterable
from typing import Any

from localcloud.a2i.clock import milliseconds, sortable
from localcloud.a2i.errors import ValidationException
from localcloud.a2i.store import Document, JsonObject

PAGE = 10
"""How many items a page has when the caller does not say: few, so that who never asks for the
next page is found out."""


def token(key: str) -> str:
    """A next token that leads on from a key."""
    return base64.urlsafe_b64encode(json.dumps({"after": key}).encode()).decode()


def token_key(given: str) -> str:
    """The key that a next token leads on from."""
    try:
        key = json.loads(base64.urlsafe_b64decode(given))["after"]
    except (binascii.Error, ValueError, TypeError, KeyError) as error:
        raise ValidationException(f"Invalid NextToken: {given}") from error
    if not isinstance(key, str):
        raise ValidationException(f"Invalid NextToken: {given}")
    return key


def page(
    documents: Iterable[Document], request: dict[str, Any]
) -> tuple[list[JsonObject], dict[str, str]]:
    """The bodies a list request asks for, and what the answer says about the next page.

    :param documents: of one kind; each body has its ``name`` and the time it was ``created``.
    """
    by_name = request.get("SortBy") == "Name"
    keyed = {
        body["name"] if by_name else f"{sortable(body['created'])}/{body['name']}": body
        for body in (document.body for document in documents)
        if _wanted(body, request)
    }
    descending = request.get("SortOrder") == "Descending"
    keys = sorted(keyed, reverse=descending)
    if given := request.get("NextToken"):
        last = token_key(given)
        keys = [key for key in keys if (key < last if descending else key > last)]
    size = request.get("MaxResults", PAGE)
    following = {"NextToken": token(keys[size - 1])} if len(keys) > size else {}
    return [keyed[key] for key in keys[:size]], following


def _wanted(body: JsonObject, request: dict[str, Any]) -> bool:
    after, before = request.get("CreationTimeAfter"), request.get("CreationTimeBefore")
    return (
        request.get("NameContains", "").lower() in body["name"].lower()
        and (after is None or body["created"] >= milliseconds(after))
        and (before is None or body["created"] < milliseconds(before))
    )
