"""What is tried of each component. Where two changes of it begin alike, what the first has tried is
not tried again in the second.
"""

import json
from collections.abc import Callable

import boto3

from demo.waiting import wait_for
from demo.workflow import DeployedWorkflow
from tests.lifecycle.account import Account, label_versions
from tests.lifecycle.faults import flow_definitions, guards, items, settings
from tests.lifecycle.faults.bench import Bench
from tests.lifecycle.faults.flow_definitions import FlowDefinitions
from tests.lifecycle.faults.matrix import Matrix
from tests.lifecycle.faults.stack import Stack


def flow_definition(bench: Bench) -> Matrix:
    """Custom::A2IFlowDefinition."""
    session, provider, model = bench.session, bench.provider(), bench.account.current("sentiment")
    stack, gone = Stack(session, "Changed"), bench.arn("cloudformation", "stack/Gone/0")
    changed = FlowDefinitions(session, provider, model, stack.id)
    destroyed = FlowDefinitions(session, provider, model, gone, "destroyed")
    tried = bench.matrix("flow definition")

    tried.run(flow_definitions.Create(changed, stack))
    tried.run(flow_definitions.Update(changed, stack))
    is_its_own = {"DescribeFlowDefinition", "DeleteFlowDefinition"}
    tried.run(flow_definitions.Delete(destroyed), operations=is_its_own)
    changed.clear()
    is_its_own = {"DescribeFlowDefinition", "ListTags", "DeleteTags"}
    tried.run(flow_definitions.Back(changed, stack), operations=is_its_own)
    return tried


def review_guard(bench: Bench) -> Matrix:
    """Custom::A2IReviewGuard, of a workflow whose reconciler has a network that works."""
    provider, gone = bench.provider(), bench.arn("cloudformation", "stack/Gone/0")
    model = bench.account.current("sentiment")
    guarded = FlowDefinitions(bench.session, provider, model, gone, "guarded")
    deployed = bench.account.parameter("sentiment/reconcile-function-name")
    its_own = {"WORKFLOW": "guarded", "STACK_ID": gone, "GRACE_SECONDS": "1000000000"}
    reconciler = bench.functions.version(deployed, its_own)
    listed = bench.arn("sagemaker", "flow-definition/guarded--*")
    _allow(bench.session, reconciler, "sagemaker:ListTags", listed)
    invoked = bench.arn("lambda", f"function:{reconciler}")
    _allow(bench.session, provider.is_complete, "lambda:InvokeFunction", invoked)
    tried = bench.matrix("review guard")

    tried.run(guards.Refusal(bench, provider, guarded, gone, reconciler))
    guarded.clear()
    is_its_own = {"GetParameter", "StopHumanLoop", "Invoke", "DeleteFlowDefinition"}
    tried.run(guards.Stop(bench, provider, guarded, gone, reconciler), operations=is_its_own)
    return tried


def workforce_guard(bench: Bench) -> Matrix:
    """Custom::A2IWorkforceGuard."""
    tried, provider = bench.matrix("workforce guard"), bench.provider()
    stack = Stack(bench.session, "Guarded")
    for request_type in ("Create", "Update"):
        tried.run(guards.WorkforceGuard(bench.session, provider, request_type, stack.id))
    return tried


def portal_sign_in(bench: Bench) -> Matrix:
    """Custom::A2IPortalSignIn."""
    tried, provider = bench.matrix("portal sign-in"), bench.provider()
    pool = bench.account.parameter("user-pool-id")
    for request_type in ("Create", "Update", "Delete"):
        tried.run(settings.SignIn(bench.session, provider, request_type, pool))
    return tried


def workteam_access(bench: Bench) -> Matrix:
    """Custom::A2IWorkteamAccess."""
    tried, provider = bench.matrix("workteam access"), bench.provider()
    described = bench.session.client("sagemaker").describe_workteam(WorkteamName="reviewers")
    workteam = described["Workteam"]["WorkteamArn"]
    _allow(bench.session, provider.on_event, "sagemaker:UpdateWorkteam", workteam)
    for request_type in ("Create", "Update", "Delete"):
        tried.run(settings.WorkteamAccess(bench.session, provider, request_type))
    return tried


def triage(bench: Bench) -> Matrix:
    """The triage function."""
    session, functions, workflow = bench.session, bench.functions, bench.sentiment
    name = functions.redirected(bench.account.parameter("sentiment/triage-function-name"))
    tried = bench.matrix("triage")

    tried.run(items.Triage(session, functions, name, workflow))
    is_its_own = {"GetParameter"}
    tried.run(items.FirstTriage(session, functions, name, workflow), operations=is_its_own)
    return tried


def built_in_triage(bench: Bench) -> Matrix:
    """The triage function of a built-in task type, whose service starts the human loops."""
    session, functions = bench.session, bench.functions
    workflow = DeployedWorkflow(session, "moderation")
    name = functions.redirected(bench.account.parameter("moderation/triage-function-name"))
    tried = bench.matrix("built-in triage")

    change = items.BuiltInTriage(session, functions, name, workflow)
    is_its_own = {"DetectModerationLabels", "DescribeHumanLoop", "PutObject"}
    tried.run(change, operations=is_its_own)
    return tried


def collect(bench: Bench) -> Matrix:
    """The collect function."""
    session, functions = bench.session, bench.functions
    name = functions.redirected(functions.find("HumanReview-sentiment-WorkflowResults"))
    tried = bench.matrix("collect")

    tried.run(items.Collect(session, functions, name, bench.sentiment))
    return tried


def reconcile(bench: Bench) -> Matrix:
    """The reconciler; what it replays is collected over a network that works."""
    session, functions, bucket = bench.session, bench.functions, bench.sentiment.bucket_name
    _lose_events(session)
    deployed = bench.account.parameter("sentiment/reconcile-function-name")
    name = functions.redirected(deployed, STACK_ID=items.STACK_ID, GRACE_SECONDS="0")
    tried, replay = bench.matrix("reconcile"), items.Replay(session, functions, name)

    tried.run(replay)
    is_its_own = {"ListTags", "DeleteFlowDefinition"}
    tried.run(items.Release(session, functions, name), operations=is_its_own)

    def recorded() -> list[str]:
        names = (key.rpartition("/")[2] for key in label_versions(session, bucket))
        return sorted(
            it for it in (name.removesuffix(".json") for name in names) if it in replay.loops
        )

    wait_for(
        "each replayed loop's one label", lambda: recorded() == sorted(replay.loops), seconds=60
    )
    return tried


# Each line is tried on a bench of its own, at the same time as the others.
SIDE_BY_SIDE: tuple[tuple[Callable[[Bench], Matrix], ...], ...] = (
    (flow_definition,),
    (review_guard, workforce_guard, portal_sign_in, workteam_access, built_in_triage),
    (triage, collect, reconcile),
)


def _allow(session: boto3.Session, function_name: str, action: str, resource: str) -> None:
    """Let a function do what it may where its stack has what is tried here."""
    function = session.client("lambda").get_function_configuration(FunctionName=function_name)
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    session.client("iam").put_role_policy(
        RoleName=function["Role"].rpartition("/")[2],
        PolicyName=action.replace(":", "-"),
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )


def _lose_events(session: boto3.Session) -> None:
    """Have EventBridge bring no end of a human loop any longer."""
    resources = Account(session).resources("HumanReview-sentiment")
    [rule] = [it for id_, it in resources.items() if id_.startswith("WorkflowResultsLoopEnded")]
    session.client("events").disable_rule(Name=rule)
