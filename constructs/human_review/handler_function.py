"""The Lambda functions of this library: one shape, one place for their code."""

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Duration, IgnoreMode, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

_SHARED = "review_shared"  # what every handler package imports
_PACKAGE = Path(__file__).parent
_BUNDLED = _PACKAGE / "_lambda"  # in a wheel
_CHECKOUT = _PACKAGE.parents[1] / "lambda"  # in this repository


def _lambda_root() -> Path:
    return _BUNDLED if _BUNDLED.is_dir() else _CHECKOUT


def handler_code(*packages: str) -> lambda_.Code:
    """The named handler packages, and nothing else, as one asset.

    :raises ValueError: a package is not there.
    """
    root = _lambda_root()
    for name in packages:
        if not (root / name).is_dir():
            raise ValueError(f"there is no handler package {name} in {root}")
    keep = [pattern for name in packages for pattern in (f"!{name}", f"!{name}/**")]
    # Order as in .gitignore: what is left out of a kept package comes after it.
    return lambda_.Code.from_asset(
        str(root), exclude=["*", *keep, "**/__pycache__"], ignore_mode=IgnoreMode.GIT
    )


class HandlerFunction(lambda_.Function):
    """A Python function on arm64 that may write to its own log group and do nothing else yet.

    ``runs_as`` is its role.

    :param handler: the entry point; its first part names the handler package that is shipped.
    :param description: what the function is for, as the console shows it.
    :param timeout: how long one invocation may take.
    :param environment: variables for the handler. Default: none.
    :param memory_size: in MiB. Default: 256.
    :param function_name: for those that others must know before they are made. Default:
        CloudFormation makes one up.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        handler: str,
        description: str,
        timeout: Duration,
        environment: Mapping[str, str] | None = None,
        memory_size: int = 256,
        function_name: str | None = None,
    ) -> None:
        # A function is given its role and log group, so they stand beside it, not below it.
        self.runs_as = function_role(scope, f"{id}Role")
        log_group = function_log_group(scope, f"{id}Logs")
        log_group.grant_write(self.runs_as)
        super().__init__(
            scope,
            id,
            function_name=function_name,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            code=handler_code(handler.split(".")[0], _SHARED),
            handler=handler,
            description=description,
            timeout=timeout,
            memory_size=memory_size,
            role=self.runs_as,
            log_group=log_group,
            environment=dict(environment or {}),
        )


def function_role(scope: Construct, id: str) -> iam.Role:
    """A role for functions, without AWS's broad managed policy for logging."""
    return iam.Role(scope, id, assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))


def function_log_group(scope: Construct, id: str) -> logs.LogGroup:
    """A log group that keeps three months, and goes with its function: it holds no results."""
    return logs.LogGroup(
        scope,
        id,
        retention=logs.RetentionDays.THREE_MONTHS,
        removal_policy=RemovalPolicy.DESTROY,
    )
