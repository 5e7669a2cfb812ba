"""Which way an item goes."""

import pytest

from review_triage.route import Route, is_audited, route

IDS = [f"review-{number}" for number in range(10_000)]


@pytest.mark.parametrize(
    ("confidence", "expected"),
    [
        (0.9, Route.ACCEPTED),
        (0.9000000000000001, Route.ACCEPTED),
        (0.8999999999999999, Route.CONFIDENCE),
        (1, Route.ACCEPTED),
        (0, Route.CONFIDENCE),
    ],
    ids=["equal", "just above", "just below", "sure", "clueless"],
)
def test_confidence_of_the_threshold_and_above_is_accepted(
    confidence: float, expected: Route
) -> None:
    assert route("review-1", confidence, 0.9, 0) is expected


def test_threshold_of_nothing_accepts_everything() -> None:
    assert route("review-1", 0, 0.0, 0) is Route.ACCEPTED


def test_audit_takes_only_what_is_sure_enough() -> None:
    assert route("review-1", 0.95, 0.9, 100) is Route.AUDIT
    assert route("review-1", 0.85, 0.9, 100) is Route.CONFIDENCE


def test_no_audit_takes_nothing_and_full_audit_everything() -> None:
    assert not any(is_audited(item_id, 0) for item_id in IDS)
    assert all(is_audited(item_id, 100) for item_id in IDS)


@pytest.mark.parametrize("percentage", [0.5, 5, 50])
def test_audit_takes_its_share(percentage: float) -> None:
    share = sum(is_audited(item_id, percentage) for item_id in IDS) / len(IDS) * 100

    assert share == pytest.approx(percentage, rel=0.2)


def test_audit_chooses_the_same_items_each_time() -> None:
    chosen = [is_audited(item_id, 10) for item_id in IDS]

    assert [is_audited(item_id, 10) for item_id in IDS] == chosen
    # A larger sample holds the smaller one.
    assert all(is_audited(item_id, 20) for item_id in IDS if is_audited(item_id, 10))
