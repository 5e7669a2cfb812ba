"""What stands for an object in Amazon S3 while a page is previewed."""

import zlib
from html import escape
from pathlib import Path, PurePosixPath

from starlette.responses import FileResponse, Response

_WIDTH, _HEIGHT = 960, 640
_HEADERS = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}


def object_response(folder: Path, bucket: str, key: str) -> Response:
    """The file of that name in examples/, below demo/ or beside the page, else a drawing of it."""
    name = PurePosixPath(key).name
    for pattern in ("examples/*", "demo/**/*", "*"):
        for file in sorted(folder.glob(pattern)):
            if file.name == name and file.is_file() and not file.is_symlink():
                return FileResponse(file, headers=_HEADERS)
    return Response(_placeholder(f"s3://{bucket}/{key}"), 200, _HEADERS, "image/svg+xml")


def _placeholder(uri: str) -> str:
    hue = zlib.crc32(uri.encode()) % 360
    shown = uri if len(uri) <= 60 else f"…{uri[-59:]}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" text-anchor="middle">'
        f'<rect width="100%" height="100%" fill="hsl({hue} 35% 88%)"/>'
        f'<path d="M0 {_HEIGHT} L320 260 L520 470 L680 330 L{_WIDTH} {_HEIGHT} Z" '
        f'fill="hsl({hue} 30% 74%)"/><circle cx="740" cy="160" r="60" fill="hsl({hue} 45% 80%)"/>'
        f'<text x="50%" y="92%" font-size="24" fill="hsl({hue} 45% 22%)">{escape(shown)}</text>'
        "</svg>"
    )
