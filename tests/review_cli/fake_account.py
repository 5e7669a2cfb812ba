"""An account in which the workflow ``sentiment`` is deployed and healthy, until a test says else.

botocore checks every parameter against the services' models; only the network is left out.
"""

import io
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import quote

from botocore.response import StreamingBody

from review_cli.clients import Clients
from tests.handlers.fake_aws import FakeAws, Parameters, RefusalError

ACCOUNT, REGION = "111122223333", "eu-west-1"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOST = f"x1.labeling.{REGION}.sagemaker.aws"
SAGEMAKER = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
CURRENT, RETIRED = "sentiment--0123456789", "sentiment--abcdefabcd"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/human-review/Writer"
POOL, CLIENT = f"{REGION}_abc", "client"
STACK = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/HumanReview-sentiment/uuid"
QUEUES = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}"
TRIAGE, TRIAGE_DEAD = f"{QUEUES}/triage", f"{QUEUES}/triage-dead"
SHA = "ab" * 32
PARAMETER = "/human-review/sentiment/flow-definition-arn"


def flow_definition_arn(name: str) -> str:
    """The ARN of a flow definition."""
    return f"{SAGEMAKER}:flow-definition/{name}"


class FakeAccount:
    """What there is; a test changes it and looks again.

    :param s3_url: what presigned addresses begin with.
    """

    def __init__(self, aws: FakeAws, s3_url: str) -> None:
        self.aws = aws
        self.s3_url = s3_url
        self.parameters = {
            "/human-review/portal-url": f"https://{HOST}",
            "/human-review/user-pool-id": POOL,
            "/human-review/workteams/reviewers/user-group": "reviewers",
            PARAMETER: flow_definition_arn(CURRENT),
            "/human-review/sentiment/triage-queue-url": TRIAGE,
            "/human-review/sentiment/triage-function-name": "triage",
            "/human-review/sentiment/bucket-name": "results",
            "/human-review/sentiment/dead-letter-queue-url": TRIAGE_DEAD,
        }
        self.workforce: dict[str, Any] | None = {
            "WorkforceName": "human-review",
            "WorkforceArn": f"{SAGEMAKER}:workforce/human-review",
            "Status": "Active",
            "SubDomain": HOST,
            "CognitoConfig": {"UserPool": POOL, "ClientId": CLIENT},
        }
        self.pool: dict[str, Any] | None = {"Id": POOL, "Domain": "review-1"}
        self.client: dict[str, Any] = {
            "ClientSecret": "secret",
            "CallbackURLs": ["https://other.example", f"https://{HOST}/oauth2/idpresponse"],
            "LogoutURLs": [f"https://{HOST}/logout"],
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["email", "openid", "profile"],
            "SupportedIdentityProviders": ["COGNITO"],
            "AllowedOAuthFlowsUserPoolClient": True,
        }
        self.groups: dict[str, list[dict[str, Any]]] = {
            "reviewers": [{"Username": "ann", "Enabled": True}]
        }
        self.workteam: dict[str, Any] | None = {
            "WorkteamName": "reviewers",
            "MemberDefinitions": [
                {
                    "CognitoMemberDefinition": {
                        "UserPool": POOL,
                        "ClientId": CLIENT,
                        "UserGroup": "reviewers",
                    }
                }
            ],
        }
        self.flow_definitions: dict[str, dict[str, Any]] = {CURRENT: a_flow_definition(CURRENT)}
        self.tags: dict[str, dict[str, str]] = {CURRENT: own_tags()}
        self.page: dict[str, Any] | None = {
            "HumanTaskUiStatus": "Active",
            "UiTemplate": {"Url": "https://example.com", "ContentSha256": SHA},
        }
        self.role_statements: list[dict[str, Any]] = []
        self.denied: set[str] = set()
        self.buckets: dict[str, list[dict[str, Any]] | None] = {"results": None}
        self.keys: dict[str, list[str]] = {}
        self.objects: dict[str, bytes] = {}
        self.loops: dict[str, list[dict[str, Any]]] = {}
        self.stack: dict[str, Any] | None = {
            "StackStatus": "UPDATE_COMPLETE",
            "Outputs": [
                {"OutputKey": "FlowDefinitionArn", "OutputValue": flow_definition_arn(CURRENT)}
            ],
        }
        self.messages: dict[str, list[dict[str, Any]]] = {TRIAGE: [], TRIAGE_DEAD: []}
        self.model: dict[str, Any] | None = {
            "endpoint_name": "sentiment",
            "content_type": "application/jsonlines",
            "accept": "application/jsonlines",
            "request": {"features": ["$input"]},
            "response": {"label": "predicted_label", "confidence": "probability"},
        }
        self.answer = b'{"predicted_label": 1, "probability": 0.5}\n'
        aws.operations |= self._sagemaker() | self._cognito() | self._storage() | self._others()

    def retire(self, name: str, since: datetime) -> None:
        """Add a retired flow definition."""
        self.flow_definitions[name] = a_flow_definition(name)
        self.tags[name] = own_tags() | {
            "human-review:retired-at": since.isoformat(),
            "human-review:retired-because": "replaced by an update",
        }

    def start(self, name: str, flow_definition: str, ago: timedelta, **changes: Any) -> None:
        """Add a human loop."""
        loop = {"HumanLoopName": name, "HumanLoopStatus": "InProgress", "CreationTime": NOW - ago}
        self.loops.setdefault(flow_definition, []).append(loop | changes)

    def refuse(self, operation: str, code: str, message: str = "no", status: int = 400) -> None:
        """Let an operation answer with an error from now on."""

        def refuse(_given: Parameters) -> dict[str, Any]:
            raise RefusalError(code, message, status)

        self.aws.operations[operation] = refuse

    def _sagemaker(self) -> dict[str, Any]:
        def described(given: Parameters) -> dict[str, Any]:
            found = self.flow_definitions.get(given["FlowDefinitionName"])
            return dict(_there(found, "ResourceNotFound"))

        def tags(given: Parameters) -> dict[str, Any]:
            found = self.tags[given["ResourceArn"].rpartition("/")[2]]
            return {"Tags": [{"Key": key, "Value": value} for key, value in found.items()]}

        def loops(given: Parameters) -> dict[str, Any]:
            found = self.loops.get(given["FlowDefinitionArn"].rpartition("/")[2], [])
            return {"HumanLoopSummaries": found}

        return {
            "ListFlowDefinitions": lambda _: {
                "FlowDefinitionSummaries": [{"FlowDefinitionName": it} for it in self.tags]
            },
            "DescribeFlowDefinition": described,
            "ListTags": tags,
            "ListWorkforces": lambda _: {"Workforces": [self.workforce] if self.workforce else []},
            "DescribeWorkteam": lambda _: {
                "Workteam": _there(self.workteam, "ValidationException")
            },
            "DescribeHumanTaskUi": lambda _: _there(self.page, "ResourceNotFound"),
            "RenderUiTemplate": self._rendered,
            "ListHumanLoops": loops,
            "InvokeEndpoint": lambda _: {
                "Body": StreamingBody(io.BytesIO(self.answer), len(self.answer))
            },
        }

    def _rendered(self, given: Parameters) -> dict[str, Any]:
        """A page with a link to each object; what the link's address answers is its first part."""
        links = ""
        for uri in json.loads(given["Task"]["Input"]).get("uris", []):
            place = uri.removeprefix("s3://")
            denied = bool({"s3:GetObject", f"arn:aws:s3:::{place}"} & self.denied)
            address = f"{self.s3_url}/{403 if denied else 200}/{quote(place)}?a=1&b=2"
            links += f'<a data-uri="{escape(uri)}" href="{escape(address)}"></a>'
        return {"RenderedContent": links, "Errors": []}

    def _cognito(self) -> dict[str, Any]:
        missing = "ResourceNotFoundException"

        def users(given: Parameters) -> dict[str, Any]:
            if given["GroupName"] not in self.groups:
                raise RefusalError(missing)
            return {"Users": self.groups[given["GroupName"]]}

        return {
            "DescribeUserPool": lambda _: {"UserPool": _there(self.pool, missing)},
            "DescribeUserPoolClient": lambda _: {"UserPoolClient": self.client},
            "ListUsersInGroup": users,
        }

    def _storage(self) -> dict[str, Any]:
        def simulate(given: Parameters) -> dict[str, Any]:
            [action], [resource] = given["ActionNames"], given["ResourceArns"]
            denied = bool({action, resource} & self.denied)
            decision = "implicitDeny" if denied else "allowed"
            return {"EvaluationResults": [{"EvalActionName": action, "EvalDecision": decision}]}

        def head(given: Parameters) -> dict[str, Any]:
            if given["Bucket"] not in self.buckets:
                raise RefusalError("404", status=404)
            return {}

        def cors(given: Parameters) -> dict[str, Any]:
            rules = self.buckets[given["Bucket"]]
            return {"CORSRules": _there(rules, "NoSuchCORSConfiguration")}

        def listed(given: Parameters) -> dict[str, Any]:
            contents = [{"Key": key} for key in self.keys.get(given["Bucket"], [])]
            return {"Contents": contents[: given["MaxKeys"]]} if contents else {}

        def get(given: Parameters) -> dict[str, Any]:
            body = _there(self.objects.get(given["Key"]), "NoSuchKey")
            return {"Body": StreamingBody(io.BytesIO(body), len(body))}

        return {
            "SimulatePrincipalPolicy": simulate,
            "ListRolePolicies": lambda _: {"PolicyNames": ["Policy"]},
            "GetRolePolicy": lambda _: {
                "PolicyDocument": json.dumps({"Statement": self.role_statements})
            },
            "HeadBucket": head,
            "GetBucketCors": cors,
            "ListObjectsV2": listed,
            "GetObject": get,
        }

    def _others(self) -> dict[str, Any]:
        def attributes(given: Parameters) -> dict[str, Any]:
            url = given["QueueUrl"]
            messages = _there(self.messages.get(url), "QueueDoesNotExist")
            redrive = {
                "deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:triage-dead",
                "maxReceiveCount": 5,
            }
            return {
                "Attributes": {
                    "ApproximateNumberOfMessages": str(len(messages)),
                    "ApproximateNumberOfMessagesNotVisible": "0",
                    **({"RedrivePolicy": json.dumps(redrive)} if url == TRIAGE else {}),
                }
            }

        def resource(logical_id: str, physical_id: str) -> dict[str, str]:
            return {
                "LogicalResourceId": logical_id,
                "PhysicalResourceId": physical_id,
                "ResourceType": "AWS::SQS::Queue",
            }

        def function(_given: Parameters) -> dict[str, Any]:
            variables = {"MODEL": json.dumps(self.model)} if self.model else {}
            return {"Environment": {"Variables": variables}}

        return {
            "GetParametersByPath": lambda _: {
                "Parameters": [{"Name": n, "Value": v} for n, v in self.parameters.items()]
            },
            "GetCallerIdentity": lambda _: {"Account": ACCOUNT},
            "DescribeStacks": lambda _: {
                "Stacks": [_there(self.stack, "ValidationError", "Stack x does not exist")]
            },
            "ListStackResources": lambda _: {
                "StackResourceSummaries": [
                    resource("TriageQueue01234567", TRIAGE),
                    resource("TriageDeadLetterQueue01234567", TRIAGE_DEAD),
                ]
            },
            "GetQueueAttributes": attributes,
            "GetQueueUrl": lambda given: {"QueueUrl": f"{QUEUES}/{given['QueueName']}"},
            "ReceiveMessage": lambda given: {"Messages": self.messages[given["QueueUrl"]][:10]},
            "GetFunctionConfiguration": function,
        }


def a_flow_definition(name: str) -> dict[str, Any]:
    """What DescribeFlowDefinition answers."""
    return {
        "FlowDefinitionArn": flow_definition_arn(name),
        "FlowDefinitionName": name,
        "FlowDefinitionStatus": "Active",
        "CreationTime": NOW - timedelta(days=10),
        "HumanLoopConfig": {
            "WorkteamArn": f"{SAGEMAKER}:workteam/private-crowd/reviewers",
            "HumanTaskUiArn": f"{SAGEMAKER}:human-task-ui/page",
        },
        "OutputConfig": {"S3OutputPath": "s3://results/a2i"},
        "RoleArn": ROLE,
    }


def own_tags() -> dict[str, str]:
    """The tags that the provider gives a flow definition."""
    return {"human-review:stack-id": STACK, "human-review:template-sha256": SHA}


@contextmanager
def answered(aws: FakeAws, clients: Clients) -> Iterator[None]:
    """Answer the calls of all clients."""
    with ExitStack() as stack:
        for field in fields(clients):
            stack.enter_context(aws.behind(getattr(clients, field.name)))
        yield


def _there(found: Any, code: str, message: str = "it does not exist") -> Any:
    if found is None:
        raise RefusalError(code, message)
    return found
