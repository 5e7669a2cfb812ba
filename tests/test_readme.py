"""What the README shows, run."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from human_review import WorkflowSpec
from review_collect.label_record import label_record
from review_collect.loop_end import LoopEnd

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

_MAKE = re.compile(r"(?:^|`|&& )make ([a-z]+)", re.M)


def blocks(language: str) -> list[str]:
    """The README's code blocks in one language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.M | re.S)


def test_the_construct_sections_make_one_app_that_synthesizes(tmp_path: Path) -> None:
    program = tmp_path / "readme_app.py"
    synth = "app.synth()\nprint(stack.stack_name)"
    program.write_text("\n".join([*blocks("python"), synth]), encoding="utf-8")

    ended = subprocess.run(
        [sys.executable, str(program)],
        cwd=ROOT,
        env={"PATH": str(Path(sys.executable).parent), "CDK_VALIDATION": "false"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == "Reviews"


def test_the_workflow_shown_is_accepted(tmp_path: Path) -> None:
    folder = tmp_path / "sentiment"
    (folder / "model").mkdir(parents=True)
    [shown] = blocks("yaml")
    (folder / "workflow.yaml").write_text(shown, encoding="utf-8")
    template = ROOT / "workflows" / "sentiment" / "template.liquid"
    (folder / "template.liquid").write_text(template.read_text(encoding="utf-8"))

    assert WorkflowSpec.from_folder(folder).name == yaml.safe_load(shown)["name"]


def test_the_label_record_shown_has_the_keys_of_a_real_one() -> None:
    [shown] = blocks("json")

    end = LoopEnd(
        human_loop_name="loop",
        flow_definition_arn="arn",
        status="Completed",
        created_at="2026-11-22T01:09:36.920Z",
        output_uri=None,
        failure_code=None,
        failure_reason=None,
    )
    record = label_record("sentiment", end, None, None, None, "majority", None)

    assert list(json.loads(shown)) == list(record)
    assert list(json.loads(shown)["consensus"]) == list(record["consensus"])


@pytest.mark.parametrize(
    "command", sorted(set(re.findall(r"(?:^|`|&& )make ([a-z]+)", README, re.M)))
)
def test_every_make_command_exists(command: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert re.search(rf"^{command}:", makefile, flags=re.M)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_every_linked_file_exists(link: str) -> None:
    assert (ROOT / link).exists()
