"""The deployed functions, whose way to AWS is the faulty network."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3

_QUICK = Path(__file__).parent / "quick"


class FunctionError(Exception):
    """A function has failed: the message is what it raised."""


class Functions:
    """Deployed functions, told to take a proxy for AWS.

    :param url: of the proxy.
    """

    def __init__(self, session: boto3.Session, url: str) -> None:
        self._lambda = session.client("lambda")
        self._extra = {"AWS_ENDPOINT_URL": url, "PYTHONPATH": str(_QUICK)}

    def find(self, prefix: str) -> str:
        """The name of the one function that begins so."""
        pages = self._lambda.get_paginator("list_functions").paginate()
        names = (function["FunctionName"] for page in pages for function in page["Functions"])
        [name] = [name for name in names if name.startswith(prefix)]
        return name

    def redirect(self, name: str, **variables: str) -> None:
        """Start the function anew, with the proxy in the place of AWS.

        :param variables: what else is changed in its environment.
        """
        handler, former = self._configuration(name)
        handler = former.get("HANDLER", handler)
        changed = {**former, **self._extra, "HANDLER": handler, **variables}
        self._lambda.update_function_configuration(
            FunctionName=name, Handler="kept.handle", Environment={"Variables": changed}
        )

    def restore(self, name: str) -> None:
        """Start the function anew, with AWS in its own place."""
        _, changed = self._configuration(name)
        handler = changed.pop("HANDLER")
        former = {key: value for key, value in changed.items() if key not in self._extra}
        self._lambda.update_function_configuration(
            FunctionName=name, Handler=handler, Environment={"Variables": former}
        )

    def _configuration(self, name: str) -> tuple[str, dict[str, str]]:
        configuration = self._lambda.get_function_configuration(FunctionName=name)
        return configuration["Handler"], configuration.get("Environment", {}).get("Variables", {})

    def invoke(self, name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """What the function answers.

        :raises FunctionError: when it fails.
        """
        answer = self._lambda.invoke(FunctionName=name, Payload=json.dumps(payload))
        result: dict[str, Any] = json.loads(answer["Payload"].read())
        if "errorType" in result:
            raise FunctionError(f"{result['errorType']}: {result['errorMessage']}")
        return result
