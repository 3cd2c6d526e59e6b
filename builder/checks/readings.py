"""What the text of a form's cell says: whether anything, which number, and how far rounding may have moved it.

The rules ask the same cells again and again, and forms repeat their texts: what was read once is kept.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from builder.accounts.completion import TEXTS, Quantity, plain, quantities
from builder.accounts.money import ZERO

NUMBER = re.compile(r"[-+]?\d+(?:,\d{3})*(?:\.\d+)?(?=(?:%|分|万元|元)?$)")
EMPTY = frozenset(("", "-", "—", "/", "无"))
ROUNDED = Decimal("0.005")


@lru_cache(maxsize=TEXTS)
def says(text: str) -> bool:
    """Tell whether anything is said (「-」 and 「无」 say nothing)."""
    return text.strip() not in EMPTY


@lru_cache(maxsize=TEXTS)
def quantity(text: str) -> Quantity | None:
    """Return the number that the whole text is (98, 59.76%, 94分), or None."""
    text = plain(text)
    return quantities(text)[0] if NUMBER.match(text) else None


@lru_cache(maxsize=TEXTS)
def number(text: str) -> Decimal | None:
    """Return the value of the number that the whole text is, or None."""
    found = quantity(text)
    return found.value if found else None


@lru_cache(maxsize=TEXTS)
def half(text: str) -> Decimal:
    """Return half of the last digit: how far rounding may have moved a rate or points."""
    found = quantity(text)
    return found.step / 2 if found else ZERO


def slack(text: str) -> Decimal:
    """Return how far rounding may have moved an amount: one of less than two decimals is written without zeros."""
    return min(half(text), ROUNDED)
