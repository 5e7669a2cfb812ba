"""Built-in task types: Amazon Rekognition or Amazon Textract asks whether a person should look."""

import json
from typing import Any, NamedTuple

from localcloud.a2i.errors import ValidationException
from localcloud.a2i.evaluation import Evaluation, Input, evaluate
from localcloud.a2i.human_loop_operations import HumanLoops
from localcloud.a2i.request_source import REQUEST_SOURCES, RequestSource, camel_case
from localcloud.a2i.store import JsonObject

REASON = "ConditionsEvaluation"


class Analysis(NamedTuple):
    """What a service was asked, and what it answers.

    :param source: the AwsManagedHumanLoopRequestSource that the service and its operation are.
    :param request: the request, in the names of its API, with bytes in base64.
    :param response: the answer, in the names of its API.
    :param digest: the SHA-256 of the image or document.
    """

    source: str
    request: JsonObject
    response: JsonObject
    digest: bytes


class BuiltInTasks:
    """Starts human loops for services, when the conditions of the flow definition hold."""

    def __init__(self, human_loops: HumanLoops) -> None:
        self._human_loops = human_loops

    def activate(self, analysis: Analysis) -> JsonObject:
        """The HumanLoopActivationOutput of a request that has a HumanLoopConfig."""
        config = analysis.request["HumanLoopConfig"]
        flow_definition = self._human_loops.active_flow_definition(config["FlowDefinitionArn"])
        source = _source(flow_definition.key, flow_definition.body, analysis.source)
        evaluation = evaluate(
            _conditions(flow_definition.body),
            Input(source.findings(analysis.response), analysis.digest),
        )
        output: JsonObject = {
            "HumanLoopActivationConditionsEvaluationResults": json.dumps(
                evaluation.recorded, separators=(",", ":"), ensure_ascii=False
            )
        }
        if evaluation.holds:
            content = _input_content(source, analysis, evaluation)
            started = self._human_loops.start(
                {
                    "HumanLoopName": config["HumanLoopName"],
                    "FlowDefinitionArn": config["FlowDefinitionArn"],
                    "HumanLoopInput": {"InputContent": content},
                }
            )
            output |= {**started, "HumanLoopActivationReasons": [REASON]}
        return output


def _source(name: str, flow_definition: JsonObject, asked: str) -> RequestSource:
    request_source = flow_definition.get("HumanLoopRequestSource", {})
    source = request_source.get("AwsManagedHumanLoopRequestSource")
    if source != asked:
        raise ValidationException(
            f"Flow definition {name} is for {source or 'custom task types'}, not for {asked}"
        )
    return REQUEST_SOURCES[asked]


def _conditions(flow_definition: JsonObject) -> str | None:
    configuration = flow_definition.get("HumanLoopActivationConfig", {})
    conditions: dict[str, str] = configuration.get("HumanLoopActivationConditionsConfig", {})
    return conditions.get("HumanLoopActivationConditions")


def _input_content(source: RequestSource, analysis: Analysis, evaluation: Evaluation) -> str:
    """What the reviewer's page finds as ``task.input``: keys in camel case, but of conditions."""
    content: dict[str, Any] = {
        "aiServiceRequest": camel_case(analysis.request),
        "aiServiceResponse": camel_case(analysis.response),
        "humanTaskActivationConditionResults": evaluation.recorded,
        "selectedAiServiceResponse": camel_case(
            source.selected(analysis.response, evaluation.selected)
        ),
    }
    if source.asks_for_keys:
        keys = [
            {"importantFormKey": key.name, "importantFormKeyAliases": list(key.aliases)}
            for key in evaluation.form_keys
        ]
        content["humanLoopContext"] = {"importantFormKeys": keys}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
