"""People who sign in to the worker portal in a browser."""

from dataclasses import dataclass

import boto3
from playwright.sync_api import Page, expect

_TEMPORARY = "Temporary-1st!"
_CHOSEN = "Chosen-by-hand-2!"


@dataclass(frozen=True)
class Person:
    """Somebody with an account in the user pool."""

    username: str

    def sign_in_first_time(self, page: Page, portal_url: str) -> None:
        """Go to the portal, sign in with the first password and choose another."""
        page.goto(portal_url)
        page.get_by_label("Username").fill(self.username)
        page.get_by_label("Password").fill(_TEMPORARY)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("New password", exact=True).fill(_CHOSEN)
        page.get_by_label("Confirm new password").fill(_CHOSEN)
        page.get_by_role("button", name="Update password").click()
        expect(page.get_by_role("heading", name="Jobs")).to_be_visible()

    def sign_in(self, page: Page, portal_url: str) -> None:
        """Sign in with the chosen password."""
        page.goto(portal_url)
        page.get_by_label("Username").fill(self.username)
        page.get_by_label("Password").fill(_CHOSEN)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Jobs")).to_be_visible()


def invite(session: boto3.Session, name: str, *, into_workteam: bool) -> Person:
    """Make an account, in the group of the workteam ``reviewers`` or in none."""
    cognito = session.client("cognito-idp")
    ssm = session.client("ssm")
    person = Person(f"{name}@example.com")
    user_pool_id = ssm.get_parameter(Name="/human-review/user-pool-id")["Parameter"]["Value"]
    cognito.admin_create_user(
        UserPoolId=user_pool_id,
        Username=person.username,
        TemporaryPassword=_TEMPORARY,
        UserAttributes=[{"Name": "email", "Value": person.username}],
        MessageAction="SUPPRESS",
    )
    if into_workteam:
        group = "/human-review/workteams/reviewers/user-group"
        cognito.admin_add_user_to_group(
            UserPoolId=user_pool_id,
            Username=person.username,
            GroupName=ssm.get_parameter(Name=group)["Parameter"]["Value"],
        )
    return person
