"""Where hosting keeps its resources: by names that differ in more than their case."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from localcloud.a2i.clock import moment
from localcloud.a2i.errors import ValidationException
from localcloud.a2i.paging import page
from localcloud.a2i.region import Region
from localcloud.a2i.store import ABSENT, Delete, Document, JsonObject, Put
from localcloud.a2i.tags import tagged, untagged


@dataclass(frozen=True)
class Register:
    """The resources of one kind in one account and Region.

    :param kind: as an ARN has it, ``endpoint-config``.
    :param noun: as an error has it, ``endpoint configuration``.
    :param member: what the API's members begin with, ``EndpointConfig``.
    """

    region: Region
    kind: str
    noun: str
    member: str

    def check_free(self, name: str) -> None:
        """Refuse a name that is taken."""
        if self.region.store.get(self.kind, name.lower()):
            raise ValidationException(
                f'Cannot create already existing {self.noun} "{self.arn(name)}".'
            )

    def add(self, request: dict[str, Any], content: JsonObject) -> JsonObject:
        """Keep a new resource with the request's name and tags; its ARN, as Create answers it."""
        name = request[f"{self.member}Name"]
        arn = self.arn(name)
        body = {"name": name, "created": self.region.time(), **content}
        self.region.store.write(Put(self.kind, name.lower(), body, ABSENT), *tagged(arn, request))
        return {f"{self.member}Arn": arn}

    def named(self, name: str) -> Document:
        """The resource of that name; raises a ValidationException when there is none."""
        kept = self.region.store.get(self.kind, name.lower())
        if kept is None:
            raise ValidationException(f'Could not find {self.noun} "{self.arn(name)}".')
        return kept

    def listing(
        self, request: dict[str, Any], summary: Callable[[JsonObject], JsonObject]
    ) -> JsonObject:
        """A page of them, as List answers it."""
        bodies, following = page(self.all(), request)
        return {f"{self.member}s": [summary(body) for body in bodies], **following}

    def all(self) -> list[Document]:
        """Every one of them."""
        return self.region.store.query(self.kind)

    def change(self, kept: Document, body: JsonObject) -> None:
        """Write a resource, unless it has changed since it was read."""
        self.region.store.put(self.kind, kept.key, body, kept.version)

    def remove(self, kept: Document) -> None:
        """Forget a resource and its tags."""
        arn = self.arn(kept.body["name"])
        self.region.store.write(Delete(self.kind, kept.key, kept.version), untagged(arn))

    def identity(self, body: JsonObject) -> JsonObject:
        """What every answer about a resource begins with."""
        return {
            f"{self.member}Name": body["name"],
            f"{self.member}Arn": self.arn(body["name"]),
            "CreationTime": moment(body["created"]),
        }

    def arn(self, name: str) -> str:
        """A resource's ARN."""
        return self.region.arn(f"{self.kind}/{name.lower()}")


def chosen(content: JsonObject, members: Iterable[str]) -> JsonObject:
    """Those of the members that a request gave, or that a resource has."""
    return {member: content[member] for member in members if member in content}
