"""What a print says beside its figures: one wrong word, blank or missing row of the clean unit breaks one rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clean_unit import STATED, YEAR, CleanUnit
from workspaces import ROOT

from builder.checks.results import Outcome, Result
from builder.loading.subjects import load_subjects

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFT = """\
  左.一般公共预算财政拨款收入: {金额: 450}
  左.政府性基金预算财政拨款收入: {金额: 40}
  左.国有资本经营预算财政拨款收入: {金额: 10}
  左.上级补助收入: {金额: 空白}
  左.事业收入: {金额: 20}
  左.经营收入: {金额: 8}
  左.附属单位上缴收入: {金额: 0}
  左.其他收入: {金额: 0}
"""
"""The revenue side of 公开01 in full, with one row blank because it is zero."""


@pytest.fixture
def unit(clean: CleanUnit) -> Iterator[CleanUnit]:
    clean.edit(STATED, "公开01:\n", f"公开01:\n{LEFT}")
    yield clean
    clean.restore()


def failures(unit: CleanUnit, old: str, new: str) -> list[Result]:
    before = unit.accounts().report
    assert before.failures == ()
    unit.edit(STATED, old, new)
    return list(unit.accounts().report.failures)


@pytest.mark.parametrize(
    ("rule", "old", "new", "place", "says"),
    [
        ("表号标题", "公开05:\n", "公开05:\n  表号: 公开03表\n", "公开05/表头/表号",
         "印作「公开03表」，应为「公开05表」，与 公开03 重复"),
        ("表号标题", "公开01:\n", "公开01:\n  标题: 收支决算总表\n", "公开01/表头/标题",
         "印作「收支决算总表」，应为「收入支出决算总表」"),
        ("表号标题", "公开05:\n", "公开05:\n  编制单位: 空白\n", "公开05/表头/编制单位",
         "没有印编制单位，应为「云溪市医疗保障局」"),
        ("表号标题", "公开05:\n", "公开05:\n  编制单位: 清溪市水利局\n", "公开05/表头/编制单位",
         "编制单位印作「清溪市水利局」，应为「云溪市医疗保障局」"),
        ("项目名称", "左.其他收入: {金额", "左.其他收入: {标签: 八、附属单位上缴收入, 金额",
         "公开01/左.其他收入/项目",
         "印作「八、附属单位上缴收入」，应为「八、其他收入」，与 左.附属单位上缴收入 重复"),
        ("项目名称", "左.总计: {金额", "左.总计: {标签: 空白, 金额", "公开01/左.总计/项目",
         "没有印项目名称，应为「总计」"),
        ("项目名称", "  208: {小计", "  208: {标签: 社会保障和就业, 小计", "公开05/208/项目",
         "印作「社会保障和就业」，应为「社会保障和就业支出」"),
        ("代码位数", "  208: {小计: 30}", "  208: {小计: 30}\n  208050: {标签: 行政单位离退休, 小计: 0}",
         "公开05/208050/科目代码", "有 6 位，应为 3、5、7 位；「行政单位离退休」的代码是 2080501"),
        ("空白", "左.总计: {金额: 534}", "左.总计: {金额: 空白}", "公开01/左.总计/金额",
         "空着没有印数，应为 534.00 万元"),
        ("缺行", "  左.经营收入: {金额: 8}\n", "", "公开01/左.经营收入/项目", "没有印「六、经营收入」这一行"),
        ("缺行", "  208: {小计: 30}\n  210: {小计: 103}\n",
         "  208: {小计: 30}\n  20805: {小计: 30}\n  210: {小计: 103}\n", "公开05/201/科目代码",
         "201 有 320.00 万元，下面没有列款级科目"),
    ],
)
def test_one_wrong_word_breaks_one_rule(  # noqa: PLR0917 - a case and its fixture
    unit: CleanUnit, rule: str, old: str, new: str, place: str, says: str
) -> None:
    found = failures(unit, old, new)
    assert {result.rule for result in found} == {rule}
    assert str(found[0].place) == place
    assert says in found[0].message
    assert found[0].outcome is Outcome.FAILS


def test_a_blank_total_is_told_once_with_both_values(unit: CleanUnit) -> None:
    blank, = failures(unit, "合计: {小计: 453}", "合计: {小计: 空白}")
    assert (blank.rule, blank.stated, blank.expected) == ("空白", 0, 4530000)
    assert blank.source
    assert blank.source.path.endswith("公开表.yaml")


def test_a_blank_is_zero_where_nothing_is_missing(unit: CleanUnit) -> None:
    held = [result for result in unit.accounts().report.of("空白") if result.outcome is Outcome.HOLDS]
    assert held


def test_rows_stated_here_and_there_are_no_missing_rows(unit: CleanUnit) -> None:
    unit.edit(STATED, LEFT, "")
    assert unit.accounts().report.failures == ()


def test_a_print_that_contradicts_itself_is_told_once_at_its_own_place(unit: CleanUnit) -> None:
    """公开06: 302 is printed 69 above items that make 70; facts taken from the items do not say which is right."""
    items = {"30201": 40, "30217": 1, "30231": 9, "30239": 20}
    rows = "".join(f"  {code}: {{决算数: {amount}}}\n" for code, amount in items.items())
    listed = load_subjects(ROOT, YEAR)[0].economic_under("302")
    rest = "".join(f"  {code}: {{决算数: 0}}\n" for code in listed if code not in {"302", *items})
    table = f"公开06:\n  合计.公用经费合计: {{决算数: 69}}\n  302: {{决算数: 69}}\n{rows}{rest}"
    unit.edit(STATED, "公开05:\n", f"{table}公开05:\n")
    only, = unit.accounts().report.failures
    assert (only.rule, str(only.place), only.stated, only.expected) == ("科目汇总", "公开06/302/决算数", 690000, 700000)
