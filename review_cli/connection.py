"""The AWS account that a command looks at, and why it may not be able to."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import botocore.exceptions
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
)

_NOT_ACCEPTED = {
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
_SIGN_IN = "Sign in (for example `aws sso login`), or name a profile with --profile."


class CannotLookError(Exception):
    """Nothing can be said about the deployment.

    :param sentence: why.
    :param next_step: what to do about it.
    """

    def __init__(self, sentence: str, next_step: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.next_step = next_step


def connect(profile: str | None, region: str | None) -> boto3.Session:
    """A session of the account and Region that the options or else the environment name.

    :raises CannotLookError: when there is no such profile, or no Region.
    """
    with aws_can_be_asked():
        session = boto3.Session(profile_name=profile, region_name=region)
        if session.region_name is None:
            raise NoRegionError
        return session


@contextmanager
def aws_can_be_asked() -> Iterator[None]:
    """Turn what keeps AWS from being asked at all into a `CannotLookError`."""
    try:
        yield
    except ClientError as error:
        words = error.response["Error"].get("Message", "no reason given").rstrip(".")
        if error.response["Error"]["Code"] not in _NOT_ACCEPTED:
            raise CannotLookError(
                f"{error.operation_name} was refused: {words}.",
                "Look again in a minute, or with other credentials.",
            ) from error
        raise CannotLookError(f"AWS does not accept the credentials: {words}.", _SIGN_IN) from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise CannotLookError("No complete AWS credentials were found.", _SIGN_IN) from error
    except NoRegionError as error:
        raise CannotLookError(
            "No AWS Region is set.", "Name one with --region, or set AWS_REGION."
        ) from error
    except ProfileNotFound as error:
        raise CannotLookError(
            f"{_sentence(error)}", "List the profiles there are with `aws configure list-profiles`."
        ) from error
    except (botocore.exceptions.ConnectionError, HTTPClientError) as error:
        raise CannotLookError(
            f"AWS cannot be reached: {_sentence(error)}",
            "Check the network, the Region, and AWS_ENDPOINT_URL if it is set.",
        ) from error
    except BotoCoreError as error:
        raise CannotLookError(_sentence(error), _SIGN_IN) from error


def _sentence(error: Exception) -> str:
    words = " ".join(str(error).split())
    return f"{words.rstrip('.')}."
