"""A self-evaluation form as the rules see it: its lines, and each cell as text.

Which form it was (built in, declared by a style, printed) no rule needs to know but for ``printed``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from builder.accounts.completion import is_met, plain
from builder.accounts.money import ZERO, AmountUnit
from builder.accounts.statements import Place
from builder.findings import Source

from .readings import NUMBER, number, says

OVERALL, COST = "整体", "成本"
SUMMED = ("年初预算", "调整", "全年预算", "到位", "执行")
"""Columns of money whose sum over a form some rule asks for."""

Path = tuple[str | int, ...]
Finder = Callable[[Path, str], Source]
"""Says where the cell of a column stands in a line, or the line where the file has no such cell; failures ask."""


class Row(dict[str, str]):
    """A line of a form: its cells by what they are. A cell that is not there is empty.

    ``level`` and ``group`` say of a line of money what it is a part of.
    """

    __slots__ = ("_find", "_path", "form", "group", "level", "name")

    def __init__(self, form: str, cells: Mapping[str, str], find: Finder, path: Path = ()) -> None:
        super().__init__(cells)
        self.form, self._find, self._path, self.level, self.group = form, find, path, 0, ""
        self.name = cells.get("三级") or cells.get("二级") or cells.get("一级") or ""
        """What the line is called; a line of a scored block without a name by its head."""

    def __missing__(self, column: str) -> str:
        return ""

    def named(self, name: str) -> Row:
        """Return the line under another name."""
        row = Row(self.form, {**self, "三级": name}, self._find, self._path)
        row.level, row.group = self.level, self.group
        return row

    def place(self, column: str) -> Place:
        """Return where a cell stands, as the reports say it."""
        return Place(self.form, self.name, column)

    def at(self, column: str = "") -> Source:
        """Return where a cell stands in its file, or the line."""
        return self._find(self._path, column)


class Measured(NamedTuple):
    """A line that has a target and a result, in one form of writing."""

    row: Row
    target: str
    actual: str

    @property
    def values(self) -> tuple[str, str]:
        """Target and result."""
        return self.target, self.actual


@dataclass(frozen=True)
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

    @cached_property
    def lines(self) -> tuple[Row, ...]:
        """Goals and indicators."""
        return (*self.goals, *self.indicators)

    @cached_property
    def columns(self) -> frozenset[str]:
        """The columns in which any line of money, goal or indicator has a cell."""
        return frozenset(chain(*self.money, *self.lines))

    @cached_property
    def worded(self) -> Sequence[Row]:
        """The rows with words, for the rules about texts."""
        return (self.whole, *self.lines, *self.texts)

    @cached_property
    def scored(self) -> Sequence[tuple[Row, Decimal | None, Decimal | None]]:
        """The indicators, each with 分值 and 得分 as far as they are numbers."""
        return [
            (row, number(row["分值"]) if "分值" in row else None, number(row["得分"]) if "得分" in row else None)
            for row in self.indicators
        ]

    @cached_property
    def measured(self) -> Sequence[Measured]:
        """The lines that have a target and a result."""
        return [
            Measured(row, plain(target), plain(actual))
            for row in self.lines
            if (target := row.get("目标值")) and (actual := row.get("完成值")) and says(target) and says(actual)
        ]

    def goal(self, row: Row) -> Row:
        """Return the goal that a scored line is about: the one of its name, or the line itself."""
        name = plain(row.name) if self.goals else ""
        return next((goal for goal in self.goals if plain(goal.name) == name), row)

    def compared(self, row: Row) -> tuple[str, str]:
        """Return target and result of a line, from its goal where it has none itself."""
        if not self.goals:
            return row["目标值"], row["完成值"]
        return self._owner(row, "目标值")["目标值"], self._owner(row, "完成值")["完成值"]

    def compared_at(self, row: Row, column: str) -> Source:
        """Return where the target or result of a line stands."""
        return self._owner(row, column).at(column)

    def _owner(self, row: Row, column: str) -> Row:
        return row if says(row[column]) else self.goal(row)

    def is_met(self, row: Row) -> bool | None:
        """Tell whether a line's target is met; None where it is not said, also for a cost below a plain amount."""
        target, actual = self.compared(row)
        met = is_met(actual, target)
        is_cost = met is False and COST in row["一级"] + row["二级"]
        return None if is_cost and NUMBER.match(plain(target)) else met

    @cached_property
    def is_overall(self) -> bool:
        """Tell whether it evaluates the unit as a whole, not a project."""
        return OVERALL in self.whole["标题"]

    @cached_property
    def execution(self) -> tuple[str, str]:
        """分值 and 得分 of the execution, wherever the form prints them."""
        apart = self.whole["执行率分值"], self.whole["执行率得分"]
        if any(map(says, apart)):
            return apart
        line = next((row for row in self.money if says(row["分值"]) or says(row["得分"])), None)
        return apart if line is None else (line["分值"], line["得分"])

    def amount(self, key: str) -> Decimal | None:
        """Return the sum of a column of money where it is filled in: the total line, or the lines."""
        return self._sums.get(key)

    @cached_property
    def _sums(self) -> Mapping[str, Decimal]:
        sums = ((key, self._sum(key)) for key in SUMMED if key in self.columns)
        return {key: value for key, value in sums if value is not None}

    def _sum(self, key: str) -> Decimal | None:
        lines = [row for row in self.money if number(row[key]) is not None]
        if not lines or (not self.printed and key == "执行" and not self._is_executed()):
            return None  # what a line lacks the form takes from the ledger
        if self.printed:
            top = min(row.level for row in self.money)
            lines = [row for row in lines if row.level == top]
        return sum((number(row[key]) or ZERO for row in lines), ZERO) if lines else None

    def _is_executed(self) -> bool:
        """Tell whether every line with a budget says what was spent."""
        planned = (row for row in self.money if says(row["年初预算"]) or says(row["全年预算"]))
        return all(says(row["执行"]) for row in planned)

    @property
    def budget(self) -> Decimal | None:
        """What execution is measured against: the budget of the whole year, else as first approved and adjusted."""
        year = self.amount("全年预算")
        if year is not None:
            return year
        first, change = self.amount("年初预算"), self.amount("调整")
        return None if first is None else first + (change or ZERO)
