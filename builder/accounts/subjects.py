"""科目: the functional (支出功能分类) and economic (支出经济分类) subjects of one year, and their tree 类 / 款 / 项."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from builder.wording.numerals import chinese_number

LEVELS = {3: "类", 5: "款", 7: "项"}
"""Length of a code → its level."""
NEAR = 0.8
"""How alike two codes must be for one to be suggested for the other: one digit of five differs, or of seven."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject: its code of 3, 5 or 7 digits, name, level (类, 款, 项) and the code it stands under."""

    code: str
    name: str
    level: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Category:
    """A 功能大类 as 公开01 and 公开04 print it: its 3-digit code and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Subjects:
    """The subjects in force in ``year``.

    ``categories`` are the 功能大类 in the order of 公开01; ``discontinued`` are functional subjects of the year before
    that ``year`` has no more, for last year's figures; ``local`` are names that a unit declares itself.
    """

    year: int
    functional: Mapping[str, Subject]
    economic: Mapping[str, Subject]
    categories: tuple[Category, ...] = ()
    discontinued: Mapping[str, Subject] = field(default_factory=dict)
    local: Mapping[str, str] = field(default_factory=dict)
    _economic_under: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    def with_local(self, names: Mapping[str, str]) -> Subjects:
        """Return these subjects with the names of a unit's own (``单位.yaml`` 科目), which go first."""
        return replace(self, local=names) if names or self.local else self

    def name(self, code: str, *, economic: bool = False) -> str:
        """Return the name of a subject; of one that is in no list, the code itself."""
        if code in self.local:
            return self.local[code]
        listed = self.economic if economic else self.functional
        subject = listed.get(code) or self.discontinued.get(code)
        return subject.name if subject else code

    def names(self, code: str) -> tuple[str, ...]:
        """Return the names of a functional subject's 类, 款 and 项, as far as the code goes."""
        return tuple(self.name(prefix) for prefix in levels(code))

    def economic_under(self, category: str) -> tuple[str, ...]:
        """Return the codes of an economic 类 and its 款, in the order of the list; empty where there is none."""
        found = self._economic_under.get(category)
        if found is None:
            found = tuple(code for code in self.economic if code.startswith(category))
            self._economic_under[category] = found
        return found

    def items_under(self, code: str) -> Iterator[Subject]:
        """Yield the 项 under a functional 类 or 款."""
        return (subject for key, subject in self.functional.items() if subject.level == "项" and key.startswith(code))

    def nearest(self, code: str, *, economic: bool = False) -> Subject | None:
        """Return the subject that was probably meant by a code that is in no list, of the same level."""
        listed = self.economic if economic else self.functional
        for shared in (5, 3, 0):  # the same 款, else the same 类, else anything
            candidates = [key for key in listed if len(key) == len(code) > shared and key[:shared] == code[:shared]]
            near = difflib.get_close_matches(code, candidates, 1, NEAR)
            if near:
                return listed[near[0]]
        return None

    @staticmethod
    def ordinal(number: int) -> str:
        """Return the numeral that a table prints before a category: 11 → 十一."""
        return chinese_number(number)


def levels(code: str) -> Iterator[str]:
    """Yield the 类, 款 and 项 code of a code, as far as it goes: 2080101 → 208, 20801, 2080101."""
    return (code[:length] for length in LEVELS if length <= len(code))


def subject(code: str, name: str) -> Subject:
    """Return the subject of a code of 3, 5 or 7 digits."""
    return Subject(code, name, LEVELS[len(code)], code[:-2] if len(code) > min(LEVELS) else None)


def discontinued(now: Mapping[str, Subject], before: Iterable[Subject]) -> dict[str, Subject]:
    """Return the subjects of the year before that are no more."""
    return {old.code: old for old in before if old.code not in now}
