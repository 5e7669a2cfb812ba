"""Amazon Textract's AnalyzeDocument.

https://docs.aws.amazon.com/textract/latest/dg/API_AnalyzeDocument.html
"""

from typing import Any

from localcloud.a2i.request_source import FORMS
from localcloud.ai_service import Operation, Refused

_JPEG, _PNG, _PDF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-"
_TIFF = (b"II*\0", b"MM\0*")
# What is found whichever features are asked for, and what each of them adds.
_TEXT = {"PAGE", "LINE", "WORD"}
_FOUND_BY = {
    "FORMS": {"KEY_VALUE_SET", "SELECTION_ELEMENT"},
    "TABLES": {"TABLE", "CELL", "MERGED_CELL", "TABLE_TITLE", "TABLE_FOOTER", "SELECTION_ELEMENT"},
    "QUERIES": {"QUERY", "QUERY_RESULT"},
    "SIGNATURES": {"SIGNATURE"},
}


def _answered(request: dict[str, Any], recorded: dict[str, Any]) -> dict[str, Any]:
    """The blocks of the features that the request asks for."""
    features = request["FeatureTypes"]
    if not features:
        raise Refused("InvalidParameterException", "FeatureTypes must name a feature")
    if "HumanLoopConfig" in request and "FORMS" not in features:
        raise Refused(
            "InvalidParameterException",
            f"with a HumanLoopConfig, FeatureTypes must have FORMS; got {', '.join(features)}",
        )
    shown = _TEXT.union(*(_FOUND_BY.get(feature, ()) for feature in features))
    blocks = [
        block
        for block in recorded["Blocks"]
        if block["BlockType"] in shown
        or ("LAYOUT" in features and block["BlockType"].startswith("LAYOUT"))
    ]
    return {**recorded, "Blocks": _without_ties(blocks)}


def _without_ties(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks without their relationships to blocks that are not among them."""
    there = {block["Id"] for block in blocks}

    def tied(block: dict[str, Any]) -> dict[str, Any]:
        ties = [
            {**tie, "Ids": ids}
            for tie in block.get("Relationships", ())
            if (ids := [id_ for id_ in tie["Ids"] if id_ in there])
        ]
        others = {key: value for key, value in block.items() if key != "Relationships"}
        return {**others, "Relationships": ties} if ties else others

    return [tied(block) for block in blocks]


ANALYZE = Operation(
    service="textract",
    name="AnalyzeDocument",
    source=FORMS,
    member="Document",
    formats=(_JPEG, _PNG, _PDF, *_TIFF),
    object_bytes=10 * 1024 * 1024,
    unsupported=("UnsupportedDocumentException", "Request has unsupported document format"),
    too_large=("DocumentTooLargeException", "Document size is too large"),
    answered=_answered,
)
"""AnalyzeDocument."""
