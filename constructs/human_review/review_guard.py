"""What stops a workflow from being destroyed while people have reviews to do."""

from collections.abc import Sequence
from typing import Literal

from aws_cdk import aws_ssm as ssm
from constructs import Construct, IDependable

from . import limits
from .flow_definition import FlowDefinition
from .provider import ReviewProvider
from .reconciler import Reconciler
from .triage import Triage


class ReviewGuard(Construct):
    """Looks at a workflow's open reviews before a delete of the stack touches anything.

    CloudFormation deletes a resource before those that it depends on, so the guard depends on all
    that it protects. It refuses the delete while human loops are open or items wait to be triaged,
    or stops the loops first, and waits until every loop that has ended has its label record. An
    update, and the undoing of one, it lets pass. When a delete has been allowed, the flow
    definitions that earlier updates had retired go with it.

    What it does is read from the SSM parameter ``/human-review/<workflow>/on-destroy``, which can
    be changed without a deployment: a stack whose delete was refused cannot be updated.

    :param flow_definition: whose human loops count; its prefix names the workflow.
    :param reconciler: the workflow's; it says whether a loop that has ended lacks its label record.
    :param protects: what a delete may touch only after the guard has agreed: constructs of the
        same stack.
    :param triage: whose queue must be empty too. Default: only what is a human loop counts.
    :param on_destroy: ``refuse`` a delete while loops are open, or ``stop`` them, and let go what
        still waits in the queue; loops that a reviewer has opened are waited for. Default: refuse.
    :param provider: counts and stops the loops. Default: the stack's own.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        flow_definition: FlowDefinition,
        reconciler: Reconciler,
        protects: Sequence[IDependable],
        triage: Triage | None = None,
        on_destroy: Literal["refuse", "stop"] = "refuse",
        provider: ReviewProvider | None = None,
    ) -> None:
        limits.check("on_destroy", limits.OnDestroy, on_destroy)
        super().__init__(scope, id)
        workflow = flow_definition.name_prefix
        self.on_destroy_parameter = ssm.StringParameter(
            self,
            "OnDestroy",
            parameter_name=f"/human-review/{workflow}/on-destroy",
            string_value=on_destroy,
            allowed_pattern="^(refuse|stop)$",
            description=f"Whether destroying {workflow} is refused while reviews are open, or "
            "stops them: refuse or stop",
        )
        provider = provider or ReviewProvider.of(self)
        resource = provider.resource(
            self,
            "Resource",
            resource_type="Custom::A2IReviewGuard",
            properties={
                "Workflow": workflow,
                "FlowDefinitionNamePrefix": workflow,
                "OnDestroyParameter": self.on_destroy_parameter.parameter_name,
                "ReconcileFunctionName": reconciler.function.function_name,
                **({} if triage is None else {"TriageQueueUrl": triage.queue.queue_url}),
            },
        )
        resource.node.add_dependency(flow_definition, reconciler, *protects)
        if triage is not None:
            provider.allow_counting(triage.queue)
            resource.node.add_dependency(triage)
        # The flow definition looks at it once more when it is deleted itself.
        flow_definition.node.add_dependency(self.on_destroy_parameter)
