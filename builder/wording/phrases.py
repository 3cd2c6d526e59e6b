"""A phrase with slots (空) in braces: 「增加{差额}万元，增长{率}%」."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from builder.findings import InputError

SLOT = re.compile(r"\{([^{}]*)\}")
FULL_WIDTH_BRACES = str.maketrans("｛｝", "{}")

GIVEN = frozenset({"主语", "名称", "编码", "年度", "上年度", "自称", "对象"})
"""Slots whose text comes from the part (``主语="收、支总计各"``) or from the unit; allowed in every phrase."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as a style gives it. Full-width braces, as an input method types them, count as braces."""

    text: str
    slots: frozenset[str] = field(init=False, compare=False)
    asked: tuple[str, ...] = field(init=False, compare=False, repr=False)  # the slots that the figures fill
    _pattern: str = field(init=False, compare=False, repr=False)  # the text with %s for each slot
    _texts: Callable[[Mapping[str, object]], tuple[object, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        text = SLOT.sub(lambda slot: f"{{{slot[1].strip()}}}", self.text.translate(FULL_WIDTH_BRACES))
        object.__setattr__(self, "text", text)
        order = tuple(SLOT.findall(text))
        object.__setattr__(self, "_pattern", SLOT.sub("%s", text.replace("%", "%%")))
        object.__setattr__(self, "_texts", itemgetter(*order) if len(order) > 1 else _getter(order))
        object.__setattr__(self, "slots", frozenset(order))
        object.__setattr__(self, "asked", tuple(sorted(self.slots - GIVEN)))

    def mistake(self, allowed: Iterable[str]) -> str:
        """Return what is wrong with the phrase where only the ``allowed`` slots may stand in it, or nothing."""
        rest = SLOT.sub("", self.text)
        if "{" in rest or "}" in rest:
            return f"「{self.text}」里的花括号不成对；每个空要写成「{{名称}}」的样子"
        unknown = sorted(self.slots.difference(allowed))
        if not unknown:
            return ""
        return f"这里不能用 {listed(unknown)}；能用的空是 {listed(sorted(allowed))}"

    def fill(self, values: Mapping[str, object], place: str) -> str:
        """Return the text with every slot filled from ``values``; ``place`` is where the phrase stands in the style.

        Raises InputError where a slot has no value, which then was left out in the part.
        """
        try:
            return self._pattern % self._texts(values)
        except KeyError:
            missing = sorted(self.slots.difference(values))
            example = "，".join(f'{name}="…"' for name in missing)
            raise InputError(
                f"{place} 的写法要用到 {listed(missing)}，正文的标签却没有给出；请在标签里补上 {example}"
            ) from None


def _getter(slots: tuple[str, ...]) -> Callable[[Mapping[str, object]], tuple[object, ...]]:
    return lambda values: tuple([values[slot] for slot in slots])


def listed(slots: Iterable[str]) -> str:
    """Return slots for a message: ``{差额} {率}``."""
    return " ".join(f"{{{slot}}}" for slot in slots)


def check_given(given: Mapping[str, object], place: str) -> None:
    """Check what the part gives for slots. Raises InputError where it gives one that no phrase can use."""
    if not given.keys() <= GIVEN:
        unknown = sorted(given.keys() - GIVEN)
        raise InputError(
            f"{place}：正文的标签给出了 {listed(unknown)}，可由正文给出的空只有 {listed(sorted(GIVEN))}；"
            "请改正标签里的名称"
        )
