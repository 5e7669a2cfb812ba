"""What a task page shows from Amazon S3, in a browser that knows nothing of our authority."""

import json
from typing import Any

import httpx
import pytest

from localcloud import Address

TEMPLATE = '<crowd-form><img src="{{ task.input.uri | grant_read_access }}"></crowd-form>'


@pytest.fixture(scope="module")
def bucket(connect: Any) -> str:
    """A bucket that refuses requests without TLS, with one image in it."""
    s3 = connect("s3")
    s3.create_bucket(Bucket="pictures")
    s3.put_object(Bucket="pictures", Key="cat.png", Body=b"a cat", ContentType="image/png")
    only_tls = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::pictures", "arn:aws:s3:::pictures/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    policy = {"Version": "2012-10-17", "Statement": [only_tls]}
    s3.put_bucket_policy(Bucket="pictures", Policy=json.dumps(policy))
    return "pictures"


def role(connect: Any, name: str, actions: str) -> str:
    """A role of SageMaker that may do ``actions`` on every object."""
    iam = connect("iam")
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    allowed = {"Effect": "Allow", "Action": actions, "Resource": "arn:aws:s3:::pictures/*"}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": trust}))
    iam.put_role_policy(
        RoleName=name, PolicyName="objects", PolicyDocument=json.dumps({"Statement": allowed})
    )
    return str(arn["Role"]["Arn"])


def shown(connect: Any, role_arn: str, bucket: str) -> str:
    """The address of the image in a rendered page."""
    rendered = connect("sagemaker").render_ui_template(
        UiTemplate={"Content": TEMPLATE},
        Task={"Input": json.dumps({"uri": f"s3://{bucket}/cat.png"})},
        RoleArn=role_arn,
    )
    assert rendered["Errors"] == []
    address: str = rendered["RenderedContent"].partition('src="')[2].partition('"')[0]
    return address.replace("&amp;", "&")


def test_an_image_is_shown_from_the_portals_own_port(
    connect: Any, local_cloud: Address, bucket: str
) -> None:
    address = shown(connect, role(connect, "reader", "s3:GetObject"), bucket)

    image = httpx.get(address)

    assert address.startswith(f"{local_cloud.portal_url}/{bucket}/cat.png?")
    assert (image.status_code, image.content) == (200, b"a cat")


def test_an_image_that_the_role_may_not_read_is_not_shown(connect: Any, bucket: str) -> None:
    address = shown(connect, role(connect, "writer-only", "s3:PutObject"), bucket)

    assert httpx.get(address).status_code == 403


def test_an_address_that_was_changed_is_refused(connect: Any, bucket: str) -> None:
    address = shown(connect, role(connect, "reader-of-one", "s3:GetObject"), bucket)

    assert httpx.get(address.replace("cat.png", "dog.png")).status_code == 403
