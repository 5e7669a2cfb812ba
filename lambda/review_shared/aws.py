"""How every function calls AWS."""

from botocore.config import Config

CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 5}, connect_timeout=5, read_timeout=30
)
