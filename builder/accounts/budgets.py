"""Budgets: 年初预算 and 全年预算 of what a cell shows, where the facts say what they are."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from .ledger import NONE, Ledger, Query, budget_queries
from .money import total_of
from .places import cell_at
from .statements import Cell, Statement

BothBudgets = tuple[Decimal | None, Decimal | None]
"""年初预算 and 全年预算; None where it is not known."""
UNKNOWN: BothBudgets = (None, None)


class Budgets:
    """The budgets of one unit-year, for the cells of its tables."""

    def __init__(self, ledger: Ledger, statements: Mapping[str, Statement]) -> None:
        self._ledger, self._statements = ledger, statements
        self._queries: dict[Query, tuple[Query | None, Query | None]] = {}

    def of(self, cell: Cell) -> BothBudgets:
        """Return the budgets of a cell: what its query gives in their books; a sum has them if all its parts do."""
        if cell.query is None:
            if not cell.parts:
                return UNKNOWN
            parts = []
            for place, sign in cell.parts:
                both = self.of(cell_at(self._statements, place))
                if both == UNKNOWN:  # as of most tables' sums, and what the other parts have changes nothing
                    return UNKNOWN
                parts.append((both, sign))
            initial, adjusted = ([(both[which], sign) for both, sign in parts] for which in (0, 1))
            return total_of(initial), total_of(adjusted)
        queries = self._queries.get(cell.query)
        if queries is None:
            queries = self._queries[cell.query] = self._given(cell.query)
        of_year, of_changes = queries
        return (
            self._amount(cell, of_year) if of_year is not None else None,
            self._amount(cell, of_changes) if of_changes is not None else None,
        )

    def _given(self, query: Query) -> tuple[Query | None, Query | None]:
        """Return what asks for both budgets of what a query asks for; None where nothing of a budget is given."""
        initial, adjusted = budget_queries(query) or (None, None)
        return (
            initial if initial is not None and self._ledger.is_given(initial) else None,
            adjusted if adjusted is not None and self._ledger.is_given(adjusted) else None,
        )

    def _amount(self, cell: Cell, query: Query) -> Decimal | None:
        """Return what a budget's query gives for the subjects of a cell: as the table prints it beside, if it does."""
        ledger, subjects, place = self._ledger, cell.subjects, cell.place
        if not ledger.is_known(query, subjects):
            return None
        statement = self._statements[place.table]
        row = statement.rows.get(place.row) if query in statement.queries else None
        for other in row.cells.values() if row is not None else ():
            if other.query == query and other.subjects == subjects:
                return other.value
        return (ledger.found(query, subjects) or NONE)[0]
