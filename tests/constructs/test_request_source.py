"""Flow definitions, triage and workflows of the built-in task types."""

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Annotations, Match, Template

from human_review import (
    FlowDefinition,
    HumanTaskUi,
    ModelEndpoint,
    ModelSpec,
    ResponseSpec,
    ReviewResults,
    ReviewWorkflow,
    TaskSpec,
    Triage,
    WorkflowSpec,
    WorkteamBase,
)
from human_review.activation import (
    REKOGNITION,
    TEXTRACT,
    And,
    Condition,
    MissingImportantFormKey,
    ModerationLabelConfidenceCheck,
    RequestSource,
    Sampling,
)
from tests.constructs.resolved import statements_of

SAMPLE = Sampling(random_sampling_percentage=5)
MODEL = ModelSpec(
    endpoint_name="model",
    request="$input",
    response=ResponseSpec(label="label", confidence="confidence"),
)


@pytest.fixture
def images(stack: cdk.Stack) -> s3.IBucket:
    return s3.Bucket.from_bucket_name(stack, "Images", "my-images")


@pytest.fixture
def required(workteam: WorkteamBase, page: HumanTaskUi, results: ReviewResults) -> dict[str, Any]:
    return {
        "name_prefix": "images",
        "workteam": workteam,
        "human_task_ui": page,
        "task_title": "Look",
        "task_description": "Look at it",
        "output_bucket": results.bucket,
    }


@pytest.fixture
def built_in(stack: cdk.Stack, required: dict[str, Any], images: s3.IBucket) -> FlowDefinition:
    return FlowDefinition(
        stack,
        "FlowDefinition",
        **required,
        input_buckets=[images],
        request_source=REKOGNITION,
        activation=[SAMPLE],
    )


@pytest.fixture
def caller(stack: cdk.Stack) -> iam.Role:
    return iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))


def properties(stack: cdk.Stack) -> dict[str, Any]:
    (resource,) = Template.from_stack(stack).find_resources("Custom::A2IFlowDefinition").values()
    found: dict[str, Any] = resource["Properties"]
    return found


def allowed(stack: cdk.Stack, policy: str) -> dict[str, Any]:
    """What a role's own policy allows: the resources by action."""
    found = Template.from_stack(stack).find_resources("AWS::IAM::Policy")
    (one,) = (value for key, value in found.items() if key.startswith(policy))
    return {
        action: statement["Resource"]
        for statement in one["Properties"]["PolicyDocument"]["Statement"]
        for action in (
            statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        )
    }


@pytest.mark.usefixtures("built_in")
def test_the_service_and_its_conditions_reach_the_flow_definition(stack: cdk.Stack) -> None:
    found = properties(stack)

    assert found["HumanLoopRequestSource"] == {"AwsManagedHumanLoopRequestSource": REKOGNITION}
    activation = found["HumanLoopActivationConfig"]["HumanLoopActivationConditionsConfig"]
    assert json.loads(activation["HumanLoopActivationConditions"]) == {
        "Conditions": [
            {"ConditionType": "Sampling", "ConditionParameters": {"RandomSamplingPercentage": 5}}
        ]
    }


def test_without_conditions_every_call_is_reviewed(
    stack: cdk.Stack, required: dict[str, Any], images: s3.IBucket
) -> None:
    FlowDefinition(
        stack, "FlowDefinition", **required, input_buckets=[images], request_source=TEXTRACT
    )

    assert "HumanLoopActivationConfig" not in properties(stack)


@pytest.mark.parametrize(
    ("source", "activation", "message"),
    [
        pytest.param(None, [SAMPLE], "activation needs a request_source", id="custom"),
        pytest.param("AWS/Comprehend", None, "request_source must be 'AWS/Rek", id="unknown"),
        pytest.param(REKOGNITION, [], "activation must have at least one", id="no condition"),
        pytest.param(
            REKOGNITION,
            [MissingImportantFormKey(important_form_key="Name")],
            "activation has MissingImportantFormKey, which is not for AWS/Rekognition",
            id="another's condition",
        ),
    ],
)
def test_conditions_and_service_are_checked_together(
    stack: cdk.Stack,
    required: dict[str, Any],
    images: s3.IBucket,
    source: Any,
    activation: Any,
    message: str,
) -> None:
    with pytest.raises(ValueError, match=message):
        FlowDefinition(
            stack,
            "FlowDefinition",
            **required,
            input_buckets=[images],
            request_source=source,
            activation=activation,
        )


def test_the_service_needs_a_bucket_to_read(stack: cdk.Stack, required: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="input_buckets must name a bucket"):
        FlowDefinition(stack, "FlowDefinition", **required, request_source=REKOGNITION)


@pytest.mark.parametrize(
    ("source", "action"),
    [(REKOGNITION, "rekognition:DetectModerationLabels"), (TEXTRACT, "textract:AnalyzeDocument")],
)
def test_a_caller_of_the_service_may_start_loops_and_read_the_input(
    stack: cdk.Stack,
    required: dict[str, Any],
    caller: iam.Role,
    source: RequestSource,
    action: str,
) -> None:
    key = kms.Key(stack, "Key")
    bucket = s3.Bucket(stack, "Input", encryption_key=key)
    flow_definition = FlowDefinition(
        stack, "FlowDefinition", **required, input_buckets=[bucket], request_source=source
    )

    flow_definition.grant_request(caller)

    rights = allowed(stack, "Caller")
    assert rights.keys() == {action, "sagemaker:StartHumanLoop", "s3:GetObject", "kms:Decrypt"}
    assert rights[action] == "*"  # it has no resource
    assert rights["s3:GetObject"] == stack.resolve(bucket.arn_for_objects("*"))
    assert stack.resolve(f"{flow_definition.arn_prefix}*") in rights["sagemaker:StartHumanLoop"]


def test_the_custom_type_has_no_service_to_call(
    flow_definition: FlowDefinition, caller: iam.Role
) -> None:
    with pytest.raises(ValueError, match="callers of the custom task type have grant_start_human"):
        flow_definition.grant_request(caller)


def check(**comparisons: float) -> Condition:
    return ModerationLabelConfidenceCheck(moderation_label_name="Violence", **comparisons)


@pytest.mark.parametrize(
    ("condition", "warned"),
    [
        pytest.param(check(confidence_less_than=50), True, id="below"),
        pytest.param(check(confidence_equals=49.9), True, id="equal below"),
        pytest.param(
            And(conditions=[check(confidence_less_than_equals=40), SAMPLE]), True, id="nested"
        ),
        pytest.param(check(confidence_less_than_equals=50), False, id="just not below"),
        pytest.param(check(confidence_greater_than=10), False, id="from below to above"),
        pytest.param(SAMPLE, False, id="another condition"),
    ],
)
def test_a_confidence_that_no_call_finds_is_warned_of(
    stack: cdk.Stack,
    required: dict[str, Any],
    images: s3.IBucket,
    condition: Condition,
    warned: bool,
) -> None:
    FlowDefinition(
        stack,
        "FlowDefinition",
        **required,
        request_source=REKOGNITION,
        activation=[condition],
        input_buckets=[images],
    )

    warnings = Annotations.from_stack(stack).find_warning(
        "/Stack/FlowDefinition",
        Match.string_like_regexp("of Violence has only confidences under 5"),
    )
    assert len(warnings) == int(warned)


def test_triage_calls_the_service(
    stack: cdk.Stack, images: s3.IBucket, required: dict[str, Any]
) -> None:
    results = ReviewResults(stack, "ImageResults", workflow_name="images")
    built_in = FlowDefinition(
        stack,
        "BuiltIn",
        **{**required, "output_bucket": results.bucket},
        request_source=REKOGNITION,
        input_buckets=[images],
    )
    triage = Triage(stack, "Triage", flow_definition=built_in, results=results)

    Template.from_stack(stack).has_resource_properties(
        "AWS::Lambda::Function",
        {
            "Handler": "review_triage.handler.handle",
            "Environment": {
                "Variables": {"REQUEST_SOURCE": REKOGNITION, "THRESHOLD": Match.absent()}
            },
        },
    )
    allowed = [
        (statement["Action"], statement["Resource"])
        for statement in statements_of(stack, triage.function.runs_as)
    ]
    assert ("rekognition:DetectModerationLabels", "*") in allowed
    assert ("s3:GetObject", stack.resolve(images.arn_for_objects("*"))) in allowed


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"threshold": 0.9}, "threshold must be left out"),
        ({"threshold": 0}, "threshold must be left out"),
        ({"audit_percentage": 5}, "audit_percentage must be left out"),
        ({"model": MODEL}, "model must be left out"),
        ({"labels": ["cat"]}, "labels must be left out"),
    ],
)
def test_the_service_decides_alone(
    stack: cdk.Stack,
    built_in: FlowDefinition,
    results: ReviewResults,
    parameters: dict[str, Any],
    message: str,
) -> None:
    with pytest.raises(ValueError, match=message):
        Triage(stack, "Triage", flow_definition=built_in, results=results, **parameters)


def test_a_custom_type_needs_a_threshold(
    stack: cdk.Stack, flow_definition: FlowDefinition, results: ReviewResults
) -> None:
    with pytest.raises(ValueError, match="threshold is required"):
        Triage(stack, "Triage", flow_definition=flow_definition, results=results)


def test_a_model_has_an_endpoint(
    stack: cdk.Stack, flow_definition: FlowDefinition, results: ReviewResults
) -> None:
    given: dict[str, Any] = {"flow_definition": flow_definition, "results": results}
    deployed = MODEL.model_copy(update={"endpoint_name": None, "artifact": "s3://b/m.tar.gz"})
    endpoint = ModelEndpoint.from_endpoint_name(stack, "Endpoint", "reviews")

    with pytest.raises(ValueError, match="endpoint is required for a model that names no endpoint"):
        Triage(stack, "Triage", **given, threshold=0.5, model=deployed)
    with pytest.raises(ValueError, match="endpoint needs a model"):
        Triage(stack, "Triage", **given, threshold=0.5, endpoint=endpoint)


def test_labels_are_told_to_triage(
    stack: cdk.Stack, flow_definition: FlowDefinition, results: ReviewResults
) -> None:
    Triage(
        stack,
        "Triage",
        flow_definition=flow_definition,
        results=results,
        threshold=0.5,
        labels=["Katze", "Hündin"],
    )

    Template.from_stack(stack).has_resource_properties(
        "AWS::Lambda::Function",
        {"Environment": {"Variables": {"LABELS": '["Katze","Hündin"]', "THRESHOLD": "0.5"}}},
    )


def test_a_workflow_of_a_built_in_type(stack: cdk.Stack, workteam: WorkteamBase) -> None:
    workflow = ReviewWorkflow(
        stack,
        "Workflow",
        spec=WorkflowSpec(
            name="images",
            task=TaskSpec(title="Look", description="Look at it"),
            template='<crowd-form><input name="answer"></crowd-form>',
            workteam="reviewers",
            request_source=REKOGNITION,
            activation=[SAMPLE],
            input_buckets=["my-images"],
            consensus="mean",
        ),
        workteam=workteam,
    )

    assert workflow.flow_definition.request_source == REKOGNITION
    assert workflow.model_endpoint is None
    variables = {
        function["Properties"]["Handler"].split(".")[0]: function["Properties"]["Environment"]
        for function in Template.from_stack(stack).find_resources("AWS::Lambda::Function").values()
        if "Environment" in function["Properties"]
    }
    assert variables["review_triage"]["Variables"]["REQUEST_SOURCE"] == REKOGNITION
    assert variables["review_collect"]["Variables"]["CONSENSUS"] == "mean"
