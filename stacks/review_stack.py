"""One review workflow."""

from typing import Any

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from constructs import Construct

from human_review import ReviewProvider, ReviewWorkflow, WorkflowSpec, WorkteamBase


class ReviewStack(Stack):
    """A workflow's stack; the workteam and the provider come from the workforce's.

    :param spec: what the workflow's folder says.
    :param workteam: who reviews.
    :param provider: makes the flow definition and the guard.
    :param removal_policy: what becomes of the bucket when the stack is destroyed. Default: it
        stays, with all labels.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        spec: WorkflowSpec,
        workteam: WorkteamBase,
        provider: ReviewProvider,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        **kwargs: Any,
    ) -> None:
        super().__init__(scope, id, **kwargs)
        workflow = ReviewWorkflow(
            self,
            "Workflow",
            spec=spec,
            workteam=workteam,
            provider=provider,
            removal_policy=removal_policy,
        )
        outputs = {
            "FlowDefinitionArn": workflow.flow_definition.flow_definition_arn,
            "TriageQueueUrl": workflow.triage.queue.queue_url,
            "BucketName": workflow.results.bucket.bucket_name,
            "DeadLetterQueueUrl": workflow.triage.dead_letter_queue.queue_url,
            "CollectDeadLetterQueueUrl": workflow.results.dead_letter_queue.queue_url,
        }
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)
