"""The local cloud: MiniStack plus Amazon Augmented AI, its worker portal and SageMaker endpoints.

Nothing here is imported with the package: MiniStack reads its environment at import, and only the
server process may import it.
"""

from localcloud.address import Address, AlreadyRunning
from localcloud.lifecycle import NotStarted, running, start, stop
from localcloud.settings import Settings

__all__ = ["Address", "AlreadyRunning", "NotStarted", "Settings", "running", "start", "stop"]
