"""What a workflow folder says of its model: where it answers, and how triage asks it."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, model_validator

from . import limits
from .document import Document, mistake
from .model_image import ImageName


def _has_input(request: Any) -> Any:
    if not _mentions_input(request):
        raise ValueError('must hold the string "$input", which stands for the item\'s input')
    return request


def _mentions_input(node: Any) -> bool:
    match node:
        case dict():
            return any(map(_mentions_input, node.values()))
        case list():
            return any(map(_mentions_input, node))
        case _:
            return bool(node == "$input")


class ResponseSpec(Document):
    """Where a model's answer holds its prediction: JMESPath expressions."""

    label: limits.JmesPath
    confidence: limits.JmesPath


class ServerlessSpec(Document):
    """What a serverless endpoint may use: MB of memory, and requests at once."""

    memory_size: limits.MemorySize = 2048
    max_concurrency: limits.EndpointConcurrency = 5


class ModelSpec(Document):
    """How triage asks a SageMaker endpoint for a prediction.

    The endpoint is one that exists, by its ``endpoint_name``, or is deployed with the workflow: the
    ``artifact`` is a folder or the ``s3://`` address of a ``model.tar.gz``, which the ``image``
    serves, ``serverless`` or on instances of a type; its ``endpoint_name`` is then the workflow's
    name, unless another is given. ``request`` is any JSON in which the string
    ``"$input"`` stands for the item's input.
    """

    endpoint_name: limits.EndpointName | None = None
    artifact: limits.NotEmpty | None = None
    image: ImageName | None = None
    environment: limits.ContainerEnvironment | None = None
    serverless: ServerlessSpec | None = None
    instance_type: limits.InstanceType | None = None
    instance_count: limits.InstanceCount | None = None
    content_type: Literal["application/jsonlines", "application/json"] = "application/json"
    accept: Literal["application/jsonlines", "application/json"] | None = None  # as content_type
    request: Annotated[Any, AfterValidator(_has_input)]
    response: ResponseSpec

    @model_validator(mode="after")
    def _one_endpoint(self) -> Self:
        deployed = ("image", "environment", "serverless", "instance_type", "instance_count")
        given = [name for name in deployed if getattr(self, name) is not None]
        if self.endpoint_name is None and self.artifact is None:
            raise mistake(
                "must have endpoint_name, an endpoint that exists, or artifact, a model that is "
                "deployed with the workflow"
            )
        if self.artifact is None and given:
            raise mistake(f"must not have {given[0]} without artifact: that endpoint exists")
        if self.artifact is not None and self.image is None:
            raise mistake("must have image with artifact: the container that serves the model")
        if self.serverless is not None and self.instance_type is not None:
            raise mistake("must have only one of serverless and instance_type")
        if self.instance_count is not None and self.instance_type is None:
            raise mistake("must have instance_type with instance_count")
        return self
