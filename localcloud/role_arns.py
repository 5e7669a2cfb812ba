"""The path of a role in the ARN by which IAM authorizes a request about it: MiniStack omits it."""

from collections.abc import Callable

from ministack.core import iam_actions
from ministack.services import iam


def authorize_roles_by_their_arns() -> None:
    """Have a policy for a path match the roles that are below it."""
    of_ministack: Callable[..., str] = iam_actions.extract_resource_arn

    def extract_resource_arn(service: str, *request: object) -> str:
        arn = of_ministack(service, *request)
        if service != "iam" or ":role/" not in arn:
            return arn
        role = iam._roles.get(arn.rpartition("/")[2])
        return arn if role is None else str(role["Arn"])

    iam_actions.extract_resource_arn = extract_resource_arn
