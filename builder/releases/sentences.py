"""Long texts sentence by sentence: what differs between two versions, and the old one with some of that made new."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

PIECE = re.compile(r"[ \t　\r]*\n(?:[ \t　\r]*\n)*|[^。！？\n]*[。！？]+[”’）》」』]*|[^。！？\n]+")
"""A break between lines with the empty ones after it, or a sentence."""
BREAK = "（换行）"


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, or a break between lines, with the line and column (from 1) where it begins."""

    text: str
    line: int
    column: int

    @property
    def words(self) -> str:
        """What is compared: a break is a break, and blanks at the end of a line mean nothing."""
        return self.text.rstrip() or BREAK


Pair = tuple[Piece | None, Piece | None]


def pieces(text: str) -> list[Piece]:
    """Return the sentences of a text and the breaks between its lines."""
    found: list[Piece] = []
    line, start = 1, 0
    end = len(text.rstrip())
    for match in PIECE.finditer(text[:end]):
        found.append(Piece(match[0], line, match.start() - start + 1))
        if breaks := match[0].count("\n"):
            line += breaks
            start = match.start() + match[0].rindex("\n") + 1
    return found[1:] if found and found[0].words == BREAK else found


def merged(old: str, new: str, made: Callable[[Piece | None, Piece | None], bool]) -> str:
    """Return the old text with those differences made of which ``made`` says so."""
    kept = (
        (after if made(before, after) else before) if _differ(before, after) else before
        for before, after in paired(pieces(old), pieces(new))
    )
    return "".join(piece.text for piece in kept if piece is not None) + "\n"


def _differ(before: Piece | None, after: Piece | None) -> bool:
    return before is None or after is None or before.words != after.words


def paired(old: list[Piece], new: list[Piece]) -> Iterator[Pair]:
    """Yield the sentences of both texts side by side; None where one has none."""
    matcher = SequenceMatcher(None, [piece.words for piece in old], [piece.words for piece in new], autojunk=False)
    for _kind, i, end_i, j, end_j in matcher.get_opcodes():
        yield from _side_by_side(old[i:end_i], new[j:end_j])


def _side_by_side(old: list[Piece], new: list[Piece]) -> Iterator[Pair]:
    """Yield a sentence beside a sentence, a break beside a break."""
    i = j = 0
    while i < len(old) or j < len(new):
        before = old[i] if i < len(old) else None
        after = new[j] if j < len(new) else None
        if before and after and (before.words == BREAK) != (after.words == BREAK):
            before, after = (before, None) if before.words == BREAK else (None, after)
        yield before, after
        i, j = i + (before is not None), j + (after is not None)
