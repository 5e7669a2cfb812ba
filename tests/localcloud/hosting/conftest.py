"""Models in Amazon S3, with a role that may read them, in a Region of the local cloud."""

import io
import json
import tarfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.localcloud.conftest import INFERENCE

BUCKET = "models-of-the-tests"
IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/words:1"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sagemaker.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
READS = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/words*"}
    ],
}
SECONDS = 20


def packed(files: dict[str, str]) -> bytes:
    """A model.tar.gz of the files."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as model:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            model.addfile(entry, io.BytesIO(text.encode()))
    return archive.getvalue()


@dataclass(frozen=True)
class Hosts:
    """What the tests do with SageMaker's hosting."""

    sagemaker: Any
    s3: Any
    runtime: Any
    role_arn: str

    def upload(self, key: str, files: dict[str, str]) -> str:
        """Put a model into the bucket; its address."""
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=packed(files))
        return f"s3://{BUCKET}/{key}"

    def model(self, name: str, url: str, **others: Any) -> Any:
        """Create a model."""
        container = {"Image": IMAGE, "ModelDataUrl": url}
        given = {"ExecutionRoleArn": self.role_arn, "PrimaryContainer": container, **others}
        return self.sagemaker.create_model(ModelName=name, **given)

    def config(self, name: str, model: str, **variant: Any) -> Any:
        """Create an endpoint configuration, serverless unless it says otherwise."""
        serverless = {"ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1}}
        return self.sagemaker.create_endpoint_config(
            EndpointConfigName=name,
            ProductionVariants=[
                {"VariantName": "AllTraffic", "ModelName": model, **(variant or serverless)}
            ],
        )

    def settled(self, name: str) -> Any:
        """The endpoint, once nothing about it is in progress."""
        deadline = time.monotonic() + SECONDS
        while True:
            described = self.sagemaker.describe_endpoint(EndpointName=name)
            if not described["EndpointStatus"].endswith("ing"):
                return described
            assert time.monotonic() < deadline, described

    def ask(self, name: str, body: bytes = b"good") -> str:
        """What the endpoint answers."""
        answer = self.runtime.invoke_endpoint(
            EndpointName=name, ContentType="text/plain", Accept="text/csv", Body=body
        )
        text: str = answer["Body"].read().decode()
        return text


@pytest.fixture(scope="module")
def hosts(connect: Callable[..., Any]) -> Hosts:
    """Hosting, with a bucket and a role to read from it."""
    s3, iam = connect("s3"), connect("iam")
    if BUCKET not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=BUCKET)
        iam.create_role(RoleName="runs-models", AssumeRolePolicyDocument=json.dumps(TRUST))
        iam.put_role_policy(
            RoleName="runs-models", PolicyName="Reads", PolicyDocument=json.dumps(READS)
        )
    role_arn = iam.get_role(RoleName="runs-models")["Role"]["Arn"]
    return Hosts(connect("sagemaker"), s3, connect("sagemaker-runtime"), role_arn)


@pytest.fixture(scope="module")
def words(hosts: Hosts) -> str:
    """The address of a model that knows two words."""
    return hosts.upload("words.tar.gz", {"code/inference.py": INFERENCE})
