"""A flow definition's tags: CloudFormation passes none of its stack on to a custom resource."""

from collections.abc import Mapping

import jsii
from aws_cdk import IResolvable, IStableAnyProducer, Lazy, Stack, TagManager, TagType
from constructs import IConstruct

from . import limits


def tag_manager(tags: Mapping[str, str]) -> TagManager:
    """Where CDK adds the tags of the app to these."""
    manager = TagManager(TagType.KEY_VALUE, "Custom::A2IFlowDefinition")
    for key, value in tags.items():
        manager.set_tag(key, value)
    return manager


def tags_when_synthesized(scope: IConstruct, own: TagManager) -> IResolvable:
    """The tags of the stack with ``own`` on top, as they are when the whole app is known."""
    return Lazy.any(_Tags(Stack.of(scope), own))


@jsii.implements(IStableAnyProducer)
class _Tags:
    def __init__(self, stack: Stack, own: TagManager) -> None:
        self._stack = stack
        self._own = own

    def produce(self) -> list[dict[str, str]]:
        tags = {**self._stack.tags.tag_values(), **self._own.tag_values()}
        limits.check("tags", limits.FlowDefinitionTags, tags)
        return [{"Key": key, "Value": value} for key, value in tags.items()]
