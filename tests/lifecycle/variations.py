"""An app with every construct, in which one parameter of one construct can be changed."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import aws_cdk as cdk
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct

from human_review import (
    FlowDefinition,
    FolderArtifact,
    HumanTaskUi,
    ModelEndpoint,
    ModelImage,
    ModelSpec,
    OidcSignIn,
    OutputLocation,
    ResponseSpec,
    ReviewerSignIn,
    ReviewProvider,
    ReviewResults,
    ReviewWorkflow,
    TaskSpec,
    Triage,
    TriageSpec,
    WorkerAccess,
    WorkflowSpec,
    Workforce,
    Workteam,
)
from human_review.activation import REKOGNITION, TEXTRACT, Sampling

STACK = "Variations"
_ROOT = Path(__file__).parents[2]
_KEEP, _DESTROY = cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, cdk.RemovalPolicy.DESTROY

# What a change refers to has an ARN of its own: the local cloud's change sets see no difference
# between the attributes of two resources.
_OTHER_KEY = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000001"

T = TypeVar("T")


class Parameters:
    """The parameters of all constructs, as they are before a change and after it.

    :param changed: the one that is changed, as ``Construct.parameter``. Default: none is.
    """

    def __init__(self, changed: str | None = None) -> None:
        self._changed = changed
        self.known: set[str] = set()

    def __call__(self, name: str, before: T, after: T) -> T:
        """The value of the parameter ``name``."""
        self.known.add(name)
        return after if name == self._changed else before


class Variations(cdk.Stack):
    """The stack with every construct."""

    def __init__(self, scope: Construct, given: Parameters) -> None:
        super().__init__(scope, STACK)
        self._given = given
        self._provider = ReviewProvider.of(self)
        self._other_provider = ReviewProvider(self, "OtherProvider")
        self._keys = (
            kms.Key(self, "Key", removal_policy=_DESTROY),
            kms.Key.from_key_arn(self, "OtherKey", _OTHER_KEY),
        )
        self._bucket = s3.Bucket(self, "Bucket", removal_policy=_DESTROY)
        self._other_bucket = s3.Bucket(self, "OtherBucket", removal_policy=_DESTROY)
        self._sign_in = ReviewerSignIn(
            self,
            "SignIn",
            mfa=given("ReviewerSignIn.mfa", cognito.Mfa.OPTIONAL, cognito.Mfa.REQUIRED),
            feature_plan=given(
                "ReviewerSignIn.feature_plan",
                cognito.FeaturePlan.ESSENTIALS,
                cognito.FeaturePlan.PLUS,
            ),
            removal_policy=given(
                "ReviewerSignIn.removal_policy", cdk.RemovalPolicy.RETAIN, _DESTROY
            ),
        )
        self._other_sign_in = ReviewerSignIn(self, "OtherSignIn", removal_policy=_DESTROY)
        self._group = self._sign_in.add_group("reviewers")
        self._other_group = self._sign_in.add_group("others")
        self._workforce = self._make_workforce()
        self._other_workteam = Workteam.from_workteam_name(self, "OtherWorkteam", "others")
        self._workteam = self._make_workteam()
        self._page = HumanTaskUi(
            self,
            "HumanTaskUi",
            template=given("HumanTaskUi.template", _page("Before"), _page("After")),
            name_prefix=given("HumanTaskUi.name_prefix", "before", "after"),
            examples=given("HumanTaskUi.examples", None, {"one": "{}"}),
            tags=given("HumanTaskUi.tags", {"team": "before"}, {"team": "after"}),
        )
        self._other_page = HumanTaskUi(
            self, "OtherPage", template=_page("Other"), name_prefix="other"
        )
        self._other_results = ReviewResults(
            self, "OtherResults", workflow_name="other", removal_policy=_DESTROY
        )
        self._other_flow_definition = FlowDefinition(
            self,
            "OtherFlowDefinition",
            name_prefix="other",
            workteam=self._workteam,
            human_task_ui=self._other_page,
            task_title="Other",
            task_description="Other",
            output_bucket=self._other_results.bucket,
        )
        self._make_flow_definition()
        self._results = self._make_results()
        self._endpoint = self._make_endpoint()
        self._workflow = self._make_workflow()
        self._make_triage()

    def _make_workforce(self) -> Workforce:
        given = self._given
        oidc = given("Workforce.oidc", None, _oidc())
        return Workforce(
            self,
            "Workforce",
            sign_in=None
            if oidc is not None
            else given("Workforce.sign_in", self._sign_in, self._other_sign_in),
            oidc=oidc,
            workforce_name=given("Workforce.workforce_name", "before", "after"),
            **self._network(),
            dual_stack=given("Workforce.dual_stack", False, True),
            tags=given("Workforce.tags", {"team": "before"}, {"team": "after"}),
            provider=given("Workforce.provider", self._provider, self._other_provider),
            removal_policy=given("Workforce.removal_policy", _KEEP, _DESTROY),
        )

    def _network(self) -> dict[str, Any]:
        """From where the portal is reached: through a VPC, which excludes ranges."""
        given = self._given
        vpc = ec2.Vpc.from_vpc_attributes(
            self,
            "Vpc",
            vpc_id="vpc-00000000000000001",
            availability_zones=["us-east-1a"],
            private_subnet_ids=["subnet-00000000000000001"],
        )
        other_vpc = ec2.Vpc.from_vpc_attributes(
            self,
            "OtherVpc",
            vpc_id="vpc-00000000000000002",
            availability_zones=["us-east-1a"],
            private_subnet_ids=["subnet-00000000000000001"],
        )
        subnets = (
            [self._subnet("subnet-00000000000000001")],
            [self._subnet("subnet-00000000000000002")],
        )
        groups = (
            [self._security_group("sg-00000000000000001")],
            [self._security_group("sg-00000000000000002")],
        )
        through_vpc = {
            "vpc": given("Workforce.vpc", vpc, other_vpc),
            "subnets": given("Workforce.subnets", *subnets),
            "security_groups": given("Workforce.security_groups", *groups),
        }
        ranges: list[str] = given("Workforce.source_ip_cidrs", [], ["192.0.2.0/24"])
        return {"source_ip_cidrs": ranges} if ranges else through_vpc

    def _make_workteam(self) -> Workteam:
        given = self._given
        oidc_groups: Sequence[str] = given("Workteam.oidc_groups", [], ["reviewers"])
        groups = given("Workteam.groups", [self._group], [self._group, self._other_group])
        named = Workforce.from_workforce_name(self, "NamedWorkforce", "another")
        topic = sns.Topic(self, "Topic")
        return Workteam(
            self,
            "Workteam",
            workforce=given("Workteam.workforce", self._workforce, named),
            groups=[] if oidc_groups else groups,
            oidc_groups=oidc_groups,
            workteam_name=given("Workteam.workteam_name", "before", "after"),
            description=given("Workteam.description", "Before", "After"),
            notification_topic=given("Workteam.notification_topic", topic, None),
            worker_access=given(
                "Workteam.worker_access", WorkerAccess.SOURCE_IP, WorkerAccess.VPC_SOURCE_IP
            ),
            tags=given("Workteam.tags", {"team": "before"}, {"team": "after"}),
            provider=given("Workteam.provider", self._provider, self._other_provider),
        )

    def _make_flow_definition(self) -> None:
        given, (key, other_key) = self._given, self._keys
        minutes = cdk.Duration.minutes
        FlowDefinition(
            self,
            "FlowDefinition",
            name_prefix=given("FlowDefinition.name_prefix", "before", "after"),
            workteam=given("FlowDefinition.workteam", self._workteam, self._other_workteam),
            human_task_ui=given("FlowDefinition.human_task_ui", self._page, self._other_page),
            task_title=given("FlowDefinition.task_title", "Before", "After"),
            task_description=given("FlowDefinition.task_description", "Before", "After"),
            output_bucket=given("FlowDefinition.output_bucket", self._bucket, self._other_bucket),
            output_prefix=given("FlowDefinition.output_prefix", "a2i", "after"),
            task_count=given("FlowDefinition.task_count", 1, 2),
            task_availability_lifetime=given(
                "FlowDefinition.task_availability_lifetime", minutes(60), minutes(90)
            ),
            task_time_limit=given("FlowDefinition.task_time_limit", minutes(10), minutes(20)),
            task_keywords=given("FlowDefinition.task_keywords", ["before"], None),
            input_buckets=given(
                "FlowDefinition.input_buckets", [self._bucket], [self._bucket, self._other_bucket]
            ),
            request_source=given("FlowDefinition.request_source", REKOGNITION, TEXTRACT),
            activation=given("FlowDefinition.activation", [_sample(5)], [_sample(6)]),
            encryption_key=given("FlowDefinition.encryption_key", key, other_key),
            previous_encryption_keys=given(
                "FlowDefinition.previous_encryption_keys", [], [other_key]
            ),
            previous_outputs=given(
                "FlowDefinition.previous_outputs", [], [OutputLocation(self._other_bucket)]
            ),
            tags=given("FlowDefinition.tags", {"team": "before"}, {"team": "after"}),
            provider=given("FlowDefinition.provider", self._provider, self._other_provider),
        )

    def _make_results(self) -> ReviewResults:
        given, (key, other_key) = self._given, self._keys
        return ReviewResults(
            self,
            "Results",
            workflow_name=given("ReviewResults.workflow_name", "before", "after"),
            label=given("ReviewResults.label", "before", "after"),
            consensus=given("ReviewResults.consensus", "majority", "mean"),
            encryption_key=given("ReviewResults.encryption_key", key, other_key),
            previous_encryption_keys=given(
                "ReviewResults.previous_encryption_keys", [], [other_key]
            ),
            removal_policy=given("ReviewResults.removal_policy", _KEEP, _DESTROY),
        )

    def _make_triage(self) -> None:
        given = self._given
        # A change of one is a change of both, which are of one workflow.
        changes = [given(f"Triage.{name}", False, True) for name in ("flow_definition", "results")]
        workflow = self._workflow
        Triage(
            self,
            "Triage",
            flow_definition=workflow.flow_definition
            if any(changes)
            else self._other_flow_definition,
            results=workflow.results if any(changes) else self._other_results,
            threshold=given("Triage.threshold", 0.8, 0.9),
            audit_percentage=given("Triage.audit_percentage", 0, 5),
            model=given("Triage.model", _model("one"), _model("another")),
            endpoint=given("Triage.endpoint", None, self._endpoint),
            labels=given("Triage.labels", [], ["after"]),
            max_concurrency=given("Triage.max_concurrency", 10, 20),
        )

    def _make_endpoint(self) -> ModelEndpoint:
        given, (key, _) = self._given, self._keys
        models = _ROOT / "workflows" / "sentiment"
        instance_type = given("ModelEndpoint.instance_type", None, "ml.m5.large")
        instances = given("ModelEndpoint.instance_count", None, 2)
        serverless = instance_type is None and instances is None
        return ModelEndpoint(
            self,
            "Endpoint",
            image=given("ModelEndpoint.image", _image("1.2-1"), _image("1.0-1")),
            artifact=given(
                "ModelEndpoint.artifact", FolderArtifact(models / "model"), FolderArtifact(models)
            ),
            endpoint_name=given("ModelEndpoint.endpoint_name", "before", "after"),
            memory_size=given("ModelEndpoint.memory_size", 1024, 2048) if serverless else None,
            max_concurrency=given("ModelEndpoint.max_concurrency", 1, 2) if serverless else None,
            instance_type=instance_type if serverless else "ml.m5.large",
            instance_count=instances,
            environment=given("ModelEndpoint.environment", {}, {"LEVEL": "after"}),
            encryption_key=given("ModelEndpoint.encryption_key", None, key),
        )

    def _make_workflow(self) -> ReviewWorkflow:
        given, (key, other_key) = self._given, self._keys
        minutes = cdk.Duration.minutes
        return ReviewWorkflow(
            self,
            "Workflow",
            spec=given("ReviewWorkflow.spec", _spec("Before"), _spec("After")),
            workteam=given("ReviewWorkflow.workteam", self._workteam, self._other_workteam),
            encryption_key=given("ReviewWorkflow.encryption_key", key, other_key),
            previous_encryption_keys=given(
                "ReviewWorkflow.previous_encryption_keys", [], [other_key]
            ),
            removal_policy=given("ReviewWorkflow.removal_policy", _KEEP, _DESTROY),
            reconcile_rate=given("ReviewWorkflow.reconcile_rate", minutes(15), minutes(30)),
            provider=given("ReviewWorkflow.provider", self._provider, self._other_provider),
        )

    def _subnet(self, id: str) -> ec2.ISubnet:
        return ec2.Subnet.from_subnet_id(self, f"Subnet-{id}", id)

    def _security_group(self, id: str) -> ec2.ISecurityGroup:
        return ec2.SecurityGroup.from_security_group_id(self, f"Group-{id}", id)


def _page(text: str) -> str:
    return f"<crowd-form>{text}<input name='answer'></crowd-form>"


def _spec(text: str) -> WorkflowSpec:
    return WorkflowSpec(
        name="whole",
        task=TaskSpec(title=text, description="Say something"),
        template=_page(text),
        workteam="before",
        triage=TriageSpec(threshold=0.9),
    )


def _sample(percentage: float) -> Sampling:
    return Sampling(random_sampling_percentage=percentage)


def _image(version: str) -> ModelImage:
    return ModelImage.from_text(f"sagemaker-scikit-learn:{version}-cpu-py3")


def _model(endpoint_name: str) -> ModelSpec:
    return ModelSpec(
        endpoint_name=endpoint_name,
        request={"text": "$input"},
        response=ResponseSpec(label="label", confidence="confidence"),
    )


def _oidc() -> OidcSignIn:
    return OidcSignIn(
        client_id="client",
        client_secret=cdk.SecretValue.unsafe_plain_text("not a secret"),
        issuer="https://people.example.com",
        authorization_endpoint="https://people.example.com/authorize",
        token_endpoint="https://people.example.com/token",
        user_info_endpoint="https://people.example.com/user",
        logout_endpoint="https://people.example.com/logout",
        jwks_uri="https://people.example.com/keys",
    )


def synthesized(given: Parameters, outdir: str | None = None) -> dict[str, Any]:
    """The template of the app with these parameters.

    :param outdir: where the app is synthesized to. Default: a temporary folder.
    """
    context = json.loads((_ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    # The template rules have tests of their own, and take seconds of every synthesis.
    context["@aws-cdk/core:validateAgainstDefaultRules"] = False
    app = cdk.App(outdir=outdir, context=context, analytics_reporting=False)
    Variations(app, given)
    template: dict[str, Any] = app.synth().get_stack_by_name(STACK).template
    return template
