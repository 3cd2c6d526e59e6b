"""The table of all 财政拨款 and those of 政府性基金 and 国有资本经营 are compared, whatever their numbers in a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clean_unit import CARD, STATED, CleanUnit

from builder.accounts.ledger import Query
from builder.checks.relations import atoms
from builder.checks.results import Outcome

if TYPE_CHECKING:

    from builder.accounts.statements import Statement

STYLES = ("湖北", "厦门", "宁德", "河南", "陕西")
GENERAL = "财政拨款收入支出决算总表"
OF_FUND = {
    "政府性基金": ("政府性基金预算", {"年初结转和结余": 0, "收入": 40, "支出": 38, "年末结转和结余": 2}),
    "国有资本": ("国有资本经营预算", {"支出": 10}),
}
"""A word of a table's title → its fund, and the amounts (万元) of the books that its total row has in every form."""


def place(statement: Statement, book: str, fund: str) -> tuple[str, str]:
    """Return row and column of the cell that is the total of a fund's book."""
    wanted = atoms(Query((book,), (fund,)))
    return next(
        (cell.place.row, cell.place.column)
        for cell in statement.cells()
        if cell.query is not None and cell.subjects == ("",) and atoms(cell.query) == wanted
    )


def stated(table: Statement, book: str, fund: str, amount: str) -> str:
    row, column = place(table, book, fund)
    return f"{table.name}:\n  {row}: {{{column}: {amount}}}\n"


@pytest.mark.parametrize(
    ("style", "word", "book"),
    [
        (style, word, book)
        for style in STYLES
        for word, (_, books) in OF_FUND.items()
        for book in books
        if (style, word) != ("河南", "国有资本")  # has no such table
    ],
)
def test_a_funds_table_says_what_the_table_of_all_funds_says(
    unit: CleanUnit, style: str, word: str, book: str
) -> None:
    fund, amounts = OF_FUND[word]
    unit.edit(CARD, "风格: 湖北", f"风格: {style}")
    unit.write(STATED, "金额单位: 万元\n")
    tables = [table for table in unit.accounts().statements.values() if table.spec.printed]
    general = next(table for table in tables if GENERAL in table.spec.title)
    of_fund = next(table for table in tables if word in table.spec.title)
    true, wrong = f"{amounts[book]}.00", f"{amounts[book] + 1}.00"
    both = "金额单位: 万元\n" + stated(general, book, fund, true)
    unit.write(STATED, both + stated(of_fund, book, fund, true))
    assert Outcome.FAILS not in {result.outcome for result in unit.accounts().report.of("同一数据")}
    unit.write(STATED, both + stated(of_fund, book, fund, wrong))
    failed, = (r for r in unit.accounts().report.of("同一数据") if r.outcome is Outcome.FAILS)
    assert failed.place is not None
    assert {failed.place.table, failed.message.partition("与 ")[2].partition("/")[0]} == {general.name, of_fund.name}
    assert failed.difference is not None
    assert abs(failed.difference) == 10000
