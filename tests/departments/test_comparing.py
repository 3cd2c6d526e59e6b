"""A department's own figures against its units': which are wrong, by how much, and which unit explains it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from small_department import DEPARTMENT, ELIMINATED, FACTS, HALL_FACTS, OWN_FACTS, STATION, STATION_FACTS, YEAR

if TYPE_CHECKING:
    from small_department import SmallDepartment
    from workspaces import CommandLine

ROLLUP = ("rollup", DEPARTMENT, str(YEAR))
COMPARE = (*ROLLUP, "--compare")


@pytest.fixture
def rolled(department: SmallDepartment, juesuan: CommandLine) -> SmallDepartment:
    assert juesuan(*ROLLUP, "--yes").status == 0
    return department


def problems(juesuan: CommandLine) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(juesuan(*COMPARE, "--format", "json").out)
    return found


def test_what_was_rolled_up_agrees(rolled: SmallDepartment, juesuan: CommandLine) -> None:
    del rolled
    run = juesuan(*COMPARE)
    assert run.status == 0
    assert "不成立 0 " in run.out


def test_a_unit_that_was_left_out_is_named(rolled: SmallDepartment, juesuan: CommandLine) -> None:
    rolled.edit(FACTS, "一般公共预算财政拨款: 625956.78", "一般公共预算财政拨款: 123456.78")
    run = juesuan(*COMPARE)
    assert run.status == 1
    cell = next(each for each in problems(juesuan) if (each["table"], each["row"]) == ("公开02", "2070104"))
    assert (cell["stated"], cell["expected"], cell["difference"]) == ("15.345678", "65.595678", "-50.25")
    grant = [each for each in problems(juesuan) if each["column"] == "财政拨款收入" and each["row"] == "2070104"]
    assert grant[0]["difference"] == "-50.25"
    assert "差额正好是甲馆的数：像是漏了没有汇总" in grant[0]["message"]
    assert "（本级" not in grant[0]["message"]
    assert f"content/{HALL_FACTS}" in grant[0]["suspects"]
    # one line is wrong, so there is one cause
    assert {each["cause"] for each in problems(juesuan)} == {1}


def test_a_unit_that_was_added_twice_is_named(rolled: SmallDepartment, juesuan: CommandLine) -> None:
    rolled.edit(FACTS, "{全年预算: 15000.00, 决算: 9000.00", "{全年预算: 15000.00, 决算: 10000.00")
    rolled.edit(FACTS, "在职: {在职人员: 33}", "在职: {在职人员: 37}")
    said = juesuan(*COMPARE).out
    assert "三公经费/公务接待费/决算：部门 1.00 万元，所属单位之和 0.90 万元，相差 +0.10 万元" in said
    assert "差额正好是甲馆的数：像是算了两遍" in said
    assert "人员/在职/在职人员：部门 37，所属单位之和 33，相差 +4（本级 20 + 乙站 4 + 甲馆 9）；" in said
    assert "差额正好是乙站的数" in said


def test_eliminations_that_were_taken_off_before_or_not_at_all(rolled: SmallDepartment, juesuan: CommandLine) -> None:
    rolled.edit(FACTS, "附属单位上缴收入: 30000.00, ", "")
    assert "差额正好是抵消的数：像是已经减过，又减了一遍" in juesuan(*COMPARE).out
    assert juesuan(*ROLLUP, "--yes").status == 0
    rolled.write(FACTS.replace("决算", "公开表"), "公开02:\n  合计: {上级补助收入: 20.00}\n")
    said = juesuan(*COMPARE).out
    assert "公开02/合计/上级补助收入：部门的出表数 20.00 万元，所属单位之和 0.00 万元，相差 +20.00 万元" in said
    assert "差额正好是抵消的数：像是没有减去" in said


def test_printed_sums_of_wan_are_no_mistake_and_one_cent_more_is(rolled: SmallDepartment, juesuan: CommandLine) -> None:
    stated = FACTS.replace("决算", "公开表")
    # 50.25 + 12.345678 = 62.595678: printed 62.60; 50.25 + 12.35 = 62.60; two items allow 0.015
    for value, good in (("62.60", True), ("62.61", True), ("62.58", False)):
        rolled.write(stated, f"公开02:\n  2070104: {{财政拨款收入: {value}}}\n")
        assert (juesuan(*COMPARE).status == 0) is good, value


def test_check_compares_and_says_what_is_wrong_with_a_unit(rolled: SmallDepartment, juesuan: CommandLine) -> None:
    rolled.edit(OWN_FACTS, "一般公共预算财政拨款: 100}", "一般公共预算财政拨款: 101}")
    run = juesuan("check", DEPARTMENT)
    assert run.status == 1
    assert "错误：[部门的数是所属单位之和] 公开01/左.一般公共预算财政拨款收入/金额：部门 162.60 万元" in run.out
    rolled.edit(STATION_FACTS, "基本支出: 123456.78}", "基本支出: 一}")
    run = juesuan("check", DEPARTMENT)
    assert f"content/{STATION_FACTS}:5:" in run.out
    assert "部门的数没有与各单位之和核对" in run.out


def test_with_units_takes_the_department_and_its_units(rolled: SmallDepartment, juesuan: CommandLine) -> None:
    out = juesuan("check", DEPARTMENT, "--with-units").out
    checked = [line.removesuffix(f" {YEAR} 年度") for line in out.splitlines() if line.endswith(f" {YEAR} 年度")]
    assert checked == [DEPARTMENT, f"{DEPARTMENT}（本级）", STATION, "清溪市甲馆"]
    run = juesuan("build", DEPARTMENT, "--with-units", "--draft")
    assert run.status == 0
    made = {path.parent.name for path in (rolled.root / "output" / str(YEAR)).rglob("*.docx")}
    assert made == set(checked)


def test_nothing_to_compare(department: SmallDepartment, juesuan: CommandLine) -> None:
    department.remove(ELIMINATED)
    department.path(FACTS).parent.rmdir()
    run = juesuan(*COMPARE)
    assert run.status == 1
    assert "部门还没有这个年度的资料" in run.out
