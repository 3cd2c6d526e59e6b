"""Amounts: exact decimals, 元 and 万元, rounding, and the one rule that tells 尾差 from an error.

Inside the program every amount is a ``Decimal`` in 元. Only printing converts and rounds, half up (四舍五入).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache

ZERO = Decimal(0)


class AmountUnit(StrEnum):
    """The unit (金额单位) in which a file gives amounts or a table prints them."""

    YUAN = "元"
    THOUSAND = "千元"
    WAN = "万元"

    @property
    def yuan(self) -> Decimal:
        """How many 元 one of this unit is."""
        return _YUAN[self._value_]


_YUAN = {"元": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10000)}  # by plain texts, which are found sooner


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Return ``value`` rounded to ``places`` decimals, half away from zero, as 四舍五入 is understood."""
    rounded = value.quantize(_last_digit(places), rounding=ROUND_HALF_UP)
    return rounded or abs(rounded)  # no 「-0.00」


@cache
def _last_digit(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def in_unit(yuan: Decimal, unit: AmountUnit = AmountUnit.WAN) -> Decimal:
    """Return an amount of 元 in ``unit``, exactly."""
    return yuan / unit.yuan


def printed(yuan: Decimal, unit: AmountUnit = AmountUnit.WAN, places: int = 2) -> Decimal:
    """Return an amount of 元 as it is printed: in ``unit``, rounded to ``places`` decimals."""
    return round_half_up(in_unit(yuan, unit), places)


def total_of(terms: Iterable[tuple[Decimal | None, int]]) -> Decimal | None:
    """Return the sum of amounts, each with 1 or -1; None where one of them is not known."""
    total = ZERO
    for amount, sign in terms:
        if amount is None:
            return None
        total = total + amount if sign > 0 else total - amount
    return total


def is_rounding_difference(derived: Decimal, stated: Decimal, leaves: int, step: Decimal = Decimal(100)) -> bool:
    """Tell whether two values of one total (in 元) differ by no more than 尾差.

    ``leaves`` is the number n of leaf items under the total and ``step`` the last printed digit, in 元 (100 元 is
    0.01 万元). The limit is ``step / 2 × (n + 1)``: each leaf and the total itself may be off by half a step.
    """
    return abs(derived - stated) <= step / 2 * (leaves + 1)


def plain(value: Decimal) -> str:
    """Return a number as text, without an exponent and without zeros at its end."""
    if not value:
        return "0"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
