"""Activation conditions: what they may say, and the JSON that the service takes."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from human_review import WorkflowSpec
from human_review.activation import (
    MAX_CHARACTERS,
    REKOGNITION,
    TEXTRACT,
    And,
    Condition,
    ImportantFormKeyConfidenceCheck,
    MissingImportantFormKey,
    ModerationLabelConfidenceCheck,
    Or,
    RequestSource,
    Sampling,
    render,
)

SAMPLING: dict[str, Any] = {"Sampling": {"RandomSamplingPercentage": 5}}


def label(name: str = "Suggestive", **comparisons: Any) -> dict[str, Any]:
    return {"ModerationLabelConfidenceCheck": {"ModerationLabelName": name, **comparisons}}


def form_key(**parameters: Any) -> dict[str, Any]:
    return {"ImportantFormKeyConfidenceCheck": {"ImportantFormKey": "Pay Date", **parameters}}


def workflow(folder: Path, activation: Any, source: RequestSource = REKOGNITION) -> WorkflowSpec:
    """A workflow of a built-in task type with these conditions."""
    (folder / "template.liquid").write_text('<crowd-form><input name="answer"></crowd-form>')
    document = {
        "name": "images",
        "task": {"title": "Look", "description": "Look at it"},
        "workteam": "reviewers",
        "request_source": source,
        "input_buckets": ["my-images"],
        "activation": activation,
    }
    (folder / "workflow.yaml").write_text(yaml.safe_dump(document))
    return WorkflowSpec.from_folder(folder)


def rendered(condition: Condition, source: RequestSource) -> Any:
    (only,) = json.loads(render([condition], source))["Conditions"]
    return only


def test_a_moderation_label_is_compared_in_awss_words() -> None:
    condition = ModerationLabelConfidenceCheck(
        moderation_label_name="Graphic Male Nudity",
        confidence_greater_than_equals=90,
        confidence_less_than=99.5,
    )

    assert rendered(condition, REKOGNITION) == {
        "ConditionType": "ModerationLabelConfidenceCheck",
        "ConditionParameters": {
            "ModerationLabelName": "Graphic Male Nudity",
            "ConfidenceLessThan": 99.5,
            "ConfidenceGreaterThanEquals": 90,
        },
    }


def test_a_form_key_has_aliases_and_two_measures() -> None:
    condition = ImportantFormKeyConfidenceCheck(
        important_form_key="Pay Date",
        important_form_key_aliases=["PayDate", "pay-date"],
        key_value_block_confidence_less_than=65,
        word_block_confidence_less_than=85,
    )

    assert rendered(condition, TEXTRACT)["ConditionParameters"] == {
        "ImportantFormKey": "Pay Date",
        "ImportantFormKeyAliases": ["PayDate", "pay-date"],
        "KeyValueBlockConfidenceLessThan": 65,
        "WordBlockConfidenceLessThan": 85,
    }


def test_a_missing_key_and_a_sample_combine() -> None:
    condition = And(
        conditions=[
            MissingImportantFormKey(important_form_key="Pay Date"),
            Or(
                conditions=[
                    Sampling(random_sampling_percentage=0.01),
                    Sampling(random_sampling_percentage=100),
                ]
            ),
        ]
    )

    assert rendered(condition, TEXTRACT) == {
        "And": [
            {
                "ConditionType": "MissingImportantFormKey",
                "ConditionParameters": {"ImportantFormKey": "Pay Date"},
            },
            {
                "Or": [
                    {
                        "ConditionType": "Sampling",
                        "ConditionParameters": {"RandomSamplingPercentage": percentage},
                    }
                    for percentage in (0.01, 100)
                ]
            },
        ]
    }


def test_the_same_conditions_are_the_same_text() -> None:
    def text(percentage: float) -> str:
        return render([Sampling(random_sampling_percentage=percentage)], REKOGNITION)

    assert text(5) == text(5.0)
    assert text(5) == (
        '{"Conditions":[{"ConditionType":"Sampling",'
        '"ConditionParameters":{"RandomSamplingPercentage":5}}]}'
    )


def test_conditions_are_frozen() -> None:
    condition = Sampling(random_sampling_percentage=5)

    with pytest.raises(ValueError, match="frozen"):
        condition.random_sampling_percentage = 6


def test_the_yaml_form_means_the_same(tmp_path: Path) -> None:
    spec = workflow(tmp_path, [{"Or": [label(ConfidenceLessThan=98), SAMPLING]}])

    assert spec.activation == [
        Or(
            conditions=[
                ModerationLabelConfidenceCheck(
                    moderation_label_name="Suggestive", confidence_less_than=98
                ),
                Sampling(random_sampling_percentage=5),
            ]
        )
    ]


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        pytest.param(
            {"Samplng": {}}, "0.Samplng is not a key here; did you mean Sampling? ", id="type"
        ),
        pytest.param(
            {"Sampling": {"RandomSamplingPercent": 5}},
            "0.Sampling.RandomSamplingPercent is not a key here; did you mean RandomSamplingPer",
            id="parameter",
        ),
        pytest.param(
            {"Sampling": {"random_sampling_percentage": 5}},
            "0.Sampling.random_sampling_percentage is not a key here",
            id="not AWS's word",
        ),
        pytest.param(
            {"Sampling": {"RandomSamplingPercentage": 0}},
            "0.Sampling.RandomSamplingPercentage must be between 0.01 and 100, got 0",
            id="nobody",
        ),
        pytest.param(
            label(ConfidenceLessThan=101),
            "0.ModerationLabelConfidenceCheck.ConfidenceLessThan must be between 0 and 100",
            id="confidence",
        ),
        pytest.param(
            label(ConfidenceLessThan=float("nan")), "must be between 0 and 100, got nan", id="nan"
        ),
        pytest.param(
            label(ConfidenceLessThan=True), "must be a number, got True", id="a yes is no number"
        ),
        pytest.param(label(" ", ConfidenceLessThan=1), "must be text, not empty", id="no name"),
        pytest.param(label(), "needs at least one comparison: Confidence{Equals,", id="nothing"),
        pytest.param(
            label(ConfidenceEquals=5, ConfidenceLessThan=6),
            "must have only one of ConfidenceEquals and ConfidenceLessThan",
            id="equals and a range",
        ),
        pytest.param(
            label(ConfidenceLessThan=5, ConfidenceLessThanEquals=6),
            "must have only one of ConfidenceLessThan and ConfidenceLessThanEquals",
            id="two upper ends",
        ),
        pytest.param(
            label(ConfidenceLessThan=60, ConfidenceGreaterThan=90),
            "can never hold: no confidence is ConfidenceLessThan 60 and ConfidenceGreaterThan 90",
            id="contradiction",
        ),
        pytest.param(
            label(ConfidenceLessThan=60, ConfidenceGreaterThanEquals=60), "can never", id="touching"
        ),
        pytest.param(label(ConfidenceLessThan=0), "can never hold", id="below nothing"),
        pytest.param(label(ConfidenceGreaterThan=100), "can never hold", id="above all"),
        pytest.param(
            {"And": [label(ConfidenceLessThan=60), label(ConfidenceGreaterThan=90)]},
            "0.And can never hold: no confidence of Suggestive is in all its ranges",
            id="contradiction of two",
        ),
        pytest.param(
            {"Or": [SAMPLING]}, "0.Or must combine at least 2 conditions, it has 1", id="one"
        ),
        pytest.param(
            {"Or": [{"And": [{"Or": [SAMPLING] * 2}, SAMPLING]}, SAMPLING]},
            "0.Or must not be nested more than 2 levels deep",
            id="three levels",
        ),
        pytest.param({}, "0 must have one key: a condition type, And or Or", id="empty"),
        pytest.param({**SAMPLING, **label(ConfidenceLessThan=1)}, "must have one key", id="two"),
        pytest.param("Sampling", "0 must be a mapping of keys to values", id="text"),
    ],
)
def test_a_mistake_has_its_file_and_its_place(tmp_path: Path, condition: Any, message: str) -> None:
    with pytest.raises(ValueError, match=r"workflow\.yaml") as error:
        workflow(tmp_path, [condition])

    assert str(error.value).startswith(f"{tmp_path / 'workflow.yaml'}: activation.0")
    assert message in str(error.value)


@pytest.mark.parametrize(
    "condition",
    [
        label(ConfidenceEquals=5),
        label(ConfidenceGreaterThanEquals=60, ConfidenceLessThanEquals=60),
        {"And": [label(ConfidenceLessThan=99), label(ConfidenceGreaterThan=90)]},
        {"And": [label("*", ConfidenceLessThan=60), label("*", ConfidenceGreaterThan=90)]},
        {"And": [label("A", ConfidenceLessThan=60), label("B", ConfidenceGreaterThan=90)]},
        {
            "Or": [
                label(ConfidenceLessThan=60),
                {"And": [SAMPLING, label(ConfidenceGreaterThan=90)]},
            ]
        },
    ],
)
def test_what_can_hold_is_accepted(tmp_path: Path, condition: Any) -> None:
    assert workflow(tmp_path, [condition]).activation is not None


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        pytest.param(
            form_key(KeyValueBlockConfidenceEquals=5, KeyValueBlockConfidenceLessThan=6),
            "only one of KeyValueBlockConfidenceEquals and KeyValueBlockConfidenceLessThan",
            id="equals",
        ),
        pytest.param(
            form_key(
                ImportantFormKey="*", ImportantFormKeyAliases=["a"], WordBlockConfidenceLessThan=5
            ),
            "needs no ImportantFormKeyAliases, as * stands for every key",
            id="aliases of all",
        ),
        pytest.param(
            {"MissingImportantFormKey": {"ImportantFormKey": "*"}},
            "must be the text of a key",
            id="any key is missing",
        ),
    ],
)
def test_mistakes_in_conditions_on_forms(tmp_path: Path, condition: Any, message: str) -> None:
    with pytest.raises(ValueError, match=r"workflow\.yaml") as error:
        workflow(tmp_path, [condition], TEXTRACT)

    assert message in str(error.value)


def test_a_condition_belongs_to_its_service(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"workflow\.yaml") as error:
        workflow(tmp_path, [{"Or": [label(ConfidenceLessThan=5), SAMPLING]}], TEXTRACT)

    assert str(error.value).endswith(
        "activation has ModerationLabelConfidenceCheck, which is not for "
        "AWS/Textract/AnalyzeDocument/Forms/V1, allowed: ImportantFormKeyConfidenceCheck, "
        "MissingImportantFormKey, Sampling"
    )


def test_no_condition_at_all_is_no_list() -> None:
    with pytest.raises(ValueError, match="at least one condition"):
        render([], REKOGNITION)


def test_the_json_has_a_limit() -> None:
    aliases = ["é" * 100] * (MAX_CHARACTERS // 103)
    condition = MissingImportantFormKey(
        important_form_key="a" * 20, important_form_key_aliases=aliases
    )

    with pytest.raises(ValueError, match=r"at most 10240 characters of JSON, it has 10\d\d\d"):
        render([condition], TEXTRACT)
