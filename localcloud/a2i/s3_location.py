"""Places in Amazon S3, as users write them: ``s3://`` URIs and https addresses."""

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

_HOST = re.compile(r"(?:(?P<bucket>.+)\.)?s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com")
_BUCKET = re.compile(r"[A-Za-z0-9._-]{1,255}")  # what botocore takes, old buckets' names too


class Location(NamedTuple):
    """A place in a bucket: a key, or the beginning of keys."""

    bucket: str
    key: str


def location(uri: str) -> Location:
    """The place that an ``s3://`` URI, or an address of Amazon S3, stands for.

    Raises a ValueError when it is neither.
    """
    if uri.startswith("s3://"):
        # Not split as a URL: a key may hold "?" and "#".
        bucket, _, key = uri.removeprefix("s3://").partition("/")
    else:
        bucket, key = _of_address(uri)
    if not _BUCKET.fullmatch(bucket):
        raise ValueError(f"not a valid S3 URI: {uri}")
    return Location(bucket, key)


def _of_address(url: str) -> tuple[str, str]:
    """The bucket and key of an https address, of either style; no bucket when it has none."""
    scheme, host, path, _, _ = urlsplit(url)
    found = _HOST.fullmatch(host) if scheme in ("http", "https") else None
    if found is None:
        return "", ""
    whole = f"{found['bucket']}{path}" if found["bucket"] else path.removeprefix("/")
    bucket, _, key = whole.partition("/")
    return bucket, unquote(key)
