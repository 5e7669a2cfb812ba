"""Amazon Augmented AI: control plane, human loops and the workers' side of them.

It keeps its state behind one small interface and knows the AWS around it by another, so that it
runs wherever these two can be had.
"""

from localcloud.a2i.built_in_task import Analysis
from localcloud.a2i.cloud import Cloud, EventNotAccepted, RoleNotAssumable
from localcloud.a2i.errors import ServiceException
from localcloud.a2i.service import A2I
from localcloud.a2i.store import SqliteStore, Store
from localcloud.a2i.worker import Job, Task, TaskGone, Worker

__all__ = [
    "A2I",
    "Analysis",
    "Cloud",
    "EventNotAccepted",
    "Job",
    "RoleNotAssumable",
    "ServiceException",
    "SqliteStore",
    "Store",
    "Task",
    "TaskGone",
    "Worker",
]
