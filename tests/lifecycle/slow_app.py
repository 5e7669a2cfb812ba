"""An app with one flow definition that has a time to be Active in."""

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

from human_review import FlowDefinition, HumanTaskUi, Workteam

app = cdk.App()
title = str(app.node.get_context("title"))
stack = cdk.Stack(app, "Slow")
flow_definition = FlowDefinition(
    stack,
    "FlowDefinition",
    name_prefix="slow",
    workteam=Workteam.from_workteam_name(stack, "Team", "reviewers"),
    human_task_ui=HumanTaskUi(
        stack,
        "HumanTaskUi",
        name_prefix="slow",
        template=f"<crowd-form>{title}<input name='answer'></crowd-form>",
    ),
    task_title=title,
    task_description="Say something",
    output_bucket=s3.Bucket(stack, "Bucket", removal_policy=cdk.RemovalPolicy.DESTROY),
)
[resource] = [
    child
    for child in flow_definition.node.find_all()
    if isinstance(child, cdk.CfnResource) and child.cfn_resource_type == "Custom::A2IFlowDefinition"
]
resource.add_property_override("ServiceTimeout", app.node.get_context("service_timeout"))
app.synth()
