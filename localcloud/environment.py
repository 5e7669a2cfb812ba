"""The environment variables of the server, of the functions it runs, and of its clients."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from localcloud.address import Address, StateDirectory
from localcloud.certificate import Certificate
from localcloud.settings import ACCOUNT, Settings

# MiniStack takes this key as the account's root.
ACCESS_KEY = "test"
SECRET_KEY = "test"  # noqa: S105 - known to everyone: the local cloud listens on loopback only

CHECKOUT = Path(__file__).resolve().parents[1]
NODE_MODULES = CHECKOUT / "node_modules"
_FOREIGN_PREFIXES = ("AWS_", "MINISTACK_", "LOCALSTACK_", "LAMBDA_", "EKS_", "RDS_")
_LOOPBACK = "127.0.0.1,localhost"


def client_environment(address: Address) -> dict[str, str]:
    """What an AWS client needs so that it talks to the local cloud, the CDK CLI included."""
    return {
        "AWS_ENDPOINT_URL": address.endpoint_url,
        "AWS_CA_BUNDLE": address.ca,
        "NODE_EXTRA_CA_CERTS": address.ca,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_REGION": address.region,
        "AWS_DEFAULT_REGION": address.region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "CDK_DEFAULT_ACCOUNT": address.account,
        "CDK_DEFAULT_REGION": address.region,
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
        "NODE_PATH": str(NODE_MODULES),
        "NO_PROXY": with_loopback(os.environ.get("NO_PROXY", "")),
        "PATH": with_this_python(os.environ.get("PATH", os.defpath)),
    }


# A profile or a session token would be signed with in place of the keys above.
UNSET_BY_CLIENTS = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN")


def server_environment(
    settings: Settings,
    state: StateDirectory,
    certificate: Certificate,
    address: Address,
    inherited: Mapping[str, str],
) -> dict[str, str]:
    """The server's own environment: MiniStack reads it when imported, functions inherit it.

    Nothing of the user's AWS settings gets in: a function of the local cloud must not find real
    credentials, and a profile must not lead it to the real AWS.
    """
    kept = {
        name: value
        for name, value in inherited.items()
        if not name.startswith(_FOREIGN_PREFIXES) and name not in ("SERVICES", "EDGE_PORT")
    }
    return {
        **kept,
        **client_environment(address),
        **_ministack_environment(settings, state, certificate, address),
        # Nothing here needs containers, and MiniStack would remove those of another MiniStack.
        "DOCKER_HOST": f"unix://{state.path}/no-docker",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_CA_BUNDLE": str(certificate.bundle),
        # urllib in a function: answers to CloudFormation go to the local cloud over TLS too.
        "SSL_CERT_FILE": str(certificate.bundle),
        "TMPDIR": str(state.temporary),
    }


def _ministack_environment(
    settings: Settings, state: StateDirectory, certificate: Certificate, address: Address
) -> dict[str, str]:
    persist = "1" if settings.persist else "0"
    return {
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(address.port),
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_EXECUTOR": "local",
        "LOG_LEVEL": "INFO",
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": settings.region,
        "MINISTACK_SSL_CERT": str(certificate.chain),
        "MINISTACK_SSL_KEY": str(certificate.key),
        "PERSIST_STATE": persist,
        "S3_PERSIST": persist,
        "S3_DATA_DIR": str(state.data / "s3"),
        "SFTP_ENABLED": "0",
        "STATE_DIR": str(state.data / "ministack"),
        "USE_SSL": "1",
    }


def with_loopback(no_proxy: str) -> str:
    """``no_proxy`` with the loopback addresses, which no proxy can reach."""
    return f"{no_proxy},{_LOOPBACK}" if no_proxy else _LOOPBACK


def with_this_python(path: str) -> str:
    """``path`` with this environment's programs first: its Node runs the CDK CLI and functions."""
    programs = str(Path(sys.executable).parent)
    return path if path.split(os.pathsep)[0] == programs else f"{programs}{os.pathsep}{path}"
