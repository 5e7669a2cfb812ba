"""Sign-in for reviewers: an Amazon Cognito user pool, its app client, domain and groups."""

from aws_cdk import Duration, Fn, RemovalPolicy, Resource, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from constructs import Construct, IDependable

from . import limits
from .permission import acknowledge

_TEMPORARY_PASSWORD = Duration.days(3)


class ReviewerGroupBase(Construct):
    """What a defined and an imported group of reviewers have in common."""

    group_name: str

    def __init__(
        self, scope: Construct, id: str, *, sign_in: "ReviewerSignInBase", group_name: str
    ) -> None:
        limits.check("group_name", limits.GroupName, group_name)
        super().__init__(scope, id)
        self.sign_in = sign_in
        self.group_name = group_name


class ReviewerGroup(ReviewerGroupBase):
    """A Cognito group of reviewers; a workteam is made of one or more.

    Made by :meth:`ReviewerSignInBase.add_group`.

    :param sign_in: whose group it is.
    :param group_name: 1 to 128 characters without spaces.
    """

    def __init__(
        self, scope: Construct, id: str, *, sign_in: "ReviewerSignInBase", group_name: str
    ) -> None:
        super().__init__(scope, id, sign_in=sign_in, group_name=group_name)
        group = cognito.CfnUserPoolGroup(
            self, "Resource", user_pool_id=sign_in.user_pool.user_pool_id, group_name=group_name
        )
        self.group_name = group.ref

    @classmethod
    def from_group_name(
        cls, scope: Construct, id: str, group_name: str, *, sign_in: "ReviewerSignInBase"
    ) -> ReviewerGroupBase:
        """A group that this app did not define.

        :param sign_in: whose group it is.
        """
        return ReviewerGroupBase(scope, id, sign_in=sign_in, group_name=group_name)


class Reviewer(Construct):
    """A reviewer's account; Cognito mails a temporary password to its address.

    Made by :meth:`ReviewerSignInBase.add_reviewer`. Any change makes a new account.
    """

    def __init__(
        self, scope: Construct, id: str, *, sign_in: "ReviewerSignInBase", email: str
    ) -> None:
        super().__init__(scope, id)
        self._groups: set[str] = set()
        self._sign_in = sign_in
        self._user = cognito.CfnUserPoolUser(
            self,
            "Resource",
            user_pool_id=sign_in.user_pool.user_pool_id,
            username=email,
            desired_delivery_mediums=["EMAIL"],
            user_attributes=[
                cognito.CfnUserPoolUser.AttributeTypeProperty(name="email", value=email),
                cognito.CfnUserPoolUser.AttributeTypeProperty(name="email_verified", value="true"),
            ],
        )

    def join(self, group: ReviewerGroupBase) -> None:
        """Make the reviewer a member of ``group``, unless they are one already."""
        if group.group_name in self._groups:
            return
        self._groups.add(group.group_name)
        cognito.CfnUserPoolUserToGroupAttachment(
            self,
            f"In{group.node.id}",
            user_pool_id=self._sign_in.user_pool.user_pool_id,
            username=self._user.ref,
            group_name=group.group_name,
        )


class ReviewerSignInBase(Resource):
    """What a defined and an imported sign-in have in common."""

    user_pool: cognito.IUserPool
    client_id: str
    """The app client that the worker portal signs people in with."""

    def add_group(self, name: str) -> ReviewerGroup:
        """Add a group of reviewers.

        :param name: 1 to 128 characters without spaces; none of ``Client``, ``Domain`` and
            ``UserPool``, as parts of the sign-in are called.
        :raises ValueError: that is no name, or it is taken.
        """
        if self.node.try_find_child(name) is not None:
            raise ValueError(
                "name must not be another group's, or that of a part of the sign-in (Client, "
                f"Domain, UserPool), got {name!r}"
            )
        return ReviewerGroup(self, name, sign_in=self, group_name=name)

    def add_reviewer(self, id: str, *, email: str, group: ReviewerGroupBase) -> Reviewer:
        """Invite a reviewer by mail and make them a member of ``group``.

        :param email: where the temporary password goes, and the name to sign in with.
        :raises ValueError: that is no address.
        """
        limits.check("email", limits.Email, email)
        reviewer = Reviewer(self, id, sign_in=self, email=email)
        reviewer.join(group)
        return reviewer

    def grant_manage_reviewers(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` invite, look up and remove reviewers and choose their groups."""
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=[
                "cognito-idp:AdminAddUserToGroup",
                "cognito-idp:AdminCreateUser",
                "cognito-idp:AdminDeleteUser",
                "cognito-idp:AdminGetUser",
                "cognito-idp:AdminRemoveUserFromGroup",
                "cognito-idp:ListUsers",
                "cognito-idp:ListUsersInGroup",
            ],
            resource_arns=[self.user_pool.user_pool_arn],
        )

    def ready(self) -> list[IDependable]:
        """What has to exist before a workforce can use this sign-in."""
        return []


class ReviewerSignIn(ReviewerSignInBase):
    """A user pool that only an administrator adds people to, with what a workforce needs of it.

    Passwords have at least 12 characters with upper and lower case, digits and symbols; a
    temporary one lasts three days. People sign in with their e-mail address, in any case. The app
    client has a secret, which SageMaker needs, and no OAuth settings: what they are is known only
    when the workforce exists, so :class:`Workforce` has them written then. The sign-in page's
    address is made of the stack's id, so nobody has to find a free name.

    :param mfa: whether a second factor, an authenticator app, is asked for. Default: people may
        add one.
    :param feature_plan: what Cognito charges for. Default: essentials; threat protection needs
        plus.
    :param removal_policy: what becomes of the pool, its client and its domain when they leave the
        stack. Default: they stay, even when the deployment that made them fails, and the pool is
        protected from deletion by hand as well.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        mfa: cognito.Mfa = cognito.Mfa.OPTIONAL,
        feature_plan: cognito.FeaturePlan = cognito.FeaturePlan.ESSENTIALS,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        self._removal_policy = removal_policy
        self.user_pool = self._pool(mfa, feature_plan)
        self.client = self._client()
        self.client_id = self.client.user_pool_client_id
        self.domain = self._domain()
        self._acknowledge(mfa, feature_plan)

    @classmethod
    def from_user_pool_id(
        cls, scope: Construct, id: str, user_pool_id: str, *, client_id: str
    ) -> ReviewerSignInBase:
        """A sign-in that this app did not define.

        :param client_id: an app client of the pool that has a secret; the pool needs a domain too.
        """
        limits.check("user_pool_id", limits.UserPoolId, user_pool_id)
        limits.check("client_id", limits.ClientId, client_id)
        return _Imported(scope, id, user_pool_id, client_id)

    def ready(self) -> list[IDependable]:
        """The domain: SageMaker refuses a pool without one."""
        return [self.domain]

    def _pool(self, mfa: cognito.Mfa, feature_plan: cognito.FeaturePlan) -> cognito.UserPool:
        second_factor = cognito.MfaSecondFactor(otp=True, sms=False)
        return cognito.UserPool(
            self,
            "UserPool",
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            self_sign_up_enabled=False,
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_digits=True,
                require_lowercase=True,
                require_uppercase=True,
                require_symbols=True,
                temp_password_validity=_TEMPORARY_PASSWORD,
            ),
            mfa=mfa,
            mfa_second_factor=None if mfa == cognito.Mfa.OFF else second_factor,
            feature_plan=feature_plan,
            deletion_protection=self._retained(),
            removal_policy=self._removal_policy,
        )

    def _client(self) -> cognito.UserPoolClient:
        client = cognito.UserPoolClient(
            self,
            "Client",
            user_pool=self.user_pool,
            generate_secret=True,
            disable_o_auth=True,
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
        )
        client.apply_removal_policy(self._removal_policy)
        return client

    def _domain(self) -> cognito.UserPoolDomain:
        # arn:…:stack/<name>/<uuid>: a stack's own; the construct's address tells its pools apart.
        stack_uuid = Fn.select(2, Fn.split("/", Stack.of(self).stack_id))
        domain = cognito.UserPoolDomain(
            self,
            "Domain",
            user_pool=self.user_pool,
            cognito_domain=cognito.CognitoDomainOptions(
                domain_prefix=f"review-{self.node.addr[-8:]}-{stack_uuid}"
            ),
            # Version 2 shows no page for this client until a branding style is given to it.
            managed_login_version=cognito.ManagedLoginVersion.CLASSIC_HOSTED_UI,
        )
        domain.apply_removal_policy(self._removal_policy)
        return domain

    def _retained(self) -> bool:
        return self._removal_policy != RemovalPolicy.DESTROY

    def _acknowledge(self, mfa: cognito.Mfa, feature_plan: cognito.FeaturePlan) -> None:
        if mfa != cognito.Mfa.REQUIRED:
            acknowledge(
                self,
                {
                    "AwsSolutions-COG2": "whether reviewers need a second factor is the setting "
                    "mfa; a required one keeps people out who have no authenticator app"
                },
            )
        if feature_plan != cognito.FeaturePlan.PLUS:
            acknowledge(
                self,
                {
                    "AwsSolutions-COG8": "the plus plan is charged for each reviewer; nobody can "
                    "sign up, and the setting feature_plan offers it"
                },
            )


class _Imported(ReviewerSignInBase):
    def __init__(self, scope: Construct, id: str, user_pool_id: str, client_id: str) -> None:
        super().__init__(scope, id)
        self.user_pool = cognito.UserPool.from_user_pool_id(self, "UserPool", user_pool_id)
        self.client_id = client_id
