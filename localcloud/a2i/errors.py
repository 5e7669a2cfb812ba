"""What the service answers when it refuses a request.

ServiceException
├── ValidationException            400, both APIs
├── SerializationException         400, a request that is not what its protocol says
├── UnknownOperationException      400
├── ResourceInUse                  400, control plane
├── ResourceLimitExceeded          400, control plane
├── ResourceNotFound               400, control plane
├── ResourceNotFoundException      404, runtime
├── ServiceQuotaExceededException  402, runtime
└── ConflictException              409 at the runtime, 400 in the control plane
"""


class ServiceException(Exception):  # noqa: N818 - it and its heirs are named as AWS names them
    """A refusal, with the code and the HTTP status that a client sees.

    :param message: what is wrong, as the caller reads it.
    """

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def code(self) -> str:
        """The error code: what boto3 shows as ``Error.Code``."""
        return type(self).__name__


class ValidationException(ServiceException):
    """A request that breaks a constraint; also how missing workforces and workteams are told."""


class SerializationException(ServiceException):
    """A body that is not JSON, or holds another type than the operation's shape."""


class UnknownOperationException(ServiceException):
    """An operation that is not served here."""


class ResourceInUse(ServiceException):
    """A name that is taken, or a thing that something else still needs."""


class ResourceLimitExceeded(ServiceException):
    """One more than an account may have."""


class ResourceNotFound(ServiceException):
    """A human task UI or flow definition that is not there."""


class ResourceNotFoundException(ServiceException):
    """A human loop, or the flow definition of a list of them, that is not there."""

    status = 404


class ServiceQuotaExceededException(ServiceException):
    """One human loop in progress more than an account may have."""

    status = 402


class ConflictException(ServiceException):
    """A change that what is under way does not allow.

    :param status: 409 at the runtime, whose model says so; the control plane's model says nothing.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
