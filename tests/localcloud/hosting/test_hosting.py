"""Models, endpoint configurations and endpoints, by boto3."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.localcloud.conftest import INFERENCE
from tests.localcloud.hosting.conftest import BUCKET, IMAGE, Hosts

OTHER = INFERENCE.replace('"good": 1', '"good": 5')
BROKEN = "def model_fn(model_dir): raise OSError('no weights')"


@pytest.fixture(scope="module")
def endpoint(hosts: Hosts, words: str) -> str:
    """An endpoint in service."""
    hosts.model("Served", words)
    hosts.config("served", "Served")
    hosts.sagemaker.create_endpoint(EndpointName="Served", EndpointConfigName="served")
    assert hosts.settled("Served")["EndpointStatus"] == "InService"
    return "Served"


def refusal(error: Any) -> tuple[str, str]:
    said = error.value.response["Error"]
    return said["Code"], said["Message"]


def test_an_endpoint_answers_with_the_artifacts_own_code(hosts: Hosts, endpoint: str) -> None:
    assert (hosts.ask(endpoint, b"good"), hosts.ask(endpoint, b"bad")) == ("1", "-1")


def test_names_keep_their_case_and_arns_have_none(hosts: Hosts, endpoint: str) -> None:
    described = hosts.sagemaker.describe_endpoint(EndpointName=endpoint.lower())

    assert described["EndpointName"] == "Served"
    assert described["EndpointArn"].endswith(":endpoint/served")
    [variant] = described["ProductionVariants"]
    assert variant["CurrentServerlessConfig"]["MaxConcurrency"] == 1


def test_it_is_creating_before_it_is_in_service(hosts: Hosts, words: str) -> None:
    hosts.model("statuses", words)
    hosts.config("statuses", "statuses")

    hosts.sagemaker.create_endpoint(EndpointName="statuses", EndpointConfigName="statuses")

    described = hosts.sagemaker.describe_endpoint(EndpointName="statuses")
    assert described["EndpointStatus"] == "Creating"
    with pytest.raises(ClientError) as error:
        hosts.ask("statuses")
    assert refusal(error)[1] == "Endpoint statuses of account 000000000000 not found."
    assert hosts.settled("statuses")["EndpointStatus"] == "InService"


def test_an_endpoint_that_is_changing_is_left_alone(hosts: Hosts, words: str) -> None:
    hosts.model("busy", words)
    hosts.config("busy", "busy")
    hosts.sagemaker.create_endpoint(EndpointName="busy", EndpointConfigName="busy")

    with pytest.raises(ClientError) as error:
        hosts.sagemaker.delete_endpoint(EndpointName="busy")

    code, message = refusal(error)
    assert (code, message.partition(" endpoint")[0]) == (
        "ValidationException",
        "Cannot update in-progress",
    )
    hosts.settled("busy")
    hosts.sagemaker.delete_endpoint(EndpointName="busy")
    with pytest.raises(ClientError, match="Endpoint busy of account 000000000000 not found"):
        hosts.ask("busy")


def test_an_update_moves_it_to_another_model(hosts: Hosts, words: str) -> None:
    hosts.model("before", words)
    hosts.model("after", hosts.upload("words-2.tar.gz", {"code/inference.py": OTHER}))
    hosts.config("before", "before")
    hosts.config("after", "after")
    hosts.sagemaker.create_endpoint(EndpointName="moved", EndpointConfigName="before")
    hosts.settled("moved")

    hosts.sagemaker.update_endpoint(EndpointName="moved", EndpointConfigName="after")

    assert hosts.ask("moved") in ("1", "5")  # it answers all the while
    assert hosts.settled("moved")["EndpointConfigName"] == "after"
    assert hosts.ask("moved") == "5"


def test_a_model_that_does_not_load_leaves_the_endpoint_as_it_was(hosts: Hosts, words: str) -> None:
    hosts.model("works", words)
    hosts.model("broken", hosts.upload("words-3.tar.gz", {"code/inference.py": BROKEN}))
    hosts.config("works", "works")
    hosts.config("broken", "broken")
    hosts.sagemaker.create_endpoint(EndpointName="kept", EndpointConfigName="works")
    hosts.settled("kept")

    hosts.sagemaker.update_endpoint(EndpointName="kept", EndpointConfigName="broken")

    described = hosts.settled("kept")
    assert (described["EndpointStatus"], described["EndpointConfigName"]) == ("InService", "works")
    assert "did not pass the ping health check" in described["FailureReason"]
    assert hosts.ask("kept") == "1"


def test_an_artifact_that_is_no_archive_fails_the_endpoint(hosts: Hosts) -> None:
    hosts.s3.put_object(Bucket=BUCKET, Key="words-4.tar.gz", Body=b"not an archive")
    hosts.model("damaged", f"s3://{BUCKET}/words-4.tar.gz")
    hosts.config("damaged", "damaged")

    hosts.sagemaker.create_endpoint(EndpointName="damaged", EndpointConfigName="damaged")

    described = hosts.settled("damaged")
    assert described["EndpointStatus"] == "Failed"
    assert "valid tar.gz archive" in described["FailureReason"]


def test_an_artifact_writes_nothing_outside_its_directory(hosts: Hosts) -> None:
    hosts.model("climbs", hosts.upload("words-6.tar.gz", {"../climbs.py": INFERENCE}))
    hosts.config("climbs", "climbs")

    hosts.sagemaker.create_endpoint(EndpointName="climbs", EndpointConfigName="climbs")

    described = hosts.settled("climbs")
    assert described["EndpointStatus"] == "Failed"
    assert "../climbs.py lies outside the archive" in described["FailureReason"]


def test_a_model_its_role_may_not_read_is_refused(hosts: Hosts) -> None:
    url = hosts.upload("secret.tar.gz", {"code/inference.py": INFERENCE})

    with pytest.raises(ClientError) as error:
        hosts.model("secret", url)

    code, message = refusal(error)
    assert code == "ValidationException"
    assert message.startswith(f"Could not access model data at {url}. Please ensure that the role")


@pytest.mark.parametrize(
    ("variant", "message"),
    [
        pytest.param(
            {"ServerlessConfig": {"MemorySizeInMB": 1500, "MaxConcurrency": 1}},
            "must be a multiple of 1024",
            id="memory",
        ),
        pytest.param(
            {"ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 201}},
            "Member must have value less than or equal to 200",
            id="concurrency",
        ),
        pytest.param(
            {"InstanceType": "ml.m5.large"}, "InitialInstanceCount must be specified", id="count"
        ),
        pytest.param(
            {"InitialVariantWeight": 1}, "must have either ServerlessConfig or", id="nothing"
        ),
        pytest.param(
            {"InstanceType": "ml.m5.tiny", "InitialInstanceCount": 1}, "enum value set", id="type"
        ),
    ],
)
def test_a_configuration_that_cannot_be_is_refused(
    hosts: Hosts, endpoint: str, variant: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClientError, match=message):
        hosts.config("impossible", endpoint, **variant)


def test_what_is_missing_or_taken_is_named(hosts: Hosts, endpoint: str, words: str) -> None:
    def expect(message: str, call: Any, **request: Any) -> None:
        with pytest.raises(ClientError) as error:
            call(**request)
        code, said = refusal(error)
        assert (code, said.partition(' "')[0]) == ("ValidationException", message)

    sagemaker = hosts.sagemaker
    expect("Could not find model", sagemaker.describe_model, ModelName="none")
    expect("Could not find endpoint", sagemaker.describe_endpoint, EndpointName="none")
    expect(
        "Could not find endpoint configuration",
        sagemaker.create_endpoint,
        EndpointName="new",
        EndpointConfigName="none",
    )
    expect(
        "Cannot create already existing endpoint",
        sagemaker.create_endpoint,
        EndpointName="SERVED",
        EndpointConfigName="served",
    )
    expect(
        "Cannot create already existing model",
        sagemaker.create_model,
        ModelName="served",
        ExecutionRoleArn=hosts.role_arn,
        PrimaryContainer={"Image": IMAGE, "ModelDataUrl": words},
    )


def test_serverless_stays_serverless(hosts: Hosts, endpoint: str) -> None:
    hosts.config("instances", endpoint, InstanceType="ml.m5.large", InitialInstanceCount=1)

    with pytest.raises(ClientError, match="cannot be changed from serverless to instances"):
        hosts.sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName="instances")


def test_creating_a_model_passes_its_role(hosts: Hosts, words: str, connect: Any) -> None:
    iam = connect("iam")
    iam.create_user(UserName="modeller")
    policy = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow",'
        '"Action":"sagemaker:CreateModel","Resource":"*"}]}'
    )
    iam.put_user_policy(UserName="modeller", PolicyName="Creates", PolicyDocument=policy)
    key = iam.create_access_key(UserName="modeller")["AccessKey"]
    modeller = connect("sagemaker", None, (key["AccessKeyId"], key["SecretAccessKey"]))

    with pytest.raises(ClientError, match="iam:PassRole"):
        modeller.create_model(
            ModelName="passed",
            ExecutionRoleArn=hosts.role_arn,
            PrimaryContainer={"Image": IMAGE, "ModelDataUrl": words},
        )
