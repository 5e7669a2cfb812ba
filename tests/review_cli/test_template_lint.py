"""``human-review template lint``, as a person and as a program use it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from review_cli.main import app

ROOT = Path(__file__).parents[2]
SENTIMENT = ROOT / "workflows" / "sentiment"
SCRIPT = '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>\n'
ODD = '<crowd-form><input name="answer"></crowd-form>'


def run(*arguments: object, columns: int = 300) -> Result:
    environment = {"COLUMNS": str(columns), "TERM": "dumb", "NO_COLOR": "1"}
    return CliRunner().invoke(app, ["template", *map(str, arguments)], env=environment)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page with an example beside it."""
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "a.json").write_text('{"labels": ["x"]}')
    path = tmp_path / "page.liquid"
    path.write_text(SCRIPT + ODD)
    return path


def test_a_page_without_findings_is_exit_status_0(page: Path) -> None:
    result = run("lint", SENTIMENT, page, "--strict")

    assert (result.exit_code, result.output) == (0, "Nothing found in 2 pages.\n")


def test_an_error_is_exit_status_1_with_its_place_and_the_way_out(page: Path) -> None:
    page.write_text(f"{SCRIPT}{ODD}\n  {{{{ task.input.lables }}}}")

    result = run("lint", page)

    assert result.exit_code == 1
    assert result.output == (
        f"{page}:3:6: error: task.input.lables is in none of the examples; did you mean labels? "
        "[missing-input]\n  Correct the name or add it to an example; if it may be missing, guard "
        "it with {% if task.input.lables %} or | default:.\n1 error in 1 page.\n"
    )


def test_a_warning_counts_only_when_it_is_asked_for(page: Path) -> None:
    page.write_text(ODD)

    lenient, strict = run("lint", page), run("lint", page, "--strict")

    assert lenient.output == strict.output
    assert f"{page}:1:1: warning: crowd-html-elements.js is not loaded" in lenient.output
    assert (lenient.exit_code, strict.exit_code) == (0, 1)


def test_what_a_program_reads_is_not_wrapped(page: Path) -> None:
    page.write_text(ODD)

    assert run("lint", page, columns=40).output == run("lint", page).output


def test_json_is_one_document(page: Path) -> None:
    page.write_text(ODD)
    (page.parent / "examples" / "b.json").write_text("[")

    result = run("lint", page, SENTIMENT, "--json")

    document = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [each["page"] for each in document["pages"]] == [
        str(page),
        str(SENTIMENT / "template.liquid"),
    ]
    odd, _ = document["pages"]
    assert odd["examples"] == ["examples/a.json", "examples/b.json"]
    assert [
        (each["severity"], each["rule"], each["file"], each["line"]) for each in odd["findings"]
    ] == [("warning", "no-script", "", 1), ("error", "bad-example", "examples/b.json", 1)]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (
            "nowhere",
            "nowhere is neither a workflow's folder, nor a file, nor a page of the library.",
        ),
        (".", "holds no template.liquid."),
    ],
)
def test_what_is_no_page_is_exit_status_2(
    path: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    result = run("lint", path)

    assert result.exit_code == 2
    assert sentence in result.output
    assert "Next: " in result.output


def test_a_workflows_folder_may_name_another_page(page: Path) -> None:
    (page.parent / "workflow.yaml").write_text("template: page.liquid\n")
    page.write_text(ODD)

    assert f"{page}:1:1" in run("lint", page.parent).output


@pytest.mark.parametrize("command", ["lint", "preview"])
def test_help_is_readable_in_60_columns(command: str) -> None:
    result = run(command, "--help", columns=60)

    assert result.exit_code == 0
    assert max(map(len, result.output.splitlines())) <= 60
    assert "PATH" in result.output
