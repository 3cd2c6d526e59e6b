"""What a cell of a workbook gives as an amount, exactly: numbers, numbers typed as text, signs for nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from builder.accounts.money import plain

UNITS: Mapping[str, Decimal] = {
    "元": Decimal(1), "百元": Decimal(100), "千元": Decimal(1000), "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000), "亿元": Decimal(100_000_000),
}
"""How many 元 each unit is in which tables give amounts."""
UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
NUMBER = re.compile(rf"([-+]?(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,15}})(?:\.[0-9]*)?|[-+]?\.[0-9]+)({UNIT})?")
NOTHING = frozenset({"", "-", "--", "---", "/", "\\", "无"})
"""What accountants write where there is no amount; dashes of all kinds count as ``-``."""
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－﹣", "-"))
SPACES = re.compile(r"[\s'’‘`]")
CURRENCY = "¥￥"
ERROR = re.compile(r"#(?:REF|DIV/0|VALUE|NAME|NUM|NULL|N/A|SPILL|CALC)[!?]?", re.IGNORECASE)
SIGNIFICANT = 15
"""Digits that a spreadsheet keeps of a number; what a float has beyond them is an artefact of binary fractions."""
LONGEST = 300
"""Characters of a cell that are looked at; titles, labels and amounts are shorter."""


def text_of(value: object) -> str:
    """Return a cell as text: whole numbers without decimals, full-width signs as half-width, without outer spaces."""
    if isinstance(value, float):
        return plain(decimal_of(value))
    return unicodedata.normalize("NFKC", str(value)[:LONGEST]).strip() if value is not None else ""


def decimal_of(value: float) -> Decimal:
    """Return a spreadsheet's number as the decimal that is shown: 1064.4999999999998 is 1064.5."""
    return Decimal(f"{value:.{SIGNIFICANT}g}")


def read_amount(value: object) -> Decimal | None:
    """Return a cell's number; None where the cell gives none, which `is_blank` tells from what is no amount.

    A unit that stands behind the number is left aside; `own_unit` tells it.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return decimal_of(float(value)) if abs(value) < 10**SIGNIFICANT else None
    found = _number(value)
    return Decimal(found[1].replace(",", "")) if found else None


def own_unit(value: object) -> str:
    """Return the unit that a cell gives behind its number (``12.50万元``), empty where it gives none."""
    found = _number(value) if isinstance(value, str) else None
    return found[2] or "" if found else ""


def _number(value: object) -> re.Match[str] | None:
    text = SPACES.sub("", text_of(value).translate(DASHES)).lstrip(CURRENCY)
    if text.startswith("(") and text.endswith(")"):  # the accountants' way to write a negative amount
        text = f"-{text[1:-1]}"
    return NUMBER.fullmatch(text)


def is_blank(value: object) -> bool:
    """Tell whether a cell says that there is nothing: empty, or a dash."""
    return text_of(value).translate(DASHES) in NOTHING


def is_error(value: object) -> bool:
    """Tell whether a cell shows the error of a formula: ``#REF!``."""
    return isinstance(value, str) and ERROR.fullmatch(value.strip()) is not None
