"""cdk-nag's AwsSolutions rules: nothing open, and a reason for all that is accepted."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from cdk_nag import AwsSolutionsChecks
from syrupy.assertion import SnapshotAssertion

from stacks.review_stack import ReviewStack
from stacks.settings import Settings
from stacks.workforce_stack import WorkforceStack

_ACKNOWLEDGED = cdk.Validations.ACKNOWLEDGED_RULES_METADATA_KEY


@dataclass(frozen=True, order=True)
class Finding:
    """One rule that one resource breaks, and why that is accepted, if it is."""

    rule: str
    path: str
    reason: str = ""


@pytest.fixture
def findings(
    app: cdk.App, review: ReviewStack, other_reviews: tuple[ReviewStack, ReviewStack]
) -> tuple[list[Finding], list[Finding]]:
    """What AwsSolutions says of all stacks: the open findings, and the acknowledged ones."""
    return inspect(app)


def inspect(app: cdk.App) -> tuple[list[Finding], list[Finding]]:
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    try:
        app.synth()
    except RuntimeError as error:
        if "ValidationFailed" not in str(error):
            raise
    report = json.loads(Path(app.outdir, "validation-report.json").read_text())
    return list(listed(report, "violations")), list(listed(report, "suppressedViolations"))


def listed(report: Any, kind: str) -> Iterator[Finding]:
    for plugin in report["pluginReports"]:
        for violation in plugin.get(kind, []):
            for construct in violation["violatingConstructs"]:
                yield Finding(
                    rule=violation["ruleName"],
                    path=construct["constructPath"],
                    reason=violation.get("reason", ""),
                )


def test_no_finding_is_open(findings: tuple[list[Finding], list[Finding]]) -> None:
    assert findings[0] == []


def test_every_accepted_finding_has_its_reason(
    findings: tuple[list[Finding], list[Finding]], snapshot: SnapshotAssertion
) -> None:
    accepted = sorted(findings[1])

    assert all(finding.reason for finding in accepted)
    assert [asdict(finding) for finding in accepted] == snapshot


def test_no_acknowledgement_is_stale(
    app: cdk.App, findings: tuple[list[Finding], list[Finding]]
) -> None:
    stale = [
        (construct.node.path, rule)
        for construct in app.node.find_all()
        for rule in acknowledged(construct)
        if not any(
            rule == f"AwsSolutions::{finding.rule}" and finding.path.startswith(construct.node.path)
            for finding in findings[1]
        )
    ]

    assert stale == []


def acknowledged(construct: Any) -> set[str]:
    rules: set[str] = set()
    for entry in construct.node.metadata:
        if entry.type == _ACKNOWLEDGED:
            rules |= set(entry.data)
    return rules


def test_a_weakness_is_found(app: cdk.App, settings: Settings) -> None:
    stack = WorkforceStack(app, "HumanReviewWorkforce", settings=settings)
    cdk.aws_sqs.Queue(stack, "Open")

    found, _ = inspect(app)

    assert {finding.rule for finding in found} == {"AwsSolutions-SQS3", "AwsSolutions-SQS4"}
