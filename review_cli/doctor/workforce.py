"""The Region's workforce, and the address of its portal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from review_cli.deployment import ROOT, Deployment
from review_cli.doctor.check import Check, ok, problem, warning

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker.type_defs import WorkforceTypeDef

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_BEING_CHANGED = {"Initializing", "Updating"}


def find(sagemaker: "SageMakerClient") -> "WorkforceTypeDef | None":
    """The Region's private workforce, of which there is one at most.

    Vendors' are listed as well, without an identity provider.
    """
    pages = sagemaker.get_paginator("list_workforces").paginate()
    listed = (workforce for page in pages for workforce in page["Workforces"])
    return next((it for it in listed if "CognitoConfig" in it or "OidcConfig" in it), None)


def workforce(found: "WorkforceTypeDef | None", deployment: Deployment) -> Iterator[Check]:
    """Whether there is a workforce, it is Active, and it is the one that was deployed."""
    if found is None:
        yield problem(
            "Workforce",
            "The Region has no workforce, so nobody can review.",
            "Deploy the workforce's stack again; it was deleted outside CloudFormation.",
        )
        return
    yield _status(found)
    pool = found.get("CognitoConfig", {}).get("UserPool")
    if pool and deployment.user_pool_id and pool != deployment.user_pool_id:
        yield problem(
            "Workforce's user pool",
            f"People sign in with the user pool {pool}, and {deployment.user_pool_id} was "
            "deployed.",
            "Find out who replaced the workforce, and deploy with the one that is to stay.",
        )
    yield from _portal(found, deployment)


def portal_url(found: "WorkforceTypeDef") -> str:
    """The worker portal's address; SageMaker gives its host without a scheme."""
    sub_domain = found.get("SubDomain", "")
    # Cognito takes http only for these.
    scheme = "http" if urlsplit(f"//{sub_domain}").hostname in _LOOPBACK else "https"
    return f"{scheme}://{sub_domain}"


def _status(found: "WorkforceTypeDef") -> Check:
    name, status = found["WorkforceName"], found.get("Status", "Active")
    if status == "Active":
        return ok("Workforce", f"{name} is Active.")
    if status in _BEING_CHANGED:
        return warning("Workforce", f"{name} is {status}.", "Look again in a few minutes.")
    reason = found.get("FailureReason", "SageMaker gives no reason").rstrip(".")
    return problem(
        "Workforce",
        f"{name} is {status}: {reason}.",
        "Correct what the reason names, and deploy the workforce's stack again.",
    )


def _portal(found: "WorkforceTypeDef", deployment: Deployment) -> Iterator[Check]:
    actual = portal_url(found)
    if deployment.portal_url in (None, actual):
        yield ok("Worker portal", f"Reviewers sign in at {actual}.")
        return
    yield problem(
        "Worker portal",
        f"The portal is at {actual}, and {ROOT}portal-url says {deployment.portal_url}.",
        "Deploy the workforce's stack again; tell reviewers the portal's address.",
    )
