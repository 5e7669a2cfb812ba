"""Tags by ARN."""

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from tests.localcloud.a2i.fake_cloud import CLIENT, USER_POOL, Later

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient


def tags(sagemaker: "SageMakerClient", arn: str) -> dict[str, str]:
    pages = sagemaker.get_paginator("list_tags").paginate(ResourceArn=arn)
    return {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}


def test_a_resource_is_created_with_tags(sagemaker: "SageMakerClient", later: Later) -> None:
    arn = sagemaker.create_workforce(
        WorkforceName="reviewers",
        CognitoConfig={"UserPool": USER_POOL, "ClientId": CLIENT},
        Tags=[{"Key": "team", "Value": "quality"}],
    )["WorkforceArn"]

    assert tags(sagemaker, arn) == {"team": "quality"}
    later()
    sagemaker.delete_workforce(WorkforceName="reviewers")
    later()
    with pytest.raises(ClientError, match="ResourceNotFound"):
        tags(sagemaker, arn)


def test_tags_are_added_changed_and_deleted(
    sagemaker: "SageMakerClient", workteam: str, flow_definition: str
) -> None:
    for arn in (workteam, flow_definition):
        sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}])
        added = sagemaker.add_tags(
            ResourceArn=arn, Tags=[{"Key": "a", "Value": "2"}, {"Key": "b", "Value": ""}]
        )
        assert added["Tags"] == [{"Key": "a", "Value": "2"}, {"Key": "b", "Value": ""}]
        sagemaker.delete_tags(ResourceArn=arn, TagKeys=["a", "never-there"])
        assert tags(sagemaker, arn) == {"b": ""}


def test_a_resource_has_50_tags(sagemaker: "SageMakerClient", human_task_ui: str) -> None:
    sagemaker.add_tags(
        ResourceArn=human_task_ui, Tags=[{"Key": f"k{n}", "Value": ""} for n in range(50)]
    )

    with pytest.raises(ClientError, match=r"ResourceLimitExceeded.*51 tags; 50"):
        sagemaker.add_tags(ResourceArn=human_task_ui, Tags=[{"Key": "one-more", "Value": ""}])


def test_what_is_not_there_has_no_tags(sagemaker: "SageMakerClient", workteam: str) -> None:
    with pytest.raises(ClientError, match="ResourceNotFound"):
        sagemaker.list_tags(ResourceArn=f"{workteam}-2")


def test_a_human_loop_has_no_tags(sagemaker: "SageMakerClient") -> None:
    arn = "arn:aws:sagemaker:us-west-2:111122223333:human-loop/loop"

    with pytest.raises(ClientError, match=r"ValidationException.*Invalid resource type"):
        sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}])
