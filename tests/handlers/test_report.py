"""Log lines and metrics."""

from review_shared import report
from tests.handlers.conftest import LogLines


def test_a_log_line_is_one_json_object(log_lines: LogLines) -> None:
    report.log("triaged\nitem", item_id="ž", attempt=1)

    assert log_lines() == [{"message": "triaged\nitem", "item_id": "ž", "attempt": 1}]


def test_metrics_are_in_the_embedded_format(log_lines: LogLines) -> None:
    report.count("sentiment", {"Accepted": 2, "Refused": 0})

    (written,) = log_lines()
    (directive,) = written["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "HumanReview"
    assert directive["Dimensions"] == [["Workflow"]]
    assert [metric["Name"] for metric in directive["Metrics"]] == ["Accepted", "Refused"]
    assert written["Workflow"] == "sentiment"
    assert (written["Accepted"], written["Refused"]) == (2, 0)
    assert isinstance(written["_aws"]["Timestamp"], int)


def test_times_have_their_own_unit(log_lines: LogLines) -> None:
    report.count("sentiment", {"OpenLoops": 2}, seconds={"OldestOpenLoopAge": 90})

    (written,) = log_lines()
    (directive,) = written["_aws"]["CloudWatchMetrics"]
    assert directive["Metrics"] == [
        {"Name": "OpenLoops", "Unit": "Count"},
        {"Name": "OldestOpenLoopAge", "Unit": "Seconds"},
    ]
    assert (written["OpenLoops"], written["OldestOpenLoopAge"]) == (2, 90)
