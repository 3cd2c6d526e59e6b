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

from .definitions import ANY, EACH, Definition, plain_name
from .figures import Figure, Kind, LastYearValue, Leaf, UnknownIndicatorError
from .formulas import Formula, FormulaError
from .ledger import Ledger, Query, budget_queries
from .money import ZERO, printed
from .outlines import empty_cells
from .statements import Cell, Place, Statement
from .subjects import LEVELS

FINAL = ".决算"
Budgets = tuple[Decimal | None, Decimal | None]
"""年初预算 and 全年预算."""
UNKNOWN: Budgets = (None, None)


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
        figure = self._figures.get(name)
        if figure is None:
            name = plain_name(name)
            figure = self._figures.get(name)
            if figure is None:
                figure = self._figures[name] = self._calculate(name)
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
            return self._from_cell(name, self.cell(definition), definition)
        if isinstance(definition, Formula):
            return self._from_formula(name, definition)
        if name.endswith(EACH):
            return self._sum_of_leaves(name)
        raise UnknownIndicatorError(name, difflib.get_close_matches(name, list(self.names()), 3))

    def _by_subject(self, name: str) -> Place | None:
        stem, _, code = name.rpartition(".")
        if not code.isdigit():
            return None
        pattern = self.definitions.get(stem + ANY)
        return Place(pattern.table, code, pattern.column) if isinstance(pattern, Place) else None

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
        figure = self._from_cell(str(cell.place), cell, cell.place)
        if figure.last_year is None and self.last_year is not None:
            try:
                before = self.last_year.of_cell(self.last_year.cell(cell.place))
            except UnknownIndicatorError:  # a row that last year's table did not have
                return figure
            if self.last_year.gives(before):
                return replace(figure, last_year=before.value, last_year_from=before)
        return figure

    def _from_cell(self, name: str, cell: Cell, formula: Place) -> Figure:
        value = cell.value
        initial, adjusted = self._budgets_beside(name, *self._budgets(cell))
        last_year, source = self._last_year_of(name, value, Kind.MONEY)
        return Figure(name, value, Kind.MONEY, last_year, initial, adjusted, formula, (cell,), (), source)

    def _budgets(self, cell: Cell) -> Budgets:
        """Return the same cell over the books of 年初预算 and 全年预算, where these are known."""
        if cell.parts:
            parts = [(self._budgets(self.cell(place)), sign) for place, sign in cell.parts]
            return _total([(initial, sign) for (initial, _), sign in parts]), _total(
                [(adjusted, sign) for (_, adjusted), sign in parts]
            )
        queries = budget_queries(cell.query) if cell.query is not None else None
        return UNKNOWN if queries is None else (self._budget(cell, queries[0]), self._budget(cell, queries[1]))

    def _budget(self, cell: Cell, query: Query) -> Decimal | None:
        """Return what a budget's query gives for the subjects of a cell: as the table prints it beside, if it does."""
        if not self.ledger.is_known(query, cell.subjects):
            return None
        statement = self.statements[cell.place.table]
        row = statement.rows.get(cell.place.row) if query in statement.queries else None
        for other in row.cells.values() if row is not None else ():
            if (other.query, other.subjects) == (query, cell.subjects):
                return other.value
        return self.ledger.total(query, cell.subjects).amount

    def _budgets_beside(self, name: str, initial: Decimal | None, adjusted: Decimal | None) -> Budgets:
        """Complete a 决算 by the budgets that the facts give beside it: ``会议费.决算``, ``机关运行经费.决算``."""
        if not name.endswith(FINAL):
            return initial, adjusted
        stem = name.removesuffix(FINAL)
        given = [self.leaves.get(f"{stem}.{budget}") for budget in ("年初预算", "全年预算")]
        return given[0].value if given[0] else initial, given[1].value if given[1] else adjusted

    def _from_formula(self, name: str, formula: Formula) -> Figure:
        names = dict(zip(formula.names, map(plain_name, formula.names), strict=True))
        parts = dict(zip(names, self._made_of(name, names.values()), strict=True))

        def over(values: Iterable[Decimal | None]) -> Decimal | None:
            return formula.evaluate(dict(zip(parts, values, strict=True)).__getitem__)

        figures = parts.values()
        value = over(part.value for part in figures) or ZERO
        kind = Kind.MONEY if formula.degree(lambda part: int(parts[part].kind is Kind.MONEY)) > 0 else Kind.COUNT
        initial, adjusted = self._budgets_beside(
            name, over(part.initial_budget for part in figures), over(part.adjusted_budget for part in figures)
        )
        before = over(part.last_year for part in figures)
        last_year, source = self._last_year_of(name, value, kind, before, "由各组成部分的上年数计算")
        cells = tuple(cell for part in figures for cell in part.cells)
        leaves = tuple(leaf for part in figures for leaf in part.leaves)
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

    def gives(self, figure: Figure) -> bool:
        """Tell whether the facts say everything that a figure's cells are made of."""
        return all(map(self._is_given, figure.cells))

    def _is_given(self, cell: Cell) -> bool:
        if cell.parts:
            return all(self._is_given(self.cell(place)) for place, _ in cell.parts)
        return cell.query is None or self.ledger.is_known(cell.query, cell.subjects)

    def _last_year_of(
        self, name: str, value: Decimal, kind: Kind, calculated: Decimal | None = None, how: str = ""
    ) -> tuple[Decimal | None, str | LastYearValue | Figure]:
        """Return last year's figure and what it comes from.

        It is given, or is in last year's facts where these leave nothing of it open, or is ``calculated``.
        """
        given = self.last_year_given.get(name)
        if given is not None:
            return _base(value, kind, given), given
        if self.last_year is not None and name in self.last_year:
            before = self.last_year.get(name)
            if self.last_year.gives(before):
                return before.value, before
        if calculated is None and name in self.parts:
            parts = [part.last_year for part in self._made_of(name, self.parts[name])]
            total = _total([(part, 1) for part in parts])
            if total is not None:
                return total, "由各组成部分的上年数相加"
        return calculated, how


def _total(terms: Iterable[tuple[Decimal | None, int]]) -> Decimal | None:
    """Return a sum, None where a term is not known."""
    total = ZERO
    for term, sign in terms:
        if term is None:
            return None
        total += sign * term
    return total


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
