"""Every fault at every call of a change: it is done, or has failed with nothing lost or left."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from tests.lifecycle.faults.network import FAULTS, Call, Network

# How often each fault is tried: for one attempt, and for good (None). To an SDK a 500 is what a 503
# is; and a connection that is reset for good is one whose answers are lost for good.
_ATTEMPTS: Mapping[str, tuple[int | None, ...]] = {
    "throttled": (1, None),
    "500": (1,),
    "503": (None,),
    "reset": (1,),
    "unheard": (1, None),
    "slow": (1,),
}


class Change(ABC):
    """One change of one component, to be made any number of times.

    :ivar error: why it was not made the last time, if that is known.
    """

    error: str | None = None

    def __str__(self) -> str:
        return type(self).__name__

    @abstractmethod
    def begin(self) -> None:
        """Make what the change starts from, over a network that works."""

    @abstractmethod
    def make(self) -> bool:
        """Make the change; say whether it is done."""

    @abstractmethod
    def leftovers(self, is_done: bool) -> Iterator[str]:
        """Undo or repeat what has failed, over a network that works; say what is not as it was."""

    def end(self) -> None:  # noqa: B027 - there may be nothing to do
        """Clear away what the change has made."""


@dataclass
class Matrix:
    """What has been tried of one component.

    :ivar cases: how many changes ran with a fault in them.
    :ivar failed: how many of these did not get over it, and were undone or repeated.
    :ivar spared: how many changes were done without the call that was to fail.
    :ivar findings: each case in which something was lost or left, and what.
    """

    component: str
    network: Network
    cases: int = 0
    failed: int = 0
    spared: int = 0
    findings: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.component}: {self.cases} cases, {self.cases - self.failed} done in spite of "
            f"the fault, {self.failed} failed and undone, {len(self.findings)} lost or left over; "
            f"{self.spared} not tried, as the call was not made"
        )

    def run(self, change: Change, operations: Collection[str] | None = None) -> None:
        """Make a change with each fault at each call that it makes without any.

        :param operations: those that fail. Default: all.
        """
        self._begin(change)
        assert change.make(), f"{change} fails without a fault: {change.error}"
        calls = [
            it for it in self.network.calls if operations is None or it.operation in operations
        ]
        assert calls, f"{change} calls nothing"
        assert self._end(change, True) == []
        # What fails for good uses up what an SDK may retry in all, so that comes last.
        for attempts in (1, None):
            for fault in (it for it in FAULTS if attempts in _ATTEMPTS[it]):
                for call in calls:
                    self._try(change, fault, call, attempts)

    def _try(self, change: Change, fault: str, call: Call, attempts: int | None) -> None:
        self._begin(change)
        self.network.fail(fault, call, attempts=attempts)
        is_done = change.make()
        if not self.network.faults:
            self._end(change, is_done)
            self.spared += 1
            return
        self.cases += 1
        self.failed += not is_done
        found = self._end(change, is_done)
        if attempts is not None and not is_done:
            found = ["one failed attempt was not overcome", *found]
        often = "always" if attempts is None else "once"
        self.findings += [f"{change}, {fault} {often} at {call}: {it}" for it in found]

    def _begin(self, change: Change) -> None:
        self.network.heal()
        change.begin()
        self.network.heal()

    def _end(self, change: Change, is_done: bool) -> list[str]:
        self.network.heal()
        found = list(change.leftovers(is_done))
        change.end()
        return found
