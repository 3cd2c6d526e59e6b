"""``juesuan rollup``: sums added up by hand, eliminations apart, remarks, and what it leaves alone."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import yaml
from small_department import DEPARTMENT, ELIMINATED, FACTS, HALL, HALL_FACTS, OWN_FACTS, STATION_FACTS, YEAR

from builder.building import Builder
from builder.workspace import Workspace

if TYPE_CHECKING:
    from small_department import SmallDepartment
    from workspaces import CommandLine

ROLLUP = ("rollup", DEPARTMENT, str(YEAR))


def figure(department: SmallDepartment, name: str) -> Decimal:
    return Builder(Workspace(department.root)).accounts(DEPARTMENT, YEAR).indicators.get(name).value


def test_the_departments_figures_are_the_sums_less_what_its_units_paid_each_other(
    department: SmallDepartment, juesuan: CommandLine
) -> None:
    assert juesuan(*ROLLUP, "--yes").status == 0
    expected = {
        "收入.合计": "1955956.78",  # 1,330,000 + 702,500 + 153,456.78 − 230,000
        "支出.合计": "1955956.78",
        "收入.财政拨款收入": "1625956.78",  # 1,000,000 + 502,500 + 123,456.78
        "收入.上级补助收入": "0",
        "收入.附属单位上缴收入": "0",
        "收入.其他收入": "300000",
        "收入.事业收入": "30000",
        "支出.对附属单位补助支出": "0",
        "支出.上缴上级支出": "0",
        "支出.项目支出": "330000",  # 130,000 + 200,000
        "一般公共预算支出.2070104": "625956.78",
        "人员经费.合计": "1124956.78",  # 600,000 + 401,500 + 123,456.78
        "公用经费.合计": "501000",  # 400,000 + 101,000
        "机关运行经费.决算": "400000",  # that of 本级 alone
        "三公.公务接待费": "9000",
        "三公经费.公务接待费.国内.人次": "25",
        "国有资产.车辆合计": "3",
        "人员.在职.在职人员": "33",
    }
    assert {name: figure(department, name) for name in expected} == {n: Decimal(v) for n, v in expected.items()}


def test_the_file_holds_plain_sums_in_the_finest_unit_and_says_whose_they_are(
    department: SmallDepartment, juesuan: CommandLine
) -> None:
    juesuan(*ROLLUP, "--yes")
    text = department.read(FACTS)
    data = yaml.load(text, Loader=yaml.BaseLoader)
    assert data["金额单位"] == "元"
    grants = {"一般公共预算财政拨款": "625956.78", "上级补助收入": "200000.00", "事业收入": "30000.00"}
    assert {"科目": "2070104", **grants} in data["收入"]
    line = next(line for line in text.splitlines() if "30101:" in line)
    assert line == "  30101: 1124956.78 # 汇总：本级 600000 + 乙站 123456.78 + 甲馆 401500"
    assert "# 汇总：一般公共预算财政拨款 = 乙站 123456.78 + 甲馆 502500；" in text
    # 甲馆 divides its 基本支出 and 乙站 does not: the department's is whole; so is the budget
    spent = next(line for line in data["支出"] if line["科目"] == "2070104" and line["资金来源"] == "一般公共预算")
    assert spent == {"科目": "2070104", "资金来源": "一般公共预算", "基本支出": "625956.78"}
    assert {"科目": "2070104", "资金来源": "一般公共预算", "金额": "620000.00"} in data["年初预算"]
    assert data["机关运行经费"] == {"口径": "单列", "决算": "400000.00"}
    visits = {"全年预算": "15000.00", "决算": "9000.00", "国内": {"批次": "4", "人次": "25"}}
    assert data["三公经费"]["公务接待费"] == visits
    assert data["机构"]["内设机构"] == ["办公室", "财务科"]
    assert [unit["名称"] for unit in data["机构"]["决算单位"]] == [f"{DEPARTMENT}（本级）", "清溪市乙站", HALL]


def test_a_second_time_nothing_changes_and_one_figure_changes_one(
    department: SmallDepartment, juesuan: CommandLine
) -> None:
    juesuan(*ROLLUP, "--yes")
    before = department.read(FACTS)
    again = juesuan(*ROLLUP, "--yes")
    assert (again.status, department.read(FACTS)) == (0, before)
    assert "没有改动" in again.out
    department.edit(OWN_FACTS, "30217: 0.80, 30201: 39.20", "30217: 0.90, 30201: 39.10")
    run = juesuan(*ROLLUP, "--yes")
    assert "决算.yaml：2 处改动" in run.out
    assert "基本支出经济分类/30217：9000.00 → 10000.00" in run.out
    assert "  30217: 10000.00 # 汇总：本级 9000 + 甲馆 1000\n" in department.read(FACTS)


def test_what_somebody_wrote_stays(department: SmallDepartment, juesuan: CommandLine) -> None:
    department.write(FACTS, """\
# 部门的决算
金额单位: 万元

收入:   # 科目照财政批复
  - {科目: 2070104, 一般公共预算财政拨款: 1}   # 两个馆站
  - {科目: 2080505, 一般公共预算财政拨款: 7}
支出: []
会议费: {决算: 2.00}   # 部门统一列支
机构:
  内设机构: [一科]
""")
    run = juesuan(*ROLLUP, "--yes")
    text = department.read(FACTS)
    assert text.startswith("# 部门的决算\n金额单位: 万元\n")
    # in 万元, as printed: 50.25 + 12.345678
    assert "  - {科目: 2070104, 一般公共预算财政拨款: 62.60, 上级补助收入: 20.00, 事业收入: 3.00} # 两个馆站\n" in text
    assert "2080505" not in text
    assert "收入 2080505：删去" in run.out
    assert "会议费: {决算: 2.00}   # 部门统一列支\n" in text
    assert "内设机构: [一科]" in text
    (said,) = (line for line in juesuan("check", DEPARTMENT).out.splitlines() if "[部门的数是所属单位之和]" in line)
    assert "会议费/决算：部门 2.00 万元" in said  # and nothing of 尾差 between amounts in 万元


def test_nothing_is_written_unasked(department: SmallDepartment, juesuan: CommandLine) -> None:
    run = juesuan(*ROLLUP)
    assert run.status == 1
    assert "收入 2070104 一般公共预算财政拨款：新增 625956.78" in run.out
    assert "--yes" in run.err
    assert not department.path(FACTS).exists()


def test_explain_leads_to_the_units_and_to_the_elimination(
    department: SmallDepartment, juesuan: CommandLine
) -> None:
    juesuan(*ROLLUP, "--yes")
    out = juesuan("explain", DEPARTMENT, str(YEAR), "收入.上级补助收入").out
    assert f"      content/{HALL_FACTS}:3:46: 甲馆 20 万元\n" in out
    assert f"    content/{ELIMINATED}:7:" in out
    assert "上级补助收入 -20 万元" in out
    out = juesuan("explain", DEPARTMENT, str(YEAR), "三公经费.公务接待费.国内.批次").out
    assert f"content/{OWN_FACTS}:12:" in out
    assert f"content/{HALL_FACTS}:11:" in out
    out = juesuan("explain", DEPARTMENT, str(YEAR), "收入.财政拨款收入").out
    assert f"      content/{STATION_FACTS}:3:31: 乙站 12.345678 万元\n" in out


def test_a_budget_that_one_unit_does_not_give_has_no_sum(department: SmallDepartment, juesuan: CommandLine) -> None:
    department.edit(STATION_FACTS, "年初预算:\n  - {科目: 2070104, 金额: 120000}\n", "")
    department.edit(HALL_FACTS, "{全年预算: 0.50, 决算", "{决算")
    run = juesuan(*ROLLUP, "--yes")
    assert "乙站没有填「年初预算」，部门的没有汇总" in run.err
    assert "甲馆没有填「三公经费/公务接待费/全年预算」" in run.err
    assert "年初预算" not in department.read(FACTS)
    assert "全年预算" not in department.read(FACTS)


def test_a_unit_without_the_year_is_told_and_the_others_are_summed(
    department: SmallDepartment, juesuan: CommandLine
) -> None:
    juesuan(*ROLLUP, "--yes")
    department.write(f"{STATION_FACTS.partition('/')[0]}/2021/决算.yaml", "金额单位: 元\n收入: []\n支出: []\n")
    department.remove(f"{STATION_FACTS.rpartition('/')[0]}")
    told = "所属单位「清溪市乙站」没有 2022 年度的资料"
    assert "「清溪市乙站」这个年度没有资料，不能抵消" in juesuan("check", DEPARTMENT, "--year", str(YEAR)).out
    department.write(ELIMINATED, department.read(ELIMINATED).partition("  - 说明: 乙站")[0])
    out = juesuan("check", DEPARTMENT, "--year", str(YEAR)).out
    assert told in out
    assert "无法判断：[部门的数是所属单位之和] 1 处，如 所属单位 清溪市乙站 没有这个年度的资料，不能断定" in out
    assert "错误 0" in out
    run = juesuan(*ROLLUP, "--yes")
    assert told in run.err
    assert figure(department, "收入.财政拨款收入") == Decimal(1502500)


def test_last_years_figures_are_summed_where_they_may_be(department: SmallDepartment, juesuan: CommandLine) -> None:
    for unit, spent in ((OWN_FACTS, "90"), (HALL_FACTS, "45.50"), (STATION_FACTS, "11")):
        department.write(unit.replace("决算", "上年"), f"""\
金额单位: 万元
指标:
  收入.合计: {{上年: 100}}
  一般公共预算支出.合计: {{上年: {spent}}}
""")
    name = FACTS.replace("决算", "上年")
    department.write(name, "金额单位: 万元\n指标:\n  收入.合计: {上年: 280}   # 照上年印本\n")
    run = juesuan(*ROLLUP, "--yes")
    text = department.read(name)
    assert "  一般公共预算支出.合计: {上年: 146.50} # 汇总：本级 90 + 乙站 11 + 甲馆 45.5\n" in text
    assert "  收入.合计: {上年: 280}   # 照上年印本\n" in text
    # what the units paid each other last year nobody says, and of 财政拨款 no unit gives last year's
    assert "上年数没有汇总：收支.总计、支出.合计、财政拨款收支.总计、" in run.err


def test_a_department_below_a_department(department: SmallDepartment, juesuan: CommandLine) -> None:
    """What the lower one has eliminated is no part of the upper one's sums."""
    juesuan(*ROLLUP, "--yes")
    card = department.read(f"{DEPARTMENT}/单位.yaml")
    department.write("清溪市大部/单位.yaml", card.replace(DEPARTMENT, "清溪市大部").replace("市文化局", "大部"))
    department.write(f"{DEPARTMENT}/单位.yaml", card.replace("类型:", "部门: 清溪市大部\n类型:"))
    assert juesuan("rollup", "清溪市大部", str(YEAR), "--yes").status == 0
    upper = Builder(Workspace(department.root)).accounts("清溪市大部", YEAR)
    assert upper.indicators.get("收入.合计").value == Decimal("1955956.78")
    assert upper.indicators.get("收入.上级补助收入").value == 0
    tree = [line.partition("风格")[0].rstrip() for line in juesuan("list").out.splitlines()]
    assert tree == [
        "清溪市大部", "└── 清溪市文化局",
        "    └── 清溪市文化局（本级）", "    └── 清溪市乙站", "    └── 清溪市甲馆",
    ]
