"""``human-review doctor``."""

import json
from typing import Annotated, Any

import typer
from botocore.exceptions import ClientError
from rich.console import Console

from review_cli.clients import Clients
from review_cli.connection import CannotLookError, aws_can_be_asked, connect
from review_cli.deployment import ROOT, Deployment
from review_cli.doctor import report
from review_cli.doctor.account import REGIONS
from review_cli.doctor.check import words
from review_cli.doctor.examination import Question, Section, examine
from review_cli.doctor.reviews import utc_now

FINDINGS, CANNOT_LOOK = 1, 2


def doctor(
    workflows: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORKFLOW", help="Which workflows. Default: all.", show_default=False
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    profile: Annotated[
        str | None, typer.Option(help="Profile of the AWS configuration. Default: AWS's own rules.")
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="AWS Region. Default: AWS's own rules.")
    ] = None,
    ask_endpoint: Annotated[
        str | None,
        typer.Option(
            metavar="INPUT",
            help="Also ask each workflow's endpoint for a prediction of INPUT, JSON or text.",
        ),
    ] = None,
) -> None:
    """Compare what is deployed with what is there, and say what to do about each difference.

    Changes nothing. Exit status: 0 healthy, 1 something was found, 2 could not look.
    """
    try:
        healthy = _look(workflows or [], profile, region, ask_endpoint, as_json)
    except CannotLookError as error:
        _say_why(error, as_json)
        raise typer.Exit(CANNOT_LOOK) from error
    if not healthy:
        raise typer.Exit(FINDINGS)


def _look(
    workflows: list[str],
    profile: str | None,
    region: str | None,
    ask_endpoint: str | None,
    as_json: bool,
) -> bool:
    """Look at everything, print it, and say whether it is healthy."""
    session = connect(profile, region)
    console = Console(highlight=False, emoji=False)
    sections: list[Section] = []
    with aws_can_be_asked():
        clients = Clients.of(session)
        account = clients.sts.get_caller_identity()["Account"]
        deployment = _deployed(clients, account, session.region_name)
        if workflows:
            deployment = deployment.only(workflows)
        question = None if ask_endpoint is None else Question(_parsed(ask_endpoint))
        for section in examine(clients, deployment, session.region_name, utc_now(), question):
            sections.append(section)
            if not as_json:
                report.show(console, section)
    if as_json:
        typer.echo(report.as_json(account, session.region_name, sections))
    else:
        report.show_summary(console, sections)
    return report.is_healthy(sections)


def _deployed(clients: Clients, account: str, region: str) -> Deployment:
    try:
        deployment = Deployment.find(clients.ssm)
    except ClientError as error:
        raise CannotLookError(
            f"The SSM parameters below {ROOT} cannot be read: {words(error)}.",
            "Allow ssm:GetParametersByPath on them, or look with other credentials.",
        ) from error
    if not deployment.is_empty():
        return deployment
    raise CannotLookError(
        f"Nothing is deployed in account {account} in {region}.",
        "Deploy with `npx cdk deploy --all`, or name another Region with --region."
        if region in REGIONS
        else f"Amazon A2I is not offered there; name one of {', '.join(REGIONS)} with --region.",
    )


def _say_why(error: CannotLookError, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"error": error.sentence, "next_step": error.next_step}, indent=2))
        return
    typer.echo(error.sentence, err=True)
    typer.echo(f"Next: {error.next_step}", err=True)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
