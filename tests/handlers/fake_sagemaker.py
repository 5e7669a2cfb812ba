"""SageMaker's flow definitions and human loops in memory, and the stack they belong to."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from botocore.client import BaseClient

from review_resources.events import Event
from tests.handlers.fake_aws import FakeAws, Parameters, RefusalError

STACK_ID = "arn:aws:cloudformation:eu-west-1:111122223333:stack/HumanReview-sentiment/0a1b"
ARN = "arn:aws:sagemaker:eu-west-1:111122223333:flow-definition/"
LOOP_ARN = "arn:aws:sagemaker:eu-west-1:111122223333:human-loop/"
WORKTEAM_ARN = "arn:aws:sagemaker:eu-west-1:111122223333:workteam/private-crowd/team"
ROLE_ARN = "arn:aws:iam::111122223333:role/human-review/flow-definition"
MUTATING = {
    "AddTags",
    "CreateFlowDefinition",
    "DeleteFlowDefinition",
    "DeleteTags",
    "SendMessage",
    "StopHumanLoop",
}


def properties(**changes: Any) -> dict[str, Any]:
    """A flow definition's properties as CloudFormation sends them: numbers are strings."""
    return {
        "ServiceToken": "arn:aws:lambda:eu-west-1:111122223333:function:provider",
        "FlowDefinitionNamePrefix": "sentiment",
        "RoleArn": ROLE_ARN,
        "OutputConfig": {"S3OutputPath": "s3://results/a2i"},
        "HumanLoopConfig": {
            "WorkteamArn": WORKTEAM_ARN,
            "HumanTaskUiArn": "arn:aws:sagemaker:eu-west-1:111122223333:human-task-ui/page",
            "TaskTitle": "How does the customer feel?",
            "TaskDescription": "Read the review and choose",
            "TaskCount": "1",
            "TaskTimeLimitInSeconds": "3600",
        },
        "TemplateSha256": "ab" * 32,
        "Tags": [{"Key": "team", "Value": "ml"}],
        **changes,
    }


def an_event(request_type: str, **changes: Any) -> Event:
    """One lifecycle event of the flow definition."""
    return cast(
        Event,
        {
            "RequestType": request_type,
            "RequestId": "c0ffee",
            "ResponseURL": "https://example.com/secret",
            "ResourceType": "Custom::A2IFlowDefinition",
            "LogicalResourceId": "FlowDefinition",
            "StackId": STACK_ID,
            "ResourceProperties": properties(),
            **changes,
        },
    )


class FakeSageMaker:
    """Flow definitions, whose status each test sets, and their loops.

    :ivar stack: the stack's status; None when there is no such stack.
    :ivar resource: the name of the flow definition that the stack has now; None when it has none.
    :ivar roles: the ARN of each role, and the service that it trusts.
    :ivar pointers: the ARNs that the workflow's parameter has held; None when there is none.
    """

    def __init__(self, aws: FakeAws) -> None:
        self.aws = aws
        self.stack: str | None = "UPDATE_IN_PROGRESS"
        self.resource: str | None = "sentiment--fedcba9876"
        self.pointers: list[str] | None = None
        self.statuses: dict[str, str] = {}
        self.tags: dict[str, dict[str, str]] = {}
        self.configs: dict[str, dict[str, Any]] = {}
        self.outputs: dict[str, str] = {}
        self.loops: dict[str, dict[str, Any]] = {}
        self.workteams: set[str] = set()
        self.roles: dict[str, str] = {}
        self.failure_reason: str | None = None
        aws.operations |= {
            "CreateFlowDefinition": self._create,
            "DescribeFlowDefinition": self._describe,
            "DeleteFlowDefinition": self._delete,
            "ListFlowDefinitions": self._list,
            "AddTags": self._add_tags,
            "DeleteTags": self._delete_tags,
            "ListTags": self._list_tags,
            "DescribeWorkteam": self._describe_workteam,
            "ListHumanLoops": self._list_loops,
            "DescribeHumanLoop": self._describe_loop,
            "StopHumanLoop": self._stop_loop,
            "GetRole": self._get_role,
            "DescribeStacks": self._describe_stacks,
            "DescribeStackResource": self._describe_stack_resource,
            "GetParameterHistory": self._get_parameter_history,
        }

    def mutations(self) -> list[str]:
        """The calls that change something."""
        return [name for name in self.aws.names() if name in MUTATING]

    def flow_definition(self, name: str, status: str = "Active", **tags: str) -> str:
        """Have a flow definition of the stack; give its name."""
        self.statuses[name] = status
        self.tags[name] = {"human-review:stack-id": STACK_ID} | {
            f"human-review:{key.replace('_', '-')}": value for key, value in tags.items()
        }
        return name

    def loop(self, name: str, of: str, status: str = "InProgress", **more: Any) -> str:
        """Have a human loop; give its name."""
        self.loops[name] = {
            "HumanLoopName": name,
            "HumanLoopArn": LOOP_ARN + name,
            "HumanLoopStatus": status,
            "CreationTime": datetime.now(UTC) - timedelta(minutes=5),
            "FlowDefinitionArn": ARN + of,
            **more,
        }
        return name

    def refuse(self, operation: str, code: str, message: str = "no", status: int = 400) -> None:
        """Answer an operation with an error from now on."""

        def refuse(_given: Parameters) -> dict[str, Any]:
            raise RefusalError(code, message, status)

        self.aws.operations[operation] = refuse

    def _create(self, given: Parameters) -> dict[str, Any]:
        name = given["FlowDefinitionName"]
        if name in self.statuses:
            raise RefusalError("ResourceInUse", f"{name} exists")
        self.statuses[name] = "Initializing"
        self.tags[name] = {tag["Key"]: tag["Value"] for tag in given["Tags"]}
        self.configs[name] = given["HumanLoopConfig"]
        self.outputs[name] = given["OutputConfig"]["S3OutputPath"]
        return {"FlowDefinitionArn": ARN + name}

    def _describe(self, given: Parameters) -> dict[str, Any]:
        name = given["FlowDefinitionName"]
        if name not in self.statuses:
            raise RefusalError("ResourceNotFound", f"{name} does not exist")
        described = {
            "FlowDefinitionName": name,
            "FlowDefinitionArn": ARN + name,
            "FlowDefinitionStatus": self.statuses[name],
            "HumanLoopConfig": self.configs.get(name, {}),
            "OutputConfig": {"S3OutputPath": self.outputs.get(name, "s3://results/a2i")},
        }
        return described | ({"FailureReason": self.failure_reason} if self.failure_reason else {})

    def _delete(self, given: Parameters) -> dict[str, Any]:
        status = self._describe(given)["FlowDefinitionStatus"]
        if status in ("Initializing", "Deleting"):
            raise RefusalError("ResourceInUse", f"it is {status}")
        self.statuses[given["FlowDefinitionName"]] = "Deleting"
        return {}

    def _list(self, given: Parameters) -> dict[str, Any]:
        shown, following = _page(list(self.statuses), given)
        summaries = [
            {
                "FlowDefinitionName": name,
                "FlowDefinitionArn": ARN + name,
                "FlowDefinitionStatus": self.statuses[name],
            }
            for name in shown
        ]
        return {"FlowDefinitionSummaries": summaries, **following}

    def _tags(self, given: Parameters) -> dict[str, str]:
        name = given["ResourceArn"].removeprefix(ARN)
        if name not in self.statuses:
            raise RefusalError("ResourceNotFound", f"{name} does not exist")
        return self.tags[name]

    def _add_tags(self, given: Parameters) -> dict[str, Any]:
        self._tags(given).update({tag["Key"]: tag["Value"] for tag in given["Tags"]})
        return {}

    def _delete_tags(self, given: Parameters) -> dict[str, Any]:
        for key in given["TagKeys"]:
            del self._tags(given)[key]
        return {}

    def _list_tags(self, given: Parameters) -> dict[str, Any]:
        tags = self._tags(given)
        return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}

    def _describe_workteam(self, given: Parameters) -> dict[str, Any]:
        name = given["WorkteamName"]
        if name not in self.workteams:
            raise RefusalError("ValidationException", f"The work team {name} does not exist")
        arn = WORKTEAM_ARN.removesuffix("team") + name
        return {"Workteam": {"WorkteamName": name, "WorkteamArn": arn}}

    def _get_role(self, given: Parameters) -> dict[str, Any]:
        for arn, service in self.roles.items():
            if arn.endswith(f"/{given['RoleName']}"):
                trust = {
                    "Effect": "Allow",
                    "Principal": {"Service": service},
                    "Action": "sts:AssumeRole",
                }
                policy = json.dumps({"Statement": [trust]})
                return {"Role": {"Arn": arn, "AssumeRolePolicyDocument": policy}}
        raise RefusalError("NoSuchEntity", status=404)

    def _list_loops(self, given: Parameters) -> dict[str, Any]:
        arn = given["FlowDefinitionArn"]
        if arn.removeprefix(ARN) not in self.statuses:
            raise RefusalError("ResourceNotFoundException", f"{arn} does not exist", 404)
        since = given.get("CreationTimeAfter")
        names = [
            name
            for name, loop in self.loops.items()
            if loop["FlowDefinitionArn"] == arn and (since is None or loop["CreationTime"] >= since)
        ]
        shown, following = _page(names, given)
        return {"HumanLoopSummaries": [self.loops[name] for name in shown], **following}

    def _describe_loop(self, given: Parameters) -> dict[str, Any]:
        if given["HumanLoopName"] not in self.loops:
            raise RefusalError("ResourceNotFoundException", status=404)
        return self.loops[given["HumanLoopName"]]

    def _stop_loop(self, given: Parameters) -> dict[str, Any]:
        self._describe_loop(given)["HumanLoopStatus"] = "Stopped"
        return {}

    def _describe_stacks(self, given: Parameters) -> dict[str, Any]:
        if self.stack is None:
            message = f"Stack with id {given['StackName']} does not exist"
            raise RefusalError("ValidationError", message)
        return {"Stacks": [{"StackName": given["StackName"], "StackStatus": self.stack}]}

    def _describe_stack_resource(self, given: Parameters) -> dict[str, Any]:
        if self.resource is None:
            message = f"Resource {given['LogicalResourceId']} does not exist for stack"
            raise RefusalError("ValidationError", message)
        return {"StackResourceDetail": {"PhysicalResourceId": self.resource}}

    def _get_parameter_history(self, given: Parameters) -> dict[str, Any]:
        if self.pointers is None:
            raise RefusalError("ParameterNotFound")
        assert given["Name"] == "/human-review/sentiment/flow-definition-arn"
        return {"Parameters": [{"Value": arn} for arn in self.pointers]}


def _page(names: list[str], given: Parameters) -> tuple[list[str], dict[str, str]]:
    """One page of at most 100, as the services cut them."""
    size, first = min(given.get("MaxResults", 10), 100), int(given.get("NextToken", 0))
    following = {"NextToken": str(first + size)} if first + size < len(names) else {}
    return names[first : first + size], following


@contextmanager
def sagemaker_behind(aws: FakeAws, *clients: BaseClient) -> Iterator[FakeSageMaker]:
    """Answer the clients' calls with a SageMaker that has nothing yet."""
    with ExitStack() as stack:
        for client in clients:
            stack.enter_context(aws.behind(client))
        yield FakeSageMaker(aws)
