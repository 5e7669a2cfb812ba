"""What a flow definition is made of: its parameters, the name they give it, its tags."""

from hashlib import sha256
from typing import Any

from review_resources.events import Event, Properties
from review_shared.flow_definition import STACK_ID
from review_shared.strict_json import canonical

NAME_LIMIT = 63
HASH_LENGTH = 10
# The previous paths only say what the role may still write to.
NOT_CONTENT = {"ServiceToken", "ServiceTimeout", "Tags", "PreviousOutputPaths"}
NOT_PARAMETERS = {*NOT_CONTENT, "FlowDefinitionNamePrefix", "TemplateSha256"}
NUMBERS = ("TaskCount", "TaskAvailabilityLifetimeInSeconds", "TaskTimeLimitInSeconds")
LOGICAL_ID = "human-review:logical-id"


def typed(properties: Properties) -> Properties:
    """The properties with numbers where the API wants numbers: CloudFormation sends strings."""
    config: dict[str, Any] = dict(properties["HumanLoopConfig"])
    config.update({key: int(config[key]) for key in NUMBERS if key in config})
    return {**properties, "HumanLoopConfig": config}


def parameters(event: Event) -> dict[str, Any]:
    """What CreateFlowDefinition is called with."""
    properties = typed(event["ResourceProperties"])
    return {
        "FlowDefinitionName": flow_definition_name(event["StackId"], properties),
        "Tags": [{"Key": key, "Value": value} for key, value in all_tags(event).items()],
        **{key: properties[key] for key in properties.keys() - NOT_PARAMETERS},
    }


def flow_definition_name(stack_id: str, properties: Properties) -> str:
    """The prefix and a hash of the content, the same for the same content in the same stack."""
    content = {key: value for key, value in typed(properties).items() if key not in NOT_CONTENT}
    digest = sha256(canonical({**content, "StackId": stack_id}).encode()).hexdigest()
    name = f"{properties['FlowDefinitionNamePrefix']}--{digest[:HASH_LENGTH]}"
    if len(name) > NAME_LIMIT:
        allowed = NAME_LIMIT - HASH_LENGTH - len("--")
        prefix = properties["FlowDefinitionNamePrefix"]
        raise ValueError(
            f"FlowDefinitionNamePrefix must be at most {allowed} characters, "
            f"got {len(prefix)}: {prefix}"
        )
    return name


def given_tags(properties: Properties) -> dict[str, str]:
    """The tags that the template gives the flow definition."""
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}


def all_tags(event: Event) -> dict[str, str]:
    """The template's tags, and those by which its own flow definition is known again."""
    properties = event["ResourceProperties"]
    return {
        **given_tags(properties),
        "human-review:workflow": properties["FlowDefinitionNamePrefix"],
        "human-review:template-sha256": properties["TemplateSha256"],
        STACK_ID: event["StackId"],
        LOGICAL_ID: event["LogicalResourceId"],
    }


def is_of(event: Event, tags: dict[str, str]) -> bool:
    """Say whether tags are those of a flow definition that this resource of this stack made."""
    owner = tags.get(STACK_ID), tags.get(LOGICAL_ID)
    return owner == (event["StackId"], event["LogicalResourceId"])
