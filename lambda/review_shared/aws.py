"""How every function calls AWS."""

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnectedError

CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 5}, connect_timeout=5, read_timeout=15
)

SERVER_ERROR = 500
THROTTLED = {
    "RequestLimitExceeded",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
}


def may_pass(error: BotoCoreError | ClientError) -> bool:
    """Say whether the same call may work later: throttled, a fault of the service, no answer."""
    if not isinstance(error, ClientError):
        return isinstance(error, HTTPClientError | NotConnectedError)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= SERVER_ERROR or error.response["Error"]["Code"] in THROTTLED
