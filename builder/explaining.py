"""Where a figure comes from: its value, formula, cells, and the file and line of every fact in it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from decimal import Decimal

from builder.accounting import Accounts
from builder.accounts.consolidation import Consolidation
from builder.accounts.definitions import plain_name
from builder.accounts.figures import Figure, Kind, UnknownIndicatorError
from builder.accounts.indicators import Indicators
from builder.accounts.money import in_unit, plain, printed
from builder.accounts.statements import Cell
from builder.findings import InputError


def explain(accounts: Accounts, name: str, sums: Consolidation | None = None) -> Iterator[str]:
    """Yield the lines that explain one indicator; below each fact of a department its units', which ``sums`` has.

    Raises InputError where there is none of that name.
    """
    indicators = accounts.indicators
    name = plain_name(name)
    try:
        figure = indicators.get(name)
    except UnknownIndicatorError as error:
        raise InputError(unknown(error.name, indicators)) from error
    yield f"{figure.name} = {amount(figure, figure.value)}"
    yield f"  取数：{figure.formula}"
    for label, value in figure.counterparts().items():
        note = f"（{figure.last_year_source}）" if label == "上年" and figure.last_year_source else ""
        yield f"  {label}：{amount(figure, value)}{note}"
    for cell in figure.cells:
        yield from cell_lines(cell, sums)
    shown = {entry.source for cell in figure.cells for entry in cell.entries}
    yield from (f"  事实：{source}" for source in figure.sources if source.path and source not in shown)
    for share in sums.rolled.sums.get(tuple(name.split(".")), ()) if sums and not figure.cells else ():
        of_unit = plain(share.amount) if figure.kind is not Kind.MONEY else f"{wan(share.amount)} 万元"
        yield f"      {share.source}: {share.unit} {of_unit}"


def cell_lines(cell: Cell, sums: Consolidation | None = None) -> Iterator[str]:
    """Yield the lines for one cell: its place, both values, and its ledger entries, each with its units' below."""
    yield f"  单元格 {cell.place}：计算 {wan(cell.derived)} 万元"
    if cell.stated is not None:
        verdict = "在尾差内，印出表数" if cell.agrees else "超出尾差，印计算数"
        yield f"    出表 {wan(cell.stated.amount)} 万元  {cell.stated.source}（{verdict}）"
    for place, sign in cell.parts:
        yield f"    {'+' if sign > 0 else '-'} {place}"
    for entry in cell.entries:
        dimensions = " ".join(word for word in (entry.subject, entry.fund, entry.kind, entry.detail) if word)
        yield f"    {entry.source}: {entry.book} {dimensions} {wan(entry.amount)} 万元"
        if sums is not None:
            for each in sums.entries_like(entry):
                yield f"      {each.source}: {sums.names[each.source.path]} {wan(each.amount)} 万元"


def amount(figure: Figure, value: Decimal) -> str:
    """Return a value with its unit, printed and exact."""
    if figure.kind is not Kind.MONEY:
        return plain(value)
    return f"{printed(value):,} 万元（{value:,.2f} 元）"


def wan(yuan: Decimal) -> str:
    """Return an amount in 万元, exact."""
    return plain(in_unit(yuan))


def unknown(name: str, indicators: Indicators) -> str:
    """Return the message on a name that no indicator has."""
    names = sorted(indicators.names())
    near = difflib.get_close_matches(name, names, 5, 0.4) or [other for other in names if name in other][:5]
    hint = f"；是不是：{'、'.join(near)}？" if near else ""
    return f"没有「{name}」这个指标{hint}（全部指标见 juesuan explain 单位 年度）"
