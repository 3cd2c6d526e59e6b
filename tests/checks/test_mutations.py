"""Any single amount of fully stated tables, changed by 1.00, is noticed, by relations between cells alone too.

A sample by default; ``pytest tests/checks/test_mutations.py --every-amount`` changes each of them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from workspaces import EXAMPLES, ROOT

from builder.accounting import calculate, check
from builder.accounts.money import printed
from builder.accounts.statements import Stated
from builder.accounts.subjects import Subjects
from builder.findings import Source
from builder.loading.subjects import load_subjects
from builder.loading.unit import UnitYear, load_year
from builder.style import Style, load_style
from builder.workspace import Workspace

SAMPLE = 150
"""How many amounts of each unit are changed by default."""
ENOUGH = Decimal("0.98")
WAN = Decimal(10000)
ONE = WAN
Tables = dict[str, dict[str, dict[str, Stated]]]
Failure = tuple[str, str, bool]


@dataclass(frozen=True)
class FullyStated:
    """A unit-year whose tables are all stated, each amount as it is printed; its 绩效 forms are left aside."""

    unit_year: UnitYear
    style: Style
    subjects: Subjects
    tables: Tables

    @classmethod
    def of(cls, name: str, year: int) -> FullyStated:
        workspace = Workspace(ROOT)
        subjects, _ = load_subjects(ROOT, year)
        unit_year = replace(load_year(ROOT, name, year, subjects), projects=(), project_positions=(), forms=())
        style = load_style(workspace, unit_year.card.style)
        tables: Tables = {}
        for statement in calculate(unit_year, style, subjects).statements.values():
            for number, cell in enumerate(statement.cells() if not statement.spec.stated_in else (), 1):
                amount = printed(cell.value) * WAN
                row = tables.setdefault(statement.name, {}).setdefault(cell.place.row, {})
                row[cell.place.column] = Stated(amount, Source(statement.name, number))
        return cls(unit_year, style, subjects, tables)

    def failures(self) -> set[Failure]:
        """Return what the cross-checks find: the rule, its message, whether it is about a cell's amount."""
        stated = replace(self.unit_year, stated=self.tables)
        report = check(stated, self.style, self.subjects, calculate(stated, self.style, self.subjects))
        return {(r.rule, r.message, r.place is not None and r.stated is not None) for r in report.failures}

    def failures_with(self, table: str, row: str, column: str) -> set[Failure]:
        """Return what is found when one amount is larger by 1.00 万元."""
        cells = self.tables[table][row]
        before = cells[column]
        cells[column] = before._replace(amount=before.amount + ONE)
        try:
            return self.failures()
        finally:
            cells[column] = before


@pytest.mark.parametrize(("name", "year"), EXAMPLES, ids=[unit for unit, _ in EXAMPLES])
def test_a_change_of_any_single_amount_is_noticed(name: str, year: int, pytestconfig: pytest.Config) -> None:
    stated = FullyStated.of(name, year)
    clean = stated.failures()
    assert [failure for failure in clean if failure[2]] == []
    places = [(table, row, col) for table, rows in stated.tables.items() for row in rows for col in rows[row]]
    chosen = places
    if not pytestconfig.getoption("--every-amount"):
        chosen = random.Random(name).sample(places, SAMPLE)
    found = [{rule for rule, *_ in stated.failures_with(*place) - clean} for place in chosen]
    noticed, related = sum(map(bool, found)), sum(bool(rules - {"出表数"}) for rules in found)
    unnoticed = [place for place, rules in zip(chosen, found, strict=True) if not rules - {"出表数"}]
    print(f"{name}: {len(chosen)} of {len(places)} changed; {noticed / len(chosen):.1%} noticed,")  # noqa: T201 - the share
    print(f"  {related / len(chosen):.1%} by relations between cells alone; not: {unnoticed[:5]}")  # noqa: T201 - is to be seen
    assert noticed >= ENOUGH * len(chosen)
    assert related >= ENOUGH * len(chosen)
