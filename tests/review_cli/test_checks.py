"""One thing is wrong at a time, and one check says so."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from human_review import region
from review_cli.clients import Clients
from review_cli.deployment import Deployment
from review_cli.doctor import account as account_checks
from review_cli.doctor.check import Check, Status
from review_cli.doctor.examination import Question, examine
from tests.review_cli.fake_account import (
    CURRENT,
    HOST,
    NOW,
    PARAMETER,
    POOL,
    REGION,
    RETIRED,
    ROLE,
    STACK,
    TRIAGE,
    TRIAGE_DEAD,
    FakeAccount,
    a_flow_definition,
    flow_definition_arn,
    own_tags,
)

Look = Callable[..., list[Check]]
CALLBACK = f"https://{HOST}/oauth2/idpresponse"


@pytest.fixture
def look(clients: Clients, account: FakeAccount) -> Look:
    """All checks, or the findings alone."""

    def look(region_name: str = REGION, question: Question | None = None) -> list[Check]:
        deployment = Deployment.find(clients.ssm)
        sections = examine(clients, deployment, region_name, NOW, question)
        return [check for section in sections for check in section.checks]

    return look


def findings(checks: list[Check]) -> list[Check]:
    return [check for check in checks if check.status is not Status.OK]


def test_a_healthy_account_has_no_findings(look: Look) -> None:
    checks = look()

    assert findings(checks) == []
    assert [check.name for check in checks] == [
        "Region",
        "Amazon A2I",
        "Workforce",
        "Worker portal",
        "Sign-in page",
        "Callback URL",
        "Sign-out URL",
        "OAuth settings",
        "Pointer",
        "Flow definition",
        "Task page",
        "Workteam",
        "Reviewers",
        "Role",
        "Bucket",
        "Role's output",
        "Role's input",
        "Open reviews",
        "Stack",
        "TriageQueue",
        "TriageQueue's dead letters",
        "Retired flow definitions",
    ]


def test_regions_are_those_that_can_be_deployed_to() -> None:
    assert frozenset(account_checks.REGIONS) == region.REGIONS


def test_looking_changes_nothing(account: FakeAccount, look: Look) -> None:
    look(question=Question("good"))

    harmless = ("List", "Describe", "Get", "Head", "Simulate", "Render", "Receive", "InvokeEnd")
    assert [name for name in account.aws.names() if not name.startswith(harmless)] == []


def no_workforce(account: FakeAccount) -> None:
    account.workforce = None


def workforce_failed(account: FakeAccount) -> None:
    assert account.workforce
    account.workforce |= {"Status": "Failed", "FailureReason": "no subnet."}


def another_pool(account: FakeAccount) -> None:
    account.parameters["/human-review/user-pool-id"] = f"{REGION}_other"


def another_portal(account: FakeAccount) -> None:
    account.parameters["/human-review/portal-url"] = "https://old.example"


def no_domain(account: FakeAccount) -> None:
    account.pool = {"Id": POOL}


def no_pool(account: FakeAccount) -> None:
    account.pool = None


def no_secret(account: FakeAccount) -> None:
    del account.client["ClientSecret"]


def no_callback(account: FakeAccount) -> None:
    account.client["CallbackURLs"].remove(CALLBACK)


def no_sign_out(account: FakeAccount) -> None:
    del account.client["LogoutURLs"]


def no_scope(account: FakeAccount) -> None:
    account.client["AllowedOAuthScopes"].remove("openid")


def no_flow(account: FakeAccount) -> None:
    account.client["AllowedOAuthFlows"] = []


def no_provider(account: FakeAccount) -> None:
    account.client["SupportedIdentityProviders"] = ["Google"]


def no_oauth(account: FakeAccount) -> None:
    account.client["AllowedOAuthFlowsUserPoolClient"] = False


def no_workteam(account: FakeAccount) -> None:
    account.workteam = None


def group_taken_from_the_workteam(account: FakeAccount) -> None:
    account.parameters["/human-review/workteams/reviewers/user-group"] = "experts"


def no_group(account: FakeAccount) -> None:
    account.groups.clear()


def nobody(account: FakeAccount) -> None:
    account.groups["reviewers"] = []


def workforce_updating(account: FakeAccount) -> None:
    assert account.workforce
    account.workforce["Status"] = "Updating"


def all_disabled(account: FakeAccount) -> None:
    account.groups["reviewers"] = [{"Username": "ann", "Enabled": False}]


def no_page(account: FakeAccount) -> None:
    account.page = None


def another_page(account: FakeAccount) -> None:
    assert account.page
    account.page["UiTemplate"]["ContentSha256"] = "cd" * 32


def page_going(account: FakeAccount) -> None:
    assert account.page
    account.page["HumanTaskUiStatus"] = "Deleting"


def pointer_missing(account: FakeAccount) -> None:
    del account.parameters[PARAMETER]


def pointer_to_nothing(account: FakeAccount) -> None:
    account.parameters[PARAMETER] = flow_definition_arn("sentiment--gone")


def pointer_to_a_retired_one(account: FakeAccount) -> None:
    account.tags[CURRENT]["human-review:retired-at"] = (NOW - timedelta(minutes=5)).isoformat()


def two_current_ones(account: FakeAccount) -> None:
    account.flow_definitions[RETIRED] = a_flow_definition(RETIRED)
    account.tags[RETIRED] = own_tags()


def flow_definition_failed(account: FakeAccount) -> None:
    account.flow_definitions[CURRENT] |= {
        "FlowDefinitionStatus": "Failed",
        "FailureReason": "the workteam is gone.",
    }


def flow_definition_deleted_by_hand(account: FakeAccount) -> None:
    account.flow_definitions[CURRENT]["FlowDefinitionStatus"] = "Deleting"


def flow_definition_not_ready(account: FakeAccount) -> None:
    account.flow_definitions[CURRENT]["FlowDefinitionStatus"] = "Initializing"


def role_not_trusting(account: FakeAccount) -> None:
    account.refuse("RenderUiTemplate", "ValidationException", "Could not assume role.")


def role_may_not_write(account: FakeAccount) -> None:
    account.denied.add("s3:PutObject")


def role_may_not_use_the_key(account: FakeAccount) -> None:
    account.flow_definitions[CURRENT]["OutputConfig"]["KmsKeyId"] = "arn:aws:kms:key"
    account.denied.add("kms:GenerateDataKey")


def no_bucket(account: FakeAccount) -> None:
    account.buckets.clear()


def _input_bucket(account: FakeAccount) -> None:
    account.role_statements.append(
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::images/*"}
    )
    account.buckets["images"] = [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]


def no_input_bucket(account: FakeAccount) -> None:
    _input_bucket(account)
    del account.buckets["images"]


def input_bucket_without_cors(account: FakeAccount) -> None:
    _input_bucket(account)
    account.buckets["images"] = None


def empty_input_bucket_denied(account: FakeAccount) -> None:
    _input_bucket(account)
    account.denied.add("s3:GetObject")


def input_bucket_denied(account: FakeAccount) -> None:
    _input_bucket(account)
    account.keys["images"] = ['2026/a "b" & c.png', "2026/d.png"]
    # Its own policy says so, of which IAM knows nothing.
    account.denied.add('arn:aws:s3:::images/2026/a "b" & c.png')


def s3_out_of_reach(account: FakeAccount) -> None:
    _input_bucket(account)
    account.keys["images"] = ["a.png"]
    account.s3_url = "http://127.0.0.1:1"


def probe_not_rendered(account: FakeAccount) -> None:
    _input_bucket(account)
    account.keys["images"] = ["a.png"]
    rendered = account.aws.operations["RenderUiTemplate"]

    def refused(given: dict[str, Any]) -> dict[str, Any]:
        is_probe = "uris" in given["Task"]["Input"]
        errors = [{"Code": "InvalidParameters", "Message": "No filter."}] if is_probe else []
        return rendered(given) | {"Errors": errors}

    account.aws.operations["RenderUiTemplate"] = refused


def open_review_shows_what_the_role_may_not_read(account: FakeAccount) -> None:
    account.start("loop", CURRENT, timedelta(minutes=5))
    pictures = ["s3://pictures/1.png", "s3://elsewhere/2.png", "s3://elsewhere/folder/", "s3://"]
    request = {"taskObject": {"pictures": pictures, "text": "s3:// is how it begins"}}
    account.objects["requests/loop.json"] = json.dumps(request).encode()
    account.denied.add("arn:aws:s3:::elsewhere/2.png")


def retired_long_ago(account: FakeAccount) -> None:
    account.retire(RETIRED, NOW - timedelta(days=3))


def no_stack(account: FakeAccount) -> None:
    account.stack = None


def stack_failed(account: FakeAccount) -> None:
    account.stack = {"StackStatus": "UPDATE_ROLLBACK_FAILED"}


def stack_rolled_back(account: FakeAccount) -> None:
    account.stack = {"StackStatus": "UPDATE_ROLLBACK_COMPLETE"}


def stack_changing(account: FakeAccount) -> None:
    account.stack = {"StackStatus": "UPDATE_IN_PROGRESS"}


def pointer_to_one_of_another_stack(account: FakeAccount) -> None:
    account.flow_definitions["theirs"] = a_flow_definition("theirs")
    account.tags["theirs"] = own_tags() | {"human-review:stack-id": f"{STACK}-2"}
    account.parameters[PARAMETER] = flow_definition_arn("theirs")


def parameter_is_not_the_output(account: FakeAccount) -> None:
    assert account.stack
    account.stack["Outputs"].append({"OutputKey": "BucketName", "OutputValue": "another"})


def queue_gone(account: FakeAccount) -> None:
    del account.messages[TRIAGE]


def _message(number: int, **attributes: str) -> dict[str, Any]:
    given = {key: {"DataType": "String", "StringValue": it} for key, it in attributes.items()}
    return {"MessageId": str(number), "Body": "{}", "MessageAttributes": given}


def dead_letters(account: FakeAccount) -> None:
    account.messages[TRIAGE_DEAD] = [
        _message(1, Reason="no input"),
        _message(2, Reason="no input"),
        _message(3),
        _message(4, ERROR_CODE="NO_PERMISSIONS", ERROR_MESSAGE="access denied"),
    ]


def dead_letters_that_may_not_be_read(account: FakeAccount) -> None:
    account.messages[TRIAGE_DEAD] = [_message(1)]
    account.refuse("ReceiveMessage", "AccessDenied", "not authorized", 403)


BROKEN = [
    (no_workforce, "Workforce", "has no workforce"),
    (workforce_failed, "Workforce", "human-review is Failed: no subnet."),
    (another_pool, "Workforce's user pool", f"{REGION}_other was deployed"),
    (another_portal, "Worker portal", "says https://old.example"),
    (no_domain, "Sign-in page", "has no domain"),
    (no_pool, "Sign-in", "one of the two is gone"),
    (no_secret, "Client secret", "has no secret"),
    (no_callback, "Callback URL", f"lacks {CALLBACK}"),
    (no_sign_out, "Sign-out URL", f"lacks https://{HOST}/logout"),
    (no_scope, "OAuth settings", "lacks: the scope openid."),
    (no_flow, "OAuth settings", "lacks: the flow code."),
    (no_provider, "OAuth settings", "lacks: the identity provider COGNITO."),
    (no_oauth, "OAuth settings", "lacks: OAuth switched on."),
    (no_workteam, "Workteam", "reviewers is gone"),
    (group_taken_from_the_workteam, "Workteam", "group experts and has lost it"),
    (no_group, "Reviewers", "group reviewers, of which"),
    (nobody, "Reviewers", "Nobody is in the group reviewers"),
    (all_disabled, "Reviewers", "Nobody is in the group reviewers"),
    (no_page, "Task page", "page is gone"),
    (another_page, "Task page", "is not what was deployed"),
    (page_going, "Task page", "is Deleting"),
    (pointer_missing, "Pointer", f"{PARAMETER} is missing"),
    (pointer_to_nothing, "Pointer", "sentiment--gone, which does not exist"),
    (pointer_to_a_retired_one, "Pointer", f"{CURRENT}, which was retired on 2026-11-21"),
    (flow_definition_failed, "Flow definition", "Failed: the workteam is gone."),
    (flow_definition_deleted_by_hand, "Flow definition", "is Deleting"),
    (role_not_trusting, "Role", "Could not assume role."),
    (role_may_not_write, "Role's output", "lacks s3:PutObject on s3://results/a2i"),
    (role_may_not_use_the_key, "Role's output", "lacks kms:GenerateDataKey"),
    (no_bucket, "Bucket", "results is gone"),
    (no_input_bucket, "Role's input", "bucket images does not exist"),
    (empty_input_bucket_denied, "Role's input", "may not read objects of images"),
    (
        input_bucket_denied,
        "Role's input",
        'cannot read s3://images/2026/a "b" & c.png, though a policy of its own allows it: S3 '
        "answers 403 AccessDenied.",
    ),
    (
        open_review_shows_what_the_role_may_not_read,
        "Role's input",
        "1 object that the role cannot read, s3://elsewhere/2.png",
    ),
    (no_stack, "Stack", "HumanReview-sentiment is gone"),
    (stack_failed, "Stack", "is UPDATE_ROLLBACK_FAILED"),
    (pointer_to_one_of_another_stack, "SSM parameter", f"made {flow_definition_arn(CURRENT)}"),
    (parameter_is_not_the_output, "SSM parameter", "made another"),
    (queue_gone, "TriageQueue", "The queue is gone"),
    (
        dead_letters,
        "TriageQueue's dead letters",
        "4 messages could not be handled: no input (2 times); given up after several tries; "
        "access denied.",
    ),
    (dead_letters_that_may_not_be_read, "TriageQueue's dead letters", "the reasons cannot be"),
]
SUSPICIOUS = [
    (two_current_ones, "Pointer", f"also made {RETIRED}"),
    (workforce_updating, "Workforce", "is Updating"),
    (flow_definition_not_ready, "Flow definition", "is Initializing"),
    (input_bucket_without_cors, "Role's input", "no CORS rule"),
    (s3_out_of_reach, "Role's input", "objects of images could not be tried: S3 cannot be reached"),
    (probe_not_rendered, "Role's input", "objects of images could not be tried: No filter."),
    (
        retired_long_ago,
        "Retired flow definition",
        "retired 3 days ago (replaced by an update), has no open review",
    ),
    (stack_rolled_back, "Stack", "failed and was undone"),
    (stack_changing, "Stack", "under way"),
]


@pytest.mark.parametrize(
    ("breaks", "name", "says", "status"),
    [
        pytest.param(*case, status, id=case[0].__name__)
        for cases, status in ((BROKEN, Status.PROBLEM), (SUSPICIOUS, Status.WARNING))
        for case in cases
    ],
)
def test_what_is_wrong_is_the_one_finding(
    account: FakeAccount,
    look: Look,
    breaks: Callable[[FakeAccount], None],
    name: str,
    says: str,
    status: Status,
) -> None:
    breaks(account)

    [finding] = findings(look())
    assert (finding.name, finding.status) == (name, status)
    assert says in finding.sentence
    assert finding.next_step
    assert finding.sentence.endswith(".")
    assert finding.next_step.endswith(".")


def test_pointer_is_mended_by_the_command_in_its_next_step(
    account: FakeAccount, look: Look
) -> None:
    pointer_to_nothing(account)

    [finding] = findings(look())
    command = f"--name {PARAMETER} --value {flow_definition_arn(CURRENT)}"
    assert command in finding.next_step


def test_no_more_is_said_of_writing_than_the_simulator_knows(
    account: FakeAccount, look: Look
) -> None:
    [check] = [it for it in look() if it.name == "Role's output"]

    assert check.sentence == "The role's policies let it write to s3://results/a2i."


@pytest.mark.parametrize("keys", [[], ["a.png"]], ids=["empty", "one-object"])
def test_inputs_that_can_be_read_are_named(
    account: FakeAccount, look: Look, keys: list[str]
) -> None:
    _input_bucket(account)
    account.keys["images"] = keys

    [check] = [it for it in look() if it.name == "Role's input"]
    assert check.status is Status.OK
    assert check.sentence == "Task pages may show objects of images."


def test_open_reviews_are_counted_with_the_oldest_age(account: FakeAccount, look: Look) -> None:
    account.start("old", CURRENT, timedelta(hours=5))
    account.start("new", CURRENT, timedelta(minutes=2), HumanLoopStatus="Stopping")
    account.start("ended", CURRENT, timedelta(days=2), HumanLoopStatus="Completed")
    account.retire(RETIRED, NOW - timedelta(days=1))
    account.start("left", RETIRED, timedelta(days=2))

    checks = look()
    assert findings(checks) == []
    said = {check.name: check.sentence for check in checks}
    assert said["Open reviews"] == "2 reviews open, the oldest for 5 hours."
    assert said["Retired flow definition"] == (
        f"{RETIRED} was retired 1 day ago (replaced by an update) and has 1 open review, "
        "the oldest for 2 days."
    )


def test_role_of_a_retired_flow_definition_is_still_needed(
    account: FakeAccount, look: Look
) -> None:
    account.retire(RETIRED, NOW - timedelta(minutes=20))
    old = f"{ROLE}-old"
    account.flow_definitions[RETIRED] |= {
        "RoleArn": old,
        "OutputConfig": {"S3OutputPath": "s3://old/a2i"},
    }
    account.denied.add(f"arn:aws:s3:::old/a2i/{RETIRED}/output.json")
    assert findings(look()) == []

    account.start("left", RETIRED, timedelta(days=2))
    [finding] = findings(look())
    assert finding.name == "Role's output"
    assert "The role Writer-old lacks s3:PutObject on s3://old/a2i" in finding.sentence


def test_a_tag_that_says_no_time_is_no_reason_to_fail(account: FakeAccount, look: Look) -> None:
    account.retire(RETIRED, NOW)
    account.tags[RETIRED]["human-review:retired-at"] = "last week"

    [finding] = findings(look())
    assert "retired 10 days ago" in finding.sentence


def test_reasons_cannot_move_a_terminal(account: FakeAccount, look: Look) -> None:
    account.messages[TRIAGE_DEAD] = [_message(1, Reason="a\x1b[2Jb\n" + "x" * 2000)]

    [finding] = findings(look())
    assert finding.sentence.isprintable()
    assert len(finding.sentence) < 400


def test_one_retired_just_now_may_still_be_there(account: FakeAccount, look: Look) -> None:
    account.retire(RETIRED, NOW - timedelta(minutes=20))

    assert findings(look()) == []


def test_unsupported_region_is_all_there_is_to_say(account: FakeAccount, look: Look) -> None:
    [check] = look(region_name="sa-east-1")

    assert check.status is Status.PROBLEM
    assert "not offered in sa-east-1" in check.sentence
    assert "eu-west-1" in check.next_step


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDeniedException", "Amazon A2I is no longer open to new customers."),
        ("OptInRequired", "The AWS Access Key Id needs a subscription for the service"),
    ],
)
def test_an_account_that_is_not_enrolled_is_told_so(
    account: FakeAccount, look: Look, code: str, message: str
) -> None:
    account.refuse("ListFlowDefinitions", code, message)

    finding = findings(look())[0]
    assert (finding.name, finding.status) == ("Amazon A2I", Status.PROBLEM)
    assert "closed to new customers" in finding.sentence
    assert message.rstrip(".") in finding.sentence


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("ListWorkforces", "Workforce"),
        ("DescribeUserPoolClient", "Sign-in"),
        ("DescribeWorkteam", "Workteam"),
        ("ListUsersInGroup", "Workteam"),
        ("DescribeHumanTaskUi", "Task page"),
        ("RenderUiTemplate", "Role"),
        ("SimulatePrincipalPolicy", "Role's output"),
        ("ListRolePolicies", "Role's input"),
        ("DescribeStacks", "Stack"),
        ("ListStackResources", "Queues"),
        ("ListTags", "Flow definition"),
    ],
)
def test_a_missing_permission_says_nothing_of_the_deployment(
    account: FakeAccount, look: Look, operation: str, name: str
) -> None:
    account.refuse(operation, "AccessDeniedException", "User x is not authorized", 403)

    [finding] = findings(look())
    assert (finding.name, finding.status) == (name, Status.WARNING)
    assert operation in finding.sentence


def test_what_aws_refuses_otherwise_is_quoted(account: FakeAccount, look: Look) -> None:
    account.refuse("ListStackResources", "InternalFailure", "try later.")

    [finding] = findings(look())
    assert finding.status is Status.PROBLEM
    assert finding.sentence == "ListStackResources was refused: try later."


def test_a_flow_definition_without_a_stack_and_a_bucket_is_looked_at(
    account: FakeAccount, look: Look
) -> None:
    for key in [it for it in account.parameters if "/sentiment/" in it and it != PARAMETER]:
        del account.parameters[key]
    account.tags[CURRENT].clear()

    checks = look()
    assert findings(checks) == []
    assert "Stack" not in [check.name for check in checks]
    assert "Bucket" not in [check.name for check in checks]


def test_a_workteam_of_another_account_is_not_looked_into(account: FakeAccount, look: Look) -> None:
    vendor = "arn:aws:sagemaker:eu-west-1:394669845002:workteam/vendor-crowd/theirs"
    account.flow_definitions[CURRENT]["HumanLoopConfig"]["WorkteamArn"] = vendor

    assert findings(look()) == []
    assert "DescribeWorkteam" not in account.aws.names()


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=59), "59 seconds"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=23, minutes=59), "23 hours"),
        (timedelta(seconds=-3), "0 seconds"),
    ],
)
def test_ages_are_told_in_their_greatest_unit(
    account: FakeAccount, look: Look, ago: timedelta, said: str
) -> None:
    account.start("loop", CURRENT, ago)

    [check] = [it for it in look() if it.name == "Open reviews"]
    assert check.sentence == f"1 review open, the oldest for {said}."


def test_people_of_an_oidc_provider_are_not_looked_for(account: FakeAccount, look: Look) -> None:
    assert account.workforce
    assert account.workteam
    del account.workforce["CognitoConfig"]
    account.workforce["OidcConfig"] = {"Issuer": "https://example.com"}
    del account.parameters["/human-review/workteams/reviewers/user-group"]
    account.workteam["MemberDefinitions"] = [{"OidcMemberDefinition": {"Groups": ["reviewers"]}}]

    checks = look()
    assert findings(checks) == []
    assert "DescribeUserPoolClient" not in account.aws.names()


def test_endpoint_is_asked_only_when_there_is_a_question(account: FakeAccount, look: Look) -> None:
    look()
    assert "InvokeEndpoint" not in account.aws.names()

    [check] = [it for it in look(question=Question("good")) if it.name == "Endpoint"]
    assert check.sentence == "sentiment predicts 1 with confidence 0.5."
    [given] = account.aws.parameters("InvokeEndpoint")
    assert given["Body"] == b'{"features":["good"]}\n'


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (b"<html>", "is not JSON"),
        (b"", "is not JSON"),
        (b'{"label": 1}', "has no label (predicted_label) and no confidence (probability)"),
    ],
)
def test_an_answer_that_triage_cannot_use_is_a_problem(
    account: FakeAccount, look: Look, answer: bytes, says: str
) -> None:
    account.answer = answer

    [finding] = findings(look(question=Question("good")))
    assert says in finding.sentence


def test_an_endpoint_that_is_not_there_is_a_problem(account: FakeAccount, look: Look) -> None:
    account.refuse("InvokeEndpoint", "ValidationError", "Endpoint sentiment not found.")

    [finding] = findings(look(question=Question("good")))
    assert (
        finding.sentence == "The endpoint sentiment does not answer: Endpoint sentiment not found."
    )


def test_a_workflow_without_an_endpoint_is_fine(account: FakeAccount, look: Look) -> None:
    account.model = None

    assert findings(look(question=Question("good"))) == []
