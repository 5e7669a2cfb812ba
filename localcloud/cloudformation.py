"""The CloudFormation resource types that MiniStack lacks and the local cloud adds."""

from localcloud.cognito_resources import UserPoolUser, UserPoolUserToGroupAttachment
from localcloud.hosting_resources import Endpoint, EndpointConfig, Model
from localcloud.resource_type import ResourceType
from localcloud.sagemaker_resources import Call, HumanTaskUi, Workforce, Workteam


def resource_types(call: Call) -> dict[str, ResourceType]:
    """Every added type by its name.

    :param call: how the SageMaker types call their service.
    """
    types: tuple[ResourceType, ...] = (
        Workforce(call),
        Workteam(call),
        HumanTaskUi(call),
        Model(call),
        EndpointConfig(call),
        Endpoint(call),
        UserPoolUser(),
        UserPoolUserToGroupAttachment(),
    )
    return {type_.name: type_ for type_ in types}
