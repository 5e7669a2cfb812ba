"""SageMaker's hosting: models, endpoint configurations, and endpoints that run them here."""

from localcloud.hosting.service import Hosting

__all__ = ["Hosting"]
