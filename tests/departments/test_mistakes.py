"""What can be wrong with a department and its eliminations: each is told at its place, and nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from small_department import DEPARTMENT, ELIMINATED, FACTS, HALL, OWN, STATION, YEAR

if TYPE_CHECKING:
    from small_department import SmallDepartment
    from workspaces import CommandLine

ROLLUP = ("rollup", DEPARTMENT, str(YEAR), "--yes")
HALL_CARD, CARD = f"{HALL}/单位.yaml", f"{DEPARTMENT}/单位.yaml"

RELATIONS = [
    (
        (HALL_CARD, f"部门: {DEPARTMENT}", "部门: 清溪市文化厅"),
        f"content/{HALL_CARD}:3:5: 错误：content/ 里没有部门「清溪市文化厅」；是不是「{DEPARTMENT}」？",
    ),
    (
        (HALL_CARD, f"部门: {DEPARTMENT}", f"部门: {HALL}"),
        f"content/{HALL_CARD}:3:5: 错误：「部门」绕了一圈又回到自己：{HALL} → {HALL}",
    ),
    (
        (CARD, "类型: 部门", f"部门: {STATION}\n类型: 部门"),
        f"content/{CARD}:3:5: 错误：「部门」绕了一圈又回到自己：{DEPARTMENT} → {STATION} → {DEPARTMENT}",
    ),
    (
        (CARD, "类型: 部门", "类型: 单位"),
        f"content/{HALL_CARD}:3:5: 错误：「{DEPARTMENT}」的「类型」是单位，不能汇总别的单位",
    ),
]


@pytest.mark.parametrize(("edit", "message"), RELATIONS, ids=["unknown", "itself", "circle", "single unit"])
def test_a_department_that_cannot_be_one(
    department: SmallDepartment, juesuan: CommandLine, edit: tuple[str, str, str], message: str
) -> None:
    department.edit(*edit)
    assert message in juesuan("list").err
    unit = edit[0].partition("/")[0] if edit[0] != CARD or "部门: " in edit[2] else HALL
    if unit != DEPARTMENT:
        reported = message.replace("错误：", "错误：[资料文件] ")
        assert reported in juesuan("check", unit, "--year", str(YEAR)).out
    if edit[0] == CARD:
        run = juesuan(*ROLLUP)
        assert run.status == 1
        assert message in run.err
        assert not department.path(FACTS).exists()
        assert message in juesuan("check", DEPARTMENT, "--with-units", "--year", str(YEAR)).err


def test_a_department_without_units_and_one_without_its_own_accounts(
    department: SmallDepartment, juesuan: CommandLine
) -> None:
    department.edit(f"{OWN}/单位.yaml", f"部门: {DEPARTMENT}\n", "")
    run = juesuan(*ROLLUP)
    assert f"提示：所属单位里没有「{OWN}」" in run.err
    for unit in (HALL, STATION):
        department.edit(f"{unit}/单位.yaml", f"部门: {DEPARTMENT}\n", "")
    run = juesuan(*ROLLUP)
    assert run.status == 1
    assert f"没有单位汇入这个部门；请在各单位的 单位.yaml 里写「部门: {DEPARTMENT}」" in run.err


ELIMINATIONS = [
    (
        "上级补助收入: 20}", "上级补助收入: 19}",
        ":3:9: 错误：抵消「补助甲馆」两边不相等：支出 20 万元，收入 19 万元，相差 +1 万元",
    ),
    (f"单位: {HALL}", f"单位: {OWN}", f":3:9: 错误：抵消「补助甲馆」两边都是「{OWN}」"),
    (
        f"单位: {HALL}", "单位: 清溪市丙馆",
        f":7:14: 错误：「清溪市丙馆」不是这个部门的单位；现有：{OWN}、{STATION}、{HALL}",
    ),
    (
        "科目: 2070104, 上级补助收入", "科目: 2070105, 上级补助收入",
        f"「{HALL}」的收入 2070105 上级补助收入 只有 0.00 万元，抵消了 20.00 万元",
    ),
    ("科目: 2070104, 上级补助收入", "科目: 2070194, 上级补助收入", "2070194 不在 2022 年度的功能分类科目表里"),
    (
        "资金来源: 非财政拨款, 对附属单位补助支出: 20", "基本支出: 20",
        "抵消一般公共预算的基本支出时，还要写「经济分类」",
    ),
    ("上级补助收入: 20}", "上级补助收入: 二十}", ":7:42: 错误：「上级补助收入」的金额写作「二十」"),
    ("  - 说明: 补助甲馆\n    支出", "  - 支出", "缺少「说明」"),
]


@pytest.mark.parametrize(("old", "new", "message"), ELIMINATIONS, ids=[
    "sides", "one unit", "stranger", "not received", "subject", "economic", "amount", "no reason",
])
def test_an_elimination_that_cannot_be_one(
    department: SmallDepartment, juesuan: CommandLine, old: str, new: str, message: str
) -> None:
    department.edit(ELIMINATED, old, new)
    run = juesuan(*ROLLUP)
    assert run.status == 1
    assert message in run.err
    assert f"content/{ELIMINATED}:" in run.err
    assert not department.path(FACTS).exists()


def test_more_than_a_unit_paid_over_several_eliminations(department: SmallDepartment, juesuan: CommandLine) -> None:
    text = department.read(ELIMINATED)
    first = text[text.index("  - 说明: 补助甲馆"):text.index("  - 说明: 乙站")]
    department.write(ELIMINATED, text + first)
    run = juesuan(*ROLLUP)
    assert f"「{OWN}」的支出 2070199 非财政拨款 对附属单位补助支出 只有 20.00 万元，抵消了 40.00 万元" in run.err


def test_a_single_unit_has_no_eliminations(department: SmallDepartment, juesuan: CommandLine) -> None:
    department.write(f"{HALL}/{YEAR}/抵消.yaml", department.read(ELIMINATED))
    assert "只有部门才有抵消，单位.yaml 的「类型」是单位" in juesuan("build", HALL, "--draft").err
