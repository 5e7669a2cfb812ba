"""An account in memory, and the clients that look at it."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import boto3
import pytest

from review_cli.clients import Clients
from tests.handlers.fake_aws import FakeAws
from tests.review_cli.fake_account import REGION, FakeAccount, answered


@pytest.fixture(scope="session")
def clients() -> Clients:
    """Made once: SageMaker's model takes half a second to parse."""
    session = boto3.Session("testing", "testing", region_name=REGION)
    return Clients.of(session)


@pytest.fixture(scope="session")
def s3_url() -> Iterator[str]:
    """Where a presigned address is answered with the status that its path begins with."""
    with HTTPServer(("127.0.0.1", 0), _Presigned) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def account(clients: Clients, s3_url: str) -> Iterator[FakeAccount]:
    """An account in which all is well."""
    aws = FakeAws()
    with answered(aws, clients):
        yield FakeAccount(aws, s3_url)


class _Presigned(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status = int(self.path.split("/")[1])
        body = b"<Error><Code>AccessDenied</Code></Error>" if status == 403 else b""
        self.send_response(status if self.path.endswith("?a=1&b=2") else 400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""
