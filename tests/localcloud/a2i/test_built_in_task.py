"""Built-in task types in the engine: from a service's answer to output.json."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from localcloud.a2i import A2I, Analysis, ServiceException, Worker
from localcloud.a2i.request_source import DETECT_MODERATION_LABELS, FORMS
from localcloud.a2i.store import SqliteStore
from tests.localcloud.a2i.fake_cloud import ACCOUNT, REGION, Clock, FakeCloud, Later
from tests.localcloud.a2i.findings import form_key, missing, moderation, sampling

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker_a2i_runtime import AugmentedAIRuntimeClient

FlowDefinition = Callable[..., str]

LABELS = {
    "ModerationLabels": [
        {"Confidence": 96.7, "Name": "Suggestive", "ParentName": "", "TaxonomyLevel": 1},
        {"Confidence": 99.0, "Name": "Alcohol", "ParentName": "", "TaxonomyLevel": 1},
    ],
    "ModerationModelVersion": "7.0",
}
CONDITIONS = [
    {
        "Or": [
            moderation("Suggestive", ConfidenceLessThan=98),
            moderation("Alcohol", ConfidenceLessThan=98),
        ]
    }
]


def block(id_: str, type_: str, confidence: float, **others: Any) -> dict[str, Any]:
    return {"Id": id_, "BlockType": type_, "Confidence": confidence, **others}


def ties(**ids: list[str]) -> list[dict[str, Any]]:
    return [{"Type": type_, "Ids": listed} for type_, listed in ids.items()]


FORM = {
    "DocumentMetadata": {"Pages": 1},
    "Blocks": [
        block("page", "PAGE", 99, Relationships=ties(CHILD=["w1", "w2", "w3"])),
        block("w1", "WORD", 99, Text="Full", TextType="PRINTED"),
        block("w2", "WORD", 98, Text="name", TextType="PRINTED"),
        block("w3", "WORD", 61, Text="Ana", TextType="HANDWRITING"),
        block("s1", "SELECTION_ELEMENT", 97, SelectionStatus="SELECTED"),
        block("w4", "WORD", 99, Text="Student", TextType="PRINTED"),
        block(
            "k1",
            "KEY_VALUE_SET",
            55,
            EntityTypes=["KEY"],
            Relationships=ties(VALUE=["v1"], CHILD=["w1", "w2"]),
            Geometry={"BoundingBox": {"Width": 0.5}, "Polygon": [{"X": 0.1, "Y": 0.2}]},
        ),
        block("v1", "KEY_VALUE_SET", 55, EntityTypes=["VALUE"], Relationships=ties(CHILD=["w3"])),
        block(
            "k2",
            "KEY_VALUE_SET",
            95,
            EntityTypes=["KEY"],
            Relationships=ties(VALUE=["v2"], CHILD=["w4"]),
        ),
        block("v2", "KEY_VALUE_SET", 95, EntityTypes=["VALUE"], Relationships=ties(CHILD=["s1"])),
    ],
}


@pytest.fixture
def flow_definition_of(
    sagemaker: "SageMakerClient",
    flow_definition_request: dict[str, Any],
    later: Later,
) -> FlowDefinition:
    """Creates an Active flow definition of a built-in task type, with conditions or without."""

    def create(source: str, conditions: list[Any] | None = None, name: str = "built-in") -> str:
        request = flow_definition_request | {
            "FlowDefinitionName": name,
            "HumanLoopRequestSource": {"AwsManagedHumanLoopRequestSource": source},
        }
        if conditions is not None:
            text = json.dumps({"Conditions": conditions})
            config = {"HumanLoopActivationConditions": text}
            request["HumanLoopActivationConfig"] = {"HumanLoopActivationConditionsConfig": config}
        arn = sagemaker.create_flow_definition(**request)["FlowDefinitionArn"]
        later()
        return arn

    return create


def human_loop_config(arn: str, name: str = "loop") -> dict[str, Any]:
    return {"HumanLoopName": name, "FlowDefinitionArn": arn}


def moderated(arn: str, name: str = "loop", image: dict[str, Any] | None = None) -> Analysis:
    """DetectModerationLabels of an image."""
    request = {
        "Image": image or {"S3Object": {"Bucket": "images", "Name": "Yoga.JPG"}},
        "HumanLoopConfig": human_loop_config(arn, name)
        | {"DataAttributes": {"ContentClassifiers": ["FreeOfAdultContent"]}},
    }
    digest = hashlib.sha256(b"image").digest()
    return Analysis(DETECT_MODERATION_LABELS, request, LABELS, digest)


def analyzed(arn: str) -> Analysis:
    """AnalyzeDocument of a form."""
    request = {
        "Document": {"S3Object": {"Bucket": "forms", "Name": "form.png"}},
        "FeatureTypes": ["FORMS"],
        "HumanLoopConfig": human_loop_config(arn),
    }
    return Analysis(FORMS, request, FORM, hashlib.sha256(b"form").digest())


@pytest.fixture
def shown(a2i: A2I, ana: Worker) -> Callable[[], Any]:
    """What a reviewer's page is given."""

    def take() -> Any:
        a2i.advance()
        task = a2i.take(ana, "built-in")
        assert task
        return task.input

    return take


def test_conditions_that_hold_start_a_loop(a2i: A2I, flow_definition_of: FlowDefinition) -> None:
    output = a2i.activate(moderated(flow_definition_of(DETECT_MODERATION_LABELS, CONDITIONS)))

    assert output["HumanLoopArn"] == f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:human-loop/loop"
    assert output["HumanLoopActivationReasons"] == ["ConditionsEvaluation"]
    results = json.loads(output["HumanLoopActivationConditionsEvaluationResults"])
    [condition] = results["Conditions"]
    assert condition["EvaluationResult"] is True
    assert [part["EvaluationResult"] for part in condition["Or"]] == [True, False]


def test_conditions_that_do_not_hold_start_none(
    a2i: A2I, flow_definition_of: FlowDefinition
) -> None:
    conditions = [moderation("Suggestive", ConfidenceLessThan=90)]

    output = a2i.activate(moderated(flow_definition_of(DETECT_MODERATION_LABELS, conditions)))

    assert output.keys() == {"HumanLoopActivationConditionsEvaluationResults"}
    with pytest.raises(ServiceException, match="does not exist"):
        a2i.call("DescribeHumanLoop", {"HumanLoopName": "loop"}, "sagemaker-a2i-runtime")


@pytest.mark.parametrize("conditions", [None, []])
def test_without_conditions_every_request_starts_a_loop(
    a2i: A2I, flow_definition_of: FlowDefinition, conditions: list[Any] | None
) -> None:
    output = a2i.activate(moderated(flow_definition_of(DETECT_MODERATION_LABELS, conditions)))

    assert "HumanLoopArn" in output


def test_reviewer_of_an_image_is_given_what_the_service_keys_so(
    a2i: A2I, flow_definition_of: FlowDefinition, shown: Callable[[], Any]
) -> None:
    arn = flow_definition_of(DETECT_MODERATION_LABELS, CONDITIONS)
    a2i.activate(moderated(arn))

    assert shown() == {
        "aiServiceRequest": {
            "humanLoopConfig": {
                "dataAttributes": {"contentClassifiers": ["FreeOfAdultContent"]},
                "flowDefinitionArn": arn,
                "humanLoopName": "loop",
            },
            "image": {"s3Object": {"bucket": "images", "name": "Yoga.JPG"}},
        },
        "aiServiceResponse": {
            "moderationLabels": [
                {"confidence": 96.7, "name": "Suggestive", "parentName": "", "taxonomyLevel": 1},
                {"confidence": 99.0, "name": "Alcohol", "parentName": "", "taxonomyLevel": 1},
            ],
            "moderationModelVersion": "7.0",
        },
        "humanTaskActivationConditionResults": {
            "Conditions": [
                {
                    "EvaluationResult": True,
                    "Or": [
                        {**CONDITIONS[0]["Or"][0], "EvaluationResult": True},
                        {**CONDITIONS[0]["Or"][1], "EvaluationResult": False},
                    ],
                }
            ]
        },
        "selectedAiServiceResponse": {
            "moderationLabels": [
                {"confidence": 96.7, "name": "Suggestive", "parentName": "", "taxonomyLevel": 1}
            ],
            "moderationModelVersion": "7.0",
        },
    }


def test_reviewer_of_a_form_is_given_the_blocks_of_the_pairs_and_the_keys(
    a2i: A2I, flow_definition_of: FlowDefinition, shown: Callable[[], Any]
) -> None:
    conditions = [
        form_key("Name", ImportantFormKeyAliases=["Full name"], KeyValueBlockConfidenceLessThan=60),
        form_key("Student", KeyValueBlockConfidenceLessThan=60),
    ]
    a2i.activate(analyzed(flow_definition_of(FORMS, conditions)))

    given = shown()
    selected = given["selectedAiServiceResponse"]
    assert [block["id"] for block in selected["blocks"]] == ["k1", "v1", "w1", "w2", "w3"]
    assert selected["blocks"][0]["geometry"] == {
        "boundingBox": {"width": 0.5},
        "polygon": [{"x": 0.1, "y": 0.2}],
    }
    assert selected["blocks"][0]["relationships"] == [
        {"type": "VALUE", "ids": ["v1"]},
        {"type": "CHILD", "ids": ["w1", "w2"]},
    ]
    assert given["aiServiceResponse"]["documentMetadata"] == {"pages": 1}
    assert given["aiServiceRequest"]["featureTypes"] == ["FORMS"]
    assert given["humanLoopContext"] == {
        "importantFormKeys": [
            {"importantFormKey": "Name", "importantFormKeyAliases": ["Full name"]}
        ]
    }


def test_reviewer_of_a_form_without_a_key_is_given_the_key_alone(
    a2i: A2I, flow_definition_of: FlowDefinition, shown: Callable[[], Any]
) -> None:
    a2i.activate(analyzed(flow_definition_of(FORMS, [missing("Address", "Addr.")])))

    given = shown()
    assert given["selectedAiServiceResponse"] == {"blocks": []}
    assert given["humanLoopContext"]["importantFormKeys"] == [
        {"importantFormKey": "Address", "importantFormKeyAliases": ["Addr."]}
    ]


def test_reviewer_of_a_sample_is_given_all_there_is(
    a2i: A2I, flow_definition_of: FlowDefinition, shown: Callable[[], Any]
) -> None:
    a2i.activate(analyzed(flow_definition_of(FORMS, [sampling(100)])))

    given = shown()
    assert given["selectedAiServiceResponse"]["blocks"] == given["aiServiceResponse"]["blocks"]


def test_output_says_which_service_asked(
    a2i: A2I, flow_definition_of: FlowDefinition, cloud: FakeCloud, ana: Worker
) -> None:
    a2i.activate(moderated(flow_definition_of(DETECT_MODERATION_LABELS, CONDITIONS)))
    a2i.advance()
    task = a2i.take(ana, "built-in")
    assert task
    chosen = {"name": "Suggestive", "parentName": ""}
    answer = {DETECT_MODERATION_LABELS: {"moderationLabels": [chosen]}}
    a2i.submit(ana, task.task_id, answer)
    a2i.advance()

    [written] = cloud.objects.values()
    output = json.loads(written)
    assert output["awsManagedHumanLoopRequestSource"] == DETECT_MODERATION_LABELS
    assert output["humanAnswers"][0]["answerContent"] == answer
    assert output["inputContent"] == task.input


def test_the_same_request_again_finds_its_loop(
    a2i: A2I, flow_definition_of: FlowDefinition
) -> None:
    request = moderated(flow_definition_of(DETECT_MODERATION_LABELS))

    assert a2i.activate(request) == a2i.activate(request)


def test_another_image_under_the_name_of_a_loop_is_refused(
    a2i: A2I, flow_definition_of: FlowDefinition
) -> None:
    arn = flow_definition_of(DETECT_MODERATION_LABELS)
    a2i.activate(moderated(arn))

    with pytest.raises(ServiceException, match="loop already exists"):
        a2i.activate(moderated(arn, image={"S3Object": {"Bucket": "images", "Name": "b.jpg"}}))


def test_an_image_in_the_request_is_part_of_the_input(
    a2i: A2I, flow_definition_of: FlowDefinition, shown: Callable[[], Any]
) -> None:
    sent = base64.b64encode(b"image").decode()
    arn = flow_definition_of(DETECT_MODERATION_LABELS)

    a2i.activate(moderated(arn, image={"Bytes": sent}))

    assert shown()["aiServiceRequest"]["image"] == {"bytes": sent}


@pytest.mark.parametrize("made_for", [FORMS, None])
def test_a_flow_definition_of_another_task_type_is_refused(
    a2i: A2I,
    flow_definition_of: FlowDefinition,
    create_flow_definition: Callable[..., str],
    made_for: str | None,
) -> None:
    arn = flow_definition_of(made_for) if made_for else create_flow_definition()

    with pytest.raises(ServiceException, match=f"is for {made_for or 'custom task types'}, not"):
        a2i.activate(moderated(arn))


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:flow-definition/nothing",
        f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:flow-definition/built-in",
        f"arn:aws:sagemaker:{REGION}:999999999999:flow-definition/built-in",
        "built-in",
    ],
)
def test_a_flow_definition_that_is_not_here_is_refused(
    a2i: A2I, flow_definition_of: FlowDefinition, arn: str
) -> None:
    flow_definition_of(DETECT_MODERATION_LABELS)

    with pytest.raises(ServiceException, match=f"Flow definition {arn} does not exist"):
        a2i.activate(moderated(arn))


def test_a_flow_definition_that_is_not_active_is_refused(
    a2i: A2I, flow_definition_of: FlowDefinition, sagemaker: "SageMakerClient"
) -> None:
    arn = flow_definition_of(DETECT_MODERATION_LABELS)
    sagemaker.delete_flow_definition(FlowDefinitionName="built-in")

    with pytest.raises(ServiceException, match="is Deleting"):
        a2i.activate(moderated(arn))


def test_one_loop_more_than_the_quota_is_refused(
    store: SqliteStore,
    cloud: FakeCloud,
    clock: Clock,
    flow_definition_of: FlowDefinition,
    runtime: "AugmentedAIRuntimeClient",
) -> None:
    limited = A2I(store, cloud, ACCOUNT, REGION, clock, human_loop_quota=1)
    arn = flow_definition_of(DETECT_MODERATION_LABELS)
    limited.activate(moderated(arn, "first"))

    with pytest.raises(ServiceException, match="1 human loops are in progress") as error:
        limited.activate(moderated(arn, "second"))

    assert (error.value.code, error.value.status) == ("ServiceQuotaExceededException", 402)
    assert "HumanLoopArn" in limited.activate(moderated(arn, "first"))
    runtime.stop_human_loop(HumanLoopName="first")
    assert "HumanLoopArn" in limited.activate(moderated(arn, "second"))
