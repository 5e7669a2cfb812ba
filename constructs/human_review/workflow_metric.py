"""The counts that a workflow's functions keep."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

_PERIOD = Duration.minutes(5)


def workflow_metric(
    workflow_name: str, metric_name: str, *, statistic: str = "Sum", period: Duration = _PERIOD
) -> cloudwatch.Metric:
    """One of a workflow's counts; unless it says otherwise, summed over five minutes."""
    return cloudwatch.Metric(
        namespace="HumanReview",
        metric_name=metric_name,
        dimensions_map={"Workflow": workflow_name},
        statistic=statistic,
        period=period,
    )
