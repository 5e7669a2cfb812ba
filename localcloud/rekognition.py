"""Amazon Rekognition's DetectModerationLabels.

https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DetectModerationLabels.html
"""

from typing import Any

from localcloud.a2i.request_source import DETECT_MODERATION_LABELS
from localcloud.ai_service import Operation, Refused

_MIN_CONFIDENCE = 50
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"


def _answered(request: dict[str, Any], recorded: dict[str, Any]) -> dict[str, Any]:
    """The labels of at least the confidence that the request asks for."""
    if version := request.get("ProjectVersion"):
        raise Refused("ResourceNotFoundException", f"there is no adapter {version}")
    least = request.get("MinConfidence", _MIN_CONFIDENCE)
    labels = [label for label in recorded["ModerationLabels"] if label["Confidence"] >= least]
    return {**recorded, "ModerationLabels": labels}


DETECT = Operation(
    service="rekognition",
    name="DetectModerationLabels",
    source=DETECT_MODERATION_LABELS,
    member="Image",
    formats=(_JPEG, _PNG),
    object_bytes=15 * 1024 * 1024,
    unsupported=("InvalidImageFormatException", "Request has unsupported image format"),
    too_large=("ImageTooLargeException", "Image size is too large"),
    answered=_answered,
)
"""DetectModerationLabels."""
