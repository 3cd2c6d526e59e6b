"""Derived against stated: every value of 公开表.yaml is compared with what follows from the facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from builder.accounts.money import printed
from builder.accounts.statements import Cell, StatedValues, Statement
from builder.findings import Finding, Level

SHOWN = 3
"""How many places of the facts a message names."""


def check_stated(statements: Mapping[str, Statement], stated: StatedValues) -> Iterator[Finding]:
    """Yield a warning for each stated value beyond the rounding tolerance, and for each that has no cell."""
    for name, rows in stated.items():
        statement = statements.get(name)
        for row, columns in rows.items():
            for column, value in columns.items():
                source = value.source
                if statement is None:
                    known = "、".join(statements)
                    yield Finding(f"格式里没有「{name}」这张表；现有：{known}", source, Level.WARNING)
                elif row not in statement.rows:
                    yield Finding(
                        f"{name} 没有「{row}」这一行，这个数没有用上；请核对行名或科目代码", source, Level.WARNING
                    )
                elif column not in statement.rows[row].cells:
                    known = "、".join(statement.rows[row].cells)
                    yield Finding(f"{name} 没有「{column}」这一列；这一行有：{known}", source, Level.WARNING)
                else:
                    yield from _compare(statement.rows[row].cells[column])


def _compare(cell: Cell) -> Iterator[Finding]:
    if cell.stated is None or cell.agrees:
        return
    given, derived = printed(cell.stated.amount), printed(cell.derived)
    yield Finding(
        f"{cell.place}：出表数 {given:,} 万元，按事实计算为 {derived:,} 万元，相差 {given - derived:+,} 万元，"
        f"超出尾差；文档印计算数。请核对{_entries(cell)}，或改正、删去这个出表数",
        cell.stated.source,
        Level.WARNING,
    )


def _entries(cell: Cell) -> str:
    """Name some places of the facts that the cell is made of."""
    sources = list(dict.fromkeys(str(entry.source) for entry in cell.entries if entry.amount))
    return "、".join(sources[:SHOWN]) + ("等" if len(sources) > SHOWN else "") if sources else "事实"
