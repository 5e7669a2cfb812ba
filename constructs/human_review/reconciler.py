"""What no event brought, and what is no longer needed: looked for on a schedule."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from constructs import Construct

from . import limits
from .flow_definition import FlowDefinition
from .handler_function import HandlerFunction
from .permission import acknowledge_pattern, allow_pattern
from .provider import RECONCILER_NAME
from .review_results import ReviewResults, check_collected
from .workflow_metric import workflow_metric

RATE = Duration.minutes(15)
"""How often a reconciler runs that is not told."""

_TIMEOUT = Duration.minutes(10)
_GRACE = Duration.minutes(15)
# https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-delete-human-loop.html
_LOOKBACK = Duration.days(30)


class Reconciler(Construct):
    """A function that compares, on a schedule, a workflow's human loops with its labels.

    Loops that ended without a label, since EventBridge's event was lost, are given to the
    collecting function once more. A flow definition that an update replaced is deleted when its
    last loop has ended and has been collected. How many loops are open, and for how long, is kept
    as metrics; alarms on them are the user's to make.

    :param flow_definition: the workflow's; its prefix names the workflow and all its others.
    :param results: where labels are, and the queue that ended loops are collected from.
    :param rate: how often it looks, in whole minutes. Default: every 15 minutes.
    :param grace: how long after its replacement a flow definition is kept at least, so that no
        caller starts a loop with one that is gone. Default: 15 minutes.
    :param lookback: how old a loop may be to be collected once more, in whole days. Default: 30
        days, which is as long as Amazon A2I keeps what an ended loop was about.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        flow_definition: FlowDefinition,
        results: ReviewResults,
        rate: Duration = RATE,
        grace: Duration = _GRACE,
        lookback: Duration = _LOOKBACK,
    ) -> None:
        limits.check("rate", limits.RateSeconds, int(rate.to_seconds()))
        limits.check("lookback", limits.LookbackSeconds, int(lookback.to_seconds()))
        check_collected(flow_definition, results)
        super().__init__(scope, id)
        self._workflow_name = flow_definition.name_prefix
        self._rate = rate
        self.function = HandlerFunction(
            self,
            "Function",
            handler="review_reconcile.handler.handle",
            function_name=RECONCILER_NAME.format(self._workflow_name),
            description=f"Collects what no event brought of {self._workflow_name} human loops",
            timeout=_TIMEOUT,
            environment={
                "WORKFLOW": self._workflow_name,
                "BUCKET": results.bucket.bucket_name,
                "COLLECT_QUEUE_URL": results.queue.queue_url,
                "STACK_ID": Stack.of(flow_definition).stack_id,
                "GRACE_SECONDS": str(int(grace.to_seconds())),
                "LOOKBACK_DAYS": str(int(lookback.to_days())),
            },
        )
        self._allow_looking_at_loops(flow_definition)
        self._allow_replaying(results)
        self._run_every(rate)

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` run the function now; its answer says what it found."""
        return self.function.grant_invoke(grantee)

    def metric_open_loops(self) -> cloudwatch.Metric:
        """How many human loops wait for a reviewer or are with one: as last counted."""
        return self._metric("OpenLoops", "Maximum")

    def metric_oldest_open_loop_age(self) -> cloudwatch.Metric:
        """For how long the oldest of the open human loops has been open, in seconds."""
        return self._metric("OldestOpenLoopAge", "Maximum")

    def metric_loops_replayed(self) -> cloudwatch.Metric:
        """How many human loops had ended without a label and were collected once more."""
        return self._metric("LoopsReplayed", "Sum")

    def metric_flow_definitions_retired(self) -> cloudwatch.Metric:
        """How many replaced flow definitions are kept for loops that have not ended."""
        return self._metric("FlowDefinitionsRetired", "Maximum")

    def metric_flow_definitions_deleted(self) -> cloudwatch.Metric:
        """How many replaced flow definitions were deleted, their last loop having ended."""
        return self._metric("FlowDefinitionsDeleted", "Sum")

    def _metric(self, name: str, statistic: str) -> cloudwatch.Metric:
        # One value a run: a shorter period would have gaps between the runs.
        return workflow_metric(self._workflow_name, name, statistic=statistic, period=self._rate)

    def _allow_looking_at_loops(self, flow_definition: FlowDefinition) -> None:
        role = self.function.runs_as
        allow_pattern(
            role,
            actions=["sagemaker:ListFlowDefinitions", "sagemaker:ListHumanLoops"],
            resources=["*"],
            because="IAM knows no resource for these two, which only list",
        )
        allow_pattern(
            role,
            actions=["sagemaker:DeleteFlowDefinition", "sagemaker:ListTags"],
            resources=[f"{flow_definition.arn_prefix}*"],
            because="a changed flow definition has a new name; they share this prefix",
        )
        loops = Stack.of(self).format_arn(
            service="sagemaker", resource="human-loop", resource_name="*"
        )
        allow_pattern(
            role,
            actions=["sagemaker:DescribeHumanLoop"],
            resources=[loops],
            because="others than triage may start loops, and name them as they like",
        )

    def _allow_replaying(self, results: ReviewResults) -> None:
        role = self.function.runs_as
        # Whether a loop has its record is in the names of the records, which it only lists.
        role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["s3:ListBucket"],
                resources=[results.bucket.bucket_arn],
                conditions={"StringLike": {"s3:prefix": "labels/*"}},
            )
        )
        results.queue.grant(role, "sqs:SendMessage")

    def _run_every(self, rate: Duration) -> None:
        stack = Stack.of(self)
        role = iam.Role(
            self,
            "ScheduleRole",
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": stack.account}},
            ),
        )
        scheduler.Schedule(
            self,
            "Schedule",
            schedule=scheduler.ScheduleExpression.rate(rate),
            description=f"Looks for {self._workflow_name} human loops that no event was seen of",
            # The next run does what a failed one did not.
            target=targets.LambdaInvoke(self.function, role=role, retry_attempts=0),
        )
        acknowledge_pattern(
            role,
            [f"{self.function.function_arn}:*"],
            "CDK lets a schedule invoke any version of its function",
        )
