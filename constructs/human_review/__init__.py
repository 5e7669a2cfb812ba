"""Human review of machine-learning predictions with Amazon Augmented AI, as AWS CDK constructs."""

from .flow_definition import FlowDefinition, FlowDefinitionBase
from .human_task_ui import HumanTaskUi, HumanTaskUiBase
from .model_artifact import FolderArtifact, ObjectArtifact
from .model_endpoint import ModelEndpoint, ModelEndpointBase
from .model_image import ModelImage
from .model_spec import ModelSpec, ResponseSpec, ServerlessSpec
from .output_location import OutputLocation
from .provider import ReviewProvider
from .reconciler import Reconciler
from .review_guard import ReviewGuard
from .review_results import ReviewResults
from .review_workflow import ReviewWorkflow
from .reviewer_sign_in import (
    Reviewer,
    ReviewerGroup,
    ReviewerGroupBase,
    ReviewerSignIn,
    ReviewerSignInBase,
)
from .triage import Triage
from .workflow_spec import TaskSpec, TriageSpec, WorkflowSpec
from .workforce import OidcSignIn, Workforce, WorkforceBase
from .workteam import WorkerAccess, Workteam, WorkteamBase

__all__ = [
    "FlowDefinition",
    "FlowDefinitionBase",
    "FolderArtifact",
    "HumanTaskUi",
    "HumanTaskUiBase",
    "ModelEndpoint",
    "ModelEndpointBase",
    "ModelImage",
    "ModelSpec",
    "ObjectArtifact",
    "OidcSignIn",
    "OutputLocation",
    "Reconciler",
    "ResponseSpec",
    "ReviewGuard",
    "ReviewProvider",
    "ReviewResults",
    "ReviewWorkflow",
    "Reviewer",
    "ReviewerGroup",
    "ReviewerGroupBase",
    "ReviewerSignIn",
    "ReviewerSignInBase",
    "ServerlessSpec",
    "TaskSpec",
    "Triage",
    "TriageSpec",
    "WorkerAccess",
    "WorkflowSpec",
    "Workforce",
    "WorkforceBase",
    "Workteam",
    "WorkteamBase",
]
