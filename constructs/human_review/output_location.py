"""Where answers go in S3."""

from dataclasses import dataclass

from aws_cdk import aws_s3 as s3

from . import limits

OUTPUT_PREFIX = "a2i"
"""Under which key of its bucket Amazon A2I writes answers, unless it is told another."""


@dataclass(frozen=True)
class OutputLocation:
    """A place that Amazon A2I writes answers to, or wrote them to before a change.

    ``prefix`` is the key that they are below.
    """

    bucket: s3.IBucket
    prefix: str = OUTPUT_PREFIX

    def __post_init__(self) -> None:
        limits.check("prefix", limits.OutputPrefix, self.prefix)

    @property
    def path(self) -> str:
        """The address as SageMaker takes it: ``s3://<bucket>/<prefix>``."""
        return self.bucket.s3_url_for_object(self.prefix)

    @property
    def objects_arn(self) -> str:
        """The pattern of the ARNs of all answers."""
        return self.bucket.arn_for_objects(f"{self.prefix}/*")
