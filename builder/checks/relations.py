"""Which cells must add up to which others, found through what the style's tables ask of the ledger.

A query over the ledger is a set of atoms (账 × 资金来源 × 类型 × 明细). A cell is the sum of others where their atoms
are apart from one another and together are its own: so 本年支出合计 is 基本支出 + 项目支出 + …, and 公务用车 is
购置费 + 运行维护费, in whatever table and under whatever name a style has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from builder.accounts.ledger import DETAILS, EXPENDITURE_KINDS, GENERAL, NON_FISCAL, REVENUE_KINDS, THREE_PUBLIC, Query
from builder.accounts.money import ZERO
from builder.accounts.statements import Block, Cell, Place, Row, Statement
from builder.accounts.subjects import LEVELS
from builder.accounts.values import FUNDS

from .case import Case

Atom = tuple[str, str, str, str]
Question = tuple[frozenset[Atom], tuple[str, ...]]
"""What a cell asks: the atoms of its query, and its subjects."""
CATEGORY, SECTION, ITEM = LEVELS
BASIC, PROJECT = "基本支出", "项目支出"
OWN_KINDS = tuple(kind for kind, _ in EXPENDITURE_KINDS.values() if kind not in {BASIC, PROJECT})
"""支出类型 that no 财政拨款 pays."""


class Relation(NamedTuple):
    """A cell that must be the sum of others, each with 1 or -1."""

    total: Cell
    terms: tuple[tuple[Cell, int], ...]


def column_sums(case: Case) -> Iterator[Relation]:
    """Yield, for every row, each column that is the sum of other columns."""
    for statement in case.statements.values():
        for block in statement.blocks.values():
            for row in with_stated(case, statement, block):
                yield from _sums([cell for cell in row.cells.values() if cell.query is not None])


def row_sums(case: Case) -> Iterator[Relation]:
    """Yield, for every column, each declared row that is the sum of others (by fund or kind, not by subject)."""
    for statement in case.statements.values():
        for block in statement.blocks.values():
            if block.spec.rows:
                for column in block.spec.columns:
                    cells = [row.cells[column] for row in block.all_rows() if column in row.cells]
                    by_subject: dict[tuple[str, ...], list[Cell]] = {}
                    for cell in cells:
                        if cell.query is not None:
                            by_subject.setdefault(cell.subjects, []).append(cell)
                    for alike in by_subject.values():
                        yield from _sums(alike)


def declared_sums(case: Case) -> Iterator[Relation]:
    """Yield each cell that the style itself declares as a sum (合计) of others."""
    for statement in case.statements.values():
        for cell in statement.cells():
            if cell.parts:
                yield Relation(cell, tuple((case.indicators.cell(place), sign) for place, sign in cell.parts))


@lru_cache(maxsize=1)
def roll_ups(case: Case) -> tuple[Relation, ...]:
    """Return every 类 as the sum of its 款, every 款 as that of its 项, and every total as the sum of its 类."""
    return tuple(_roll_ups(case))


def _roll_ups(case: Case) -> Iterator[Relation]:
    for statement in case.statements.values():
        found: dict[tuple[Query, str], Cell] = {}
        totals: list[Cell] = []
        for block in statement.blocks.values():
            for row in with_stated(case, statement, block):
                for cell in row.cells.values():
                    query, subjects = cell.query, cell.subjects
                    if query is None:
                        continue
                    if len(subjects) == 1 and len(subjects[0]) in LEVELS:
                        found.setdefault((query, subjects[0]), cell)
                    else:
                        totals.append(cell)
        yield from _by_code(found, totals)


def _by_code(found: dict[tuple[Query, str], Cell], totals: Sequence[Cell]) -> Iterator[Relation]:
    under: dict[tuple[Query, str], list[Cell]] = {}
    for (query, code), cell in found.items():
        above = code[:-2] if len(code) > CATEGORY else ""
        under.setdefault((query, above), []).append(cell)
    for key, cell in found.items():
        if key in under:
            yield Relation(cell, tuple((part, 1) for part in under[key]))
    for cell in totals:
        assert cell.query is not None
        parts = [part for part in under.get((cell.query, ""), ()) if part.subjects[0].startswith(cell.subjects)]
        if parts and parts != [cell]:
            yield Relation(cell, tuple((part, 1) for part in parts))


@lru_cache(maxsize=1)
def cells_by_question(case: Case) -> Mapping[Question, list[Cell]]:
    """Return the cells of all tables by what they ask: (``atoms`` of the query, subjects). Sums of cells are left out.

    Cells of one key are one figure, whatever their tables call it.
    """
    found: dict[Question, list[Cell]] = {}
    for statement in case.statements.values():
        for cell in statement.cells():
            if cell.query is not None and (wanted := atoms(cell.query)):
                found.setdefault((wanted, cell.subjects), []).append(cell)
    return found


def with_stated(case: Case, statement: Statement, block: Block) -> Iterator[Row]:
    """Yield a block's rows, and those of subjects that are only stated, not in the facts, whatever their codes."""
    yield from block.all_rows()
    listed = tuple(code for code in (*block.spec.economic, *block.spec.economic_if_used) if code.isdigit())
    for key, columns in case.stated.get(statement.spec.stated_in or statement.name, {}).items():
        is_here = block.spec.by_subject or key.startswith(listed)
        if key.isdigit() and is_here and key not in statement.rows:
            row = Row(key, key, key, LEVELS.get(len(key), ""))
            for name, column in block.spec.columns.items():
                if not column.sum_of:
                    query = column.within(block.spec.within(statement.spec)).query
                    place = Place(statement.name, key, name)
                    row.cells[name] = Cell(place, ZERO, stated=columns.get(name), query=query, subjects=(key,))
            yield row


def _sums(cells: Sequence[Cell]) -> Iterator[Relation]:
    queries = tuple(cell.query for cell in cells if cell.query is not None)
    for total, parts in _partitions(queries):
        yield Relation(cells[total], tuple((cells[part], 1) for part in parts))


@lru_cache(maxsize=4096)
def _partitions(queries: tuple[Query, ...]) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Return which of the queries is the sum of which others, the largest parts that there are."""
    sets = [atoms(query) for query in queries]
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
