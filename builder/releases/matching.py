"""Which row or sentence of a document is which in its other version: in order, by what is the same but for numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import TypeVar

from builder.releases.lines import Line

NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
WORDS = re.compile(r"[一-鿿]")
ALIKE = 0.5
"""How much of two rows or sentences must be the same for one to be the other, corrected."""
ALONE = 0.2
"""The same where there are no others that it could be."""
MOST = 10_000
"""How many pairs are compared letter by letter; beyond that what stands between two matches is old and new."""

T = TypeVar("T")
Pair = tuple[int | None, int | None]
"""Places in the old and in the new version; None where there is nothing."""
Key = Callable[[T], Hashable]


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph, or the cells of a table's row."""

    lines: tuple[Line, ...]

    @property
    def is_paragraph(self) -> bool:
        """Whether it is a paragraph by itself."""
        return not self.lines[0].spot.table

    @property
    def text(self) -> str:
        """What stands there, on one line."""
        return "　".join(" ".join(line.text.split()) for line in self.lines)


def rows_of(lines: Sequence[Line]) -> list[Row]:
    """Return lines as rows."""
    numbered = ((number if not line.spot.table else 0, line) for number, line in enumerate(lines, 1))
    grouped = groupby(numbered, lambda one: (one[0], one[1].document, one[1].spot.table, one[1].spot.row))
    return [Row(tuple(line for _number, line in group)) for _key, group in grouped]


def without_numbers(text: str) -> str:
    """Return a text with a sign in place of each number."""
    return NUMBER.sub("#", text)


def paired_rows(old: Sequence[Row], new: Sequence[Row]) -> list[Pair]:
    """Return the places of all rows, matched in order."""
    return list(_paired(old, new, [_exactly, _by_name, _by_label], _rows_alike))


def paired_texts(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Return the places of all sentences, matched in order."""
    return list(_paired(old, new, [str, without_numbers], _texts_alike))


def _exactly(row: Row) -> Hashable:
    return row.is_paragraph, tuple((line.spot.column, line.text) for line in row.lines)


def _by_name(row: Row) -> Hashable:
    """A row without its numbers; what it begins with, a code perhaps, stays."""
    if row.is_paragraph:
        return without_numbers(row.text)
    return _code(row), tuple(without_numbers(line.text) for line in row.lines if WORDS.search(line.text))


def _by_label(row: Row) -> Hashable:
    """The first words of a row, with its code."""
    if row.is_paragraph:
        return id(row)
    return _code(row), next((line.text for line in row.lines if WORDS.search(line.text)), id(row))


def _code(row: Row) -> str:
    first = row.lines[0].text
    return first if first.isdecimal() else ""


def _paired(
    old: Sequence[T], new: Sequence[T], keys: Sequence[Key[T]], alike: Callable[[T, T], float]
) -> Iterator[Pair]:
    """Yield the places: by the first key, what stands between by the next, at last by likeness."""
    if not old or not new:
        yield from ((place, None) for place in range(len(old)))
        yield from ((None, place) for place in range(len(new)))
    elif not keys:
        yield from _closest(old, new, alike)
    else:
        key, *others = keys
        matcher = SequenceMatcher(None, [key(one) for one in old], [key(one) for one in new], autojunk=False)
        for kind, i, end, j, stop in matcher.get_opcodes():
            if kind == "equal":
                yield from ((i + step, j + step) for step in range(end - i))
            else:
                for before, after in _paired(old[i:end], new[j:stop], others, alike):
                    yield None if before is None else i + before, None if after is None else j + after


def _closest(old: Sequence[T], new: Sequence[T], alike: Callable[[T, T], float]) -> list[Pair]:
    """Return the pairs in order that are most alike in all."""
    if len(old) * len(new) > MOST:
        return [*((place, None) for place in range(len(old))), *((None, place) for place in range(len(new)))]
    if len(old) == len(new) == 1 and alike(old[0], new[0]) > ALONE:
        return [(0, 0)]
    likeness = [[alike(before, after) for after in new] for before in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            together = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] >= ALIKE else 0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], together)
    pairs: list[Pair] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if likeness[i][j] >= ALIKE and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append((i, None))
            i += 1
        else:
            pairs.append((None, j))
            j += 1
    return [*pairs, *((place, None) for place in range(i, len(old))), *((None, place) for place in range(j, len(new)))]


def _rows_alike(old: Row, new: Row) -> float:
    if old.is_paragraph != new.is_paragraph:
        return 0
    return _texts_alike(old.text, new.text)


def _texts_alike(old: str, new: str) -> float:
    matcher = SequenceMatcher(None, without_numbers(old), without_numbers(new), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() > ALONE else 0
