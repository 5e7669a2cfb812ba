"""The label in an answer: JMESPath, with a function for pages that number their fields."""

from itertools import count, takewhile
from typing import Any

from jmespath import functions
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult
from jmespath.visitor import Options

from review_shared.strict_json import JsonError, canonical


class _Functions(functions.Functions):
    """JMESPath's own functions, and ``numbered``."""

    @functions.signature({"types": ["object"]}, {"types": ["string"]})
    def _func_numbered(self, answer: dict[str, Any], prefix: str) -> list[Any]:
        """The values of ``rank_1``, ``rank_2`` and so on, for ``rank_``: as many as there are."""
        names = (f"{prefix}{number}" for number in count(1))
        return [answer[name] for name in takewhile(answer.__contains__, names)]


_OPTIONS = Options(custom_functions=_Functions())


def label_in(content: Any, label: ParsedResult | None) -> Any:
    """What stands at the path; None when a function in it does not fit this answer.

    None too when it makes what JSON does not have, as ``to_number`` does of "nan".
    """
    if label is None:
        return None
    try:
        found = label.search(content, options=_OPTIONS)
        canonical(found)
    except (JMESPathError, JsonError):
        return None
    return found
