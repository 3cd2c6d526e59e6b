"""Tabulating: a table as the style declares it, drawn from the ledger row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from .ledger import Ledger, Sums
from .money import ZERO
from .outlines import BlockOutline, RowOutline, TableOutline, empty_cells
from .statements import TOTAL, Block, Cell, Place, Row, Stated, StatedValues, Statement
from .subjects import LEVELS, Subjects, levels
from .views import Columns, signed

STRETCH = "补齐"
Cells = Mapping[str, Cell]


def build_statement(
    outline: TableOutline,
    ledger: Ledger,
    subjects: Subjects,
    stated: StatedValues | None = None,
    *,
    before: Collection[str] = (),
) -> Statement:
    """Calculate one table.

    ``stated`` holds the stated values by table, row and column; ``before`` are the subjects that have a last-year
    figure, for blocks that list these too (含上年科目).
    """
    values = (stated or {}).get(outline.spec.stated_in or outline.name, {})
    return _Tabulator(outline, ledger, subjects, values, before).statement()


class _Tabulator:
    """Draws one statement; lives only while it does."""

    def __init__(
        self,
        outline: TableOutline,
        ledger: Ledger,
        subjects: Subjects,
        stated: Mapping[str, Mapping[str, Stated]],
        before: Collection[str],
    ) -> None:
        self.outline, self.ledger, self.subjects = outline, ledger, subjects
        self.stated, self.before = stated, before

    def statement(self) -> Statement:
        outlines, spec = self.outline.blocks, self.outline.spec
        totals = [self._total(block) for block in outlines]
        rows_of = [self._rows(block) for block in outlines]
        beside = [number for number, block in enumerate(outlines) if not block.spec.apart]
        _level([rows_of[number] for number in beside])
        if spec.line_numbers:
            _number([*filter(None, [totals[number]]), *rows_of[number]] for number in beside)
        blocks = {
            block.name: Block(block.name, block.spec, block.columns, tuple(rows), total)
            for block, rows, total in zip(outlines, rows_of, totals, strict=True)
        }
        lines = {row.key: row for block in blocks.values() for row in block.all_rows()}
        return Statement(self.outline.name, spec, blocks, lines, self.outline.queries)

    def _total(self, block: BlockOutline) -> Row | None:
        outline = block.total
        if outline is None:
            return None
        cells = self._declared_cells(outline, outline.key, outline.subjects, {})
        return Row(outline.key, outline.spec.label, level=TOTAL, cells=cells)

    def _rows(self, block: BlockOutline) -> list[Row]:
        rows: list[Row] = []
        if block.spec.by_subject:
            rows += self._subject_rows(block)
        if block.spec.economic:
            rows += self._economic_rows(block)
        if block.rows:
            self._declare(block, rows)
        return rows

    def _declare(self, block: BlockOutline, rows: list[Row]) -> None:
        """Append the rows that a block declares one by one, and number those that are to be."""
        done = {row.key: row for row in rows}
        count = 0
        for outline in block.rows:
            for row in self._declared(outline, block.prefix, done):
                if outline.numbered:
                    count += 1
                    row.label = _ordinal(block.spec.numbering, count) + row.label
                done[row.key] = row
                rows.append(row)

    def _declared(self, outline: RowOutline, prefix: str, done: Mapping[str, Row]) -> Iterator[Row]:
        spec = outline.spec
        if spec.level or spec.blank:
            yield Row("", level=STRETCH if spec.level else "")
        elif spec.categories:
            for code, name in self._categories(outline, spec.categories).items():
                key = prefix + name
                yield Row(key, name, code, zero=spec.zero, cells=self._declared_cells(outline, key, (code,), done))
        else:
            cells = self._declared_cells(outline, outline.key, outline.subjects, done)
            yield Row(outline.key, spec.label or spec.name, zero=spec.zero, cells=cells)

    def _declared_cells(
        self, outline: RowOutline, key: str, subjects: tuple[str, ...], done: Mapping[str, Row]
    ) -> Cells:
        columns = outline.columns
        if outline.terms:
            terms = [(done[part].cells, sign) for part, sign in outline.terms]
            stated = self.stated.get(key, {})
            return {
                name: _sum(
                    Place(columns.table, key, name), [(cells[name], sign) for cells, sign in terms if name in cells],
                    stated.get(name), columns.step,
                )
                for name in columns.names
            }
        return self._cells(columns, key, subjects, [
            self.ledger.found(query, own or subjects) for _name, query, own in columns.asked
        ])

    def _categories(self, outline: RowOutline, number: int) -> dict[str, str]:
        """Return the first ``number`` 功能大类 of the year, and any other 类 with figures, which must not be lost."""
        categories = {category.code: category.name for category in self.subjects.categories[:number]}
        used = {code for code in _used(map(self.ledger.sums, outline.used)) if LEVELS.get(len(code)) == "类"}
        return categories | {code: self.subjects.name(code) for code in sorted(used - categories.keys())}

    def _subject_rows(self, block: BlockOutline) -> Iterator[Row]:
        """A row for each 类, 款 and 项 that has an amount, and for those that only last year had."""
        sums = self._sums(block.columns)
        shown = set()
        for code in sorted(_used(sums)):
            row = self._coded_row(code, self.subjects.name(code), block.columns, sums)
            if row.has_figures or any(cell.stated for cell in row.cells.values()):
                shown.add(code)
                yield row
        if block.spec.last_year_subjects:
            before = {above for subject in self.before for above in levels(subject)}
            for code in sorted(before - shown):
                yield self._coded_row(code, self.subjects.name(code), block.columns, sums)

    def _economic_rows(self, block: BlockOutline) -> Iterator[Row]:
        """The list of the year under the given codes but for those with a 「-」, plus what only the ledger has."""
        spec, name = block.spec, self.subjects.name
        sums = self._sums(block.columns)
        used = _used(sums)
        shy = tuple(spec.economic_if_used)
        left_out = tuple(code for code, sign in map(signed, spec.economic) if sign < 0)
        given = [code for code, sign in map(signed, spec.economic) if sign > 0]
        for category in _in_place(given, (code for code in shy if LEVELS[len(code)] == "类")):
            listed = self.subjects.economic_under(category)
            unlisted = {code for code in used if code.startswith(category)}.difference(listed)
            for code in sorted({*listed, *unlisted}) if unlisted else listed:
                if code.startswith(left_out) or (code not in used and code.startswith(shy)):
                    continue
                yield self._coded_row(code, name(code, economic=True), block.columns, sums)

    def _sums(self, columns: Columns) -> list[Sums]:
        """Return what the ledger has for each column that asks it, by subject."""
        return [self.ledger.sums(query) for _name, query, _own in columns.asked]

    def _coded_row(self, code: str, label: str, columns: Columns, sums: Sequence[Sums]) -> Row:
        """Return the row of one subject."""
        cells = self._cells(columns, code, (code,), [found.get(code) for found in sums])
        return Row(code, label, code, LEVELS[len(code)], cells=cells)

    def _cells(
        self, columns: Columns, key: str, subjects: tuple[str, ...], found: Sequence[tuple[Decimal, int] | None]
    ) -> Cells:
        """Return the cells of a row, with what the ledger has for each column that asks it."""
        empty = empty_cells(columns, key, subjects)
        stated = self.stated.get(key)
        if stated is None and not any(found):
            return empty
        cells = dict(empty)
        for (name, _query, _own), each in zip(columns.asked, found, strict=True):
            said = stated.get(name) if stated else None
            if each is not None:
                cells[name] = empty[name].filled(each[0], each[1], self.ledger, _said(said, each[0]))
            elif said is not None:
                cells[name] = empty[name].filled(ZERO, 0, (), said)
        for name, terms in columns.sums:
            said = stated.get(name) if stated else None
            cells[name] = _sum(empty[name].place, [(cells[part], sign) for part, sign in terms], said, columns.step)
        return cells


def _sum(place: Place, terms: Sequence[tuple[Cell, int]], stated: Stated | None, step: Decimal) -> Cell:
    """Return a cell that adds up others."""
    amount = sum((cell.value * sign for cell, sign in terms), ZERO)
    behind = tuple(cell for cell, _sign in terms)
    parts = tuple((cell.place, sign) for cell, sign in terms)
    items = sum(cell.items for cell in behind)
    return Cell(place, amount, items, behind, _said(stated, amount), parts=parts, step=step)


def _used(sums: Iterable[Sums]) -> set[str]:
    """Return the codes (类, 款 and 项) that have an amount in one of the sums.

    An entry of zero is none; amounts that cancel each other out are some.
    """
    return {code for found in sums for code, (_amount, items) in found.items() if items and code}


def _said(stated: Stated | None, derived: Decimal) -> Stated | None:
    """Return what is stated for a cell: a blank says zero, or nothing where there is something to say."""
    return None if stated is not None and stated.blank and derived else stated


def _in_place(categories: Sequence[str], more: Iterable[str]) -> list[str]:
    """Return the 类 with ``more`` of them, each before the first that has a higher code, and each once."""
    placed = list(categories)
    for code in more:
        if code in placed:
            continue
        at = next((number for number, other in enumerate(placed) if other > code), len(placed))
        placed.insert(at, code)
    return placed


@lru_cache(maxsize=1024)
def _ordinal(numbering: str, number: int) -> str:
    """Return what a block prints before its ``number``-th numbered row."""
    return numbering.format(序号=Subjects.ordinal(number), 数=number)


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
