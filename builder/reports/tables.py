"""The statutory tables as printed, each cell with its text and its mark: what the HTML report and the workbook show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from builder.accounting import Accounts
from builder.accounts.statements import Cell, Place, Statement
from builder.table_names import AmountTexts
from builder.wording.numbers import AmountsAsText, NumberFormat, format_amount
from builder.workbooks.grids import CODED, LINE, Grid, Value, grid_of

from .marks import Mark, Marks, single_facts

LABEL = "项目"
"""The column that a rule names for the label of any row."""
LABELS = (*CODED, LABEL, LINE)


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell as a report shows it, over ``width`` columns; ``stated`` is the value given where another is printed."""

    text: str
    width: int = 1
    is_amount: bool = False
    is_middle: bool = False
    is_total: bool = False
    stated: str = ""
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Loose:
    """Something wrong that has no cell in the table: in its head, or a row or column that it does not have."""

    place: Place
    shown: Shown


@dataclass(frozen=True, slots=True)
class Table:
    """A table as printed, with the unit of its amounts; ``loose`` is what is wrong outside its cells."""

    grid: Grid
    unit: str
    printed: bool
    lines: tuple[tuple[Shown, ...], ...]
    loose: tuple[Loose, ...]

    @property
    def marks(self) -> int:
        """How many cells are marked."""
        return sum(shown.mark is not None for line in self.lines for shown in line) + len(self.loose)


def tables_of(accounts: Accounts, marks: Marks) -> Iterator[Table]:
    """Yield the tables of a unit-year in order: those that are published, and others where something is marked."""
    for statement in accounts.statements.values():
        table = _table(accounts, statement, marks)
        if table.printed or table.marks:
            yield table


def _table(accounts: Accounts, statement: Statement, marks: Marks) -> Table:
    number_format = accounts.style.wording.format(statement.spec.number_format)
    owners = {
        cell.place: (block, row)
        for block in statement.blocks.values() for row in block.all_rows() for cell in row.cells.values()
    }
    facts = single_facts(statement)
    grid = grid_of(statement)
    amounts, lines, labelled = AmountTexts(AmountsAsText(number_format), statement), [], set(owners)
    for values in grid.lines:
        line: list[Shown] = []
        for column, value in enumerate(values):
            if isinstance(value, Cell):
                block, row = owners[value.place]
                text = amounts.of(block.spec.columns[value.place.column], row, value)
                mark = marks.of_cell(value, only=facts.get(value.place))
                line.append(Shown(text, is_amount=True, stated=_stated(value, number_format), mark=mark))
            elif value is None and line and line[-1].is_total:
                line[-1] = replace(line[-1], width=line[-1].width + 1)
            else:
                head = grid.headers[column][-1]
                places = _of_label(grid, values, column)
                mark = next((found for place in places if (found := marks.of_place(place))), None)
                labelled.update(places)
                text = "" if value is None else str(value)
                is_total = head == CODED[0] and bool(text) and not text.isdigit()
                line.append(Shown(text, is_total=is_total, is_middle=is_total or head == LINE, mark=mark))
        lines.append(tuple(line))
    loose = tuple(_loose(accounts, statement, marks, labelled, number_format))
    return Table(grid, number_format.unit, statement.spec.printed, tuple(lines), loose)


def _of_label(grid: Grid, values: Sequence[Value], column: int) -> tuple[Place, ...]:
    """Return the places that a label may be named by: its row is that of the amounts of its block."""
    head = grid.headers[column][-1]
    if not isinstance(values[column], str) or head not in LABELS:
        return ()
    heads = [path[-1] for path in grid.headers]
    amounts = next((at for at in range(column, len(heads)) if heads[at] not in LABELS), column)
    end = next((at for at in range(amounts, len(heads)) if heads[at] in LABELS), len(heads))
    cell = next((value for value in values[amounts:end] if isinstance(value, Cell)), None)
    names = (head, LABEL) if head == CODED[1] else (head,)
    return () if cell is None else tuple(Place(grid.name, cell.place.row, name) for name in names)


def _stated(cell: Cell, number_format: NumberFormat) -> str:
    """Return the value that a cell was given, where it is not the one that is printed."""
    return "" if cell.stated is None or cell.agrees else format_amount(cell.stated.amount, number_format)


def _loose(
    accounts: Accounts, statement: Statement, marks: Marks, known: set[Place], number_format: NumberFormat
) -> Iterator[Loose]:
    """Yield the failing places of a table that are none of its cells."""
    for place in [place for place in marks.failing if place.table == statement.name and place not in known]:
        value = accounts.unit_year.stated.get(place.table, {}).get(place.row, {}).get(place.column)
        mark = marks.of_place(place)
        text = format_amount(value.amount, number_format) if value else ""
        yield Loose(place, Shown(text, is_amount=True, mark=mark))
