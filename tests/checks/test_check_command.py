"""``juesuan check``: failures by cause, both values, the counts, and the same as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from workspaces import UNIT, YEAR, CommandLine, WorkspaceCopy

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
    assert second.startswith("   同一原因：")
    assert "[同一个数在两张表里一致]" in second


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
    assert finding == {
        "unit": UNIT, "year": YEAR, "rule": "政府采购", "severity": "错误", "table": None, "row": None, "column": None,
        "stated": "20.01", "expected": "19.81", "difference": "0.2", "amount_unit": "万元",
    }


def test_a_failed_cell_is_named_in_json(copy: WorkspaceCopy, juesuan: CommandLine) -> None:
    copy.edit("公开表.yaml", "合计.公用经费合计: {决算数: 193.97}", "合计.公用经费合计: {决算数: 203.97}")
    findings = json.loads(juesuan("check", "--format", "json").out)
    assert ("公开06", "合计.公用经费合计", "决算数", "203.97", "193.96", "10.01") in {
        tuple(f[key] for key in ("table", "row", "column", "stated", "expected", "difference")) for f in findings
    }


def test_files_that_cannot_be_read_are_findings_too(copy: WorkspaceCopy, juesuan: CommandLine) -> None:
    copy.edit("决算.yaml", "  30201: 4.13\n", "  30201: 4．13\n")
    assert juesuan("check").status == 1
    finding, = json.loads(juesuan("check", "--format", "json").out)
    assert (finding["rule"], finding["severity"]) == ("输入", "错误")
