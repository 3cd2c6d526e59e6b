"""Sheets on which tables stand beside each other, cut into sheets with one table beside none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .amounts import text_of
from .reading import Sheet

Names = Callable[[object], tuple[str, bool] | None]
"""Tells of a cell the table that it names, and whether by its title (else by its 表号)."""


def side_by_side(sheets: Iterable[Sheet], names: Names) -> Iterator[Sheet]:
    """Yield the sheets, and of those with several tables named on one line the parts, cells at their own addresses."""
    for sheet in sheets:
        lines = dict(_named(sheet, names))
        shared = next((number for number, named in lines.items() if len({table for _, table, _ in named}) > 1), None)
        if shared is None:
            yield sheet
            continue
        (left, table, is_title), *others = lines[shared]
        right, is_title = next((column, is_title and title) for column, other, title in others if other != table)
        last = len(sheet.rows)
        here = {name for _, name, _ in lines[shared]}
        more = (number for number in lines if number > shared and {name for _, name, _ in lines[number]} - here)
        below = next(more, last)
        column = _blank_column(sheet, left, right, 0, last)
        if column is not None and shared == min(lines):
            yield from side_by_side(_parts(sheet, 0, last, column), names)
            continue
        column = _blank_column(sheet, left, right, shared, below) or (right if is_title else None)
        if column is None:  # a 表号 that is not the title's
            yield sheet
        else:
            yield from side_by_side(_bands(sheet, shared, below, column), names)


def _named(sheet: Sheet, names: Names) -> Iterator[tuple[int, list[tuple[int, str, bool]]]]:
    """Yield the rows that name tables, with each table's column."""
    for number, row in enumerate(sheet.rows):
        if named := [(column, *found) for column, value in enumerate(row) if (found := names(value))]:
            yield number, named


def _blank_column(sheet: Sheet, left: int, right: int, first: int, last: int) -> int | None:
    """Return the last column between two that is blank from a row to before another."""
    for column in range(right - 1, left, -1):
        if not any(text_of(sheet.value(row, column)) for row in range(first, last)):
            return column
    return None


def _bands(sheet: Sheet, first: int, last: int, column: int) -> Iterator[Sheet]:
    """Yield what stands above, left, right and below."""
    if any(text_of(value) for row in sheet.rows[:first] for value in row):
        yield _masked(sheet, 0, first)
    yield from _parts(sheet, first, last, column)
    if last < len(sheet.rows):
        yield _masked(sheet, last, len(sheet.rows))


def _parts(sheet: Sheet, first: int, last: int, column: int) -> Iterator[Sheet]:
    yield _masked(sheet, first, last, 0, column)
    yield _masked(sheet, first, last, column)


def _masked(sheet: Sheet, first: int, last: int, left: int = 0, right: int | None = None) -> Sheet:
    """Return a sheet that is blank outside some rows and columns."""
    rows = tuple(
        tuple(
            value if first <= number < last and left <= column and (right is None or column < right) else ""
            for column, value in enumerate(row)
        )
        for number, row in enumerate(sheet.rows)
    )
    return Sheet(sheet.name, rows, sheet.merged)
