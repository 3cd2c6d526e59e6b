"""How far a performance target written in words (≥90%, 6-9个月) is met, and by which conventions that can be said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from .money import ZERO

HUNDRED = Decimal(100)
HALF, ROUNDED = Decimal("0.5"), Decimal("0.005")
"""Half of a last digit; and of the second decimal, for 28 and 27.5 are written without zeros."""
QUANTITY = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?")
UNIT = re.compile(r"[^\d\s,，.。;；:：、()（）~\-=<>≥≤＜＞+]*")
MOMENT = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?:[-/]\d{1,2}|\.\d{1,2}\.\d{1,2}|年)|\d月(?!数)|\d[日号季]|^(?:3[6-9]|4\d|5[0-4])\d{3}\.0$"
)
"""A point in time, also one that a spreadsheet has made a number (44531.0)."""
AT_MOST = re.compile(r"[≤<＜]|不超过|不高于|不大于|以内|以下")
TEXTS = 4096
"""How many texts are kept as read: the rules ask for the same cells again and again."""
BELOW = re.compile(r"[<＜](?![=＝])")


class Quantity(NamedTuple):
    """A number in a text, the word after it (its unit), and how much its last digit is worth."""

    value: Decimal
    unit: str
    start: int = 0

    @property
    def step(self) -> Decimal:
        """One of the last digit: 0.01 of 97.03."""
        exponent = self.value.as_tuple().exponent
        return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


@lru_cache(maxsize=TEXTS)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the numbers of a text (after :func:`plain`), in their order."""
    found = []
    for match in QUANTITY.finditer(text):
        number = match[0] if match.start() == 0 else match[0].lstrip("-")
        unit = UNIT.match(text, match.end())
        found.append(Quantity(Decimal(number.replace(",", "")), unit[0] if unit else "", match.start()))
    return tuple(found)


@lru_cache(maxsize=TEXTS)
def plain(text: object) -> str:
    """Return a text with one form for each sign: half width, no blanks, ≥ and ≤ as single signs."""
    narrow = unicodedata.normalize("NFKC", str(text)).replace(" ", "").replace("~", "-").replace("—", "-")
    return narrow.replace(">=", "≥").replace("<=", "≤")


@lru_cache(maxsize=TEXTS)
def completion(result: object, target: object) -> Decimal | None:
    """Return how far a target written in words is met, in %.

    The first number of each counts, and of a range in the target the nearer bound. A target that is an upper bound
    (≤2.07倍) is met in full by anything within it. Words that say the same are 100; without numbers, and for another
    date than the target's, it is not known.
    """
    had, wanted = plain(result), plain(target)
    if had == wanted:
        return HUNDRED if had else None
    reached, bounds = quantities(had), bounds_of(wanted)
    if not reached or bounds is None or MOMENT.search(wanted):
        return None
    value, (low, high) = reached[0].value, bounds
    if AT_MOST.search(wanted):
        return HUNDRED if value <= high else high / value * HUNDRED
    if low <= value <= high:
        return HUNDRED
    bound = low if value < low else high
    return value / bound * HUNDRED if bound else None


def bounds_of(wanted: str) -> tuple[Decimal, Decimal] | None:
    """Return the two ends of a range (6-9个月), twice the same for a single number; None without a number."""
    numbers = [quantity.value for quantity in quantities(wanted)]
    if not numbers:
        return None
    return numbers[0], numbers[1] if len(numbers) > 1 and "-" in wanted[1:] else numbers[0]


@lru_cache(maxsize=TEXTS)
def is_met(result: object, target: object) -> bool | None:
    """Tell whether a target written in words is met; None where the words do not say.

    A bare number after a target with a unit (100 for ≥30家) may be that number, or the share done in %: where the two
    readings disagree it is not known.
    """
    had, wanted = plain(result), plain(target)
    if had == wanted:
        return True if had else None
    reached, bounds = quantities(had), bounds_of(wanted)
    if not reached or bounds is None or MOMENT.search(wanted) or MOMENT.search(had):
        return None
    actual, unit = reached[0], quantities(wanted)[-1].unit
    met = _within(actual.value, bounds, wanted)
    if actual.unit and unit and not same_unit(actual.unit, unit):
        return None
    if not actual.unit and unit and unit != "%":
        share = actual.value <= HUNDRED if AT_MOST.search(wanted) else actual.value >= HUNDRED
        return met if met is share else None
    return met


def same_unit(one: str, other: str) -> bool:
    """Tell whether two units are the same, as far as they are written (万 and 万人)."""
    return one.startswith(other) or other.startswith(one)


def _within(value: Decimal, bounds: tuple[Decimal, Decimal], wanted: str) -> bool:
    low, high = bounds
    if AT_MOST.search(wanted):
        return value < high if BELOW.search(wanted) else value <= high
    if low != high:
        return low <= value <= high
    return value >= low if low else value == ZERO


def is_reached(share: Decimal, step: Decimal, result: object, target: object) -> bool:
    """Tell whether a printed 完成比例 (in %, with its last digit ``step``) follows from the rule of :func:`completion`.

    What the rounding of the result and of the share itself allow counts as right.
    """
    exact = completion(result, target)
    if exact is None:
        return False
    values = quantities(plain(result))
    if exact == HUNDRED or not values:
        return abs(share - exact) <= step * HALF
    rounded = min(values[0].step * HALF, ROUNDED)
    slack = exact * rounded / values[0].value if values[0].value else ZERO
    return abs(share - exact) <= abs(slack) + step * HALF


def is_reached_otherwise(share: Decimal, step: Decimal, result: object, target: object) -> bool:
    """Tell whether a printed 完成比例 follows from another convention that houses use.

    They are: result over target (and the reverse) whatever the direction, at most 100, 100 for whatever meets the
    target, the deviation taken off (1 − (result − target) ÷ target), 0 where nothing was wanted and nothing done, and
    digits cut off instead of rounded.
    """
    return any(abs(share - other) < step for other in _others(plain(result), plain(target)))


def _others(had: str, wanted: str) -> Iterator[Decimal]:
    reached, bounds = quantities(had), bounds_of(wanted)
    if not reached or bounds is None or MOMENT.search(wanted):
        return
    value = reached[0].value
    if is_met(had, wanted):
        yield HUNDRED
    if not value and not bounds[1]:
        yield ZERO
    for bound in bounds:
        if bound:
            yield value / bound * HUNDRED
            yield min(value / bound * HUNDRED, HUNDRED)
            yield HUNDRED - (value - bound) / bound * HUNDRED
        if value:
            yield bound / value * HUNDRED
