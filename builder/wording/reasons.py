"""Reasons (主要原因是…): the house's lead-in, the writer's words, and neither the lead-in nor the full stop twice."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from .comparisons import compare, direction_words
from .house import ReasonPhrases
from .phrases import Phrase, check_given
from .phrasing import Phrasing

LINE_BREAK = re.compile(r"[ \t\u3000]*\r?\n\s*")
TRAILING = "。．.；;，,、：: \t\u3000\n"
LEADING = "，,。；;、：: \t\u3000\n"
ABOUT = (
    "(?:上年|去年|年初|全年|预算|决算|支出|收入|总计|合计|数|与|较|比|主要|增加|减少|增长|下降|上升|"
    "大于|小于|高于|低于|不?存在|产生|有|差异|变动|变化|持平|的|其)*"
)
LEAD_IN = re.compile(rf"{ABOUT}原因(?:主要)?(?:(?:是|为|在于|系|如下)[：:]?|[：:]|(?=一是))|主要(?:是|系|为)[：:]?")
"""A lead-in as writers repeat it at the beginning of a reason."""
ENUMERATION = "一是"


def reason(
    text: str | None,
    value: Decimal,
    base: Decimal | None,
    phrases: Phrasing[ReasonPhrases],
    given: Mapping[str, object],
) -> str:
    """Return the reason of a change from ``base`` to ``value`` (元) with the house's lead-in for its direction.

    The direction is that of the figures as printed (in the set's format 金额). Where nothing changed, or the base is
    not known, a missing reason is none and 「无原因」 is printed; where something changed, 「待补充」 stands in its
    place. A reason written for figures that turn out equal (or have no base) is printed only where the house has a
    phrase for it: 持平 (or 写法).
    """
    check_given(given, phrases.place)
    words = clean(text or "")
    direction = compare(value, base, phrases.amount).direction
    phrase = _phrase(direction, phrases)
    if phrase is None or not (words or (direction and not phrases.house.optional)):
        return phrases.cases["无原因"].fill(given, phrases.place)
    values = {"名称": "", **given, **(direction_words(direction) if direction else {})}
    return _joined(words or phrases.cases["待补充"].fill(values, phrases.place), phrase, values, phrases.place)


def is_lacking(text: str | None, value: Decimal, base: Decimal | None, phrases: Phrasing[ReasonPhrases]) -> bool:
    """Tell whether the document needs a reason here that nobody has written."""
    if phrases.house.optional or clean(text or ""):
        return False
    direction = compare(value, base, phrases.amount).direction
    return bool(direction) and _phrase(direction, phrases) is not None


def _phrase(direction: int | None, phrases: Phrasing[ReasonPhrases]) -> Phrase | None:
    """Return the house's lead-in for a direction."""
    case = {1: "增加", -1: "减少", 0: "持平", None: "写法"}[direction]
    return phrases.cases.get(case) or (phrases.cases.get("写法") if direction else None)


@lru_cache(maxsize=1024)
def clean(text: str) -> str:
    """Return a reason in one line, without the lead-in and the final punctuation that the house puts itself.

    Kept, because one reason is cleaned for the sentence, for its mark and for telling whether it is there.
    """
    text = LINE_BREAK.sub("", text).strip()
    while match := LEAD_IN.match(text.lstrip(LEADING)):
        text = text.lstrip(LEADING)[match.end() :]
    return text.lstrip(LEADING).rstrip(TRAILING)


def _joined(words: str, phrase: Phrase, values: Mapping[str, object], place: str) -> str:
    """Put the reason into the phrase."""
    if words.startswith(ENUMERATION):
        phrase = _before_enumeration(phrase)
    return phrase.fill({**values, "原因": words}, place)


@lru_cache(maxsize=256)
def _before_enumeration(phrase: Phrase) -> Phrase:
    """Return the phrase as it leads in an enumeration (一是…；二是…), before which a closing 是 would stand twice."""
    before, slot, after = phrase.text.partition("{原因}")
    if before.endswith("原因是"):
        before = before.removesuffix("是")
    elif before.endswith("是"):
        before += "："
    return Phrase(before + slot + after)
