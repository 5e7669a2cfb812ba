"""What there is in the account: what a change has left, made or called."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import boto3

_READS = ("Describe", "List", "Get", "GET", "AdminGet", "AdminList")


class Account:
    """An account and Region, looked at by its root.

    :param session: the root's.
    """

    def __init__(self, session: boto3.Session) -> None:
        self.session = session
        self.sagemaker = session.client("sagemaker")
        self.loops = session.client("sagemaker-a2i-runtime")
        self.ssm = session.client("ssm")
        self.lambda_ = session.client("lambda")
        self.cloudformation = session.client("cloudformation")

    def parameter(self, name: str) -> str:
        """The SSM parameter ``/human-review/<name>``."""
        found = self.ssm.get_parameter(Name=f"/human-review/{name}")
        return found["Parameter"]["Value"]

    def current(self, workflow: str) -> str:
        """The name of the flow definition that callers are told to use."""
        return self.parameter(f"{workflow}/flow-definition-arn").rpartition("/")[2]

    def flow_definitions(self, workflow: str) -> dict[str, str]:
        """The workflow's flow definitions, current and retired, and their statuses."""
        pages = self.sagemaker.get_paginator("list_flow_definitions").paginate()
        return {
            summary["FlowDefinitionName"]: summary["FlowDefinitionStatus"]
            for page in pages
            for summary in page["FlowDefinitionSummaries"]
            if summary["FlowDefinitionName"].startswith(f"{workflow}--")
        }

    def human_task_uis(self, prefix: str) -> set[str]:
        """The names of the human task UIs that begin so."""
        pages = self.sagemaker.get_paginator("list_human_task_uis").paginate()
        names = (ui["HumanTaskUiName"] for page in pages for ui in page["HumanTaskUiSummaries"])
        return {name for name in names if name.startswith(prefix)}

    def tags(self, flow_definition_name: str) -> dict[str, str]:
        """The tags of a flow definition."""
        arn = self.flow_definition_arn(flow_definition_name)
        return {
            tag["Key"]: tag["Value"] for tag in self.sagemaker.list_tags(ResourceArn=arn)["Tags"]
        }

    def flow_definition_arn(self, name: str) -> str:
        """The ARN of a flow definition."""
        return self.sagemaker.describe_flow_definition(FlowDefinitionName=name)["FlowDefinitionArn"]

    def human_loops(self, flow_definition_name: str) -> dict[str, str]:
        """The human loops of a flow definition and their statuses."""
        pages = self.loops.get_paginator("list_human_loops").paginate(
            FlowDefinitionArn=self.flow_definition_arn(flow_definition_name)
        )
        return {
            loop["HumanLoopName"]: loop["HumanLoopStatus"]
            for page in pages
            for loop in page["HumanLoopSummaries"]
        }

    def open_loops(self, flow_definition_name: str) -> int:
        """How many human loops of a flow definition have not ended."""
        statuses = self.human_loops(flow_definition_name).values()
        return sum(status in ("InProgress", "Stopping") for status in statuses)

    def human_loop_status(self, name: str) -> str:
        """A human loop's status; one that was never made or is deleted is gone."""
        try:
            return self.loops.describe_human_loop(HumanLoopName=name)["HumanLoopStatus"]
        except self.loops.exceptions.ResourceNotFoundException:
            return "gone"

    def triage(self, workflow: str, *item_ids: str) -> dict[str, str]:
        """Have a person asked about each item; the human loop of each."""
        items = [
            {"id": it, "input": f"input of {it}", "prediction": {"label": "?", "confidence": 0.1}}
            for it in item_ids
        ]
        name = self.parameter(f"{workflow}/triage-function-name")
        results = self.invoke(name, {"items": items})["results"]
        return {result["id"]: result["human_loop_name"] for result in results}

    def reconcile(self, workflow: str) -> dict[str, dict[str, Any]]:
        """Run the workflow's reconciler now; what it says of each flow definition."""
        name = self.parameter(f"{workflow}/reconcile-function-name")
        return {result["name"]: result for result in self.invoke(name, {})["flow_definitions"]}

    def forget_grace(self, workflow: str) -> None:
        """Have the reconciler delete a retired flow definition as soon as it may."""
        name = self.parameter(f"{workflow}/reconcile-function-name")
        environment = self.lambda_.get_function_configuration(FunctionName=name)["Environment"]
        variables = {**environment["Variables"], "GRACE_SECONDS": "0"}
        self.lambda_.update_function_configuration(
            FunctionName=name, Environment={"Variables": variables}
        )

    def invoke(self, function_name: str, payload: Any) -> dict[str, Any]:
        """What a function answers.

        :raises RuntimeError: when it fails.
        """
        answer = self.lambda_.invoke(FunctionName=function_name, Payload=json.dumps(payload))
        result: dict[str, Any] = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise RuntimeError(f"{function_name}: {result}")
        return result

    def resources(self, stack: str) -> dict[str, str]:
        """The physical id of each resource of a stack that was not deleted."""
        pages = self.cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
        return {
            it["LogicalResourceId"]: it.get("PhysicalResourceId", "")
            for page in pages
            for it in page["StackResourceSummaries"]
            if it["ResourceStatus"] != "DELETE_COMPLETE"
        }

    def status(self, stack: str) -> str:
        """The status of a stack."""
        [described] = self.cloudformation.describe_stacks(StackName=stack)["Stacks"]
        return described["StackStatus"]

    def failures(self, stack: str) -> str:
        """What the events of a stack, deleted or not, say of everything that failed."""
        pages = self.cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack)
        return "\n".join(
            event.get("ResourceStatusReason", "")
            for page in pages
            for event in page["StackEvents"]
            if event["ResourceStatus"].endswith("FAILED")
        )

    def changes_made(self, since: datetime) -> list[str]:
        """The calls to SageMaker and Cognito that may have changed something, in their order.

        What CloudFormation's own resources call is not among them.
        """
        return [
            event["EventName"]
            for event in self._recorded(since)
            if event["EventSource"].startswith(("sagemaker", "cognito"))
            and not event["EventName"].startswith(_READS)
        ]

    def _recorded(self, since: datetime) -> Iterator[Any]:
        trail = self.session.client("cloudtrail")
        for page in trail.get_paginator("lookup_events").paginate(StartTime=since):
            yield from page["Events"]


def label_versions(session: boto3.Session, bucket: str) -> list[str]:
    """The key of every version of every label record: a key twice is a record written twice."""
    pages = (
        session.client("s3")
        .get_paginator("list_object_versions")
        .paginate(Bucket=bucket, Prefix="labels/")
    )
    return [version["Key"] for page in pages for version in page.get("Versions", [])]
