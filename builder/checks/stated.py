"""Derived against stated: every value of 公开表.yaml is compared with what follows from the facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from builder.accounts.money import ZERO, printed
from builder.accounts.statements import Cell, Place, Stated, Statement
from builder.accounts.subjects import LEVELS

from .case import Case
from .comparing import torn
from .engine import rule
from .results import HOLDS, Outcome, Result, fails, undecided

SHOWN = 3
"""How many places of the facts a message names."""
NO_CELLS: Mapping[str, Cell] = {}


@rule(
    "出表数", "出表数与事实一致", meaning="公开表.yaml 的每个出表数，与按事实计算的数相差不超出尾差。",
    formula="出表数 ＝ 按事实计算的数（尾差以内）", each=True,
)
def stated(case: Case) -> Iterator[Result]:
    """Each stated value against the ledger, and each that has no cell. Source: design of stated values."""
    broken = torn(case)
    for name, rows in case.stated.items():
        statement = case.statements.get(name)
        for row, columns in rows.items():
            cells = statement.rows[row].cells if statement is not None and row in statement.rows else NO_CELLS
            for column, value in columns.items():
                cell = cells.get(column)
                if cell is None:
                    yield _without_cell(case, statement, Place(name, row, column), value)
                elif broken and cell.place in broken:
                    why = f"{name}/{row}/{column} 的出表数与它下级的出表数自己就不符，见科目汇总"
                    yield undecided(why, cell.place, value.source)
                else:
                    yield HOLDS if cell.value is value.amount else _compare(cell)


def _without_cell(case: Case, statement: Statement | None, place: Place, value: Stated) -> Result:
    """Return what is to be said of a stated value that has no cell."""
    name, row, column = place
    if statement is None:
        known = "、".join(case.statements)
        return fails(f"格式里没有「{name}」这张表；现有：{known}", value.source)
    if row in statement.rows:
        known = "、".join(statement.rows[row].cells)
        return fails(f"{name} 没有「{column}」这一列；这一行有：{known}", value.source)
    if row.isdigit() and _has_subjects(statement):
        return _without_fact(case, place, value)
    return fails(f"{name} 没有「{row}」这一行，这个数没有用上；请核对行名或科目代码", value.source)


def _has_subjects(statement: Statement) -> bool:
    return any(block.spec.by_subject or block.spec.economic for block in statement.blocks.values())


def _without_fact(case: Case, place: Place, value: Stated) -> Result:
    """Return what is to be said of a stated subject that the facts do not have; of the lowest of them only."""
    code = place.row
    if not value.amount:
        return HOLDS
    if len(code) not in LEVELS or any(other != code and other.startswith(code) for other in case.stated[place.table]):
        return undecided(f"{place} 的科目在事实里没有数，见代码位数和下级科目", place, value.source)
    message = (
        f"{place}：出表数 {printed(value.amount):,} 万元，但事实里没有科目 {code} 的数；请核对科目代码，或补填事实、"
        "删去这个出表数"
    )
    return Result(Outcome.FAILS, message, value.source, place, value.amount, ZERO, (value.source,))


def _compare(cell: Cell) -> Result:
    if cell.stated is None or cell.agrees:
        return HOLDS
    given, derived = printed(cell.stated.amount), printed(cell.derived)
    message = (
        f"{cell.place}：出表数 {given:,} 万元，按事实计算为 {derived:,} 万元，相差 {given - derived:+,} 万元，"
        f"超出尾差；文档印计算数。请核对 {_entries(cell)}，或改正、删去这个出表数"
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
