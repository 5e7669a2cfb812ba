"""The table in docs/lifecycle.md, row by row: is a change in place, a replacement, or refused?"""

import inspect
import json
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

import human_review
import localcloud
from demo import aws
from demo.waiting import wait_for
from localcloud import Settings
from tests.lifecycle.account import Account
from tests.lifecycle.conftest import bootstrapped
from tests.lifecycle.variations import STACK, Parameters, synthesized

_TABLE = Path(__file__).parents[2] / "docs" / "lifecycle.md"
_ROW = re.compile(r"\| `(\w+\.\w+)` \| ([^|]+) \| [^|]+ \|")
_CONSTRUCTS = (
    "Workforce",
    "Workteam",
    "HumanTaskUi",
    "FlowDefinition",
    "Triage",
    "ReviewResults",
    "ReviewerSignIn",
    "ReviewWorkflow",
    "ModelEndpoint",
)
_KINDS = {
    "AWS::SageMaker::Endpoint": "endpoint",
    "AWS::SageMaker::EndpointConfig": "configuration",
    "AWS::SageMaker::HumanTaskUi": "task UI",
    "AWS::SageMaker::Model": "model",
    "AWS::SageMaker::Workteam": "workteam",
    "AWS::SSM::Parameter": "parameter",
    "Custom::A2IFlowDefinition": "flow definition",
}
Change = dict[str, Any]


def _rows() -> dict[str, str]:
    """What the table says of each parameter."""
    found = _ROW.findall(_TABLE.read_text(encoding="utf-8"))
    assert len(found) == len(dict(found)), "a parameter has two rows"
    return {name: effect.strip() for name, effect in found}


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app that has every construct, synthesized."""
    folder = tmp_path_factory.mktemp("assembly")
    synthesized(Parameters(), str(folder))
    return folder


@pytest.fixture(scope="module")
def base(assembly: Path) -> dict[str, Any]:
    """The app's template."""
    template: dict[str, Any] = json.loads((assembly / f"{STACK}.template.json").read_text())
    return template


@pytest.fixture(scope="module")
def account(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """An account with the app deployed."""
    with localcloud.running(Settings(state=tmp_path_factory.mktemp("cloud"))) as address:
        app = bootstrapped(address, tmp_path_factory.mktemp("cdk"))
        app.synthesized(assembly).deploy(STACK)
        yield Account(aws.session(address))


@pytest.mark.parametrize("construct", _CONSTRUCTS)
def test_the_table_has_every_parameter(construct: str) -> None:
    parameters = list(inspect.signature(getattr(human_review, construct).__init__).parameters)

    documented = [row.partition(".")[2] for row in _rows() if row.startswith(f"{construct}.")]

    assert documented == parameters[3:]  # all but self, scope and id


def test_every_row_is_checked() -> None:
    given = Parameters()
    synthesized(given)

    assert given.known == _rows().keys()


@pytest.mark.parametrize("parameter", _rows())
def test_a_row_says_what_cloudformation_would_do(
    parameter: str, account: Account, base: dict[str, Any]
) -> None:
    changed = synthesized(Parameters(parameter))

    if changed == base:
        assert _rows()[parameter] == "none"
        return
    if _service_tokens(changed) != _service_tokens(base):
        assert _rows()[parameter] == "refused"
        return
    changes = _change_set(account, changed, parameter)
    assert changes, f"a change of {parameter} changes nothing"
    assert _effect(changes) == _rows()[parameter]


def test_a_flow_definition_is_replaced_by_any_change_but_one_of_its_tags(account: Account) -> None:
    """A change set only says which properties of a custom resource change; this is what follows."""
    current = account.current("before")

    _update(account, synthesized(Parameters("FlowDefinition.tags")))
    assert account.tags(current)["team"] == "after"
    _update(account, synthesized(Parameters("FlowDefinition.input_buckets")))
    assert account.current("before") == current
    assert account.tags(current)["team"] == "before"

    replaced = {current}
    for parameter in (
        "FlowDefinition.task_keywords",
        "FlowDefinition.output_prefix",
        "HumanTaskUi.template",
    ):
        _update(account, synthesized(Parameters(parameter)))
        replaced.add(account.current("before"))
    assert len(replaced) == 4


@pytest.mark.parametrize(
    "parameter", ["Workforce.sign_in", "Workforce.oidc", "Workforce.workforce_name"]
)
def test_what_would_replace_the_workforce_touches_nothing(parameter: str, account: Account) -> None:
    before = _workforce(account), account.resources(STACK)

    _update(account, synthesized(Parameters(parameter)), ends="UPDATE_ROLLBACK_COMPLETE")

    assert "would replace the workforce" in account.failures(STACK)
    assert (_workforce(account), account.resources(STACK)) == before


def test_the_workforce_moves_to_another_vpc_and_out_of_any(
    account: Account, base: dict[str, Any]
) -> None:
    assert _workforce(account)["WorkforceVpcConfig"]["VpcId"] == "vpc-00000000000000001"

    _update(account, synthesized(Parameters("Workforce.vpc")))
    assert _workforce(account)["WorkforceVpcConfig"]["VpcId"] == "vpc-00000000000000002"

    _update(account, _without(base, "AWS::SageMaker::Workforce", "WorkforceVpcConfig"))
    assert "WorkforceVpcConfig" not in _workforce(account)


def _workforce(account: Account) -> dict[str, Any]:
    """The Region's workforce, but for when it last changed."""
    [workforce] = account.sagemaker.list_workforces()["Workforces"]
    return {key: value for key, value in workforce.items() if key != "LastUpdatedDate"}


def _without(template: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    """The template without a property of its only resource of a type."""
    without: dict[str, Any] = deepcopy(template)
    [resource] = [it for it in without["Resources"].values() if it["Type"] == kind]
    del resource["Properties"][name]
    return without


def _service_tokens(template: dict[str, Any]) -> dict[str, Any]:
    """Who makes each custom resource: what CloudFormation refuses to change."""
    return {
        id_: resource["Properties"]["ServiceToken"]
        for id_, resource in template["Resources"].items()
        if resource["Type"].startswith("Custom::A2I")
    }


def _change_set(account: Account, template: dict[str, Any], parameter: str) -> list[Change]:
    """What CloudFormation would do to get from the deployed stack to ``template``."""
    name = re.sub(r"\W|_", "-", parameter)
    cloudformation = account.cloudformation
    cloudformation.create_change_set(
        StackName=STACK,
        ChangeSetName=name,
        ChangeSetType="UPDATE",
        TemplateURL=_uploaded(account, template),
        Capabilities=["CAPABILITY_IAM"],
    )

    def is_made() -> bool:
        described = cloudformation.describe_change_set(StackName=STACK, ChangeSetName=name)
        assert described["Status"] != "FAILED", described["StatusReason"]
        return described["Status"] == "CREATE_COMPLETE"

    wait_for(f"the change set of {parameter}", is_made, seconds=30)
    described = cloudformation.describe_change_set(StackName=STACK, ChangeSetName=name)
    cloudformation.delete_change_set(StackName=STACK, ChangeSetName=name)
    return [dict(change["ResourceChange"]) for change in described["Changes"]]


def _effect(changes: list[Change]) -> str:
    """What the table should say of these changes."""
    if any(_is_refused(change) for change in changes):
        return "refused"
    types = {it["LogicalResourceId"]: str(it["ResourceType"]) for it in changes}
    gone = {it["LogicalResourceId"] for it in changes if it.get("Replacement") == "True"}
    gone |= {it["LogicalResourceId"] for it in changes if _is_another_flow_definition(it, gone)}
    replaced = {_KINDS.get(types[id_], types[id_]) for id_ in gone}
    return f"replaces: {', '.join(sorted(replaced))}" if replaced else "in place"


def _is_refused(change: Change) -> bool:
    """Whether it is a change that the workforce's guard refuses."""
    guard = change["ResourceType"] == "Custom::A2IWorkforceGuard"
    return guard and bool(_properties(change, set()))


def _is_another_flow_definition(change: Change, replaced: set[str]) -> bool:
    """Whether what a flow definition is made of changes."""
    return change["ResourceType"] == "Custom::A2IFlowDefinition" and bool(
        _properties(change, replaced) - {"PreviousOutputPaths", "Tags"}
    )


def _properties(change: Change, replaced: set[str]) -> set[str]:
    """The names of the properties that a modification changes for certain.

    A property that refers to a changed resource changes with it only if that one is replaced.

    :param replaced: the logical ids of the resources that are.
    """
    return {
        detail["Target"]["Name"]
        for detail in change.get("Details", [])
        if detail["Target"]["Attribute"] == "Properties"
        and detail.get("CausingEntity", "itself").partition(".")[0] in {"itself", *replaced}
    }


def _update(account: Account, template: dict[str, Any], ends: str = "UPDATE_COMPLETE") -> None:
    """Deploy ``template``.

    :param ends: the status that the stack comes to.
    """
    account.cloudformation.update_stack(
        StackName=STACK,
        TemplateURL=_uploaded(account, template),
        Capabilities=["CAPABILITY_IAM"],
    )
    wait_for("the update", lambda: not account.status(STACK).endswith("_IN_PROGRESS"), seconds=120)
    assert account.status(STACK) == ends, account.failures(STACK)


def _uploaded(account: Account, template: dict[str, Any]) -> str:
    """The address of ``template``, which is too long for a request."""
    sts = account.session.client("sts")
    bucket = f"cdk-hnb659fds-assets-{sts.get_caller_identity()['Account']}-us-east-1"
    account.session.client("s3").put_object(
        Bucket=bucket, Key="template.json", Body=json.dumps(template)
    )
    return f"https://s3.us-east-1.amazonaws.com/{bucket}/template.json"
