"""Figures: what an indicator is once it is calculated, and what it is calculated from beside the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from builder.findings import Source, Spot

from .statements import Cell, Place


class Kind(StrEnum):
    """What a figure measures: an amount of 元, a count, or a plain number."""

    MONEY = "金额"
    COUNT = "数量"


class Leaf(NamedTuple):
    """A number in the facts, and the way to it in the file; one that is not ``explicit`` is a default."""

    value: Decimal
    kind: Kind
    positions: Mapping[tuple[str | int, ...], Source] = {}
    path: tuple[str | int, ...] = ()
    explicit: bool = True

    @property
    def source(self) -> Source:
        """Where it stands."""
        return self.positions.get(self.path) or Source("")

    @property
    def sources(self) -> tuple[Source, ...]:
        """The same, as a cell and a figure have it."""
        return (self.source,)


class LastYearValue(NamedTuple):
    """A last-year figure as given: 上年 itself, or 增减 (same unit) or 增减率 (%) against this year's."""

    given: str
    value: Decimal
    plain: Decimal
    at: Source | Spot

    @property
    def source(self) -> Source:
        """Where it stands."""
        return self.at.source

    def __str__(self) -> str:
        """Return where it stands and what it is: ``上年.yaml:3 增减率``."""
        return f"{self.source} {self.given}"


@dataclass(slots=True)
class Figure:
    """One named figure: value in 元 or as a count, with its counterparts where they are known.

    It is made of ``cells`` and, beside these, of facts (``leaves``); ``formula`` says how. ``last_year_from`` is what
    last year's value comes from. Nothing changes a figure once it is made.
    """

    name: str
    value: Decimal
    kind: Kind = Kind.MONEY
    last_year: Decimal | None = None
    initial_budget: Decimal | None = None
    adjusted_budget: Decimal | None = None
    formula: str | Place = ""
    cells: tuple[Cell, ...] = ()
    leaves: tuple[Leaf, ...] = ()
    last_year_from: str | LastYearValue | Found = ""

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where everything that it is made of stands."""
        of_cells = (source for cell in self.cells for source in cell.sources)
        return tuple(dict.fromkeys((*of_cells, *(leaf.source for leaf in self.leaves))))

    @property
    def last_year_source(self) -> str:
        """What last year's value comes from, in words."""
        if isinstance(self.last_year_from, str | LastYearValue):
            return str(self.last_year_from)
        return "、".join(map(str, self.last_year_from.sources))

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


Found = Cell | Leaf | Figure
"""What a figure's value is taken from: a cell, a number in the facts, or another figure."""


class UnknownIndicatorError(KeyError):
    """There is no indicator, or no cell, of that name; ``suggestions`` are near ones."""

    def __init__(self, name: str, suggestions: list[str]) -> None:
        super().__init__(name)
        self.name, self.suggestions = name, suggestions

    def __str__(self) -> str:
        """Return the message, in Chinese."""
        return f"没有「{self.name}」" + (f"；是不是：{'、'.join(self.suggestions)}？" if self.suggestions else "")
