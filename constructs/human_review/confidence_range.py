"""Ranges of confidence: what a condition's comparisons let through."""

from dataclasses import dataclass
from typing import Any, Self

from pydantic.alias_generators import to_pascal

_SUFFIXES = ("equals", "less_than", "less_than_equals", "greater_than", "greater_than_equals")


@dataclass(frozen=True)
class ConfidenceRange:
    """Percentages from ``low`` to ``high``, each end in the range or just outside it."""

    low: float = 0
    high: float = 100
    without_low: bool = False
    without_high: bool = False

    @classmethod
    def of(cls, condition: Any, measure: str) -> Self:
        """What a condition's comparisons of one measure, such as ``confidence``, let through."""
        given = _given(condition, measure)
        if "equals" in given:
            return cls(low=given["equals"], high=given["equals"])
        return cls(
            low=given.get("greater_than", given.get("greater_than_equals", 0)),
            high=given.get("less_than", given.get("less_than_equals", 100)),
            without_low="greater_than" in given,
            without_high="less_than" in given,
        )

    @property
    def is_empty(self) -> bool:
        """Whether no confidence is in the range."""
        ends_out = self.without_low or self.without_high
        return self.low > self.high or (self.low == self.high and ends_out)

    def overlap(self, other: "ConfidenceRange") -> "ConfidenceRange":
        """The confidences that are in both ranges."""
        low, without_low = max((self.low, self.without_low), (other.low, other.without_low))
        high, with_high = min(
            (self.high, not self.without_high), (other.high, not other.without_high)
        )
        return ConfidenceRange(low, high, without_low, not with_high)


def check_comparisons(condition: Any, *measures: str) -> None:
    """Refuse comparisons that are missing, that exclude each other or that nothing satisfies.

    :raises ValueError: says which, in AWS's words.
    """
    given = {measure: _given(condition, measure) for measure in measures}
    if not any(given.values()):
        names = [f"{to_pascal(measure)}{{{_suffixes()}}}" for measure in measures]
        raise ValueError(f"needs at least one comparison: {' or '.join(names)}")
    for measure, comparisons in given.items():
        written = [f"{_word(measure, suffix)} {value:g}" for suffix, value in comparisons.items()]
        for rivals in _rivals(list(comparisons)):
            names = [_word(measure, suffix) for suffix in rivals]
            raise ValueError(f"must have only one of {' and '.join(names)}")
        if ConfidenceRange.of(condition, measure).is_empty:
            raise ValueError(f"can never hold: no confidence is {' and '.join(written)}")


def _given(condition: Any, measure: str) -> dict[str, float]:
    values = {suffix: getattr(condition, f"{measure}_{suffix}") for suffix in _SUFFIXES}
    return {suffix: value for suffix, value in values.items() if value is not None}


def _rivals(suffixes: list[str]) -> list[list[str]]:
    """Comparisons of which only one can be meant."""
    if "equals" in suffixes:
        return [suffixes] if len(suffixes) > 1 else []
    ends = ([s for s in suffixes if s.startswith(end)] for end in ("less", "greater"))
    return [end for end in ends if len(end) > 1]


def _word(measure: str, suffix: str) -> str:
    return to_pascal(f"{measure}_{suffix}")


def _suffixes() -> str:
    return ",".join(map(to_pascal, _SUFFIXES))
