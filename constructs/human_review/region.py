"""Where Amazon A2I is offered."""

from aws_cdk import Token

# https://docs.aws.amazon.com/general/latest/gr/a2i.html; CloudFormation has human task UIs and
# workforces in the same ones.
REGIONS = frozenset(
    {
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ca-central-1",
        "eu-central-1",
        "eu-west-1",
        "eu-west-2",
        "us-east-1",
        "us-east-2",
        "us-west-2",
    }
)


def check_region(region: str) -> None:
    """Refuse a Region without Amazon A2I; one that is known only when deploying is let through.

    :raises ValueError: names the Region and those that are possible.
    """
    if not Token.is_unresolved(region) and region not in REGIONS:
        raise ValueError(
            f"Amazon A2I is not offered in the Region {region}, allowed: "
            f"{', '.join(sorted(REGIONS))}"
        )
