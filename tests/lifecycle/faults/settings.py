"""The changes of settings that CloudFormation does not have: sign-in, and workteam access."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

import boto3

from tests.lifecycle.faults.cloudformation import Outcome, Provider
from tests.lifecycle.faults.matrix import Change

_OTHER = "https://other.example/callback"


class Setting(Change):
    """A change of a setting of something else; what fails is rolled back.

    A create that fails at once is followed by no delete; but what it is a setting of is made by the
    same stack, and goes with it. Here it is made anew.

    :param request_type: Create, Update or Delete.
    """

    resource: str

    def __init__(self, provider: Provider, request_type: str, *versions: dict[str, Any]) -> None:
        self._provider = provider
        self._request_type = request_type
        self._old, self._new = versions

    def __str__(self) -> str:
        return f"{self.resource} {self._request_type}"

    @abstractmethod
    def anew(self) -> None:
        """Make what it is a setting of anew."""

    @abstractmethod
    def there(self) -> Any:
        """All that can be set of it."""

    def begin(self) -> None:
        self.anew()
        self._without = self.there()
        if self._request_type != "Create":
            self._created = self._done("Create", self._old)
        self._before = self.there()

    def make(self) -> bool:
        wanted = self._new if self._request_type == "Update" else self._old
        self._outcome = self._send(self._request_type, wanted, self._old)
        self.error = self._outcome.error
        return self._outcome.is_done

    def leftovers(self, is_done: bool) -> Iterator[str]:
        if not is_done:
            match self._request_type:
                case "Create":
                    self.anew()
                    self._created = self._done("Create", self._old)
                case "Update":
                    self._done("Update", self._old, self._new)
                    if self.there() != self._before:
                        yield f"{self.there()} is not {self._before}"
                case "Delete":
                    self._done("Delete", self._old)
        else:
            self._created = self._outcome.physical_id
        if self._request_type != "Delete":
            current = self._new if is_done and self._request_type == "Update" else self._old
            self._done("Delete", current)
        if self.there() != self._without:
            yield f"{self.there()} is not {self._without}"

    def _done(
        self, request_type: str, properties: dict[str, Any], old: dict[str, Any] | None = None
    ) -> str | None:
        outcome = self._send(request_type, properties, old)
        assert outcome.is_done, f"{self}: {request_type} over a healthy network: {outcome.error}"
        return outcome.physical_id

    def _send(
        self, request_type: str, properties: dict[str, Any], old: dict[str, Any] | None = None
    ) -> Outcome:
        event: dict[str, Any] = {}
        if request_type != "Create":
            event["PhysicalResourceId"] = self._created
        if request_type == "Update":
            event["OldResourceProperties"] = old
        return self._provider.send(request_type, self.resource, properties, StackId="-", **event)


class SignIn(Setting):
    """The portal's addresses in a user pool client, where somebody else has one too."""

    resource = "A2IPortalSignIn"

    def __init__(
        self, session: boto3.Session, provider: Provider, request_type: str, pool: str
    ) -> None:
        self._cognito = session.client("cognito-idp")
        self._pool = pool
        made = self._cognito.create_user_pool_client(UserPoolId=pool, ClientName="faulty")
        self._client = made["UserPoolClient"]["ClientId"]
        subject = {"UserPoolId": pool, "ClientId": self._client, "ClientSettings": ""}
        versions = ({**subject, "SubDomain": f"{it}.example"} for it in ("old", "new"))
        super().__init__(provider, request_type, *versions)

    def anew(self) -> None:
        self._cognito.update_user_pool_client(
            UserPoolId=self._pool,
            ClientId=self._client,
            ClientName="faulty",
            CallbackURLs=[_OTHER],
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["email", "openid", "profile"],
            AllowedOAuthFlowsUserPoolClient=True,
            SupportedIdentityProviders=["COGNITO"],
            LogoutURLs=[],
            AccessTokenValidity=17,
        )

    def there(self) -> Any:
        described = self._cognito.describe_user_pool_client(
            UserPoolId=self._pool, ClientId=self._client
        )
        return {**described["UserPoolClient"], "LastModifiedDate": None}


class WorkteamAccess(Setting):
    """From where a workteam's members may open what they review."""

    resource = "A2IWorkteamAccess"

    def __init__(self, session: boto3.Session, provider: Provider, request_type: str) -> None:
        self._sagemaker = session.client("sagemaker")
        versions = (
            {
                "WorkteamName": "reviewers",
                "S3Presign": {"IamPolicyConstraints": {constraint: "Enabled"}},
            }
            for constraint in ("SourceIp", "VpcSourceIp")
        )
        super().__init__(provider, request_type, *versions)

    def anew(self) -> None:
        off = {"SourceIp": "Disabled", "VpcSourceIp": "Disabled"}
        self._sagemaker.update_workteam(
            WorkteamName="reviewers",
            WorkerAccessConfiguration={"S3Presign": {"IamPolicyConstraints": off}},  # type: ignore[typeddict-item]  # plain strings
        )

    def there(self) -> Any:
        workteam: Any = self._sagemaker.describe_workteam(WorkteamName="reviewers")["Workteam"]
        presign = workteam.pop("WorkerAccessConfiguration", {}).get("S3Presign", {})
        constraints = presign.get("IamPolicyConstraints", {})
        on = sorted(name for name, state in constraints.items() if state == "Enabled")
        return {**workteam, "LastUpdatedDate": None, "on": on}
