"""The page on which a reviewer answers."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Annotations, ArnFormat, CfnTag, Resource, Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from . import limits
from .page_lint import check_page
from .region import check_region


class HumanTaskUiBase(Resource):
    """What a defined and an imported human task UI have in common."""

    human_task_ui_arn: str
    human_task_ui_name: str
    template_sha256: str
    """SHA-256 of the page's text in hex; empty when it is not known."""

    def grant_describe(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` look the page up."""
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["sagemaker:DescribeHumanTaskUi"],
            resource_arns=[self.human_task_ui_arn],
        )


class HumanTaskUi(HumanTaskUiBase):
    """A page in Liquid.

    A human task UI cannot be changed, so its name carries a hash of the page: another page is
    another human task UI, made before the old one goes.

    A page that no reviewer could submit, or that is not Liquid, is refused; what is merely odd
    becomes a warning.

    :param template: the page's text, or the path of a file that holds it; 1 to 128,000 characters,
        known when the app is synthesized.
    :param name_prefix: begins the name: at most 52 lower-case letters, digits and hyphens.
    :param examples: inputs of the page as JSON, by name: the page must have all it shows of them.
        Default: what the page makes of its input is not looked at.
    :param tags: put on the human task UI, at most 50. Default: the tags of the stack.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        template: str | Path,
        name_prefix: str,
        examples: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        content = template.read_text(encoding="utf-8") if isinstance(template, Path) else template
        check_region(Stack.of(scope).region)
        limits.check("name_prefix", limits.TaskUiPrefix, name_prefix)
        if Token.is_unresolved(content):
            raise ValueError("template must be known when the app is synthesized, it has a token")
        limits.check("template", limits.TaskPage, content)
        limits.check("tags", limits.Tags, dict(tags or {}))
        name = str(template) if isinstance(template, Path) else "template"
        warnings = check_page(name, content, examples or {})
        super().__init__(scope, id)
        for warning in warnings:
            Annotations.of(self).add_warning_v2("human-review:template", warning)
        # The place is hashed too: two stacks may show the same page.
        place = f"{Stack.of(self).stack_name}/{self.node.path}"
        unique = hashlib.sha256(f"{place}\n{content}".encode()).hexdigest()[:10]
        self.human_task_ui_name = f"{name_prefix}-{unique}"
        self.template_sha256 = hashlib.sha256(content.encode()).hexdigest()
        resource = sagemaker.CfnHumanTaskUi(
            self,
            "Resource",
            human_task_ui_name=self.human_task_ui_name,
            ui_template=sagemaker.CfnHumanTaskUi.UiTemplateProperty(content=content),
            tags=[CfnTag(key=key, value=value) for key, value in (tags or {}).items()] or None,
        )
        self.human_task_ui_arn = resource.attr_human_task_ui_arn

    @classmethod
    def from_human_task_ui_arn(
        cls, scope: Construct, id: str, human_task_ui_arn: str, *, template_sha256: str = ""
    ) -> HumanTaskUiBase:
        """A human task UI that this app did not define.

        :param template_sha256: goes into each label's record. Default: left empty there.
        """
        return _Imported(scope, id, human_task_ui_arn, template_sha256)


class _Imported(HumanTaskUiBase):
    def __init__(
        self, scope: Construct, id: str, human_task_ui_arn: str, template_sha256: str
    ) -> None:
        limits.check("human_task_ui_arn", limits.HumanTaskUiArn, human_task_ui_arn)
        super().__init__(scope, id, environment_from_arn=human_task_ui_arn)
        arn = Stack.of(self).split_arn(human_task_ui_arn, ArnFormat.SLASH_RESOURCE_NAME)
        self.human_task_ui_arn = human_task_ui_arn
        self.human_task_ui_name = arn.resource_name or ""
        self.template_sha256 = template_sha256
