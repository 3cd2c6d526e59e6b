"""Two figures in one phrase: change (较上年), comparison with the budget (比较), completion (完成预算), share (占).

A reader of the document must be able to recompute what it says from what it prints. So both figures are first rounded
to the set's number format ``金额`` (by default 0.01 万元), as they stand in the document, and everything follows from
those printed numbers: the difference is their difference, a rate is that difference (or the value) divided by the
printed base, and the direction is the sign of the printed difference. Two figures that differ by less than the last
printed digit are 持平.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from builder.accounts.money import ZERO
from builder.findings import InputError

from .comparing_sets import (
    BudgetPhrases,
    ChangePhrases,
    ComparingPhrases,
    CompletionPhrases,
    DifferencePhrases,
    SharePhrases,
    Situation,
)
from .numbers import NumberFormat, format_number, printed_value
from .phrases import GIVEN, given_values
from .phrasing import Phrasing

Written: TypeAlias = tuple[Decimal, NumberFormat]
"""A number, and the format that it is written in."""

HUNDRED = Decimal(100)

DIRECTION_WORDS = {1: ("增加", "增长", "大于"), -1: ("减少", "下降", "小于")}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two figures as they are printed, and what follows from them; rates are exact, in per cent."""

    value: Decimal
    base: Decimal | None
    situation: Situation

    @property
    def difference(self) -> Decimal | None:
        """The value less the base, where the base is known."""
        return None if self.base is None else self.value - self.base

    @property
    def direction(self) -> int | None:
        """1 for more, -1 for less, 0 for the same as printed."""
        difference = self.difference
        return None if difference is None else (difference > 0) - (difference < 0)

    @property
    def growth(self) -> Decimal | None:
        """The difference in per cent of the base; 0 where there is no difference, none where it has no meaning."""
        if self.direction == 0:
            return ZERO
        ratio = self.ratio
        return None if ratio is None else ratio - HUNDRED

    @property
    def ratio(self) -> Decimal | None:
        """The value in per cent of the base; 0 where both are zero, none where it has no meaning."""
        if self.situation is Situation.BOTH_ZERO:
            return ZERO
        if self.base is None or self.base <= 0:
            return None
        return self.value * HUNDRED / self.base  # 28 digits: no quotient of printed figures comes so near to a tie


def compare(value: Decimal, base: Decimal | None, amount: NumberFormat) -> Comparison:
    """Compare two amounts of 元 as they are printed in the format ``amount``; a base of None is not known."""
    value = printed_value(value, amount)
    if base is None:
        return Comparison(value, None, Situation.UNKNOWN_BASE)
    base = printed_value(base, amount)
    if base < 0:
        situation = Situation.NEGATIVE_BASE
    elif base == 0:
        situation = Situation.FROM_ZERO if value else Situation.BOTH_ZERO
    else:
        situation = Situation.ORDINARY if value else Situation.TO_ZERO
    return Comparison(value, base, situation)


def change(current: Decimal, previous: Decimal | None, phrases: Phrasing[ChangePhrases], **given: object) -> str:
    """Return what the house says of this year's figure against last year's: 「增加139.08万元，增长14.99%」.

    Both in 元; None where last year's is not known. ``given`` fills the slots that the part fills (``主语``, ``名称``,
    ``年度`` …). Raises InputError where the house has no phrase for the case.
    """
    return _phrase(compare(current, previous, phrases.amount), phrases, given)


def difference(final: Decimal, budget: Decimal | None, phrases: Phrasing[BudgetPhrases], **given: object) -> str:
    """Return what the house says of the final figure against the budget's (both in 元); see ``change``."""
    return _phrase(compare(final, budget, phrases.amount), phrases, given)


def completion(final: Decimal, budget: Decimal | None, phrases: Phrasing[CompletionPhrases], **given: object) -> str:
    """Return which part of the budget was used, in the house's words (both in 元); see ``change``."""
    return _phrase(compare(final, budget, phrases.amount), phrases, given)


def share(part: Decimal, whole: Decimal | None, phrases: Phrasing[SharePhrases], **given: object) -> str:
    """Return which share of ``whole`` the ``part`` is, in the house's words (both in 元); see ``change``."""
    return _phrase(compare(part, whole, phrases.amount), phrases, given)


def _phrase(comparison: Comparison, phrases: Phrasing[ComparingPhrases], given: dict[str, object]) -> str:
    values = _values(comparison, phrases)
    texts = given_values(given, phrases.place)
    candidates = phrases.house.candidates(comparison.situation, comparison.direction)
    for case in candidates:
        phrase = phrases.cases.get(case)
        if phrase is not None and phrase.slots - GIVEN <= values.keys():
            for slot in phrase.slots & values.keys():
                value = values[slot]
                texts[slot] = value if isinstance(value, str) else format_number(*value)
            return phrase.fill(texts, phrases.place)
    raise InputError(_no_phrase(comparison, phrases, candidates, texts.get("名称", "")))


def _values(comparison: Comparison, phrases: Phrasing[ComparingPhrases]) -> dict[str, str | Written]:
    """Return what the two figures put into slots; one that has no meaning in this case is left out.

    Numbers are written only when the phrase asks for them.
    """
    house = phrases.house
    values: dict[str, str | Written] = {house.VALUE: (comparison.value, phrases.amount)}
    if comparison.base is not None:
        values[house.BASE] = (comparison.base, phrases.amount)
    if not isinstance(house, DifferencePhrases):
        if (ratio := comparison.ratio) is not None:
            values["率"] = (ratio, phrases.rate)
        return values
    if (difference := comparison.difference) is not None:
        values["差额"] = (abs(difference), phrases.difference)
        values["增减额"] = (difference, phrases.difference)
    if (growth := comparison.growth) is not None:
        values["率"] = (abs(growth), phrases.rate)
        values["增减率"] = (growth, phrases.rate)
    if direction := comparison.direction:
        values |= direction_words(direction)
    return values


def direction_words(direction: int) -> dict[str, str]:
    """Return the slots that name a direction (1 or -1) in words."""
    return dict(zip(("增加或减少", "增长或下降", "大于或小于"), DIRECTION_WORDS[direction], strict=True))


def _no_phrase(
    comparison: Comparison, phrases: Phrasing[ComparingPhrases], candidates: tuple[str, ...], name: str
) -> str:
    """Return the message on a case of which the house says nothing, or nothing that holds here."""
    house, case = phrases.house, candidates[0]
    figures = f"{house.VALUE} {comparison.value}"
    figures += f"，{house.BASE}没有给出" if comparison.base is None else f"，{house.BASE} {comparison.base}"
    unfit = [other for other in candidates if other in phrases.cases]
    why = "".join(f"，「{other}」的写法里有这时没有的数" for other in unfit)
    remedy = f"请在这一组下补写「{case}」，什么也不印时写一对引号 ''"
    if comparison.base is None:
        remedy = f"请给出{house.BASE}，或者在这一组下补写「{case}」"
    return f"{phrases.place} 没有「{case}」的写法{why}（{name}{'：' if name else ''}{figures}）；{remedy}"
