"""What stops a deployment that would replace the workforce, or make a second one."""

from collections.abc import Mapping

from constructs import Construct

from .provider import ReviewProvider

_TYPE = "Custom::A2IWorkforceGuard"


class WorkforceGuard(Construct):
    """Looks at the Region's workforces before CloudFormation makes or changes one.

    An account has one private workforce in a Region, and CloudFormation replaces it by deleting it
    first, with everybody's sign-in. So the workforce depends on this guard, which refuses to be
    made where there already is a workforce, and refuses a name, user pool or client other than the
    workforce has.

    :param workforce_name: what the workforce is, or will be, called.
    :param signs_in_with: the properties that say so: ``UserPoolId`` and ``ClientId``, or
        ``OidcIssuer`` and ``OidcClientId``.
    :param provider: looks the workforces up.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        workforce_name: str,
        signs_in_with: Mapping[str, str],
        provider: ReviewProvider,
    ) -> None:
        super().__init__(scope, id)
        name = {"WorkforceName": workforce_name}
        self.vacancy = provider.resource(self, "Vacancy", resource_type=_TYPE, properties=name)
        """Looks at the name alone: what depends on it is not made in vain for a workforce that
        cannot be, as a retained user pool would be that its own guard has to wait for."""
        resource = provider.resource(
            self, "Resource", resource_type=_TYPE, properties={**name, **signs_in_with}
        )
        resource.node.add_dependency(self.vacancy)
