"""Statements (决算表): the cells of a table, with what follows from the facts and what is stated side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from builder.findings import Source, Spot

from .ledger import Entry, Ledger, Query
from .money import is_rounding_difference
from .views import BlockSpec, Columns, TableSpec

TOTAL = "合计"
CENT_OF_WAN = Decimal(100)
"""The last digit that tables usually print, 0.01 万元, in 元."""


class Stated(NamedTuple):
    """A value (元) that a finance system or the print gives for a cell, and where that stands; zero where ``blank``."""

    amount: Decimal
    at: Source | Spot
    blank: bool = False

    @property
    def source(self) -> Source:
        """Where it stands."""
        return self.at.source


class StatedText(NamedTuple):
    """Words as a workbook prints them, and where that stands."""

    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class StatedWords:
    """What a printed table says otherwise than its form: 表号, title, unit, and the labels of rows by their keys."""

    code: StatedText | None = None
    title: StatedText | None = None
    owner: StatedText | None = None
    labels: Mapping[str, StatedText] = field(default_factory=dict)


class Place(NamedTuple):
    """Where a cell stands: table / row / column, as 公开表.yaml and a formula name it."""

    table: str
    row: str
    column: str

    def __str__(self) -> str:
        """Return ``公开03/合计/基本支出``."""
        return "/".join(self)


@dataclass(slots=True, eq=False)
class Cell:
    """One cell: what follows from the facts, what is stated, and what is printed. Amounts in 元.

    A cell is a ``query`` over ``subjects``, or the sum of other cells (``parts``, each with 1 or -1). ``items`` counts
    the ledger entries that are not zero, ``behind`` is where they are found: the ledger, or the cells of a sum.
    ``step`` is the last digit that its table prints, in 元. ``value`` is what is printed: the stated value within the
    rounding tolerance, else the derived one.

    Nothing changes a cell once it is made. (It is no named tuple and not frozen, for hundreds are made for a document,
    and asked for their values ten thousand times.)
    """

    place: Place
    derived: Decimal
    items: int = 0
    behind: Ledger | tuple[Cell, ...] = ()
    stated: Stated | None = None
    query: Query | None = None
    subjects: tuple[str, ...] = ("",)
    parts: tuple[tuple[Place, int], ...] = ()
    step: Decimal = CENT_OF_WAN
    value: Decimal = field(init=False)

    def __post_init__(self) -> None:
        """Decide what is printed."""
        self.value = self.derived if self.stated is None else self._printed(self.stated.amount)

    def _printed(self, stated: Decimal) -> Decimal:
        if stated == self.derived or is_rounding_difference(self.derived, stated, self.leaves, self.step):
            return stated
        return self.derived

    def filled(self, derived: Decimal, items: int, behind: Ledger | tuple[Cell, ...], stated: Stated | None) -> Cell:
        """Return this cell with what a unit's ledger and its stated values have for it."""
        return Cell(self.place, derived, items, behind, stated, self.query, self.subjects, self.parts, self.step)

    @property
    def leaves(self) -> int:
        """How many items the cell is made of, at least one; an amount of zero is no item that could be rounded."""
        return self.items or 1

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The ledger entries that the cell is made of, those of zero too."""
        if isinstance(self.behind, tuple):
            return tuple(entry for cell in self.behind for entry in cell.entries)
        assert self.query is not None  # the ledger stands only behind a query
        return tuple(self.behind.entries_of(self.query, self.subjects))

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where its entries stand."""
        return tuple(dict.fromkeys(entry.source for entry in self.entries))

    @property
    def agrees(self) -> bool:
        """Whether the stated value is the derived one but for 尾差 (or nothing is stated)."""
        return self.stated is None or self.value == self.stated.amount


@dataclass(slots=True)
class Row:
    """A row of one block: its key in stated values and formulas, its label, its cells by column, how it prints zero.

    A filler, which only keeps two blocks level, has no key.
    """

    key: str
    label: str = ""
    code: str = ""
    level: str = ""
    number: int = 0
    zero: str | None = None
    cells: Mapping[str, Cell] = field(default_factory=dict)

    @property
    def has_figures(self) -> bool:
        """Whether any cell is not zero."""
        return any(cell.value for cell in self.cells.values())


@dataclass(slots=True, eq=False)
class Block:
    """One block (栏) of a statement: its rows without the total, and the total row where it has one.

    ``columns`` say what a row of one subject asks of the ledger.
    """

    name: str
    spec: BlockSpec
    columns: Columns
    rows: tuple[Row, ...]
    total: Row | None = None
    _lines: tuple[Row, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Put the rows together once: the rules ask for them again and again."""
        lines = [row for row in self.rows if row.key]
        self._lines = tuple(lines) if self.total is None else (self.total, *lines)

    def all_rows(self) -> Sequence[Row]:
        """Return the total first, then the other rows that are not fillers."""
        return self._lines


@dataclass(slots=True, eq=False)
class Statement:
    """One table, calculated."""

    name: str
    spec: TableSpec
    blocks: Mapping[str, Block]
    rows: Mapping[str, Row]
    queries: frozenset[Query] = frozenset()
    """All that its cells ask of the ledger."""

    def cells(self) -> Iterator[Cell]:
        """Yield every cell, block by block."""
        for row in self.rows.values():
            yield from row.cells.values()

    @property
    def has_figures(self) -> bool:
        """Whether any cell is not zero."""
        return any(row.has_figures for row in self.rows.values())


StatedValues = Mapping[str, Mapping[str, Mapping[str, Stated]]]
