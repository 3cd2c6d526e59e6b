"""A self-evaluation form as the rules see it: its lines, and each cell as text with its place.

Which form it was (built in, declared by a style, printed) no rule needs to know but for ``printed``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from builder.accounts.completion import TEXTS, Quantity, is_met, plain, quantities
from builder.accounts.money import ZERO, AmountUnit
from builder.accounts.statements import Place
from builder.findings import Source

NUMBER = re.compile(r"[-+]?\d+(?:,\d{3})*(?:\.\d+)?(?=(?:%|分|万元|元)?$)")
EMPTY = {"", "-", "—", "/", "无"}
ROUNDED = Decimal("0.005")
OVERALL, COST = "整体", "成本"


@lru_cache(maxsize=TEXTS)
def _quantity(text: str) -> Quantity | None:
    text = plain(text)
    return quantities(text)[0] if NUMBER.match(text) else None


class Given(NamedTuple):
    """One cell: its text and where it stands."""

    text: str = ""
    source: Source = Source("")

    def __bool__(self) -> bool:
        """Tell whether anything is said (「-」 and 「无」 say nothing)."""
        return self.text.strip() not in EMPTY

    @property
    def quantity(self) -> Quantity | None:
        """The number that the whole text is (98, 59.76%, 94分), or None."""
        return _quantity(self.text)

    @property
    def number(self) -> Decimal | None:
        """The value of the number."""
        quantity = _quantity(self.text)
        return quantity.value if quantity else None

    @property
    def half(self) -> Decimal:
        """Half of the last digit: how far rounding may have moved a rate or points."""
        quantity = self.quantity
        return quantity.step / 2 if quantity else ZERO

    @property
    def slack(self) -> Decimal:
        """How far rounding may have moved an amount: those with less than two decimals are written without zeros."""
        return min(self.half, ROUNDED)


NOTHING = Given()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a form: its cells by what they are."""

    form: str
    cells: Mapping[str, Given]
    source: Source
    level: int = 0
    group: str = ""

    def __getitem__(self, key: str) -> Given:
        """Return a cell, an empty one where nothing stands."""
        return self.cells.get(key, NOTHING)

    @property
    def name(self) -> str:
        """What the line is called; a line of a scored block without a name by its head."""
        cells = self.cells
        for key in ("三级", "二级", "一级"):
            if key in cells and cells[key].text:
                return cells[key].text
        return ""

    def place(self, column: str) -> Place:
        """Return where a cell stands, as the reports say it."""
        return Place(self.form, self.name, column)

    def at(self, column: str) -> Source:
        """Return where a cell stands in its file, or the line."""
        return self.cells[column].source if column in self.cells else self.source


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A self-evaluation form. ``printed`` says that its totals stand on paper and were not computed."""

    name: str
    whole: Row
    money: Sequence[Row] = ()
    goals: Sequence[Row] = ()
    indicators: Sequence[Row] = ()
    heads: Sequence[Row] = ()
    spending: Sequence[Row] = ()
    texts: Sequence[Row] = ()
    unit: AmountUnit = AmountUnit.WAN
    printed: bool = False

    @property
    def lines(self) -> tuple[Row, ...]:
        """Goals and indicators."""
        return (*self.goals, *self.indicators)

    def goal(self, row: Row) -> Row:
        """Return the goal that a scored line is about: the one of its name, or the line itself."""
        name = plain(row.name) if self.goals else ""
        return next((goal for goal in self.goals if plain(goal.name) == name), row)

    def compared(self, row: Row) -> tuple[Given, Given]:
        """Return target and result of a line, from its goal where it has none itself."""
        goal = self.goal(row)
        return row["目标值"] or goal["目标值"], row["完成值"] or goal["完成值"]

    def is_met(self, row: Row) -> bool | None:
        """Tell whether a line's target is met; None where it is not said, also for a cost below a plain amount."""
        target, actual = self.compared(row)
        met = is_met(actual.text, target.text)
        is_cost = COST in row["一级"].text + row["二级"].text
        return None if met is False and is_cost and NUMBER.match(plain(target.text)) else met

    @property
    def is_overall(self) -> bool:
        """Tell whether it evaluates the unit as a whole, not a project."""
        return OVERALL in self.whole["标题"].text

    @property
    def execution(self) -> tuple[Given, Given]:
        """分值 and 得分 of the execution, wherever the form prints them."""
        apart = self.whole["执行率分值"], self.whole["执行率得分"]
        line = next((row for row in self.money if row["分值"] or row["得分"]), None)
        return apart if line is None or any(apart) else (line["分值"], line["得分"])

    def amount(self, *keys: str) -> Decimal | None:
        """Return a sum over the first of the columns ``keys`` that is filled in: the total line, or the lines."""
        for key in keys:
            lines = [row for row in self.money if row[key].number is not None]
            planned = [row for row in self.money if row["年初预算"] or row["全年预算"]]
            if not lines or (not self.printed and key == "执行" and any(not row[key] for row in planned)):
                continue  # what a line lacks the form takes from the ledger
            top = min(row.level for row in self.money)
            total = [row for row in lines if row.level == top] if self.printed else lines
            return sum((row[key].number or ZERO for row in total), ZERO) if total else None
        return None

    @property
    def budget(self) -> Decimal | None:
        """What execution is measured against: the budget of the whole year, else as first approved and adjusted."""
        year = self.amount("全年预算")
        if year is not None:
            return year
        first, change = self.amount("年初预算"), self.amount("调整")
        return None if first is None else first + (change or ZERO)
