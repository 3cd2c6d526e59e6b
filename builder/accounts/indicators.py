"""Indicators (指标): named figures over statements and facts, each with last year's figure and the budget beside it.

A style defines indicators as a place in a table (``收入.合计: 公开02/合计/本年收入合计``), as a formula over other
indicators (``= a + b``), or for every subject of a table (``支出[]: 公开03/[]/本年支出合计``). Besides, every number in
``决算.yaml`` is an indicator under its own path (``政府采购.货物.支出``).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from .budgets import BothBudgets, Budgets
from .definitions import ANY, EACH, Definitions, plain_name
from .figures import Figure, Found, Kind, LastYearValue, Leaf, UnknownIndicatorError
from .formulas import Formula, FormulaError
from .ledger import Ledger
from .money import ZERO, printed, total_of
from .places import cell_at
from .statements import Cell, Place, Statement
from .subjects import LEVELS

FINAL = ".决算"
Amounts = tuple[Decimal, Decimal | None, Decimal | None, Decimal | None]
"""A figure's value, last year's, 年初预算 and 全年预算; None where it is not known."""


@dataclass(slots=True)
class Indicators:
    """All figures of one unit-year, calculated when first asked for."""

    definitions: Definitions
    statements: Mapping[str, Statement]
    ledger: Ledger
    leaves: Mapping[str, Leaf]
    last_year_given: Mapping[str, LastYearValue] = field(default_factory=dict)
    last_year: Indicators | None = None
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _figures: dict[str, Figure] = field(default_factory=dict)
    _pending: set[str] = field(default_factory=set)
    _budgets: Budgets = field(init=False)
    _of_subjects: dict[str, Cell] = field(init=False)

    def __post_init__(self) -> None:
        """Find the cells of those indicators that are one for each subject (``支出[]``): they are most of them."""
        self._budgets = Budgets(self.ledger, self.statements)
        self._of_subjects = {
            f"{stem}.{code}": row.cells[column]
            for stem, (table, _any, column) in self.definitions.by_subject.items()
            for code, row in self.statements[table].rows.items() if row.code == code and column in row.cells
        }

    def get(self, name: str) -> Figure:
        """Return the figure of that name. Raises UnknownIndicatorError."""
        figure = self._figures.get(name)
        if figure is None:
            name = plain_name(name)
            figure = self._figures.get(name)
            if figure is None:
                figure = self._figures[name] = self._calculate(name)
        return figure

    def amounts(self, name: str) -> Amounts:
        """Return what there is to say of a figure of `names` in numbers, and make no figure that nobody asked for."""
        figure = self._figures.get(name)
        if figure is None:
            origin = self._origin(name)
            if isinstance(origin, Cell):
                initial, adjusted, last_year, _source = self._beside(name, origin)
                return origin.value, last_year, initial, adjusted
            figure = self.get(name)
        return figure.value, figure.last_year, figure.initial_budget, figure.adjusted_budget

    def __contains__(self, name: str) -> bool:
        """Tell whether there is an indicator of that name."""
        return name in self.definitions or name in self.leaves or self._by_subject(name) is not None

    def names(self) -> Iterator[str]:
        """Yield the names of all figures that this unit-year has, subjects included."""
        for name, definition in self.definitions.items():
            if not name.endswith(ANY):
                yield name
            elif isinstance(definition, Place):
                stem, rows = name.removesuffix(ANY), self.statements[definition.table].rows
                yield from (f"{stem}.{row.code}" for row in rows.values() if row.code)
        yield from (name for name in self.leaves if name not in self.definitions)

    def _calculate(self, name: str) -> Figure:
        origin = self._origin(name)
        if isinstance(origin, Cell):
            return self._from_cell(name, origin)
        if isinstance(origin, Leaf):
            return self._from_leaf(name, origin)
        if isinstance(origin, Formula):
            return self._from_formula(name, origin)
        if name.endswith(EACH):
            return self._sum_of_leaves(name)
        raise UnknownIndicatorError(name, difflib.get_close_matches(name, list(self.names()), 3))

    def _origin(self, name: str) -> Cell | Leaf | Formula | None:
        """Return what an indicator is: a fact of that very name goes first, then what the style says."""
        leaf = self.leaves.get(name)
        if leaf is not None and leaf.explicit:
            return leaf
        definition = self.definitions.get(name)
        if definition is None:
            cell = self._of_subjects.get(name)
            if cell is not None:
                return cell
            definition = self._by_subject(name)
        if isinstance(definition, Place):
            return self.cell(definition)
        return leaf if definition is None else definition

    def _by_subject(self, name: str) -> Place | None:
        stem, _, code = name.rpartition(".")
        pattern = self.definitions.by_subject.get(stem) if code.isdigit() else None
        return None if pattern is None else Place(pattern.table, code, pattern.column)

    def _made_of(self, name: str, parts: Iterable[str]) -> list[Figure]:
        """Return the figures that another is made of. Raises FormulaError where it is made of itself."""
        if name in self._pending:
            raise FormulaError(f"指标「{name}」的公式或组成绕了一圈又用到它自己")
        self._pending.add(name)
        try:
            return [self.get(part) for part in parts]
        finally:
            self._pending.discard(name)

    def cell(self, place: Place) -> Cell:
        """Return the cell of a table; for a subject without a row, an empty one. Raises UnknownIndicatorError."""
        return cell_at(self.statements, place)

    def of_cell(self, cell: Cell) -> Figure:
        """Return the figure of a cell that no indicator names, under the cell's place."""
        figure = self._from_cell(str(cell.place), cell)
        if figure.last_year is None and self.last_year is not None:
            try:
                before = self.last_year.cell(cell.place)
            except UnknownIndicatorError:  # a row that last year's table did not have
                return figure
            if self.last_year.is_given(before):
                return replace(figure, last_year=before.value, last_year_from=before)
        return figure

    def _from_cell(self, name: str, cell: Cell) -> Figure:
        initial, adjusted, last_year, source = self._beside(name, cell)
        return Figure(name, cell.value, Kind.MONEY, last_year, initial, adjusted, cell.place, (cell,), (), source)

    def _beside(
        self, name: str, cell: Cell
    ) -> tuple[Decimal | None, Decimal | None, Decimal | None, str | LastYearValue | Found]:
        """Return both budgets of a cell, last year's figure, and what this comes from."""
        initial, adjusted = self._budgets.of(cell)
        if name.endswith(FINAL):
            initial, adjusted = self._budgets_beside(name, initial, adjusted)
        return initial, adjusted, *self._last_year_of(name, cell.value, Kind.MONEY)

    def _budgets_beside(self, name: str, initial: Decimal | None, adjusted: Decimal | None) -> BothBudgets:
        """Complete a 决算 by the budgets that the facts give beside it: ``会议费.决算``, ``机关运行经费.决算``."""
        if not name.endswith(FINAL):
            return initial, adjusted
        stem = name.removesuffix(FINAL)
        given = [self.leaves.get(f"{stem}.{budget}") for budget in ("年初预算", "全年预算")]
        return given[0].value if given[0] else initial, given[1].value if given[1] else adjusted

    def _from_formula(self, name: str, formula: Formula) -> Figure:
        parts = dict(zip(formula.names, self._made_of(name, formula.names), strict=True))
        figures = parts.values()
        value = formula.evaluate(lambda part: parts[part].value) or ZERO
        kind = Kind.MONEY if formula.degree(lambda part: int(parts[part].kind is Kind.MONEY)) > 0 else Kind.COUNT
        initial, adjusted = self._budgets_beside(
            name,
            formula.evaluate(lambda part: parts[part].initial_budget),
            formula.evaluate(lambda part: parts[part].adjusted_budget),
        )
        before = formula.evaluate(lambda part: parts[part].last_year)
        last_year, source = self._last_year_of(name, value, kind, before, "由各组成部分的上年数计算")
        cells = tuple([cell for part in figures for cell in part.cells])
        leaves = tuple([leaf for part in figures for leaf in part.leaves])
        return Figure(name, value, kind, last_year, initial, adjusted, f"= {formula.text}", cells, leaves, source)

    def _sum_of_leaves(self, name: str) -> Figure:
        """Add up all counts or amounts under a path: ``国有资产.车辆.各项``."""
        stem = name.removesuffix(EACH) + "."
        leaves = tuple(leaf for path, leaf in self.leaves.items() if path.startswith(stem))
        kind = leaves[0].kind if leaves else Kind.COUNT
        value = sum((leaf.value for leaf in leaves), ZERO)
        last_year, source = self._last_year_of(name, value, kind)
        return Figure(name, value, kind, last_year, formula=f"= {name}", leaves=leaves, last_year_from=source)

    def _from_leaf(self, name: str, leaf: Leaf) -> Figure:
        initial, adjusted = self._budgets_beside(name, None, None)
        last_year, source = self._last_year_of(name, leaf.value, leaf.kind)
        return Figure(name, leaf.value, leaf.kind, last_year, initial, adjusted, "事实", (), (leaf,), source)

    def found(self, name: str) -> Found | None:
        """Return what this unit-year has under a name, for the year after: mostly a cell, or a fact."""
        origin = self._origin(name)
        return self.get(name) if isinstance(origin, Formula) else origin

    def is_given(self, found: Found) -> bool:
        """Tell whether the facts say everything that a figure is made of."""
        if not isinstance(found, Cell):
            return isinstance(found, Leaf) or all(map(self.is_given, found.cells))
        if found.parts:
            return all(self.is_given(self.cell(place)) for place, _ in found.parts)
        return found.query is None or self.ledger.is_known(found.query, found.subjects)

    def _last_year_of(
        self, name: str, value: Decimal, kind: Kind, calculated: Decimal | None = None, how: str = ""
    ) -> tuple[Decimal | None, str | LastYearValue | Found]:
        """Return last year's figure and what it comes from.

        It is given, or is in last year's facts where these leave nothing of it open, or is ``calculated``.
        """
        given = self.last_year_given.get(name)
        if given is not None:
            return _base(value, kind, given), given
        if self.last_year is not None:
            before = self.last_year.found(name)
            if before is not None and self.last_year.is_given(before):
                return before.value, before
        if calculated is None and name in self.parts:
            parts = [part.last_year for part in self._made_of(name, self.parts[name])]
            total = total_of((part, 1) for part in parts)
            if total is not None:
                return total, "由各组成部分的上年数相加"
        return calculated, how


def _base(value: Decimal, kind: Kind, given: LastYearValue) -> Decimal | None:
    """Return last year's value from what is given; a change refers to this year's ``value`` as it is printed."""
    money = kind is Kind.MONEY
    if given.given == "上年":
        return given.value if money else given.plain
    this_year = printed(value) * 10000 if money else value
    if given.given == "增减":
        return this_year - (given.value if money else given.plain)
    growth = 1 + given.plain / 100
    return this_year / growth if growth else None


def subjects_before(
    table: str, definitions: Definitions, given: Mapping[str, LastYearValue], last_year: Indicators | None = None
) -> set[str]:
    """Return the codes for which an indicator by subject (``支出[]``) of a table has a last-year figure, not zero."""
    columns = {stem: place.column for stem, place in definitions.by_subject.items() if place.table == table}
    codes = set()
    for name, value in given.items():
        stem, _, code = name.rpartition(".")
        if stem in columns and len(code) in LEVELS and code.isdigit() and value.value:
            codes.add(code)
    for row in last_year.statements[table].rows.values() if last_year is not None else ():
        if row.code and any(row.cells[column].value for column in columns.values()):
            codes.add(row.code)
    return codes
