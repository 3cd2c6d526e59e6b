"""What a cell of a workbook gives as an amount, exactly: numbers, numbers typed as text, signs for nothing."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

NUMBER = re.compile(r"[-+]?(?:[0-9]{1,15})(?:\.[0-9]+)?")
NOTHING = frozenset({"", "-", "--", "---", "/", "\\", "无"})
"""What accountants write where there is no amount; dashes of all kinds count as ``-``."""
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－﹣", "-"))
SPACES = re.compile(r"[\s'’,，]")
CURRENCY = "¥￥"
SIGNIFICANT = 15
"""Digits that a spreadsheet keeps of a number; what a float has beyond them is an artefact of binary fractions."""


def text_of(value: object) -> str:
    """Return a cell as text: whole numbers without decimals, full-width signs as half-width, without outer spaces."""
    if isinstance(value, float):
        return plain(decimal_of(value))
    return unicodedata.normalize("NFKC", str(value)).strip() if value is not None else ""


def decimal_of(value: float) -> Decimal:
    """Return a spreadsheet's number as the decimal that is shown: 1064.4999999999998 is 1064.5."""
    return Decimal(f"{value:.{SIGNIFICANT}g}")


def plain(number: Decimal) -> str:
    """Return a number without an exponent and without zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_amount(value: object) -> Decimal | None:
    """Return a cell's number; None where the cell gives none, which `is_blank` tells from what is no amount."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return decimal_of(float(value)) if abs(value) < 10**SIGNIFICANT else None
    text = SPACES.sub("", text_of(value).translate(DASHES)).lstrip(CURRENCY)
    if text.startswith("(") and text.endswith(")"):  # the accountants' way to write a negative amount
        text = f"-{text[1:-1]}"
    return Decimal(text) if NUMBER.fullmatch(text) else None


def is_blank(value: object) -> bool:
    """Tell whether a cell says that there is nothing: empty, or a dash."""
    return text_of(value).translate(DASHES) in NOTHING
