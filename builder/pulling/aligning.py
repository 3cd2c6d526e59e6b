"""Which passage of the edited document is which of the one that was made: by place and likeness, tables row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import groupby

from builder.pulling.reading import mark_of
from builder.rendering.pairing import paired
from builder.rendering.passages import Passage

ENOUGH = 0.34
"""How much of two texts must be the same where they are compared letter by letter."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A passage as made and as it is now; None where it is new, or gone."""

    old: Passage | None
    new: Passage | None

    @property
    def changed(self) -> bool:
        """Whether it says something else."""
        return self.old is None or self.new is None or same(self.old.text) != same(self.new.text)


def same(text: str) -> str:
    """Return a text as far as it matters: no program keeps the blanks at its ends."""
    return "\n".join(line.strip() for line in text.strip().split("\n"))


@dataclass(frozen=True)
class _Block:
    """A paragraph, a table, or a row of one."""

    passages: tuple[Passage, ...]

    @cached_property
    def key(self) -> tuple[bool, tuple[str, ...]]:
        """What makes two of them the same."""
        return bool(self.passages[0].spot.table), tuple(same(passage.text) for passage in self.passages)

    @cached_property
    def marks(self) -> frozenset[str]:
        """The marks in it."""
        return frozenset(mark_of(segment.mark) for one in self.passages for segment in one.segments if segment.mark)

    def likeness(self, other: object) -> float:
        """Return from 0 to 1 how much of two is the same; a mark that both have counts for much."""
        assert isinstance(other, _Block)
        (is_table, texts), (other_is_table, others) = self.key, other.key
        if is_table != other_is_table:
            return 0.0
        sides: tuple[Sequence[str], Sequence[str]] = (texts, others) if is_table else (texts[0], others[0])
        matcher = SequenceMatcher(None, *sides, autojunk=False)
        shared = 0.3 if self.marks & other.marks else 0.0
        return min(1.0, shared + (matcher.ratio() if matcher.quick_ratio() + shared > ENOUGH else 0.0))


def aligned(old: Sequence[Passage], new: Sequence[Passage]) -> list[Pair]:
    """Return the passages of both side by side, in order.

    What a cell holds that is merged with the one above is left out: nobody sees it, and not every program keeps it.
    """
    pairs: list[Pair] = []
    for before, after in paired(list(_blocks(old)), list(_blocks(new))):
        if before is not None and after is not None and before.key != after.key and before.key[0]:
            pairs += _table(before.passages, after.passages)
        else:
            olds = before.passages if before else ()
            news = after.passages if after else ()
            pairs += _side_by_side(olds, news)
    return pairs


def _blocks(passages: Sequence[Passage]) -> Iterator[_Block]:
    seen = (passage for passage in passages if passage.text.strip() and not passage.continues)
    numbered = enumerate(seen)
    for _key, group in groupby(numbered, lambda one: (one[1].spot.table, one[1].spot.table or one[0])):
        yield _Block(tuple(passage for _number, passage in group))


def _side_by_side(old: Sequence[Passage], new: Sequence[Passage]) -> list[Pair]:
    if len(old) == len(new):
        return [Pair(before, after) for before, after in zip(old, new, strict=True)]
    return [*(Pair(passage, None) for passage in old), *(Pair(None, passage) for passage in new)]


def _table(old: Sequence[Passage], new: Sequence[Passage]) -> Iterator[Pair]:
    """Yield the cells of two tables: row by row where they have as many, else by which rows are alike."""
    rows, others = _rows(old), _rows(new)
    if max(rows) == max(others):
        for number in sorted({*rows, *others}):
            yield from _row(rows.get(number, ()), others.get(number, ()))
        return
    for before, after in paired([_Block(row) for row in rows.values()], [_Block(row) for row in others.values()]):
        yield from _row(before.passages if before else (), after.passages if after else ())


def _rows(passages: Sequence[Passage]) -> dict[int, tuple[Passage, ...]]:
    return {number: tuple(row) for number, row in groupby(passages, lambda passage: passage.spot.row)}


def _row(old: Sequence[Passage], new: Sequence[Passage]) -> list[Pair]:
    """Return the cells of two rows: in order where they have as many, else by column.

    LibreOffice draws the columns of some tables anew, so that their numbers are others.
    """
    if len(old) == len(new) or not old or not new:
        return _side_by_side(old, new)
    columns, others = ({passage.spot.column: passage for passage in side} for side in (old, new))
    if columns.keys() <= others.keys() or others.keys() <= columns.keys():
        return [Pair(columns.get(column), others.get(column)) for column in sorted({*columns, *others})]
    pairs = paired([_Block((passage,)) for passage in old], [_Block((passage,)) for passage in new])
    return [Pair(a.passages[0] if a else None, b.passages[0] if b else None) for a, b in pairs]
