"""``human-review labels`` as a person and as a program use it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from review_cli.clients import Clients
from review_cli.main import app
from tests.handlers.fake_aws import Parameters
from tests.review_cli.fake_account import REGION, FakeAccount
from tests.review_cli.labels.records import RANKING, a_record


@pytest.fixture(autouse=True)
def clients_of_the_account(
    clients: Clients, account: FakeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands look at the account in memory, whose objects are listed two at a time."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setattr(Clients, "of", lambda _session: clients)

    def listed(given: Parameters) -> dict[str, Any]:
        keys = sorted(key for key in account.objects if key.startswith(given["Prefix"]))
        first = int(given.get("ContinuationToken", 0))
        more = {"IsTruncated": True, "NextContinuationToken": str(first + 2)}
        contents = [{"Key": key} for key in keys[first : first + 2]]
        return {"Contents": contents, **(more if first + 2 < len(keys) else {})}

    account.aws.operations["ListObjectsV2"] = listed


def keep(account: FakeAccount, *records: Any) -> None:
    """Put the records where collect writes them."""
    for number, record in enumerate(records):
        key = f"labels/2026/11/21/sentiment-{number:03}.json"
        account.objects[key] = json.dumps(record).encode()


def run(*arguments: str, columns: int = 80) -> Result:
    environment = {"COLUMNS": str(columns), "TERM": "dumb"}
    return CliRunner().invoke(app, ["labels", *arguments], env=environment)


def test_agreement_of_every_label(account: FakeAccount) -> None:
    keep(account, a_record("a", "a"), a_record("b", "b"), a_record("a", "b"), a_record("b", "b"))
    account.objects["labels/2026/11/21/"] = b""

    result = run("agreement", "sentiment")

    assert result.exit_code == 0, result.output
    first, *rest = result.stdout.splitlines()
    assert first == "sentiment: Krippendorff's alpha 0.533 (nominal)"
    assert " ".join(rest) == (
        "Of 8 labels of 4 units by 2 reviewers. Below 0.667 the labels are held to be unreliable."
    )
    assert max(map(len, rest)) <= 60


def test_agreement_for_a_program(account: FakeAccount) -> None:
    keep(account, a_record(1, 2), a_record(3, 3))

    result = run("agreement", "sentiment", "--level", "interval", "--json")

    assert json.loads(result.stdout) == {
        "workflow": "sentiment",
        "alpha": pytest.approx(1 - (2 / 4) / (22 / 12)),
        "level": "interval",
        "units": 2,
        "answers": 4,
        "reviewers": 2,
    }


def test_too_little_for_agreement_is_exit_status_1(account: FakeAccount) -> None:
    keep(account, a_record("a"))

    for_a_person = run("agreement", "sentiment")
    for_a_program = run("agreement", "sentiment", "--json")

    assert (for_a_person.exit_code, for_a_program.exit_code) == (1, 1)
    reason = "No item has labels of two or more people."
    assert for_a_person.stderr == f"{reason}\n"
    assert json.loads(for_a_program.stdout)["reason"] == reason


def test_export_writes_all_records_of_all_pages(account: FakeAccount, tmp_path: Path) -> None:
    records = [a_record("1", label="1", name=number) for number in range(5)]
    keep(account, *records)
    file = tmp_path / "labels.jsonl"

    result = run("export", "sentiment", "--format", "jsonl", "-o", str(file))

    assert result.exit_code == 0, result.output
    assert [json.loads(line) for line in file.read_text().splitlines()] == records
    assert result.stderr == f"5 records in {file}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["labels.jsonl"]


def test_export_to_the_terminal_is_the_file_alone(account: FakeAccount) -> None:
    keep(account, a_record("1", label="1"))

    result = run("export", "sentiment", "--format", "manifest", "-o", "-")

    assert json.loads(result.stdout)["sentiment-metadata"]["class-name"] == "1"
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("records", "format_", "said"),
    [
        ([], "csv", "sentiment has no labels yet."),
        ([a_record("a", label="a")], "pairs", "None of 1 label ranks responses to a prompt."),
        ([a_record()], "manifest", "None of 1 record has a label."),
    ],
)
def test_nothing_to_export_is_exit_status_1(
    account: FakeAccount, tmp_path: Path, records: list[Any], format_: str, said: str
) -> None:
    keep(account, *records)

    result = run("export", "sentiment", "--format", format_, "-o", str(tmp_path / "file"))

    assert (result.exit_code, result.stderr) == (1, f"{said}\n")
    assert list(tmp_path.iterdir()) == []


def test_labels_that_do_not_rank_all_responses_are_told(
    account: FakeAccount, tmp_path: Path
) -> None:
    file = tmp_path / "pairs.jsonl"
    nothing = [a_record(label=ranks, **RANKING) for ranks in ([2, 1], ["9", "10", "1"])]

    keep(account, *nothing)
    without_pairs = run("export", "sentiment", "--format", "pairs", "-o", str(file))
    keep(account, *nothing, a_record(label=[1, 2, 3], **RANKING), a_record(**RANKING))
    with_pairs = run("export", "sentiment", "--format", "pairs", "-o", str(file))

    told = "Left out: 2 labels without a number as rank of each response."
    assert without_pairs.stderr.splitlines() == [
        told,
        "None of 2 labels ranks responses to a prompt.",
    ]
    assert with_pairs.stderr.splitlines() == [told, f"3 pairs in {file}"]


def cannot_look(result: Result) -> str:
    """What is said in a sentence and a next step."""
    assert result.exit_code == 2, result.output
    sentence, next_step = result.stderr.splitlines()
    assert sentence.endswith(".")
    assert next_step.startswith("Next: ")
    return f"{sentence} {next_step}"


def test_a_file_that_cannot_be_written(account: FakeAccount, tmp_path: Path) -> None:
    keep(account, a_record())

    file = tmp_path / "missing" / "labels.csv"

    said = cannot_look(run("export", "sentiment", "--format", "csv", "-o", str(file)))
    assert f"{file} cannot be written: No such file or directory." in said


@pytest.mark.parametrize("folder", [".", "..", "folder", "folder/"])
def test_a_folder_is_no_file(
    account: FakeAccount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    keep(account, a_record())
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.part").write_text("of somebody")
    monkeypatch.chdir(tmp_path)

    said = cannot_look(run("export", "sentiment", "--format", "csv", "-o", folder))

    assert f"{folder.rstrip('/')} cannot be written: it is a folder. Next: " in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "folder.part"]


def test_what_could_not_be_put_in_its_place_is_not_left(
    account: FakeAccount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, _target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    keep(account, a_record())
    monkeypatch.setattr(Path, "replace", refuse)

    said = cannot_look(run("export", "sentiment", "--format", "csv", "-o", str(tmp_path / "it")))

    assert "cannot be written: Operation not permitted." in said
    assert list(tmp_path.iterdir()) == []


def test_a_workflow_that_is_not_there() -> None:
    said = cannot_look(run("agreement", "sentimant"))

    assert "No workflow sentimant is deployed here. Next: Name one of: sentiment." in said


def test_a_bucket_that_may_not_be_read(account: FakeAccount) -> None:
    account.refuse("ListObjectsV2", "AccessDenied", "User x is not authorized", 403)

    said = cannot_look(run("agreement", "sentiment"))
    assert "s3://results/labels/ cannot be read: User x is not authorized." in said
    assert "s3:ListBucket" in said


def test_an_object_that_is_no_record(account: FakeAccount) -> None:
    account.objects["labels/2026/11/21/x.json"] = b"[]"

    said = cannot_look(run("agreement", "sentiment"))
    assert "s3://results/labels/2026/11/21/x.json is not a label record." in said


def test_reasons_for_a_program(account: FakeAccount) -> None:
    account.parameters.clear()

    result = run("agreement", "sentiment", "--json")

    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"].startswith("Nothing is deployed in account")


@pytest.mark.parametrize("command", ["agreement", "export"])
def test_help_at_60_columns(command: str) -> None:
    result = run(command, "--help", columns=60)

    assert max(map(len, result.stdout.splitlines())) <= 60
    assert "Exit status: 0" in result.stdout
