"""Which human loops have a label record."""

from datetime import UTC, date, datetime

import boto3

from review_shared.aws import CONFIG

s3 = boto3.client("s3", config=CONFIG)


class Labels:
    """The label records of a workflow's bucket, whose names are read a day at a time."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket
        self._days: dict[date, set[str]] = {}

    def has(self, human_loop_name: str, created: datetime) -> bool:
        """Say whether there is a record of the loop."""
        day = created.astimezone(UTC).date()
        if day not in self._days:
            self._days[day] = self._names(f"labels/{day:%Y/%m/%d}/")
        return human_loop_name in self._days[day]

    def _names(self, prefix: str) -> set[str]:
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        return {
            item["Key"].removeprefix(prefix).removesuffix(".json")
            for page in pages
            for item in page.get("Contents", [])
        }
