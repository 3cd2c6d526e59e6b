"""Phrase sets that speak of two figures: ``较上年``, ``比较``, ``完成预算`` and ``占``, with the cases of each.

A case that is not stated falls back to the nearest one whose phrase stays true (均为零 → 持平, 归零 → 减少, 从无到有 →
增加 only where that gives no rate), and never to an invented one.
"""

from collections.abc import Mapping
from enum import IntEnum, auto
from typing import ClassVar

from pydantic import Field

from builder.accounts.values import Text

from .phrase_sets import RATES, WORDS, PhraseSet, PhraseText, Slots
from .phrases import GIVEN


class Situation(IntEnum):
    """Which of the cases two figures make, apart from the direction. A number, for it is looked up by all the time."""

    ORDINARY = auto()
    FROM_ZERO = auto()
    TO_ZERO = auto()
    BOTH_ZERO = auto()
    NEGATIVE_BASE = auto()
    UNKNOWN_BASE = auto()


class ComparingPhrases(PhraseSet):
    """A set that speaks of two figures: a value and the base that it is compared with."""

    VALUE: ClassVar[str]
    BASE: ClassVar[str]
    DEDICATED: ClassVar[Mapping[Situation, str]]
    BY_DIRECTION: ClassVar[Mapping[int, tuple[str, ...]]]
    LIKELY: ClassVar[Mapping[Situation, int]] = {
        Situation.FROM_ZERO: 1,
        Situation.TO_ZERO: -1,
        Situation.BOTH_ZERO: 0,
    }
    """What some unit meets every year, with its direction; the rest is rare, or an omission of the unit."""

    @classmethod
    def candidates(cls, situation: Situation, direction: int | None) -> tuple[str, ...]:
        """Return the cases that may speak of the figures, best first; ``direction`` is -1, 0, 1 or not known."""
        dedicated = (cls.DEDICATED[situation],) if situation in cls.DEDICATED else ()
        return dedicated if direction is None else dedicated + cls.BY_DIRECTION[direction]


class RatioPhrases(ComparingPhrases):
    """A set that speaks of a value in per cent of the base; its main case serves every value."""

    @classmethod
    def candidates(cls, situation: Situation, direction: int | None) -> tuple[str, ...]:
        """As above; nothing out of nothing is no 「全部」 or 「足额」."""
        if situation is Situation.BOTH_ZERO:
            return cls.DEDICATED[situation], cls.MAIN
        return super().candidates(situation, direction)


class DifferencePhrases(ComparingPhrases):
    """A set that speaks of the difference of two figures, in amount and per cent of the base."""

    difference_format: Text | None = Field(None, alias="差额")

    @classmethod
    def candidates(cls, situation: Situation, direction: int | None) -> tuple[str, ...]:
        """As above, but true words come first.

        From zero to below zero is no 「从无到有」, and is spoken of like a negative base; a negative base that has not
        changed is like any other.
        """
        if situation is Situation.FROM_ZERO and direction == -1:
            situation = Situation.NEGATIVE_BASE
        elif situation is Situation.NEGATIVE_BASE and direction == 0:
            situation = Situation.ORDINARY
        return super().candidates(situation, direction)


DIFFERENCES = GIVEN | RATES | WORDS | {"差额", "增减额"}
CHANGE = DIFFERENCES | {"本年", "上年"}
BUDGET = DIFFERENCES | {"决算", "预算"}


class ChangePhrases(DifferencePhrases):
    """``较上年``: this year's figure against last year's."""

    GROUP = "较上年"
    VALUE, BASE = "本年", "上年"
    ALLOWED: ClassVar[Slots] = {
        "增加": CHANGE,
        "减少": CHANGE,
        "持平": CHANGE - WORDS,
        "从无到有": CHANGE - RATES,
        "归零": CHANGE,
        "均为零": CHANGE - WORDS,
        "基数为负": CHANGE - RATES,
        "上年未知": GIVEN | {"本年"},
    }
    REQUIRED = ("增加", "减少", "持平")
    BY_DIRECTION: ClassVar[Mapping[int, tuple[str, ...]]] = {1: ("增加",), -1: ("减少",), 0: ("持平",)}
    DEDICATED: ClassVar[Mapping[Situation, str]] = {
        Situation.FROM_ZERO: "从无到有",
        Situation.TO_ZERO: "归零",
        Situation.BOTH_ZERO: "均为零",
        Situation.NEGATIVE_BASE: "基数为负",
        Situation.UNKNOWN_BASE: "上年未知",
    }

    more: PhraseText = Field(None, alias="增加")
    less: PhraseText = Field(None, alias="减少")
    equal: PhraseText = Field(None, alias="持平")
    from_zero: PhraseText = Field(None, alias="从无到有")
    to_zero: PhraseText = Field(None, alias="归零")
    both_zero: PhraseText = Field(None, alias="均为零")
    negative_base: PhraseText = Field(None, alias="基数为负")
    unknown_base: PhraseText = Field(None, alias="上年未知")


class BudgetPhrases(DifferencePhrases):
    """``比较``: the final figure (决算) against the budget's."""

    GROUP = "比较"
    VALUE, BASE = "决算", "预算"
    ALLOWED: ClassVar[Slots] = {
        "大于": BUDGET,
        "小于": BUDGET,
        "等于": BUDGET - WORDS,
        "预算为零": BUDGET - RATES,
        "决算为零": BUDGET,
        "均为零": BUDGET - WORDS,
        "预算为负": BUDGET - RATES,
        "预算未知": GIVEN | {"决算"},
    }
    REQUIRED = ("大于", "小于", "等于")
    BY_DIRECTION: ClassVar[Mapping[int, tuple[str, ...]]] = {1: ("大于",), -1: ("小于",), 0: ("等于",)}
    DEDICATED: ClassVar[Mapping[Situation, str]] = {
        Situation.FROM_ZERO: "预算为零",
        Situation.TO_ZERO: "决算为零",
        Situation.BOTH_ZERO: "均为零",
        Situation.NEGATIVE_BASE: "预算为负",
        Situation.UNKNOWN_BASE: "预算未知",
    }

    more: PhraseText = Field(None, alias="大于")
    less: PhraseText = Field(None, alias="小于")
    equal: PhraseText = Field(None, alias="等于")
    from_zero: PhraseText = Field(None, alias="预算为零")
    to_zero: PhraseText = Field(None, alias="决算为零")
    both_zero: PhraseText = Field(None, alias="均为零")
    negative_base: PhraseText = Field(None, alias="预算为负")
    unknown_base: PhraseText = Field(None, alias="预算未知")


COMPLETION = GIVEN | {"率", "决算", "预算"}


class CompletionPhrases(RatioPhrases):
    """``完成预算``: the final figure in per cent of the budget."""

    GROUP = "完成预算"
    VALUE, BASE = "决算", "预算"
    MAIN = "完成"
    ALLOWED: ClassVar[Slots] = {
        "完成": COMPLETION,
        "足额": COMPLETION,
        "预算为零": COMPLETION - RATES,
        "决算为零": COMPLETION,
        "均为零": COMPLETION,
        "预算为负": COMPLETION - RATES,
        "预算未知": GIVEN | {"决算"},
    }
    REQUIRED = ("完成",)
    BY_DIRECTION: ClassVar[Mapping[int, tuple[str, ...]]] = {1: ("完成",), -1: ("完成",), 0: ("足额", "完成")}
    DEDICATED: ClassVar[Mapping[Situation, str]] = BudgetPhrases.DEDICATED

    normal: PhraseText = Field(None, alias="完成")
    in_full: PhraseText = Field(None, alias="足额")
    from_zero: PhraseText = Field(None, alias="预算为零")
    to_zero: PhraseText = Field(None, alias="决算为零")
    both_zero: PhraseText = Field(None, alias="均为零")
    negative_base: PhraseText = Field(None, alias="预算为负")
    unknown_base: PhraseText = Field(None, alias="预算未知")


SHARE = GIVEN | {"率", "部分", "总数"}


class SharePhrases(RatioPhrases):
    """``占``: a part in per cent of its whole."""

    GROUP = "占"
    VALUE, BASE = "部分", "总数"
    MAIN = "占"
    ALLOWED: ClassVar[Slots] = {
        "占": SHARE,
        "全部": SHARE,
        "总数为零": SHARE - RATES,
        "部分为零": SHARE,
        "均为零": SHARE,
        "总数为负": SHARE - RATES,
        "总数未知": GIVEN | {"部分"},
    }
    REQUIRED = ("占",)
    BY_DIRECTION: ClassVar[Mapping[int, tuple[str, ...]]] = {1: ("占",), -1: ("占",), 0: ("全部", "占")}
    DEDICATED: ClassVar[Mapping[Situation, str]] = {
        Situation.FROM_ZERO: "总数为零",
        Situation.TO_ZERO: "部分为零",
        Situation.BOTH_ZERO: "均为零",
        Situation.NEGATIVE_BASE: "总数为负",
        Situation.UNKNOWN_BASE: "总数未知",
    }
    LIKELY: ClassVar[Mapping[Situation, int]] = {Situation.TO_ZERO: -1, Situation.BOTH_ZERO: 0}

    normal: PhraseText = Field(None, alias="占")
    whole: PhraseText = Field(None, alias="全部")
    from_zero: PhraseText = Field(None, alias="总数为零")
    to_zero: PhraseText = Field(None, alias="部分为零")
    both_zero: PhraseText = Field(None, alias="均为零")
    negative_base: PhraseText = Field(None, alias="总数为负")
    unknown_base: PhraseText = Field(None, alias="总数未知")
