"""A resource that does not go keeps what it depends on, as in CloudFormation."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import WaiterError

from tests.localcloud.test_cloudformation import Stack, template

REGION = "ap-northeast-2"


def test_what_an_undeleted_resource_depends_on_stays(connect: Callable[..., Any]) -> None:
    cloudformation, sagemaker = connect("cloudformation", REGION), connect("sagemaker", REGION)
    stack = Stack(cloudformation, "deletion-tests")
    stack.create(template())
    before = _resources(cloudformation, stack)
    [workteam] = sagemaker.list_workteams()["Workteams"]
    sagemaker.create_workteam(
        WorkteamName="by-hand",
        WorkforceName="reviews",
        MemberDefinitions=workteam["MemberDefinitions"],
        Description="Keeps the workforce from being deleted",
    )

    with pytest.raises(WaiterError, match="DELETE_FAILED"):
        stack.delete()

    kept = {"Workforce", "Pool", "Client", "Domain"}
    assert _resources(cloudformation, stack) == {name: before[name] for name in kept}
    pools = connect("cognito-idp", REGION).list_user_pools(MaxResults=60)["UserPools"]
    assert [pool["Id"] for pool in pools] == [before["Pool"]]

    sagemaker.delete_workteam(WorkteamName="by-hand")
    stack.delete()
    assert connect("cognito-idp", REGION).list_user_pools(MaxResults=60)["UserPools"] == []


def _resources(cloudformation: Any, stack: Stack) -> dict[str, str]:
    listed = cloudformation.list_stack_resources(StackName=stack.name)["StackResourceSummaries"]
    return {
        it["LogicalResourceId"]: it["PhysicalResourceId"]
        for it in listed
        if it["ResourceStatus"] != "DELETE_COMPLETE"
    }
