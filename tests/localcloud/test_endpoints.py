"""InvokeEndpoint, from an inference script on this machine."""

import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localcloud.endpoints import MAX_BODY, Endpoints, invoked_endpoint

ACCOUNT = "111122223333"


def invoke(directory: Path, body: bytes = b"good", **headers: str) -> tuple[int, Any, bytes]:
    endpoints = Endpoints({"words": directory})
    sent = {"content-type": "text/plain", "accept": "text/csv", **headers}
    return endpoints.invoke("words", ACCOUNT, sent, body)


def script(directory: Path, text: str) -> Path:
    (directory / "inference.py").write_text(text)
    return directory


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
    return True


def test_answer_is_what_the_scripts_functions_make(inference_directory: Path) -> None:
    status, headers, body = invoke(inference_directory)

    assert (status, body) == (200, b"1")
    assert headers["content-type"] == "text/csv"
    assert headers["x-Amzn-Invoked-Production-Variant"] == "AllTraffic"


def test_output_function_may_choose_another_type(tmp_path: Path) -> None:
    text = (
        "model_fn = lambda directory: directory\n"
        "input_fn = lambda body, content_type: body\n"
        "predict_fn = lambda data, model: model\n"
        "output_fn = lambda prediction, accept: (prediction, 'text/uri-list')\n"
    )

    _, headers, body = invoke(script(tmp_path, text))

    assert headers["content-type"] == "text/uri-list"
    assert body.decode() == str(tmp_path)


def test_what_a_model_raises_is_a_model_error(inference_directory: Path) -> None:
    status, headers, body = invoke(inference_directory, b"neither")

    error = json.loads(body)
    assert (status, headers["x-amzn-ErrorType"]) == (424, "ModelError")
    assert error["OriginalStatusCode"] == 500
    assert error["OriginalMessage"] == "KeyError: 'neither'"
    assert error["Message"].startswith("Received server error (500) from primary with message")


def test_a_script_that_lacks_a_function_says_which(tmp_path: Path) -> None:
    _, _, body = invoke(script(tmp_path, "def model_fn(directory): return None"))

    assert "does not define input_fn, predict_fn, output_fn" in json.loads(body)["OriginalMessage"]


def test_a_body_over_the_limit_is_refused(inference_directory: Path) -> None:
    status, headers, body = invoke(inference_directory, b"x" * (MAX_BODY + 1))

    assert (status, headers["x-amzn-ErrorType"]) == (400, "ValidationError")
    assert f"less than or equal to {MAX_BODY}" in json.loads(body)["Message"]


WITH_NEIGHBOURS = """
import words
from words.more import MORE

model_fn = lambda directory: None
input_fn = lambda body, content_type: body.decode()
output_fn = lambda prediction, accept: prediction

def predict_fn(data, model):
    import late
    return " ".join((words.OWN, MORE, late.OWN))
"""


def with_neighbours(directory: Path, own: str) -> Path:
    """A model whose code has modules of the same names as that of the others."""
    package = directory / "code" / "words"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(f"OWN = {own!r}")
    (package / "more.py").write_text(f"MORE = {own!r}")
    (package.parent / "late.py").write_text(f"OWN = {own!r}")
    (package.parent / "inference.py").write_text(WITH_NEIGHBOURS)
    return directory


def answer(endpoints: Endpoints, name: str) -> str:
    return endpoints.invoke(name, ACCOUNT, {}, b"")[2].decode()


def test_a_model_has_its_own_neighbours_and_no_others(tmp_path: Path) -> None:
    endpoints = Endpoints({name: with_neighbours(tmp_path / name, name) for name in ("a", "b")})

    assert answer(endpoints, "a").startswith("a a ")
    assert answer(endpoints, "b") == "b b b"
    assert answer(endpoints, "a").startswith("a a ")


def test_an_endpoint_that_changes_leaves_nothing_of_its_old_model(tmp_path: Path) -> None:
    path = [*sys.path]
    old, new = (with_neighbours(tmp_path / name, name) for name in ("old", "new"))
    endpoints = Endpoints({})

    assert endpoints.deploy("words", old) is None
    assert answer(endpoints, "words") == "old old old"
    assert endpoints.deploy("words", new) is None
    assert answer(endpoints, "words") == "new new new"
    assert eventually(lambda: not old.exists())
    endpoints.withdraw("words")

    assert eventually(lambda: not new.exists())
    assert sys.path == path
    assert not {"words", "words.more", "late"} & sys.modules.keys()


def test_a_model_that_does_not_load_leaves_nothing(tmp_path: Path) -> None:
    path = [*sys.path]
    broken = with_neighbours(tmp_path / "broken", "broken")
    (broken / "code" / "words" / "more.py").write_text("")

    problem = Endpoints({}).deploy("words", broken)

    assert problem is not None
    assert problem.startswith("ImportError: cannot import name 'MORE'")
    assert eventually(lambda: not broken.exists())
    assert sys.path == path


def test_what_was_asked_before_an_endpoint_goes_is_answered(tmp_path: Path) -> None:
    begun, end = tmp_path / "begun", tmp_path / "end"
    for pipe in (begun, end):
        os.mkfifo(pipe)
    text = (
        "from pathlib import Path\n"
        "model_fn = lambda directory: None\n"
        "input_fn = lambda body, content_type: body\n"
        "output_fn = lambda prediction, accept: prediction\n"
        "def predict_fn(data, model):\n"
        f"    Path({str(begun)!r}).write_text('')\n"
        f"    return Path({str(end)!r}).read_text()\n"
    )
    model = tmp_path / "model"
    model.mkdir()
    endpoints = Endpoints({})
    endpoints.deploy("slow", script(model, text))

    with ThreadPoolExecutor() as threads:
        asked = threads.submit(answer, endpoints, "slow")
        begun.read_text()
        endpoints.withdraw("slow")
        late = answer(endpoints, "slow")
        end.write_text("done")

        assert asked.result(timeout=20) == "done"
    assert "Endpoint slow of account 111122223333 not found" in late


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "/endpoints/words/invocations", "words"),
        ("GET", "/endpoints/words/invocations", None),
        ("POST", "/endpoints/words/async-invocations", None),
        ("POST", "/human-loops", None),
    ],
)
def test_request_is_an_invocation_by_method_and_path(
    method: str, path: str, name: str | None
) -> None:
    assert invoked_endpoint(method, path) == name


def test_boto3_gets_the_models_answer(connect: Any) -> None:
    answer = connect("sagemaker-runtime").invoke_endpoint(
        EndpointName="words", ContentType="text/plain", Accept="text/csv", Body=b"bad"
    )

    assert answer["Body"].read() == b"-1"
    assert answer["ContentType"] == "text/csv"
    assert answer["InvokedProductionVariant"] == "AllTraffic"


def test_boto3_gets_a_json_answer_as_json(connect: Any) -> None:
    answer = connect("sagemaker-runtime").invoke_endpoint(
        EndpointName="words", ContentType="text/plain", Accept="application/json", Body=b"bad"
    )

    assert answer["ContentType"] == "application/json"


def test_boto3_gets_the_models_error(connect: Any) -> None:
    runtime = connect("sagemaker-runtime")

    with pytest.raises(runtime.exceptions.ModelError) as refused:
        runtime.invoke_endpoint(EndpointName="words", ContentType="image/png", Body=b"good")

    assert refused.value.response["OriginalStatusCode"] == 500
    assert "image/png is not served" in refused.value.response["OriginalMessage"]


def test_an_unknown_endpoint_is_refused_in_sagemakers_words(connect: Any) -> None:
    with pytest.raises(
        ClientError, match=r"\(ValidationError\).*Endpoint nope of account 000000000000 not found"
    ):
        connect("sagemaker-runtime").invoke_endpoint(EndpointName="nope", Body=b"good")
