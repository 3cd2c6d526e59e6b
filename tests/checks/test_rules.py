"""Every cross-check holds on a clean unit, and fails where one change breaks it: it, and what must break with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from workspaces import ROOT, UNIT, YEAR, WorkspaceCopy

from builder.building import Builder
from builder.checks.engine import Report
from builder.checks.results import Outcome
from builder.checks.rules import RULES
from builder.findings import Level, errors
from builder.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

FACTS, STATED, NOTES, BEFORE, DUTIES = "决算.yaml", "公开表.yaml", "说明.yaml", "上年.yaml", "职责.md"
PROJECT = "绩效/1基本医疗经办.yaml"
SPENT = "  - {科目: 2299999, 资金来源: 非财政拨款, 基本支出: 2.51}\n"
NO_OTHERS = "项目支出: 0, 上缴上级支出: 0, 经营支出: 0, 对附属单位补助支出: 0}"
DIVIDED = "  - {科目: 2080505, 资金来源: 一般公共预算, 基本支出: 35.81}"
FUND = "政府性基金预算"
DUTY = "1. 按照全市医疗保障工作规划"
FUNDS_STATED = """\
  左.政府性基金预算财政拨款: {金额: 3}
  左.国有资本经营预算财政拨款: {金额: 0}
  左.本年收入合计: {金额: 1064.50}"""

BROKEN = {
    "出表数": (STATED, "合计.公用经费合计: {决算数: 193.97}", "合计.公用经费合计: {决算数: 203.97}", {"应相等"}),
    "未填": (FACTS, "    全年预算: 0.70\n", "", set()),
    "科目未填": (
        FACTS, "年初结转和结余: []\n年末结转和结余: []",
        f"年初结转和结余: [{{资金来源: {FUND}, 金额: 1}}]\n年末结转和结余: [{{资金来源: {FUND}, 金额: 1}}]", None,
    ),
    "资金来源": (FACTS, SPENT, SPENT.replace("非财政拨款, 基本支出", "一般公共预算, 经营支出"), None),
    "行合计": (STATED, "  20805: {本年支出合计: 41.12, 基本支出: 41.12}",
               f"  20805: {{本年支出合计: 41.12, 基本支出: 46.12, {NO_OTHERS}", {"出表数"}),
    "列合计": (
        STATED, "  左.本年收入合计: {金额: 1064.50}",
        FUNDS_STATED,
        {"出表数"},
    ),
    "应相等": (FACTS, "  30201: 4.13\n", "  30201: 14.13\n", {"出表数"}),
    "收支平衡": (FACTS, "年末结转和结余: []", "年末结转和结余: [{资金来源: 非财政拨款, 金额: 5}]", {"应相等"}),
    "结转推算": (
        FACTS, "年初结转和结余: []", f"年初结转和结余: [{{资金来源: {FUND}, 科目: 2080505, 金额: 5}}]",
        {"应相等", "收支平衡"},
    ),
    "科目汇总": (
        STATED, "  20805: {小计: 41.12, 基本支出: 41.12}",
        "  20805: {小计: 41.12, 基本支出: 41.12}\n  2080501: {基本支出: 5.30}\n  2080505: {基本支出: 38.81}",
        {"出表数"},
    ),
    "同一数据": (STATED, "  右.卫生健康支出: {金额: 972.73}", "  右.卫生健康支出: {金额: 973.73}", {"出表数"}),
    "基本支出构成": (FACTS, None, None, set()),
    "三公与经济分类": (FACTS, "    决算: 0.15", "    决算: 0.12", set()),
    "三公数量": (FACTS, "国内: {批次: 3, 人次: 20}", "国内: {批次: 0, 人次: 20}", set()),
    "接待人次": (FACTS, "国内: {批次: 3, 人次: 20}", "国内: {批次: 20, 人次: 3}", set()),
    "外宾接待": (FACTS, "外宾: {决算: 0, 批次: 0, 人次: 0}", "外宾: {决算: 0.30, 批次: 1, 人次: 3}", {"三公数量"}),
    "三公预算": (FACTS, "    全年预算: 0.70", "    全年预算: 0.10", set()),
    "政府采购": (FACTS, "支出: 19.81, 授予中小企业: 19.81, 授予小微企业: 19.81",
                 "支出: 19.81, 授予中小企业: 19.81, 授予小微企业: 19.91", set()),
    "车辆": (FACTS, "  公务用车运行维护费: {全年预算: 0, 决算: 0, 保有量: 0}",
             "  公务用车运行维护费: {全年预算: 0, 决算: 0, 保有量: 2}", set()),
    "购置车辆": (FACTS, "决算: 0, 购置数: 0}", "决算: 18, 购置数: 1}", {"三公预算"}),
    "机关运行经费": (FACTS, "机关运行经费: {口径: 公用经费}", "机关运行经费: {口径: 单列, 决算: 194.05}", set()),
    "超全年预算": (FACTS, "\n三公经费:", "\n全年预算: [{科目: 2080505, 金额: 30}]\n三公经费:", set()),
    "完成率": (FACTS, "{科目: 2210201, 金额: 40.23}", "{科目: 2210201, 金额: 4.02}", set()),
    "得分": (PROJECT, "37类, 分值: 5, 得分: 5}", "37类, 分值: 5, 得分: 6}", set()),
    "分值合计": (PROJECT, "37类, 分值: 5, 得分: 5}", "37类, 分值: 8, 得分: 5}", set()),
    "执行数": (PROJECT, "执行数: 73\n", "执行数: 75\n", set()),
    "表格日期": (PROJECT, "实际完成值: 37类", "实际完成值: 44531.0", set()),
    "指标重复": (PROJECT, "三级指标: 业务办理时限", "三级指标: 医保费用报销及时性", set()),
    "未用": (NOTES, "  一般公共预算支出.2080501:", "  一般公共预算支岀.2080501:", set()),
    "模板残留": (DUTIES, DUTY, "1. 示例：按照全市医疗保障工作规划", set()),
    "重复字词": (DUTIES, DUTY, "1. 按照全市的的医疗保障工作规划", set()),
    "年度": (DUTIES, DUTY, "1. 按照 2019 年度部门决算的要求", set()),
    "原因方向": (NOTES, "    较预算: 按政策追加了离退休人员的绩效工资部分", "    较预算: 离退休人员减少", set()),
}
"""Rule → the file, what stands there, what breaks it, and the rules that cannot but fail with it."""


def report_of(root: Path, unit: str = UNIT, year: int = YEAR) -> Report:
    return Builder(Workspace(root)).accounts(unit, year).report


def broken(report: Report) -> set[str]:
    return {result.rule for result in report.failures}


@pytest.fixture
def copy(tmp_path: Path) -> WorkspaceCopy:
    return WorkspaceCopy.make(tmp_path)


def test_every_rule_ends_in_an_outcome_and_none_fails_on_a_clean_unit(copy: WorkspaceCopy) -> None:
    report = report_of(copy.root)
    assert broken(report) == set()
    assert all(report.of(rule.id) for rule in RULES)
    assert sum(report.counts().values()) == len(report.results)
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", [name for name, case in BROKEN.items() if case[1] is not None])
def test_one_change_breaks_a_rule(copy: WorkspaceCopy, rule: str) -> None:
    file, old, new, others = BROKEN[rule]
    if file == STATED and copy.path(file).read_text(encoding="utf-8").count(old) != 1:
        text = copy.path(file).read_text(encoding="utf-8")
        copy.write(file, text.replace(old, new, 1))
    else:
        copy.edit(file, old, new)
    report = report_of(copy.root)
    assert rule in broken(report)
    if others is not None:
        assert broken(report) - {rule} <= others
        assert len([g for g in report.groups() if rule in {r.rule for r in g.results}]) == 1


def test_divided_basic_expenditure_disagrees_with_economic_subjects(copy: WorkspaceCopy) -> None:
    text = copy.path(FACTS).read_text(encoding="utf-8")
    # all of the basic expenditure is personnel: 813.90 against 619.94, and 公用经费 0 against 193.96
    head, _, rest = text.partition("\n支出:\n")
    spent, after = rest.split("\n\n", 1)
    copy.write(FACTS, f"{head}\n支出:\n{spent.replace('一般公共预算, 基本支出', '一般公共预算, 人员经费')}\n\n{after}")
    assert broken(report_of(copy.root)) == {"基本支出构成"}


def test_last_years_figure_against_last_years_folder(copy: WorkspaceCopy) -> None:
    before = copy.year.parent / str(YEAR - 1) / FACTS
    before.parent.mkdir()
    before.write_text("金额单位: 万元\n收入: []\n支出:\n  - {科目: 2080505, 基本支出: 900}\n", encoding="utf-8")
    failed = [result for result in report_of(copy.root).of("上年一致") if result.outcome is Outcome.FAILS]
    spent = next(result for result in failed if "「支出.合计」" in result.message)
    assert (spent.stated, spent.expected, spent.difference) == (9279300, 9000000, 279300)


def test_another_units_name(copy: WorkspaceCopy) -> None:
    other = copy.root / "content" / "清溪市医疗保障中心"
    other.mkdir()
    copy.edit(DUTIES, DUTY, "1. 清溪市医疗保障中心按照全市医疗保障工作规划")
    report = report_of(copy.root)
    assert broken(report) == {"单位名称"}
    assert str(report.failures[0].source).endswith("职责.md:1:4")


def test_a_partly_stated_relation_cannot_be_decided(copy: WorkspaceCopy) -> None:
    undecided = [r for r in report_of(copy.root).of("科目汇总") if r.outcome is Outcome.UNDECIDED]
    assert undecided
    assert all("没有给全" in result.message for result in undecided)


def test_rounding_differences_are_no_failures(copy: WorkspaceCopy) -> None:
    copy.edit(STATED, "合计.公用经费合计: {决算数: 193.97}", "合计.公用经费合计: {决算数: 193.98}")
    assert broken(report_of(copy.root)) == set()


@pytest.mark.parametrize("unit", Workspace(ROOT).units())
def test_the_units_of_the_workspace_have_no_errors(unit: str) -> None:
    workspace = Workspace(ROOT)
    accounts = Builder(workspace).accounts(unit, workspace.years(unit)[-1])
    assert errors(accounts.findings) == []
    assert Level.ERROR not in {result.severity for result in accounts.report.failures}
