"""What destroying a workflow does while people review for it: an SSM parameter says so.

A stack whose delete failed cannot be updated, so the setting is no property of a resource.
"""

import boto3

from review_shared.aws import CONFIG

ssm = boto3.client("ssm", config=CONFIG)

REFUSE, STOP = "refuse", "stop"
UPDATE_IS_CLOSED = "CloudFormation lets the stack only be destroyed now, not updated"


def parameter_of(workflow: str) -> str:
    """The name of a workflow's parameter."""
    return f"/human-review/{workflow}/on-destroy"


def setting(parameter: str) -> str:
    """What the parameter says; ``refuse`` when there is none."""
    try:
        return ssm.get_parameter(Name=parameter)["Parameter"]["Value"]
    except ssm.exceptions.ParameterNotFound:
        return REFUSE


def way_out(parameter: str) -> str:
    """The command that has the next destroy stop what is open."""
    return f"`aws ssm put-parameter --name {parameter} --type String --value stop --overwrite`"
