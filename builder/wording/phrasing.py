"""From a style's phrase sets to ready ones: inheritance followed, number formats looked up, phrases parsed.

Everything that can be wrong between two parts of a style is found here, all at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from builder.findings import Finding, InputError, Source

from .comparing_sets import ComparingPhrases, DifferencePhrases, Situation
from .house import ReasonPhrases
from .numbers import STANDARD_FORMATS, NumberFormat
from .phrase_sets import PhraseSet
from .phrases import Phrase

S = TypeVar("S", bound=PhraseSet)
S_co = TypeVar("S_co", bound=PhraseSet, covariant=True)
LISTED = 24
"""How many names a message lists at most."""
Locate = Callable[[tuple[str, ...]], Source | None]
"""Where the value at a path of keys (``("措辞", "较上年", "项目")``) stands in the style's file."""


@dataclass(frozen=True, slots=True)
class Phrasing(Generic[S_co]):
    """A phrase set ready for use: its parsed cases by name, and its number formats."""

    house: S_co
    name: str
    cases: Mapping[str, Phrase]
    amount: NumberFormat
    difference: NumberFormat
    rate: NumberFormat
    place: str = field(init=False, compare=False)
    """Where the set stands in the style, for messages."""
    _fitting: dict[tuple[Situation, int | None], tuple[Phrase, ...]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", f"措辞 › {self.house.GROUP} › {self.name}")

    def fitting(self: Phrasing[ComparingPhrases], situation: Situation, direction: int | None) -> tuple[Phrase, ...]:
        """Return the stated phrases that may speak of two figures, best first; found out once for each case."""
        found = self._fitting.get((situation, direction))
        if found is None:
            candidates = self.house.candidates(situation, direction)
            found = tuple(self.cases[case] for case in candidates if case in self.cases)
            self._fitting[situation, direction] = found
        return found


@dataclass(slots=True)
class Resolver:
    """Makes the sets of a style ready and collects what is wrong with them."""

    formats: Mapping[str, NumberFormat]
    locate: Locate
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.formats = {**STANDARD_FORMATS, **self.formats}

    def resolve(self, sets: Mapping[str, S]) -> dict[str, Phrasing[S]]:
        """Return the sets of one group ready for use; where something is wrong there is a finding."""
        return {
            name: self._ready(name, house)
            for name, stated in sets.items()
            if (house := self._inherited(name, stated, sets)) is not None
        }

    def _inherited(self, name: str, stated: S, sets: Mapping[str, S]) -> S | None:
        """Return the set with everything it inherits, or nothing where that cannot be followed."""
        line, house = [name], stated
        while (parent := sets[line[-1]].inherits) is not None:
            path = (stated.GROUP, line[-1], "继承")
            if parent in line:
                self._find(path, f"继承绕了一圈：{' → '.join([*line, parent])}；请去掉其中一处")
                return None
            if parent not in sets:
                self._find(path, f"没有名为「{parent}」的一组；{among(parent, sets)}")
                return None
            house = house.over(sets[parent])
            line.append(parent)
        return house

    def _ready(self, name: str, house: S) -> Phrasing[S]:
        cases = house.stated()
        lacking = [case for case in house.REQUIRED if case not in cases]
        if isinstance(house, ReasonPhrases) and "写法" not in cases:
            lacking = [case for case in ("增加", "减少") if case not in cases]
        if lacking:
            self._find((house.GROUP, name), f"缺少 {'、'.join(lacking)} 的写法；请补上，什么也不印时写一对引号 ''")
        amount = self._format(name, house, "金额", house.amount_format)
        difference = amount
        if isinstance(house, DifferencePhrases) and house.difference_format is not None:
            difference = self._format(name, house, "差额", house.difference_format)
            if difference.unit != amount.unit or difference.places < amount.places:
                self._find(
                    (house.GROUP, name, "差额"),
                    "差额的单位须与金额相同，位数不得少于金额的位数，"
                    "否则印出的差额与印出的两个数对不上；请改用别的数字格式",
                )
        return Phrasing(house, name, cases, amount, difference, self._format(name, house, "率", house.rate_format))

    def _format(self, name: str, house: PhraseSet, key: str, wanted: str) -> NumberFormat:
        if wanted not in self.formats:
            self._find((house.GROUP, name, key), f"数字格式里没有「{wanted}」；{among(wanted, self.formats)}")
        return self.formats.get(wanted, STANDARD_FORMATS["默认"])

    def _find(self, path: tuple[str, ...], message: str) -> None:
        self.findings.append(Finding(f"{' › '.join(('措辞', *path))}：{message}", self.locate(("措辞", *path))))


def gaps(phrasing: Phrasing[ComparingPhrases]) -> Iterable[str]:
    """Yield the cases of a ready set that would stop a build if a unit met them, for the author of a style."""
    house = phrasing.house
    for situation, direction in house.LIKELY.items():
        case = house.DEDICATED[situation]
        stated = [phrasing.cases[name] for name in house.candidates(situation, direction) if name in phrasing.cases]
        if not any(phrase.slots <= house.ALLOWED[case] for phrase in stated):
            yield case


def among(wanted: str, names: Iterable[str]) -> str:
    """Return the end of a message on an unknown name: the one probably meant, or all there are."""
    names = list(names)
    near = difflib.get_close_matches(wanted, names, 1, 0.5)  # one of two characters is near enough
    if near:
        return f"是不是「{near[0]}」？"
    rest = f" 等 {len(names)} 个" if len(names) > LISTED else ""
    return f"现有：{'、'.join(names[:LISTED])}{rest}" if names else "现在一个也没有"


def choose(group: str, sets: Mapping[str, Phrasing[S]], name: str) -> Phrasing[S]:
    """Return the set of that name. Raises InputError."""
    found = sets.get(name)
    if found is None:
        raise InputError(f"措辞 › {group} 里没有名为「{name}」的一组，正文的标签却用到它；{among(name, sets)}")
    return found
