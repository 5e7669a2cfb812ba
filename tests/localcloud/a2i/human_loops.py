"""Human loops, as tests start, answer and watch them."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localcloud.a2i.service import A2I
from localcloud.a2i.worker import Task, Worker

if TYPE_CHECKING:
    from mypy_boto3_sagemaker_a2i_runtime import AugmentedAIRuntimeClient
    from mypy_boto3_sagemaker_a2i_runtime.type_defs import DescribeHumanLoopResponseTypeDef

ANSWER = {"sentiment": {"label": "positive"}}
OUTPUT = "a2i/sentiment/2026/11/14/17/37/38/loop/output.json"
"""Where the answers of a loop are written that starts as soon as its flow definition is Active."""


def loop_request(arn: str, content: str = "{}", name: str = "loop") -> Any:
    """What StartHumanLoop is called with."""
    return {
        "HumanLoopName": name,
        "FlowDefinitionArn": arn,
        "HumanLoopInput": {"InputContent": content},
    }


@dataclass(frozen=True)
class HumanLoops:
    """The loops of an engine; the one named ``loop``, unless another is named."""

    a2i: A2I
    runtime: "AugmentedAIRuntimeClient"

    def start_with(self, arn: str, content: str, name: str = "loop") -> str:
        """Start a loop with this InputContent; its ARN. No worker sees it yet."""
        return self.runtime.start_human_loop(**loop_request(arn, content, name))["HumanLoopArn"]

    def start(self, arn: str, name: str = "loop", **task_input: Any) -> str:
        """Start a loop that workers then see; its name."""
        self.start_with(arn, json.dumps(task_input or {"text": "I enjoy it"}), name)
        self.a2i.advance()
        return name

    def take(self, worker: Worker, job: str = "sentiment") -> Task:
        """The task that a worker is given, who is given one."""
        task = self.a2i.take(worker, job)
        assert task is not None
        return task

    def answer(self, worker: Worker, content: dict[str, Any] = ANSWER) -> Task:
        """Let a worker take a task and submit it; the task."""
        task = self.take(worker)
        self.a2i.submit(worker, task.task_id, content)
        return task

    def describe(self, name: str = "loop") -> "DescribeHumanLoopResponseTypeDef":
        """DescribeHumanLoop."""
        return self.runtime.describe_human_loop(HumanLoopName=name)

    def status(self, name: str = "loop") -> str:
        """Its HumanLoopStatus."""
        return self.describe(name)["HumanLoopStatus"]

    def statuses(self, arn: str) -> dict[str, str]:
        """The HumanLoopStatus of each loop of a flow definition, by name."""
        pages = self.runtime.get_paginator("list_human_loops").paginate(FlowDefinitionArn=arn)
        return {
            loop["HumanLoopName"]: loop["HumanLoopStatus"]
            for page in pages
            for loop in page["HumanLoopSummaries"]
        }
