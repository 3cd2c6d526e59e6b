"""What a table prints beside its figures: 人员经费 and 公用经费 of economic subjects, its budget column, its zeros."""

from __future__ import annotations

from decimal import Decimal

from small_books import WAN, column, facts_of, indicators, stated_of, statement, subjects, tables_of, wan

from builder.accounts.definitions import Definitions, parse_definition
from builder.accounts.entering import ledger_of
from builder.accounts.indicators import Indicators
from builder.accounts.outlines import outline_of
from builder.accounts.tabulating import build_statement

ECONOMIC = """
基本支出经济分类: {30101: 39.96, 30201: 8, 30305: 0.19, 31002: 2.5}
"""
BY_ECONOMIC_SUBJECT = """
明细表:
  标题: 表
  账: 经济分类
  栏:
    支出:
      经济科目: ["301"]
      有数才列: ["301", "302", "303", "307", "310"]
      合计行: 合计
      列: {合计: {}, 人员经费: {明细: 人员经费}, 公用经费: {明细: 公用经费}}
"""


def test_economic_subjects_are_personnel_or_operating_funds_by_their_category():
    made = statement(ECONOMIC, BY_ECONOMIC_SUBJECT)
    personnel, operating = column(made, "人员经费"), column(made, "公用经费")
    assert (personnel["合计"], operating["合计"]) == (Decimal("40.15"), Decimal("10.5"))  # 39.96 + 0.19, 8 + 2.5
    assert (personnel["301"], personnel["302"], personnel["303"], personnel["310"]) == (
        Decimal("39.96"), 0, Decimal("0.19"), 0,
    )
    assert (operating["301"], operating["302"], operating["31002"]) == (0, 8, Decimal("2.5"))


def test_a_category_listed_and_listed_where_used_stands_once_and_only_what_has_figures():
    rows = [row.code for row in statement(ECONOMIC, BY_ECONOMIC_SUBJECT).blocks["支出"].rows]
    assert rows == ["301", "30101", "302", "30201", "303", "30305", "310", "31002"]


def test_a_row_says_how_it_prints_a_zero():
    made = statement(
        "支出: [{科目: 2080505, 基本支出: 1}]",
        '表: {标题: 表, 账: 支出, 栏: {一: {列: {数: {}}, 行: [{名: 甲, 零: ""}, {名: 乙, 零: 无}, {名: 丙}]}}}',
    )
    assert [row.zero for row in made.rows.values()] == ["", "无", None]


BUDGETED = """
支出: [{科目: 2080505, 基本支出: 1.11}, {科目: 2101501, 基本支出: 2.22}]
全年预算: [{科目: 2080505, 基本支出: 1.11}, {科目: 2101501, 基本支出: 2.22}]
"""
WITH_BUDGET_COLUMN = """
执行表:
  标题: 表
  资金来源: 一般公共预算
  栏:
    支出:
      按科目列行: 是
      合计行: 合计
      列: {决算: {账: 支出}, 全年预算: {账: 全年预算}}
"""


def with_budget_column(stated: str) -> Indicators:
    book = ledger_of(facts_of(BUDGETED), {})
    ((name, spec),) = tables_of(WITH_BUDGET_COLUMN).items()
    table = build_statement(outline_of(name, spec), book, subjects(), stated_of(stated))
    definitions = Definitions({"支出.合计": parse_definition("执行表/合计/决算")})
    return Indicators(definitions, {name: table}, book, {})


def test_a_budget_that_its_table_prints_is_that_of_the_print():
    """Both totals have the 尾差 that the print has; without it the comparison would tell a difference of 0.01."""
    figure = with_budget_column("执行表: {合计: {决算: 3.34, 全年预算: 3.34}}").get("支出.合计")
    assert (wan(figure.value), wan(figure.adjusted_budget)) == (Decimal("3.34"), Decimal("3.34"))
    beyond = with_budget_column("执行表: {合计: {决算: 3.34, 全年预算: 9.99}}").get("支出.合计")
    assert wan(beyond.adjusted_budget) == Decimal("3.33")


def test_a_budget_that_no_column_prints_comes_from_its_book():
    tables = WITH_BUDGET_COLUMN.replace(", 全年预算: {账: 全年预算}", "")
    figure = indicators(BUDGETED, tables, "支出.合计: 执行表/合计/决算").get("支出.合计")
    assert figure.adjusted_budget == Decimal("3.33") * WAN
