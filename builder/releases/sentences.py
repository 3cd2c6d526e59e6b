"""Long texts sentence by sentence: what differs between two versions, and the old one with some of that made new.

A line is a paragraph. A line that was added or removed is one difference; in one that was changed, each sentence that
was changed, added or removed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

LINE = re.compile(r"[^\n]*[^\s][^\n]*(?:\n\s*(?=\n|$))*\n?")
ITEM = re.compile(r"\s*(?:[-*+]|[0-9]+\.)\s")
SENTENCE = re.compile(r"[^。！？]*[。！？]+[”’）》」』]*|[^。！？]+")
ALIKE = 0.5
"""How much of two lines or sentences must be the same for one to be the other, corrected."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A line with the empty ones after it, or a sentence, and the line and column (from 1) where it begins.

    ``compared`` is what of it means something: of a line not the blanks around it, but the indent of a list's item, and
    an empty line after a table's row.
    """

    text: str
    compared: str
    line: int
    column: int = 1

    @property
    def words(self) -> str:
        """What is shown."""
        return self.text.strip()

    @property
    def sentences(self) -> list[Piece]:
        """The sentences of a line."""
        found = SENTENCE.finditer(self.text.rstrip())
        return [Piece(match[0], match[0], self.line, self.column + match.start()) for match in found]


Pair = tuple[Piece | None, Piece | None]
Made = Callable[[Piece | None, Piece | None], bool]


def lines(text: str) -> list[Piece]:
    """Return the lines of a text that are not empty."""
    return [
        Piece(match[0], _compared(match[0]), text.count("\n", 0, match.start()) + 1) for match in LINE.finditer(text)
    ]


def _compared(line: str) -> str:
    ends_table = "|" in line and line.count("\n") > 1
    return (line.rstrip() if ITEM.match(line) else line.strip()) + ("\n" if ends_table else "")


def merged(old: str, new: str, made: Made) -> str:
    """Return the old text with those differences made of which ``made`` says so."""
    kept: list[str] = []
    for before, after in _paired(lines(old), lines(new)):
        if before is None or after is None:
            line = after if made(before, after) else before
            kept += [line.text] if line else []
        elif before.compared == after.compared:
            kept.append(before.text)
        elif before.words == after.words:  # another indent, or the end of a table
            kept.append(after.text if made(before, after) else before.text)
        else:
            break_after = before.text[len(before.text.rstrip()) :]
            kept.append(_merged_line(before.sentences, after.sentences, made) + break_after)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in kept)


def _merged_line(old: list[Piece], new: list[Piece], made: Made) -> str:
    pieces = (
        before if before and after and before.compared == after.compared else after if made(before, after) else before
        for before, after in _paired(old, new)
    )
    return "".join(piece.text for piece in pieces if piece is not None)


def _paired(old: Sequence[Piece], new: Sequence[Piece]) -> Iterator[Pair]:
    """Yield the pieces of both side by side, in order; None where one has none."""
    before, after = ([piece.compared for piece in side] for side in (old, new))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, i, end_i, j, end_j in matcher.get_opcodes():
        if kind == "equal":
            yield from zip(old[i:end_i], new[j:end_j], strict=True)
        else:
            yield from _alike(old[i:end_i], new[j:end_j])


def _alike(old: Sequence[Piece], new: Sequence[Piece]) -> Iterator[Pair]:
    """Yield the most alike beside one another, then what stands before and after them likewise."""
    scored = (
        (SequenceMatcher(None, before.words, after.words, autojunk=False).ratio(), -i, -j)
        for i, before in enumerate(old)
        for j, after in enumerate(new)
    )
    score, i, j = max(scored, default=(0.0, 0, 0))
    if score < ALIKE:
        yield from ((piece, None) for piece in old)
        yield from ((None, piece) for piece in new)
        return
    yield from _alike(old[:-i], new[:-j])
    yield old[-i], new[-j]
    yield from _alike(old[1 - i :], new[1 - j :])
