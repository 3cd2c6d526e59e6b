"""Cells known by what they mean: a place of one form found in a workbook that is laid out as another form's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from builder.accounts.money import ZERO
from builder.accounts.statements import Place
from builder.accounts.subjects import Subjects
from builder.accounts.views import BlockSpec, Scope, TableSpec, signed

from .labels import wanted_rows
from .placing import Placed


class Meanings:
    """The amounts of placed cells by scope and subject, and the places of a form's tables among them."""

    def __init__(self, cells: Iterable[Placed], tables: Mapping[str, TableSpec], subjects: Subjects) -> None:
        self.tables, self.subjects = tables, subjects
        self.amounts: dict[Scope, Decimal] = {}
        for cell in cells:
            if cell.scope is not None:
                scope = cell.scope._replace(subjects=(cell.code,)) if cell.code else cell.scope
                self.amounts.setdefault(scope, cell.amount)

    def codes(self, place: Place) -> list[str]:
        """Return the subjects that have an amount in the column of a place."""
        return sorted({
            scope.subjects[0]
            for block, outer, _ in self._blocks(place)
            for scope in self.amounts
            if len(scope.subjects) == 1 and scope._replace(subjects=()) == block.columns[place.column].within(outer)
        })

    def amount(self, place: Place) -> Decimal | None:
        """Return the amount (元) at a place of the form, also as a sum of what its parts mean; None where unknown."""
        for block, outer, prefix in self._blocks(place):
            column = block.columns[place.column]
            if column.sum_of:
                return self._sum(place._replace(column=name) for name in column.sum_of)
            row = next((row for row in block.rows if prefix + row.name == place.row), None)
            if row is not None and row.sum_of:
                return self._sum(place._replace(row=prefix + name) for name in row.sum_of)
            inner = self._row(place, block, outer, prefix)
            if inner is not None:
                return self.amounts.get(column.within(inner))
        return None

    def _sum(self, places: Iterable[Place]) -> Decimal | None:
        total = ZERO
        for place in places:
            row, column = (signed(name.rpartition(".")[2]) for name in (place.row, place.column))
            stem = place.row.removesuffix(place.row.rpartition(".")[2])
            amount = self.amount(place._replace(row=stem + row[0], column=column[0]))
            if amount is None:
                return None
            total += row[1] * column[1] * amount
        return total

    def _row(self, place: Place, block: BlockSpec, outer: Scope, prefix: str) -> Scope | None:
        """Return the scope of a place's row in a block; None where the block has no such row."""
        if (block.by_subject or block.economic) and place.row.isdigit():
            return outer._replace(subjects=(place.row,))
        if block.total and place.row == prefix + block.total:
            return outer
        wanted = wanted_rows(block, prefix, outer, self.subjects)
        return next((row.scope for row in wanted if row.key == place.row), None)

    def _blocks(self, place: Place) -> Iterator[tuple[BlockSpec, Scope, str]]:
        spec = self.tables[place.table]
        for name, block in spec.blocks.items():
            if place.column in block.columns:
                prefix = f"{name}." if len(spec.blocks) > 1 and block.rows else ""
                yield block, block.within(spec), prefix
