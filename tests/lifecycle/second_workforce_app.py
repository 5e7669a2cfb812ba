"""Somebody else's app in the same account and Region, which wants a workforce as well."""

import aws_cdk as cdk

from stacks.settings import Settings
from stacks.workforce_stack import WorkforceStack

app = cdk.App()
settings = Settings.from_context({"human-review": {"workforce": {"termination_protection": False}}})
WorkforceStack(app, "SecondWorkforce", settings=settings)
app.synth()
