"""The flow definition operations."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.localcloud.a2i.fake_cloud import ARN, ROLE, Clock, Later

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient


REKOGNITION = "AWS/Rekognition/DetectModerationLabels/Image/V3"


def status(sagemaker: "SageMakerClient", name: str = "sentiment") -> str:
    found = sagemaker.describe_flow_definition(FlowDefinitionName=name)
    return found["FlowDefinitionStatus"]


def test_a_flow_definition_takes_a_moment_to_become_active(
    sagemaker: "SageMakerClient", flow_definition_request: dict[str, Any], later: Later
) -> None:
    arn = sagemaker.create_flow_definition(**flow_definition_request)["FlowDefinitionArn"]

    assert arn == f"{ARN}:flow-definition/sentiment"
    assert status(sagemaker) == "Initializing"
    later()
    assert status(sagemaker) == "Active"


def test_describe_shows_what_was_given(
    sagemaker: "SageMakerClient", flow_definition_request: dict[str, Any]
) -> None:
    flow_definition_request |= {"HumanLoopConfig": flow_definition_request["HumanLoopConfig"]}
    flow_definition_request["HumanLoopConfig"] |= {
        "TaskAvailabilityLifetimeInSeconds": 60,
        "TaskTimeLimitInSeconds": 30,
        "TaskKeywords": ["sentiment", "product reviews"],
    }
    flow_definition_request["OutputConfig"]["KmsKeyId"] = "alias/reviews"
    sagemaker.create_flow_definition(**flow_definition_request)

    shown = sagemaker.describe_flow_definition(FlowDefinitionName="sentiment")

    for key, value in flow_definition_request.items():
        assert shown[key] == value  # type: ignore[literal-required] # each key of the request


def test_it_fails_when_what_it_needs_goes_before_it_is_active(
    sagemaker: "SageMakerClient", flow_definition_request: dict[str, Any], later: Later
) -> None:
    sagemaker.create_flow_definition(**flow_definition_request)
    sagemaker.delete_human_task_ui(HumanTaskUiName="page")
    later()

    shown = sagemaker.describe_flow_definition(FlowDefinitionName="sentiment")
    assert shown["FlowDefinitionStatus"] == "Failed"
    assert "human-task-ui/page does not exist" in shown["FailureReason"]
    sagemaker.delete_flow_definition(FlowDefinitionName="sentiment")
    later()
    assert sagemaker.list_flow_definitions()["FlowDefinitionSummaries"] == []


def test_a_name_is_taken(
    sagemaker: "SageMakerClient", flow_definition: str, flow_definition_request: dict[str, Any]
) -> None:
    with pytest.raises(sagemaker.exceptions.ResourceInUse, match="sentiment already exists"):
        sagemaker.create_flow_definition(**flow_definition_request)


PUBLIC = "arn:aws:sagemaker:us-west-2:394669845002:workteam/public-crowd/default"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"FlowDefinitionName": "Sentiment"}, "regular expression", id="upper case"),
        pytest.param({"RoleArn": f"{ROLE}-2"}, "Could not assume role.*reviews-2", id="role"),
        pytest.param({"RoleArn": "reviews"}, "'roleArn' failed to satisfy", id="role name"),
        pytest.param(
            {"OutputConfig": {"S3OutputPath": "s3://missing"}}, "does not exist", id="no bucket"
        ),
        pytest.param(
            {"OutputConfig": {"S3OutputPath": "s3://far-away/a"}},
            "is in eu-west-1; it must be in us-west-2",
            id="bucket elsewhere",
        ),
        pytest.param(
            {"OutputConfig": {"S3OutputPath": "https://example.com/a"}},
            "not a valid S3 URI",
            id="an address that is not Amazon S3's",
        ),
        pytest.param(
            {"OutputConfig": {"S3OutputPath": "s3://{bucket}/a"}},
            "not a valid S3 URI: s3://{bucket}/a",
            id="a placeholder",
        ),
        pytest.param({"HumanLoopConfig": None}, "HumanLoopConfig must be", id="no loop config"),
        pytest.param(
            {
                "HumanLoopActivationConfig": {
                    "HumanLoopActivationConditionsConfig": {
                        "HumanLoopActivationConditions": '{"Conditions": []}'
                    }
                }
            },
            "needs HumanLoopRequestSource",
            id="conditions of a custom task type",
        ),
    ],
)
def test_create_refuses(
    sagemaker: "SageMakerClient",
    flow_definition_request: dict[str, Any],
    changes: dict[str, Any],
    message: str,
) -> None:
    request = {k: v for k, v in (flow_definition_request | changes).items() if v is not None}

    with pytest.raises(ClientError, match=f"(?s)ValidationException.*{message}"):
        sagemaker.create_flow_definition(**request)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"WorkteamArn": f"{ARN}:workteam/private-crowd/none"}, "The work team .*does not exist"),
        (
            {"WorkteamArn": PUBLIC},
            "The work team .*public-crowd/default does not exist",
        ),
        ({"HumanTaskUiArn": f"{ARN}:human-task-ui/none"}, "Human task UI .*does not exist"),
        ({"TaskCount": 4}, "'humanLoopConfig.taskCount'.*less than or equal to 3"),
        ({"TaskCount": 0}, "'humanLoopConfig.taskCount'.*greater than or equal to 1"),
        ({"TaskTitle": "x" * 129}, "'humanLoopConfig.taskTitle'.*less than or equal to 128"),
        ({"TaskDescription": "a\nb"}, "'humanLoopConfig.taskDescription'.*regular expression"),
        ({"TaskTimeLimitInSeconds": 29}, "greater than or equal to 30"),
        ({"TaskAvailabilityLifetimeInSeconds": 0}, "greater than or equal to 1"),
        ({"TaskKeywords": list("abcdef")}, "'humanLoopConfig.taskKeywords'.*equal to 5"),
        ({"TaskKeywords": ["a  b"]}, "'humanLoopConfig.taskKeywords.1.member'"),
        (
            {"PublicWorkforceTaskPrice": {"AmountInUsd": {"Dollars": 0, "Cents": 3}}},
            "for the public workforce only",
        ),
    ],
)
def test_create_refuses_a_human_loop_configuration(
    sagemaker: "SageMakerClient",
    flow_definition_request: dict[str, Any],
    changes: dict[str, Any],
    message: str,
) -> None:
    flow_definition_request["HumanLoopConfig"] |= changes

    with pytest.raises(ClientError, match=f"(?s)ValidationException.*{message}"):
        sagemaker.create_flow_definition(**flow_definition_request)


def condition(kind: str) -> dict[str, Any]:
    return {"ConditionType": kind, "ConditionParameters": {"RandomSamplingPercentage": 5}}


SAMPLING = condition("Sampling")


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ("{", "not valid JSON"),
        ('{"Conditions": [NaN]}', "NaN is not a JSON value"),
        ("[" * 10_000, "more than 200 levels deep"),
        ("[]", "list of Conditions"),
        (json.dumps({"Conditions": [condition("Guess")]}), "ConditionType Guess is not one of"),
        (json.dumps({"Conditions": [{"Or": [SAMPLING]}]}), "two or more"),
        (json.dumps({"Conditions": [{}]}), "must have a ConditionType"),
        (
            json.dumps(
                {"Conditions": [{"Or": [SAMPLING, {"And": [SAMPLING, {"Or": [SAMPLING] * 2}]}]}]}
            ),
            "2 levels deep",
        ),
        (
            json.dumps({"Conditions": [SAMPLING | {"ConditionParameters": 5}]}),
            "ConditionParameters of Sampling must be an object",
        ),
    ],
)
def test_create_refuses_activation_conditions(
    sagemaker: "SageMakerClient",
    flow_definition_request: dict[str, Any],
    conditions: str,
    message: str,
) -> None:
    with pytest.raises(ClientError, match=f"(?s)ValidationException.*{message}"):
        sagemaker.create_flow_definition(**flow_definition_request, **activation(conditions))


def activation(conditions: str) -> dict[str, Any]:
    return {
        "HumanLoopRequestSource": {"AwsManagedHumanLoopRequestSource": REKOGNITION},
        "HumanLoopActivationConfig": {
            "HumanLoopActivationConditionsConfig": {"HumanLoopActivationConditions": conditions}
        },
    }


def test_activation_conditions_are_kept_as_they_are(
    sagemaker: "SageMakerClient", flow_definition_request: dict[str, Any]
) -> None:
    given = activation(json.dumps({"Conditions": [{"And": [SAMPLING, SAMPLING]}, SAMPLING]}))
    sagemaker.create_flow_definition(**flow_definition_request, **given)

    shown = sagemaker.describe_flow_definition(FlowDefinitionName="sentiment")
    assert shown["HumanLoopActivationConfig"] == given["HumanLoopActivationConfig"]
    assert shown["HumanLoopRequestSource"] == given["HumanLoopRequestSource"]


def test_a_missing_one_is_not_found(sagemaker: "SageMakerClient") -> None:
    with pytest.raises(sagemaker.exceptions.ResourceNotFound, match="flow-definition/missing"):
        sagemaker.describe_flow_definition(FlowDefinitionName="missing")
    with pytest.raises(sagemaker.exceptions.ResourceNotFound, match="flow-definition/missing"):
        sagemaker.delete_flow_definition(FlowDefinitionName="missing")


def test_lists_have_pages_orders_and_times(
    sagemaker: "SageMakerClient", create_flow_definition: Callable[..., str], clock: Clock
) -> None:
    for name in ("c", "a", "b"):
        clock.forward(60)
        created = clock.time
        create_flow_definition(name)

    def names(**request: Any) -> list[str]:
        pages = sagemaker.get_paginator("list_flow_definitions").paginate(
            **request, PaginationConfig={"PageSize": 2}
        )
        return [
            item["FlowDefinitionName"] for page in pages for item in page["FlowDefinitionSummaries"]
        ]

    assert names() == ["c", "a", "b"]
    assert names(SortOrder="Descending") == ["b", "a", "c"]
    assert names(CreationTimeAfter=created) == ["b"]
    assert names(CreationTimeBefore=created) == ["c", "a"]
    [summary, *_] = sagemaker.list_flow_definitions()["FlowDefinitionSummaries"]
    assert summary["FlowDefinitionStatus"] == "Active"
