"""The counts that triage and collect keep."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch


def workflow_metric(workflow_name: str, metric_name: str) -> cloudwatch.Metric:
    """One of a workflow's counts, summed over five minutes."""
    return cloudwatch.Metric(
        namespace="HumanReview",
        metric_name=metric_name,
        dimensions_map={"Workflow": workflow_name},
        statistic="Sum",
        period=Duration.minutes(5),
    )
