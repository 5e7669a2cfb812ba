"""The one place where the local cloud reaches into MiniStack's registries.

`REACHES` names everything else of MiniStack that this package relies on, so that an upgrade that
moves one of them fails at start, and in a test, by name.
"""

import importlib
import importlib.metadata
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core import iam_evaluator
from ministack.services.cloudformation import stacks

from localcloud.bucket_tags import put_tags_on_buckets
from localcloud.resource_type import ResourceType
from localcloud.role_arns import authorize_roles_by_their_arns
from localcloud.stack_deletion import keep_what_an_undeleted_resource_needs
from localcloud.wire import Handler

MINISTACK = "1.5.33"
"""The version this package was written against; pyproject.toml pins the same."""

REACHES = (
    "ministack.app:app",
    "ministack.app:SERVICE_HANDLERS",
    "ministack.core.iam_actions:extract_resource_arn",
    "ministack.core.iam_actions:identity_denial_message",
    "ministack.core.iam_actions:request_tag_context",
    "ministack.core.iam_evaluator:AuthError",
    "ministack.core.iam_evaluator:EvalContext",
    "ministack.core.iam_evaluator:_gather_role_policies",
    "ministack.core.iam_evaluator:enforce",
    "ministack.core.iam_evaluator:evaluate_resource_policy",
    "ministack.core.lambda_runtime:reset",
    "ministack.core.responses:get_account_id",
    "ministack.core.responses:get_region",
    "ministack.core.responses:request_scope",
    "ministack.core.router:SERVICE_PATTERNS",
    "ministack.core.router:extract_access_key_id",
    "ministack.services.cloudformation:_stacks",
    "ministack.services.cloudformation.handlers:_delete_stack_async",
    "ministack.services.cloudformation.provisioners:_CONDITIONALLY_REPLACING_PROPERTIES",
    "ministack.services.cloudformation.provisioners:_REPLACING_PROPERTIES",
    "ministack.services.cloudformation.provisioners:_RESOURCE_HANDLERS",
    "ministack.services.cloudformation.provisioners:_S3_BUCKET_CONFIGURATIONS",
    "ministack.services.cloudformation.provisioners:_STACK_TAG_PROPERTY",
    "ministack.services.cloudformation.provisioners:_physical_name",
    "ministack.services.cloudformation.stacks:_delete_resource",
    "ministack.services.cloudformation.stacks:_delete_stack_async",
    "ministack.services.cloudformation.stacks:_runs_on_worker_thread",
    "ministack.services.cloudformation.stacks:_with_dependencies",
    "ministack.services.cognito:_admin_add_user_to_group",
    "ministack.services.cognito:_admin_create_user",
    "ministack.services.cognito:_admin_delete_user",
    "ministack.services.cognito:_admin_remove_user_from_group",
    "ministack.services.eventbridge:_put_events",
    "ministack.services.iam:_gen_secret",
    "ministack.services.iam:_gen_session_access_key",
    "ministack.services.iam:_gen_session_token",
    "ministack.services.iam:_roles",
    "ministack.services.s3:_delete_bucket_tagging",
    "ministack.services.s3:_put_bucket_tagging",
    "ministack.services.sts:register_session",
)


_TARGET_PREFIXES = {
    # The A2I runtime and the SageMaker runtime sign as sagemaker too, and have no target.
    "sagemaker": "SageMaker.",
    "rekognition": "RekognitionService.",
    "textract": "Textract.",
}
"""How requests to each service that MiniStack lacks begin their target; it signs by its name."""


class RegistryMoved(RuntimeError):  # noqa: N818 - it says what happened
    """MiniStack no longer has something that the local cloud relies on."""


def mount(handlers: Mapping[str, Handler], resource_types: Mapping[str, ResourceType]) -> None:
    """Serve services by ``handlers``, and let CloudFormation make ``resource_types``.

    :param handlers: by the name that requests to the service are signed with.
    :raises RegistryMoved: when MiniStack has no such registry any more.
    """
    check_registries()
    for service, handler in handlers.items():
        _registry("ministack.core.router:SERVICE_PATTERNS")[service] = {
            "target_prefixes": [_TARGET_PREFIXES[service]],
            "credential_scope": service,
        }
        _registry("ministack.app:SERVICE_HANDLERS")[service] = handler
    for name, resource_type in resource_types.items():
        _add_resource_type(name, resource_type)
    _run_on_worker_threads(frozenset(n for n, t in resource_types.items() if t.waits))
    authorize_roles_by_their_arns()
    _find_roles_by_name()
    put_tags_on_buckets()
    keep_what_an_undeleted_resource_needs()


def check_registries() -> None:
    """Fail, naming what is gone, when MiniStack has moved something of `REACHES`."""
    for place in REACHES:
        try:
            _registry(place)
        except (ImportError, AttributeError):
            raise RegistryMoved(
                f"MiniStack {_installed_version()} has no {place}: "
                f"the local cloud is written for MiniStack {MINISTACK}, see localcloud/mount.py"
            ) from None


def _add_resource_type(name: str, resource_type: ResourceType) -> None:
    provisioners = "ministack.services.cloudformation.provisioners"
    _registry(f"{provisioners}:_RESOURCE_HANDLERS")[name] = {
        "create": resource_type.create,
        "update": resource_type.update,
        "update_with_logical_id": True,
        "delete": resource_type.delete,
    }
    # Where an old resource goes before its successor comes, CloudFormation's own replacement,
    # which does the opposite, must not start: the type's update does it.
    create_first = () if resource_type.delete_then_create else resource_type.create_only
    _registry(f"{provisioners}:_REPLACING_PROPERTIES")[name] = create_first
    if resource_type.delete_then_create:
        conditional = _registry(f"{provisioners}:_CONDITIONALLY_REPLACING_PROPERTIES")
        conditional[name] = resource_type.create_only
    if "Tags" in resource_type.properties:
        _registry(f"{provisioners}:_STACK_TAG_PROPERTY")[name] = ("Tags", "list")


def _run_on_worker_threads(types: frozenset[str]) -> None:
    """Keep types that wait for their resource off the event loop, which they wait for."""
    of_ministack: Callable[[str], bool] = stacks._runs_on_worker_thread
    stacks._runs_on_worker_thread = lambda type_: type_ in types or of_ministack(type_)


def _find_roles_by_name() -> None:
    """Let SimulatePrincipalPolicy find a role that has a path, which it takes for its name."""
    of_ministack: Callable[[str, str], Any] = iam_evaluator._gather_role_policies
    iam_evaluator._gather_role_policies = lambda role, account: of_ministack(
        role.rpartition("/")[2], account
    )


def _registry(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


def _installed_version() -> str:
    return importlib.metadata.version("ministack")
