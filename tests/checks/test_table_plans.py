"""What must hold between the cells of a table is found once for every table of the same style and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clean_unit import COMMON_STYLE, FACTS, YEAR

from builder.accounting import case_of
from builder.checks.tables import tables
from builder.loading.subjects import load_subjects

if TYPE_CHECKING:
    from clean_unit import CleanUnit

    from builder.checks.tables import Table


def tables_of(unit: CleanUnit) -> dict[str, Table]:
    accounts = unit.accounts()
    subjects, _notes = load_subjects(unit.root, YEAR)
    case = case_of(accounts.unit_year, accounts.style, subjects, accounts.indicators)
    return {table.statement.name: table for table in tables(case)}


def test_other_amounts_are_put_into_the_same_plan(unit: CleanUnit) -> None:
    before = tables_of(unit)
    unit.edit(FACTS, "事业收入: 20", "事业收入: 21")
    after = tables_of(unit)
    assert all(after[name].plan is table.plan for name, table in before.items())
    assert after["公开02"].derived[0] == before["公开02"].derived[0] + 10000


def test_a_subject_more_makes_another_plan_of_the_tables_that_list_it(unit: CleanUnit) -> None:
    before = tables_of(unit)
    unit.edit(FACTS, "{科目: 2080505, 一般公共预算财政拨款: 30}", "{科目: 2080506, 一般公共预算财政拨款: 30}")
    after = tables_of(unit)
    assert after["公开02"].plan is not before["公开02"].plan
    assert after["公开02"].plan.codes.keys() - before["公开02"].plan.codes.keys() == {"2080506"}
    assert after["公开06"].plan is before["公开06"].plan


def test_a_style_that_has_changed_has_plans_of_its_own(unit: CleanUnit) -> None:
    before = tables_of(unit)
    unit.edit(COMMON_STYLE, "合计: [本年支出合计, 结余分配, 年末结转和结余]", "合计: [本年支出合计, 年末结转和结余]")
    assert tables_of(unit)["公开01"].plan.declared != before["公开01"].plan.declared
