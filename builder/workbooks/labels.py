"""The words of a printed table against its form's: which row a label means, and whether it says the same."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from builder.accounts.subjects import Subjects
from builder.accounts.views import BlockSpec, Scope

from .amounts import text_of
from .headers import normal

NEAR = 0.75
"""How alike a label and a row's name must be for one to stand for the other, with a remark."""
ORDINALS = {Subjects.ordinal(number): number for number in range(1, 100)}
ORDINAL = re.compile(r"^(?:([一二三四五六七八九十]+)、|([0-9]{1,2})[.、])")


def ordinal_of(label: str) -> int | None:
    """Return the number that a label begins with: 8 of 「八、其他收入」 and of 「8.其他收入」."""
    found = ORDINAL.match(label.replace(" ", ""))
    if not found:
        return None
    return ORDINALS.get(found[1]) if found[1] else int(found[2])


def printed(value: object) -> str:
    """Return a cell's words as they are printed, on one line."""
    return "".join(str(value).split("\n")).strip() if value is not None else ""


@dataclass(slots=True)
class Wanted:
    """A row that a form declares: key, label (normal form), number, and scope (None for a sum of others)."""

    key: str
    label: str
    number: int | None
    scope: Scope | None
    is_matched: bool = False


def wanted_rows(block: BlockSpec, prefix: str, outer: Scope, subjects: Subjects) -> Iterator[Wanted]:
    """Yield the rows that a block declares, numbered as the form numbers them."""
    count = 0
    for spec in block.rows:
        inner = spec.within(outer)
        if spec.categories:
            for category in subjects.categories[: spec.categories]:
                count += 1
                scope = Scope(subjects=(category.code,)).within(inner)
                yield Wanted(prefix + category.name, normal(category.name), count, scope)
        elif spec.name:
            label = spec.label or spec.name
            count += spec.numbered
            number = count if spec.numbered else ordinal_of(label)
            yield Wanted(prefix + spec.name, normal(label), number, None if spec.sum_of else inner)


class Matching:
    """Finds the declared row of each label of a block, from top to bottom; a row is matched once."""

    def __init__(self, rows: Iterable[Wanted], labels: Iterable[str]) -> None:
        self.rows = list(rows)
        self.left = Counter(normal(label) for label in labels)
        self.last = 0

    def match(self, label: str) -> Wanted | None:
        """Return the row of that label: the next one, else an earlier one, else a very similar one, else by number.

        A row whose own label the print still has is taken by no other label.
        """
        plain = normal(label)
        self.left[plain] -= 1
        open_ = [at for at in self._from_last() if not self.rows[at].is_matched]
        same = next((at for at in open_ if self.rows[at].label == plain), None)
        waiting = Counter(self.rows[at].label for at in open_)
        free = [at for at in open_ if waiting[self.rows[at].label] > self.left[self.rows[at].label]]
        at = same if same is not None else self._similar(plain, free)
        if at is None:
            at = self._numbered(ordinal_of(text_of(label)), free)
        if at is None:
            return None
        self.last = at
        self.rows[at].is_matched = True
        return self.rows[at]

    def _from_last(self) -> list[int]:
        return [*range(self.last, len(self.rows)), *range(self.last)]

    def _similar(self, plain: str, free: Sequence[int]) -> int | None:
        alike = {at: difflib.SequenceMatcher(None, plain, self.rows[at].label).ratio() for at in free[:3]}
        best = max(alike, key=alike.__getitem__, default=None)
        return best if best is not None and alike[best] >= NEAR else None

    def _numbered(self, number: int | None, free: Sequence[int]) -> int | None:
        """Return the next row where the form numbers it so: 「八、附属单位上缴收入」 for 「八、其他收入」."""
        following = [at for at in free if at >= self.last]
        at = following[0] if following else None
        return at if at is not None and number is not None and self.rows[at].number == number else None
