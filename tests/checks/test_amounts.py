"""The less usual sides of the rules on amounts and codes."""

from __future__ import annotations

import pytest
from clean_unit import CARD, COMMON_STYLE, FACTS, NOTES, STATED, CleanUnit

from builder.checks.results import Outcome


def test_three_public_is_the_basic_expenditure_where_no_project_pays(unit: CleanUnit) -> None:
    unit.edit(FACTS, "{科目: 2101501, 项目支出: 103}", "{科目: 2101501, 人员经费: 103}")
    found = {result.difference: result.message for result in unit.failed("三公与经济分类")}
    # 30212 0 against 11, 30217 1 against 2.50, 30231 9 against 9.50, 31013 0 against 18
    assert set(found) == {-110000, -15000, -5000, -180000}
    says = "基本支出的 30217 为 1.00 万元，没有项目支出，应等于“三公”经费的公务接待费 2.50 万元，相差 -1.50 万元"
    assert found[-15000].startswith(says)


def test_stated_three_public_against_stated_basic_expenditure(unit: CleanUnit) -> None:
    unit.write(STATED, "金额单位: 万元\n公开06:\n  30217: {决算数: 2.60}\n公开09:\n  合计: {决算接待: 2.50}\n")
    result, = unit.failed("三公与经济分类")
    assert (result.stated, result.expected, result.difference) == (26000, 25000, 1000)
    assert [str(source).rpartition("/")[2] for source in result.suspects] == ["公开表.yaml:3:16", "公开表.yaml:5:14"]


@pytest.mark.parametrize(("nature", "number"), [("行政单位", 1), ("参照公务员法管理事业单位", 1), ("事业单位", 0)])
def test_agencies_with_operating_funds_have_agency_operating_funds(unit: CleanUnit, nature: str, number: int) -> None:
    unit.edit(CARD, "性质: 行政单位", f"性质: {nature}")
    unit.edit(FACTS, "机关运行经费: {口径: 单列, 决算: 65}", "机关运行经费: {口径: 无}")
    assert len(unit.failed("机关运行经费")) == number


def test_a_style_whose_total_of_procurement_leaves_something_out(unit: CleanUnit) -> None:
    unit.edit(COMMON_STYLE, "政府采购.货物.支出 + 政府采购.工程.支出 + 政府采购.服务.支出", "政府采购.货物.支出")
    result, = unit.failed("政府采购")
    assert (result.stated, result.expected) == (200000, 300000)


def test_purchases_from_small_firms_are_no_more_than_all(unit: CleanUnit) -> None:
    unit.edit(FACTS, "服务: {支出: 10}", "服务: {支出: 10, 授予中小企业: 12}")
    result, = unit.failed("政府采购")
    assert (result.stated, result.expected, result.difference) == (120000, 100000, 20000)


@pytest.mark.parametrize(
    ("budget", "reason", "number"),
    [("51.50", "", 0), ("51.49", "", 1), ("51.49", "较预算", 0), ("10.30", "较预算", 0), ("10.29", "较预算", 1),
     ("-90", "较预算", 1)],
)
def test_completion_between_none_and_twice_the_budget_or_with_a_reason(
    unit: CleanUnit, budget: str, reason: str, number: int
) -> None:
    unit.edit(FACTS, "{科目: 2101501, 金额: 90}", f"{{科目: 2101501, 金额: {budget}}}")  # 103 are spent
    if not reason:
        unit.edit(NOTES, "  一般公共预算支出.2101501:\n    较预算: 使用上年结转的资金\n", "")
    assert len(unit.failed("完成率")) == number


def test_a_stated_code_that_the_year_does_not_have(unit: CleanUnit) -> None:
    unit.edit(STATED, "  210: {小计: 103}", "  210: {小计: 103}\n  21098: {小计: 103}\n  2109801: {小计: 103}")
    messages = [result.message for result in unit.failed("科目代码")]
    assert [message.partition("；")[0] for message in messages] == [
        "科目 21098 不在 2022 年度的功能分类科目表里",
        "科目 2109801 连上级款级科目 21098 也不在 2022 年度的功能分类科目表里",
    ]


def test_a_stated_code_without_its_parent(unit: CleanUnit) -> None:
    unit.edit(STATED, "  210: {小计: 103}", "  210: {小计: 103}\n  20805: {小计: 30}\n  2101501: {小计: 103}")
    open_ = [r for r in unit.accounts().report.of("科目代码") if r.outcome is Outcome.UNDECIDED]
    assert [result.message.partition("；")[0] for result in open_] == ["公开05 的出表数有 2101501，没有它的上级 21015"]


def test_a_form_that_lists_a_subject_twice(unit: CleanUnit) -> None:
    unit.edit(COMMON_STYLE, '一: {经济科目: ["301", "303"]', '一: {经济科目: ["301", "303", "302"]')
    messages = [result.message for result in unit.failed("科目重复")]
    assert "公开06 里科目 30201 列了 2 行；请在格式里核对各栏列哪些科目" in messages
