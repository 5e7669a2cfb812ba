"""The commands of the Makefile."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_list_of_commands_fits_a_narrow_terminal() -> None:
    listed = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )

    assert [line for line in listed.stdout.splitlines() if len(line) > 60] == []
    assert "custom" in listed.stdout


def test_doctor_looks_nowhere_when_no_local_cloud_runs(tmp_path: Path) -> None:
    """Without the local cloud's variables it would look at whatever account the shell names."""
    binaries = tmp_path / ".venv" / "bin"
    binaries.mkdir(parents=True)
    for name, script in (("python", "echo nothing runs >&2; exit 1"), ("human-review", "touch it")):
        (binaries / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (binaries / name).chmod(0o755)
    for name in ("pyproject.toml", "requirements.txt", "package-lock.json", ".venv/installed"):
        (tmp_path / name).touch()

    ended = subprocess.run(
        ["make", "-f", ROOT / "Makefile", "-C", tmp_path, "doctor"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 2
    assert "nothing runs" in ended.stderr
    assert not (tmp_path / "it").exists()
