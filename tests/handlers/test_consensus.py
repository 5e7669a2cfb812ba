"""How several answers become one label."""

from typing import Any

import pytest

from review_collect.consensus import Consensus, consensus


def agreed(method: str, label: Any, agreement: float | None) -> Consensus:
    """A consensus, which is reached when it has a label."""
    return {
        "method": method,
        "reached": label is not None,
        "label": label,
        "agreement": agreement,
    }


def test_one_answer_is_the_consensus_whatever_it_is() -> None:
    for method in ("majority", "mean", "iou", "ranks"):
        said = consensus(method, ["as it is"])

        assert said == agreed(method, "as it is", None)


@pytest.mark.parametrize("method", ["majority", "mean", "iou", "ranks"])
@pytest.mark.parametrize("labels", [[], [None, None]])
def test_no_labels_are_no_consensus(method: str, labels: list[None]) -> None:
    assert consensus(method, labels) == {
        "method": method,
        "reached": False,
        "label": None,
        "agreement": None,
    }


@pytest.mark.parametrize(
    ("method", "label"),
    [("mean", 4), ("iou", [{"left": 0, "top": 0, "width": 1, "height": 1}]), ("ranks", [2, 1])],
)
@pytest.mark.parametrize(("undecided", "reached"), [(1, True), (2, False)])
def test_more_than_half_of_all_people_have_to_say_something_usable(
    method: str, label: Any, undecided: int, reached: bool
) -> None:
    said = consensus(method, [label, label, *[None] * undecided])

    assert said["reached"] is reached
    assert said["label"] == (label if reached else None)


@pytest.mark.parametrize(
    ("labels", "label", "agreement"),
    [
        (["1", "1", "1"], "1", 1),
        (["1", "0", "1"], "1", 0.6667),
        (["1", "0"], None, 0.5),
        (["1", "0", "-1"], None, 0.3333),
        (["1", "1", "0", "0"], None, 0.5),
        (["1", None], None, 0.5),
        (["1", "1", None], "1", 0.6667),
        ([1, True], None, 0.5),
        ([False, False, 0], False, 0.6667),
        ([{"a": 1, "b": 2}, {"b": 2, "a": 1}], {"a": 1, "b": 2}, 1),
        ([["x"], ["x"], []], ["x"], 0.6667),
    ],
    ids=[
        "all the same",
        "two of three",
        "one each of two",
        "one each of three",
        "half is not more than half",
        "one of two has no label",
        "one of three has no label",
        "true is not 1",
        "false is not 0",
        "same object",
        "lists",
    ],
)
def test_majority_is_more_than_half(labels: list[Any], label: Any, agreement: float) -> None:
    said = consensus("majority", labels)

    assert said == agreed("majority", label, agreement)
    assert type(said["label"]) is type(label)


@pytest.mark.parametrize(
    ("labels", "label", "agreement"),
    [
        ([4, 4], 4, 1),
        ([4, 5], 4.5, 0.5),
        ([3.5, 4], 3.75, 0.75),
        ([1, 5], None, 0),
        ([1, 3, 5], None, 0),
        ([4, 4, 1], 3, 0.3333),
        ([3, 4, 5], 4, 0.3333),
        ([4, 4.0], 4, 1),
        ([2, None], None, None),
        ([2, "5"], None, None),
        ([True, 5], None, None),
        ([2, 2, None], 2, 1),
        (["4", "5"], None, None),
        ([0, 0], 0, 1),
    ],
)
def test_mean_of_ratings(labels: list[Any], label: float | None, agreement: float | None) -> None:
    assert consensus("mean", labels) == agreed("mean", label, agreement)


def a_box(left: float, top: float = 0, label: str = "car", size: float = 100) -> dict[str, Any]:
    return {"label": label, "left": left, "top": top, "width": size, "height": size}


def test_boxes_that_two_people_drew_become_their_mean() -> None:
    said = consensus("iou", [[a_box(0)], [a_box(20)]])

    assert said["label"] == [a_box(10)]
    assert said["agreement"] == 0.6667  # 80 of 120 columns


def test_same_boxes_in_another_order_agree_wholly() -> None:
    one, other = a_box(0), a_box(300, label="dog")

    said = consensus("iou", [[one, other], [other, one]])

    assert said == agreed("iou", [one, other], 1)


@pytest.mark.parametrize(("left", "matches"), [(33, True), (34, False)], ids=["0.504", "0.493"])
def test_boxes_match_from_half_their_union_on(left: int, matches: bool) -> None:
    said = consensus("iou", [[a_box(0)], [a_box(left)]])

    assert (said["label"] is not None) == matches
    assert bool(said["agreement"]) == matches


def test_box_at_exactly_half_matches() -> None:
    half = {"label": "car", "left": 0, "top": 0, "width": 100, "height": 50}

    assert consensus("iou", [[a_box(0)], [half]])["agreement"] == 0.5


def test_boxes_of_other_labels_do_not_match() -> None:
    said = consensus("iou", [[a_box(0)], [a_box(0, label="dog")]])

    assert said == agreed("iou", None, 0)


def test_box_that_one_of_two_lacks_lowers_the_agreement_and_is_left_out() -> None:
    said = consensus("iou", [[a_box(0), a_box(300)], [a_box(0)]])

    assert said == agreed("iou", [a_box(0)], 0.5)


def test_two_of_three_are_enough_for_a_box() -> None:
    said = consensus("iou", [[a_box(0)], [], [a_box(0)]])

    assert said == agreed("iou", [a_box(0)], 0.3333)


def test_a_box_is_matched_with_the_one_it_overlaps_most_and_once() -> None:
    said = consensus("iou", [[a_box(0), a_box(30)], [a_box(28)]])

    assert said["label"] == [a_box(29)]
    assert said["agreement"] == pytest.approx(0.5 * 98 / 102, abs=1e-4)


def test_three_boxes_of_one_thing_become_one() -> None:
    said = consensus("iou", [[a_box(0)], [a_box(3)], [a_box(6)]])

    assert said["label"] == [a_box(3)]


def test_nothing_drawn_by_all_is_agreed() -> None:
    assert consensus("iou", [[], []]) == agreed("iou", [], 1)


@pytest.mark.parametrize("label", ["box", {"left": 1}, [{"left": 1}], [a_box(0) | {"top": True}]])
def test_what_is_no_box_is_left_out(label: Any) -> None:
    said = consensus("iou", [label, [a_box(0)], [a_box(0)]])

    assert said == agreed("iou", [a_box(0)], 1)


def test_empty_boxes_do_not_divide_by_nothing() -> None:
    empty = a_box(0, size=0)

    assert consensus("iou", [[empty], [empty]])["label"] is None


@pytest.mark.parametrize(
    ("labels", "label", "agreement"),
    [
        ([[1, 2, 3], [1, 2, 3]], [1, 2, 3], 1),
        ([[1, 2, 3], [3, 2, 1]], None, 0),
        ([[1, 2, 3], [1, 3, 2]], [1, 2, 2], 0.75),
        # The tied of one are ordered by the other.
        ([[1, 1, 2], [1, 2, 3]], [1, 2, 3], 0.9286),
        # 1, 1, 2 and 1, 1, 3 mean the same.
        ([[1, 1, 2], [1, 1, 3]], [1, 1, 2], 1),
        ([[1, 1], [1, 1]], [1, 1], None),
        ([[2, 1], None], None, None),
        ([[2, 1], [2, 1], None], [2, 1], 1),
        ([[2, 1], [1, 2], None], None, 0),
        ([[2, 1], ["2", "1"]], None, None),
        ([[2, 1], [1, 2, 3]], None, None),
        ([[1], [1]], None, None),
        # By hand: the sums of ranks are 3, 7 and 8, so W = 12 * 14 / (9 * 24).
        ([[1, 2, 3], [1, 3, 2], [1, 2, 3]], [1, 2, 3], 0.7778),
    ],
    ids=[
        "same",
        "opposite",
        "best agreed",
        "tie broken",
        "ways to write a tie",
        "nobody prefers any",
        "one of two could not decide",
        "one of three could not decide",
        "one each way and one undecided",
        "texts are no ranks",
        "not of the same things",
        "one thing alone",
        "three people",
    ],
)
def test_ranks(labels: list[Any], label: list[int] | None, agreement: float | None) -> None:
    assert consensus("ranks", labels) == agreed("ranks", label, agreement)
