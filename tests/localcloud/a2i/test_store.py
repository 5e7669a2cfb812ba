"""Documents by kind and key."""

import threading
from pathlib import Path

import pytest

from localcloud.a2i.store import (
    ABSENT,
    Check,
    Delete,
    Document,
    Put,
    SqliteStore,
    VersionConflict,
    retried,
)


def test_a_document_is_found_by_kind_and_key(store: SqliteStore) -> None:
    store.put("fruit", "apple", {"colour": "röt", "seeds": [1, 2]})

    found = store.get("fruit", "apple")
    assert found == Document("fruit", "apple", 1, {"colour": "röt", "seeds": [1, 2]})
    assert store.get("fruit", "pear") is None
    assert store.get("tree", "apple") is None


def test_each_put_makes_a_version(store: SqliteStore) -> None:
    store.put("fruit", "apple", {}, ABSENT)
    store.put("fruit", "apple", {"ripe": True}, 1)

    found = store.get("fruit", "apple")
    assert found is not None
    assert (found.version, found.body) == (2, {"ripe": True})


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(Put("fruit", "apple", {}, ABSENT), id="put what is there already"),
        pytest.param(Put("fruit", "apple", {}, 2), id="put over another version"),
        pytest.param(Put("fruit", "pear", {}, 1), id="put over what is not there"),
        pytest.param(Delete("fruit", "apple", 2), id="delete another version"),
        pytest.param(Delete("fruit", "pear", 1), id="delete what is not there"),
        pytest.param(Check("fruit", "apple", 2), id="check another version"),
    ],
)
def test_a_condition_that_does_not_hold_writes_nothing(
    store: SqliteStore, change: Put | Delete | Check
) -> None:
    store.put("fruit", "apple", {"ripe": False})

    with pytest.raises(VersionConflict, match="has version"):
        store.write(Put("tree", "oak", {}), change, Delete("fruit", "apple"))

    assert store.get("tree", "oak") is None
    assert store.get("fruit", "apple") == Document("fruit", "apple", 1, {"ripe": False})


def test_a_check_leaves_the_document_alone(store: SqliteStore) -> None:
    store.put("fruit", "apple", {})

    store.write(Check("fruit", "apple", 1), Put("tree", "oak", {}))

    assert store.get("fruit", "apple") == Document("fruit", "apple", 1, {})
    assert store.get("tree", "oak") is not None


def test_a_document_without_a_condition_is_deleted_whether_it_is_there_or_not(
    store: SqliteStore,
) -> None:
    store.put("fruit", "apple", {})

    store.delete("fruit", "apple")
    store.delete("fruit", "apple")

    assert store.get("fruit", "apple") is None


def test_a_query_goes_by_the_order_of_the_keys(store: SqliteStore) -> None:
    for key in ("b/2", "a/1", "b/1", "b/3", "c/1"):
        store.put("letter", key, {})
    store.put("other", "b/4", {})

    def keys(**bounds: object) -> list[str]:
        return [found.key for found in store.query("letter", **bounds)]  # type: ignore[arg-type] # given by name

    assert keys() == ["a/1", "b/1", "b/2", "b/3", "c/1"]
    assert keys(prefix="b/") == ["b/1", "b/2", "b/3"]
    assert keys(prefix="b/", descending=True, limit=2) == ["b/3", "b/2"]
    assert keys(prefix="b/", after="b/1") == ["b/2", "b/3"]
    assert keys(prefix="b/", after="b/1", before="b/3") == ["b/2"]


def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    first = SqliteStore(tmp_path / "state.sqlite3")
    first.put("fruit", "apple", {"ripe": True})
    first.close()

    found = SqliteStore(tmp_path / "state.sqlite3").get("fruit", "apple")

    assert found == Document("fruit", "apple", 1, {"ripe": True})


def test_operations_of_many_threads_are_all_done(store: SqliteStore) -> None:
    store.put("count", "visitors", {"number": 0})

    def visit() -> None:
        found = store.get("count", "visitors")
        assert found is not None
        store.put("count", "visitors", {"number": found.body["number"] + 1}, found.version)

    def visit_often() -> None:
        for _ in range(25):
            retried(visit)

    threads = [threading.Thread(target=visit_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    found = store.get("count", "visitors")
    assert found is not None
    assert found.body == {"number": 100}
