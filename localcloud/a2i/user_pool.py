"""What SageMaker asks of a Cognito user pool before it lets its users work."""

from localcloud.a2i.cloud import Cloud
from localcloud.a2i.errors import ValidationException


def check_client(cloud: Cloud, user_pool_id: str, client_id: str) -> None:
    """Refuse a pool without a domain, and a client without a secret: the portal needs both."""
    pool = cloud.user_pool(user_pool_id)
    if pool is None:
        raise ValidationException(f"User pool {user_pool_id} does not exist")
    if not pool.get("Domain") and not pool.get("CustomDomain"):
        raise ValidationException(f"User pool {user_pool_id} has no domain")
    client = cloud.user_pool_client(user_pool_id, client_id)
    if client is None:
        raise ValidationException(
            f"User pool client {client_id} does not exist in user pool {user_pool_id}"
        )
    if not client.get("ClientSecret"):
        raise ValidationException(f"User pool client {client_id} has no client secret")


def check_group(cloud: Cloud, user_pool_id: str, group: str) -> None:
    """Refuse a group that the pool does not have."""
    if not cloud.user_group_exists(user_pool_id, group):
        raise ValidationException(f"Group {group} does not exist in user pool {user_pool_id}")
