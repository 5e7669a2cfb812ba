"""A CDK app on a local cloud, deployed and destroyed with the CDK CLI."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Self

from demo.deployment import cdk

_HERE = Path(__file__).parent
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class CdkApp:
    """An app, and the local cloud that it is deployed to.

    :param environment: of the CDK CLI.
    :param folder: where the synthesized app and the log go.
    :param app: what the CLI runs, or a synthesized app. Default: the checkout's own app.
    """

    environment: Mapping[str, str]
    folder: Path
    app: str | None = None

    def of(self, script: str) -> Self:
        """Another app on the same local cloud: a script beside this one."""
        return replace(self, app=f"{sys.executable} {_HERE / script}")

    def synthesized(self, assembly: Path) -> Self:
        """Another app on the same local cloud: one that was synthesized already."""
        return replace(self, app=str(assembly))

    def bootstrap(self) -> None:
        """Make what the CDK CLI needs in the account."""
        account = self.environment["CDK_DEFAULT_ACCOUNT"]
        region = self.environment["CDK_DEFAULT_REGION"]
        self._run("bootstrap", f"aws://{account}/{region}", context=_NONE)

    def deploy(
        self, *stacks: str, context: Mapping[str, str] = _NONE, options: tuple[str, ...] = ()
    ) -> None:
        """Run ``cdk deploy``.

        :param context: what the app is told on the command line.
        :param options: more of the CLI's options.
        :raises demo.deployment.DeploymentError: when it fails.
        """
        self._run("deploy", *stacks, "--require-approval=never", *options, context=context)

    def destroy(self, *stacks: str, context: Mapping[str, str] = _NONE) -> None:
        """Run ``cdk destroy`` for these stacks alone.

        :raises demo.deployment.DeploymentError: when it fails.
        """
        self._run("destroy", *stacks, "--force", "--exclusively", context=context)

    def _run(self, command: str, *arguments: str, context: Mapping[str, str]) -> None:
        app = () if self.app is None else ("--app", self.app)
        # An output folder of its own: the checkout's belongs to whoever works there.
        name = (self.app or "app.py").rpartition("/")[2]
        output = () if self._is_synthesized else ("--output", str(self.folder / f"{name}.out"))
        given = [f"--context={key}={value}" for key, value in context.items()]
        cdk(*app, *output, command, *arguments, *given, environment=self.environment, log=self._log)

    @property
    def _is_synthesized(self) -> bool:
        return self.app is not None and Path(self.app).is_dir()

    @property
    def _log(self) -> Path:
        return self.folder / "cdk.log"
