"""Indicators (指标): named figures over statements and facts, each with last year's figure and the budget beside it.

A style defines indicators as a place in a table (``收入.合计: 公开02/合计/本年收入合计``), as a formula over other
indicators (``= a + b``), or for every subject of a table (``支出[]: 公开03/[]/本年支出合计``). Besides, every number in
``决算.yaml`` is an indicator under its own path (``政府采购.货物.支出``).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .definitions import ANY, EACH, Definition, plain_name
from .figures import Figure, Kind, LastYearValue, Leaf, UnknownIndicatorError
from .formulas import Formula, FormulaError
from .ledger import Ledger, Query, budget_query
from .money import ZERO, printed
from .outlines import empty_cells
from .statements import Cell, Place, Statement
from .subjects import LEVELS

FINAL = ".决算"


@dataclass(slots=True)
class Indicators:
    """All figures of one unit-year, calculated when first asked for."""

    definitions: Mapping[str, Definition]
    statements: Mapping[str, Statement]
    ledger: Ledger
    leaves: Mapping[str, Leaf]
    last_year_given: Mapping[str, LastYearValue] = field(default_factory=dict)
    last_year: Indicators | None = None
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _figures: dict[str, Figure] = field(default_factory=dict)
    _pending: set[str] = field(default_factory=set)

    def get(self, name: str) -> Figure:
        """Return the figure of that name. Raises UnknownIndicatorError."""
        name = plain_name(name)
        figure = self._figures.get(name)
        if figure is None:
            if name in self._pending:
                raise FormulaError(f"指标「{name}」的公式或组成绕了一圈又用到它自己")
            self._pending.add(name)
            try:
                figure = self._figures[name] = self._with_last_year(self._calculate(name))
            finally:
                self._pending.discard(name)
        return figure

    def __contains__(self, name: str) -> bool:
        """Tell whether there is an indicator of that name."""
        return name in self.definitions or name in self.leaves or self._by_subject(name) is not None

    def names(self) -> Iterator[str]:
        """Yield the names of all figures that this unit-year has, subjects included."""
        for name, definition in self.definitions.items():
            if not name.endswith(ANY):
                yield name
            elif isinstance(definition, Place):
                for row in self.statements[definition.table].rows.values():
                    if row.code:
                        yield f"{name.removesuffix(ANY)}.{row.code}"
        yield from (name for name in self.leaves if name not in self.definitions)

    def _calculate(self, name: str) -> Figure:
        leaf = self.leaves.get(name)
        definition = self.definitions.get(name) or self._by_subject(name)
        if leaf is not None and (leaf.explicit or definition is None):  # a fact of that very name goes first
            return self._from_leaf(name, leaf)
        if isinstance(definition, Place):
            return self._with_budgets(self._from_cell(name, self.cell(definition), definition))
        if isinstance(definition, Formula):
            return self._with_budgets(self._from_formula(name, definition))
        if name.endswith(EACH):
            return self._sum_of_leaves(name)
        raise UnknownIndicatorError(name, difflib.get_close_matches(name, list(self.names()), 3))

    def _by_subject(self, name: str) -> Place | None:
        stem, _, code = name.rpartition(".")
        pattern = self.definitions.get(stem + ANY)
        return Place(pattern.table, code, pattern.column) if isinstance(pattern, Place) and code.isdigit() else None

    def cell(self, place: Place) -> Cell:
        """Return the cell of a table; for a subject without a row, an empty one."""
        statement = self.statements.get(place.table)
        if statement is None:
            raise UnknownIndicatorError(str(place), list(self.statements))
        row = statement.rows.get(place.row)
        if row is not None:
            if place.column not in row.cells:
                raise UnknownIndicatorError(str(place), [str(place._replace(column=name)) for name in row.cells])
            return row.cells[place.column]
        block = next((block for block in statement.blocks.values() if place.column in block.spec.columns), None)
        if block is None or not place.row.isdigit():
            near = difflib.get_close_matches(place.row, list(statement.rows), 3)
            raise UnknownIndicatorError(str(place), [str(place._replace(row=name)) for name in near])
        return empty_cells(block.columns, place.row, (place.row,))[place.column]

    def of_cell(self, cell: Cell) -> Figure:
        """Return the figure of a cell that no indicator names, under the cell's place."""
        name = str(cell.place)
        figure = self._with_last_year(self._from_cell(name, cell, name))
        if figure.last_year is None and self.last_year is not None:
            try:
                before = self.last_year.of_cell(self.last_year.cell(cell.place))
            except UnknownIndicatorError:  # a row that last year's table did not have
                return figure
            return self._beside(figure, before)
        return figure

    def _from_cell(self, name: str, cell: Cell, formula: Place | str) -> Figure:
        initial = adjusted = None
        if cell.parts or (cell.query is not None and cell.query.has_budget):
            initial, adjusted = self._budget(cell, 0), self._budget(cell, 1)
        return Figure(name, cell.value, Kind.MONEY, None, initial, adjusted, formula, (cell,))

    def _budget(self, cell: Cell, which: int) -> Decimal | None:
        """Return the same cell over the budget's book (0 年初预算, 1 全年预算), where that is known."""
        if cell.parts:
            total = ZERO
            for place, sign in cell.parts:
                part = self._budget(self.cell(place), which)
                if part is None:
                    return None
                total += sign * part
            return total
        query = budget_query(cell.query, which) if cell.query is not None else None
        if query is None or not self.ledger.is_known(query, cell.subjects):
            return None
        budget = self._beside_in_table(cell, query)
        return self.ledger.total(query, cell.subjects).amount if budget is None else budget.value

    def _beside_in_table(self, cell: Cell, query: Query) -> Cell | None:
        """Return the cell of the same row that is this very query: the budget as the table prints it."""
        row = self.statements[cell.place.table].rows.get(cell.place.row)
        beside = row.cells.values() if row is not None else ()
        return next((other for other in beside if (other.query, other.subjects) == (query, cell.subjects)), None)

    def _from_formula(self, name: str, formula: Formula) -> Figure:
        parts = [self.get(part) for part in formula.names]
        figures = {part.name: part for part in parts}

        def over(attribute: Callable[[Figure], Decimal | None]) -> Decimal | None:
            return formula.evaluate(lambda part: attribute(figures[plain_name(part)]))

        value = over(lambda part: part.value)
        powers = {part.name: int(part.kind is Kind.MONEY) for part in parts}
        kind = Kind.MONEY if formula.degree(lambda part: powers[plain_name(part)]) > 0 else Kind.COUNT
        return Figure(
            name,
            ZERO if value is None else value,
            kind,
            over(lambda part: part.last_year),
            over(lambda part: part.initial_budget),
            over(lambda part: part.adjusted_budget),
            f"= {formula.text}",
            tuple(cell for part in parts for cell in part.cells),
            tuple(dict.fromkeys(source for part in parts for source in part.facts)),
            "由各组成部分的上年数计算",
        )

    def _sum_of_leaves(self, name: str) -> Figure:
        """Add up all counts or amounts under a path: ``国有资产.车辆.各项``."""
        under = {path: leaf for path, leaf in self.leaves.items() if path.startswith(name.removesuffix(EACH) + ".")}
        kind = next((leaf.kind for leaf in under.values()), Kind.COUNT)
        return Figure(
            name,
            sum((leaf.value for leaf in under.values()), ZERO),
            kind,
            formula=f"= {name}",
            facts=tuple(leaf.source for leaf in under.values()),
        )

    def _from_leaf(self, name: str, leaf: Leaf) -> Figure:
        figure = Figure(name, leaf.value, leaf.kind, formula="事实", facts=(leaf.source,))
        return self._with_budgets(figure)

    def _with_budgets(self, figure: Figure) -> Figure:
        """Complete a 决算 by the budgets that the facts give beside it: ``会议费.决算``, ``机关运行经费.决算``."""
        if not figure.name.endswith(FINAL):
            return figure
        stem = figure.name.removesuffix(FINAL)
        initial, adjusted = (self.leaves.get(f"{stem}.{budget}") for budget in ("年初预算", "全年预算"))
        return figure._replace(
            initial_budget=initial.value if initial else figure.initial_budget,
            adjusted_budget=adjusted.value if adjusted else figure.adjusted_budget,
        )

    def _beside(self, figure: Figure, before: Figure) -> Figure:
        """Return a figure with last year's beside it, where last year's facts leave nothing of it open."""
        assert self.last_year is not None
        if not all(self.last_year.is_given(cell) for cell in before.cells):
            return figure
        return _with_base(figure, before.value, before)

    def is_given(self, cell: Cell) -> bool:
        """Tell whether the facts say everything that a cell is made of."""
        if cell.parts:
            return all(self.is_given(self.cell(place)) for place, _ in cell.parts)
        return cell.query is None or self.ledger.is_known(cell.query, cell.subjects)

    def _with_last_year(self, figure: Figure) -> Figure:
        given = self.last_year_given.get(figure.name)
        if given is not None:
            return _with_base(figure, _base(figure, given), given)
        if self.last_year is not None and figure.name in self.last_year:
            figure = self._beside(figure, self.last_year.get(figure.name))
        if figure.last_year is None and figure.name in self.parts:
            parts = [self.get(part).last_year for part in self.parts[figure.name]]
            if all(part is not None for part in parts):
                total = sum((part for part in parts if part is not None), ZERO)
                return _with_base(figure, total, "由各组成部分的上年数相加")
        return figure


def _with_base(figure: Figure, last_year: Decimal | None, before: LastYearValue | Figure | str) -> Figure:
    """Return a figure with last year's value beside it (``_replace`` would take three times as long)."""
    name, value, kind, _none, initial, adjusted, formula, cells, facts, _before = figure
    return Figure(name, value, kind, last_year, initial, adjusted, formula, cells, facts, before)


def _base(figure: Figure, given: LastYearValue) -> Decimal | None:
    """Return last year's value from what is given; a change refers to this year's figure as it is printed."""
    money = figure.kind is Kind.MONEY
    if given.given == "上年":
        return given.value if money else given.plain
    this_year = printed(figure.value) * 10000 if money else figure.value
    if given.given == "增减":
        return this_year - (given.value if money else given.plain)
    growth = 1 + given.plain / 100
    return this_year / growth if growth else None


def subjects_before(
    table: str,
    definitions: Mapping[str, Definition],
    given: Mapping[str, LastYearValue],
    last_year: Indicators | None = None,
) -> set[str]:
    """Return the codes for which an indicator by subject (``支出[]``) of a table has a last-year figure, not zero."""
    codes = set()
    for name, definition in definitions.items():
        if name.endswith(ANY) and isinstance(definition, Place) and definition.table == table:
            stem = name.removesuffix(ANY) + "."
            of_stem = {name.removeprefix(stem): value for name, value in given.items() if name.startswith(stem)}
            codes |= {code for code, value in of_stem.items() if len(code) in LEVELS and code.isdigit() and value.value}
            rows = last_year.statements[table].rows.values() if last_year is not None else ()
            codes |= {row.code for row in rows if row.code and row.cells[definition.column].value}
    return codes
