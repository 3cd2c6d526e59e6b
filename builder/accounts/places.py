"""Places: the cell that stands at a place of a unit-year's tables."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from .figures import UnknownIndicatorError
from .outlines import empty_cells
from .statements import Cell, Place, Statement


def cell_at(statements: Mapping[str, Statement], place: Place) -> Cell:
    """Return the cell of a table; for a subject without a row, an empty one. Raises UnknownIndicatorError."""
    statement = statements.get(place.table)
    if statement is None:
        raise UnknownIndicatorError(str(place), list(statements))
    row = statement.rows.get(place.row)
    if row is not None:
        if place.column not in row.cells:
            raise UnknownIndicatorError(str(place), [str(place._replace(column=name)) for name in row.cells])
        return row.cells[place.column]
    block = next((block for block in statement.blocks.values() if place.column in block.spec.columns), None)
    if block is None or not place.row.isdigit():
        near = difflib.get_close_matches(place.row, list(statement.rows), 3)
        raise UnknownIndicatorError(str(place), [str(place._replace(row=name)) for name in near])
    return empty_cells(block.columns, place.row, (place.row,))[place.column]
