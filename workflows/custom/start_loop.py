"""Starts a human loop by hand, with no triage: your own condition, your own call.

Run it with credentials that may read the SSM parameter and call sagemaker:StartHumanLoop, or on the
local cloud after ``make up WORKFLOW=custom`` and ``eval "$(make -s env)"``:

    python workflows/custom/start_loop.py
"""

import json
import uuid

import boto3

request = {"subject": "Invoice", "text": "Please send the invoice to my accountant."}
prediction = {"label": "billing", "confidence": 0.62}

# The condition is yours: A2I has none for custom task types, every call starts a review.
if prediction["confidence"] < 0.8:
    # A changed page or title is a new flow definition, so its ARN is looked up for each call.
    parameter = boto3.client("ssm").get_parameter(Name="/human-review/custom/flow-definition-arn")
    content = {
        "taskObject": request,
        "prediction": prediction,
        "labels": ["billing", "shipping", "technical"],
        "item": {"id": "started-by-hand"},  # collect takes the item's id from here
    }
    started = boto3.client("sagemaker-a2i-runtime").start_human_loop(
        HumanLoopName=f"custom-{uuid.uuid4().hex}",  # at most 63 characters, all lower case
        FlowDefinitionArn=parameter["Parameter"]["Value"],
        HumanLoopInput={"InputContent": json.dumps(content)},  # JSON text of at most 3 MiB
    )
    print(started["HumanLoopArn"])
