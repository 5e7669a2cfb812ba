"""Work that is due at a time: what makes an Initializing thing Active, or a loop expire.

It is kept in the store, so that a restart forgets none of it, under keys that sort by time, so
that what is due is found without looking at the rest.
"""

from collections.abc import Iterator
from typing import NamedTuple

from localcloud.a2i.clock import sortable
from localcloud.a2i.store import Delete, Document, Put, Store

_KIND = "due"
_BATCH = 200

NOW = 0
"""A time for what is to be done next, before anything that was due earlier."""


class Work(NamedTuple):
    """What there is to do, and to what.

    :param attempt: 1, and one more each time it could not be done.
    """

    action: str
    name: str
    attempt: int


def at(time: int, action: str, name: str, attempt: int = 1) -> Put:
    """Have something done at a time, once however often it is asked for."""
    return Put(_KIND, f"{sortable(time)}/{action}/{name}", {"attempt": attempt})


def cancelled(time: int, action: str, name: str) -> Delete:
    """Have it not done, if it was not done yet."""
    return Delete(_KIND, f"{sortable(time)}/{action}/{name}")


def due(store: Store, time: int) -> Iterator[Document]:
    """What should be done by now, oldest first."""
    last: str | None = None
    while batch := store.query(_KIND, after=last, before=sortable(time + 1), limit=_BATCH):
        yield from batch
        last = batch[-1].key


def work(document: Document) -> Work:
    """What a document that is due asks for."""
    _, action, name = document.key.split("/", 2)
    return Work(action, name, document.body["attempt"])
