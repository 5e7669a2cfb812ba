"""Where a workflow's results are kept, and how people's answers become labels."""

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_s3 as s3
from constructs import Construct

from . import limits
from .flow_definition import FlowDefinition
from .handler_function import HandlerFunction
from .message_queue import MessageQueue
from .output_location import OUTPUT_PREFIX
from .permission import acknowledge, allow_pattern
from .workflow_metric import workflow_metric

_TIMEOUT = Duration.minutes(1)


class ReviewResults(Construct):
    """A workflow's bucket, and the function that writes a label for each human loop that ends.

    The bucket is encrypted, private, versioned, refuses requests without TLS, and may be read by
    task pages. Its keys: ``a2i/`` what Amazon A2I wrote, ``requests/`` what a person was asked, or
    a service that may ask one, ``accepted/`` predictions taken as they are,
    ``labels/YYYY/MM/DD/`` one record a human loop.

    EventBridge reports the end of a loop of any flow definition that the workflow has had, so
    answers to a replaced page still arrive. What cannot be collected after five tries waits in
    ``dead_letter_queue``.

    :param workflow_name: at most 40 lower-case letters, digits and single hyphens.
    :param label: JMESPath of the label in an answer. Default: records hold the answers alone.
    :param consensus: how the labels of several answers become one: ``majority``, ``mean`` of
        numbers, ``iou`` of boxes, or ``ranks`` of ranked answers. Default: the label that more
        than half of them gave.
    :param encryption_key: encrypts the bucket. Default: S3's own key.
    :param previous_encryption_keys: keys that encrypted the bucket before a change of
        ``encryption_key``: what was written then still needs them. Default: none.
    :param removal_policy: what becomes of the bucket when it leaves the stack; destroyed, it is
        emptied first, all labels included. Default: it stays, unless the deployment that made it
        fails.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        workflow_name: str,
        label: str | None = None,
        consensus: limits.Consensus = "majority",
        encryption_key: kms.IKey | None = None,
        previous_encryption_keys: Sequence[kms.IKey] = (),
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    ) -> None:
        limits.check("workflow_name", limits.WorkflowName, workflow_name)
        if label is not None:
            limits.check("label", limits.LabelPath, label)
        limits.check("consensus", limits.Consensus, consensus)
        super().__init__(scope, id)
        self.workflow_name = workflow_name
        self._previous_encryption_keys = list(previous_encryption_keys)
        self.bucket = self._results_bucket(encryption_key, removal_policy)
        self.queue = MessageQueue(self, "Queue", handled_within=_TIMEOUT)
        self.dead_letter_queue = self.queue.dead_letters
        self.function = HandlerFunction(
            self,
            "Collect",
            handler="review_collect.handler.handle",
            description=f"Writes a label for each {workflow_name} human loop that has ended",
            timeout=_TIMEOUT,
            environment={
                "WORKFLOW": workflow_name,
                "BUCKET": self.bucket.bucket_name,
                "CONSENSUS": consensus,
                **({} if label is None else {"LABEL": label}),
            },
        )
        self.function.add_event_source(
            sources.SqsEventSource(self.queue, batch_size=10, report_batch_item_failures=True)
        )
        self._allow_collecting()
        self._collect_what_ends()

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` read the labels and all else that the bucket holds."""
        granted = self.bucket.grant_read(grantee)
        for key in self._previous_encryption_keys:
            granted = granted.combine(key.grant_decrypt(grantee))
        return granted

    def grant_keys(self, grantee: iam.IGrantable) -> None:
        """Let ``grantee`` use the keys of the objects that it may read and write by other grants.

        Nothing is granted when the bucket is, and was, encrypted with S3's own key.
        """
        if self.bucket.encryption_key is not None:
            self.bucket.encryption_key.grant(grantee, "kms:Decrypt", "kms:GenerateDataKey")
        for key in self._previous_encryption_keys:
            key.grant_decrypt(grantee)

    def metric_labels_collected(self) -> cloudwatch.Metric:
        """How many human loops ended with a label: sum over five minutes."""
        return workflow_metric(self.workflow_name, "LabelsCollected")

    def metric_loops_failed(self) -> cloudwatch.Metric:
        """How many human loops failed, expired ones included: sum over five minutes."""
        return workflow_metric(self.workflow_name, "LoopsFailed")

    def metric_loops_stopped(self) -> cloudwatch.Metric:
        """How many human loops were stopped: sum over five minutes."""
        return workflow_metric(self.workflow_name, "LoopsStopped")

    def _results_bucket(
        self, encryption_key: kms.IKey | None, removal_policy: RemovalPolicy
    ) -> s3.Bucket:
        managed, own = s3.BucketEncryption.S3_MANAGED, s3.BucketEncryption.KMS
        bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=managed if encryption_key is None else own,
            encryption_key=encryption_key,
            bucket_key_enabled=None if encryption_key is None else True,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            versioned=True,
            removal_policy=removal_policy,
            auto_delete_objects=removal_policy is RemovalPolicy.DESTROY,
            # https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-permissions-security.html: without
            # it, tasks that show an object of the bucket fail.
            cors=[s3.CorsRule(allowed_methods=[s3.HttpMethods.GET], allowed_origins=["*"])],
            lifecycle_rules=[
                s3.LifecycleRule(abort_incomplete_multipart_upload_after=Duration.days(7))
            ],
        )
        acknowledge(
            bucket,
            {
                "AwsSolutions-S1": "who reads labels is for the account's own trail to say; "
                "server access logs would need a second bucket for each workflow"
            },
        )
        return bucket

    def _allow_collecting(self) -> None:
        role, bucket = self.function.runs_as, self.bucket
        allow_pattern(
            role,
            actions=["s3:GetObject"],
            resources=[bucket.arn_for_objects(f"{key}/*") for key in (OUTPUT_PREFIX, "requests")],
            because="each human loop has keys of its own below these prefixes",
        )
        allow_pattern(
            role,
            actions=["s3:PutObject"],
            resources=[bucket.arn_for_objects("labels/*")],
            because="each human loop has a key of its own below this prefix",
        )
        # Without it a key that is missing cannot be told from one that is not allowed.
        role.add_to_principal_policy(
            iam.PolicyStatement(actions=["s3:ListBucket"], resources=[bucket.bucket_arn])
        )
        allow_pattern(
            role,
            actions=["sagemaker:ListTags"],
            resources=[f"{self._flow_definitions()}*"],
            because="a changed flow definition has a new name; they share this prefix",
        )
        self.grant_keys(role)

    def _collect_what_ends(self) -> None:
        events.Rule(
            self,
            "LoopEnded",
            description=f"Human loops of {self.workflow_name} that are completed, failed or "
            "stopped",
            event_pattern=events.EventPattern(
                source=["aws.sagemaker"],
                detail_type=["SageMaker A2I HumanLoop Status Change"],
                detail={"flowDefinitionArn": [{"prefix": self._flow_definitions()}]},
            ),
            targets=[targets.SqsQueue(self.queue, dead_letter_queue=self.dead_letter_queue)],
        )

    def _flow_definitions(self) -> str:
        """What the ARNs of all the workflow's flow definitions begin with."""
        return Stack.of(self).format_arn(
            service="sagemaker",
            resource="flow-definition",
            resource_name=f"{self.workflow_name}--",
        )


def check_collected(flow_definition: FlowDefinition, results: ReviewResults) -> None:
    """Refuse a flow definition whose answers would never become labels in ``results``.

    :raises ValueError: it is another workflow's, or its answers go elsewhere.
    """
    if flow_definition.name_prefix != results.workflow_name:
        raise ValueError(
            "flow_definition and results must be of one workflow, got those of "
            f"{flow_definition.name_prefix} and of {results.workflow_name}"
        )
    if flow_definition.output.bucket.bucket_name != results.bucket.bucket_name:
        raise ValueError(
            "output_bucket of the flow_definition must be the bucket of the results, which collect "
            "answers from no other"
        )
    if flow_definition.output.prefix != OUTPUT_PREFIX:
        raise ValueError(
            f"output_prefix of the flow_definition must be {OUTPUT_PREFIX!r}, from where the "
            f"results collect answers, got {flow_definition.output.prefix!r}"
        )
