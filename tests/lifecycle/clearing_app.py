"""An app whose workteam and flow definition have settings, or have them no longer."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from human_review import (
    FlowDefinition,
    HumanTaskUi,
    ReviewerSignIn,
    WorkerAccess,
    Workforce,
    Workteam,
)

app = cdk.App()


def told(key: str) -> str:
    """What the command line says."""
    return str(app.node.get_context(key))


is_set = told("settings") == "set"
stack = cdk.Stack(app, "Clearing")
sign_in = ReviewerSignIn.from_user_pool_id(
    stack, "SignIn", told("user_pool_id"), client_id=told("client_id")
)
topic = sns.Topic(stack, "Topic")
key = kms.Key(stack, "Key", removal_policy=cdk.RemovalPolicy.DESTROY)
workteam = Workteam(
    stack,
    "Workteam",
    workforce=Workforce.from_workforce_name(stack, "Workforce", "human-review"),
    groups=[sign_in.add_group("clearing")],
    workteam_name="clearing",
    notification_topic=topic if is_set else None,
    worker_access=WorkerAccess.SOURCE_IP if is_set else None,
)
FlowDefinition(
    stack,
    "FlowDefinition",
    name_prefix="clearing",
    workteam=workteam,
    human_task_ui=HumanTaskUi(
        stack,
        "HumanTaskUi",
        name_prefix="clearing",
        template='<crowd-form><input name="answer"></crowd-form>',
    ),
    task_title="With or without",
    task_description="Say something",
    task_keywords=["one", "two"] if is_set else None,
    encryption_key=key if is_set else None,
    output_bucket=s3.Bucket(stack, "Bucket", removal_policy=cdk.RemovalPolicy.DESTROY),
)
app.synth()
