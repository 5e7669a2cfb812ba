"""``human-review doctor``."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console

from review_cli.cannot_look import told
from review_cli.clients import Clients
from review_cli.connection import aws_can_be_asked, connect
from review_cli.doctor import report
from review_cli.doctor.examination import Question, Section, examine
from review_cli.doctor.reviews import utc_now
from review_cli.found import deployed
from review_cli.options import AsJson, Profile, Region

FINDINGS = 1


def doctor(
    workflows: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORKFLOW", help="Which workflows. Default: all.", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
    profile: Profile = None,
    region: Region = None,
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
    with told(as_json):
        healthy = _look(workflows or [], profile, region, ask_endpoint, as_json)
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
        deployment = deployed(clients, account, session.region_name)
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


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
