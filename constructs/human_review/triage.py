"""Triage: which predictions a person sees."""

import json
from collections.abc import Sequence
from typing import Any

from aws_cdk import Duration, Stack, Token, Tokenization
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from . import limits
from .flow_definition import FlowDefinition
from .handler_function import HandlerFunction
from .message_queue import MessageQueue
from .model_endpoint import ModelEndpoint, ModelEndpointBase
from .model_spec import ModelSpec
from .permission import acknowledge_pattern, allow_pattern
from .review_results import ReviewResults, check_collected
from .workflow_metric import workflow_metric

_TIMEOUT = Duration.minutes(5)
_BATCH = 10
# The function asks for one item after the other, and twice for as long as 65 seconds each when a
# model is slow: 2 items × 2 attempts × 65 seconds are 260 of its 300.
_BATCH_WITH_ENDPOINT = 2
# A function's environment holds 4 KB in all; the other variables and the names take the rest:
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_MOST_MODEL_AND_LABELS = 3_072


class Triage(Construct):
    """A queue of predictions, and the function that accepts them or asks a person.

    A prediction whose confidence is under the threshold goes to a person; so does the audited share
    of the others, chosen by the item's id. Without a prediction, the endpoint is asked for one.
    What can never be handled waits in ``dead_letter_queue`` with the reason; what may be handled
    later is tried five times, and then waits there too.

    With a flow definition of a built-in task type, the function calls Amazon Rekognition or Amazon
    Textract instead, which predicts, and starts the review when the conditions hold.

    :param flow_definition: what a person's review is started with; its prefix names the workflow.
    :param results: where requests and accepted predictions are written.
    :param threshold: from 0 to 1; a prediction of this confidence is accepted. Needed for the
        custom task type. Default: the service of a built-in one decides.
    :param audit_percentage: from 0 to 100: of the confident predictions, how many a person checks
        all the same. Default: none.
    :param model: how to ask an endpoint. Default: every item must carry its prediction.
    :param endpoint: the one to ask. Default: the one that the ``model`` names.
    :param labels: what a reviewer chooses among, 2,048 bytes of JSON at most; pages find them as
        ``task.input.labels``. Default: the page knows.
    :param max_concurrency: how many batches, of two items when there is an endpoint and else of
        ten, are handled at once, 2 to 1000; a limit on what the endpoint and Amazon A2I are asked.
        Default: 10.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        flow_definition: FlowDefinition,
        results: ReviewResults,
        threshold: float | None = None,
        audit_percentage: float = 0,
        model: ModelSpec | None = None,
        endpoint: ModelEndpointBase | None = None,
        labels: Sequence[str] = (),
        max_concurrency: int = 10,
    ) -> None:
        _check_who_decides(flow_definition, threshold, audit_percentage, model, labels)
        limits.check("audit_percentage", limits.Percentage, audit_percentage)
        limits.check("max_concurrency", limits.Concurrency, max_concurrency)
        _check_endpoint(model, endpoint)
        check_collected(flow_definition, results)
        asking = _asking(model, endpoint, labels)
        super().__init__(scope, id)
        if endpoint is None and model is not None and model.endpoint_name is not None:
            endpoint = ModelEndpoint.from_endpoint_name(self, "Endpoint", model.endpoint_name)
        self._workflow_name = flow_definition.name_prefix
        self.queue = MessageQueue(self, "Queue", handled_within=_TIMEOUT)
        self.dead_letter_queue = self.queue.dead_letters
        self.function = HandlerFunction(
            self,
            "Function",
            handler="review_triage.handler.handle",
            description=f"Accepts {self._workflow_name} predictions, or asks a person",
            timeout=_TIMEOUT,
            memory_size=512,  # a batch holds up to ten items of 1 MiB
            environment={
                "WORKFLOW": self._workflow_name,
                "FLOW_DEFINITION_PARAMETER": flow_definition.arn_parameter.parameter_name,
                "BUCKET": results.bucket.bucket_name,
                "DEAD_LETTER_QUEUE_URL": self.dead_letter_queue.queue_url,
                **_decision(flow_definition, threshold, audit_percentage),
                **asking,
            },
        )
        self.function.add_event_source(
            sources.SqsEventSource(
                self.queue,
                batch_size=_BATCH if model is None else _BATCH_WITH_ENDPOINT,
                max_concurrency=max_concurrency,
                report_batch_item_failures=True,
            )
        )
        self.dead_letter_queue.grant(self.function, "sqs:SendMessage")
        self._allow_asking_people(flow_definition)
        if flow_definition.request_source is not None:
            self._allow_calling_the_service(flow_definition)
        self._allow_recording(results)
        if endpoint is not None:
            endpoint.grant_invoke(self.function.runs_as)

    @property
    def _human_loop_names(self) -> str:
        # A name begins with as much of the workflow's as its 63 characters allow.
        return f"{self._workflow_name[:30].rstrip('-')}-*"

    def grant_send(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` send predictions to the queue."""
        return self.queue.grant_send_messages(grantee)

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` have predictions handled at once, by invoking the function."""
        return self.function.grant_invoke(grantee)

    def metric_accepted(self) -> cloudwatch.Metric:
        """How many predictions were accepted without a person: sum over five minutes."""
        return workflow_metric(self._workflow_name, "Accepted")

    def metric_reviews_started(self) -> cloudwatch.Metric:
        """How many human loops were started: sum over five minutes."""
        return workflow_metric(self._workflow_name, "ReviewsStarted")

    def metric_refused(self) -> cloudwatch.Metric:
        """How many items went to the dead-letter queue at once: sum over five minutes."""
        return workflow_metric(self._workflow_name, "Refused")

    def _allow_asking_people(self, flow_definition: FlowDefinition) -> None:
        role, loops = self.function.runs_as, self._human_loop_names
        role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["ssm:GetParameter"],
                resources=[flow_definition.arn_parameter.parameter_arn],
            )
        )
        flow_definition.grant_start_human_loop(role, human_loop_names=loops)
        flow_definition.grant_describe_human_loop(role, human_loop_names=loops)
        stack = Stack.of(self)
        acknowledge_pattern(
            role,
            [
                f"{flow_definition.arn_prefix}*",
                stack.format_arn(service="sagemaker", resource="human-loop", resource_name=loops),
            ],
            "a changed flow definition has a new name, and each human loop has its own; "
            "both begin with the workflow's name",
        )

    def _allow_calling_the_service(self, flow_definition: FlowDefinition) -> None:
        role = self.function.runs_as
        flow_definition.grant_request(role, human_loop_names=self._human_loop_names)
        acknowledge_pattern(role, ["*"], "the service's action has no resource to name")
        acknowledge_pattern(
            role,
            [bucket.arn_for_objects("*") for bucket in flow_definition.input_buckets],
            "an item may name any object of a bucket that was named for it",
        )

    def _allow_recording(self, results: ReviewResults) -> None:
        role, bucket = self.function.runs_as, results.bucket
        requests, accepted = (bucket.arn_for_objects(f"{k}/*") for k in ("requests", "accepted"))
        because = "each item has keys of its own below these prefixes"
        allow_pattern(
            role,
            actions=["s3:GetObject", "s3:PutObject"],
            resources=[requests, accepted],
            because=because,
        )
        # Without it a key that is missing cannot be told from one that is not allowed.
        role.add_to_principal_policy(
            iam.PolicyStatement(actions=["s3:ListBucket"], resources=[bucket.bucket_arn])
        )
        results.grant_keys(role)


def _check_who_decides(
    flow_definition: FlowDefinition,
    threshold: float | None,
    audit_percentage: float,
    model: ModelSpec | None,
    labels: Sequence[str],
) -> None:
    """A prediction is triaged either here or by the service that made it."""
    if flow_definition.request_source is None:
        if threshold is None:
            raise ValueError("threshold is required for a flow definition of the custom task type")
        limits.check("threshold", limits.Fraction, threshold)
        return
    given = {
        "threshold": threshold is not None,  # 0 is one too
        "audit_percentage": bool(audit_percentage),
        "model": model is not None,
        "labels": bool(labels),
    }
    for name, is_given in given.items():
        if is_given:
            raise ValueError(
                f"{name} must be left out for a flow definition with a request_source: "
                f"{flow_definition.request_source} decides"
            )


def _decision(
    flow_definition: FlowDefinition, threshold: float | None, audit_percentage: float
) -> dict[str, str]:
    """What the function is told of who decides, and by which rule."""
    if flow_definition.request_source is not None:
        return {"REQUEST_SOURCE": flow_definition.request_source}
    return {"THRESHOLD": _text(threshold), "AUDIT_PERCENTAGE": _text(audit_percentage)}


def _text(number: float | None) -> str:
    assert number is not None  # as checked
    if Token.is_unresolved(number):
        return Tokenization.stringify_number(number)
    return str(number)


def _check_endpoint(model: ModelSpec | None, endpoint: ModelEndpointBase | None) -> None:
    if endpoint is not None and model is None:
        raise ValueError("endpoint needs a model, which says how to ask it")
    if endpoint is None and model is not None and model.endpoint_name is None:
        raise ValueError("endpoint is required for a model that names no endpoint")


def _asking(
    model: ModelSpec | None, endpoint: ModelEndpointBase | None, labels: Sequence[str]
) -> dict[str, str]:
    """What the function is told of the model, and of what a reviewer chooses among."""
    told: dict[str, str] = {}
    if model is not None:
        told["MODEL"] = _endpoint_call(model, endpoint)
    if labels:
        limits.check("labels", limits.Labels, list(labels))
        told["LABELS"] = _compact(list(labels))
    sizes = {name.lower(): len(text.encode()) for name, text in told.items()}
    if sum(sizes.values()) > _MOST_MODEL_AND_LABELS:
        given = " and ".join(f"{size} of {name}" for name, size in sizes.items())
        raise ValueError(
            f"model and labels must be at most {_MOST_MODEL_AND_LABELS} bytes of JSON together, "
            f"got {given}"
        )
    return told


def _endpoint_call(model: ModelSpec, endpoint: ModelEndpointBase | None) -> str:
    call: dict[str, Any] = model.model_dump(include={"content_type", "request", "response"})
    return _compact(
        {
            "endpoint_name": model.endpoint_name if endpoint is None else endpoint.endpoint_name,
            **call,
            "accept": model.accept or model.content_type,
        }
    )


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
