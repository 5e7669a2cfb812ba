"""A small app of somebody else's: one page and one flow definition, on a workteam it is told."""

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

from human_review import FlowDefinition, HumanTaskUi, Workteam

app = cdk.App()
stack = cdk.Stack(app, "Trial")
FlowDefinition(
    stack,
    "FlowDefinition",
    name_prefix="trial",
    workteam=Workteam.from_workteam_name(stack, "Team", app.node.get_context("workteam")),
    human_task_ui=HumanTaskUi(
        stack,
        "HumanTaskUi",
        name_prefix="trial",
        template="<crowd-form><input name='answer' value='{{ task.input }}'></crowd-form>",
    ),
    task_title=app.node.get_context("title"),
    task_description="Say something",
    output_bucket=s3.Bucket(stack, "Bucket", removal_policy=cdk.RemovalPolicy.DESTROY),
)
app.synth()
