"""Statements (决算表): the cells of a table as views of the ledger, with what the print or a system states beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from builder.findings import Source

from .ledger import Entry, Ledger, Query
from .money import ZERO, is_rounding_difference
from .subjects import Subjects
from .views import BlockSpec, ColumnSpec, Filter, RowSpec, TableSpec

TOTAL = "合计"
STRETCH = "补齐"
NUMBERED = "编号"
LEVELS = {3: "类", 5: "款", 7: "项"}


@dataclass(frozen=True, slots=True)
class Stated:
    """A value (元) that a finance system or the print gives for a cell, and where that stands."""

    amount: Decimal
    source: Source


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands: table / row / column, as 公开表.yaml and a formula name it."""

    table: str
    row: str
    column: str

    def __str__(self) -> str:
        """Return ``公开03/合计/基本支出``."""
        return f"{self.table}/{self.row}/{self.column}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what follows from the facts, what is stated, and the ledger entries it is made of. Amounts in 元."""

    place: Place
    derived: Decimal
    entries: tuple[Entry, ...]
    stated: Stated | None = None
    query: Query | None = None
    subjects: tuple[str, ...] = ("",)
    parts: tuple[tuple[str, int], ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether the stated value is the derived one but for 尾差 (or nothing is stated)."""
        return self.stated is None or is_rounding_difference(
            self.derived, self.stated.amount, max(len(self.entries), 1)
        )

    @property
    def value(self) -> Decimal:
        """The value that is printed, in 元: the stated one within the rounding tolerance, else the derived one."""
        return self.stated.amount if self.stated is not None and self.agrees else self.derived


@dataclass(slots=True)
class Row:
    """A row of one block: its key in stated values and formulas, its label, its cells by column."""

    key: str
    label: str = ""
    code: str = ""
    level: str = ""
    number: int = 0
    cells: dict[str, Cell] = field(default_factory=dict)

    @property
    def is_filler(self) -> bool:
        """Whether the row only keeps two blocks level."""
        return not self.key

    @property
    def has_figures(self) -> bool:
        """Whether any cell is not zero."""
        return any(cell.value for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class Block:
    """One block (栏) of a statement: its rows without the total, and the total row where it has one."""

    name: str
    spec: BlockSpec
    rows: tuple[Row, ...]
    total: Row | None = None

    def all_rows(self) -> Iterator[Row]:
        """Yield the total first, then the other rows that are not fillers."""
        if self.total is not None:
            yield self.total
        yield from (row for row in self.rows if not row.is_filler)


@dataclass(frozen=True, slots=True)
class Statement:
    """One table, calculated."""

    name: str
    spec: TableSpec
    blocks: Mapping[str, Block]
    rows: Mapping[str, Row]

    def cells(self) -> Iterator[Cell]:
        """Yield every cell, block by block."""
        for row in self.rows.values():
            yield from row.cells.values()

    @property
    def has_figures(self) -> bool:
        """Whether any cell is not zero."""
        return any(row.has_figures for row in self.rows.values())


StatedValues = Mapping[str, Mapping[str, Mapping[str, Stated]]]


def build_statement(
    name: str, spec: TableSpec, ledger: Ledger, subjects: Subjects, stated: StatedValues | None = None
) -> Statement:
    """Calculate one table. ``stated`` holds the stated values by table, row and column."""
    builder = _Builder(name, spec, ledger, subjects, (stated or {}).get(spec.stated_in or name, {}))
    return builder.statement()


class _Builder:
    """Builds one statement; lives only while it does."""

    def __init__(
        self,
        name: str,
        spec: TableSpec,
        ledger: Ledger,
        subjects: Subjects,
        stated: Mapping[str, Mapping[str, Stated]],
    ) -> None:
        self.name, self.spec, self.ledger, self.subjects, self.stated = name, spec, ledger, subjects, stated

    def statement(self) -> Statement:
        rows_of = {name: self._rows(name, block) for name, block in self.spec.blocks.items()}
        beside = [rows_of[name] for name, block in self.spec.blocks.items() if not block.apart]
        _level(beside)
        if self.spec.line_numbers:
            _number(beside)
        blocks: dict[str, Block] = {}
        rows: dict[str, Row] = {}
        for name, spec in self.spec.blocks.items():
            total = next((row for row in rows_of[name] if spec.total and row.key == spec.total), None)
            block = Block(name, spec, tuple(row for row in rows_of[name] if row is not total), total)
            blocks[name] = block
            rows.update((row.key, row) for row in block.all_rows())
        return Statement(self.name, self.spec, blocks, rows)

    def _rows(self, name: str, block: BlockSpec) -> list[Row]:
        outer = block.within(self.spec)
        prefix = f"{name}." if len(self.spec.blocks) > 1 and block.rows else ""
        rows: list[Row] = []
        if block.total:
            rows.append(self._row(Row(prefix + block.total, block.total, level=TOTAL), block, outer))
        if block.by_subject:
            rows += self._subject_rows(block, outer)
        if block.economic:
            rows += self._economic_rows(block, outer)
        count = 0
        for spec in block.rows:
            for row, inner in self._declared(spec, prefix, outer):
                if row.level == NUMBERED:
                    count += 1
                    row.label = block.numbering.format(序号=self.subjects.ordinal(count), 数=count) + row.label
                    row.level = ""
                if row.is_filler:
                    rows.append(row)
                elif spec.sum_of:
                    rows.append(self._sum_row(row, block, spec, {done.key: done for done in rows}, prefix))
                else:
                    rows.append(self._row(row, block, inner, spec.columns))
        return rows

    def _declared(self, spec: RowSpec, prefix: str, outer: Filter) -> Iterator[tuple[Row, Filter]]:
        if spec.level or spec.blank:
            yield Row("", level=STRETCH if spec.level else ""), outer
        elif spec.categories:
            for category in self.subjects.categories[: spec.categories]:
                inner = Filter(科目=[category.code]).within(spec.within(outer))
                yield Row(prefix + category.name, category.name, category.code, NUMBERED), inner
        else:
            label = spec.label or spec.name
            yield Row(prefix + spec.name, label, level=NUMBERED if spec.numbered else ""), spec.within(outer)

    def _subject_rows(self, block: BlockSpec, outer: Filter) -> Iterator[Row]:
        codes: set[str] = set()
        for column in block.columns.values():
            query = column.within(outer).query
            codes.update(code for code in self.ledger.sums(query) if code)
        for code in sorted(codes):
            row = Row(code, self.subjects.name(code), code, LEVELS[len(code)])
            self._row(row, block, outer, subjects=(code,))
            if row.has_figures or any(cell.stated for cell in row.cells.values()):
                yield row

    def _economic_rows(self, block: BlockSpec, outer: Filter) -> Iterator[Row]:
        """The list of the year under the given 类, plus what the ledger has that the list has not."""
        used = {code for column in block.columns.values() for code in self.ledger.sums(column.within(outer).query)}
        shy = tuple(block.economic_if_used)
        for category in (*block.economic, *(code for code in shy if len(code) == len(category_of(code)))):
            listed = dict.fromkeys(self.subjects.economic_under(category))
            unlisted = {code for code in used if code.startswith(category)} - listed.keys()
            for code in sorted({*listed, *unlisted}) if unlisted else listed:
                if code not in used and code.startswith(shy):
                    continue
                row = Row(code, self.subjects.name(code, economic=True), code, LEVELS[len(code)])
                yield self._row(row, block, outer, subjects=(code,))

    def _row(
        self, row: Row, block: BlockSpec, outer: Filter, only: Sequence[str] = (), subjects: tuple[str, ...] = ()
    ) -> Row:
        for name, column in block.columns.items():
            if only and name not in only:
                continue
            if column.sum_of:
                row.cells[name] = self._sum_cell(row, name, column)
            else:
                inner = column.within(outer)
                codes = subjects or inner.subjects or ("",)
                found = self.ledger.total(inner.query, codes)
                row.cells[name] = Cell(
                    Place(self.name, row.key, name),
                    found.amount,
                    tuple(found.entries),
                    self._stated(row.key, name),
                    inner.query,
                    codes,
                )
        return row

    def _sum_cell(self, row: Row, name: str, column: ColumnSpec) -> Cell:
        terms = [(row.cells[part.lstrip("-")], -1 if part.startswith("-") else 1) for part in column.sum_of]
        return self._summed(Place(self.name, row.key, name), terms)

    def _sum_row(self, row: Row, block: BlockSpec, spec: RowSpec, done: Mapping[str, Row], prefix: str) -> Row:
        for name in block.columns:
            if spec.columns and name not in spec.columns:
                continue
            terms = [
                (done[prefix + part.lstrip("-")].cells[name], -1 if part.startswith("-") else 1)
                for part in spec.sum_of
                if name in done[prefix + part.lstrip("-")].cells
            ]
            row.cells[name] = self._summed(Place(self.name, row.key, name), terms)
        return row

    def _summed(self, place: Place, terms: Iterable[tuple[Cell, int]]) -> Cell:
        terms = list(terms)
        return Cell(
            place,
            sum((cell.value * sign for cell, sign in terms), ZERO),
            tuple(entry for cell, _ in terms for entry in cell.entries),
            self._stated(place.row, place.column),
            parts=tuple((str(cell.place), sign) for cell, sign in terms),
        )

    def _stated(self, row: str, column: str) -> Stated | None:
        return self.stated.get(row, {}).get(column)


def category_of(code: str) -> str:
    """Return the 类 of an economic subject."""
    return code[:3]


def _level(blocks: Sequence[list[Row]]) -> None:
    """Make blocks that stand side by side equally long, by blank rows where a block says 补齐, else at its end."""
    longest = max((sum(not _stretches(row) for row in rows) for rows in blocks), default=0)
    for rows in blocks:
        at = next((i for i, row in enumerate(rows) if _stretches(row)), len(rows))
        rows[at : at + 1] = [Row("") for _ in range(longest - sum(not _stretches(row) for row in rows))]


def _stretches(row: Row) -> bool:
    return row.is_filler and row.level == STRETCH


def _number(blocks: Sequence[Sequence[Row]]) -> None:
    """Number the lines (行次) down one block and on down the next, fillers too."""
    for number, row in enumerate((row for rows in blocks for row in rows), 1):
        row.number = number
