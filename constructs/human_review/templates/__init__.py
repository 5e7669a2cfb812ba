"""Task pages that come with the library: each a folder here, named as ``page:`` names it."""

import difflib
from pathlib import Path

_FOLDER = Path(__file__).parent
_PAGE = "template.liquid"


def names() -> list[str]:
    """The pages there are, in alphabetical order."""
    return sorted(page.parent.name for page in _FOLDER.glob(f"*/{_PAGE}"))


def read(name: str) -> str:
    """The Liquid text of the page ``name``.

    :raises ValueError: there is no such page; the error says which there are.
    """
    known = names()
    if name not in known:
        nearest = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {nearest[0]}? " if nearest else ""
        raise ValueError(
            f"must be a page of the library, {hint}allowed: {', '.join(known) or 'none'}"
        )
    return (_FOLDER / name / _PAGE).read_text(encoding="utf-8")
