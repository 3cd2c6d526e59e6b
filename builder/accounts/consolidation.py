"""A department's units taken together: its tables drawn from their ledgers, to compare its own figures with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from builder.findings import Source

from .eliminations import ELIMINATIONS
from .ledger import Entry, Ledger
from .money import ZERO
from .rollup import RolledUp
from .statements import Cell, Statement


@dataclass(frozen=True, slots=True)
class Consolidation:
    """What a department's figures should be.

    ``statements`` are the department's tables drawn from ``ledger``, all units' entries and the eliminations;
    ``rolled`` are the sums of all other numbers. ``names`` says what each file of an entry is called: a unit, or 抵消.
    ``missing`` are the units that have no such year.
    """

    ledger: Ledger
    statements: Mapping[str, Statement]
    rolled: RolledUp
    names: Mapping[str, str]
    missing: tuple[str, ...] = ()

    def shares(self, cell: Cell) -> dict[str, Decimal]:
        """Return what each unit (and 抵消) contributes to a cell, in 元; empty where it is no plain sum of entries."""
        found: dict[str, Decimal] = {}
        for entry in cell.entries:
            name = self.names.get(entry.source.path, entry.source.path)
            found[name] = found.get(name, ZERO) + entry.amount
        return found if sum(found.values(), ZERO) == cell.derived else {}

    def files(self, name: str) -> list[Source]:
        """Return the files that are called so."""
        return [Source(path) for path, called in self.names.items() if called == name]

    def entries_like(self, entry: Entry) -> list[Entry]:
        """Return the units' entries that a department's entry sums up; of an elimination none."""
        if entry.source.path in self.names:
            return []
        return [
            each for each in self.ledger.entries
            if (each.book, each.subject, each.fund, each.kind) == (entry.book, entry.subject, entry.fund, entry.kind)
            and entry.detail in {"", each.detail} and each.amount and self.names[each.source.path] != ELIMINATIONS
        ]
