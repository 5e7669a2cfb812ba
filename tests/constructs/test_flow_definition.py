from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template

from human_review import (
    FlowDefinition,
    HumanTaskUi,
    OutputLocation,
    ReviewProvider,
    ReviewResults,
    Workteam,
    WorkteamBase,
)
from tests.constructs.resolved import sagemaker_arn, statements_of


@pytest.fixture
def required(workteam: WorkteamBase, page: HumanTaskUi, results: ReviewResults) -> dict[str, Any]:
    return {
        "name_prefix": "sentiment",
        "workteam": workteam,
        "human_task_ui": page,
        "task_title": "Classify a review",
        "task_description": "Say what the review says",
        "output_bucket": results.bucket,
    }


def test_a_flow_definition_asks_one_reviewer(
    stack: cdk.Stack,
    flow_definition: FlowDefinition,
    workteam: WorkteamBase,
    page: HumanTaskUi,
    results: ReviewResults,
) -> None:
    resource = resource_of(stack)

    properties = resource["Properties"]
    assert properties.pop("ServiceToken")
    assert properties == {
        "ServiceTimeout": "900",
        "FlowDefinitionNamePrefix": "sentiment",
        "RoleArn": stack.resolve(flow_definition.role.role_arn),
        "OutputConfig": {"S3OutputPath": stack.resolve(results.bucket.s3_url_for_object("a2i"))},
        "HumanLoopConfig": {
            "WorkteamArn": stack.resolve(workteam.workteam_arn),
            "HumanTaskUiArn": stack.resolve(page.human_task_ui_arn),
            "TaskTitle": "Classify a review",
            "TaskDescription": "Say what the review says",
            "TaskCount": 1,
        },
        "TemplateSha256": page.template_sha256,
        "Tags": [],
    }


def test_settings_reach_the_flow_definition(stack: cdk.Stack, required: dict[str, Any]) -> None:
    key = kms.Key.from_key_arn(
        stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"
    )

    FlowDefinition(
        stack,
        "FlowDefinition",
        **required,
        output_prefix="answers/v1",
        task_count=3,
        task_availability_lifetime=cdk.Duration.days(3),
        task_time_limit=cdk.Duration.minutes(10),
        task_keywords=["product reviews", "sentiment"],
        encryption_key=key,
        tags={"team": "quality"},
    )

    properties = resource_of(stack)["Properties"]
    assert (
        properties["HumanLoopConfig"].items()
        >= {
            "TaskCount": 3,
            "TaskAvailabilityLifetimeInSeconds": 259200,
            "TaskTimeLimitInSeconds": 600,
        }.items()
    )
    assert properties["HumanLoopConfig"]["TaskKeywords"] == ["product reviews", "sentiment"]
    assert properties["OutputConfig"]["KmsKeyId"] == key.key_arn
    assert properties["OutputConfig"]["S3OutputPath"]["Fn::Join"][1][-1] == "/answers/v1"
    assert properties["Tags"] == [{"Key": "team", "Value": "quality"}]


def test_the_role_is_for_sagemaker_and_may_be_passed_by_the_provider(
    stack: cdk.Stack, flow_definition: FlowDefinition
) -> None:
    template = Template.from_stack(stack)

    template.has_resource_properties(
        "AWS::IAM::Role",
        {
            "Path": "/human-review/",
            "AssumeRolePolicyDocument": {
                "Statement": [
                    {
                        "Action": "sts:AssumeRole",
                        "Effect": "Allow",
                        "Principal": {"Service": "sagemaker.amazonaws.com"},
                    }
                ]
            },
        },
    )


def test_the_role_may_write_answers_and_nothing_else(
    stack: cdk.Stack, flow_definition: FlowDefinition, results: ReviewResults
) -> None:
    assert role_statements(stack) == [
        {
            "Action": "s3:PutObject",
            "Effect": "Allow",
            "Resource": stack.resolve(results.bucket.arn_for_objects("a2i/*")),
        }
    ]


def test_the_role_reads_input_buckets_and_uses_the_keys(
    stack: cdk.Stack, required: dict[str, Any]
) -> None:
    output_key, input_key = kms.Key(stack, "OutputKey"), kms.Key(stack, "InputKey")
    images = s3.Bucket(stack, "Images", encryption_key=input_key)

    FlowDefinition(
        stack, "FlowDefinition", **required, input_buckets=[images], encryption_key=output_key
    )

    statements = role_statements(stack)
    assert [statement["Action"] for statement in statements] == [
        "s3:PutObject",
        "s3:GetObject",
        "kms:Decrypt",
        ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
    ]
    assert statements[1]["Resource"] == stack.resolve(images.arn_for_objects("*"))
    assert statements[2]["Resource"] == stack.resolve(input_key.key_arn)
    assert statements[3]["Resource"] == stack.resolve(output_key.key_arn)


def test_loops_that_wait_since_a_change_of_the_key_still_have_the_old_one(
    stack: cdk.Stack, required: dict[str, Any]
) -> None:
    old, new = kms.Key(stack, "Old"), kms.Key(stack, "New")

    FlowDefinition(
        stack,
        "FlowDefinition",
        **required,
        encryption_key=new,
        previous_encryption_keys=[old],
    )

    assert resource_of(stack)["Properties"]["OutputConfig"]["KmsKeyId"] == (
        stack.resolve(new.key_arn)
    )
    assert role_statements(stack)[-1] == {
        "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
        "Effect": "Allow",
        "Resource": [stack.resolve(new.key_arn), stack.resolve(old.key_arn)],
    }


def test_loops_that_wait_since_a_change_of_the_bucket_still_write_to_the_old_one(
    stack: cdk.Stack, required: dict[str, Any]
) -> None:
    key = kms.Key(stack, "OldKey")
    old = s3.Bucket(stack, "Old", encryption_key=key)

    flow_definition = FlowDefinition(
        stack,
        "FlowDefinition",
        **required,
        previous_outputs=[
            OutputLocation(old, "answers"),
            OutputLocation(required["output_bucket"]),
        ],
    )

    assert resource_of(stack)["Properties"]["PreviousOutputPaths"] == [
        stack.resolve(old.s3_url_for_object("answers")),
        stack.resolve(flow_definition.output.bucket.s3_url_for_object("a2i")),
    ]
    writing, using = role_statements(stack)
    for objects in (flow_definition.output.objects_arn, old.arn_for_objects("answers/*")):
        assert stack.resolve(objects) in writing["Resource"]
    assert using["Resource"] == stack.resolve(key.key_arn)


def test_a_previous_output_has_a_key_without_a_slash(stack: cdk.Stack) -> None:
    with pytest.raises(ValueError, match="prefix must be a key without a slash"):
        OutputLocation(s3.Bucket(stack, "Old"), "answers/")


def test_tags_of_the_app_and_the_stack_reach_the_flow_definition(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Tagged", tags={"stage": "test", "team": "stack"})
    page = HumanTaskUi(
        stack, "Page", template='<crowd-form><input name="a"></crowd-form>', name_prefix="page"
    )
    FlowDefinition(
        stack,
        "FlowDefinition",
        name_prefix="sentiment",
        workteam=Workteam.from_workteam_name(stack, "Workteam", "reviewers"),
        human_task_ui=page,
        task_title="Title",
        task_description="Description",
        output_bucket=s3.Bucket(stack, "Bucket"),
        tags={"team": "quality"},
    )
    cdk.Tags.of(app).add("cost-center", "42")

    assert resource_of(stack)["Properties"]["Tags"] == [
        {"Key": "stage", "Value": "test"},
        {"Key": "team", "Value": "quality"},
        {"Key": "cost-center", "Value": "42"},
    ]


def test_the_role_and_all_it_may_do_stay_when_it_is_replaced(
    stack: cdk.Stack, flow_definition: FlowDefinition
) -> None:
    role = role_of(stack)

    assert (role["UpdateReplacePolicy"], role["DeletionPolicy"]) == ("Retain", "Delete")
    assert flow_definition.role.node.try_find_child("DefaultPolicy") is None


def test_the_flow_definition_waits_for_what_its_role_is_granted_besides(
    stack: cdk.Stack, flow_definition: FlowDefinition
) -> None:
    s3.Bucket(stack, "Images").grant_read(flow_definition.role)

    policy = flow_definition.role.node.find_child("DefaultPolicy").node.default_child
    assert isinstance(policy, iam.CfnPolicy)
    assert stack.resolve(policy.logical_id) in resource_of(stack)["DependsOn"]


def test_the_current_arn_is_in_a_parameter(
    stack: cdk.Stack, flow_definition: FlowDefinition
) -> None:
    Template.from_stack(stack).has_resource_properties(
        "AWS::SSM::Parameter",
        {
            "Name": "/human-review/sentiment/flow-definition-arn",
            "Value": stack.resolve(flow_definition.flow_definition_arn),
        },
    )


def test_name_and_arn_are_what_the_provider_answers(
    stack: cdk.Stack, flow_definition: FlowDefinition
) -> None:
    (resource,) = Template.from_stack(stack).find_resources("Custom::A2IFlowDefinition")

    assert stack.resolve(flow_definition.flow_definition_arn) == {
        "Fn::GetAtt": [resource, "FlowDefinitionArn"]
    }
    assert stack.resolve(flow_definition.flow_definition_name) == {
        "Fn::GetAtt": [resource, "FlowDefinitionName"]
    }


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        pytest.param(
            {"task_count": 4}, "task_count must be between 1 and 3, got 4", id="four people"
        ),
        pytest.param({"task_count": 0}, "task_count must be between 1 and 3, got 0", id="nobody"),
        pytest.param({"task_title": ""}, "task_title must have 1 to 128", id="no title"),
        pytest.param({"task_title": "t" * 129}, "task_title must have 1 to 128", id="long title"),
        pytest.param(
            {"task_description": "two\nlines"}, "task_description must be one line", id="lines"
        ),
        pytest.param(
            {"task_time_limit": cdk.Duration.seconds(29)},
            "task_time_limit must be at least 30 seconds, got 29",
            id="no time",
        ),
        pytest.param(
            {"task_availability_lifetime": cdk.Duration.seconds(0)},
            "task_availability_lifetime must be at least 1 second, got 0",
            id="no lifetime",
        ),
        pytest.param(
            {"task_keywords": ["a_b"]}, r"task_keywords\[0\] must be letters and digits", id="word"
        ),
        pytest.param(
            {"task_keywords": ["a"] * 6}, "task_keywords must have 1 to 5 entries", id="words"
        ),
        pytest.param(
            {"name_prefix": "a--b"}, "name_prefix must be lower-case .* got 'a--b'", id="hyphens"
        ),
        pytest.param({"name_prefix": "a" * 41}, "1 to 40 characters, it has 41", id="long name"),
        pytest.param(
            {"output_prefix": "/a2i"}, "output_prefix must be a key without a slash", id="slash"
        ),
        pytest.param(
            {"tags": {str(n): "" for n in range(45)}}, "tags must have 0 to 44 entries", id="tags"
        ),
        pytest.param(
            {"tags": {"human-review:retired-at": "now"}}, "no key that begins with", id="our tags"
        ),
    ],
)
def test_what_a_flow_definition_refuses(
    stack: cdk.Stack, required: dict[str, Any], parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        FlowDefinition(stack, "FlowDefinition", **{**required, **parameters})

    assert stack.node.try_find_child("FlowDefinition") is None


def test_the_longest_name_leaves_room_for_the_hash(
    stack: cdk.Stack, required: dict[str, Any]
) -> None:
    FlowDefinition(stack, "FlowDefinition", **{**required, "name_prefix": "a" * 40})

    assert len("a" * 40 + "--" + "0" * 10) <= 63
    assert resource_of(stack)["Properties"]["FlowDefinitionNamePrefix"] == "a" * 40


def test_tokens_are_not_checked(stack: cdk.Stack, required: dict[str, Any]) -> None:
    count = cdk.CfnParameter(stack, "Count", type="Number").value_as_number
    title = cdk.CfnParameter(stack, "Title").value_as_string

    FlowDefinition(
        stack, "FlowDefinition", **{**required, "task_count": count, "task_title": title}
    )

    loop = resource_of(stack)["Properties"]["HumanLoopConfig"]
    assert loop["TaskCount"] == {"Ref": "Count"}
    assert loop["TaskTitle"] == {"Ref": "Title"}


def test_a_provider_of_another_stack_is_used_by_its_token(
    app: cdk.App, stack: cdk.Stack, required: dict[str, Any]
) -> None:
    elsewhere = cdk.Stack(app, "Elsewhere")
    provider = ReviewProvider.of(elsewhere)

    FlowDefinition(stack, "FlowDefinition", **required, provider=provider)

    template = Template.from_stack(stack)
    assert "Fn::ImportValue" in resource_of(stack)["Properties"]["ServiceToken"]
    # Only the collecting function of the results: no provider of its own.
    template.resource_count_is("AWS::Lambda::Function", 1)


def test_grant_start_human_loop_outlives_a_change_of_the_flow_definition(
    stack: cdk.Stack, flow_definition: FlowDefinition
) -> None:
    user = iam.User(stack, "User")

    flow_definition.grant_start_human_loop(user, human_loop_names="sentiment-*")

    assert statements_of(stack, user) == [
        {
            "Action": "sagemaker:StartHumanLoop",
            "Effect": "Allow",
            "Resource": [
                sagemaker_arn(stack, "flow-definition", "sentiment--*"),
                sagemaker_arn(stack, "human-loop", "sentiment-*"),
            ],
        }
    ]


@pytest.mark.parametrize(
    ("grant", "action", "resource"),
    [
        ("grant_describe", "DescribeFlowDefinition", ("flow-definition", "sentiment--*")),
        ("grant_describe_human_loop", "DescribeHumanLoop", ("human-loop", "*")),
        ("grant_stop_human_loop", "StopHumanLoop", ("human-loop", "*")),
    ],
)
def test_grants(
    stack: cdk.Stack,
    flow_definition: FlowDefinition,
    grant: str,
    action: str,
    resource: tuple[str, str],
) -> None:
    user = iam.User(stack, "User")

    getattr(flow_definition, grant)(user)

    assert statements_of(stack, user) == [
        {
            "Action": f"sagemaker:{action}",
            "Effect": "Allow",
            "Resource": sagemaker_arn(stack, *resource),
        }
    ]


IMPORTED = "arn:aws:sagemaker:eu-west-1:111122223333:flow-definition/sentiment--0123456789"


@pytest.mark.parametrize(
    ("grant", "actions", "resources"),
    [
        (
            "grant_start_human_loop",
            "sagemaker:StartHumanLoop",
            [IMPORTED, "arn:aws:sagemaker:eu-west-1:111122223333:human-loop/*"],
        ),
        ("grant_describe", "sagemaker:DescribeFlowDefinition", IMPORTED),
        (
            "grant_describe_human_loop",
            "sagemaker:DescribeHumanLoop",
            "arn:aws:sagemaker:eu-west-1:111122223333:human-loop/*",
        ),
        (
            "grant_stop_human_loop",
            "sagemaker:StopHumanLoop",
            "arn:aws:sagemaker:eu-west-1:111122223333:human-loop/*",
        ),
    ],
)
def test_an_imported_flow_definition_grants_on_its_own_arn_account_and_region(
    stack: cdk.Stack, grant: str, actions: str, resources: Any
) -> None:
    flow_definition = FlowDefinition.from_flow_definition_arn(stack, "FlowDefinition", IMPORTED)
    user = iam.User(stack, "User")

    getattr(flow_definition, grant)(user)

    assert flow_definition.flow_definition_name == "sentiment--0123456789"
    [statement] = statements_of(stack, user)
    assert in_aws(statement) == {"Action": actions, "Effect": "Allow", "Resource": resources}


def test_an_arn_known_only_when_deploying_can_be_imported(stack: cdk.Stack) -> None:
    arn = cdk.CfnParameter(stack, "FlowDefinitionArn").value_as_string
    user = iam.User(stack, "User")

    FlowDefinition.from_flow_definition_arn(stack, "FlowDefinition", arn).grant_describe(user)

    assert statements_of(stack, user)[0]["Resource"] == {"Ref": "FlowDefinitionArn"}


@pytest.mark.parametrize(
    "arn",
    [
        "sentiment--0123456789",
        "arn:aws:sagemaker:eu-west-1:111122223333:human-task-ui/sentiment",
        "arn:aws:sagemaker:eu-west-1::flow-definition/sentiment",
    ],
)
def test_what_is_no_arn_of_a_flow_definition_is_refused(stack: cdk.Stack, arn: str) -> None:
    with pytest.raises(ValueError, match="must be the ARN of a flow definition, got"):
        FlowDefinition.from_flow_definition_arn(stack, "FlowDefinition", arn)


def in_aws(node: Any) -> Any:
    """The node with the partition that an ARN leaves open filled in."""
    match node:
        case {"Fn::Join": ["", parts]}:
            return "".join("aws" if part == {"Ref": "AWS::Partition"} else part for part in parts)
        case dict():
            return {key: in_aws(value) for key, value in node.items()}
        case list():
            return [in_aws(item) for item in node]
        case _:
            return node


def role_of(stack: cdk.Stack) -> Any:
    """The role that SageMaker works as."""
    roles = Template.from_stack(stack).find_resources(
        "AWS::IAM::Role", {"Properties": {"Path": "/human-review/"}}
    )
    (role,) = roles.values()
    return role


def role_statements(stack: cdk.Stack) -> Any:
    (policy,) = role_of(stack)["Properties"]["Policies"]
    return policy["PolicyDocument"]["Statement"]


def resource_of(stack: cdk.Stack) -> Any:
    (resource,) = Template.from_stack(stack).find_resources("Custom::A2IFlowDefinition").values()
    return resource
