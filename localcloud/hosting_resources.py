"""AWS::SageMaker::Model, EndpointConfig and Endpoint for CloudFormation."""

from localcloud.resource_type import Made, Properties
from localcloud.sagemaker_resources import (
    SageMakerResource,
    ServiceError,
    generated_name,
    name_in,
    with_own_tags,
)

ENDPOINT_TIMEOUT = 600.0


class Model(SageMakerResource):
    """A model: nothing but its tags ever changes."""

    name = "AWS::SageMaker::Model"
    properties = frozenset(
        [
            "ModelName",
            "PrimaryContainer",
            "Containers",
            "ExecutionRoleArn",
            "InferenceExecutionConfig",
            "VpcConfig",
            "EnableNetworkIsolation",
            "Tags",
        ]
    )
    required = frozenset[str]()
    create_only = tuple(sorted(properties - {"Tags"}))

    def _create(self, logical_id: str, properties: Properties, stack_name: str) -> Made:
        request = with_own_tags(properties)
        request.setdefault("ModelName", generated_name(stack_name, logical_id))
        arn = self._call("CreateModel", request)["ModelArn"]
        return Made(arn, {"ModelArn": arn, "ModelName": request["ModelName"]})

    def _update(self, physical_id: str, old: Properties, new: Properties) -> Made:
        self._tag(physical_id, old, new)
        described = self._call("DescribeModel", {"ModelName": name_in(physical_id)})
        return Made(physical_id, {"ModelArn": physical_id, "ModelName": described["ModelName"]})

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Delete the model."""
        self._unless_missing("DeleteModel", {"ModelName": name_in(physical_id)})


class EndpointConfig(SageMakerResource):
    """An endpoint configuration: nothing but its tags ever changes."""

    name = "AWS::SageMaker::EndpointConfig"
    properties = frozenset(
        [
            "EndpointConfigName",
            "ProductionVariants",
            "ShadowProductionVariants",
            "AsyncInferenceConfig",
            "DataCaptureConfig",
            "ExplainerConfig",
            "KmsKeyId",
            "ExecutionRoleArn",
            "VpcConfig",
            "EnableNetworkIsolation",
            "MetricsConfig",
            "Tags",
        ]
    )
    required = frozenset({"ProductionVariants"})
    create_only = tuple(sorted(properties - {"Tags"}))

    def _create(self, logical_id: str, properties: Properties, stack_name: str) -> Made:
        request = with_own_tags(properties)
        request.setdefault("EndpointConfigName", generated_name(stack_name, logical_id))
        arn = self._call("CreateEndpointConfig", request)["EndpointConfigArn"]
        return _made_config(arn, request["EndpointConfigName"])

    def _update(self, physical_id: str, old: Properties, new: Properties) -> Made:
        self._tag(physical_id, old, new)
        request = {"EndpointConfigName": name_in(physical_id)}
        described = self._call("DescribeEndpointConfig", request)
        return _made_config(physical_id, described["EndpointConfigName"])

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Delete the endpoint configuration."""
        request = {"EndpointConfigName": name_in(physical_id)}
        self._unless_missing("DeleteEndpointConfig", request)


class Endpoint(SageMakerResource):
    """An endpoint, which moves to another configuration in place."""

    name = "AWS::SageMaker::Endpoint"
    properties = frozenset(
        [
            "EndpointName",
            "EndpointConfigName",
            "DeploymentConfig",
            "ExcludeRetainedVariantProperties",
            "RetainAllVariantProperties",
            "RetainDeploymentConfig",
            "Tags",
        ]
    )
    required = frozenset({"EndpointConfigName"})
    create_only = ("EndpointName",)

    def _create(self, logical_id: str, properties: Properties, stack_name: str) -> Made:
        request = with_own_tags(properties)
        request.setdefault("EndpointName", generated_name(stack_name, logical_id))
        self._call("CreateEndpoint", request)
        try:
            return self._in_service(request["EndpointName"])
        except ServiceError:
            # CloudFormation does not know it yet, so that a rollback would leave it behind.
            self._delete(request["EndpointName"])
            raise

    def _update(self, physical_id: str, old: Properties, new: Properties) -> Made:
        name = name_in(physical_id)
        if old["EndpointConfigName"] != new["EndpointConfigName"]:
            request = {"EndpointName": name, "EndpointConfigName": new["EndpointConfigName"]}
            self._call("UpdateEndpoint", request)
        self._tag(physical_id, old, new)
        return self._in_service(name, new["EndpointConfigName"])

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Delete the endpoint and wait until it is gone."""
        self._delete(name_in(physical_id))

    def _delete(self, name: str) -> None:
        request = {"EndpointName": name}
        if self._unless_missing("DeleteEndpoint", request) is not None:
            self._wait(
                lambda: self._unless_missing("DescribeEndpoint", request) is None,
                f"{name} is still there",
                ENDPOINT_TIMEOUT,
            )

    def _in_service(self, name: str, config: str | None = None) -> Made:
        """The endpoint, once it serves: with ``config``, unless that failed."""

        def describe() -> Properties:
            return self._call("DescribeEndpoint", {"EndpointName": name})

        self._wait(
            lambda: describe()["EndpointStatus"] in ("InService", "Failed"),
            f"{name} is not in service",
            ENDPOINT_TIMEOUT,
        )
        described = describe()
        is_other = config is not None and described["EndpointConfigName"] != config
        if described["EndpointStatus"] == "Failed" or is_other:
            reason = described.get("FailureReason", "it was changed meanwhile")
            raise ServiceError("NotStabilized", f"{name} did not stabilize: {reason}")
        arn = described["EndpointArn"]
        return Made(arn, {"EndpointArn": arn, "EndpointName": described["EndpointName"]})


def _made_config(arn: str, name: str) -> Made:
    return Made(arn, {"EndpointConfigArn": arn, "EndpointConfigName": name})
