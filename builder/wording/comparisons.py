"""Two figures in one phrase: change (较上年), comparison with the budget (比较), completion (完成预算), share (占).

A reader of the document must be able to recompute what it says from what it prints. So both figures are first rounded
to the set's number format ``金额`` (by default 0.01 万元), as they stand in the document, and everything follows from
those printed numbers: the difference is their difference, a rate is that difference (or the value) divided by the
printed base, and the direction is the sign of the printed difference. Two figures that differ by less than the last
printed digit are 持平.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from builder.accounts.money import ZERO
from builder.findings import InputError

from .comparing_sets import ComparingPhrases, RatioPhrases, Situation
from .numbers import NumberFormat, format_number, format_rounded, printed_value
from .phrases import check_given
from .phrasing import Phrasing

HUNDRED = Decimal(100)

ORDINARY, BOTH_ZERO = Situation.ORDINARY, Situation.BOTH_ZERO

DIRECTIONS = ("增加或减少", "增长或下降", "大于或小于")
DIRECTION_WORDS = {1: ("增加", "增长", "大于"), -1: ("减少", "下降", "小于")}


class Comparison(NamedTuple):
    """Two figures as they are printed, and what follows from them; rates are exact, in per cent.

    ``direction`` is 1 for more, -1 for less, 0 for the same as printed; it and ``difference`` are None where the base
    is not known.
    """

    value: Decimal
    base: Decimal | None
    situation: Situation
    difference: Decimal | None = None
    direction: int | None = None

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
        if self.situation is BOTH_ZERO:
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
    difference = value - base
    direction = (difference > 0) - (difference < 0)
    if base > 0:
        situation = ORDINARY if value else Situation.TO_ZERO
    elif base:
        situation = Situation.NEGATIVE_BASE
    else:
        situation = Situation.FROM_ZERO if value else BOTH_ZERO
    return Comparison(value, base, situation, difference, direction)


def said(value: Decimal, base: Decimal | None, phrases: Phrasing[ComparingPhrases], given: Mapping[str, object]) -> str:
    """Return what the house says of a figure and what it is compared with: 「增加139.08万元，增长14.99%」.

    Both in 元; a base of None is not known. ``given`` fills the slots that the part fills (``主语``, ``名称``, ``年度``
    …). Raises InputError where the house has no phrase for the case.
    """
    comparison = compare(value, base, phrases.amount)
    check_given(given, phrases.place)
    house = phrases.house
    figures = _RATIO if isinstance(house, RatioPhrases) else _DIFFERENCE
    for phrase in phrases.fitting(comparison.situation, comparison.direction):
        texts = dict(given)
        for slot in phrase.asked:
            text = figures[slot](comparison, phrases) if slot in figures else _named(slot, comparison, phrases)
            if text is None:  # it has no meaning in this case
                break
            texts[slot] = text
        else:
            return phrase.fill(texts, phrases.place)
    raise InputError(_no_phrase(comparison, phrases, str(given.get("名称", ""))))


Figures: TypeAlias = Mapping[str, Callable[[Comparison, Phrasing[ComparingPhrases]], str | None]]


def _named(slot: str, comparison: Comparison, phrases: Phrasing[ComparingPhrases]) -> str | None:
    """Return the figure that a set calls by its own name: 本年 and 上年, 决算 and 预算, 部分 and 总数."""
    figure = comparison.value if slot == phrases.house.VALUE else comparison.base
    return None if figure is None else format_rounded(figure, phrases.amount)


def _number(figure: Decimal | None, number_format: NumberFormat) -> str | None:
    return None if figure is None else format_number(figure, number_format)


def _word(number: int) -> Callable[[Comparison, Phrasing[ComparingPhrases]], str | None]:
    return lambda each, _phrases: DIRECTION_WORDS[each.direction][number] if each.direction else None


def _size(figure: Decimal | None) -> Decimal | None:
    return None if figure is None else abs(figure)


_RATIO: Figures = {"率": lambda each, phrases: _number(each.ratio, phrases.rate)}
_DIFFERENCE: Figures = {
    "差额": lambda each, phrases: _number(_size(each.difference), phrases.difference),
    "增减额": lambda each, phrases: _number(each.difference, phrases.difference),
    "率": lambda each, phrases: _number(_size(each.growth), phrases.rate),
    "增减率": lambda each, phrases: _number(each.growth, phrases.rate),
    **{slot: _word(number) for number, slot in enumerate(DIRECTIONS)},
}
"""What the two figures put into the slots of a set that speaks of their ratio, or of their difference."""


def direction_words(direction: int) -> dict[str, str]:
    """Return the slots that name a direction (1 or -1) in words."""
    return dict(zip(DIRECTIONS, DIRECTION_WORDS[direction], strict=True))


def _no_phrase(comparison: Comparison, phrases: Phrasing[ComparingPhrases], name: str) -> str:
    """Return the message on a case of which the house says nothing, or nothing that holds here."""
    house = phrases.house
    candidates = house.candidates(comparison.situation, comparison.direction)
    case = candidates[0]
    figures = f"{house.VALUE} {comparison.value}"
    figures += f"，{house.BASE}没有给出" if comparison.base is None else f"，{house.BASE} {comparison.base}"
    unfit = [other for other in candidates if other in phrases.cases]
    why = "".join(f"，「{other}」的写法里有这时没有的数" for other in unfit)
    remedy = f"请在这一组下补写「{case}」，什么也不印时写一对引号 ''"
    if comparison.base is None:
        remedy = f"请给出{house.BASE}，或者在这一组下补写「{case}」"
    return f"{phrases.place} 没有「{case}」的写法{why}（{name}{'：' if name else ''}{figures}）；{remedy}"
