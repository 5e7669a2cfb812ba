"""AWS::SageMaker::Model, EndpointConfig and Endpoint, by a real stack."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.localcloud.conftest import INFERENCE
from tests.localcloud.hosting.conftest import IMAGE, Hosts
from tests.localcloud.test_cloudformation import Stack

OTHER = INFERENCE.replace('"good": 1', '"good": 5')


def template(url: str, role_arn: str) -> dict[str, Any]:
    """A stack with an endpoint, as the ModelEndpoint construct makes one."""
    return {
        "Resources": {
            "Model": {
                "Type": "AWS::SageMaker::Model",
                "Properties": {
                    "ExecutionRoleArn": role_arn,
                    "PrimaryContainer": {"Image": IMAGE, "ModelDataUrl": url},
                },
            },
            "Config": {
                "Type": "AWS::SageMaker::EndpointConfig",
                "Properties": {
                    "ProductionVariants": [
                        {
                            "VariantName": "AllTraffic",
                            "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
                            "ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1},
                        }
                    ]
                },
            },
            "Endpoint": {
                "Type": "AWS::SageMaker::Endpoint",
                "Properties": {
                    "EndpointName": "Of-A-Stack",
                    "EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]},
                    "Tags": [{"Key": "team", "Value": "words"}],
                },
            },
        },
        "Outputs": {
            "Name": {"Value": {"Fn::GetAtt": ["Endpoint", "EndpointName"]}},
            "Model": {"Value": {"Fn::GetAtt": ["Model", "ModelName"]}},
        },
    }


@pytest.fixture
def stack(connect: Any, hosts: Hosts, words: str) -> Iterator[Stack]:
    made = Stack(connect("cloudformation"), "hosting-tests")
    made.create(template(words, hosts.role_arn))
    yield made
    made.delete()


def test_a_stack_has_an_endpoint_that_follows_its_model(
    stack: Stack, hosts: Hosts, words: str
) -> None:
    assert stack.outputs["Name"] == "Of-A-Stack"
    assert hosts.ask("Of-A-Stack") == "1"
    arn = hosts.sagemaker.describe_endpoint(EndpointName="of-a-stack")["EndpointArn"]
    assert hosts.sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "words"}]
    first = stack.outputs["Model"]

    url = hosts.upload("words-5.tar.gz", {"code/inference.py": OTHER})
    stack.update(template(url, hosts.role_arn))

    assert hosts.ask("Of-A-Stack") == "5"
    assert stack.outputs["Model"] != first
    with pytest.raises(ClientError, match="Could not find model"):
        hosts.sagemaker.describe_model(ModelName=first)


def test_a_stack_that_goes_takes_its_endpoint_along(connect: Any, hosts: Hosts, words: str) -> None:
    body = copy.deepcopy(template(words, hosts.role_arn))
    body["Resources"]["Endpoint"]["Properties"]["EndpointName"] = "gone"
    stack = Stack(connect("cloudformation"), "hosting-tests-gone")
    stack.create(body)

    stack.delete()

    with pytest.raises(ClientError, match="Could not find endpoint"):
        hosts.sagemaker.describe_endpoint(EndpointName="gone")
