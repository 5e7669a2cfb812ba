"""Folders of workflows to deploy and to change."""

from pathlib import Path
from typing import Any

import yaml

_PAGE = """\
<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>
<crowd-form>
  <p>{heading}</p>
  <p>{{{{ task.input.taskObject }}}}</p>
  <crowd-input name="label"></crowd-input>
</crowd-form>
"""


class WorkflowFolder:
    """A folder with one workflow, whose items carry their predictions.

    :param path: the folder that is given to the app as ``human-review:workflows``.
    :param name: the workflow's name.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name
        self.stack = f"HumanReview-{name}"
        self.context = {"human-review:workflows": str(path)}

    def write(self, *, title: str, heading: str = "What is it?", **changes: Any) -> None:
        """Write ``workflow.yaml`` and the page.

        :param title: the task's title.
        :param heading: what the page asks.
        :param changes: more keys of ``workflow.yaml``; those of ``task`` are merged.
        """
        task = {"title": title, "description": "Say what it is", "time_limit": "10 minutes"}
        document = {
            "workteam": "reviewers",
            "triage": {"threshold": 0.9},
            "label": "label",
            **changes,
            "task": {**task, **changes.get("task", {})},
        }
        folder = self.path / self.name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "workflow.yaml").write_text(yaml.safe_dump(document))
        (folder / "template.liquid").write_text(_PAGE.format(heading=heading))
