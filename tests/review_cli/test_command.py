"""``human-review`` as a person and as a program use it."""

import json
from collections.abc import Callable
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from typer.testing import CliRunner, Result

from review_cli.clients import Clients
from review_cli.doctor import command
from review_cli.main import app
from tests.handlers.fake_aws import Parameters
from tests.review_cli.fake_account import ACCOUNT, CURRENT, NOW, REGION, RETIRED, FakeAccount

Run = Callable[..., Result]


@pytest.fixture
def run(
    clients: Clients, account: FakeAccount, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Run:
    """The command, on the account in memory and on nobody's own settings."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setattr(Clients, "of", lambda _session: clients)
    monkeypatch.setattr(command, "utc_now", lambda: NOW)

    def run(*arguments: str, region: str | None = REGION, columns: int = 80) -> Result:
        environment = {"COLUMNS": str(columns), "AWS_DEFAULT_REGION": region, "TERM": "dumb"}
        return CliRunner().invoke(app, arguments, env=environment)

    return run


def test_healthy_is_exit_status_0(run: Run) -> None:
    result = run("doctor")

    assert result.exit_code == 0, result.output
    assert result.output.endswith("Healthy: 22 checks.\n")


def test_findings_are_exit_status_1_with_the_next_step(account: FakeAccount, run: Run) -> None:
    account.groups["reviewers"] = []
    account.retire(RETIRED, NOW - timedelta(days=3))

    result = run("doctor")

    assert result.exit_code == 1
    assert "problem  Reviewers: Nobody is in the group reviewers" in result.output
    assert "Next: Add people: `aws cognito-idp" in result.output
    assert "warning  Retired flow definition" in result.output
    assert result.output.endswith("1 problem and 1 warning in 22 checks.\n")


def test_60_columns_without_colour_are_enough(account: FakeAccount, run: Run) -> None:
    account.denied.add("s3:PutObject")
    account.page = None

    result = run("doctor", columns=60)

    lines = result.output.splitlines()
    assert max(map(len, lines)) <= 60
    assert "\x1b" not in result.output
    # No status hangs on colour, and what is continued stands below what it continues.
    statuses = {line[2:9].strip() for line in lines if line.startswith("  ")}
    assert [line for line in lines if line != line.rstrip()] == []
    assert statuses == {"ok", "problem", ""}


@pytest.mark.parametrize("columns", [1, 11, 12])
def test_nothing_is_lost_on_a_terminal_that_is_too_narrow(
    account: FakeAccount, run: Run, columns: int
) -> None:
    account.groups["reviewers"] = []

    narrow, wide = run("doctor", columns=columns), run("doctor", columns=300)

    assert narrow.exit_code == 1
    assert "".join(narrow.output.split()) == "".join(wide.output.split())


def test_brackets_in_what_aws_says_are_printed_as_they_are(account: FakeAccount, run: Run) -> None:
    account.refuse("ListStackResources", "InternalFailure", "[bold] :warning: [/] of [x]")

    assert "[bold] :warning: [/] of [x]" in run("doctor", columns=200).output


def test_json_is_one_document(account: FakeAccount, run: Run) -> None:
    account.groups["reviewers"] = []

    result = run("doctor", "--json")

    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert document["account"] == ACCOUNT
    assert document["region"] == REGION
    assert document["healthy"] is False
    assert document["counts"] == {"ok": 21, "warning": 0, "problem": 1}
    [finding] = [check for check in document["checks"] if check["status"] == "problem"]
    assert finding["section"] == "Workflow sentiment"
    assert finding["name"] == "Reviewers"
    assert finding.keys() == {"section", "name", "status", "sentence", "next_step"}


def test_json_of_a_healthy_account(run: Run) -> None:
    result = run("doctor", "--json", "sentiment")

    assert result.exit_code == 0
    assert json.loads(result.stdout)["healthy"] is True


def test_only_the_named_workflows_are_looked_at(account: FakeAccount, run: Run) -> None:
    account.parameters["/human-review/other/bucket-name"] = "other"

    everything, sentiment = run("doctor"), run("doctor", "sentiment")

    assert everything.exit_code == 1
    assert "Workflow other" in everything.output
    assert sentiment.exit_code == 0
    assert "Workflow other" not in sentiment.output


@pytest.mark.parametrize(("given", "sent"), [("good", '"good"'), ('{"a": 1}', '{"a":1}')])
def test_endpoint_is_asked_on_request(
    account: FakeAccount, run: Run, given: str, sent: str
) -> None:
    result = run("doctor", "--ask-endpoint", given)

    assert "sentiment predicts 1 with confidence 0.5." in result.output
    [asked] = account.aws.parameters("InvokeEndpoint")
    assert asked["Body"].decode() == f'{{"features":[{sent}]}}\n'


def cannot_look(result: Result) -> str:
    """What is printed when nothing could be looked at: a sentence and a next step, no traceback."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    sentence, next_step = result.stderr.splitlines()
    assert sentence.endswith(".")
    assert next_step.startswith("Next: ")
    return f"{sentence} {next_step}"


def test_nothing_deployed(account: FakeAccount, run: Run) -> None:
    account.parameters.clear()

    said = cannot_look(run("doctor"))
    assert f"Nothing is deployed in account {ACCOUNT} in {REGION}" in said
    assert "cdk deploy" in said


def test_nothing_deployed_where_nothing_can_be(account: FakeAccount, run: Run) -> None:
    account.parameters.clear()

    assert "not offered there; name one of" in cannot_look(run("doctor", "--region", "sa-east-1"))


def test_a_workflow_that_is_not_there(run: Run) -> None:
    said = cannot_look(run("doctor", "sentimant"))

    assert "No workflow sentimant is deployed here. Next: Name one of: sentiment." in said


def test_no_region(run: Run) -> None:
    assert "Name one with --region" in cannot_look(run("doctor", region=None))


def test_no_such_profile(run: Run) -> None:
    assert "profile (nobody)" in cannot_look(run("doctor", "--profile", "nobody"))


def test_expired_credentials(account: FakeAccount, run: Run) -> None:
    account.refuse("GetCallerIdentity", "ExpiredToken", "The security token is expired")

    said = cannot_look(run("doctor"))
    assert "AWS does not accept the credentials: The security token is expired." in said
    assert "aws sso login" in said


def test_another_refusal_of_the_first_call(account: FakeAccount, run: Run) -> None:
    account.refuse("GetCallerIdentity", "AccessDenied", "by the endpoint's policy", 403)

    assert "GetCallerIdentity was refused: by the endpoint's policy." in cannot_look(run("doctor"))


def test_parameters_that_may_not_be_read(account: FakeAccount, run: Run) -> None:
    account.refuse("GetParametersByPath", "AccessDeniedException", "User x is not authorized")

    assert "Allow ssm:GetParametersByPath" in cannot_look(run("doctor"))


def test_an_aws_that_does_not_answer(account: FakeAccount, run: Run) -> None:
    def no_answer(_given: Parameters) -> dict[str, Any]:
        raise EndpointConnectionError(endpoint_url="https://sts.example")

    account.aws.operations["GetCallerIdentity"] = no_answer

    assert "AWS cannot be reached: Could not connect" in cannot_look(run("doctor"))


def test_no_credentials(run: Run, monkeypatch: pytest.MonkeyPatch, account: FakeAccount) -> None:
    monkeypatch.undo()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")

    assert "No complete AWS credentials were found." in cannot_look(run("doctor"))


def test_json_says_why_nothing_could_be_looked_at(account: FakeAccount, run: Run) -> None:
    account.parameters.clear()

    result = run("doctor", "--json")

    assert result.exit_code == 2
    assert json.loads(result.stdout).keys() == {"error", "next_step"}


def test_version_is_the_packages(run: Run) -> None:
    result = run("--version")

    assert (result.exit_code, result.output) == (
        0,
        f"human-review {version('cdk-human-review')}\n",
    )


def test_help_names_the_command_and_its_options(run: Run) -> None:
    assert "doctor" in run("--help").output
    told = run("doctor", "--help").output
    for option in ("--json", "--profile", "--region", "--ask-endpoint", "[WORKFLOW]..."):
        assert option in told


def test_current_flow_definition_is_named(run: Run) -> None:
    assert f"{CURRENT} is Active." in run("doctor").output
