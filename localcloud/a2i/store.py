"""Where the engine keeps its state: JSON documents found by kind and key.

The interface asks for nothing that DynamoDB does not have: a kind is a partition, a key its sort
key, a version a condition, and `write` a transaction.
"""

import json
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

ABSENT = 0
"""The version of a document that is not there."""

JsonObject = dict[str, Any]
Result = TypeVar("Result")


@dataclass(frozen=True)
class Document:
    """What is kept under one kind and key.

    :param version: 1 when it was first put, and one more with every put after that.
    """

    kind: str
    key: str
    version: int
    body: JsonObject


@dataclass(frozen=True)
class Put:
    """Keep a document.

    :param version: the version it must have now, `ABSENT` for a new one. Default: any.
    """

    kind: str
    key: str
    body: JsonObject
    version: int | None = None


@dataclass(frozen=True)
class Delete:
    """Forget a document; one that is not there is no error unless a version is asked for.

    :param version: the version it must have now. Default: any.
    """

    kind: str
    key: str
    version: int | None = None


@dataclass(frozen=True)
class Check:
    """Leave a document as it is, and write the rest only while it has this version."""

    kind: str
    key: str
    version: int


Change = Put | Delete | Check


class VersionConflict(Exception):  # noqa: N818 - it says what happened
    """Somebody else changed the document in the meantime; nothing was written."""


def retried(operation: Callable[[], Result]) -> Result:
    """Do an operation again until nobody else changed what it read before it wrote.

    Each conflict means that somebody's operation went through, so this comes to an end.
    """
    while True:
        try:
            return operation()
        except VersionConflict:
            continue


class Store(Protocol):
    """Documents, kept for good by the time a call returns; safe to use from many threads."""

    def get(self, kind: str, key: str) -> Document | None:
        """The document, as last written."""
        ...

    def put(self, kind: str, key: str, body: JsonObject, version: int | None = None) -> None:
        """Write one `Put`."""
        ...

    def delete(self, kind: str, key: str, version: int | None = None) -> None:
        """Write one `Delete`."""
        ...

    def query(
        self,
        kind: str,
        prefix: str = "",
        *,
        after: str | None = None,
        before: str | None = None,
        descending: bool = False,
        limit: int | None = None,
    ) -> list[Document]:
        """The documents of a kind, in the order of their keys.

        :param prefix: only keys that start with it.
        :param after: only keys greater than it.
        :param before: only keys less than it.
        :param limit: at most so many. Default: all.
        """
        ...

    def write(self, *changes: Change) -> None:
        """Do all the changes, or none: raises `VersionConflict` when a condition does not hold."""
        ...


class SqliteStore:
    """Documents in one SQLite file.

    :param path: the file; ``:memory:`` keeps nothing beyond the process.
    """

    def __init__(self, path: Path | str = ":memory:") -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS document (kind TEXT NOT NULL, key TEXT NOT NULL,"
            " version INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID"
        )

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._connection.close()

    def get(self, kind: str, key: str) -> Document | None:
        with self._lock:
            row = self._connection.execute(
                "SELECT version, body FROM document WHERE kind = ? AND key = ?", (kind, key)
            ).fetchone()
        return Document(kind, key, row[0], json.loads(row[1])) if row else None

    def put(self, kind: str, key: str, body: JsonObject, version: int | None = None) -> None:
        self.write(Put(kind, key, body, version))

    def delete(self, kind: str, key: str, version: int | None = None) -> None:
        self.write(Delete(kind, key, version))

    def query(
        self,
        kind: str,
        prefix: str = "",
        *,
        after: str | None = None,
        before: str | None = None,
        descending: bool = False,
        limit: int | None = None,
    ) -> list[Document]:
        conditions = [("key >= ?", prefix), ("key < ?", prefix + chr(0x10FFFF))]
        conditions += [] if after is None else [("key > ?", after)]
        conditions += [] if before is None else [("key < ?", before)]
        where = " AND ".join(condition for condition, _ in conditions)
        statement = (
            f"SELECT key, version, body FROM document WHERE kind = ? AND {where}"  # noqa: S608
            f" ORDER BY key {'DESC' if descending else 'ASC'} LIMIT ?"
        )
        values = [kind, *(value for _, value in conditions), -1 if limit is None else limit]
        with self._lock:
            rows = self._connection.execute(statement, values).fetchall()
        return [Document(kind, key, version, json.loads(body)) for key, version, body in rows]

    def write(self, *changes: Change) -> None:
        # The connection commits in the end, or rolls back whatever went wrong.
        with self._lock, self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            for change in changes:
                self._apply(change)

    def _apply(self, change: Change) -> None:
        row = self._connection.execute(
            "SELECT version FROM document WHERE kind = ? AND key = ?", (change.kind, change.key)
        ).fetchone()
        version = row[0] if row else ABSENT
        if change.version not in (None, version):
            raise VersionConflict(
                f"{change.kind} {change.key} has version {version}, not {change.version}"
            )
        match change:
            case Put():
                self._connection.execute(
                    "REPLACE INTO document (kind, key, version, body) VALUES (?, ?, ?, ?)",
                    (change.kind, change.key, version + 1, json.dumps(change.body)),
                )
            case Delete():
                self._connection.execute(
                    "DELETE FROM document WHERE kind = ? AND key = ?", (change.kind, change.key)
                )
