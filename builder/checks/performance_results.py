"""What the rules on 绩效自评 say of a cell: an amount, a rate or points, or a text that should be another."""

from __future__ import annotations

from decimal import Decimal

from builder.accounts.money import round_half_up
from builder.findings import Source

from .evaluation import Evaluation, Row
from .readings import number
from .results import Outcome, Result, fails

NAMES = {"三级": "名称", "文": "文字"}
"""How a message calls a column whose name says little."""
PLACES = 4
"""Decimals with which an amount of a form is shown."""


def wrong_amount(
    form: Evaluation, row: Row, column: str, expected: Decimal, what: str, *others: str | Source, most: bool = False
) -> Result:
    """Return the failure of an amount; ``others`` are the columns of the line, or the places, that it disagrees with.

    With ``most``, the expected amount is the largest that there may be.
    """
    unit, found = form.unit, number(row[column]) or Decimal(0)
    relation = what if most else f"{what}，应为"
    message = (
        f"{_named(row)}{column} {shown(found)} {unit.value}，{relation} {shown(expected)} {unit.value}，"
        f"相差 {shown(found - expected, sign=True)} {unit.value}；请核对"
    )
    sources = _sources(row, column, others)
    return Result(
        Outcome.FAILS, message, sources[0], row.place(column), found * unit.yuan, expected * unit.yuan, sources
    )


def wrong_number(row: Row, column: str, expected: Decimal | None, what: str, *others: str | Source) -> Result:
    """Return the failure of a rate or of points, with what it should be where that can be said."""
    message = f"{_named(row)}{column} {row[column]}，{what}；请核对"
    sources = _sources(row, column, others)
    return Result(
        Outcome.FAILS, message, sources[0], row.place(column), number(row[column]), expected, sources, is_money=False
    )


def wrong_text(row: Row, column: str, what: str, *others: str | Source) -> Result:
    """Return the failure of a text."""
    shown_as = NAMES.get(column, column)
    failed = fails(f"{_named(row)}{shown_as}{what}；请核对", *_sources(row, column, others))
    return failed._replace(place=row.place(column), is_money=False)


def shown(value: Decimal, *, sign: bool = False) -> str:
    """Return an amount as messages show it, without zeros at its end."""
    value = round_half_up(value, PLACES)
    value = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
    return f"{value:+,f}" if sign else f"{value:,f}"


def _named(row: Row) -> str:
    return f"{row.form}：「{row.name}」" if row.name else f"{row.form}："


def _sources(row: Row, column: str, others: tuple[str | Source, ...]) -> tuple[Source, ...]:
    found = (row.at(other) if isinstance(other, str) else other for other in others)
    return tuple(dict.fromkeys((row.at(column), *found)))
