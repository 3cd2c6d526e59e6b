"""Every cross-check holds on a clean unit, and one change breaks it: it alone, or what must break with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from clean_unit import BEFORE, CARD, COMMON_STYLE, DUTIES, FACTS, FILES, NOTES, OTHER_UNIT, STATED, CleanUnit
from workspaces import ROOT

from builder.building import Builder
from builder.checks.results import Outcome
from builder.checks.rules import RULES
from builder.findings import Level, errors
from builder.workspace import Workspace

if TYPE_CHECKING:

    from builder.checks.engine import Report, Rule

TESTED_ELSEWHERE = ("builder.checks.performance", "builder.checks.printed_words", "builder.checks.departments")
"""Modules whose rules have tests of their own: self-evaluation forms, words of imported workbooks, units' sums."""

FLOWS = FILES[FACTS][FILES[FACTS].index("收入:"):FILES[FACTS].index("基本支出经济分类:")]
"""What the clean unit received and spent."""


@dataclass(frozen=True)
class Change:
    """One edit of one file of the clean unit, and the rules that cannot but break with the one that is meant."""

    file: str
    old: str
    new: str
    also: tuple[str, ...] = ()


def stated(old: str, new: str) -> Change:
    """Change a stated cell: where the facts hold, a relation between stated cells breaks with 出表数 alone."""
    return Change(STATED, old, new, ("出表数",))


BROKEN = {
    "出表数": Change(STATED, "公开05:\n", "公开06:\n  30101: {决算数: 210}\n公开05:\n"),
    "未填": Change(FACTS, "公务接待费: {全年预算: 3, ", "公务接待费: {"),
    "科目未填": Change(
        FACTS, "政府性基金预算, 科目: 2120801, 类型: 项目支出, 金额: 2", "政府性基金预算, 类型: 项目支出, 金额: 2",
        also=("科目汇总",),  # what stands in the total alone is in no row
    ),
    "资金来源": Change(
        FACTS, "{科目: 2101501, 项目支出: 103}", "{科目: 2101501, 项目支出: 95, 经营支出: 8}",
        also=("行合计", "出表数"),  # the tables of 财政拨款 have no column for it
    ),
    "科目代码": Change(FACTS, "{科目: 2101599, 资金来源: 非财政拨款", "{科目: 2010704, 资金来源: 非财政拨款"),
    "科目名称": Change(CARD, "2010301: 行政运行", "2010301: 行政运转"),
    "科目重复": Change(CARD, "2010301: 行政运行", "2010398: 行政运行"),
    "行合计": stated("基本支出: 368, 项目支出", "基本支出: 378, 项目支出"),
    "列合计": stated("左.总计: {金额: 534}", "左.总计: {金额: 544}"),
    "总表平衡": Change(
        COMMON_STYLE, "合计: [本年支出合计, 结余分配, 年末结转和结余]", "合计: [本年支出合计, 年末结转和结余]"
    ),
    "应相等": Change(COMMON_STYLE, "[支出.合计, 收支.支出合计]", "[支出.合计, 收支.支出合计, 收入.合计]"),
    "收支平衡": Change(
        FACTS, "一般公共预算, 科目: 2101501, 类型: 项目支出, 金额: 2",
        "国有资本经营预算, 科目: 2239999, 类型: 项目支出, 金额: 2",
    ),
    "结转推算": Change(FACTS, "政府性基金预算, 科目: 2120801, 类型", "政府性基金预算, 科目: 2120899, 类型"),
    "科目汇总": stated("  210: {小计: 103}", "  210: {小计: 113}"),
    "同一数据": stated("{一般公共预算: 30}", "{一般公共预算: 40}"),
    "基本支出构成": Change(FACTS, "  30239: 20\n", "  30239: 15\n  30199: 5\n"),
    "上年一致": Change(BEFORE, "{上年: 400}", "{上年: 410}"),
    "三公与经济分类": Change(FACTS, "决算: 9.5, 保有量: 2", "决算: 8.5, 保有量: 2"),
    "三公数量": Change(FACTS, "国内: {批次: 5, 人次: 30}", "国内: {批次: 0, 人次: 30}"),
    "车辆运行": Change(FACTS, "决算: 9.5, 保有量: 2", "决算: 9.5, 保有量: 0", also=("购置车辆",)),  # one was bought
    "接待人次": Change(FACTS, "国内: {批次: 5, 人次: 30}", "国内: {批次: 30, 人次: 5}"),
    "外宾接待": Change(FACTS, "外宾: {决算: 0.5,", "外宾: {决算: 2.6,"),
    "三公预算": Change(FACTS, "公务接待费: {全年预算: 3,", "公务接待费: {全年预算: 2,"),
    "没有收支": Change(
        FACTS, FLOWS, "收入: []\n支出: []\n",
        also=(  # carry-overs, tables, texts, “三公” and budgets that speak of what is gone
            "出表数", "收支平衡", "总表平衡", "应相等", "结转推算", "三公与经济分类", "空表说明",
            "原因缺失", "原因方向",
        ),
    ),
    "政府采购": Change(FACTS, "授予小微企业: 10}", "授予小微企业: 16}"),
    "车辆": Change(FACTS, "{机要通信用车: 1, 其他用车: 2}", "{机要通信用车: 1}"),
    "购置车辆": Change(FACTS, "购置数: 1", "购置数: 3"),
    "数量合计": Change(FACTS, "事业编制: 5", "编制合计: 15"),
    "机关运行经费": Change(FACTS, "口径: 单列, 决算: 65", "口径: 单列, 决算: 75"),
    "超全年预算": Change(FACTS, "{科目: 2101501, 金额: 105}", "{科目: 2101501, 金额: 95}"),
    "完成率": Change(FACTS, "{科目: 2101501, 金额: 90}", "{科目: 2101501, 金额: 9}"),
    "零预算": Change(FACTS, "金额: 310}\n  - {科目: 2080505, 金额: 30}\n", "金额: 310}\n"),
    "未用": Change(BEFORE, "  支出.合计:", "  支岀.合计:"),
    "原因缺失": Change(NOTES, "  一般公共预算支出.2010301:\n    较预算: 年中追加工资\n", ""),
    "空表说明": Change(DUTIES, "3. 承办", "3. 没有政府性基金预算的收支。承办"),
    "模板残留": Change(DUTIES, "3. 承办", "3. 示例：承办"),
    "重复字词": Change(DUTIES, "交办的其他", "交办的的其他"),
    "年度": Change(DUTIES, "2022年度部门决算", "2019年度部门决算"),
    "单位名称": Change(DUTIES, "3. 承办", f"3. {OTHER_UNIT}承办"),
    "自称": Change(DUTIES, "3. 承办", "3. 本部门承办"),
    "原因方向": Change(NOTES, "在职人员增加", "在职人员减少"),
    "半角标点": Change(DUTIES, "宣传和解释，", "宣传和解释,"),
    "括号引号": Change(DUTIES, "（含生育保险）", "（含生育保险"),
    "序号": Change(DUTIES, "3. 承办", "4. 承办"),
}
"""Rule → the one change of the clean unit that breaks it."""


@pytest.fixture(scope="module")
def holding(clean: CleanUnit) -> Report:
    return clean.accounts().report


def broken(report: Report) -> set[str]:
    return {result.rule for result in report.failures}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_holds_on_the_clean_unit_and_one_change_breaks_it(unit: CleanUnit, holding: Report, rule: Rule) -> None:
    if rule.check.__module__.startswith(TESTED_ELSEWHERE):
        assert rule.id not in BROKEN
        return
    assert rule.id in BROKEN, f"{rule.id} has no fixture: add the one change that breaks it, and only it, to BROKEN"
    change = BROKEN[rule.id]
    outcomes = {result.outcome for result in holding.of(rule.id)}
    assert Outcome.HOLDS in outcomes
    assert Outcome.FAILS not in outcomes
    unit.edit(change.file, change.old, change.new)
    report = unit.accounts().report
    assert broken(report) == {rule.id, *change.also}
    failed = next(result for result in report.failures if result.rule == rule.id)
    assert failed.severity is rule.severity
    what, _, advice = failed.message.partition("；")
    assert what
    assert advice


def test_every_rule_says_what_it_means_and_where_it_comes_from() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert all((rule.title, rule.meaning, rule.formula)), rule.id
        assert "Source: " in (rule.check.__doc__ or ""), rule.id


def test_every_outcome_is_counted_and_said_why(holding: Report) -> None:
    assert all(holding.of(rule.id) for rule in RULES)
    assert broken(holding) == set()
    assert sum(holding.counts().values()) == len(holding.results)
    assert [r for r in holding.results if r.outcome is not Outcome.HOLDS and not r.message] == []


def test_a_style_sets_the_severity_of_any_rule(unit: CleanUnit) -> None:
    unit.write("templates/湖北/checks.yaml", "级别:\n" + "".join(f"  {rule.id}: 错误\n" for rule in RULES))
    assert {result.severity for result in unit.accounts().report.results} == {Level.ERROR}


def test_a_partly_stated_relation_cannot_be_decided(holding: Report) -> None:
    undecided = [result for result in holding.of("列合计") if result.outcome is Outcome.UNDECIDED]
    assert undecided
    assert all("没有给全" in result.message for result in undecided)


def test_rounding_differences_are_no_failures(unit: CleanUnit) -> None:
    unit.edit(STATED, "210: {小计: 103}", "210: {小计: 103.01}")
    assert broken(unit.accounts().report) == set()


def test_one_cause_is_told_once(unit: CleanUnit) -> None:
    unit.edit(STATED, "  210: {小计: 103}", "  210: {小计: 113}")
    group, = unit.accounts().report.groups()
    assert {result.rule for result in group.results} == {"出表数", "科目汇总"}


@pytest.mark.parametrize("name", Workspace(ROOT).units())
def test_the_units_of_the_workspace_have_no_errors(name: str) -> None:
    workspace = Workspace(ROOT)
    accounts = Builder(workspace).accounts(name, workspace.years(name)[-1])
    assert errors(accounts.findings) == []
    assert Level.ERROR not in {result.severity for result in accounts.report.failures}
