"""Human review of machine-learning predictions with Amazon Augmented AI, as AWS CDK constructs."""

from .flow_definition import FlowDefinition, FlowDefinitionBase
from .human_task_ui import HumanTaskUi, HumanTaskUiBase
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
from .workflow_spec import ModelSpec, ResponseSpec, TaskSpec, TriageSpec, WorkflowSpec
from .workforce import OidcSignIn, Workforce, WorkforceBase
from .workteam import WorkerAccess, Workteam, WorkteamBase

__all__ = [
    "FlowDefinition",
    "FlowDefinitionBase",
    "HumanTaskUi",
    "HumanTaskUiBase",
    "ModelSpec",
    "OidcSignIn",
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
