"""Deleting a stack of which a resource does not go.

CloudFormation deletes a resource after those that depend on it, so that what an undeleted one
depends on stays as it is. MiniStack goes on and deletes that as well.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from ministack.services import cloudformation
from ministack.services.cloudformation import handlers, stacks

Resources = dict[str, dict[str, Any]]


class _Deletion:
    """The delete of one stack.

    :param stack: MiniStack's record of it.
    """

    def __init__(self, stack: dict[str, Any]) -> None:
        self._resources: Resources = stack.get("_resources", {})
        self._definitions: dict[str, Any] = (stack.get("_template") or {}).get("Resources", {})
        self._kept: Resources = {}

    def keep_dependencies(self, logical_id: str) -> None:
        """Hide from MiniStack what the resource depends on."""
        known = set(self._resources)
        needed = stacks._with_dependencies([logical_id], self._definitions, known) - {logical_id}
        self._kept |= {name: self._resources.pop(name) for name in needed & known}

    def show_kept(self) -> None:
        """Give back what was hidden: the stack still has it."""
        self._resources.update(self._kept)


_current: ContextVar[_Deletion | None] = ContextVar("_current", default=None)


def keep_what_an_undeleted_resource_needs() -> None:
    """Change how MiniStack deletes a stack."""
    delete_resource: Callable[..., None] = stacks._delete_resource
    delete_stack: Callable[..., Any] = stacks._delete_stack_async

    def deleting_resource(
        type_: str, id_: str, properties: Any, stack_name: str, logical_id: str
    ) -> None:
        is_deleted = False
        try:
            delete_resource(type_, id_, properties, stack_name, logical_id)
            is_deleted = True
        finally:
            deletion = _current.get()
            if deletion is not None and not is_deleted:
                deletion.keep_dependencies(logical_id)

    async def deleting_stack(
        stack_name: str, stack_id: str, retain_resources: Any = (), force: bool = False
    ) -> None:
        stack = cloudformation._stacks.get(stack_name)
        # A forced delete leaves nothing to a next one, and MiniStack keeps dependencies itself.
        deletion = _Deletion(stack) if stack and not force else None
        token = _current.set(deletion)
        try:
            await delete_stack(stack_name, stack_id, retain_resources, force=force)
        finally:
            _current.reset(token)
            if deletion is not None:
                deletion.show_kept()

    stacks._delete_resource = deleting_resource
    stacks._delete_stack_async = handlers._delete_stack_async = deleting_stack
