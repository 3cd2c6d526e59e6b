"""Figures: what an indicator is once it is calculated, and what it is calculated from beside the tables."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from builder.findings import Source

from .statements import Cell, Place


class Kind(StrEnum):
    """What a figure measures: an amount of 元, a count, or a plain number."""

    MONEY = "金额"
    COUNT = "数量"


class Leaf(NamedTuple):
    """A number in the facts, and where it stands."""

    value: Decimal
    kind: Kind
    source: Source
    explicit: bool = True


class LastYearValue(NamedTuple):
    """A last-year figure as given: 上年 itself, or 增减 (same unit) or 增减率 (%) against this year's."""

    given: str
    value: Decimal
    plain: Decimal
    source: Source


class Figure(NamedTuple):
    """One named figure: value in 元 or as a count, with its counterparts where they are known.

    ``facts`` are the places of the facts it is made of beside its cells, ``formula`` is how it is found. ``before`` is
    what last year's value follows from: as it is given, last year's figure, or words that say so.
    """

    name: str
    value: Decimal
    kind: Kind = Kind.MONEY
    last_year: Decimal | None = None
    initial_budget: Decimal | None = None
    adjusted_budget: Decimal | None = None
    formula: Place | str = ""
    cells: tuple[Cell, ...] = ()
    facts: tuple[Source, ...] = ()
    before: LastYearValue | Figure | str = ""

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where everything that it is made of stands."""
        return tuple(dict.fromkeys((*(entry.source for cell in self.cells for entry in cell.entries), *self.facts)))

    @property
    def last_year_source(self) -> str:
        """Where last year's value stands, or what it is made of."""
        before = self.before
        if isinstance(before, LastYearValue):
            return f"{before.source} {before.given}"
        return before if isinstance(before, str) else "、".join(map(str, before.sources))

    @property
    def budget(self) -> Decimal | None:
        """年初预算 where it is known, else 全年预算."""
        return self.adjusted_budget if self.initial_budget is None else self.initial_budget

    def counterparts(self) -> dict[str, Decimal]:
        """Return 上年, 年初预算 and 全年预算, those that are known."""
        values = {"上年": self.last_year, "年初预算": self.initial_budget, "全年预算": self.adjusted_budget}
        return {name: value for name, value in values.items() if value is not None}

    def __bool__(self) -> bool:
        """Whether the figure is not zero, so that ``{% if … %}`` asks for that."""
        return bool(self.value)


class UnknownIndicatorError(KeyError):
    """There is no indicator, or no cell, of that name; ``suggestions`` are near ones."""

    def __init__(self, name: str, suggestions: list[str]) -> None:
        super().__init__(name)
        self.name, self.suggestions = name, suggestions

    def __str__(self) -> str:
        """Return the message, in Chinese."""
        return f"没有「{self.name}」" + (f"；是不是：{'、'.join(self.suggestions)}？" if self.suggestions else "")
