"""A bureau's own rules in checks.yaml: formulas, severities, and what is wrong in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from workspaces import UNIT, YEAR, WorkspaceCopy

from builder.accounts.formulas import FormulaError
from builder.building import Builder
from builder.checks.own import parse_comparison
from builder.checks.results import Outcome
from builder.findings import InputError, Level
from builder.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from builder.accounting import Accounts

CHECKS = "templates/湖北/checks.yaml"
RULE = """\
规则:
  - 编号: 本省1
    标题: 公用经费占比
    说明: 公用经费不超过基本支出的三成
    级别: 错误
    公式: 公用经费.合计 ≤ 基本支出.合计 × {share}
"""


@pytest.fixture
def copy(tmp_path: Path) -> WorkspaceCopy:
    return WorkspaceCopy.make(tmp_path)


def accounts(copy: WorkspaceCopy) -> Accounts:
    return Builder(Workspace(copy.root)).accounts(UNIT, YEAR)


def mistakes(copy: WorkspaceCopy) -> list[str]:
    with pytest.raises(InputError) as raised:
        accounts(copy)
    return [str(finding) for finding in raised.value.findings]


def test_a_rule_that_holds(copy: WorkspaceCopy) -> None:
    copy.write(CHECKS, RULE.format(share="0.3"))  # 193.97 ≤ 813.91 × 0.3 = 244.173
    found = accounts(copy)
    assert [result.outcome for result in found.report.of("本省1")] == [Outcome.HOLDS]
    assert CHECKS in found.style.inputs


def test_a_rule_that_fails_is_an_error_and_stops_a_build(copy: WorkspaceCopy) -> None:
    copy.write(CHECKS, RULE.format(share="0.2"))  # 813.91 × 0.2 = 162.78
    failed, = accounts(copy).report.of("本省1")
    assert (failed.outcome, failed.severity) == (Outcome.FAILS, Level.ERROR)
    assert (failed.stated, failed.expected) == (1939700, 1627820)
    assert "左边 193.97 万元，右边 162.78 万元，相差 +31.19 万元" in failed.message
    builder = Builder(Workspace(copy.root))
    with pytest.raises(InputError) as raised:
        builder.build(UNIT, YEAR)
    assert raised.value.findings[-1].message.endswith(f"逐条查看：juesuan check {UNIT} --year {YEAR}")
    assert builder.build(UNIT, YEAR, draft=True).rendered.docx


def test_rounding_differences_are_equal_in_a_rule(copy: WorkspaceCopy) -> None:
    rule = RULE.format(share="1").replace("≤", "=").replace("公用经费.合计", "收支.总计")
    copy.write(CHECKS, rule.replace("基本支出.合计 × 1", "收支.支出总计 + 三公.因公出国境费"))
    assert [result.outcome for result in accounts(copy).report.of("本省1")] == [Outcome.HOLDS]


def test_severities_of_the_programs_rules(copy: WorkspaceCopy) -> None:
    copy.write(CHECKS, "级别: {接待人次: 提示}\n")
    copy.edit("决算.yaml", "国内: {批次: 3, 人次: 20}", "国内: {批次: 20, 人次: 3}")
    assert [finding.level for finding in accounts(copy).findings] == [Level.NOTE]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (RULE.format(share="0.3").replace("公用经费.合计", "公用经费.合记"), "6:9", "没有这个指标"),
        (RULE.format(share="0.3").replace("≤", ""), "6:9", "缺少运算符号|中间写一个"),
        (RULE.format(share="0.3").replace("本省1", "行合计"), "6:9", "规则编号「行合计」已经有了"),
        ("级别: {接代人次: 提示}\n", "1:12", "没有编号「接代人次」的规则"),
    ],
)
def test_mistakes_in_the_file(copy: WorkspaceCopy, text: str, place: str, message: str) -> None:
    copy.write(CHECKS, text)
    found = mistakes(copy)
    assert len(found) == 1
    assert found[0].startswith(f"{CHECKS}:{place}: 错误：")
    assert any(words in found[0] for words in message.split("|"))


@pytest.mark.parametrize("text", ["a = b = c", "a", "= b", "a ≤", "__import__('os') = 1 +"])
def test_what_is_no_comparison(text: str) -> None:
    with pytest.raises(FormulaError):
        parse_comparison(text)
