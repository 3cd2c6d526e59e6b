"""Numbers as text: amounts of 元 in the unit of a format, percentages and counts.

Rounding is half up (四舍五入), to the format's last printed digit; what is printed is exact otherwise.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Annotated

from pydantic import Field

from builder.accounts.money import ZERO
from builder.accounts.values import Model, Text, YesNo, one_of

UNITS = {
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万元": Decimal(10000),
    "亿元": Decimal(100_000_000),
    "个": Decimal(1),
}
"""How many 元 a printed unit is; 个 is for counts (辆, 人次 …), which have none."""

MOST_PLACES = 8


class NumberFormat(Model):
    """One named entry of ``数字格式``: how a number is written."""

    places: int = Field(2, alias="位数", ge=0, le=MOST_PLACES)
    trimmed: YesNo = Field(default=False, alias="去零")
    whole_trimmed: YesNo = Field(default=False, alias="整数去零")
    grouped: YesNo = Field(default=False, alias="千分位")
    zero: str | None = Field(None, alias="零")
    unit: Annotated[str, one_of(*UNITS)] = Field("万元", alias="单位")
    minus: Text = Field("-", alias="负号")

    @property
    def step(self) -> Decimal:
        """The last printed digit, in 元: 100 for two decimals of 万元."""
        return UNITS[self.unit].scaleb(-self.places)

    @cached_property
    def way(self) -> _Way:
        """How to write a number in this format, worked out once: hundreds are written for a document."""
        return _Way(self)


class _Way:
    """What rounding and writing a number needs of its format."""

    __slots__ = ("last_digit", "layout", "minus", "per_yuan", "trimmed", "whole_trimmed", "zero")

    def __init__(self, number_format: NumberFormat) -> None:
        places = number_format.places
        self.per_yuan = 1 / UNITS[number_format.unit]  # a power of ten: as exact as to divide, and faster
        self.last_digit = Decimal(1).scaleb(-places)
        self.layout = f"{',' if number_format.grouped else ''}.{places}f"
        self.trimmed = number_format.trimmed and places > 0
        self.whole_trimmed = number_format.whole_trimmed and places > 0
        self.zero, self.minus = number_format.zero, number_format.minus


STANDARD_FORMATS = {
    "默认": NumberFormat(),
    "百分比": NumberFormat(),
    "整数": NumberFormat(places=0, unit="个"),
}
"""Formats that every style has; it may say them otherwise under the same names."""


def printed_value(yuan: Decimal, number_format: NumberFormat) -> Decimal:
    """Return an amount of 元 as the number that a reader sees: in the format's unit, rounded to its places."""
    way = number_format.way
    rounded = (yuan * way.per_yuan).quantize(way.last_digit, ROUND_HALF_UP)
    return rounded or abs(rounded)  # no 「-0.00」


def format_number(value: Decimal, number_format: NumberFormat) -> str:
    """Return the text of a plain number; the format's unit plays no part.

    A number that rounds to zero is a zero: it has no sign, and the format's own text for it where there is one.
    """
    return format_rounded(value.quantize(number_format.way.last_digit, ROUND_HALF_UP), number_format)


def format_rounded(rounded: Decimal, number_format: NumberFormat) -> str:
    """Return the text of a number that is already rounded to the format's places, as `printed_value` gives it."""
    way = number_format.way
    if not rounded and way.zero is not None:
        return way.zero
    text = format(abs(rounded), way.layout)
    if way.trimmed or (way.whole_trimmed and rounded == rounded.to_integral_value()):
        text = text.rstrip("0").rstrip(".")
    return way.minus + text if rounded < 0 else text


class AmountsAsText(dict[Decimal, str]):
    """Amounts of 元 as text in one format, each found out once; empty text for one that rounds to zero.

    For one document, in which the same amounts stand in many places, and a zero is printed as each of them says.
    """

    def __init__(self, number_format: NumberFormat) -> None:
        self._format = number_format
        self.zero = format_rounded(ZERO, number_format)

    def __missing__(self, yuan: Decimal) -> str:
        """Return the text of an amount that was not asked for before."""
        number = printed_value(yuan, self._format)
        text = self[yuan] = format_rounded(number, self._format) if number else ""
        return text


def format_amount(yuan: Decimal, number_format: NumberFormat) -> str:
    """Return the text of an amount of 元 in the format's unit (1064.5 for 10,645,000 元), without the unit's name."""
    return format_rounded(printed_value(yuan, number_format), number_format)


def format_rate(percent: Decimal, number_format: NumberFormat) -> str:
    """Return the text of a percentage (14.99 for 14.99 %), without the percent sign."""
    return format_number(percent, number_format)


def format_count(count: Decimal | int, number_format: NumberFormat = STANDARD_FORMATS["整数"]) -> str:
    """Return the text of a count; one that is not whole is rounded as the format says."""
    return format_number(Decimal(count), number_format)
