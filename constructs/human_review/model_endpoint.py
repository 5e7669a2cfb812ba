"""Model endpoints: a model artifact as the SageMaker endpoint that triage asks."""

from collections.abc import Mapping
from typing import Any

from aws_cdk import ArnFormat, Names, Resource, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from . import limits
from .model_artifact import SCRIPT, ModelArtifact, ModelData
from .model_image import ModelImage
from .permission import acknowledge_pattern
from .provider import ROLE_PATH
from .region import check_region

_VARIANT = "AllTraffic"
_PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
_LOG = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
_FRAMEWORK_SCRIPT = {
    "SAGEMAKER_PROGRAM": SCRIPT.rpartition("/")[2],
    "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
}


class ModelEndpointBase(Resource):
    """What a defined and an imported model endpoint have in common."""

    endpoint_name: str
    endpoint_arn: str

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` ask the model."""
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["sagemaker:InvokeEndpoint"],
            resource_arns=[self.endpoint_arn],
        )

    def metric_invocations(self) -> cloudwatch.Metric:
        """How many times the model was asked: sum over five minutes."""
        return self._metric("Invocations", "Sum")

    def metric_server_errors(self) -> cloudwatch.Metric:
        """How many times the model failed: sum over five minutes."""
        return self._metric("Invocation5XXErrors", "Sum")

    def metric_model_latency(self) -> cloudwatch.Metric:
        """How long the model took, in microseconds: average over five minutes."""
        return self._metric("ModelLatency", "Average")

    def _metric(self, name: str, statistic: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/SageMaker",
            metric_name=name,
            dimensions_map={"EndpointName": self.endpoint_name, "VariantName": _VARIANT},
            statistic=statistic,
        )

    def _identify(self, endpoint_name: str) -> None:
        self.endpoint_name = endpoint_name
        self.endpoint_arn = Stack.of(self).format_arn(
            service="sagemaker",
            resource="endpoint",
            resource_name=endpoint_name.lower(),  # SageMaker's ARNs are lower-case
        )


class ModelEndpoint(ModelEndpointBase):
    """A model and the endpoint it answers at: serverless, or on instances of its own.

    The model and the endpoint's configuration cannot be changed: CloudFormation makes new ones,
    under names that it chooses, and moves the endpoint over, which answers all the while. The
    endpoint keeps its name. SageMaker does not turn a serverless endpoint into one on instances,
    or back: give it another ``endpoint_name`` with that change.

    :param image: the container image, which is pulled by this endpoint's own role.
    :param artifact: the model: a ``FolderArtifact`` or an ``ObjectArtifact``.
    :param endpoint_name: 1 to 63 letters, digits and hyphens; another name is another endpoint.
        Default: made of the names of the stack and of this construct.
    :param memory_size: of a serverless endpoint: 1024, 2048, 3072, 4096, 5120 or 6144 MB.
        Default: 2048.
    :param max_concurrency: how many requests a serverless endpoint answers at once, 1 to 200; an
        account has a quota for all of a Region's. Default: 5.
    :param instance_type: such as ``ml.m5.large``: instances that always run, and are always paid
        for. Default: the endpoint is serverless.
    :param instance_count: how many; at least 1. Default: one.
    :param environment: variables of the container, at most 100. Default: those that let a
        framework container find ``code/inference.py``, when a folder has it.
    :param encryption_key: encrypts the storage that the model runs on. Default: SageMaker's key.
    """

    role: iam.Role
    """What the model runs as; what its code needs of AWS is granted here."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        image: ModelImage,
        artifact: ModelArtifact,
        endpoint_name: str | None = None,
        memory_size: int | None = None,
        max_concurrency: int | None = None,
        instance_type: str | None = None,
        instance_count: int | None = None,
        environment: Mapping[str, str] | None = None,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        check_region(Stack.of(scope).region)
        if endpoint_name is not None:
            limits.check("endpoint_name", limits.EndpointName, endpoint_name)
        limits.check("environment", limits.ContainerEnvironment, dict(environment or {}))
        capacity = _capacity(memory_size, max_concurrency, instance_type, instance_count)
        super().__init__(scope, id)
        self._identify(
            endpoint_name or Names.unique_resource_name(self, max_length=63, separator="-")
        )
        data = artifact.bind(self)
        variables = {**(_FRAMEWORK_SCRIPT if data.has_script else {}), **(environment or {})}
        self.role = self._make_role(image, data, encryption_key)
        model = sagemaker.CfnModel(
            self,
            "Model",
            execution_role_arn=self.role.role_arn,
            primary_container=sagemaker.CfnModel.ContainerDefinitionProperty(
                image=image.uri(self),
                model_data_url=data.url,
                environment=variables or None,
            ),
        )
        # SageMaker looks at the artifact at once, with the role.
        model.node.add_dependency(self.role)
        configuration = sagemaker.CfnEndpointConfig(
            self,
            "Configuration",
            kms_key_id=None if encryption_key is None else encryption_key.key_arn,
            production_variants=[
                sagemaker.CfnEndpointConfig.ProductionVariantProperty(
                    variant_name=_VARIANT,
                    model_name=model.attr_model_name,
                    initial_variant_weight=1,
                    **capacity,
                )
            ],
        )
        self._resource = sagemaker.CfnEndpoint(
            self,
            "Resource",
            endpoint_name=self.endpoint_name,
            endpoint_config_name=configuration.attr_endpoint_config_name,
        )

    @classmethod
    def from_endpoint_name(cls, scope: Construct, id: str, endpoint_name: str) -> ModelEndpointBase:
        """An endpoint that this app did not define, in the stack's account and Region."""
        return _Imported(scope, id, endpoint_name)

    def _make_role(
        self, image: ModelImage, data: ModelData, encryption_key: kms.IKey | None
    ) -> iam.Role:
        """What SageMaker pulls the image, reads the artifact and writes the log as.

        https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html, CreateModel API.
        """
        log_group = Stack.of(self).format_arn(
            service="logs",
            resource="log-group",
            resource_name=f"/aws/sagemaker/Endpoints/{self.endpoint_name}",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        statements = [
            iam.PolicyStatement(actions=actions, resources=[arn])
            for arn, actions in {
                data.object_arn: ["s3:GetObject"],
                image.repository_arn(self): _PULL,
                "*": ["ecr:GetAuthorizationToken"],
                log_group: ["logs:CreateLogGroup"],
                f"{log_group}:*": _LOG,
            }.items()
        ]
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"),
            path=ROLE_PATH,
            description=f"Lets SageMaker run the model of the endpoint {self.endpoint_name}",
            inline_policies={"Model": iam.PolicyDocument(statements=statements)},
        )
        acknowledge_pattern(role, ["*"], "a token for Amazon ECR is of no resource")
        acknowledge_pattern(role, [f"{log_group}:*"], "SageMaker names the log's streams")
        if data.encryption_key is not None:
            data.encryption_key.grant_decrypt(role)
        if encryption_key is not None:
            encryption_key.grant(
                role, "kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"
            )
        return role


class _Imported(ModelEndpointBase):
    def __init__(self, scope: Construct, id: str, endpoint_name: str) -> None:
        limits.check("endpoint_name", limits.EndpointName, endpoint_name)
        super().__init__(scope, id)
        self._identify(endpoint_name)


def _capacity(
    memory_size: int | None,
    max_concurrency: int | None,
    instance_type: str | None,
    instance_count: int | None,
) -> dict[str, Any]:
    """What the endpoint runs on, as the production variant has it."""
    if instance_type is None:
        if instance_count is not None:
            raise ValueError("instance_count needs an instance_type: the endpoint is serverless")
        memory_size = 2048 if memory_size is None else memory_size
        max_concurrency = 5 if max_concurrency is None else max_concurrency
        limits.check("memory_size", limits.MemorySize, memory_size)
        limits.check("max_concurrency", limits.EndpointConcurrency, max_concurrency)
        serverless = sagemaker.CfnEndpointConfig.ServerlessConfigProperty(
            memory_size_in_mb=memory_size, max_concurrency=max_concurrency
        )
        return {"serverless_config": serverless}
    for name, value in (("memory_size", memory_size), ("max_concurrency", max_concurrency)):
        if value is not None:
            raise ValueError(f"{name} is for a serverless endpoint, this one has an instance_type")
    count = 1 if instance_count is None else instance_count
    limits.check("instance_type", limits.InstanceType, instance_type)
    limits.check("instance_count", limits.InstanceCount, count)
    return {"instance_type": instance_type, "initial_instance_count": count}
