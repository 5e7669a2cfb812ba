"""What a caller needs in IAM for each SageMaker and A2I operation.

MiniStack authenticates the caller before a request gets here. It authorizes its own services by
tables that know nothing of SageMaker's resources, so the decision for ``sagemaker:`` actions is
made here, by MiniStack's own policy evaluator, with the resource that the Service Authorization
Reference names.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from ministack.core import iam_evaluator
from ministack.core.iam_actions import identity_denial_message, request_tag_context
from ministack.core.responses import get_account_id, get_region
from ministack.core.router import extract_access_key_id

from localcloud.wire import Response, failure

SERVICE_PRINCIPAL = "sagemaker.amazonaws.com"

# The operation's resource: the kind in its ARN, and the request member that names it.
_RESOURCES = {
    "Workforce": ("workforce/", "WorkforceName"),
    "Workteam": ("workteam/private-crowd/", "WorkteamName"),
    "HumanTaskUi": ("human-task-ui/", "HumanTaskUiName"),
    "FlowDefinition": ("flow-definition/", "FlowDefinitionName"),
    "HumanLoop": ("human-loop/", "HumanLoopName"),
    "Model": ("model/", "ModelName"),
    "EndpointConfig": ("endpoint-config/", "EndpointConfigName"),
    "Endpoint": ("endpoint/", "EndpointName"),
}
# Their ARNs are in lower case, whatever their names are.
_LOWER_CASE = ("model/", "endpoint-config/", "endpoint/")
_NEEDS_A_CONFIG = ("CreateEndpoint", "UpdateEndpoint")
_VERBS = ("Create", "Describe", "Update", "Delete", "Stop", "Invoke")
_BY_ARN = {
    "AddTags": "ResourceArn",
    "ListTags": "ResourceArn",
    "DeleteTags": "ResourceArn",
    # A loop is made by what its flow definition allows; the loop itself is not there yet.
    "StartHumanLoop": "FlowDefinitionArn",
}
_PASSES_A_ROLE = {
    "CreateFlowDefinition": "RoleArn",
    "RenderUiTemplate": "RoleArn",
    "CreateModel": "ExecutionRoleArn",
}


@dataclass(frozen=True)
class Check:
    """One question to the caller's policies."""

    action: str
    resource: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """A request to SageMaker, the A2I runtime or the SageMaker runtime, as far as IAM needs it.

    :param operation: None when the service has no such operation: then there is nothing to allow.
    """

    operation: str | None
    members: Mapping[str, Any]
    body: bytes


def read(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Request:
    """Tell which operation a request is for, and what it says about its resource."""
    target = headers.get("x-amz-target", "")
    if target.startswith("SageMaker."):
        return Request(target.removeprefix("SageMaker."), _json_object(body), body)
    match method, [unquote(part) for part in path.strip("/").split("/")]:
        case "POST", ["endpoints", name, "invocations"]:
            return Request("InvokeEndpoint", {"EndpointName": name}, b"")
        case "POST", ["human-loops"]:
            return Request("StartHumanLoop", _json_object(body), body)
        case "POST", ["human-loops", "stop"]:
            return Request("StopHumanLoop", _json_object(body), body)
        case "GET", ["human-loops"]:
            return Request("ListHumanLoops", {}, b"")
        case "GET", ["human-loops", name]:
            return Request("DescribeHumanLoop", {"HumanLoopName": name}, b"")
        case "DELETE", ["human-loops", name]:
            return Request("DeleteHumanLoop", {"HumanLoopName": name}, b"")
    return Request(None, {}, b"")


def refusal(
    headers: Mapping[str, str], query: Mapping[str, Any], request: Request
) -> Response | None:
    """The answer to a caller whose policies do not allow the request; None when they do."""
    status = 400 if "x-amz-target" in headers else 403
    needed = checks(request, get_account_id(), get_region())
    return first_refusal(needed, extract_access_key_id(headers, query), status)


def first_refusal(needed: Iterable[Check], caller: str, status: int) -> Response | None:
    """The answer to the first of the questions that the caller's policies do not allow.

    :param caller: an access key id.
    :param status: of an answer that says what is not allowed.
    """
    for check in needed:
        denied = _denied(check, caller)
        if isinstance(denied, iam_evaluator.AuthError):
            return failure(denied.code, denied.message, status=403)
        if denied is not None:
            message = identity_denial_message(
                check.action, denied.principal_arn, check.resource, denied.decision == "Deny"
            )
            return failure("AccessDeniedException", message, status=status)
    return None


def allows(check: Check, caller: str) -> bool:
    """Whether the caller's policies, and the resource's own, allow something."""
    return _denied(check, caller) is None


def _denied(check: Check, caller: str) -> Any:
    return iam_evaluator.enforce(
        caller,
        check.action,
        check.action.partition(":")[0],
        get_region(),
        resource_arn=check.resource,
        service_context=dict(check.context),
    )


def checks(request: Request, account: str, region: str) -> Iterator[Check]:
    """Everything the caller's policies must allow before the request is answered."""
    if request.operation is None:
        return
    action = f"sagemaker:{request.operation}"
    context = request_tag_context("sagemaker", action, request.body, {})
    if request.operation == "CreateFlowDefinition":
        context |= _workteam_context(request.members)
    yield Check(action, _resource(request, account, region), context)
    if request.operation in _NEEDS_A_CONFIG:
        config = _text(request.members.get("EndpointConfigName")) or "*"
        yield Check(action, _arn(account, region, "endpoint-config/", config), context)
    role = request.members.get(_PASSES_A_ROLE.get(request.operation, ""))
    if isinstance(role, str):
        yield Check("iam:PassRole", role, {"iam:PassedToService": SERVICE_PRINCIPAL})


def _resource(request: Request, account: str, region: str) -> str:
    """The ARN an operation is about; ``*`` for one about none, such as a list."""
    operation = request.operation or ""
    if operation in _BY_ARN:
        return _text(request.members.get(_BY_ARN[operation])) or "*"
    verb = next((verb for verb in _VERBS if operation.startswith(verb)), None)
    kind, member = _RESOURCES.get(operation.removeprefix(verb), ("", "")) if verb else ("", "")
    name = _text(request.members.get(member))
    return _arn(account, region, kind, name) if name else "*"


def _arn(account: str, region: str, kind: str, name: str) -> str:
    name = name.lower() if kind in _LOWER_CASE else name
    return f"arn:aws:sagemaker:{region}:{account}:{kind}{name}"


def _workteam_context(members: Mapping[str, Any]) -> dict[str, str]:
    """``sagemaker:WorkteamArn`` and ``sagemaker:WorkteamType`` of a new flow definition."""
    config = members.get("HumanLoopConfig")
    arn = _text(config.get("WorkteamArn")) if isinstance(config, dict) else None
    if arn is None:
        return {}
    kind = arn.partition(":workteam/")[2].partition("/")[0]
    return {"sagemaker:WorkteamArn": arn, "sagemaker:WorkteamType": kind}


def _json_object(body: bytes) -> dict[str, Any]:
    """The members of a JSON body; none of one that the service will refuse anyway."""
    try:
        members = json.loads(body or b"{}")
    except ValueError:
        return {}
    return members if isinstance(members, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
