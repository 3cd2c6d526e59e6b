"""A line of Markdown made to say something else, with what it has of bold, italic, lists and headings kept."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import pairwise

from builder.blocks import Block, Heading, ListItem, Table, plain
from builder.loading.markdown import placed_blocks
from builder.pulling.attributing import shared_ends

SPECIAL = re.compile(r"([\\`*_\[\]<|])")
BEGINS_BLOCK = re.compile(r"([#>|+=-]|\*(?=\s)|[0-9]+(?=\.\s))")
HEAD = re.compile(r"[ \t\u3000\xa0]*(?:#{1,6}[ \t]*|[-*+][ \t]+|[0-9]{1,9}\.[ \t]+)?")
EMPTY_BOLD, EMPTY_ITALIC = re.compile(r"\*\*(\s*)\*\*"), re.compile(r"(?<!\*)\*(\s*)\*(?!\*)")
"""Marks with nothing left between; the second also is any mark of bold, so it is only tried where the line is wrong."""


def printed_text(block: Block) -> str:
    """Return what is printed of a block that is no table."""
    assert not isinstance(block, Table)
    text = plain(block.runs)
    if isinstance(block, ListItem) and block.ordered:
        blank = " " if text[:1].isascii() else ""
        return f"{block.number}{blank}{text}"
    return text


def rewritten(line: str, old: str, new: str) -> str:
    """Return a line that prints ``old`` changed so that it prints ``new``: only the characters that differ.

    Where its marks stand in the way, the line is written anew without them.
    """
    block = _block_of(line)
    head = HEAD.match(line)
    assert head is not None
    if isinstance(block, ListItem) and block.ordered:
        number = printed_text(block)[: -len(plain(block.runs)) or None]
        if not new.startswith(number):
            return escaped(new)
        old, new = old.removeprefix(number), new.removeprefix(number)
    spliced = _spliced(line, head.end(), old, new)
    closed = EMPTY_BOLD.sub(r"\1", spliced)
    plainly = (head[0] + new, head[0] + escaped(new, begins=False))
    edited, _rest = shared_ends(line, closed)
    empty = sorted(EMPTY_ITALIC.finditer(closed), key=lambda one: abs(one.start() - edited))
    without_italic = (closed[: one.start()] + one[1] + closed[one.end() :] for one in empty)
    for made in (spliced, closed, *without_italic, *plainly):
        found = _block_of(made)
        if found is not None and type(found) is type(block) and plain_of(found).strip() == new.strip():
            return made
    return escaped(new)


def plain_of(block: Block) -> str:
    """Return the text of a block that is no table, without a list's number."""
    return "" if isinstance(block, Table) else plain(block.runs)


def escaped(text: str, *, begins: bool = True) -> str:
    """Return Markdown that prints a text as one paragraph."""
    text = text.strip().replace("\t", " ")
    plainly = "<br>".join(text.split("\n"))
    block = _block_of(plainly)
    if begins and block is not None and not isinstance(block, Heading | ListItem) and plain_of(block) == text:
        return plainly
    text = "<br>".join(SPECIAL.sub(r"\\\1", part) for part in text.split("\n"))
    if begins and (found := BEGINS_BLOCK.match(text)):
        at = found.end() if found[0].isdigit() else 0
        text = f"{text[:at]}\\{text[at:]}"
    return text


def _block_of(line: str) -> Block | None:
    blocks = placed_blocks(line)
    return blocks[0][0] if len(blocks) == 1 else None


def _spliced(line: str, begin: int, old: str, new: str) -> str:
    """Return the line with the characters changed that differ between the printed texts."""
    places = _places(line, begin, old)
    if places is None:
        return line
    ends = [*places, places[-1] + 1 if places else len(line.rstrip())]
    made, at = line[:begin], begin
    for kind, i, end_i, j, end_j in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if i < end_i:
            first, last = ends[i], ends[end_i - 1] + 1
            kept = "".join(
                line[one + 1 : other] for one, other in pairwise(places[i:end_i])
            )  # marks between the characters that go
        else:
            first = last = ends[i - 1] + 1 if i else ends[0]
            kept = ""
        made += line[at:first] + new[j:end_j].replace("\n", "<br>") + kept
        at = last
    return made + line[at:]


def _places(line: str, begin: int, printed: str) -> list[int] | None:
    """Return where in a line each printed character stands; None where that cannot be told."""
    places, at = [], begin
    for sign in printed:
        at = line.find("<br" if sign == "\n" else sign, at)
        if at < 0:
            return None
        places.append(at)
        at += 1
    return places
