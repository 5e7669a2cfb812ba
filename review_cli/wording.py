"""Words of sentences that commands print."""

from botocore.exceptions import ClientError


def words(error: ClientError) -> str:
    """AWS's own words, to stand in a sentence."""
    return " ".join(error.response["Error"].get("Message", "no reason given").split()).rstrip(".")


def counted(count: int, noun: str) -> str:
    """``1 item``, ``2 items``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
