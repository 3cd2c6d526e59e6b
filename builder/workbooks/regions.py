"""Sheets on which tables stand beside each other, cut into sheets with one table beside none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .amounts import text_of
from .reading import Sheet

IsTitle = Callable[[object], bool]


def side_by_side(sheets: Iterable[Sheet], is_title: IsTitle) -> Iterator[Sheet]:
    """Yield the sheets, and of those with several titles on one line the parts, cells at their own addresses."""
    for sheet in sheets:
        titles = {
            number: columns
            for number, row in enumerate(sheet.rows)
            if (columns := [column for column, value in enumerate(row) if is_title(value)])
        }
        shared = next((number for number, columns in titles.items() if len(columns) > 1), None)
        if shared is None:
            yield sheet
            continue
        left, right = titles[shared][:2]
        last = len(sheet.rows)
        below = next((number for number in titles if number > shared), last)
        column = _blank_column(sheet, left, right, 0, last)
        if column is not None and shared == min(titles):
            yield from side_by_side(_parts(sheet, 0, last, column), is_title)
            continue
        column = _blank_column(sheet, left, right, shared, below) or right
        yield from side_by_side(_bands(sheet, shared, below, column), is_title)


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
