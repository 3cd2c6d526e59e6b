"""The data of a form's charts, out of the figures and tables of one unit-year."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from builder.accounts.money import ZERO
from builder.accounts.statements import Row
from builder.context import Account
from builder.rendering.charts import ChartData
from builder.style_sheet import ChartSpec
from builder.vocabulary import LAST_YEAR, lacking
from builder.wording.numbers import printed_value

NOTHING = "无"
"""The one category of a chart of rows where there are none."""


def chart_data(account: Account, spec: ChartSpec) -> ChartData:
    """Return the data of one chart, in its number format's unit; what is not known is noted down as missing."""
    wording = account.style.wording
    unit = wording.format(spec.unit)

    def value(name: str) -> Decimal:
        figure = account.indicators.get(name.removesuffix(LAST_YEAR))
        known = figure.last_year if name.endswith(LAST_YEAR) else figure.value
        if known is None:
            lacking(account, name)
        return printed_value(known or ZERO, unit)

    years = {"{年度}": str(account.year), "{上年度}": str(account.year - 1)}
    if spec.rows:
        rows = _rows(account, spec.rows)
        categories = [row.label for row in rows] or [NOTHING]
        series = {
            name: [printed_value(row.cells[item].value, unit) for item in items for row in rows] or [ZERO]
            for name, items in spec.series.items()
        }
    else:
        categories = [_filled(text, years) for text in spec.categories]
        series = {name: [value(item) for item in items] for name, items in spec.series.items()}
    kept = [
        number
        for number in range(len(categories))
        if not spec.skip_zero or any(values[number] for values in series.values())
    ] or list(range(len(categories)))
    return ChartData(
        tuple(categories[number] for number in kept),
        tuple((name, tuple(values[number] for number in kept)) for name, values in series.items()),
    )


def _rows(account: Account, place: str) -> list[Row]:
    """Return a table's rows of one level: ``公开05/类级``."""
    table, _slash, level = place.partition("/")
    rows = account.indicators.statements[table].rows.values()
    return [row for row in rows if row.level == level.removesuffix("级")]


def _filled(text: str, slots: Mapping[str, str]) -> str:
    for slot, value in slots.items():
        text = text.replace(slot, value)
    return text
