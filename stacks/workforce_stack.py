"""What an account has once in a Region: sign-in, the workforce, its workteams, the provider."""

from typing import Any

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from human_review import (
    Reviewer,
    ReviewerGroup,
    ReviewerGroupBase,
    ReviewerSignIn,
    ReviewerSignInBase,
    ReviewProvider,
    Workforce,
    WorkforceBase,
    Workteam,
)
from stacks.settings import ExistingWorkforce, Settings, WorkforceSettings, WorkteamSettings

_MFA = {
    "off": cognito.Mfa.OFF,
    "optional": cognito.Mfa.OPTIONAL,
    "required": cognito.Mfa.REQUIRED,
}


class WorkforceStack(Stack):
    """The stack that every review stack builds on.

    It makes the workforce and its sign-in, or adopts those that the settings say exist: of these it
    changes and deletes nothing, and only adds workteams, and groups and people to the pool.

    :param settings: what ``cdk.json`` says.
    """

    def __init__(self, scope: Construct, id: str, *, settings: Settings, **kwargs: Any) -> None:
        super().__init__(
            scope, id, termination_protection=settings.workforce.termination_protection, **kwargs
        )
        self.provider = ReviewProvider.of(self)
        existing = settings.workforce.existing
        if existing is None:
            self._define(settings.workforce)
        else:
            self._adopt(existing)
        self.workteams = self._workteams(settings)
        self._export()
        self._publish("user-pool-id", "UserPoolId", self._sign_in.user_pool.user_pool_id)

    def _define(self, settings: WorkforceSettings) -> None:
        retained = settings.removal_policy == "retain"
        kept = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
        sign_in = ReviewerSignIn(
            self,
            "SignIn",
            mfa=_MFA[settings.mfa],
            removal_policy=RemovalPolicy.RETAIN if retained else RemovalPolicy.DESTROY,
        )
        workforce = Workforce(
            self,
            "Workforce",
            sign_in=sign_in,
            workforce_name=settings.name,
            source_ip_cidrs=settings.source_ip_cidrs,
            dual_stack=settings.dual_stack,
            provider=self.provider,
            removal_policy=kept if retained else RemovalPolicy.DESTROY,
        )
        self._sign_in: ReviewerSignInBase = sign_in
        self._workforce: WorkforceBase = workforce
        self._publish("portal-url", "PortalUrl", workforce.portal_url)

    def _adopt(self, existing: ExistingWorkforce) -> None:
        self._sign_in = ReviewerSignIn.from_user_pool_id(
            self, "SignIn", existing.user_pool_id, client_id=existing.client_id
        )
        self._workforce = Workforce.from_workforce_name(self, "Workforce", existing.name)
        if existing.sub_domain is not None:
            self._publish("portal-url", "PortalUrl", f"https://{existing.sub_domain}")

    def _workteams(self, settings: Settings) -> dict[str, Workteam]:
        reviewers: dict[str, Reviewer] = {}
        workteams: dict[str, Workteam] = {}
        for name, team in settings.workteams.items():
            group = self._group(name, team)
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

    def _group(self, workteam: str, settings: WorkteamSettings) -> ReviewerGroupBase:
        if settings.user_group is None:
            return self._sign_in.add_group(workteam)
        return ReviewerGroup.from_group_name(
            self, f"Group-{workteam}", settings.user_group, sign_in=self._sign_in
        )

    def _add(self, reviewers: dict[str, Reviewer], email: str, group: ReviewerGroupBase) -> None:
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
        self.export_value(self.provider.is_complete_role.role_arn)
        for workteam in self.workteams.values():
            self.export_value(workteam.workteam_arn)

    def _publish(self, key: str, output: str | None, value: str) -> None:
        ssm.StringParameter(
            self, f"Parameter-{key}", parameter_name=f"/human-review/{key}", string_value=value
        )
        if output is not None:
            CfnOutput(self, output, value=value)
