"""What a local cloud is started with."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_PORT = 4566
DEFAULT_PORTAL_PORT = 4580
DEFAULT_REGION = "us-east-1"
DEFAULT_DELAY = 0.3
MAX_DELAY = 3600
DEFAULT_STATE = Path("build/localcloud")
ACCOUNT = "000000000000"

_ENDPOINT_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9])*")


@dataclass(frozen=True)
class Settings:
    """What a local cloud is started with.

    :param state: the directory that holds its address, certificate, log and data.
    :param port: the TLS port of all AWS APIs; the next free one when it is taken.
    :param portal_port: the plain port of the worker portal; the next free one when it is taken.
    :param region: the Region whose workforce the portal serves.
    :param endpoints: SageMaker endpoints by name, each the directory of a model with its
        ``code/inference.py`` or ``inference.py``.
    :param recordings: directories of images and documents with what Amazon Rekognition and Amazon
        Textract answered for them, ``NAME.png`` beside ``NAME.DetectModerationLabels.json`` or
        ``NAME.AnalyzeDocument.json``; other inputs are refused.
    :param human_loop_quota: how many human loops of an account and Region may be in progress at
        once, to see what comes of the quotas of Amazon A2I. Default: any number.
    :param persist: keep everything in ``state`` and find it there at the next start.
    :param delay: how many seconds a workforce or flow definition takes to become Active, or to
        go. On AWS it takes longer, and nobody says how long.
    """

    state: Path = DEFAULT_STATE
    port: int = DEFAULT_PORT
    portal_port: int = DEFAULT_PORTAL_PORT
    region: str = DEFAULT_REGION
    endpoints: Mapping[str, Path] = field(default_factory=dict)
    recordings: Sequence[Path] = ()
    human_loop_quota: int | None = None
    persist: bool = False
    delay: float = DEFAULT_DELAY

    def __post_init__(self) -> None:
        for name, port in (("port", self.port), ("portal port", self.portal_port)):
            if not 1 <= port <= 65535:
                raise ValueError(f"{name} must be between 1 and 65535, got {port}")
        if self.human_loop_quota is not None and self.human_loop_quota < 1:
            raise ValueError(f"human loop quota must be 1 or more, got {self.human_loop_quota}")
        if not 0 < self.delay <= MAX_DELAY:
            raise ValueError(f"delay must be over 0 and at most {MAX_DELAY}, got {self.delay}")
        for name, directory in self.endpoints.items():
            if not _ENDPOINT_NAME.fullmatch(name) or len(name) > 63:
                raise ValueError(
                    f"endpoint name {name!r} must be letters, digits and single hyphens, "
                    "at most 63 characters"
                )
            if not any((directory / part / "inference.py").is_file() for part in ("code", ".")):
                raise ValueError(f"endpoint {name}: there is no {directory / 'inference.py'}")
        for directory in self.recordings:
            if not directory.is_dir():
                raise ValueError(f"recordings: there is no directory {directory}")
