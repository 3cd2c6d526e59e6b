"""Sums between the cells of a table, by position: found once for a shape of table, then only put in numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from builder.accounts.money import ZERO

Amounts = Sequence[Decimal] | Mapping[int, Decimal]
"""Amounts of cells by their positions: of all cells of a table, or of some."""
Taking = Callable[[Amounts], Sequence[Decimal]]
"""Takes the amounts of some cells, two or more."""


class Sum(NamedTuple):
    """A cell that must be the sum of others, by position; of the ``terms``, those that are ``less`` are subtracted."""

    total: int
    terms: tuple[int, ...]
    less: tuple[int, ...] = ()


@dataclass(frozen=True)
class Sums:
    """The sums of one kind in every table of a shape, made ready to be put in numbers all at once."""

    each: tuple[Sum, ...]

    def hold(self, amounts: Amounts) -> bool:
        """Tell whether every one holds to the last 分, as in nearly all tables; else each has to be looked at."""
        amount_at = amounts.__getitem__
        return (
            [amounts[total] for total, _ in self._copies] == [amounts[term] for _, term in self._copies]
            and [amounts[total] for total, _ in self._additions]
            == [sum(terms(amounts), ZERO) for _, terms in self._additions]
            and all(
                amounts[total] + 2 * sum(map(amount_at, less), ZERO) == sum(map(amount_at, terms), ZERO)
                for total, terms, less in self._differences
            )
        )

    def touching(self, positions: Collection[int]) -> list[int]:
        """Return the numbers of those sums that some of the cells have a part in, in their order."""
        found: set[int] = set()
        numbers_of = self._numbers_of
        return sorted(found.union(*[numbers_of.get(position, ()) for position in positions]))

    @cached_property
    def cells(self) -> AbstractSet[int]:
        """The positions of all cells that have a part in one."""
        return self._numbers_of.keys()

    @cached_property
    def _copies(self) -> Sequence[tuple[int, int]]:
        """The sums of one term: a 款 with a single 项."""
        return [(total, terms[0]) for total, terms, less in self.each if len(terms) == 1 and not less]

    @cached_property
    def _additions(self) -> Sequence[tuple[int, Taking]]:
        return [(total, itemgetter(*terms)) for total, terms, less in self.each if len(terms) > 1 and not less]

    @cached_property
    def _differences(self) -> Sequence[Sum]:
        return [one for one in self.each if one.less]

    @cached_property
    def _numbers_of(self) -> Mapping[int, Sequence[int]]:
        found: dict[int, list[int]] = {}
        for number, (total, terms, _) in enumerate(self.each):
            for position in (total, *terms):
                found.setdefault(position, []).append(number)
        return found
