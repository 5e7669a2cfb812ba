"""Container images that SageMaker runs a model in."""

import re
from dataclasses import dataclass
from typing import Annotated

from aws_cdk import CfnMapping, Stack, Token
from aws_cdk import aws_ecr as ecr
from constructs import Construct
from pydantic import AfterValidator

from . import limits

_ECR_URI = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?"
    r"/(?P<repository>[^:@]+)([:@].+)?"
)
_OWN = re.compile(r"(?P<repository>[a-z0-9-]+):[A-Za-z0-9._-]+")
# The accounts of SageMaker's framework images, in the Regions where Amazon A2I is offered:
# https://github.com/aws/sagemaker-python-sdk, image_uri_config/sklearn.json and xgboost.json.
_FRAMEWORKS = ("sagemaker-scikit-learn", "sagemaker-xgboost")
_ACCOUNTS = {
    "ap-northeast-1": "354813040037",
    "ap-northeast-2": "366743142698",
    "ap-south-1": "720646828776",
    "ap-southeast-1": "121021644041",
    "ap-southeast-2": "783357654285",
    "ca-central-1": "341280168497",
    "eu-central-1": "492215442770",
    "eu-west-1": "141502667606",
    "eu-west-2": "764974769150",
    "us-east-1": "683313688378",
    "us-east-2": "257758044811",
    "us-west-2": "246618743249",
}


def _known(text: str) -> str:
    own = _OWN.fullmatch(text)
    if _ECR_URI.fullmatch(text) is None and (own is None or own["repository"] not in _FRAMEWORKS):
        raise ValueError(
            "must be an address in Amazon ECR, "
            "<account>.dkr.ecr.<Region>.amazonaws.com/<repository>:<tag>, or a tag of "
            f"{' or '.join(_FRAMEWORKS)}"
        )
    return text


ImageName = Annotated[str, AfterValidator(_known)]
"""What ``ModelImage.from_text`` takes."""


@dataclass(frozen=True)
class ModelImage:
    """An image in Amazon ECR, the only registry that SageMaker's endpoints pull from.

    Make one by ``from_text`` or ``from_ecr_repository``.
    """

    _uri: str
    _repository_arn: str | None

    @classmethod
    def from_ecr_repository(cls, repository: ecr.IRepository, tag: str) -> "ModelImage":
        """An image of a repository that the app knows."""
        return cls(repository.repository_uri_for_tag(tag), repository.repository_arn)

    @classmethod
    def from_text(cls, text: str) -> "ModelImage":
        """An image by its address in Amazon ECR, or one of SageMaker's own by name and tag.

        SageMaker's own are ``sagemaker-scikit-learn`` and ``sagemaker-xgboost``, such as
        ``sagemaker-scikit-learn:1.2-1-cpu-py3``; they come from the Region of the stack.

        :raises ValueError: it is neither.
        """
        limits.check("image", ImageName, text)
        found = _ECR_URI.fullmatch(text)
        if found is None:
            return cls(text, None)
        place = f"{found['region']}:{found['account']}:repository/{found['repository']}"
        return cls(text, f"arn:aws:ecr:{place}")

    def uri(self, scope: Construct) -> str:
        """The image's address in the Region of ``scope``'s stack."""
        if self._repository_arn is not None:
            return self._uri
        stack = Stack.of(scope)
        return f"{_account(scope)}.dkr.ecr.{stack.region}.{stack.url_suffix}/{self._uri}"

    def repository_arn(self, scope: Construct) -> str:
        """The repository that is pulled from."""
        if self._repository_arn is not None:
            return self._repository_arn
        return Stack.of(scope).format_arn(
            service="ecr",
            account=_account(scope),
            resource="repository",
            resource_name=self._uri.partition(":")[0],
        )


def _account(scope: Construct) -> str:
    """Whose registry holds SageMaker's own images where the stack goes."""
    stack = Stack.of(scope)
    if not Token.is_unresolved(stack.region):
        return _ACCOUNTS[stack.region]
    found = stack.node.try_find_child("SageMakerImages")
    mapping = (
        found
        if isinstance(found, CfnMapping)
        else CfnMapping(
            stack,
            "SageMakerImages",
            mapping={region: {"account": account} for region, account in _ACCOUNTS.items()},
        )
    )
    return mapping.find_in_map(stack.region, "account")
