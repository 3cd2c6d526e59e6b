"""Whatever the layout, every amount of a unit's tables is read at its place."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from layouts import Layout
from workspace_of_units import ROOT, accounts
from workspaces import EXAMPLES

from builder.accounting import Accounts
from builder.accounts.statements import Block, Cell, Row, Statement
from builder.findings import Level
from builder.loading.subjects import load_subjects
from builder.workbooks.gathering import place_cells
from builder.workbooks.preambles import Asked
from builder.workbooks.reading import Workbook


@cache
def made(number: int) -> Accounts:
    return accounts(ROOT, *EXAMPLES[number])


def scaled(statement: Statement, factor: int) -> Statement:
    """Return a table with every amount as many times as large: as consistent as before."""

    def cell(one: Cell) -> Cell:
        stated = one.stated._replace(amount=one.stated.amount * factor) if one.stated else None
        return replace(one, derived=one.derived * factor, stated=stated)

    def row(one: Row) -> Row:
        return replace(one, cells={name: cell(each) for name, each in one.cells.items()})

    def block(one: Block) -> Block:
        return replace(one, total=one.total and row(one.total), rows=tuple(map(row, one.rows)))

    return replace(statement, blocks={name: block(each) for name, each in statement.blocks.items()})


@settings(max_examples=120, deadline=None)
@given(st.integers(0, len(EXAMPLES) - 1), st.integers(0, 10**9), st.sampled_from([1, 3, -1, 10]))
def test_every_amount_is_read_at_its_place(number: int, seed: int, factor: int) -> None:
    tables = made(number)
    layout = Layout(random.Random(seed))
    printed = [scaled(each, factor) for each in tables.statements.values() if each.spec.printed]
    sheets = layout.sheets(printed)
    subjects, _ = load_subjects(ROOT, tables.unit_year.year)
    asked = Asked(year=2022, names=("某县基金会",))
    specs = tables.style.sheet.tables
    placing = place_cells(Workbook("表.xlsx", sheets, ()), specs, subjects, asked)
    assert [f.message for f in placing.findings if f.level is Level.ERROR] == []
    read = {str(place): cell.amount for place, cell in placing.cells.items()}
    expected = {str(place): amount for place, amount in layout.expected.items()}
    assert {place: read.get(place) for place in expected} == expected
    assert {place: amount for place, amount in read.items() if place not in expected and amount} == {}
    warned = [f.message for f in placing.findings if f.level is Level.WARNING]
    assert [message for message in warned if "这一列没有读取" not in message] == []
