"""Throttling, 500, 503, a reset connection, a lost answer, a slow one: at every call of everything.

Each change is made once without a fault, and what it calls is recorded; then once more for each
fault at the first and the last call of each operation, for one attempt and for good. It has to be
done, or to fail so that nothing is lost and nothing is left that nobody owns. Where two changes of
a component begin alike, what the first has tried is not tried again in the second.
"""

import json
from collections.abc import Callable

import boto3

from demo.waiting import wait_for
from demo.workflow import DeployedWorkflow
from localcloud import Address
from tests.lifecycle.account import Account, label_versions
from tests.lifecycle.faults import flow_definitions as flow_definition
from tests.lifecycle.faults import guards, items, settings
from tests.lifecycle.faults.cloudformation import Provider
from tests.lifecycle.faults.flow_definitions import FlowDefinitions
from tests.lifecycle.faults.functions import Functions
from tests.lifecycle.faults.matrix import Matrix
from tests.lifecycle.faults.stack import Stack

MakeMatrix = Callable[[str], Matrix]


def test_flow_definition(
    session: boto3.Session, cloud: Address, provider: Provider, matrix: MakeMatrix
) -> None:
    model, stack = Account(session).current("sentiment"), Stack(session, "Changed")
    changed = FlowDefinitions(session, provider, model, stack.id)
    destroyed = FlowDefinitions(session, provider, model, Stack.that_is_gone(cloud), "destroyed")
    tried = matrix("flow definition")

    tried.run(flow_definition.Create(changed, stack))
    tried.run(flow_definition.Update(changed, stack))
    is_its_own = {"DescribeFlowDefinition", "DeleteFlowDefinition"}
    tried.run(flow_definition.Delete(destroyed), operations=is_its_own)
    changed.clear()
    is_its_own = {"DescribeFlowDefinition", "ListTags", "DeleteTags"}
    tried.run(flow_definition.Back(changed, stack), operations=is_its_own)


def test_review_guard(
    session: boto3.Session, cloud: Address, provider: Provider, matrix: MakeMatrix
) -> None:
    model, gone = Account(session).current("sentiment"), Stack.that_is_gone(cloud)
    guarded = FlowDefinitions(session, provider, model, gone, "guarded")
    tried = matrix("review guard")

    tried.run(guards.Refusal(session, provider, guarded, gone))
    guarded.clear()
    is_its_own = {"GetParameter", "StopHumanLoop", "DeleteFlowDefinition"}
    tried.run(guards.Stop(session, provider, guarded, gone), operations=is_its_own)


def test_workforce_guard(session: boto3.Session, provider: Provider, matrix: MakeMatrix) -> None:
    tried, stack = matrix("workforce guard"), Stack(session, "Guarded")
    for request_type in ("Create", "Update"):
        tried.run(guards.WorkforceGuard(session, provider, request_type, stack.id))


def test_portal_sign_in(session: boto3.Session, provider: Provider, matrix: MakeMatrix) -> None:
    tried, pool = matrix("portal sign-in"), Account(session).parameter("user-pool-id")
    for request_type in ("Create", "Update", "Delete"):
        tried.run(settings.SignIn(session, provider, request_type, pool))


def test_workteam_access(session: boto3.Session, provider: Provider, matrix: MakeMatrix) -> None:
    tried = matrix("workteam access")
    allow_workteam_access(session, provider.on_event)
    for request_type in ("Create", "Update", "Delete"):
        tried.run(settings.WorkteamAccess(session, provider, request_type))


def test_triage(
    session: boto3.Session, functions: Functions, sentiment: DeployedWorkflow, matrix: MakeMatrix
) -> None:
    name = Account(session).parameter("sentiment/triage-function-name")
    functions.redirect(name)
    tried = matrix("triage")

    tried.run(items.Triage(session, functions, name, sentiment))
    is_its_own = {"GetParameter"}
    tried.run(items.FirstTriage(session, functions, name, sentiment), operations=is_its_own)


def test_collect(
    session: boto3.Session, functions: Functions, sentiment: DeployedWorkflow, matrix: MakeMatrix
) -> None:
    name = functions.find("HumanReview-sentiment-WorkflowResults")
    functions.redirect(name)

    matrix("collect").run(items.Collect(session, functions, name, sentiment))
    functions.restore(name)


def test_reconcile(
    session: boto3.Session, functions: Functions, sentiment: DeployedWorkflow, matrix: MakeMatrix
) -> None:
    lose_events(session)
    name = Account(session).parameter("sentiment/reconcile-function-name")
    functions.redirect(name, STACK_ID=items.STACK_ID, GRACE_SECONDS="0")
    tried, replay = matrix("reconcile"), items.Replay(session, functions, name)

    tried.run(replay)
    is_its_own = {"ListTags", "DeleteFlowDefinition"}
    tried.run(items.Release(session, functions, name), operations=is_its_own)

    def recorded() -> list[str]:
        keys = label_versions(session, sentiment.bucket_name)
        names = (key.rpartition("/")[2].removesuffix(".json") for key in keys)
        return sorted(name for name in names if name in replay.loops)

    wait_for(
        "each replayed loop's one label", lambda: recorded() == sorted(replay.loops), seconds=60
    )


def allow_workteam_access(session: boto3.Session, function_name: str) -> None:
    """Let the function do what it may where a workteam's access is set: here it is not."""
    function = session.client("lambda").get_function_configuration(FunctionName=function_name)
    arn = session.client("sagemaker").describe_workteam(WorkteamName="reviewers")["Workteam"]
    statement = {
        "Effect": "Allow",
        "Action": "sagemaker:UpdateWorkteam",
        "Resource": arn["WorkteamArn"],
    }
    session.client("iam").put_role_policy(
        RoleName=function["Role"].rpartition("/")[2],
        PolicyName="WorkteamAccess",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )


def lose_events(session: boto3.Session) -> None:
    """Have EventBridge bring no end of a human loop any longer."""
    resources = Account(session).resources("HumanReview-sentiment")
    [rule] = [it for id_, it in resources.items() if id_.startswith("WorkflowResultsLoopEnded")]
    session.client("events").disable_rule(Name=rule)
