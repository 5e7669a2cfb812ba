"""The AWS around Amazon A2I, as MiniStack provides it in one account and Region.

What SageMaker would do with a caller's credentials is done as the account's root, over the local
endpoint; what SageMaker does as a service principal has no API, and goes to MiniStack directly.
"""

import json
import os
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

import boto3
import botocore.loaders
import botocore.session
from botocore.exceptions import ClientError
from botocore.signers import generate_presigned_url
from ministack.core import iam_evaluator
from ministack.core.responses import request_scope
from ministack.services import eventbridge, iam, sts

from localcloud.a2i.cloud import EventNotAccepted, RoleNotAssumable
from localcloud.address import Address
from localcloud.permissions import SERVICE_PRINCIPAL

SESSION_SECONDS = 3600

# Shared by all sessions: each would otherwise read and parse the service models again.
_MODELS = botocore.loaders.create_loader()


class MiniStackCloud:
    """Implements `localcloud.a2i.cloud.Cloud`.

    :param address: where the local cloud listens.
    :param on_event_loop: runs a function on the event loop that serves MiniStack, and waits.
    """

    def __init__(
        self,
        address: Address,
        account: str,
        region: str,
        on_event_loop: Callable[[Callable[[], Any]], Any],
    ) -> None:
        self._address = address
        self._account = account
        self._region = region
        self._on_event_loop = on_event_loop

    def sub_domain(self, region: str) -> str:
        """The worker portal's host and port; the portal of this local cloud serves every Region."""
        return f"localhost:{self._address.portal_port}"

    def sign_in_url(self) -> str:
        """The plain port hands the paths of the hosted sign-in over to Cognito."""
        return self._address.portal_url

    def cognito_url(self) -> str:
        """As `sign_in_url`, by address: a server need not ask what localhost is."""
        return f"http://127.0.0.1:{self._address.portal_port}"

    def role_session(self, role_arn: str, session_name: str) -> boto3.Session:
        """A session of ``role_arn``, if its trust policy lets SageMaker assume it."""
        self._check_trust(role_arn)
        role = role_arn.rpartition("/")[2]
        access_key, secret, token = (
            iam._gen_session_access_key(),
            iam._gen_secret(),
            iam._gen_session_token(),
        )
        sts.register_session(
            access_key,
            {
                "Arn": f"arn:aws:sts::{self._account}:assumed-role/{role}/{session_name}",
                "UserId": f"{self._role(role_arn)['RoleId']}:{session_name}",
                "SecretAccessKey": secret,
                "SessionToken": token,
                "Expiration": time.time() + SESSION_SECONDS,
                "AccountId": self._account,
                "PrincipalType": "AssumedRole",
            },
        )
        session = self._session(access_key, secret, token)
        session.events.register_last("creating-client-class", self._presign_for_browsers)
        return session

    def put_event(self, account: str, region: str, event: dict[str, Any]) -> None:
        """Emit an event as a service does: PutEvents refuses everybody else an aws. source."""
        entry = {
            "Source": event["source"],
            "DetailType": event["detail-type"],
            "Detail": json.dumps(event["detail"]),
            "Resources": event["resources"],
        }

        def emit() -> Any:
            with request_scope(account, region):
                return eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)

        # On the event loop, where everything else reads and changes the rules.
        _, _, body = self._on_event_loop(emit)
        answer = json.loads(body)
        if answer["FailedEntryCount"]:
            raise EventNotAccepted(answer["Entries"][0]["ErrorMessage"])

    def user_pool(self, user_pool_id: str) -> dict[str, Any] | None:
        """The pool as DescribeUserPool shows it."""
        described = _unless(
            "ResourceNotFoundException",
            lambda: self._cognito.describe_user_pool(UserPoolId=user_pool_id),
        )
        return described and described["UserPool"]

    def user_pool_client(self, user_pool_id: str, client_id: str) -> dict[str, Any] | None:
        """The client as DescribeUserPoolClient shows it."""
        described = _unless(
            "ResourceNotFoundException",
            lambda: self._cognito.describe_user_pool_client(
                UserPoolId=user_pool_id, ClientId=client_id
            ),
        )
        return described and described["UserPoolClient"]

    def user_group_exists(self, user_pool_id: str, group: str) -> bool:
        """Whether the pool has the group."""
        found = _unless(
            "ResourceNotFoundException",
            lambda: self._cognito.get_group(UserPoolId=user_pool_id, GroupName=group),
        )
        return found is not None

    def bucket_region(self, bucket: str) -> str | None:
        """The Region a bucket is in."""
        location = _unless("NoSuchBucket", lambda: self._s3.get_bucket_location(Bucket=bucket))
        if location is None:
            return None
        region: str | None = location.get("LocationConstraint")
        return region or "us-east-1"

    def read_object(self, bucket: str, key: str, version: str | None) -> bytes | None:
        """An object's content; None when there is no such object."""
        named = {"VersionId": version} if version else {}
        try:
            body = self._s3.get_object(Bucket=bucket, Key=key, **named)["Body"]
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchBucket", "NoSuchKey", "NoSuchVersion"):
                return None
            raise
        content: bytes = body.read()
        return content

    def _presign_for_browsers(self, class_attributes: dict[str, Any], **_: Any) -> None:
        """Let presigned URLs name the plain port: a browser does not know our authority.

        The port hands them over as if they had come to the TLS port, which they are signed for.
        """

        def presign(client: Any, *arguments: Any, **named: Any) -> str:
            url: str = generate_presigned_url(client, *arguments, **named)
            return url.replace(self._address.endpoint_url, self._address.portal_url, 1)

        class_attributes["generate_presigned_url"] = presign

    def _check_trust(self, role_arn: str) -> None:
        role = self._role(role_arn)
        trust = json.loads(role["AssumeRolePolicyDocument"])
        context = iam_evaluator.EvalContext(
            principal_arn=SERVICE_PRINCIPAL,
            principal_type="Service",
            principal_account=self._account,
            action="sts:AssumeRole",
            resource_arn=role_arn,
            region=self._region,
            service_context={"aws:sourceaccount": self._account},
        )
        # Not STS's own evaluation: that lets a root caller pass for any service principal.
        decision = iam_evaluator.evaluate_resource_policy(trust, context, SERVICE_PRINCIPAL)
        if decision.decision != "Allow":
            raise RoleNotAssumable(
                f"{SERVICE_PRINCIPAL} is not authorized to perform: sts:AssumeRole "
                f"on resource: {role_arn}"
            )

    def _role(self, role_arn: str) -> dict[str, Any]:
        role: dict[str, Any] | None = iam._roles.get_scoped(
            self._account, None, role_arn.rpartition("/")[2]
        )
        if role is None or role["Arn"] != role_arn:
            raise RoleNotAssumable(f"there is no role {role_arn}")
        return role

    @cached_property
    def _cognito(self) -> Any:
        return self._root().client("cognito-idp")

    @cached_property
    def _s3(self) -> Any:
        return self._root().client("s3")

    def _root(self) -> boto3.Session:
        # An account id is the access key of that account's root.
        return self._session(self._account, os.environ["AWS_SECRET_ACCESS_KEY"], None)

    def _session(self, access_key: str, secret: str, token: str | None) -> boto3.Session:
        session = botocore.session.Session()
        session.register_component("data_loader", _MODELS)
        return boto3.Session(
            aws_access_key_id=access_key,
            aws_secret_access_key=secret,
            aws_session_token=token,
            region_name=self._region,
            botocore_session=session,
        )


def _unless(missing: str, request: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """The answer to a request; None when the error is ``missing``."""
    try:
        return request()
    except ClientError as error:
        if error.response["Error"]["Code"] == missing:
            return None
        raise
