"""Derived against stated: every value of 公开表.yaml is compared with what follows from the facts."""

from __future__ import annotations

from collections.abc import Iterator

from builder.accounts.money import printed
from builder.accounts.statements import Cell

from .case import Case
from .engine import rule
from .results import HOLDS, Outcome, Result, fails

SHOWN = 3
"""How many places of the facts a message names."""


@rule(
    "出表数", "出表数与事实一致", meaning="公开表.yaml 的每个出表数，与按事实计算的数相差不超出尾差。",
    formula="出表数 ＝ 按事实计算的数（尾差以内）", each=True,
)
def stated(case: Case) -> Iterator[Result]:
    """Each stated value against the ledger, and each that has no cell. Source: design of stated values."""
    for name, rows in case.stated.items():
        statement = case.statements.get(name)
        for row, columns in rows.items():
            for column, value in columns.items():
                source = value.source
                if statement is None:
                    known = "、".join(case.statements)
                    yield fails(f"格式里没有「{name}」这张表；现有：{known}", source)
                elif row not in statement.rows:
                    yield fails(f"{name} 没有「{row}」这一行，这个数没有用上；请核对行名或科目代码", source)
                elif column not in statement.rows[row].cells:
                    known = "、".join(statement.rows[row].cells)
                    yield fails(f"{name} 没有「{column}」这一列；这一行有：{known}", source)
                else:
                    yield _compare(statement.rows[row].cells[column])


def _compare(cell: Cell) -> Result:
    if cell.stated is None or cell.agrees:
        return HOLDS
    given, derived = printed(cell.stated.amount), printed(cell.derived)
    message = (
        f"{cell.place}：出表数 {given:,} 万元，按事实计算为 {derived:,} 万元，相差 {given - derived:+,} 万元，"
        f"超出尾差；文档印计算数。请核对{_entries(cell)}，或改正、删去这个出表数"
    )
    source = cell.stated.source
    suspects = (source, *(entry.source for entry in cell.entries if entry.amount))
    return Result(
        Outcome.FAILS, message, source, cell.place, cell.stated.amount, cell.derived, tuple(dict.fromkeys(suspects))
    )


def _entries(cell: Cell) -> str:
    """Name some places of the facts that the cell is made of."""
    sources = list(dict.fromkeys(str(entry.source) for entry in cell.entries if entry.amount))
    return "、".join(sources[:SHOWN]) + ("等" if len(sources) > SHOWN else "") if sources else "事实"


RULES = (stated,)
