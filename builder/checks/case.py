"""What the cross-checks look at: one unit-year's facts, tables, indicators, forms and texts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import wraps
from typing import Any, NamedTuple, Protocol, TypeVar

from builder.accounts.consolidation import Consolidation
from builder.accounts.definitions import plain_name
from builder.accounts.entering import Positions
from builder.accounts.facts import Facts, UnitCard
from builder.accounts.figures import LastYearValue
from builder.accounts.indicators import Indicators
from builder.accounts.performance import Project
from builder.accounts.statements import StatedValues, StatedWords, Statement
from builder.accounts.subjects import Subjects
from builder.findings import Level, Source, Spot

AGAINST_BUDGET = "较预算"
AROUND = 8
"""How many characters before and after what is found a message shows."""
Made = TypeVar("Made")


class Places(Protocol):
    """Says where a value of a file stands."""

    def nearest(self, path: tuple[str | int, ...]) -> Source:
        """Return the place of a value, or of what it would stand in."""


class Prose(NamedTuple):
    """A text that someone wrote: what it is called, the text, and where it stands.

    ``by_line`` says that a line of the text is a line of the file, so that a place inside it can be told.
    """

    name: str
    text: str
    where: Source | Spot
    by_line: bool = False

    def around(self, start: int, end: int) -> str:
        """Return a place of the text with what stands around it, on one line."""
        return self.text[max(start - AROUND, 0) : end + AROUND].replace("\n", " ")

    @property
    def source(self) -> Source:
        """Where it stands."""
        return self.where.source

    def at(self, position: int) -> Source:
        """Return where a character of the text stands in its file."""
        if not self.by_line:
            return self.source
        before = self.text[:position]
        return Source(self.source.path, before.count("\n") + 1, position - before.rfind("\n"))


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A 绩效 form as its file has it, words and lists, and where each stands."""

    data: Mapping[str, object]
    places: Places


@dataclass(frozen=True, slots=True)
class OwnRule:
    """A rule that a bureau declares itself: a comparison of formulas over indicators."""

    id: str
    title: str
    meaning: str
    severity: Level
    formula: str
    source: Source


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One unit-year as the rules see it. Amounts in 元."""

    year: int
    card: UnitCard
    facts: Facts
    positions: Positions
    stated: StatedValues
    stated_words: Mapping[str, StatedWords]
    subjects: Subjects
    indicators: Indicators
    given_before: Mapping[str, LastYearValue] = field(default_factory=dict)
    equal: Sequence[Sequence[str]] = ()
    reasons: Mapping[tuple[str, str], Prose] = field(default_factory=dict)
    texts: Sequence[Prose] = ()
    projects: Sequence[tuple[Project, Places]] = ()
    forms: Sequence[FilledForm] = ()
    folder: str = ""
    """The name of the unit's folder."""
    unit_names: Sequence[str] = ()
    """The names of all units of the workspace."""
    asked_reasons: Collection[tuple[str, str]] = ()
    """The indicators (科目代码 for any subject's code) and comparisons whose reasons the form prints, where known."""
    sums: Consolidation | None = None
    """What a department's figures should be by its units, where these are known."""
    made: dict[object, Any] = field(default_factory=dict, init=False, repr=False)
    """What several rules need, once one of them has made it (see `once`)."""

    @property
    def statements(self) -> Mapping[str, Statement]:
        """The tables, by name."""
        return self.indicators.statements

    def amount(self, name: str) -> Decimal:
        """Return an indicator's value. Raises UnknownIndicatorError."""
        return self.indicators.get(name).value

    def explains_budget(self, part: str) -> bool:
        """Tell whether there is a reason against the budget for an indicator or cell of a subject or expense."""
        names = (plain_name(name) for name, against in self.reasons if against == AGAINST_BUDGET)
        return any(part in name.replace("/", ".").split(".") for name in names)

    def at(self, *path: str | int) -> Source:
        """Return where a fact stands, or what it would stand in."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path) or Source("")


def once(make: Callable[[Case], Made]) -> Callable[[Case], Made]:
    """Make a function make what it makes of a case only once, for all the rules.

    It goes when the case goes: what a unit leaves behind in memory would slow down the next one.
    """

    @wraps(make)
    def made(case: Case) -> Made:
        try:
            found: Made = case.made[make]
        except KeyError:
            found = case.made[make] = make(case)
        return found

    return made
