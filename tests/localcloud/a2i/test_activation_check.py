"""Activation conditions that are refused when a flow definition is created."""

import json
from typing import Any

import pytest

from localcloud.a2i.activation import check_conditions
from localcloud.a2i.errors import ValidationException
from localcloud.a2i.request_source import DETECT_MODERATION_LABELS, FORMS
from tests.localcloud.a2i.findings import form_key, missing, moderation, sampling, simple


def check(source: str, *conditions: Any) -> None:
    check_conditions(source, json.dumps({"Conditions": conditions}))


@pytest.mark.parametrize("percentage", [0.01, 5, 99.99, 100])
@pytest.mark.parametrize("source", [DETECT_MODERATION_LABELS, FORMS])
def test_a_sample_of_either_service_is_taken(source: str, percentage: float) -> None:
    check(source, sampling(percentage))


@pytest.mark.parametrize("percentage", [0, 0.009, 100.1, -5, "5", None, True])
def test_a_sample_outside_its_bounds_is_refused(percentage: Any) -> None:
    with pytest.raises(ValidationException, match=r"must be a number from 0\.01 to 100"):
        check(FORMS, sampling(percentage))


@pytest.mark.parametrize("parameters", [{}, {"RandomSamplingPercentage": 5, "Confidence": 5}])
def test_a_sample_has_its_percentage_and_nothing_else(parameters: dict[str, float]) -> None:
    with pytest.raises(ValidationException, match="RandomSamplingPercentage, and nothing else"):
        check(FORMS, simple("Sampling", **parameters))


@pytest.mark.parametrize(
    ("source", "condition", "message"),
    [
        (FORMS, moderation("Alcohol"), "is not one of ImportantFormKeyConfidenceCheck"),
        (DETECT_MODERATION_LABELS, missing("Name"), "is not one of ModerationLabel"),
        (
            DETECT_MODERATION_LABELS,
            simple("ModerationLabelConfidenceCheck", ConfidenceLessThan=5),
            "must have a ModerationLabelName",
        ),
        (DETECT_MODERATION_LABELS, moderation(""), "must have a ModerationLabelName"),
        (
            DETECT_MODERATION_LABELS,
            moderation("Alcohol", ConfidenceLess=5),
            "ConfidenceLess is not one of the ConditionParameters",
        ),
        (
            DETECT_MODERATION_LABELS,
            moderation("Alcohol", KeyValueBlockConfidenceLessThan=5),
            "KeyValueBlockConfidenceLessThan is not one of",
        ),
        (
            DETECT_MODERATION_LABELS,
            moderation("Alcohol", ConfidenceLessThan=100.5),
            "ConfidenceLessThan must be a number from 0 to 100; got 100.5",
        ),
        (FORMS, simple("MissingImportantFormKey"), "must have a ImportantFormKey"),
        (
            FORMS,
            {**sampling(5), "Or": [missing("Name"), missing("Date")]},
            "ConditionParameters and nothing else; got Or",
        ),
        (FORMS, {**sampling(5), "And": []}, "ConditionParameters and nothing else; got And"),
        (
            FORMS,
            form_key("Name", ImportantFormKeyAliases="Nom"),
            "ImportantFormKeyAliases must be a list of strings",
        ),
        (
            FORMS,
            simple("MissingImportantFormKey", ImportantFormKey="Name", WordBlockConfidenceEquals=5),
            "WordBlockConfidenceEquals is not one of",
        ),
        (
            FORMS,
            form_key("Name", WordBlockConfidenceEquals="85"),
            "WordBlockConfidenceEquals must be a number",
        ),
    ],
)
def test_a_condition_that_could_never_mean_what_it_says_is_refused(
    source: str, condition: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationException, match=message):
        check(source, {"Or": [sampling(5), condition]})
