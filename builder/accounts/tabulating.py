"""Tabulating: a table as the style declares it, drawn from the ledger cell by cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from .ledger import Ledger, Query
from .money import ZERO
from .statements import CENT_OF_WAN, TOTAL, Block, Cell, Place, Row, Stated, StatedValues, Statement
from .subjects import LEVELS, Subjects, levels
from .views import BlockSpec, ColumnSpec, RowSpec, Scope, TableSpec

STRETCH = "补齐"
NUMBERED = "编号"


def build_statement(
    name: str,
    spec: TableSpec,
    ledger: Ledger,
    subjects: Subjects,
    stated: StatedValues | None = None,
    *,
    step: Decimal = CENT_OF_WAN,
    before: Collection[str] = (),
) -> Statement:
    """Calculate one table.

    ``stated`` holds the stated values by table, row and column; ``step`` is the last digit that the table prints (元);
    ``before`` are the subjects that have a last-year figure, for blocks that list these too (含上年科目).
    """
    values = (stated or {}).get(spec.stated_in or name, {})
    return _Tabulator(name, spec, ledger, subjects, stated=values, step=step, before=before).statement()


class _Tabulator:
    """Draws one statement; lives only while it does."""

    def __init__(
        self,
        name: str,
        spec: TableSpec,
        ledger: Ledger,
        subjects: Subjects,
        *,
        stated: Mapping[str, Mapping[str, Stated]],
        step: Decimal,
        before: Collection[str],
    ) -> None:
        self.name, self.spec, self.ledger, self.subjects = name, spec, ledger, subjects
        self.stated, self.step, self.before = stated, step, before
        self._queries: dict[tuple[int, Scope], dict[str, tuple[Query, tuple[str, ...]]]] = {}

    def statement(self) -> Statement:
        totals = {name: self._total(name, block) for name, block in self.spec.blocks.items()}
        rows_of = {name: self._rows(name, block) for name, block in self.spec.blocks.items()}
        beside = [name for name, block in self.spec.blocks.items() if not block.apart]
        _level([rows_of[name] for name in beside])
        if self.spec.line_numbers:
            _number([*filter(None, [totals[name]]), *rows_of[name]] for name in beside)
        blocks = {
            name: Block(name, spec, tuple(rows_of[name]), totals[name]) for name, spec in self.spec.blocks.items()
        }
        rows = {row.key: row for block in blocks.values() for row in block.all_rows()}
        return Statement(self.name, self.spec, blocks, rows)

    def _prefix(self, name: str, block: BlockSpec) -> str:
        """Return what the keys of a block's declared rows begin with: 「左.」 where the table has several blocks."""
        return f"{name}." if len(self.spec.blocks) > 1 and block.rows else ""

    def _total(self, name: str, block: BlockSpec) -> Row | None:
        if not block.total:
            return None
        row = Row(self._prefix(name, block) + block.total, block.total, level=TOTAL)
        return self._row(row, block, block.within(self.spec))

    def _rows(self, name: str, block: BlockSpec) -> list[Row]:
        outer, prefix = block.within(self.spec), self._prefix(name, block)
        rows: list[Row] = []
        if block.by_subject:
            rows += self._subject_rows(block, outer)
        if block.economic:
            rows += self._economic_rows(block, outer)
        count = 0
        for spec in block.rows:
            for row, inner in self._declared(block, spec, prefix, outer):
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

    def _declared(self, block: BlockSpec, spec: RowSpec, prefix: str, outer: Scope) -> Iterator[tuple[Row, Scope]]:
        if spec.level or spec.blank:
            yield Row("", level=STRETCH if spec.level else ""), outer
        elif spec.categories:
            inner = spec.within(outer)
            for code, name in self._categories(block, spec.categories, inner).items():
                yield Row(prefix + name, name, code, NUMBERED, zero=spec.zero), Scope(subjects=(code,)).within(inner)
        else:
            label = spec.label or spec.name
            level = NUMBERED if spec.numbered else ""
            yield Row(prefix + spec.name, label, level=level, zero=spec.zero), spec.within(outer)

    def _categories(self, block: BlockSpec, number: int, inner: Scope) -> dict[str, str]:
        """Return the first ``number`` 功能大类 of the year, and any other 类 with figures, which must not be lost."""
        categories = {category.code: category.name for category in self.subjects.categories[:number]}
        used = {code for code in self._used(block, inner) if LEVELS.get(len(code)) == "类"}
        return categories | {code: self.subjects.name(code) for code in sorted(used - categories.keys())}

    def _used(self, block: BlockSpec, outer: Scope) -> set[str]:
        """Return the codes (类, 款 and 项) that have an amount in a column of the block."""
        return {  # an entry of zero is none, amounts that cancel each other out are some
            code
            for column in block.columns.values()
            if not column.sum_of
            for code, (_amount, items) in self.ledger.sums(column.within(outer).query).items()
            if code and items
        }

    def _subject_rows(self, block: BlockSpec, outer: Scope) -> Iterator[Row]:
        shown = set()
        for code in sorted(self._used(block, outer)):
            row = self._subject_row(code, block, outer)
            if row.has_figures or any(cell.stated for cell in row.cells.values()):
                shown.add(code)
                yield row
        if block.last_year_subjects:
            before = {above for subject in self.before for above in levels(subject)}
            for code in sorted(before - shown):
                yield self._subject_row(code, block, outer)

    def _subject_row(self, code: str, block: BlockSpec, outer: Scope) -> Row:
        row = Row(code, self.subjects.name(code), code, LEVELS[len(code)])
        return self._row(row, block, outer, subjects=(code,))

    def _economic_rows(self, block: BlockSpec, outer: Scope) -> Iterator[Row]:
        """The list of the year under the given codes but for those with a 「-」, plus what only the ledger has."""
        used = self._used(block, outer)
        shy = tuple(block.economic_if_used)
        left_out = tuple(code for code, sign in map(signed, block.economic) if sign < 0)
        given = [code for code, sign in map(signed, block.economic) if sign > 0]
        for category in _in_place(given, (code for code in shy if LEVELS[len(code)] == "类")):
            listed = dict.fromkeys(self.subjects.economic_under(category))
            unlisted = {code for code in used if code.startswith(category)} - listed.keys()
            for code in sorted({*listed, *unlisted}) if unlisted else listed:
                if code.startswith(left_out) or (code not in used and code.startswith(shy)):
                    continue
                row = Row(code, self.subjects.name(code, economic=True), code, LEVELS[len(code)])
                yield self._row(row, block, outer, subjects=(code,))

    def _row(
        self, row: Row, block: BlockSpec, outer: Scope, only: Sequence[str] = (), subjects: tuple[str, ...] = ()
    ) -> Row:
        wanted = {name: column for name, column in block.columns.items() if not only or name in only}
        stated = self.stated.get(row.key, {})
        for name, (query, of_column) in self._queries_of(block, outer).items():
            if name in wanted:
                codes = subjects or of_column
                amount, items = self.ledger.total(query, codes)
                row.cells[name] = Cell(
                    Place(self.name, row.key, name), amount, items, self.ledger,
                    _said(stated.get(name), amount), query, codes, step=self.step,
                )
        if len(row.cells) < len(wanted):
            for name in wanted:
                self._sum_cell(row, name, wanted)
            row.cells = {name: row.cells[name] for name in wanted}
        return row

    def _queries_of(self, block: BlockSpec, outer: Scope) -> dict[str, tuple[Query, tuple[str, ...]]]:
        """Return what each column that is no sum asks of the ledger: the query, and its own subjects."""
        found = self._queries.get((id(block), outer))
        if found is None:
            scopes = {name: column.within(outer) for name, column in block.columns.items() if not column.sum_of}
            found = {name: (scope.query, scope.subjects or ("",)) for name, scope in scopes.items()}
            self._queries[id(block), outer] = found
        return found

    def _sum_cell(self, row: Row, name: str, columns: Mapping[str, ColumnSpec]) -> Cell:
        """Return a cell of the row, made of others where its column is a sum; these may stand before or after it."""
        if name not in row.cells:
            parts = [signed(part) for part in columns[name].sum_of]
            terms = [(self._sum_cell(row, part, columns), sign) for part, sign in parts if part in columns]
            row.cells[name] = self._summed(Place(self.name, row.key, name), terms)
        return row.cells[name]

    def _sum_row(self, row: Row, block: BlockSpec, spec: RowSpec, done: Mapping[str, Row], prefix: str) -> Row:
        for name in block.columns:
            if spec.columns and name not in spec.columns:
                continue
            parts = [signed(part) for part in spec.sum_of]
            terms = [
                (done[prefix + part].cells[name], sign) for part, sign in parts if name in done[prefix + part].cells
            ]
            row.cells[name] = self._summed(Place(self.name, row.key, name), terms)
        return row

    def _summed(self, place: Place, terms: Iterable[tuple[Cell, int]]) -> Cell:
        terms = list(terms)
        amount = sum((cell.value * sign for cell, sign in terms), ZERO)
        return Cell(
            place,
            amount,
            sum(cell.items for cell, _ in terms),
            tuple(cell for cell, _ in terms),
            _said(self.stated.get(place.row, {}).get(place.column), amount),
            parts=tuple((cell.place, sign) for cell, sign in terms),
            step=self.step,
        )


def _said(stated: Stated | None, derived: Decimal) -> Stated | None:
    """Return what is stated for a cell: a blank says zero, or nothing where there is something to say."""
    return None if stated is not None and stated.blank and derived else stated


def signed(part: str) -> tuple[str, int]:
    """Return the name of a term of a sum (合计) and its sign: ``-年末结转`` is subtracted."""
    return part.removeprefix("-"), -1 if part.startswith("-") else 1


def _in_place(categories: Sequence[str], more: Iterable[str]) -> list[str]:
    """Return the 类 with ``more`` of them, each before the first that has a higher code, and each once."""
    placed = list(categories)
    for code in more:
        if code in placed:
            continue
        at = next((number for number, other in enumerate(placed) if other > code), len(placed))
        placed.insert(at, code)
    return placed


def _level(blocks: Sequence[list[Row]]) -> None:
    """Make blocks that stand side by side equally long, by blank rows where a block says 补齐, else at its end."""
    longest = max((sum(not _stretches(row) for row in rows) for rows in blocks), default=0)
    for rows in blocks:
        at = next((number for number, row in enumerate(rows) if _stretches(row)), len(rows))
        rows[:] = [row for row in rows if not _stretches(row)]
        rows[at:at] = [Row("") for _ in range(longest - len(rows))]


def _stretches(row: Row) -> bool:
    return row.is_filler and row.level == STRETCH


def _number(blocks: Iterable[Iterable[Row]]) -> None:
    """Number the lines (行次) down one block and on down the next, fillers too."""
    for number, row in enumerate((row for rows in blocks for row in rows), 1):
        row.number = number
