"""The AWS clients that a command works with."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from botocore.config import Config

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker_a2i_runtime import AugmentedAIRuntimeClient
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_sts import STSClient

_CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=5, read_timeout=30
)
# SageMaker gives a model 60 seconds to answer.
_ENDPOINT_CONFIG = _CONFIG.merge(
    Config(retries={"mode": "standard", "total_max_attempts": 1}, read_timeout=65)
)


@dataclass(frozen=True)
class Clients:
    """One of each, all of one session; named as boto3 names the services."""

    a2i_runtime: "AugmentedAIRuntimeClient"
    cloudformation: "CloudFormationClient"
    cognito_idp: "CognitoIdentityProviderClient"
    iam: "IAMClient"
    lambda_: "LambdaClient"
    s3: "S3Client"
    sagemaker: "SageMakerClient"
    sagemaker_runtime: "SageMakerRuntimeClient"
    sqs: "SQSClient"
    ssm: "SSMClient"
    sts: "STSClient"

    @classmethod
    def of(cls, session: "boto3.Session") -> Self:
        """The clients of ``session``."""
        return cls(
            a2i_runtime=session.client("sagemaker-a2i-runtime", config=_CONFIG),
            cloudformation=session.client("cloudformation", config=_CONFIG),
            cognito_idp=session.client("cognito-idp", config=_CONFIG),
            iam=session.client("iam", config=_CONFIG),
            lambda_=session.client("lambda", config=_CONFIG),
            s3=session.client("s3", config=_CONFIG),
            sagemaker=session.client("sagemaker", config=_CONFIG),
            sagemaker_runtime=session.client("sagemaker-runtime", config=_ENDPOINT_CONFIG),
            sqs=session.client("sqs", config=_CONFIG),
            ssm=session.client("ssm", config=_CONFIG),
            sts=session.client("sts", config=_CONFIG),
        )
