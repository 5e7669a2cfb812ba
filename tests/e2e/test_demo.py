"""``make demo``, as a newcomer runs it: with the usual port taken, and twice in a row."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
# prediction, probability and route of one item
_ROW = re.compile(r" +-?[01] +[01]\.\d{3} +(?:accepted|person)")
LABELS = ROOT / "build" / "demo" / "labels.jsonl"


def test_the_demo_prints_every_item_and_leaves_its_labels() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        ended = subprocess.run(
            [sys.executable, "-m", "demo", "run", "--port", str(port)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f":{port}," not in ended.stdout
    labels = [json.loads(line) for line in LABELS.read_text().splitlines()]
    by_item = {label["item_id"]: label for label in labels}
    assert len(labels) == len(by_item) > 100
    assert all(label["answers"] and label["status"] == "Completed" for label in labels)
    rows = [
        line for line in ended.stdout.splitlines() if "accepted  " in line or "person (" in line
    ]
    assert len([row for row in rows if "0." in row or "1.0" in row]) == 204
    lab = {"lab-1", "lab-2", "lab-3", "lab-4"}
    assert lab & by_item.keys()
    assert lab - by_item.keys()
