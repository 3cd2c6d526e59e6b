"""Outlines: the tables of a style made ready once, for all units: what each cell of each row asks of the ledger.

A unit's table is then only looked up and added; a row of which its ledger knows nothing has the outline's own cells,
all zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache, partial

from .ledger import Query
from .money import ZERO
from .statements import CENT_OF_WAN, TOTAL, Cell, Place
from .subjects import LEVELS
from .views import BlockSpec, Columns, ColumnSpec, RowSpec, Scope, TableSpec, Terms, columns_of, signed

STRETCH = "补齐"
ROWS = 8192
"""How many rows' cells are kept: of some hundred units' tables, most of which have the same rows."""
MakesColumns = Callable[[Mapping[str, ColumnSpec], Scope], Columns]


@lru_cache(maxsize=ROWS)
def empty_cells(columns: Columns, key: str, subjects: tuple[str, ...]) -> Mapping[str, Cell]:
    """Return the cells of a row without any figures; ``subjects`` are those of columns that name none themselves."""
    cells = {
        name: Cell(Place(columns.table, key, name), ZERO, query=query, subjects=own or subjects, step=columns.step)
        for name, query, own in columns.asked
    }
    for name, terms in columns.sums:
        parts = tuple((cells[part].place, sign) for part, sign in terms)
        cells[name] = Cell(Place(columns.table, key, name), ZERO, parts=parts, step=columns.step)
    return {name: cells[name] for name in columns.names}


@dataclass(frozen=True, slots=True)
class RowOutline:
    """A row that is declared, or the total: its columns within its scope, and the subjects that the scope names.

    ``terms`` are the keys of the rows that a sum adds up. What stands for a row for each of the first ``categories``
    功能大类 has no key of its own; ``used`` asks which more 类 there are. A filler has neither.
    """

    key: str
    label: str
    level: str
    zero: str | None
    columns: Columns
    subjects: tuple[str, ...]
    terms: Terms = ()
    categories: int = 0
    used: tuple[Query, ...] = ()
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class EconomicOutline:
    """Which economic subjects a block lists: those under ``categories`` but for ``left_out``; ``shy`` only if used."""

    categories: tuple[str, ...]
    left_out: tuple[str, ...]
    shy: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlockOutline:
    """A block: its columns in a row for one subject, its declared rows, whose keys begin with ``prefix``, its total."""

    name: str
    spec: BlockSpec
    prefix: str
    columns: Columns
    economic: EconomicOutline
    rows: tuple[RowOutline, ...]
    total: RowOutline | None


@dataclass(frozen=True, slots=True)
class TableOutline:
    """A table as the style declares it, made ready; ``queries`` are all that its cells ask of the ledger.

    ``lists_last_year`` says that a block lists the subjects that only last year had (含上年科目).
    """

    name: str
    spec: TableSpec
    blocks: tuple[BlockOutline, ...]
    queries: frozenset[Query]
    lists_last_year: bool


def outline_of(name: str, spec: TableSpec, step: Decimal = CENT_OF_WAN) -> TableOutline:
    """Return the outline of a table; ``step`` is the last digit that it prints, in 元."""
    several = len(spec.blocks) > 1
    columns = partial(columns_of, name, step)
    blocks = [
        _block(key, block, f"{key}." if several and block.rows else "", block.within(spec), columns)
        for key, block in spec.blocks.items()
    ]
    rows = [row.columns for block in blocks for row in (*block.rows, block.total) if row is not None]
    asked = [block.columns for block in blocks] + rows
    queries = frozenset(query for each in asked for query in each.queries)
    return TableOutline(name, spec, tuple(blocks), queries, any(each.spec.last_year_subjects for each in blocks))


def _block(name: str, block: BlockSpec, prefix: str, outer: Scope, columns: MakesColumns) -> BlockOutline:
    any_subject = columns(block.columns, outer)
    total = RowSpec(name=block.total, label=block.total) if block.total else None
    return BlockOutline(
        name,
        block,
        prefix,
        replace(any_subject, asked=tuple((column, query, ()) for column, query, _own in any_subject.asked)),
        _economic(block),
        tuple(_row(block, row, prefix, outer, columns) for row in block.rows),
        replace(_row(block, total, prefix, outer, columns), level=TOTAL) if total else None,
    )


def _row(block: BlockSpec, spec: RowSpec, prefix: str, outer: Scope, columns: MakesColumns) -> RowOutline:
    inner = spec.within(outer)
    wanted = {name: column for name, column in block.columns.items() if not spec.columns or name in spec.columns}
    return RowOutline(
        prefix + spec.name if spec.name else "",
        spec.label or spec.name,
        STRETCH if spec.level else "",
        spec.zero,
        columns(wanted, inner),
        inner.subjects or ("",),
        tuple((prefix + part, sign) for part, sign in map(signed, spec.sum_of)),
        spec.categories,
        columns(block.columns, inner).queries if spec.categories else (),
        bool(spec.categories or (spec.numbered and spec.name)),
    )


def _economic(block: BlockSpec) -> EconomicOutline:
    """Return the 类 that are listed, those that are listed if used each before the first that has a higher code."""
    categories = [code for code, sign in map(signed, block.economic) if sign > 0]
    for code in block.economic_if_used:
        if LEVELS.get(len(code)) == "类" and code not in categories:
            at = next((number for number, other in enumerate(categories) if other > code), len(categories))
            categories.insert(at, code)
    left_out = tuple(code for code, sign in map(signed, block.economic) if sign < 0)
    return EconomicOutline(tuple(categories), left_out, tuple(block.economic_if_used))
