"""DetectModerationLabels through boto3: what is recorded, human loops, and who may start them."""

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from localcloud.a2i.request_source import DETECT_MODERATION_LABELS, FORMS
from tests.localcloud.ai_services.conftest import (
    IMAGES,
    REGION,
    Caller,
    FlowDefinition,
    allow,
)
from tests.localcloud.conftest import Connect

if TYPE_CHECKING:
    from mypy_boto3_rekognition import RekognitionClient
    from mypy_boto3_rekognition.type_defs import ImageTypeDef

PNG = b"\x89PNG\r\n\x1a\n and no more"


@pytest.fixture(scope="module")
def rekognition(connect: Connect) -> "RekognitionClient":
    """A client of the account's root."""
    client: RekognitionClient = connect("rekognition", REGION)
    return client


@pytest.fixture(scope="module")
def unsure(flow_definition: FlowDefinition) -> str:
    """A flow definition that asks a person when a label has less than 98 per cent."""
    parameters = {"ModerationLabelName": "*", "ConfidenceLessThan": 98}
    condition = {
        "ConditionType": "ModerationLabelConfidenceCheck",
        "ConditionParameters": parameters,
    }
    return flow_definition("moderation-unsure", DETECT_MODERATION_LABELS, condition)


@pytest.fixture
def stored_image(stored: str) -> Any:
    """An image in S3: ``(name) -> Image``."""
    return lambda name: {"S3Object": {"Bucket": stored, "Name": f"in/{name}.png"}}


def names(answer: Any) -> list[str]:
    return [label["Name"] for label in answer["ModerationLabels"]]


def refused(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, str]:
    told = error.value.response["Error"]
    return told["Code"], told["Message"]


def test_an_image_in_s3_is_answered_as_recorded(
    rekognition: "RekognitionClient", stored_image: Any
) -> None:
    answer = rekognition.detect_moderation_labels(Image=stored_image("beach"))

    recorded = json.loads((IMAGES / "beach.DetectModerationLabels.json").read_text())
    assert answer["ModerationLabels"] == recorded["ModerationLabels"]
    assert answer["ModerationModelVersion"] == recorded["ModerationModelVersion"]
    assert "HumanLoopActivationOutput" not in answer


def test_an_image_in_the_request_is_known_by_its_content(rekognition: "RekognitionClient") -> None:
    content = (IMAGES / "cards.png").read_bytes()

    assert names(rekognition.detect_moderation_labels(Image={"Bytes": content})) == ["Gambling"]


@pytest.mark.parametrize(
    ("least", "found"), [(None, 3), (0, 3), (58.27, 3), (58.28, 1), (61.05, 0), (100, 0)]
)
def test_labels_have_the_confidence_that_is_asked_for(
    rekognition: "RekognitionClient", stored_image: Any, least: float | None, found: int
) -> None:
    asked: Any = {} if least is None else {"MinConfidence": least}

    answer = rekognition.detect_moderation_labels(Image=stored_image("teacup"), **asked)

    assert len(names(answer)) == found


def test_an_image_that_is_not_recorded_is_refused_with_the_way_to_record_it(
    rekognition: "RekognitionClient",
) -> None:
    with pytest.raises(ClientError) as error:
        rekognition.detect_moderation_labels(Image={"Bytes": PNG})

    code, message = refused(error)
    assert code == "InvalidParameterException"
    assert hashlib.sha256(PNG).hexdigest() in message
    assert "NAME.DetectModerationLabels.json" in message
    assert "workflows" in message


@pytest.mark.parametrize(
    ("image", "code"),
    [
        ({"Bytes": b"GIF89a"}, "InvalidImageFormatException"),
        ({"Bytes": b"%PDF-1.7"}, "InvalidImageFormatException"),
        ({}, "InvalidParameterException"),
        ({"S3Object": {}}, "InvalidParameterException"),
        ({"S3Object": {"Bucket": "ai-services"}}, "InvalidParameterException"),
        ({"S3Object": {"Bucket": "ai-services", "Version": "1"}}, "InvalidParameterException"),
        (
            {"Bytes": PNG, "S3Object": {"Bucket": "ai-services", "Name": "in/beach.png"}},
            "InvalidParameterException",
        ),
        (
            {"S3Object": {"Bucket": "ai-services", "Name": "in/nothing.png"}},
            "InvalidS3ObjectException",
        ),
        (
            {"S3Object": {"Bucket": "no-such-bucket", "Name": "in/beach.png"}},
            "InvalidS3ObjectException",
        ),
        ({"S3Object": {"Bucket": "far-away", "Name": "in/beach.png"}}, "InvalidS3ObjectException"),
        ({"S3Object": {"Bucket": "no/bucket", "Name": "a"}}, "ValidationException"),
        ({"Bytes": bytes(5 * 1024 * 1024 + 1)}, "ValidationException"),
    ],
)
def test_an_image_that_cannot_be_read_is_refused(
    rekognition: "RekognitionClient", stored: str, image: "ImageTypeDef", code: str
) -> None:
    with pytest.raises(ClientError) as error:
        rekognition.detect_moderation_labels(Image=image)

    assert refused(error)[0] == code
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_another_operation_is_not_served(rekognition: "RekognitionClient") -> None:
    with pytest.raises(ClientError, match="DetectLabels of rekognition is not served here"):
        rekognition.detect_labels(Image={"Bytes": PNG})


def test_conditions_that_are_met_start_a_human_loop(
    rekognition: "RekognitionClient", connect: Connect, unsure: str, stored_image: Any
) -> None:
    answer = rekognition.detect_moderation_labels(
        Image=stored_image("beach"),
        HumanLoopConfig={"HumanLoopName": "beach-1", "FlowDefinitionArn": unsure},
    )

    output = answer["HumanLoopActivationOutput"]
    loop = connect("sagemaker-a2i-runtime", REGION).describe_human_loop(HumanLoopName="beach-1")
    assert output["HumanLoopArn"] == loop["HumanLoopArn"]
    assert loop["FlowDefinitionArn"] == unsure
    assert output["HumanLoopActivationReasons"] == ["ConditionsEvaluation"]
    results = json.loads(output["HumanLoopActivationConditionsEvaluationResults"])
    assert results["Conditions"][0]["EvaluationResult"] is True


def test_conditions_that_are_not_met_start_none(
    rekognition: "RekognitionClient", connect: Connect, unsure: str, stored_image: Any
) -> None:
    answer = rekognition.detect_moderation_labels(
        Image=stored_image("picnic"),
        HumanLoopConfig={"HumanLoopName": "picnic-1", "FlowDefinitionArn": unsure},
    )

    output = answer["HumanLoopActivationOutput"]
    assert "HumanLoopArn" not in output
    assert "HumanLoopActivationReasons" not in output
    results = json.loads(output["HumanLoopActivationConditionsEvaluationResults"])
    assert results["Conditions"][0]["EvaluationResult"] is False
    listed = connect("sagemaker-a2i-runtime", REGION).list_human_loops(FlowDefinitionArn=unsure)
    assert "picnic-1" not in [loop["HumanLoopName"] for loop in listed["HumanLoopSummaries"]]


def test_a_flow_definition_that_does_not_fit_is_refused(
    rekognition: "RekognitionClient", flow_definition: FlowDefinition, stored_image: Any
) -> None:
    forms = flow_definition("forms-not-images", FORMS)
    elsewhere = forms.replace(REGION, "eu-west-1")

    for arn, reason in ((forms, f"is for {FORMS}"), (elsewhere, "does not exist")):
        with pytest.raises(ClientError, match=rf"InvalidParameterException.*{reason}"):
            rekognition.detect_moderation_labels(
                Image=stored_image("beach"),
                HumanLoopConfig={"HumanLoopName": "unfit", "FlowDefinitionArn": arn},
            )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"HumanLoopName": "Not_a_name"}, "humanLoopConfig.humanLoopName"),
        (
            {"DataAttributes": {"ContentClassifiers": ["FreeOfCharge"]}},
            "FreeOfPersonallyIdentifiableInformation, FreeOfAdultContent",
        ),
    ],
)
def test_a_human_loop_config_is_checked(
    rekognition: "RekognitionClient",
    unsure: str,
    stored_image: Any,
    change: dict[str, Any],
    message: str,
) -> None:
    config: Any = {"HumanLoopName": "checked", "FlowDefinitionArn": unsure} | change

    with pytest.raises(ClientError, match=f"ValidationException.*{message}"):
        rekognition.detect_moderation_labels(Image=stored_image("beach"), HumanLoopConfig=config)


def test_the_caller_needs_the_service_the_object_and_the_human_loop(
    connect: Connect, caller: Caller, unsure: str, stored: str, stored_image: Any
) -> None:
    detect = allow("rekognition:DetectModerationLabels")
    start = allow("sagemaker:StartHumanLoop", unsure)
    read = allow("s3:GetObject", f"arn:aws:s3:::{stored}/in/*")
    config: Any = {"HumanLoopName": "permitted", "FlowDefinitionArn": unsure}

    def call(*statements: dict[str, Any], **more: Any) -> Any:
        client = connect("rekognition", REGION, caller(*statements))
        return client.detect_moderation_labels(Image=stored_image("beach"), **more)

    with pytest.raises(ClientError, match=r"AccessDenied.*rekognition:DetectModerationLabels"):
        call(start, read)
    with pytest.raises(ClientError, match="InvalidS3ObjectException"):
        call(detect, start, HumanLoopConfig=config)
    with pytest.raises(ClientError, match=rf"AccessDenied.*sagemaker:StartHumanLoop.*{unsure}"):
        call(detect, read, HumanLoopConfig=config)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        connect("sagemaker-a2i-runtime", REGION).describe_human_loop(HumanLoopName="permitted")

    assert "HumanLoopActivationOutput" not in call(detect, read)
    answer = call(detect, read, start, HumanLoopConfig=config)
    assert answer["HumanLoopActivationOutput"]["HumanLoopArn"].endswith("human-loop/permitted")


def test_a_wrong_secret_is_refused(connect: Connect, caller: Caller) -> None:
    key, _ = caller(allow("rekognition:*"))

    with pytest.raises(ClientError, match="signature"):
        connect("rekognition", REGION, (key, "wrong")).detect_moderation_labels(
            Image={"Bytes": PNG}
        )
