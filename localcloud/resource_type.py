"""A CloudFormation resource type as the local cloud provides it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

Properties = dict[str, Any]


class Made(NamedTuple):
    """A resource that exists: what Ref and Fn::GetAtt answer for it."""

    physical_id: str
    attributes: dict[str, Any]


class ResourceType(ABC):
    """A resource type: its schema, as far as a template can break it, and its handlers."""

    name: ClassVar[str]
    properties: ClassVar[frozenset[str]]
    required: ClassVar[frozenset[str]]
    create_only: ClassVar[tuple[str, ...]]
    """Properties whose change needs a new resource."""
    delete_then_create: ClassVar[bool] = False
    """Whether the old resource goes first, because there is room for one only."""
    waits: ClassVar[bool] = False
    """Whether the handlers block until the service is done."""

    def create(self, logical_id: str, properties: Properties, stack_name: str) -> Made:
        """Make the resource."""
        self._validate(logical_id, properties)
        return self._create(logical_id, properties, stack_name)

    def update(
        self,
        physical_id: str,
        old: Properties,
        new: Properties,
        stack_name: str,
        logical_id: str,
    ) -> Made:
        """Change the resource in place, or replace it when its successor cannot come first."""
        self._validate(logical_id, new)
        if self.delete_then_create and any(old.get(p) != new.get(p) for p in self.create_only):
            self.delete(physical_id, old)
            return self._create(logical_id, new, stack_name)
        return self._update(physical_id, old, new)

    @abstractmethod
    def delete(self, physical_id: str, properties: Properties) -> None:
        """Delete the resource; one that is gone already is no error."""

    @abstractmethod
    def _create(self, logical_id: str, properties: Properties, stack_name: str) -> Made: ...

    def _update(self, physical_id: str, old: Properties, new: Properties) -> Made:
        raise AssertionError(f"{self.name}: CloudFormation replaces it for any change")

    def _validate(self, logical_id: str, properties: Mapping[str, Any]) -> None:
        """Refuse what CloudFormation refuses before it calls the service."""
        problems = [
            *(
                f"extraneous key [{p}] is not permitted"
                for p in properties.keys() - self.properties
            ),
            *(f"required key [{p}] not found" for p in self.required - properties.keys()),
        ]
        if problems:
            raise ValueError(
                f"Properties validation failed for resource {logical_id} with message: "
                + "; ".join(sorted(problems))
            )
