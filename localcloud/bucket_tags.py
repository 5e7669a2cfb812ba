"""The tags of a bucket that CloudFormation makes, which MiniStack does not put on it."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from ministack.services import s3
from ministack.services.cloudformation import provisioners


def put_tags_on_buckets() -> None:
    """Have CloudFormation do it: CDK's function that empties a bucket looks for one of them."""
    of_ministack = provisioners._S3_BUCKET_CONFIGURATIONS
    tagging = ("Tags", _tagging, s3._put_bucket_tagging, s3._delete_bucket_tagging)
    provisioners._S3_BUCKET_CONFIGURATIONS = (*of_ministack, tagging)


def _tagging(tags: Sequence[dict[str, str]]) -> bytes:
    """The body of PutBucketTagging."""
    document = Element("Tagging")
    tag_set = SubElement(document, "TagSet")
    for tag in tags:
        element = SubElement(tag_set, "Tag")
        for name in ("Key", "Value"):
            SubElement(element, name).text = tag[name]
    return tostring(document)
