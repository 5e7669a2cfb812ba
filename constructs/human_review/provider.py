"""The provider behind this library's custom resources: one for a stack, or one for an app."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Arn, ArnComponents, ArnFormat, CustomResource, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from aws_cdk import custom_resources as cr
from constructs import Construct

from .handler_function import HandlerFunction, function_log_group, function_role
from .permission import acknowledge, acknowledge_pattern, allow_pattern

ROLE_PATH = "/human-review/"
"""Where the roles stand that this library hands to SageMaker; the provider may pass no other."""

RECONCILER_NAME = "human-review-{}-reconcile"
"""What the reconciler of a workflow is called; the provider may invoke no other function."""

_SEEING_AND_TAGGING = (
    "sagemaker:AddTags",
    "sagemaker:DeleteTags",
    "sagemaker:DescribeFlowDefinition",
    "sagemaker:ListTags",
)
_LISTING = ("sagemaker:ListFlowDefinitions", "sagemaker:ListHumanLoops")
_TOTAL_TIMEOUT = Duration.minutes(10)
# CloudFormation's own patience: longer, so that the provider's clearer words come first, and
# shorter than its default hour, which is what a function that dies at its start would cost.
_SERVICE_TIMEOUT = Duration.minutes(15)


class ReviewProvider(Construct):
    """Makes flow definitions, and the guards and settings that CloudFormation has no resource for.

    A stack needs one, however many workflows it has; other stacks may use it by its
    ``service_token``. It may pass to SageMaker only roles whose path is ``/human-review/``.
    """

    service_token: str
    """What a custom resource names as its provider."""
    is_complete_role: iam.Role
    """What the handler works as that waits for a change, and guards a workflow."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        on_event = self._handler(
            "OnEvent", "on_event", "Starts the change that a custom resource asks for"
        )
        is_complete = self._handler(
            "IsComplete", "is_complete", "Says whether a custom resource's change is done"
        )
        self._role = on_event.runs_as
        self.is_complete_role = is_complete.runs_as
        self._allow_flow_definitions(on_event.runs_as, is_complete.runs_as)
        self._allow_guards(on_event.runs_as, is_complete.runs_as)
        self._allow_destroying(is_complete.runs_as)
        self.service_token = self._framework(on_event, is_complete)

    @classmethod
    def of(cls, scope: Construct) -> "ReviewProvider":
        """The provider of ``scope``'s stack, made when it is first asked for."""
        stack = Stack.of(scope)
        found = stack.node.try_find_child("ReviewProvider")
        return found if isinstance(found, cls) else cls(stack, "ReviewProvider")

    def allow(self, scope: Construct, id: str, actions: Sequence[str], arn: str) -> iam.Policy:
        """Let the handlers act on one resource, by a policy that lives beside the resource.

        :param scope: where the policy goes: a stack that uses another stack's provider adds
            nothing to that stack.
        :return: the policy; a custom resource that needs it must depend on it.
        """
        return iam.Policy(
            scope,
            id,
            roles=[self._role],
            statements=[iam.PolicyStatement(actions=actions, resources=[arn])],
        )

    def allow_counting(self, queue: sqs.IQueue) -> None:
        """Let the waiting handler see how many messages are in a queue, by the queue's policy.

        It is beside the queue, and takes nothing of the room that the role has for policies.
        """
        queue.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["sqs:GetQueueAttributes"],
                principals=[iam.ArnPrincipal(self.is_complete_role.role_arn)],
                resources=[queue.queue_arn],
            )
        )

    def resource(
        self,
        scope: Construct,
        id: str,
        *,
        resource_type: str,
        properties: Mapping[str, Any],
        removal_policy: RemovalPolicy = RemovalPolicy.DESTROY,
    ) -> CustomResource:
        """A custom resource that this provider makes, given up after 15 minutes."""
        return CustomResource(
            scope,
            id,
            service_token=self.service_token,
            service_timeout=_SERVICE_TIMEOUT,
            resource_type=resource_type,
            properties=properties,
            removal_policy=removal_policy,
        )

    def _handler(self, id: str, entry_point: str, description: str) -> HandlerFunction:
        return HandlerFunction(
            self,
            id,
            handler=f"review_resources.provider.{entry_point}",
            description=f"{description} (Amazon A2I)",
            timeout=Duration.minutes(5),
        )

    def _allow_flow_definitions(self, on_event: iam.Role, is_complete: iam.Role) -> None:
        stack = Stack.of(self)
        flow_definitions = [
            stack.format_arn(service="sagemaker", resource="flow-definition", resource_name="*--*")
        ]
        because = (
            "one provider makes the flow definitions of every workflow, each under a new name "
            "when its content changes"
        )
        for role, changes in (
            (is_complete, "sagemaker:DeleteFlowDefinition"),
            (on_event, "sagemaker:CreateFlowDefinition"),
        ):
            allow_pattern(
                role,
                actions=sorted([changes, *_SEEING_AND_TAGGING]),
                resources=flow_definitions,
                because=because,
            )
        allow_pattern(
            on_event,
            actions=["iam:PassRole"],
            resources=[_roles(stack)],
            because="every workflow's flow definition has a role of its own; their path and the "
            "condition that only SageMaker may receive them are the limit",
            conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        )
        # Whether one that SageMaker cannot assume is a mistake, or on its way.
        on_event.add_to_principal_policy(
            iam.PolicyStatement(actions=["iam:GetRole"], resources=[_roles(stack)])
        )

    def _allow_guards(self, on_event: iam.Role, is_complete: iam.Role) -> None:
        """Let the handlers see what a change would end, before they make it."""
        stack = Stack.of(self)
        stacks = stack.format_arn(service="cloudformation", resource="stack", resource_name="*")
        for role, looking, listing in (
            (on_event, ["Stacks"], [*_LISTING, "sagemaker:ListWorkforces"]),
            (is_complete, ["StackResource", "Stacks"], [*_LISTING]),
        ):
            allow_pattern(
                role,
                actions=[f"cloudformation:Describe{it}" for it in looking],
                resources=[stacks],
                because="whether a flow definition is replaced or destroyed is told by its stack, "
                "and every workflow has a stack of its own",
            )
            allow_pattern(
                role,
                actions=listing,
                resources=["*"],
                because="IAM knows no resource for actions that only list",
            )
        allow_pattern(
            on_event,
            actions=["sagemaker:DescribeWorkteam"],
            resources=[stack.format_arn(service="sagemaker", resource="workteam/*")],
            because="a workteam that SageMaker does not find yet is looked for, whichever it is",
        )
        allow_pattern(
            is_complete,
            actions=["ssm:GetParameterHistory"],
            resources=[_parameters(stack, "flow-definition-arn")],
            because="every workflow tells its callers by a parameter which flow definition to use",
        )

    def _allow_destroying(self, is_complete: iam.Role) -> None:
        """Let the waiting handler end a workflow's reviews, as far as its user asked for that."""
        stack = Stack.of(self)
        loops = stack.format_arn(service="sagemaker", resource="human-loop", resource_name="*")
        allow_pattern(
            is_complete,
            actions=["sagemaker:StopHumanLoop"],
            resources=[loops],
            because="every human loop of a workflow that is destroyed is stopped, if its user "
            "asked for that; others than triage may have named it as they like",
        )
        allow_pattern(
            is_complete,
            actions=["ssm:GetParameter"],
            resources=[_parameters(stack, "on-destroy")],
            because="every workflow has its own setting of what destroying it does",
        )
        allow_pattern(
            is_complete,
            actions=["lambda:InvokeFunction"],
            resources=[
                stack.format_arn(
                    service="lambda",
                    resource="function",
                    resource_name=RECONCILER_NAME.format("*"),
                    arn_format=ArnFormat.COLON_RESOURCE_NAME,
                )
            ],
            because="before a workflow is destroyed its own reconciler says whether all of its "
            "reviews are recorded; the pattern is what their names have in common",
        )

    def _framework(self, on_event: HandlerFunction, is_complete: HandlerFunction) -> str:
        """CDK's provider framework around the two handlers, and its service token."""
        event_role = function_role(self, "FrameworkOnEventRole")
        complete_role = function_role(self, "FrameworkIsCompleteRole")
        log_group = function_log_group(self, "FrameworkLogs")
        log_group.grant_write(event_role)
        log_group.grant_write(complete_role)
        framework = cr.Provider(
            self,
            "Framework",
            on_event_handler=on_event,
            is_complete_handler=is_complete,
            query_interval=Duration.seconds(2),
            total_timeout=_TOTAL_TIMEOUT,
            log_group=log_group,
            framework_on_event_role=event_role,
            framework_complete_and_timeout_role=complete_role,
        )
        self._acknowledge(framework, on_event, is_complete)
        return framework.service_token

    def _acknowledge(
        self, framework: cr.Provider, on_event: HandlerFunction, is_complete: HandlerFunction
    ) -> None:
        inner = [framework.node.find_child(f"framework-{n}") for n in ("isComplete", "onTimeout")]
        invoked = [f for f in (on_event, is_complete, *inner) if isinstance(f, lambda_.Function)]
        acknowledge_pattern(
            self,
            [f"{function.function_arn}:*" for function in invoked],
            "CDK's provider framework may invoke any version of the functions it is made of",
        )
        acknowledge(
            framework.node.find_child("waiter-state-machine"),
            {
                "AwsSolutions-SF1": "each of its steps is a function with a log; logging its input "
                "too would put the address that answers CloudFormation, a credential, into a log",
                "AwsSolutions-SF2": "it only polls one function during a deployment",
            },
        )


def _parameters(stack: Stack, name: str) -> str:
    """The ARNs of a parameter that each workflow has."""
    return stack.format_arn(
        service="ssm", resource="parameter", resource_name=f"human-review/*/{name}"
    )


def _roles(stack: Stack) -> str:
    return Arn.format(
        ArnComponents(
            service="iam",
            region="",
            resource=f"role{ROLE_PATH.rstrip('/')}",
            resource_name="*",
            arn_format=ArnFormat.SLASH_RESOURCE_NAME,
        ),
        stack,
    )
