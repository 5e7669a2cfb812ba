"""What stops a deployment that would replace the workforce, or make a second one."""

from collections.abc import Mapping

from constructs import Construct

from .provider import ReviewProvider


class WorkforceGuard(Construct):
    """Looks at the Region's workforces before CloudFormation makes or changes one.

    An account has one private workforce in a Region, and CloudFormation replaces it by deleting it
    first, with everybody's sign-in. So the workforce depends on this guard, which refuses to be
    made where there already is a workforce, and refuses a name, user pool, client or provider other
    than the workforce has.

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
        provider.resource(
            self,
            "Resource",
            resource_type="Custom::A2IWorkforceGuard",
            properties={"WorkforceName": workforce_name, **signs_in_with},
        )
