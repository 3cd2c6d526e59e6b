"""Which cells must add up to which others, found through what the style's tables ask of the ledger.

A query over the ledger is a set of atoms (账 × 资金来源 × 类型 × 明细). A cell is the sum of others where their atoms
are apart from one another and together are its own: so 本年支出合计 is 基本支出 + 项目支出 + …, and 公务用车 is
购置费 + 运行维护费, in whatever table and under whatever name a style has them.

Which these are depends on the style and on the rows alone, not on any amount: so they are found once for every table
of one shape (``tables``), as positions in the list of its cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from builder.accounts.ledger import DETAILS, EXPENDITURE_KINDS, GENERAL, NON_FISCAL, REVENUE_KINDS, THREE_PUBLIC, Query
from builder.accounts.statements import Block, Cell, Row, Statement
from builder.accounts.subjects import LEVELS
from builder.accounts.values import FUNDS

from .sums import Sum

Atom = tuple[str, str, str, str]
CATEGORY = min(LEVELS)
BASIC, PROJECT = "基本支出", "项目支出"
OWN_KINDS = tuple(kind for kind, _ in EXPENDITURE_KINDS.values() if kind not in {BASIC, PROJECT})
"""支出类型 that no 财政拨款 pays."""
FLOW = OPENING, INCOME, EXPENDITURE, CLOSING = "年初结转和结余", "收入", "支出", "年末结转和结余"


Rows = Sequence[tuple[Block, Sequence[Row]]]
"""The rows of a table by block, with those of subjects that are only stated."""
NOTHING = -1
"""The number of what a cell asks that is a sum of others."""


class Layout:
    """The cells of a table by position, row after row, and what each asks, as the number of its query."""

    def __init__(self, statement: Statement, rows: Rows, cells: Sequence[Cell]) -> None:
        self.statement, self.rows = statement, rows
        self.positions = {cell: position for position, cell in enumerate(cells)}
        queries = {id(cell.query): cell.query for cell in cells}  # few, for the cells of a column share theirs
        numbers: dict[Query | None, int] = {None: NOTHING}
        number_of = {key: numbers.setdefault(query, len(numbers) - 1) for key, query in queries.items()}
        self.asks = tuple([number_of[id(cell.query)] for cell in cells])
        self.queries = [query for query in numbers if query is not None]

    def query(self, number: int) -> Query | None:
        """Return the query of a number."""
        return None if number == NOTHING else self.queries[number]

    def lines(self, *, only_stated: bool = True) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield where every row begins, and what its cells ask; the rows that are ``only_stated`` too, or without."""
        start = 0
        for block, rows in self.rows:
            known = len(block.all_rows())
            for number, row in enumerate(rows):
                end = start + len(row.cells)
                if only_stated or number < known:
                    yield start, self.asks[start:end]
                start = end


def column_sums(layout: Layout) -> Iterator[Sum]:
    """Yield, for every row, each column that is the sum of other columns."""
    found: dict[tuple[int, ...], Sequence[tuple[int, tuple[int, ...]]]] = {}
    for start, asked in layout.lines():
        if asked not in found:
            found[asked] = _partitions(tuple([layout.query(number) for number in asked]))
        for total, parts in found[asked]:
            yield Sum(start + total, tuple([start + part for part in parts]))


def row_sums(layout: Layout) -> Iterator[Sum]:
    """Yield, for every column, each declared row that is the sum of others (by fund or kind, not by subject)."""
    for block, _ in layout.rows:
        for column in block.spec.columns if block.spec.rows else ():
            by_subject: dict[tuple[str, ...], list[int]] = {}
            for row in block.all_rows():
                cell = row.cells.get(column)
                if cell is not None and cell.query is not None:
                    by_subject.setdefault(cell.subjects, []).append(layout.positions[cell])
            for alike in by_subject.values():
                queries = tuple([layout.query(layout.asks[position]) for position in alike])
                for total, parts in _partitions(queries):
                    yield Sum(alike[total], tuple([alike[part] for part in parts]))


def declared_sums(layout: Layout) -> Iterator[Sum]:
    """Yield each cell that the style itself declares as a sum (合计) of others."""
    positions, rows = layout.positions, layout.statement.rows
    for cell in layout.statement.cells():
        if cell.parts:
            terms = [(positions[rows[row].cells[column]], sign) for (_, row, column), sign in cell.parts]
            less = tuple(position for position, sign in terms if sign < 0)
            yield Sum(positions[cell], tuple(position for position, _ in terms), less)


def balances(layout: Layout) -> Iterator[Sum]:
    """Yield 年末结转和结余 of every row that has opening, revenue and expenditure too."""
    found: dict[tuple[int, ...], tuple[int, ...]] = {}
    for start, asked in layout.lines(only_stated=False):
        if asked not in found:
            books = _books([layout.query(number) for number in asked])
            found[asked] = tuple([books[book] for book in FLOW if book in books])
        if len(found[asked]) == len(FLOW):
            opening, income, spent, closing = (start + place for place in found[asked])
            yield Sum(closing, (opening, income, spent), (spent,))


def _books(queries: Sequence[Query | None]) -> Mapping[str, int]:
    """Return which of the queries, the first of them, is the whole of a book."""
    books: dict[str, int] = {}
    for place, query in enumerate(queries):
        if query is not None and not query.kinds and len(query.books) == 1:
            books.setdefault(query.books[0], place)
    return books


def roll_ups(layout: Layout) -> Iterator[Sum]:
    """Yield every 类 as the sum of its 款, every 款 as that of its 项, and every total as the sum of its 类."""
    asked_by = range(len(layout.queries))
    found: list[dict[str, int]] = [{} for _ in asked_by]
    under: list[dict[str, list[int]]] = [{} for _ in asked_by]
    categories: list[list[tuple[str, int]]] = [[] for _ in asked_by]
    above_all: list[tuple[list[int], int]] = []
    totals: list[tuple[int, tuple[str, ...], int]] = []
    cells = (cell for _, rows in layout.rows for row in rows for cell in row.cells.values())
    for position, (asked, cell) in enumerate(zip(layout.asks, cells, strict=True)):
        if asked == NOTHING:
            continue
        subjects = cell.subjects
        code = subjects[0] if len(subjects) == 1 else ""
        size = len(code)
        if size not in LEVELS:
            totals.append((asked, subjects, position))
        elif code not in found[asked]:
            found[asked][code] = position
            parts = under[asked].setdefault(code, [])
            above_all.append((parts, position))
            if size == CATEGORY:
                categories[asked].append((code, position))
            else:
                under[asked].setdefault(code[:-2], []).append(position)
    for parts, position in above_all:
        if parts:
            yield Sum(position, tuple(parts))
    for asked, subjects, position in totals:
        parts = [part for code, part in categories[asked] if code.startswith(subjects)]
        if parts:
            yield Sum(position, tuple(parts))


@lru_cache(maxsize=4096)
def _partitions(queries: tuple[Query | None, ...]) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Return which of the queries is the sum of which others, the largest parts that there are."""
    sets = [frozenset() if query is None else atoms(query) for query in queries]
    found = []
    for number, whole in enumerate(sets):
        smaller = {other: place for place, other in reversed(list(enumerate(sets))) if other and other < whole}
        parts = [other for other in smaller if not any(other < larger for larger in smaller)]
        if len(parts) > 1 and sum(map(len, parts)) == len(whole) and frozenset().union(*parts) == whole:
            found.append((number, tuple(sorted(smaller[part] for part in parts))))
    return tuple(found)


@lru_cache(maxsize=4096)
def atoms(query: Query) -> frozenset[Atom]:
    """Return everything that a query takes in."""
    return frozenset(
        (book, fund, kind, detail)
        for book in query.books
        for fund, kind, detail in _universe(book)
        if (not query.funds or fund in query.funds)
        and (not query.kinds or kind in query.kinds)
        and (not query.details or detail in query.details)
    )


@lru_cache(maxsize=4096)
def funds_of(query: Query) -> frozenset[str]:
    """Return the 资金来源 of everything that a query takes in."""
    return frozenset(fund for _book, fund, _kind, _detail in atoms(query))


def _universe(book: str) -> Iterator[tuple[str, str, str]]:
    """Yield every 资金来源 × 类型 × 明细 that a book can have."""
    if book == "收入":
        yield from ((fund, kind, "") for kind, fund in REVENUE_KINDS.values())
    elif book == "支出":
        for fund in FUNDS:
            yield from ((fund, BASIC, detail) for detail in DETAILS)
            yield fund, PROJECT, ""
        yield from ((NON_FISCAL, kind, "") for kind in OWN_KINDS)
    elif book == "经济分类":
        yield from ((GENERAL, BASIC, detail) for detail in DETAILS)
    elif book.startswith("三公"):
        yield from ((GENERAL, kind, "") for kind in THREE_PUBLIC.values())
    elif book.startswith("其他费用"):
        yield from ((GENERAL, kind, "") for kind in ("会议费", "培训费"))
    elif book in {"年初结转和结余", "年末结转和结余", "年初预算", "全年预算"}:
        yield from ((fund, kind, "") for fund in FUNDS for kind in (BASIC, PROJECT))
    else:
        yield NON_FISCAL, "", ""
