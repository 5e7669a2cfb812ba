"""The deployment that a command is about, or why there is none."""

from botocore.exceptions import ClientError

from review_cli.clients import Clients
from review_cli.connection import CannotLookError
from review_cli.deployment import ROOT, Deployment
from review_cli.doctor.account import REGIONS
from review_cli.wording import words


def deployed(clients: Clients, account: str, region: str) -> Deployment:
    """What is deployed in the account and Region.

    :raises CannotLookError: when that cannot be read, or there is nothing.
    """
    try:
        deployment = Deployment.find(clients.ssm)
    except ClientError as error:
        raise CannotLookError(
            f"The SSM parameters below {ROOT} cannot be read: {words(error)}.",
            "Allow ssm:GetParametersByPath on them, or look with other credentials.",
        ) from error
    if not deployment.is_empty():
        return deployment
    raise CannotLookError(
        f"Nothing is deployed in account {account} in {region}.",
        "Deploy with `npx cdk deploy --all`, or name another Region with --region."
        if region in REGIONS
        else f"Amazon A2I is not offered there; name one of {', '.join(REGIONS)} with --region.",
    )
