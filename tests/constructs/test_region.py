import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3

from human_review import (
    FlowDefinition,
    HumanTaskUi,
    ModelEndpoint,
    ModelImage,
    ObjectArtifact,
    ReviewerSignIn,
    ReviewResults,
    Workforce,
    WorkteamBase,
)
from human_review.region import REGIONS, check_region


def test_amazon_a2i_is_in_twelve_regions() -> None:
    assert len(REGIONS) == 12
    for region in REGIONS:
        check_region(region)


def test_another_region_is_refused_with_those_that_are_possible() -> None:
    with pytest.raises(
        ValueError, match=r"Region eu-north-1, allowed: ap-northeast-1, .*us-west-2"
    ):
        check_region("eu-north-1")


def test_a_region_known_only_when_deploying_is_let_through() -> None:
    check_region(cdk.Aws.REGION)


@pytest.fixture
def elsewhere(app: cdk.App) -> cdk.Stack:
    return cdk.Stack(app, "Elsewhere", env=cdk.Environment(region="eu-north-1"))


def test_a_page_is_refused(elsewhere: cdk.Stack) -> None:
    with pytest.raises(ValueError, match="not offered in the Region eu-north-1"):
        HumanTaskUi(
            elsewhere,
            "Page",
            template='<crowd-form><input name="answer"></crowd-form>',
            name_prefix="page",
        )

    assert elsewhere.node.try_find_child("Page") is None


def test_a_workforce_is_refused(elsewhere: cdk.Stack) -> None:
    sign_in = ReviewerSignIn(elsewhere, "SignIn")

    with pytest.raises(ValueError, match="not offered in the Region eu-north-1"):
        Workforce(elsewhere, "Workforce", sign_in=sign_in)


def test_a_flow_definition_is_refused(
    elsewhere: cdk.Stack, workteam: WorkteamBase, page: HumanTaskUi, results: ReviewResults
) -> None:
    with pytest.raises(ValueError, match="not offered in the Region eu-north-1"):
        FlowDefinition(
            elsewhere,
            "FlowDefinition",
            name_prefix="sentiment",
            workteam=workteam,
            human_task_ui=page,
            task_title="Classify a review",
            task_description="Say what the review says",
            output_bucket=results.bucket,
        )


def test_a_model_endpoint_is_refused(elsewhere: cdk.Stack) -> None:
    models = s3.Bucket.from_bucket_name(elsewhere, "Models", "models")

    with pytest.raises(ValueError, match="not offered in the Region eu-north-1"):
        ModelEndpoint(
            elsewhere,
            "Model",
            image=ModelImage.from_text("sagemaker-scikit-learn:1.2-1-cpu-py3"),
            artifact=ObjectArtifact(models, "model.tar.gz"),
        )

    assert elsewhere.node.try_find_child("Model") is None


def test_one_of_the_twelve_is_taken(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Ireland", env=cdk.Environment(region="eu-west-1"))

    HumanTaskUi(
        stack, "Page", template='<crowd-form><input name="answer"></crowd-form>', name_prefix="page"
    )
