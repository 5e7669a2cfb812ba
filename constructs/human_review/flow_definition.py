"""Flow definitions: which workteam answers, on which page, and where the answers go."""

from collections.abc import Mapping, Sequence
from typing import Any

import jsii
from aws_cdk import (
    Annotations,
    ArnFormat,
    Duration,
    ITaggableV2,
    Resource,
    Stack,
    TagManager,
)
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from . import limits
from .activation import REKOGNITION, TEXTRACT, Condition, RequestSource, never_found
from .flow_definition_properties import (
    limits_of_task,
    output_config,
    previous_output_paths,
    requested_by,
    shown_to_reviewers,
)
from .flow_definition_role import keys_of_answers, make_role
from .flow_definition_tags import tag_manager, tags_when_synthesized
from .human_task_ui import HumanTaskUiBase
from .output_location import OUTPUT_PREFIX, OutputLocation
from .provider import ReviewProvider
from .region import check_region
from .workteam import WorkteamBase

# Neither action has a resource, but for custom adapters, which human review does not work with:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrekognition.html
_SERVICE_ACTIONS = {
    REKOGNITION: "rekognition:DetectModerationLabels",
    TEXTRACT: "textract:AnalyzeDocument",
}


class FlowDefinitionBase(Resource):
    """What a defined and an imported flow definition have in common."""

    flow_definition_arn: str
    flow_definition_name: str
    _arn_pattern: str
    """This flow definition's ARN, or the pattern of the ARNs that it has had and will have."""

    def grant_describe(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` look the flow definition up."""
        return self._grant(grantee, ["sagemaker:DescribeFlowDefinition"], self._arn_pattern)

    def grant_start_human_loop(
        self, grantee: iam.IGrantable, *, human_loop_names: str = "*"
    ) -> iam.Grant:
        """Let ``grantee`` start human loops.

        :param human_loop_names: which names it may give them, a pattern. Default: any.
        """
        # AWS names both kinds of resource for this action, in different places of its reference.
        loops = self._human_loops(human_loop_names)
        return self._grant(grantee, ["sagemaker:StartHumanLoop"], self._arn_pattern, loops)

    def grant_describe_human_loop(
        self, grantee: iam.IGrantable, *, human_loop_names: str = "*"
    ) -> iam.Grant:
        """Let ``grantee`` look human loops up by name, of other flow definitions too.

        :param human_loop_names: which ones, a pattern. Default: any.
        """
        loops = self._human_loops(human_loop_names)
        return self._grant(grantee, ["sagemaker:DescribeHumanLoop"], loops)

    def grant_stop_human_loop(
        self, grantee: iam.IGrantable, *, human_loop_names: str = "*"
    ) -> iam.Grant:
        """Let ``grantee`` stop human loops by name, of other flow definitions too.

        :param human_loop_names: which ones, a pattern. Default: any.
        """
        loops = self._human_loops(human_loop_names)
        return self._grant(grantee, ["sagemaker:StopHumanLoop"], loops)

    def _human_loops(self, names: str) -> str:
        return Stack.of(self).format_arn(
            service="sagemaker",
            region=self.env.region,
            account=self.env.account,
            resource="human-loop",
            resource_name=names,
        )

    def _grant(self, grantee: iam.IGrantable, actions: list[str], *arns: str) -> iam.Grant:
        return iam.Grant.add_to_principal(
            grantee=grantee, actions=actions, resource_arns=list(arns)
        )


@jsii.implements(ITaggableV2)
class FlowDefinition(FlowDefinitionBase):
    """A flow definition, with the role that it works with.

    CloudFormation has no such resource, so the provider makes it. It cannot be changed: its name
    is the prefix and a hash of all it is made of, and any change but one of the tags makes a new
    one. The current ARN is kept in the SSM parameter ``arn_parameter``, which is where
    callers should look it up. A flow definition that an update replaces is only retired, and lives
    on until its last human loop has ended; see :class:`Reconciler`.

    All of them work with one role, whose permissions are in it and not beside it, and which stays
    when CloudFormation replaces it. What is taken from it is taken from waiting loops as well: an
    input bucket left out can no longer be shown, nor a previous output be written to.

    :param name_prefix: the workflow's name: at most 40 lower-case letters, digits and single
        hyphens. No other flow definition in the account and Region may have it.
    :param workteam: who answers.
    :param human_task_ui: on which page.
    :param task_title: 1 to 128 characters; reviewers see it in their list of jobs.
    :param task_description: one line of 1 to 255 characters.
    :param output_bucket: where the answers go, in the same Region. A change of it, or of the
        prefix, is refused while human loops wait, unless ``previous_outputs`` names the former.
    :param output_prefix: under which key. Default: ``a2i``.
    :param task_count: how many reviewers answer each task, 1 to 3. Default: one.
    :param task_availability_lifetime: after this an unanswered human loop fails as expired; at
        least a second. Default: what SageMaker chooses.
    :param task_time_limit: how long one reviewer has for one task; at least 30 seconds. Default:
        an hour, which is SageMaker's choice.
    :param task_keywords: one to five, each at most 30 letters and digits with single spaces.
        Default: none.
    :param input_buckets: buckets whose objects a task page may show; with a ``request_source``,
        those the service reads its input from, so that one is needed. Default: none.
    :param request_source: the built-in task type: Amazon Rekognition or Amazon Textract starts the
        human loops when it is called with this flow definition. Default: the custom task type,
        whose human loops a caller starts.
    :param activation: when the service starts one: any condition of these that holds; only with
        a ``request_source``. Default: it starts one for every call.
    :param encryption_key: encrypts the answers. Default: as the bucket does by itself.
    :param previous_encryption_keys: keys that answers were encrypted with before a change of
        ``encryption_key``: loops that wait since then still need them. Default: none.
    :param previous_outputs: where answers went before a change of ``output_bucket`` or
        ``output_prefix``: loops that wait since then still write there. Default: nowhere else.
    :param tags: put on the flow definition, at most 44; the provider adds some of its own. Default:
        the tags that the stack has in the app. CloudFormation passes no tags on to a custom
        resource, so those of ``cdk deploy --tags`` do not arrive.
    :param provider: makes the flow definition. Default: the stack's own.
    """

    name_prefix: str
    role: iam.Role
    """What SageMaker works as; what a task page needs besides the input buckets is granted here."""
    request_source: RequestSource | None
    """The built-in task type; None for the custom one."""
    output: OutputLocation
    """Where the answers go."""
    input_buckets: list[s3.IBucket]
    """What task pages, and the service of the ``request_source``, may read."""
    arn_prefix: str
    """What the ARNs begin with of every flow definition that this one has been or will be."""
    arn_parameter: ssm.StringParameter
    """Holds the current ARN, as ``/human-review/<name_prefix>/flow-definition-arn``."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name_prefix: str,
        workteam: WorkteamBase,
        human_task_ui: HumanTaskUiBase,
        task_title: str,
        task_description: str,
        output_bucket: s3.IBucket,
        output_prefix: str = OUTPUT_PREFIX,
        task_count: int = 1,
        task_availability_lifetime: Duration | None = None,
        task_time_limit: Duration | None = None,
        task_keywords: Sequence[str] | None = None,
        input_buckets: Sequence[s3.IBucket] = (),
        request_source: RequestSource | None = None,
        activation: Sequence[Condition] | None = None,
        encryption_key: kms.IKey | None = None,
        previous_encryption_keys: Sequence[kms.IKey] = (),
        previous_outputs: Sequence[OutputLocation] = (),
        tags: Mapping[str, str] | None = None,
        provider: ReviewProvider | None = None,
    ) -> None:
        check_region(Stack.of(scope).region)
        limits.check("name_prefix", limits.WorkflowName, name_prefix)
        limits.check("output_prefix", limits.OutputPrefix, output_prefix)
        limits.check("tags", limits.FlowDefinitionTags, dict(tags or {}))
        output = OutputLocation(output_bucket, output_prefix)
        told = {
            "FlowDefinitionNamePrefix": name_prefix,
            "OutputConfig": output_config(output, encryption_key),
            **previous_output_paths(previous_outputs),
            "HumanLoopConfig": {
                "WorkteamArn": workteam.workteam_arn,
                "HumanTaskUiArn": human_task_ui.human_task_ui_arn,
                **shown_to_reviewers(task_title, task_description, task_keywords),
                **limits_of_task(task_count, task_availability_lifetime, task_time_limit),
            },
            **requested_by(request_source, activation, input_buckets),
            "TemplateSha256": human_task_ui.template_sha256,
        }
        super().__init__(scope, id)
        self.name_prefix = name_prefix
        self.request_source = request_source
        self.output = output
        self.input_buckets = list(input_buckets)
        self._warn_of(activation or ())
        self._tags = tag_manager(tags or {})
        self.role = make_role(
            self,
            workflow=name_prefix,
            writes=[output, *previous_outputs],
            reads=input_buckets,
            keys=keys_of_answers(
                output, encryption_key, previous_outputs, previous_encryption_keys
            ),
        )
        self._make(told, provider or ReviewProvider.of(self))
        self.arn_prefix = _arn(self, f"{name_prefix}--")
        self._arn_pattern = f"{self.arn_prefix}*"
        self.arn_parameter = self._publish()

    @property
    def cdk_tag_manager(self) -> TagManager:
        """Where ``Tags.of`` puts the tags of this construct and of those it is in."""
        return self._tags

    @classmethod
    def from_flow_definition_arn(
        cls, scope: Construct, id: str, flow_definition_arn: str
    ) -> FlowDefinitionBase:
        """A flow definition that this app did not define."""
        return _Imported(scope, id, flow_definition_arn)

    def grant_request(self, grantee: iam.IGrantable, *, human_loop_names: str = "*") -> iam.Grant:
        """Let ``grantee`` call the service of the ``request_source``, which may ask a person.

        The service reads the input buckets and starts human loops as its caller.

        :param human_loop_names: which names the caller may give, a pattern. Default: any.
        :raises ValueError: the flow definition is of the custom task type.
        """
        if self.request_source is None:
            raise ValueError(
                "grant_request is for a flow definition with a request_source; callers of the "
                "custom task type have grant_start_human_loop"
            )
        granted = self._grant(grantee, [_SERVICE_ACTIONS[self.request_source]], "*").combine(
            self.grant_start_human_loop(grantee, human_loop_names=human_loop_names)
        )
        shown = [bucket.arn_for_objects("*") for bucket in self.input_buckets]
        granted = granted.combine(self._grant(grantee, ["s3:GetObject"], *shown))
        for key in filter(None, (bucket.encryption_key for bucket in self.input_buckets)):
            granted = granted.combine(key.grant_decrypt(grantee))
        return granted

    def _publish(self) -> ssm.StringParameter:
        return ssm.StringParameter(
            self,
            "Arn",
            parameter_name=f"/human-review/{self.name_prefix}/flow-definition-arn",
            string_value=self.flow_definition_arn,
            description=f"The flow definition that {self.name_prefix} human loops are started with",
        )

    def _warn_of(self, activation: Sequence[Condition]) -> None:
        for label in never_found(activation):
            Annotations.of(self).add_warning_v2(
                "human-review:activation",
                f"a ModerationLabelConfidenceCheck of {label} has only confidences under 50, which "
                "DetectModerationLabels leaves out unless it is called with a lower MinConfidence: "
                "it never holds for what triage sends",
            )

    def _make(self, told: Mapping[str, Any], provider: ReviewProvider) -> None:
        """Have the provider make the flow definition, or another one when it is told otherwise."""
        tags = tags_when_synthesized(self, self._tags)
        resource = provider.resource(
            self,
            "Resource",
            resource_type="Custom::A2IFlowDefinition",
            properties={**told, "RoleArn": self.role.role_arn, "Tags": tags},
        )
        # SageMaker checks the role at once: what is granted to it besides must be there.
        resource.node.add_dependency(self.role)
        # Its delete is refused while reviews are open: no bucket may have been emptied by then.
        emptying = self.output.bucket.node.try_find_child("AutoDeleteObjectsCustomResource")
        if emptying is not None:
            resource.node.add_dependency(emptying)
        self.flow_definition_arn = resource.get_att_string("FlowDefinitionArn")
        self.flow_definition_name = resource.get_att_string("FlowDefinitionName")


class _Imported(FlowDefinitionBase):
    def __init__(self, scope: Construct, id: str, flow_definition_arn: str) -> None:
        limits.check("flow_definition_arn", limits.FlowDefinitionArn, flow_definition_arn)
        super().__init__(scope, id, environment_from_arn=flow_definition_arn)
        arn = Stack.of(self).split_arn(flow_definition_arn, ArnFormat.SLASH_RESOURCE_NAME)
        self.flow_definition_arn = flow_definition_arn
        self.flow_definition_name = arn.resource_name or ""
        self._arn_pattern = flow_definition_arn


def _arn(scope: Construct, name: str) -> str:
    return Stack.of(scope).format_arn(
        service="sagemaker", resource="flow-definition", resource_name=name
    )
