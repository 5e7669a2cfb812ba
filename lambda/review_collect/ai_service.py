"""Human loops of built-in task types: what Rekognition or Textract was asked, and what it said.

Their output.json holds both, in camelCase:
https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-output-data.html
"""

from typing import Any

from review_shared.service_response import prediction


def asked(output: dict[str, Any]) -> dict[str, Any] | None:
    """What was asked, in triage's form; None of a custom task type."""
    content = output.get("inputContent")
    if not isinstance(content, dict) or not isinstance(content.get("aiServiceRequest"), dict):
        return None
    response = content.get("aiServiceResponse")
    source = output.get("awsManagedHumanLoopRequestSource")
    return {
        "taskObject": _place(content["aiServiceRequest"]),
        "prediction": prediction(response) if isinstance(response, dict) else None,
        "item": {"model": source if isinstance(source, str) else None, "route": "activated"},
    }


def _place(request: dict[str, Any]) -> Any:
    """The image or the document, as an item names it; a request in another form as it is."""
    match request.get("image") or request.get("document"):
        case {"s3Object": {"bucket": bucket, "name": key}}:
            return {"bucket": bucket, "key": key}
        case _:
            return request
