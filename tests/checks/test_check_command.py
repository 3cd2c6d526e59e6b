"""``juesuan check``: failures by cause, both values, the counts, and the same as JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from workspaces import ROOT, UNIT, YEAR, CommandLine, WorkspaceCopy

from builder.building import Builder
from builder.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def copy(tmp_path: Path) -> WorkspaceCopy:
    return WorkspaceCopy.make(tmp_path)


@pytest.fixture
def juesuan(copy: WorkspaceCopy, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(copy.root, capsys)


def test_a_clean_unit(juesuan: CommandLine) -> None:
    run = juesuan("check")
    assert run.status == 0
    assert run.out.startswith(f"{UNIT} {YEAR} 年度\n成立 ")
    assert "不成立 0 " in run.out


def test_warnings_of_one_cause_stand_together(copy: WorkspaceCopy, juesuan: CommandLine) -> None:
    copy.edit("公开表.yaml", "  右.卫生健康支出: {金额: 972.73}", "  右.卫生健康支出: {金额: 973.73}")
    run = juesuan("check", UNIT, "--year", str(YEAR))
    assert run.status == 0
    first, second = (line for line in run.out.splitlines() if "警告：" in line)
    place = f"1. content/{UNIT}/{YEAR}/公开表.yaml:8:18: 警告："
    assert first.startswith(f"{place}[出表数与事实一致] 公开01/右.卫生健康支出/金额")
    assert "出表数 973.73 万元，按事实计算为 972.74 万元，相差 +0.99 万元" in first
    assert second.startswith("   1-1 警告：[同一个数在两张表里一致]")
    # 972.73 is stated in 公开03, so that 公开01 must be wrong, which both name
    assert "出表数 972.73 万元，与 公开01/右.卫生健康支出/金额 是同一个数，应为 973.73 万元，相差 -1.00 万元" in second
    look = run.out.partition("先看这里（上面每一处都用到）：\n")[2]
    assert look.startswith("     公开表.yaml:8:18  出表数 公开01/右.卫生健康支出/金额 973.73 万元\n成立")


def test_a_build_says_one_message_a_cause(copy: WorkspaceCopy) -> None:
    copy.edit("公开表.yaml", "  右.卫生健康支出: {金额: 972.73}", "  右.卫生健康支出: {金额: 973.73}")
    assert len(Builder(Workspace(copy.root)).accounts(UNIT, YEAR).findings) == 1


def test_errors_fail_and_json_gives_every_value(copy: WorkspaceCopy, juesuan: CommandLine) -> None:
    copy.edit(
        "决算.yaml", "支出: 19.81, 授予中小企业: 19.81, 授予小微企业: 19.81",
        "支出: 19.81, 授予中小企业: 19.81, 授予小微企业: 20.01",
    )
    run = juesuan("check", "--format", "json")
    assert run.status == 1
    finding, = json.loads(run.out)
    assert finding.pop("message").startswith("政府采购货物：授予小微企业 20.01 万元，大于授予中小企业 19.81 万元")
    assert finding.pop("source").startswith(f"content/{UNIT}/{YEAR}/决算.yaml:")
    assert len(finding.pop("suspects")) == 2
    assert finding.pop("title")
    assert finding == {
        "unit": UNIT, "year": YEAR, "cause": 1, "rule": "政府采购", "severity": "错误",
        "table": None, "row": None, "column": None,
        "stated": "20.01", "expected": "19.81", "difference": "0.2", "amount_unit": "万元",
    }


def test_a_failed_cell_is_named_in_json(copy: WorkspaceCopy, juesuan: CommandLine) -> None:
    copy.edit("公开表.yaml", "合计.公用经费合计: {决算数: 193.97}", "合计.公用经费合计: {决算数: 203.97}")
    findings = json.loads(juesuan("check", "--format", "json").out)
    assert ("公开06", "合计.公用经费合计", "决算数", "203.97", "193.96", "10.01") in {
        tuple(f[key] for key in ("table", "row", "column", "stated", "expected", "difference")) for f in findings
    }


def test_the_names_in_json_are_the_documented_ones(copy: WorkspaceCopy, juesuan: CommandLine) -> None:
    copy.edit("公开表.yaml", "合计.公用经费合计: {决算数: 193.97}", "合计.公用经费合计: {决算数: 203.97}")
    finding = json.loads(juesuan("check", "--format", "json").out)[0]
    guide = (ROOT / "docs" / "资料填写说明.md").read_text(encoding="utf-8")
    table = guide.partition("json 的每一项：")[2].partition("\n## ")[0]
    documented = {name for line in table.splitlines() for name in re.findall("`([a-z_]+)`", line.partition(" | ")[0])}
    assert set(finding) == documented


def test_a_reason_that_the_form_prints_and_nobody_wrote(copy: WorkspaceCopy, juesuan: CommandLine) -> None:
    copy.edit(
        "说明.yaml", "  一般公共预算支出.2080501:\n    较预算: 按政策追加了离退休人员的绩效工资部分\n",
        "",
    )
    found = {f["rule"]: f for f in json.loads(juesuan("check", "--format", "json").out)}
    assert found["原因缺失"]["severity"] == "提示"
    # 5.30 against 年初预算 1.78, which is 298 % of it and so asks for a reason too
    assert found["原因缺失"]["message"].startswith("「一般公共预算支出.2080501」较预算增加 3.52 万元，没有写原因；")
    assert found.keys() == {"原因缺失", "完成率"}


def test_files_that_cannot_be_read_are_findings_too(copy: WorkspaceCopy, juesuan: CommandLine) -> None:
    copy.edit("决算.yaml", "  30201: 4.13\n", "  30201: 4．13\n")
    assert juesuan("check").status == 1
    finding, = json.loads(juesuan("check", "--format", "json").out)
    assert (finding["rule"], finding["severity"]) == ("输入", "错误")


@pytest.mark.parametrize(
    ("wrong", "place", "question"),
    [
        # 41.30 - 4.13 = 37.17, less the 0.01 that the printed total has more than its items
        ("41.30", "30201 一般公共预算 基本支出 公用经费 41.30 万元", "小数点错了一位，应为 4.13"),
        ("1.43", "30201 一般公共预算 基本支出 公用经费 1.43 万元", "两位数字颠倒了，应为 4.13"),
        ("4.13\n  30213: 7.31", "30213 一般公共预算 基本支出 公用经费 7.31 万元", "漏了或重复了"),
        ("41300.00", "30201 一般公共预算 基本支出 公用经费 41,300.00 万元", "金额单位错了，应为 4.13"),
    ],
)
def test_what_explains_the_difference_stands_first(
    copy: WorkspaceCopy, juesuan: CommandLine, wrong: str, place: str, question: str
) -> None:
    copy.edit("决算.yaml", "  30201: 4.13\n", f"  30201: {wrong}\n")
    look = juesuan("check").out.partition("先看这里（上面每一处都用到）：\n")[2].splitlines()
    assert look[0].startswith("     决算.yaml:")
    assert look[0].endswith(f"  经济分类 {place}（与差额相符：是不是{question}？）")


@pytest.mark.parametrize(("name", "begins"), [("报告.txt", UNIT), ("报告.json", "["), ("报告.html", "<!DOCTYPE html>")])
def test_the_file_s_name_says_the_format(juesuan: CommandLine, tmp_path: Path, name: str, begins: str) -> None:
    run = juesuan("check", "--output", str(tmp_path / "新的" / name))
    assert (run.status, run.out) == (0, f"核对报告已写到 新的/{name}\n")
    assert (tmp_path / "新的" / name).read_text(encoding="utf-8").startswith(begins)


def test_a_report_that_cannot_be_written_leaves_the_old_one(juesuan: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("", encoding="utf-8")
    run = juesuan("check", "--output", str(tmp_path / "文件" / "报告.html"))
    assert run.status == 1
    assert "是一个文件，不是文件夹" in run.err
