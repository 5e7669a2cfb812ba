"""Which way an item goes: on its own, or by a person."""

from enum import StrEnum
from hashlib import sha256


class Route(StrEnum):
    """Why a person is asked, or that none is."""

    ACCEPTED = "accepted"
    CONFIDENCE = "confidence"
    AUDIT = "audit"
    ACTIVATED = "activated"
    """By the activation conditions of a built-in task type."""


def route(item_id: str, confidence: float, threshold: float, audit_percentage: float) -> Route:
    """Choose the way of one item; the same item always goes the same way."""
    if confidence < threshold:
        return Route.CONFIDENCE
    return Route.AUDIT if is_audited(item_id, audit_percentage) else Route.ACCEPTED


def is_audited(item_id: str, percentage: float) -> bool:
    """Say whether the item is in the sample: by its id, so that a retry cannot change it."""
    digest = sha256(item_id.encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48 * 100 < percentage
