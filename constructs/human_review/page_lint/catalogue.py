"""The elements that Amazon A2I documents for task pages, with their attributes and regions.

https://docs.aws.amazon.com/sagemaker/latest/dg/sms-ui-template-reference.html and, for the last
two, https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-custom-templates.html. An attribute that
the reference's own examples use is listed too, though its page may not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Element:
    """A documented element.

    :param attributes: beside those that every HTML element has.
    :param regions: elements that may stand in it, with what they are for.
    :param is_field: whether it puts something into the answer.
    :param repeats: whether several of one name make one answer, as radio buttons do.
    :param answers_as: its key in the answer when that is not its ``name``.
    :param has_form: whether it brings a form and a submit button of its own.
    """

    attributes: frozenset[str]
    regions: frozenset[str] = frozenset()
    is_field: bool = False
    repeats: bool = False
    answers_as: str = ""
    has_form: bool = False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_INSTRUCTIONS = _words("full-instructions short-instructions")
_TEXT = (
    "allowed-pattern auto-focus auto-validate disabled error-message label max-length name "
    "placeholder required value"
)


def _shows(attributes: str, regions: frozenset[str] = frozenset()) -> Element:
    return Element(_words(attributes), regions)


def _asks(attributes: str, regions: frozenset[str] = _INSTRUCTIONS) -> Element:
    return Element(_words(attributes), regions, is_field=True)


def _switch(attributes: str) -> Element:
    return Element(_words(attributes), is_field=True, repeats=True)


ELEMENTS: Mapping[str, Element] = MappingProxyType(
    {
        "crowd-alert": _shows("dismissible type"),
        "crowd-badge": _shows("for icon label"),
        "crowd-bounding-box": _asks("header initial-value labels name src"),
        "crowd-button": _shows(
            "disabled form-action href icon icon-align icon-url loading target type variant"
        ),
        "crowd-card": _shows("heading image"),
        "crowd-checkbox": _switch("checked disabled name required value"),
        "crowd-classifier": _asks(
            "categories header initial-value name", _INSTRUCTIONS | {"classification-target"}
        ),
        "crowd-classifier-multi-select": _asks(
            "categories exclusion-category header name", _INSTRUCTIONS | {"classification-target"}
        ),
        "crowd-entity-annotation": Element(
            _words("header initial-value labels name text"),
            _INSTRUCTIONS,
            is_field=True,
            has_form=True,
        ),
        "crowd-fab": _shows("disabled icon label title"),
        "crowd-form": _shows("answer-format"),
        "crowd-icon-button": _shows("disabled icon"),
        "crowd-image-classifier": _asks(
            "categories header name overlay src", _INSTRUCTIONS | {"worker-comment"}
        ),
        "crowd-image-classifier-multi-select": _asks(
            "categories exclusion-category header name src"
        ),
        "crowd-input": _asks(f"{_TEXT} min-length type", frozenset()),
        "crowd-instance-segmentation": _asks("header initial-value labels name src"),
        "crowd-instructions": _shows(
            "link-text link-type",
            _words("detailed-instructions negative-example positive-example short-summary"),
        ),
        "crowd-keypoint": _asks("header initial-value labels name src"),
        "crowd-line": _asks("header initial-value label-colors labels name src"),
        "crowd-modal": _shows("link-text link-type"),
        "crowd-polygon": _asks("header initial-value labels name src"),
        "crowd-polyline": _asks("header initial-value label-colors labels name src"),
        "crowd-radio-button": _switch("checked disabled name value"),
        "crowd-radio-group": _shows("allow-empty-selection disabled name"),
        "crowd-semantic-segmentation": _asks("header initial-value labels name src"),
        "crowd-slider": _asks(
            "disabled editable max min name pin required secondary-progress step value", frozenset()
        ),
        "crowd-tab": _shows("header"),
        "crowd-tabs": _shows(""),
        "crowd-text-area": _asks(f"{_TEXT} char-counter max-rows rows", frozenset()),
        "crowd-toast": _shows("duration opened text"),
        "crowd-toggle-button": _switch("checked disabled invalid name required value"),
        "crowd-rekognition-detect-moderation-labels": Element(
            _words("categories exclusion-category header name src"),
            _INSTRUCTIONS,
            is_field=True,
            answers_as="AWS/Rekognition/DetectModerationLabels/Image/V3",
        ),
        "crowd-textract-analyze-document": Element(
            _words("block-types header initial-value keys name no-geometry-edit no-key-edit src"),
            _INSTRUCTIONS,
            is_field=True,
            answers_as="AWS/Textract/AnalyzeDocument/Forms/V1",
        ),
    }
)

REGIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "classification-target": frozenset(),
        "detailed-instructions": frozenset(),
        "full-instructions": _words("header"),
        "negative-example": frozenset(),
        "positive-example": frozenset(),
        "short-instructions": _words("header"),
        "short-summary": frozenset(),
        "worker-comment": _words("header link-text placeholder"),
    }
)
"""The attributes of each region, beside those that every HTML element has."""

GLOBAL_ATTRIBUTES = _words(
    "accesskey autocapitalize autofocus class contenteditable dir draggable enterkeyhint hidden id "
    "inert inputmode is itemid itemprop itemref itemscope itemtype lang nonce part popover role "
    "slot spellcheck style tabindex title translate"
)
"""What every HTML element may have, beside ``aria-…``, ``data-…`` and ``on…``."""

FORM_ATTRIBUTES = _words(
    "accept-charset action autocomplete enctype method name novalidate rel target"
)
"""What a ``crowd-form`` hands to the form it makes."""
