"""The wire protocols, byte by byte."""

import json
from typing import Any

import pytest

from localcloud.a2i import api
from localcloud.a2i.service import A2I

JSON_1_1 = "application/x-amz-json-1.1"
MISSING = "arn:aws:sagemaker:us-west-2:111122223333:flow-definition/missing"


def control_plane(a2i: A2I, target: str, body: bytes) -> tuple[int, dict[str, str], Any]:
    headers = {"X-Amz-Target": target, "Content-Type": JSON_1_1}
    status, answered, content = api.handle(a2i, "POST", "/", headers, body, {})
    return status, answered, json.loads(content)


def test_an_answer_of_the_control_plane(a2i: A2I, workteam: str) -> None:
    status, headers, body = control_plane(a2i, "SageMaker.ListWorkteams", b"{}")

    assert status == 200
    assert headers["Content-Type"] == JSON_1_1
    assert headers["x-amzn-RequestId"]
    assert body["Workteams"][0]["CreateDate"] == 1_794_677_857.74


def test_an_error_of_the_control_plane(a2i: A2I) -> None:
    status, headers, body = control_plane(
        a2i, "SageMaker.DescribeHumanTaskUi", b'{"HumanTaskUiName": "missing"}'
    )

    assert status == 400
    assert headers["x-amzn-ErrorType"] == "ResourceNotFound"
    assert body["__type"] == "ResourceNotFound"
    assert body["Message"].endswith("human-task-ui/missing does not exist")


@pytest.mark.parametrize("target", ["SageMaker.CreateModel", "SageMaker.Nonsense", "Kendra.Query"])
def test_an_operation_that_is_not_served(a2i: A2I, target: str) -> None:
    status, _, body = control_plane(a2i, target, b"{}")

    assert (status, body["__type"]) == (400, "UnknownOperationException")


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"\xff", b'{"MaxResults": 1e400}', b"[" * 100_000],
    ids=["no end", "list", "no UTF-8", "beyond a double", "deep"],
)
def test_a_body_that_is_no_json_object(a2i: A2I, body: bytes) -> None:
    status, _, answer = control_plane(a2i, "SageMaker.ListWorkteams", body)

    assert (status, answer["__type"]) == (400, "SerializationException")


def test_headers_are_found_in_any_case(a2i: A2I) -> None:
    headers = {"x-amz-target": "SageMaker.ListWorkforces"}

    assert api.handle(a2i, "POST", "/", headers, b"", {})[0] == 200


def test_an_answer_of_the_runtime(a2i: A2I, flow_definition: str) -> None:
    start = {
        "HumanLoopName": "loop",
        "FlowDefinitionArn": flow_definition,
        "HumanLoopInput": {"InputContent": "{}"},
    }
    status, headers, body = api.handle(
        a2i, "POST", "/human-loops", {}, json.dumps(start).encode(), {}
    )

    assert status == 200
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body)["HumanLoopArn"].endswith(":human-loop/loop")
    described = json.loads(api.handle(a2i, "GET", "/human-loops/loop", {}, b"", {})[2])
    assert described["CreationTime"] == "2026-11-14T17:37:38.740Z"


@pytest.mark.parametrize(
    "query",
    [{"FlowDefinitionArn": MISSING}, {"FlowDefinitionArn": [MISSING], "MaxResults": ["5"]}],
    ids=["one value", "lists of values"],
)
def test_an_error_of_the_runtime(a2i: A2I, query: dict[str, str | list[str]]) -> None:
    status, headers, body = api.handle(a2i, "GET", "/human-loops", {}, b"", query)

    assert status == 404
    assert headers["x-amzn-ErrorType"] == "ResourceNotFoundException"
    assert json.loads(body)["Message"] == f"Flow definition {MISSING} does not exist"


def test_a_query_may_be_on_the_path(a2i: A2I) -> None:
    path = f"/human-loops?FlowDefinitionArn={MISSING.replace(':', '%3A')}"

    assert api.handle(a2i, "GET", path, {}, b"")[0] == 404


def test_a_page_size_that_is_no_number(a2i: A2I) -> None:
    query = {"FlowDefinitionArn": MISSING, "MaxResults": "many"}
    status, _, body = api.handle(a2i, "GET", "/human-loops", {}, b"", query)

    assert (status, json.loads(body)["__type"]) == (400, "ValidationException")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("PUT", "/human-loops"), ("GET", "/human-loops/a/b"), ("POST", "/endpoints/a")],
)
def test_a_path_that_is_not_served(a2i: A2I, method: str, path: str) -> None:
    status, _, body = api.handle(a2i, method, path, {}, b"", {})

    assert (status, json.loads(body)["__type"]) == (400, "UnknownOperationException")


def test_a_loop_named_stop_is_described(a2i: A2I) -> None:
    status, _, body = api.handle(a2i, "GET", "/human-loops/stop", {}, b"", {})

    assert status == 404
    assert "human-loop/stop" in json.loads(body)["Message"]
