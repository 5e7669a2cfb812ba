"""The deployed functions, whose way to AWS is the faulty network."""

import json
from collections.abc import Mapping
from pathlib import Path
from threading import RLock
from typing import Any

import boto3

_QUICK = Path(__file__).parent / "quick"
# A version is made by changing the function for a moment.
_publishing = RLock()


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

    def redirected(self, name: str, **variables: str) -> str:
        """The name of a new version of the function, with the proxy in the place of AWS.

        :param variables: what else is changed in its environment.
        """
        with _publishing:
            handler = self._lambda.get_function_configuration(FunctionName=name)["Handler"]
            changed = {**self._extra, "HANDLER": handler, **variables}
            return self.version(name, changed, handler="kept.handle")

    def version(
        self, name: str, variables: Mapping[str, str], *, handler: str | None = None
    ) -> str:
        """The name of a new version of the function, with other variables in its environment.

        The function itself, which queues and schedules invoke, stays as it was deployed.

        :param handler: what it runs. Default: what the function runs.
        """
        with _publishing:
            deployed = self._lambda.get_function_configuration(FunctionName=name)
            former = deployed.get("Environment", {}).get("Variables", {})
            self._configure(name, handler or deployed["Handler"], {**former, **variables})
            published = self._lambda.publish_version(FunctionName=name)
            self._configure(name, deployed["Handler"], former)
        return f"{name}:{published['Version']}"

    def discard(self, name: str) -> None:
        """Delete a version, and end what runs of it."""
        self._lambda.delete_function(FunctionName=name)

    def _configure(self, name: str, handler: str, variables: Mapping[str, str]) -> None:
        self._lambda.update_function_configuration(
            FunctionName=name, Handler=handler, Environment={"Variables": variables}
        )

    def invoke(self, name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """What the function answers.

        :raises FunctionError: when it fails.
        """
        answer = self._lambda.invoke(FunctionName=name, Payload=json.dumps(payload))
        result: dict[str, Any] = json.loads(answer["Payload"].read())
        if "errorType" in result:
            raise FunctionError(f"{result['errorType']}: {result['errorMessage']}")
        return result
