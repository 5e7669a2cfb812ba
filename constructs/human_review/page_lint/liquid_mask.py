"""A page with its Liquid covered up, so that what is left reads as HTML at the same places."""

import re
from bisect import bisect_right
from dataclasses import dataclass

COVER = "\ue000"
"""Stands for each character of an output, where HTML allows a letter."""

_MARKUP = re.compile(r"\{\{.*?\}\}|\{%-?\s*(?P<name>#|\w+)?.*?%\}", re.DOTALL)
_ENDS = {
    name: re.compile(rf"\{{%-?\s*(?P<end>end)?{name}\s*-?%\}}")
    for name in ("raw", "comment", "doc")
}
_OPENING = {"if", "unless", "case", "for", "tablerow", "ifchanged", "capture"}
_BRANCHING = {"elsif", "else", "when"}
_LOOPS = {"for", "tablerow"}


@dataclass(frozen=True)
class Block:
    """A Liquid block that a place of the page stands in.

    :param branch: which of its branches.
    """

    start: int
    branch: int
    is_loop: bool


@dataclass(frozen=True)
class Mask:
    """The covered page.

    :param text: as long as the page, with every line end where it was.
    :param starts: where each of ``blocks`` begins to hold.
    """

    text: str
    starts: list[int]
    blocks: list[tuple[Block, ...]]

    def blocks_at(self, offset: int) -> tuple[Block, ...]:
        """The Liquid blocks around a place, the outermost first."""
        return self.blocks[bisect_right(self.starts, offset) - 1]


def exclusive(one: tuple[Block, ...], other: tuple[Block, ...]) -> bool:
    """Say whether two places stand in different branches of one block: never both on a page."""
    branches = {block.start: block.branch for block in one}
    return any(branches.get(block.start, block.branch) != block.branch for block in other)


def mask(source: str) -> Mask:
    """Cover the Liquid of a page."""
    pieces: list[str] = []
    open_blocks: tuple[Block, ...] = ()
    starts, blocks = [0], [open_blocks]
    end = 0
    while match := _MARKUP.search(source, end):
        pieces.append(source[end : match.start()])
        name = match["name"]
        end = _end_of(source, match)
        cover = COVER if name is None and source[match.start() + 1] == "{" else " "
        if name == "raw":
            pieces.append(_raw(source[match.start() : end], match.end() - match.start()))
        else:
            pieces.append(_covered(source[match.start() : end], cover))
        changed = _after(open_blocks, name, match.start())
        if changed != open_blocks:
            open_blocks = changed
            starts.append(end)
            blocks.append(open_blocks)
    pieces.append(source[end:])
    return Mask("".join(pieces), starts, blocks)


def _end_of(source: str, match: re.Match[str]) -> int:
    """Where a tag ends, with what it keeps from being Liquid."""
    name = match["name"] or ""
    if name not in _ENDS:
        return match.end()
    depth = 1
    for tag in _ENDS[name].finditer(source, match.end()):
        if tag["end"]:
            depth -= 1
        elif name == "comment":  # the only one of these that nests
            depth += 1
        if depth == 0:
            return tag.end()
    return match.end()


def _raw(text: str, opening: int) -> str:
    closing = text.rindex("{%")
    body = text[opening:closing] if closing >= opening else ""
    tail = text[opening + len(body) :]
    return _covered(text[:opening], " ") + body + _covered(tail, " ")


def _covered(text: str, cover: str) -> str:
    return re.sub(r"[^\n]", cover, text)


def _after(blocks: tuple[Block, ...], name: str | None, start: int) -> tuple[Block, ...]:
    """The open blocks once a tag has been read."""
    if name in _OPENING:
        return (*blocks, Block(start, 0, name in _LOOPS))
    if name in _BRANCHING and blocks:
        *outer, last = blocks
        return (*outer, Block(last.start, last.branch + 1, is_loop=False))
    if name and name.startswith("end") and name[3:] in _OPENING:
        return blocks[:-1]
    return blocks
