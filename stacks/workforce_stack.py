"""What an account has once in a Region: sign-in, the workforce, its workteams, the provider."""

from typing import Any

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from human_review import (
    Reviewer,
    ReviewerGroup,
    ReviewerSignIn,
    ReviewProvider,
    Workforce,
    Workteam,
)
from stacks.settings import Settings

_MFA = {
    "off": cognito.Mfa.OFF,
    "optional": cognito.Mfa.OPTIONAL,
    "required": cognito.Mfa.REQUIRED,
}
_REMOVAL = {"retain": RemovalPolicy.RETAIN, "destroy": RemovalPolicy.DESTROY}


class WorkforceStack(Stack):
    """The stack that every review stack builds on.

    :param settings: what ``cdk.json`` says.
    """

    def __init__(self, scope: Construct, id: str, *, settings: Settings, **kwargs: Any) -> None:
        super().__init__(
            scope, id, termination_protection=settings.workforce.termination_protection, **kwargs
        )
        removal_policy = _REMOVAL[settings.workforce.removal_policy]
        self.provider = ReviewProvider.of(self)
        self._sign_in = ReviewerSignIn(
            self, "SignIn", mfa=_MFA[settings.workforce.mfa], removal_policy=removal_policy
        )
        self._workforce = Workforce(
            self,
            "Workforce",
            sign_in=self._sign_in,
            workforce_name=settings.workforce.name,
            source_ip_cidrs=settings.workforce.source_ip_cidrs,
            dual_stack=settings.workforce.dual_stack,
            provider=self.provider,
            removal_policy=removal_policy,
        )
        self.workteams = self._workteams(settings)
        self._export()
        self._publish("portal-url", "PortalUrl", self._workforce.portal_url)
        self._publish("user-pool-id", "UserPoolId", self._sign_in.user_pool.user_pool_id)

    def _workteams(self, settings: Settings) -> dict[str, Workteam]:
        reviewers: dict[str, Reviewer] = {}
        workteams: dict[str, Workteam] = {}
        for name, team in settings.workteams.items():
            group = self._sign_in.add_group(name)
            workteams[name] = Workteam(
                self,
                f"Workteam-{name}",
                workforce=self._workforce,
                groups=[group],
                workteam_name=name,
                description=team.description,
            )
            for email in team.members:
                self._add(reviewers, email, group)
            self._publish(f"workteams/{name}/user-group", None, group.group_name)
        return workteams

    def _add(self, reviewers: dict[str, Reviewer], email: str, group: ReviewerGroup) -> None:
        """Invite a person once, however many workteams they are in."""
        known = reviewers.get(email.lower())
        if known is not None:
            known.join(group)
            return
        reviewers[email.lower()] = self._sign_in.add_reviewer(
            f"Reviewer-{email.lower()}", email=email.lower(), group=group
        )

    def _export(self) -> None:
        """Export what review stacks import, whether or not one does today.

        An export that exists only while something imports it is withdrawn together with the last
        review stack's definition, before that stack itself is gone, and the deployment fails.
        """
        self.export_value(self.provider.service_token)
        for workteam in self.workteams.values():
            self.export_value(workteam.workteam_arn)

    def _publish(self, key: str, output: str | None, value: str) -> None:
        ssm.StringParameter(
            self, f"Parameter-{key}", parameter_name=f"/human-review/{key}", string_value=value
        )
        if output is not None:
            CfnOutput(self, output, value=value)
