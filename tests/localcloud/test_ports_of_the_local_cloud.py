"""What the two ports answer: AWS over TLS, the portal and Cognito's sign-in in plain."""

import ssl
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from localcloud import Address


@pytest.fixture
def plain(local_cloud: Address) -> httpx.Client:
    return httpx.Client(base_url=local_cloud.portal_url)


def test_tls_port_serves_aws_to_clients_that_trust_its_authority(local_cloud: Address) -> None:
    trust = ssl.create_default_context(cafile=local_cloud.ca)
    with httpx.Client(verify=trust) as client:
        health = client.get(f"{local_cloud.endpoint_url}/_ministack/health")

    assert health.status_code == 200


def test_plain_port_serves_the_portal(plain: httpx.Client) -> None:
    with plain:
        page = plain.get("/")

    # us-east-1 has no workforce in these tests.
    assert page.status_code == 503
    assert "No workforce yet" in page.text


def test_plain_port_serves_no_aws_api(plain: httpx.Client) -> None:
    with plain:
        refused = plain.post("/", headers={"X-Amz-Target": "SageMaker.ListWorkteams"}, json={})
        elsewhere = plain.get("/_ministack/health")

    assert refused.status_code == 405
    assert elsewhere.status_code == 404


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/oauth2/authorize?response_type=code&client_id=nobody", "Client nobody not found"),
        ("/logout?client_id=nobody&logout_uri=http://localhost/", "Client nobody not found"),
    ],
)
def test_plain_port_serves_the_hosted_sign_in(plain: httpx.Client, path: str, answer: str) -> None:
    with plain:
        assert answer in plain.get(path).text


def test_plain_port_serves_a_pools_keys(plain: httpx.Client, connect: Any) -> None:
    pool = connect("cognito-idp").create_user_pool(PoolName="keys")["UserPool"]["Id"]

    with plain:
        keys = plain.get(f"/{pool}/.well-known/jwks.json").json()["keys"]

    assert keys[0]["kty"] == "RSA"


def test_a_portals_own_sign_out_stays_its_own(plain: httpx.Client) -> None:
    with plain:
        assert "You are signed out" in plain.get("/logout").text


def test_an_operation_that_sagemaker_does_not_have_here_is_refused(connect: Any) -> None:
    with pytest.raises(ClientError, match="UnknownOperationException"):
        connect("sagemaker").list_training_jobs()


def test_every_region_and_account_has_its_own_sagemaker(connect: Any) -> None:
    ui = {"UiTemplate": {"Content": "<crowd-form></crowd-form>"}}
    connect("sagemaker", "us-west-2").create_human_task_ui(HumanTaskUiName="here", **ui)

    elsewhere = connect("sagemaker", "eu-central-1")
    somebody = connect("sagemaker", "us-west-2", ("111122223333", "test"))

    assert elsewhere.list_human_task_uis()["HumanTaskUiSummaries"] == []
    assert somebody.list_human_task_uis()["HumanTaskUiSummaries"] == []
    created = somebody.create_human_task_ui(HumanTaskUiName="here", **ui)
    assert ":111122223333:" in created["HumanTaskUiArn"]
