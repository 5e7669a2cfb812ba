"""AnalyzeDocument through boto3: what is recorded, features, and human loops."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from localcloud.a2i.request_source import DETECT_MODERATION_LABELS
from localcloud.a2i.request_source import FORMS as FORMS_SOURCE
from tests.localcloud.ai_services.conftest import FORMS, REGION, Caller, FlowDefinition, allow
from tests.localcloud.conftest import Connect

if TYPE_CHECKING:
    from mypy_boto3_textract import TextractClient
    from mypy_boto3_textract.type_defs import DocumentTypeDef


@pytest.fixture(scope="module")
def textract(connect: Connect) -> "TextractClient":
    """A client of the account's root."""
    client: TextractClient = connect("textract", REGION)
    return client


@pytest.fixture
def stored_form(stored: str) -> Any:
    """A form in S3: ``(name) -> Document``."""
    return lambda name: {"S3Object": {"Bucket": stored, "Name": f"in/{name}.png"}}


def types(answer: Any) -> set[str]:
    return {block["BlockType"] for block in answer["Blocks"]}


def test_a_form_in_s3_is_answered_as_recorded(textract: "TextractClient", stored_form: Any) -> None:
    answer = textract.analyze_document(Document=stored_form("clear"), FeatureTypes=["FORMS"])

    recorded = json.loads((FORMS / "clear.AnalyzeDocument.json").read_text())
    assert answer["Blocks"] == recorded["Blocks"]
    assert answer["DocumentMetadata"] == {"Pages": 1}
    assert "HumanLoopActivationOutput" not in answer


def test_a_form_in_the_request_is_known_by_its_content(textract: "TextractClient") -> None:
    content = (FORMS / "smudged.png").read_bytes()

    answer = textract.analyze_document(Document={"Bytes": content}, FeatureTypes=["FORMS"])

    assert "SS5" in [block.get("Text") for block in answer["Blocks"]]


def test_without_forms_there_are_words_and_no_keys(
    textract: "TextractClient", stored_form: Any
) -> None:
    answer = textract.analyze_document(Document=stored_form("clear"), FeatureTypes=["SIGNATURES"])

    assert types(answer) == {"PAGE", "LINE", "WORD"}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"Bytes": b"GIF89a"}, "UnsupportedDocumentException"),
        ({"Bytes": b"%PDF-1.7 of nobody"}, "InvalidParameterException"),
        ({}, "InvalidParameterException"),
        (
            {"S3Object": {"Bucket": "ai-services", "Name": "in/nothing.png"}},
            "InvalidS3ObjectException",
        ),
    ],
)
def test_a_document_that_cannot_be_read_is_refused(
    textract: "TextractClient", stored: str, document: "DocumentTypeDef", code: str
) -> None:
    with pytest.raises(ClientError) as error:
        textract.analyze_document(Document=document, FeatureTypes=["FORMS"])

    assert error.value.response["Error"]["Code"] == code


def test_a_document_that_is_not_recorded_is_refused_with_the_way_to_record_it(
    textract: "TextractClient",
) -> None:
    with pytest.raises(ClientError, match=r"SHA-256 [0-9a-f]{64}.*NAME\.AnalyzeDocument\.json"):
        textract.analyze_document(Document={"Bytes": b"II*\0"}, FeatureTypes=["FORMS"])


def test_human_loops_follow_the_conditions(
    textract: "TextractClient", flow_definition: FlowDefinition, stored_form: Any
) -> None:
    name = {"ImportantFormKey": "Mail address:"}
    arn = flow_definition(
        "forms-important",
        FORMS_SOURCE,
        {"ConditionType": "MissingImportantFormKey", "ConditionParameters": name},
        {
            "ConditionType": "ImportantFormKeyConfidenceCheck",
            "ConditionParameters": {"ImportantFormKey": "*", "KeyValueBlockConfidenceLessThan": 60},
        },
    )

    def results(form: str) -> tuple[bool, list[bool]]:
        output = textract.analyze_document(
            Document=stored_form(form),
            FeatureTypes=["TABLES", "FORMS"],
            HumanLoopConfig={"HumanLoopName": form, "FlowDefinitionArn": arn},
        )["HumanLoopActivationOutput"]
        evaluated = json.loads(output["HumanLoopActivationConditionsEvaluationResults"])
        told = [condition["EvaluationResult"] for condition in evaluated["Conditions"]]
        return "HumanLoopArn" in output, told

    assert results("clear") == (False, [False, False])
    assert results("smudged") == (True, [False, True])
    assert results("no-address") == (True, [True, False])


def test_a_human_loop_is_about_forms(
    textract: "TextractClient", flow_definition: FlowDefinition, stored_form: Any
) -> None:
    images = flow_definition("images-not-forms", DETECT_MODERATION_LABELS)
    config: Any = {"HumanLoopName": "unfit-form", "FlowDefinitionArn": images}

    with pytest.raises(ClientError, match=r"InvalidParameterException.*must have FORMS"):
        textract.analyze_document(
            Document=stored_form("clear"), FeatureTypes=["TABLES"], HumanLoopConfig=config
        )
    with pytest.raises(ClientError, match=rf"InvalidParameterException.*not for {FORMS_SOURCE}"):
        textract.analyze_document(
            Document=stored_form("clear"), FeatureTypes=["FORMS"], HumanLoopConfig=config
        )


def test_the_caller_needs_permission(connect: Connect, caller: Caller, stored_form: Any) -> None:
    reader = connect("textract", REGION, caller(allow("s3:GetObject")))
    analyst = connect("textract", REGION, caller(allow("textract:AnalyzeDocument")))
    request = {"Document": stored_form("clear"), "FeatureTypes": ["FORMS"]}

    with pytest.raises(ClientError, match=r"AccessDenied.*textract:AnalyzeDocument"):
        reader.analyze_document(**request)
    with pytest.raises(ClientError, match="InvalidS3ObjectException"):
        analyst.analyze_document(**request)
