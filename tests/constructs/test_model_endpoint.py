import gzip
import io
import tarfile
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Match, Template

from human_review import FolderArtifact, ModelEndpoint, ModelImage, ObjectArtifact

SCIKIT_LEARN = "sagemaker-scikit-learn:1.2-1-cpu-py3"
OWN = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/model:7"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model with code of its own."""
    folder = tmp_path / "model"
    (folder / "code" / "__pycache__").mkdir(parents=True)
    (folder / "code" / "inference.py").write_text("model_fn = dict")
    (folder / "code" / "__pycache__" / "inference.pyc").write_bytes(b"left out")
    (folder / "weights.txt").write_text("1 2 3")
    return folder


@pytest.fixture
def required(model: Path) -> dict[str, Any]:
    return {"image": ModelImage.from_text(SCIKIT_LEARN), "artifact": FolderArtifact(model)}


def packed(app: cdk.App) -> Path:
    (archive,) = Path(app.outdir).glob("*.tar.gz")
    return archive


def test_an_endpoint_is_serverless_and_finds_its_code(
    stack: cdk.Stack, required: dict[str, Any]
) -> None:
    endpoint = ModelEndpoint(stack, "Model", **required)

    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::SageMaker::Model",
        {
            "ExecutionRoleArn": stack.resolve(endpoint.role.role_arn),
            "PrimaryContainer": {
                "Environment": {
                    "SAGEMAKER_PROGRAM": "inference.py",
                    "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
                },
                "ModelDataUrl": {"Fn::Sub": Match.string_like_regexp(r"^s3://.+\.tar\.gz$")},
            },
        },
    )
    template.has_resource_properties(
        "AWS::SageMaker::EndpointConfig",
        {
            "ProductionVariants": [
                {
                    "VariantName": "AllTraffic",
                    "ModelName": {"Fn::GetAtt": [Match.any_value(), "ModelName"]},
                    "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5},
                    "InitialVariantWeight": 1,
                }
            ],
            "KmsKeyId": Match.absent(),
        },
    )
    template.has_resource_properties(
        "AWS::SageMaker::Endpoint", {"EndpointName": endpoint.endpoint_name}
    )


def test_what_cannot_change_has_no_name_of_ours(stack: cdk.Stack, required: dict[str, Any]) -> None:
    ModelEndpoint(stack, "Model", **required)

    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::SageMaker::Model", {"ModelName": Match.absent()})
    template.has_resource_properties(
        "AWS::SageMaker::EndpointConfig", {"EndpointConfigName": Match.absent()}
    )


def test_it_may_run_on_instances(stack: cdk.Stack, required: dict[str, Any]) -> None:
    key = kms.Key(stack, "Key")

    ModelEndpoint(
        stack,
        "Model",
        **required,
        endpoint_name="Reviews",
        instance_type="ml.m5.large",
        instance_count=2,
        environment={"LEVEL": "debug"},
        encryption_key=key,
    )

    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::SageMaker::EndpointConfig",
        {
            "KmsKeyId": stack.resolve(key.key_arn),
            "ProductionVariants": [
                Match.object_like({"InstanceType": "ml.m5.large", "InitialInstanceCount": 2})
            ],
        },
    )
    template.has_resource_properties(
        "AWS::SageMaker::Model",
        {"PrimaryContainer": {"Environment": Match.object_like({"LEVEL": "debug"})}},
    )


def test_the_artifact_is_the_same_bytes_for_the_same_files(
    app: cdk.App, stack: cdk.Stack, required: dict[str, Any], model: Path, tmp_path: Path
) -> None:
    ModelEndpoint(stack, "Model", **required)
    first = packed(app)
    other = cdk.App(outdir=str(tmp_path / "other"))
    copy = tmp_path / "copy"
    for file in ("weights.txt", "code/inference.py"):  # in another order, at another time
        (copy / file).parent.mkdir(parents=True, exist_ok=True)
        (copy / file).write_bytes((model / file).read_bytes())
        (copy / file).chmod(0o700)
    image = required["image"]
    ModelEndpoint(cdk.Stack(other, "Stack"), "Model", image=image, artifact=FolderArtifact(copy))

    assert packed(other).name == first.name
    assert packed(other).read_bytes() == first.read_bytes()


def test_the_artifact_is_laid_out_as_sagemaker_unpacks_it(
    app: cdk.App, stack: cdk.Stack, required: dict[str, Any]
) -> None:
    ModelEndpoint(stack, "Model", **required)

    content = gzip.decompress(packed(app).read_bytes())
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        entries = {entry.name: (entry.mtime, entry.uid, entry.mode) for entry in archive}
    assert entries == {"code/inference.py": (0, 0, 0o644), "weights.txt": (0, 0, 0o644)}


def test_another_model_is_another_artifact(stack: cdk.Stack, model: Path) -> None:
    before = FolderArtifact(model).bind(stack).url
    (model / "weights.txt").write_text("4 5 6")

    assert FolderArtifact(model).bind(stack).url != before


def test_an_artifact_may_be_in_a_bucket_already(stack: cdk.Stack) -> None:
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "my-models")

    ModelEndpoint(
        stack,
        "Model",
        image=ModelImage.from_text(OWN),
        artifact=ObjectArtifact(bucket, "v7/model.tar.gz"),
    )

    Template.from_stack(stack).has_resource_properties(
        "AWS::SageMaker::Model",
        {
            "PrimaryContainer": {
                "Image": OWN,
                "ModelDataUrl": "s3://my-models/v7/model.tar.gz",
                "Environment": Match.absent(),
            }
        },
    )


def test_the_role_may_pull_read_and_log_and_nothing_else(
    stack: cdk.Stack, required: dict[str, Any]
) -> None:
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "my-models")
    artifact = ObjectArtifact(bucket, "model.tar.gz")
    repository = ecr.Repository.from_repository_name(stack, "Repository", "model")

    ModelEndpoint(
        stack,
        "Model",
        image=ModelImage.from_ecr_repository(repository, "7"),
        artifact=artifact,
        endpoint_name="Reviews",
    )

    (role,) = Template.from_stack(stack).find_resources("AWS::IAM::Role").values()
    (policy,) = role["Properties"]["Policies"]
    allowed = {
        action: flat(statement["Resource"])
        for statement in policy["PolicyDocument"]["Statement"]
        for action in as_list(statement["Action"])
    }
    log = "arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:"
    streams = f"{log}/aws/sagemaker/Endpoints/Reviews:*"
    image = flat(stack.resolve(repository.repository_arn))
    assert allowed == {
        "s3:GetObject": "arn:<AWS::Partition>:s3:::my-models/model.tar.gz",
        "ecr:BatchCheckLayerAvailability": image,
        "ecr:BatchGetImage": image,
        "ecr:GetDownloadUrlForLayer": image,
        "ecr:GetAuthorizationToken": "*",
        "logs:CreateLogGroup": f"{log}/aws/sagemaker/Endpoints/Reviews",
        "logs:CreateLogStream": streams,
        "logs:DescribeLogStreams": streams,
        "logs:PutLogEvents": streams,
    }
    assert role["Properties"]["Path"] == "/human-review/"


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def flat(value: Any) -> str:
    match value:
        case {"Fn::Join": [_, parts]}:
            return "".join(map(flat, parts))
        case {"Ref": name}:
            return f"<{name}>"
    return str(value)


@pytest.mark.parametrize(("region", "account"), [("eu-west-1", "141502667606")])
def test_sagemakers_own_image_is_that_of_the_region(
    app: cdk.App, required: dict[str, Any], region: str, account: str
) -> None:
    here = cdk.Stack(app, "Here", env=cdk.Environment(region=region))
    ModelEndpoint(here, "Model", **required)

    model = Template.from_stack(here).find_resources("AWS::SageMaker::Model")
    (resource,) = model.values()
    image = flat(resource["Properties"]["PrimaryContainer"]["Image"])
    assert image == f"{account}.dkr.ecr.{region}.<AWS::URLSuffix>/{SCIKIT_LEARN}"


def test_a_stack_of_any_region_looks_the_account_up(
    stack: cdk.Stack, required: dict[str, Any]
) -> None:
    ModelEndpoint(stack, "Model", **required)
    ModelEndpoint(stack, "Second", **required)

    mappings = Template.from_stack(stack).to_json()["Mappings"]
    assert mappings["SageMakerImages"]["us-east-1"] == {"account": "683313688378"}


def test_grants_and_metrics_name_the_endpoint(stack: cdk.Stack, required: dict[str, Any]) -> None:
    endpoint = ModelEndpoint(stack, "Model", **required, endpoint_name="Reviews")
    caller = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))

    endpoint.grant_invoke(caller)

    Template.from_stack(stack).has_resource_properties(
        "AWS::IAM::Policy",
        {
            "PolicyDocument": {
                "Statement": [
                    {
                        "Action": "sagemaker:InvokeEndpoint",
                        "Effect": "Allow",
                        "Resource": stack.resolve(endpoint.endpoint_arn),
                    }
                ]
            }
        },
    )
    assert flat(stack.resolve(endpoint.endpoint_arn)).endswith(":endpoint/reviews")
    metrics = [
        endpoint.metric_invocations(),
        endpoint.metric_server_errors(),
        endpoint.metric_model_latency(),
    ]
    assert [metric.metric_name for metric in metrics] == [
        "Invocations",
        "Invocation5XXErrors",
        "ModelLatency",
    ]
    assert metrics[0].dimensions == {"EndpointName": "Reviews", "VariantName": "AllTraffic"}


def test_an_endpoint_that_exists_is_named(stack: cdk.Stack) -> None:
    endpoint = ModelEndpoint.from_endpoint_name(stack, "Model", "Reviews")

    assert endpoint.endpoint_name == "Reviews"
    assert flat(stack.resolve(endpoint.endpoint_arn)).endswith(":endpoint/reviews")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        pytest.param({"memory_size": 2000}, "memory_size must be a multiple of 1024", id="step"),
        pytest.param({"memory_size": 7168}, "memory_size must be between 1024 and", id="memory"),
        pytest.param({"max_concurrency": 201}, "max_concurrency must be between 1 a", id="many"),
        pytest.param({"instance_type": "large"}, "instance_type must be an instance", id="type"),
        pytest.param({"instance_count": 2}, "instance_count needs an instance_type", id="count"),
        pytest.param(
            {"instance_type": "ml.m5.large", "instance_count": 0},
            "instance_count must be at least 1 instance",
            id="no instance",
        ),
        pytest.param(
            {"instance_type": "ml.m5.large", "memory_size": 1024},
            "memory_size is for a serverless endpoint",
            id="both",
        ),
        pytest.param({"endpoint_name": "a_b"}, "endpoint_name must be letters", id="name"),
        pytest.param({"environment": {"a-b": ""}}, "environment.* a variable's name", id="env"),
    ],
)
def test_mistakes(
    stack: cdk.Stack, required: dict[str, Any], parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ModelEndpoint(stack, "Model", **required, **parameters)

    assert stack.node.try_find_child("Model") is None


@pytest.mark.parametrize(
    "text", ["python:3.12", "docker.io/library/python:3.12", "sagemaker-pytorch:1", "x" * 12]
)
def test_an_image_is_in_amazon_ecr(text: str) -> None:
    with pytest.raises(ValueError, match=r"image must be an address in Amazon ECR"):
        ModelImage.from_text(text)


def test_an_artifact_is_a_folder_with_the_code_where_it_is_looked_for(
    tmp_path: Path, stack: cdk.Stack
) -> None:
    with pytest.raises(ValueError, match="must be a folder"):
        FolderArtifact(tmp_path / "missing")
    with pytest.raises(ValueError, match="must hold a file"):
        FolderArtifact(tmp_path)
    (tmp_path / "inference.py").write_text("")
    with pytest.raises(ValueError, match=r"inference\.py must be in .*code"):
        FolderArtifact(tmp_path)
    with pytest.raises(ValueError, match=r"ends in \.tar\.gz, got 'model\.zip'"):
        ObjectArtifact(s3.Bucket.from_bucket_name(stack, "Bucket", "models"), "model.zip")
