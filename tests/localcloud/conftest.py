"""One local cloud for all tests of this folder, in a process of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import botocore.loaders
import botocore.session
import pytest

from localcloud import Address, Settings, running

WORKFLOWS = Path(__file__).parents[2] / "workflows"
INFERENCE = """
def model_fn(model_dir):
    return {"good": 1, "bad": -1}

def input_fn(body, content_type):
    if content_type != "text/plain":
        raise ValueError(f"{content_type} is not served")
    return body.decode()

def predict_fn(data, model):
    return model[data]

def output_fn(prediction, accept):
    return str(prediction), accept
"""


@pytest.fixture(scope="session")
def inference_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with an inference script that knows two words."""
    directory = tmp_path_factory.mktemp("model")
    (directory / "inference.py").write_text(INFERENCE)
    return directory


@pytest.fixture(scope="session")
def local_cloud(
    tmp_path_factory: pytest.TempPathFactory, inference_directory: Path
) -> Iterator[Address]:
    """A running local cloud."""
    settings = Settings(
        state=tmp_path_factory.mktemp("localcloud"),
        port=14566,
        portal_port=14580,
        endpoints={"words": inference_directory, "other": inference_directory},
        recordings=[WORKFLOWS],
    )
    with running(settings) as address:
        yield address


Connect = Callable[..., Any]


@pytest.fixture(scope="session")
def connect(local_cloud: Address) -> Connect:
    """A boto3 client of the local cloud; as the account's root unless told otherwise."""

    models = botocore.loaders.create_loader()  # parsed once: SageMaker's takes half a second

    def client(
        service: str, region: str | None = None, credentials: tuple[str, str] = ("test", "test")
    ) -> Any:
        # boto3's overloads are for names it knows; here the name is a parameter.
        loaded = botocore.session.Session()
        loaded.register_component("data_loader", models)
        session: Any = boto3.Session(
            botocore_session=loaded,
            aws_access_key_id=credentials[0],
            aws_secret_access_key=credentials[1],
            region_name=region or local_cloud.region,
        )
        return session.client(service, endpoint_url=local_cloud.endpoint_url, verify=local_cloud.ca)

    return client
