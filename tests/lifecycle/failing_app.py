"""An app with one flow definition, whose change can be made to fail in several ways.

With the title "Taken out" it has none.
"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from human_review import FlowDefinition, HumanTaskUi, Workteam

app = cdk.App()


def told(key: str) -> str:
    """What the command line says."""
    return str(app.node.get_context(key))


stack = cdk.Stack(app, "Failing")
bucket = s3.Bucket(stack, "Bucket", removal_policy=cdk.RemovalPolicy.DESTROY)
if told("title") != "Taken out":
    flow_definition = FlowDefinition(
        stack,
        "FlowDefinition",
        name_prefix="failing",
        workteam=Workteam.from_workteam_name(stack, "Team", told("workteam")),
        human_task_ui=HumanTaskUi(
            stack,
            "HumanTaskUi",
            name_prefix="failing",
            template=f"<crowd-form>{told('title')}<input name='answer'></crowd-form>",
        ),
        task_title=told("title"),
        task_description="Say something",
        output_bucket=bucket,
    )
    role = flow_definition.role.node.default_child
    assert isinstance(role, iam.CfnRole)
    role.add_property_override(
        "AssumeRolePolicyDocument.Statement.0.Principal.Service", told("trusted")
    )
app.synth()
