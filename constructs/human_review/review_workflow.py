"""A whole review workflow: from a prediction that is not sure to a label."""

from collections.abc import Sequence
from datetime import timedelta

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from . import limits
from .flow_definition import FlowDefinition
from .human_task_ui import HumanTaskUi
from .model_artifact import artifact_at
from .model_endpoint import ModelEndpoint
from .model_image import ModelImage
from .model_spec import ModelSpec
from .provider import ReviewProvider
from .reconciler import RATE, Reconciler
from .review_guard import ReviewGuard
from .review_results import ReviewResults
from .triage import Triage
from .workflow_spec import WorkflowSpec
from .workteam import WorkteamBase


class ReviewWorkflow(Construct):
    """The page, the flow definition, triage, results and reconciler of one workflow, with a guard.

    A model that the specification brings is deployed with it, as ``model_endpoint``.

    What a caller needs to know of it stands in SSM parameters below ``/human-review/<name>/``:
    ``flow-definition-arn``, ``triage-queue-url``, ``triage-function-name``, ``bucket-name``,
    ``dead-letter-queue-url``, ``reconcile-function-name`` and ``on-destroy``; and
    ``endpoint-name``, when the workflow's model is deployed with it.

    :param spec: what the workflow's folder says.
    :param workteam: who reviews.
    :param encryption_key: encrypts the bucket and the answers; what becomes of it when it leaves
        its stack is a setting of the key. Default: S3's own key.
    :param previous_encryption_keys: keys that did so before a change of ``encryption_key``: loops
        that wait since then, and what they are about, still need them. Default: none.
    :param removal_policy: what becomes of the bucket when it leaves the stack; destroyed, it is
        emptied first, all labels included. Default: it stays, unless the deployment that made it
        fails.
    :param reconcile_rate: how often lost events and replaced flow definitions are looked for, in
        whole minutes. Default: every 15 minutes.
    :param provider: makes the flow definition and the guard. Default: the stack's own.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        spec: WorkflowSpec,
        workteam: WorkteamBase,
        encryption_key: kms.IKey | None = None,
        previous_encryption_keys: Sequence[kms.IKey] = (),
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        reconcile_rate: Duration = RATE,
        provider: ReviewProvider | None = None,
    ) -> None:
        limits.check("reconcile_rate", limits.RateSeconds, int(reconcile_rate.to_seconds()))
        super().__init__(scope, id)
        self.human_task_ui = HumanTaskUi(
            self,
            "HumanTaskUi",
            template=spec.template,
            name_prefix=spec.name,
            examples=spec.examples,
        )
        self.results = ReviewResults(
            self,
            "Results",
            workflow_name=spec.name,
            label=spec.label,
            consensus=spec.consensus,
            encryption_key=encryption_key,
            previous_encryption_keys=previous_encryption_keys,
            removal_policy=removal_policy,
        )
        self.flow_definition = self._flow_definition(
            spec, workteam, encryption_key, previous_encryption_keys, provider
        )
        self.model_endpoint = self._deployed(spec.name, spec.model)
        self.triage = self._triage(spec)
        self.reconciler = Reconciler(
            self,
            "Reconciler",
            flow_definition=self.flow_definition,
            results=self.results,
            rate=reconcile_rate,
        )
        self._publish(spec.name)
        self.guard = ReviewGuard(
            self,
            "Guard",
            flow_definition=self.flow_definition,
            reconciler=self.reconciler,
            triage=self.triage,
            protects=self.node.children,
            on_destroy=spec.on_destroy,
            provider=provider,
        )

    def _deployed(self, workflow: str, model: ModelSpec | None) -> ModelEndpoint | None:
        """The endpoint of a model that comes with the workflow."""
        if model is None or model.artifact is None or model.image is None:
            return None
        return ModelEndpoint(
            self,
            "Model",
            image=ModelImage.from_text(model.image),
            artifact=artifact_at(self, model.artifact),
            endpoint_name=model.endpoint_name or workflow,
            memory_size=model.serverless.memory_size if model.serverless else None,
            max_concurrency=model.serverless.max_concurrency if model.serverless else None,
            instance_type=model.instance_type,
            instance_count=model.instance_count,
            environment=model.environment,
        )

    def _flow_definition(
        self,
        spec: WorkflowSpec,
        workteam: WorkteamBase,
        encryption_key: kms.IKey | None,
        previous_encryption_keys: Sequence[kms.IKey],
        provider: ReviewProvider | None,
    ) -> FlowDefinition:
        task = spec.task
        return FlowDefinition(
            self,
            "FlowDefinition",
            name_prefix=spec.name,
            workteam=workteam,
            human_task_ui=self.human_task_ui,
            task_title=task.title,
            task_description=task.description,
            task_count=task.count,
            task_availability_lifetime=_as_duration(task.availability_lifetime),
            task_time_limit=_as_duration(task.time_limit),
            task_keywords=task.keywords,
            output_bucket=self.results.bucket,
            input_buckets=[
                s3.Bucket.from_bucket_name(self, f"InputBucket-{name}", name)
                for name in spec.input_buckets
            ],
            request_source=spec.request_source,
            activation=spec.activation,
            encryption_key=encryption_key,
            previous_encryption_keys=previous_encryption_keys,
            provider=provider,
        )

    def _triage(self, spec: WorkflowSpec) -> Triage:
        return Triage(
            self,
            "Triage",
            flow_definition=self.flow_definition,
            results=self.results,
            threshold=spec.triage.threshold if spec.triage else None,
            audit_percentage=spec.triage.audit_percentage if spec.triage else 0,
            model=spec.model,
            endpoint=self.model_endpoint,
            labels=spec.labels or (),
        )

    def _publish(self, name: str) -> None:
        """Tell callers where to send predictions and where to find results."""
        values = {
            "triage-queue-url": self.triage.queue.queue_url,
            "triage-function-name": self.triage.function.function_name,
            "bucket-name": self.results.bucket.bucket_name,
            "reconcile-function-name": self.reconciler.function.function_name,
            "dead-letter-queue-url": self.triage.dead_letter_queue.queue_url,
        }
        if self.model_endpoint is not None:
            values["endpoint-name"] = self.model_endpoint.endpoint_name
        parameters = Construct(self, "Parameters")
        for key, value in values.items():
            ssm.StringParameter(
                parameters, key, parameter_name=f"/human-review/{name}/{key}", string_value=value
            )


def _as_duration(time: timedelta | None) -> Duration | None:
    return None if time is None else Duration.seconds(int(time.total_seconds()))
