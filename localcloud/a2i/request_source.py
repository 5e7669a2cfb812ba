"""The built-in task types: what a service found, as conditions and reviewers look at it."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

DETECT_MODERATION_LABELS = "AWS/Rekognition/DetectModerationLabels/Image/V3"
FORMS = "AWS/Textract/AnalyzeDocument/Forms/V1"

JsonObject = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """A moderation label, or a key and its value in a form.

    :param name: the label's name, or the key's text.
    :param confidence: of the label, or of the key-value block, from 0 to 100.
    :param words: the confidence of each word that key and value are made of.
    :param content: what is shown to a reviewer of this finding: the label, or the blocks.
    """

    name: str
    confidence: float
    words: tuple[float, ...]
    content: tuple[JsonObject, ...]


@dataclass(frozen=True)
class RequestSource:
    """A built-in task type.

    :param name: its AwsManagedHumanLoopRequestSource.
    :param found: the member of the service's answer that lists what it found.
    :param kept: the members of the answer that a reviewer is shown as they are.
    :param findings: what an answer says, finding by finding.
    :param asks_for_keys: whether reviewers are told which keys of a form matter.
    """

    name: str
    found: str
    kept: tuple[str, ...]
    findings: Callable[[JsonObject], tuple[Finding, ...]]
    asks_for_keys: bool

    def selected(self, response: JsonObject, numbers: Collection[int] | None) -> JsonObject:
        """The part of an answer that a reviewer is shown.

        :param numbers: which of its findings; None for all of the answer's list, whatever it has.
        """
        shown = response[self.found]
        if numbers is not None:
            findings = self.findings(response)
            shown = _once(item for number in sorted(numbers) for item in findings[number].content)
        return {self.found: shown, **{key: response[key] for key in self.kept if key in response}}


def camel_case(value: Any) -> Any:
    """The same JSON with every key beginning in lower case, as A2I hands it to reviewers."""
    match value:
        case dict():
            return {key[:1].lower() + key[1:]: camel_case(item) for key, item in value.items()}
        case list() | tuple():
            return [camel_case(item) for item in value]
        case _:
            return value


def _labels(response: JsonObject) -> tuple[Finding, ...]:
    return tuple(
        Finding(label["Name"], label["Confidence"], (), (label,))
        for label in response["ModerationLabels"]
    )


def _pairs(response: JsonObject) -> tuple[Finding, ...]:
    """The keys of a form, each with its value."""
    blocks = {block["Id"]: block for block in response["Blocks"]}
    return tuple(
        _pair(block, blocks) for block in blocks.values() if "KEY" in block.get("EntityTypes", ())
    )


def _pair(key: JsonObject, blocks: dict[str, JsonObject]) -> Finding:
    children = _related(key, "CHILD", blocks)
    values = _related(key, "VALUE", blocks)
    contents = [child for value in values for child in _related(value, "CHILD", blocks)]
    words = tuple(block for block in (*children, *contents) if block["BlockType"] == "WORD")
    return Finding(
        name=" ".join(block["Text"] for block in children if "Text" in block),
        confidence=key["Confidence"],
        words=tuple(word["Confidence"] for word in words),
        content=(key, *values, *children, *contents),
    )


def _related(block: JsonObject, kind: str, blocks: dict[str, JsonObject]) -> list[JsonObject]:
    return [
        blocks[id_]
        for relationship in block.get("Relationships", ())
        if relationship["Type"] == kind
        for id_ in relationship["Ids"]
    ]


def _once(items: Iterable[JsonObject]) -> list[JsonObject]:
    """Each item once: two keys may have one value."""
    return list({id(item): item for item in items}.values())


REQUEST_SOURCES = {
    DETECT_MODERATION_LABELS: RequestSource(
        name=DETECT_MODERATION_LABELS,
        found="ModerationLabels",
        kept=("ModerationModelVersion",),
        findings=_labels,
        asks_for_keys=False,
    ),
    FORMS: RequestSource(name=FORMS, found="Blocks", kept=(), findings=_pairs, asks_for_keys=True),
}
"""The built-in task types by their AwsManagedHumanLoopRequestSource."""
