"""The people: a workflow's workteam, its groups and their members."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from review_cli.doctor.check import Check, ok, problem
from review_cli.wording import counted

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker.type_defs import CognitoMemberDefinitionTypeDef, WorkteamTypeDef

_NOT_FOUND = {"ValidationException", "ResourceNotFound", "ResourceNotFoundException"}


def workteam(
    sagemaker: "SageMakerClient",
    cognito_idp: "CognitoIdentityProviderClient",
    workteam_arn: str,
    user_groups: Mapping[str, str],
) -> Iterator[Check]:
    """Whether the workteam exists, and has people in it.

    :param user_groups: the group that each workteam was deployed with, as far as it is known.
    """
    name = workteam_arn.rpartition("/")[2]
    if ":workteam/private-crowd/" not in workteam_arn:
        yield ok("Workteam", f"{name} is not of this account and is not looked into.")
        return
    found = _described(sagemaker, name)
    if found is None:
        yield problem(
            "Workteam",
            f"The workteam {name} is gone, so no review can be started.",
            "Deploy the workforce's stack with another name for it; it was deleted outside "
            "CloudFormation.",
        )
        return
    members = [
        definition["CognitoMemberDefinition"]
        for definition in found["MemberDefinitions"]
        if "CognitoMemberDefinition" in definition
    ]
    deployed = user_groups.get(name)
    if deployed and deployed not in [member["UserGroup"] for member in members]:
        yield problem(
            "Workteam",
            f"The workteam {name} was deployed with the group {deployed} and has lost it.",
            "Add the group to the workteam again (UpdateWorkteam), or deploy a change to it.",
        )
        return
    yield ok("Workteam", f"{name} exists.")
    if members:
        yield _reviewers(cognito_idp, name, members)
    else:
        yield ok("Reviewers", f"Who is in {name} is for its OIDC provider to say.")


def _described(sagemaker: "SageMakerClient", name: str) -> "WorkteamTypeDef | None":
    try:
        return sagemaker.describe_workteam(WorkteamName=name)["Workteam"]
    except ClientError as error:
        # The model names no error for a missing workteam.
        if error.response["Error"]["Code"] not in _NOT_FOUND:
            raise
        return None


def _reviewers(
    cognito_idp: "CognitoIdentityProviderClient",
    name: str,
    members: "list[CognitoMemberDefinitionTypeDef]",
) -> Check:
    usernames: set[str] = set()
    for member in members:
        pool, group = member["UserPool"], member["UserGroup"]
        pages = cognito_idp.get_paginator("list_users_in_group").paginate(
            UserPoolId=pool, GroupName=group
        )
        try:
            users = [user for page in pages for user in page["Users"]]
        except cognito_idp.exceptions.ResourceNotFoundException:
            return problem(
                "Reviewers",
                f"The group {group}, of which the workteam {name} is made, is gone.",
                f"Make the group {group} in the user pool {pool} again, and add its members.",
            )
        usernames |= {user["Username"] for user in users if user.get("Enabled", True)}
    if usernames:
        return ok("Reviewers", f"{name} has {counted(len(usernames), 'member')}.")
    return problem(
        "Reviewers",
        f"Nobody is in the group {group}, so nobody sees the reviews of the workteam {name}.",
        f"Add people: `aws cognito-idp admin-add-user-to-group --user-pool-id {pool} "
        f"--group-name {group} --username …`.",
    )
