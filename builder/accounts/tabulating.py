"""Tabulating: a table as the style declares it, drawn from the ledger row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain

from .ledger import Ledger, Sums
from .money import ZERO
from .outlines import STRETCH, BlockOutline, RowOutline, TableOutline, empty_cells
from .statements import Block, Cell, Place, Row, Stated, StatedValues, Statement
from .subjects import LEVELS, Subjects, levels
from .views import Columns

Cells = Mapping[str, Cell]
NOTHING: Mapping[str, Stated] = {}


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
        self._of_columns: dict[Columns, list[Sums]] = {}

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
        return Row(outline.key, outline.label, level=outline.level, cells=cells)

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
            if outline.categories:
                places = self._categories(outline, block.prefix)
            elif outline.key:
                places = [(outline.key, outline.label, "", outline.subjects)]
            else:
                rows.append(Row("", level=outline.level))
                continue
            for key, label, code, subjects in places:
                cells = self._declared_cells(outline, key, subjects, done)
                row = done[key] = Row(key, label, code, "", 0, outline.zero, cells)
                if outline.numbered:
                    count += 1
                    row.label = _ordinal(block.spec.numbering, count) + label
                rows.append(row)

    def _categories(self, outline: RowOutline, prefix: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
        """Return key, label, code and subjects of a row for each of the first 功能大类 of the year.

        Any other 类 with figures, which must not be lost, follow.
        """
        categories = {each.code: each.name for each in self.subjects.categories[: outline.categories]}
        used = {code for code in _used(map(self.ledger.sums, outline.used)) if LEVELS.get(len(code)) == "类"}
        categories |= {code: self.subjects.name(code) for code in sorted(used - categories.keys())}
        return [(prefix + name, name, code, (code,)) for code, name in categories.items()]

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
        return self._cells(columns, key, subjects, self._sums(columns))

    def _subject_rows(self, block: BlockOutline) -> Iterator[Row]:
        """A row for each 类, 款 and 项 that has an amount, and for those that only last year had."""
        sums, name = self._sums(block.columns), self.subjects.name
        shown = set()
        for code in sorted(_used(sums)):
            row = self._coded_row(code, name(code), block.columns, sums)
            for cell in row.cells.values():
                if cell.value or cell.stated:
                    shown.add(code)
                    yield row
                    break
        if block.spec.last_year_subjects:
            before = {above for subject in self.before for above in levels(subject)}
            for code in sorted(before - shown):
                yield self._coded_row(code, name(code), block.columns, sums)

    def _economic_rows(self, block: BlockOutline) -> Iterator[Row]:
        """The list of the year under the 类 of the block, plus what only the ledger has."""
        outline, columns, name = block.economic, block.columns, self.subjects.name
        left_out, shy = outline.left_out, outline.shy
        sums = self._sums(columns)
        used = _used(sums)
        said = self.stated.keys() | frozenset().union(*sums)
        for category in outline.categories:
            listed = self.subjects.economic_under(category)
            unlisted = {code for code in used if code.startswith(category)}.difference(listed)
            for code in sorted({*listed, *unlisted}) if unlisted else listed:
                if code.startswith(left_out) or (code not in used and code.startswith(shy)):
                    continue
                label = name(code, economic=True)
                if code in said:
                    yield self._coded_row(code, label, columns, sums)
                else:  # as most are
                    yield Row(code, label, code, LEVELS[len(code)], 0, None, empty_cells(columns, code, (code,)))

    def _sums(self, columns: Columns) -> list[Sums]:
        """Return what the ledger has for each column that asks it, by subject."""
        found = self._of_columns.get(columns)
        if found is None:
            sums = self.ledger.sums
            found = self._of_columns[columns] = [sums(query) for _name, query, _own in columns.asked]
        return found

    def _coded_row(self, code: str, label: str, columns: Columns, sums: Sequence[Sums]) -> Row:
        """Return the row of one subject."""
        return Row(code, label, code, LEVELS[len(code)], 0, None, self._cells(columns, code, (code,), sums))

    def _cells(self, columns: Columns, key: str, subjects: tuple[str, ...], sums: Sequence[Sums]) -> Cells:
        """Return the cells of a row; ``sums`` are what the ledger has for each column that asks it."""
        empty, stated, ledger = empty_cells(columns, key, subjects), self.stated.get(key, NOTHING), self.ledger
        subject = subjects[0] if len(subjects) == 1 else None
        cells: dict[str, Cell] | None = None
        for (name, query, own), by_subject in zip(columns.asked, sums, strict=True):
            each = by_subject.get(subject) if subject is not None and not own else ledger.found(query, own or subjects)
            said = stated.get(name) if stated else None
            if each is None and said is None:
                continue
            if cells is None:
                cells = dict(empty)
            bare = empty[name]
            if each is None:
                cells[name] = bare.filled(ZERO, 0, (), said)
                continue
            amount, items = each
            said = _said(said, amount) if said else None
            cells[name] = Cell(bare.place, amount, items, ledger, said, query, bare.subjects, (), bare.step)
        if cells is None:
            if not stated:
                return empty
            cells = dict(empty)
        for name, terms in columns.sums:
            parts = [(cells[part], sign) for part, sign in terms]
            cells[name] = _sum(empty[name].place, parts, stated.get(name), columns.step)
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


@lru_cache(maxsize=1024)
def _ordinal(numbering: str, number: int) -> str:
    """Return what a block prints before its ``number``-th numbered row."""
    return numbering.format(序号=Subjects.ordinal(number), 数=number)


def _level(blocks: Sequence[list[Row]]) -> None:
    """Make blocks that stand side by side equally long, by blank rows where a block says 补齐, else at its end."""
    stretches = [[number for number, row in enumerate(rows) if row.level == STRETCH] for rows in blocks]
    longest = max((len(rows) - len(places) for rows, places in zip(blocks, stretches, strict=True)), default=0)
    for rows, places in zip(blocks, stretches, strict=True):
        at = places[0] if places else len(rows)
        for number in reversed(places):
            del rows[number]
        rows[at:at] = [Row("") for _ in range(longest - len(rows))]


def _number(blocks: Iterable[Iterable[Row]]) -> None:
    """Number the lines (行次) down one block and on down the next, fillers too."""
    for number, row in enumerate(chain.from_iterable(blocks), 1):
        row.number = number
