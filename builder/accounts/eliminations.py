"""Eliminations (抵消): what a department's units have paid each other, which a department neither receives nor spends.

``抵消.yaml`` of a department says so transfer by transfer. Each line is a line of the department's ledger with its
amount negative, beside the units' sums, so that nothing is hidden inside a sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from .facts import ExpenditureLine, RevenueLine
from .ledger import EXPENDITURE_KINDS, REVENUE_KINDS
from .money import ZERO, AmountUnit
from .values import Code, Model, Text, Unit

ELIMINATIONS = "抵消"


class EliminatedExpenditure(ExpenditureLine):
    """What a unit has paid to others of the department; ``economic`` is the 款 of 一般公共预算基本支出."""

    unit: Text = Field(alias="单位")
    economic: Code | None = Field(None, alias="经济分类")

    @property
    def total(self) -> Decimal:
        """The amount (元) over all 支出类型."""
        return sum((getattr(self, name) for name in EXPENDITURE_KINDS), ZERO)


class EliminatedRevenue(RevenueLine):
    """What a unit has received from others of the department."""

    unit: Text = Field(alias="单位")

    @property
    def total(self) -> Decimal:
        """The amount (元) over all sources; 其中教育收费 is part of 事业收入."""
        return sum((getattr(self, name) for name in REVENUE_KINDS), ZERO)


class Elimination(Model):
    """One transfer between units of a department: why, what was paid, and what was received, which must be equal."""

    note: Text = Field(alias="说明")
    expenditure: list[EliminatedExpenditure] = Field(alias="支出")
    revenue: list[EliminatedRevenue] = Field(alias="收入")

    @property
    def paid(self) -> Decimal:
        """What the paying side says, in 元."""
        return sum((line.total for line in self.expenditure), ZERO)

    @property
    def received(self) -> Decimal:
        """What the receiving side says, in 元."""
        return sum((line.total for line in self.revenue), ZERO)


class EliminationsFile(Model):
    """``抵消.yaml`` of a department and year."""

    accepts_amounts: ClassVar[bool] = True

    amount_unit: Unit = Field(AmountUnit.WAN, alias="金额单位")
    eliminations: list[Elimination] = Field(default_factory=list, alias=ELIMINATIONS)


@dataclass(frozen=True, slots=True)
class Line:
    """One side's line of an elimination, and the way to it in the file."""

    path: tuple[str | int, ...]
    unit: str
    line: EliminatedExpenditure | EliminatedRevenue = field(repr=False)


def lines_of(eliminations: Sequence[Elimination]) -> Iterator[Line]:
    """Yield every line of both sides."""
    for number, each in enumerate(eliminations):
        for place, paid in enumerate(each.expenditure):
            yield Line((ELIMINATIONS, number, "支出", place), paid.unit, paid)
        for place, received in enumerate(each.revenue):
            yield Line((ELIMINATIONS, number, "收入", place), received.unit, received)
