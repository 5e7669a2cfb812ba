"""Example images and forms: files that items name by their bucket and key."""

from functools import cached_property
from pathlib import Path

import yaml

from demo.scenario import Item, UnusableTextError
from demo.workflow import DeployedWorkflow

_WORKFLOWS = Path(__file__).parents[1] / "workflows"


class ExampleFiles:
    """What scenarios have in common whose items are files: a service reads them in a bucket.

    :param workflow: the workflow's name.
    :param folder: where they lie in its ``demo``; their keys begin with it too.
    """

    def __init__(self, workflow: str, folder: str) -> None:
        self._workflow = _WORKFLOWS / workflow
        self._folder = folder

    @property
    def paths(self) -> list[Path]:
        """The files, by name."""
        return sorted((self._workflow / "demo" / self._folder).glob("*.png"))

    def upload(self, deployed: DeployedWorkflow) -> None:
        """Put all of them into the input bucket; on the local cloud it is made for them."""
        deployed.make_input_bucket(self._bucket)
        for path in self.paths:
            self._put(path, deployed)

    def items(self, deployed: DeployedWorkflow) -> list[Item]:
        """An item for each file, with its name as the id."""
        return [self._item(path) for path in self.paths]

    def item(self, text: str, deployed: DeployedWorkflow) -> Item:
        """The item of a file anywhere, which is put into the input bucket too."""
        path = Path(text)
        if not path.is_file():
            raise UnusableTextError(f"there is no file {text}")
        self._put(path, deployed)
        return {"input": self._item(path)["input"]}

    def rows(self, name: str) -> list[list[str]]:
        """The rows of a table in the workflow's ``demo``."""
        table = (self._workflow / "demo" / name).read_text(encoding="utf-8")
        return [line.split("\t") for line in table.splitlines()]

    @cached_property
    def _bucket(self) -> str:
        settings = yaml.safe_load((self._workflow / "workflow.yaml").read_text(encoding="utf-8"))
        bucket: str = settings["input_buckets"][0]
        return bucket

    def _put(self, path: Path, deployed: DeployedWorkflow) -> None:
        deployed.upload(f"{self._folder}/{path.name}", path.read_bytes(), bucket=self._bucket)

    def _item(self, path: Path) -> Item:
        place = {"bucket": self._bucket, "key": f"{self._folder}/{path.name}"}
        return {"id": path.stem, "input": place}
