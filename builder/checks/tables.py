"""The tables as the cross-checks go through them: the cells of each in one list, and what must hold between these.

What must hold depends on the style and on the rows (which subjects there are), not on the amounts: a ``Plan`` is found
once for every table of one shape, and a unit's own numbers are only put in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from builder.accounts.ledger import Query
from builder.accounts.money import ZERO
from builder.accounts.outlines import empty_cells
from builder.accounts.statements import Block, Cell, Place, Row, Stated, Statement
from builder.accounts.subjects import LEVELS
from builder.accounts.views import TableSpec

from .case import Case, once
from .relations import (
    NOTHING,
    Atom,
    Layout,
    Rows,
    atoms,
    balances,
    column_sums,
    declared_sums,
    roll_ups,
    row_sums,
)
from .sums import Sum, Sums

SHAPES = 256
"""How many shapes of tables are remembered: all those of some styles, for the subjects that many units have."""
Asked = tuple[Query, tuple[str, ...], str]
"""A query, its subjects and the column that asks it."""
Questions = Mapping[frozenset[Atom], Mapping[tuple[str, ...], Sequence[int]]]
"""What cells ask, by the atoms of the query and the subjects, and which cells these are."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What must hold between the cells of every table of one shape, by their positions.

    ``questions`` are what its cells ask, ``asked`` the same with whole columns for rows by subject; ``codes`` says how
    many rows each code has, ``places`` where the cells stand, ``books`` which they ask.
    """

    spec: TableSpec
    columns: Sums
    rows: Sums
    declared: Sums
    balances: Sums
    roll_ups: Sums
    questions: Questions
    asked: tuple[Asked, ...]
    codes: Mapping[str, int]
    places: tuple[Place, ...]
    books: frozenset[str]


class Relation(NamedTuple):
    """A cell that must be the sum of others, each with 1 or -1."""

    total: Cell
    terms: tuple[tuple[Cell, int], ...]


class Table(NamedTuple):
    """One table of a case: its cells, those of subjects that are only stated too, and their amounts by position."""

    statement: Statement
    plan: Plan
    cells: Sequence[Cell]
    derived: Sequence[Decimal]
    stated: Mapping[int, Decimal]

    def relation(self, sum_: Sum) -> Relation:
        """Return a sum as the cells themselves."""
        total, terms, less = sum_
        return Relation(self.cells[total], tuple((self.cells[term], -1 if term in less else 1) for term in terms))


@once
def tables(case: Case) -> Sequence[Table]:
    """Return every table of a case; made once, for all the rules that follow one another."""
    return [_table(case, statement) for statement in case.statements.values()]


def stated_cells(case: Case, query: Query, subjects: tuple[str, ...] = ("",)) -> Iterator[Cell]:
    """Yield the cells of all tables that ask for just this, those that are stated."""
    wanted = atoms(query)
    for table in tables(case):
        if table.stated:
            found = table.plan.questions.get(wanted, {}).get(subjects, ())
            yield from (table.cells[number] for number in found if number in table.stated)


@lru_cache(maxsize=SHAPES // 4)  # each keeps the plans of a unit
def alike(plans: tuple[Plan, ...]) -> Sequence[Sequence[tuple[int, int]]]:
    """Return the cells that ask the same in more than one of the tables: each by its table and its position there.

    They are one figure, whatever the tables call it. Sums of cells are left out.
    """
    asking: dict[frozenset[Atom], list[tuple[int, Mapping[tuple[str, ...], Sequence[int]]]]] = {}
    for table, plan in enumerate(plans):
        for wanted, by_subjects in plan.questions.items():
            asking.setdefault(wanted, []).append((table, by_subjects))
    found = []
    for where in asking.values():
        seen: set[tuple[str, ...]] = set()
        shared: set[tuple[str, ...]] = set()
        for _, by_subjects in where:
            shared |= seen & by_subjects.keys()
            seen |= by_subjects.keys()
        found += [[(table, place) for table, asked in where for place in asked.get(each, ())] for each in shared]
    return sorted(found)


def _table(case: Case, statement: Statement) -> Table:
    rows = _rows(case, statement)
    cells = list(chain.from_iterable([row.cells.values() for _, of_block in rows for row in of_block]))
    stated: dict[int, Decimal] = {}
    if case.stated.get(statement.spec.stated_in or statement.name):
        stated = {number: cell.stated.amount for number, cell in enumerate(cells) if cell.stated is not None}
    return Table(statement, _plan(statement, rows, cells), cells, [cell.derived for cell in cells], stated)


def _plan(statement: Statement, rows: Rows, cells: Sequence[Cell]) -> Plan:
    """Return what must hold in a table, from memory where one of the same style and the same rows has been seen."""
    keys = tuple([tuple([row.key for row in of_block]) for _, of_block in rows])
    codes = tuple([row.code for _, of_block in rows for row in of_block])
    kept = _kept((id(statement.spec), keys, codes))  # the plan itself keeps the spec, so no other can have its id
    if not kept:
        kept.append(_found(Layout(statement, rows, cells)))
    return kept[0]


@lru_cache(maxsize=SHAPES)
def _kept(_shape: tuple[int, tuple[tuple[str, ...], ...], tuple[str, ...]]) -> list[Plan]:
    """Return where the plan of a shape is kept, once it is found."""
    return []


def _found(layout: Layout) -> Plan:
    codes = [row.key for block, _ in layout.rows for row in block.all_rows() if is_code(row.key)]
    return Plan(
        layout.statement.spec,
        Sums(tuple(column_sums(layout))),
        Sums(tuple(row_sums(layout))),
        Sums(tuple(declared_sums(layout))),
        Sums(tuple(balances(layout))),
        Sums(tuple(roll_ups(layout))),
        _questions(layout),
        tuple(_asked(layout)),
        Counter(codes),
        tuple(cell.place for _, rows in layout.rows for row in rows for cell in row.cells.values()),
        frozenset(book for query in layout.queries for book in query.books),
    )


def _questions(layout: Layout) -> Questions:
    sets = [atoms(query) for query in layout.queries]
    questions: dict[frozenset[Atom], dict[tuple[str, ...], list[int]]] = {wanted: {} for wanted in sets if wanted}
    asking = [questions.get(wanted) for wanted in sets]
    positions, asks = layout.positions, layout.asks
    for cell in layout.statement.cells():
        position = positions[cell]
        asked = asks[position]
        by_subjects = None if asked == NOTHING else asking[asked]
        if by_subjects is None:
            continue
        if cell.subjects in by_subjects:
            by_subjects[cell.subjects].append(position)
        else:
            by_subjects[cell.subjects] = [position]
    return questions


def is_code(key: str) -> bool:
    """Tell whether a row's key is a subject code."""
    return key.isdigit() and len(key) in LEVELS


def is_economic(statement: Statement) -> bool:
    """Tell whether a table lists economic subjects (经济分类科目)."""
    return any(block.spec.economic for block in statement.blocks.values())


def _asked(layout: Layout) -> Iterator[Asked]:
    """Yield each query of a table once for each choice of subjects that a declared row makes, and its column."""
    seen: set[tuple[int, tuple[str, ...]]] = set()
    for row in layout.statement.rows.values():
        for column, cell in row.cells.items():
            if cell.query is not None:
                # of a row for each subject, the whole column is asked
                what = layout.asks[layout.positions[cell]], ("",) if row.code else cell.subjects
                if what not in seen:
                    seen.add(what)
                    yield cell.query, what[1], column


def _rows(case: Case, statement: Statement) -> Rows:
    """Return the rows of a table by block, and those of subjects that are only stated, whatever their codes."""
    stated = case.stated.get(statement.spec.stated_in or statement.name, {})
    only = {key: columns for key, columns in stated.items() if key not in statement.rows and key.isdigit()}
    if not only:
        return [(block, block.all_rows()) for block in statement.blocks.values()]
    return [(block, [*block.all_rows(), *_only_stated(block, only)]) for block in statement.blocks.values()]


def _only_stated(block: Block, stated: Mapping[str, Mapping[str, Stated]]) -> Iterator[Row]:
    listed = tuple(code for code in (*block.spec.economic, *block.spec.economic_if_used) if code.isdigit())
    for key, columns in stated.items():
        if block.spec.by_subject or key.startswith(listed):
            empty = empty_cells(block.columns, key, (key,))
            cells = {
                name: empty[name].filled(ZERO, 0, (), columns.get(name)) for name, _query, _own in block.columns.asked
            }
            yield Row(key, key, key, LEVELS.get(len(key), ""), cells=cells)
