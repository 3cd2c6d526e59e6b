"""What an import writes: asked first, nothing hand-written lost, nothing guessed in silence."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from workspace_of_units import ROOT, accounts, save

from builder.accounts.money import printed
from builder.cli import main

if TYPE_CHECKING:
    from workspaces import CommandLine

UNIT, YEAR = "白鹭县档案馆", "2022"
REVENUE = [
    "项目", "", "本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"
]
SPENDING = ["项目", "", "本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"]
CODES = ["科目代码", "科目名称"]
UNIT_LINE = ["金额单位：万元"]
FACTS = """\
# 手写的开头
金额单位: 万元

# 收入说明
收入:
  - {科目: 2012604, 一般公共预算财政拨款: 10.00}  # 档案馆
  - {科目: 2013299, 其他收入: 9}

# 支出说明
支出:
  - {科目: 2012604, 人员经费: 6.00, 公用经费: "1.00"}
# 以下手填
三公经费:
  公务接待费: {全年预算: 1, 决算: 0.50, 国内: {批次: 3, 人次: 20}}
国有资产:
  车辆: {其他用车: 1}   # 皮卡
"""


def tables(general: float = 7, *, total: float = 12) -> list[list[object]]:
    """Return 公开02, 03 and 05: 项 2012604 with general money, and the rest of the total non-fiscal."""
    return [
        ["收入决算表"], UNIT_LINE, REVENUE, CODES, ["合计", "", total + 1, 11, 0, 0, 0, 0, 2],
        ["2012604", "档案馆", total + 1, 11, "", "", "", "", 2],
        ["支出决算表"], UNIT_LINE, SPENDING, CODES, ["合计", "", total, total - 3, 3, 0, 0, 0],
        ["2012604", "档案馆", total, total - 3, 3, 0, 0, 0],
        ["一般公共预算财政拨款支出决算表"], UNIT_LINE, [*CODES, "小计", "基本支出", "项目支出"],
        ["合计", "", general + 3, general, 3], ["2012604", "档案馆", general + 3, general, 3],
    ]


@pytest.fixture
def folder(root: Path) -> Path:
    folder = root / "content" / UNIT / YEAR
    folder.mkdir(parents=True)
    (folder.parent / "单位.yaml").write_text(f"名称: {UNIT}\n风格: 湖北\n", encoding="utf-8")
    (folder / "决算.yaml").write_text(FACTS, encoding="utf-8")
    return folder


def bring(book: Path, *more: str) -> list[str]:
    return ["import", str(book), "--unit", UNIT, "--year", YEAR, *more]


def test_hand_written_keys_comments_and_order_stay(juesuan: CommandLine, folder: Path, tmp_path: Path) -> None:
    assert juesuan(*bring(save(tmp_path / "a.xlsx", {"1": tables()}), "--yes")).status == 0
    assert (folder / "决算.yaml").read_text(encoding="utf-8") == """\
# 手写的开头
金额单位: 万元

# 收入说明
收入:
  - {科目: 2012604, 一般公共预算财政拨款: 11.00, 其他收入: 2.00} # 档案馆

# 支出说明
支出:
  - {科目: 2012604, 人员经费: 6.00, 公用经费: "1.00", 项目支出: 3.00}
  - {科目: 2012604, 资金来源: 非财政拨款, 基本支出: 2.00}
# 以下手填
三公经费:
  公务接待费: {全年预算: 1, 决算: 0.50, 国内: {批次: 3, 人次: 20}}
国有资产:
  车辆: {其他用车: 1}   # 皮卡
"""


def test_changes_are_shown_and_nothing_is_written_unasked(juesuan: CommandLine, folder: Path, tmp_path: Path) -> None:
    run = juesuan(*bring(save(tmp_path / "a.xlsx", {"1": tables()})))
    assert run.status == 1
    assert "收入 2012604 一般公共预算财政拨款：10.00 → 11.00" in run.out
    assert "收入 2013299：删去" in run.out
    assert "支出 2012604 非财政拨款 基本支出：新增 2.00" in run.out
    assert "--yes" in run.err
    assert (folder / "决算.yaml").read_text(encoding="utf-8") == FACTS
    assert not (folder / "公开表.yaml").exists()


@pytest.mark.parametrize(("answer", "status"), [("y\n", 0), ("n\n", 1), ("", 1)])
def test_only_yes_is_yes(  # noqa: PLR0917 - fixtures
    answer: str, status: int, juesuan: CommandLine, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal(answer))
    run = juesuan(*bring(save(tmp_path / "a.xlsx", {"1": tables()})))
    assert run.status == status
    assert "写入这些改动吗" in run.out
    assert ((folder / "决算.yaml").read_text(encoding="utf-8") != FACTS) is (status == 0)


def test_an_inconsistent_workbook_is_loaded_as_stated_and_said(
    juesuan: CommandLine, folder: Path, root: Path, tmp_path: Path
) -> None:
    run = juesuan(*bring(save(tmp_path / "a.xlsx", {"1": tables(general=20)}), "--yes"))
    assert run.status == 0
    assert "科目 2012604 的基本支出比财政拨款各表的合计少" in run.err
    stated = yaml.safe_load((folder / "公开表.yaml").read_text(encoding="utf-8"))
    assert stated["公开03"][2012604]["基本支出"] == 9
    assert stated["公开05"][2012604]["基本支出"] == 20
    cell = accounts(root, UNIT, int(YEAR)).statements["公开03"].rows["2012604"].cells["基本支出"]
    assert (printed(cell.stated.amount), printed(cell.derived)) == (9, 20)


def test_a_difference_of_one_printed_digit_is_rounding(juesuan: CommandLine, folder: Path, tmp_path: Path) -> None:
    run = juesuan(*bring(save(tmp_path / "a.xlsx", {"1": tables(general=8.99)}), "--yes"))
    assert "视为尾差" in run.err
    assert "非财政拨款" not in (folder / "决算.yaml").read_text(encoding="utf-8")


def test_last_years_workbook_gives_last_years_figures(juesuan: CommandLine, folder: Path, tmp_path: Path) -> None:
    book = save(tmp_path / "a.xlsx", {"1": tables()})
    (folder / "上年.yaml").write_text("金额单位: 万元\n指标:\n  三公.合计: {上年: 1}  # 手填\n", encoding="utf-8")
    assert juesuan(*bring(book, "--as-last-year", "--yes")).status == 0
    text = (folder / "上年.yaml").read_text(encoding="utf-8")
    assert "  三公.合计: {上年: 1}  # 手填\n" in text
    given = yaml.safe_load(text)["指标"]
    assert given["支出.合计"] == {"上年": 12}
    assert given["支出.2012604"] == {"上年": 12}
    assert given["收入.其他收入"] == {"上年": 2}
    assert (folder / "决算.yaml").read_text(encoding="utf-8") == FACTS


def test_a_new_unit_needs_a_style_and_a_workbook_with_tables(juesuan: CommandLine, tmp_path: Path) -> None:
    book = save(tmp_path / "a.xlsx", {"通讯录": [["姓名", "电话"], ["甲", 1]]})
    run = juesuan(*bring(book))
    assert run.status == 1
    assert "--style" in run.err
    run = juesuan(*bring(book, "--style", "湖北"))
    assert run.status == 1
    assert "没有认出任何公开表" in run.err


def test_the_units_own_workbook_in_yuan(root: Path, tmp_path: Path) -> None:
    rows = [[cell * 10000 + 0.01 if isinstance(cell, int) and cell else cell for cell in row] for row in tables()]
    rows = [["单位：元"] if row == UNIT_LINE else row for row in rows]
    words = bring(save(tmp_path / "a.xlsx", {"1": rows}), "--style", "湖北", "--yes", "--workspace", str(root))
    assert main(words) == 0
    made = accounts(root, UNIT, int(YEAR))
    assert made.unit_year.facts.unit == "元"
    assert str(made.unit_year.facts.expenditure[0].basic) == "70000.01"
    assert (ROOT / "content" / UNIT).exists() is False


STATED = """\
金额单位: 万元

公开03:
  # 经办人核对过
  合计: {本年支出合计: 12.00}
  2013299: {本年支出合计: 4.00, 基本支出: 4.00}
# 基金表手填
公开07:
  合计: {小计: 0.01}  # 系统里没有
"""


def test_what_a_corrected_workbook_no_longer_has_goes(juesuan: CommandLine, folder: Path, tmp_path: Path) -> None:
    (folder / "公开表.yaml").write_text(STATED, encoding="utf-8")
    wrong = tables()
    wrong[11:12] = [["2012604", "档案馆", 11, 8, 3, 0, 0, 0], ["2013299", "其他组织事务", 1, 1, 0, 0, 0, 0]]
    assert juesuan(*bring(save(tmp_path / "错.xlsx", {"1": wrong}), "--yes")).status == 0
    assert "2013299" in (folder / "公开表.yaml").read_text(encoding="utf-8")
    assert "2013299" in (folder / "决算.yaml").read_text(encoding="utf-8")
    right = tables()
    right[8] = [*right[8][:7], "上缴"]  # the column 对附属单位补助支出 is none any more
    run = juesuan(*bring(save(tmp_path / "对.xlsx", {"1": right}), "--yes"))
    assert "公开03/2013299：删去 本年支出合计 1.00、基本支出 1.00" in run.out
    assert "公开03/合计/对附属单位补助支出：删去 0.00" in run.out
    assert "支出 2013299 非财政拨款：删去" in run.out
    text = (folder / "公开表.yaml").read_text(encoding="utf-8")
    assert "2013299" not in text
    assert "  # 经办人核对过\n  合计: {本年支出合计: 12.00" in text
    assert "# 基金表手填\n公开07:\n  合计: {小计: 0.01}" in text
    assert "2013299" not in (folder / "决算.yaml").read_text(encoding="utf-8")
    assert "没有改动" in juesuan(*bring(tmp_path / "对.xlsx")).out


def last_year(folder: Path) -> dict[str, dict[str, float]]:
    given: dict[str, dict[str, float]] = yaml.safe_load((folder / "上年.yaml").read_text(encoding="utf-8"))["指标"]
    return given


ECONOMIC = [
    ["一般公共预算财政拨款基本支出决算明细表"], UNIT_LINE, ["科目代码", "科目名称", "决算数"], ["30101", "基本工资", 5],
    ["30201", "办公费", 2], ["人员经费合计", "", 5], ["公用经费合计", "", 2],
]


def test_formulas_over_last_years_cells_are_given(juesuan: CommandLine, folder: Path, tmp_path: Path) -> None:
    """基本支出.合计 is 人员经费合计 plus 公用经费合计: 5 and 2; 一般公共预算支出 of a subject is printed in 公开05."""
    book = save(tmp_path / "a.xlsx", {"1": tables(), "2": ECONOMIC})
    assert juesuan(*bring(book, "--as-last-year", "--yes")).status == 0
    given = last_year(folder)
    assert given["基本支出.合计"] == {"上年": 7}
    assert given["机关运行经费.决算"] == {"上年": 2}
    assert given["一般公共预算支出.2012604"] == {"上年": 10}
    assert "政府采购.合计" not in given


def test_last_years_conflicts_are_shown(juesuan: CommandLine, folder: Path, tmp_path: Path) -> None:
    before = "指标:\n  支出.合计: {上年: 11.50}  # 印本\n  收入.合计: {增减: 3}\n  收入.财政拨款收入: {上年: 11}\n"
    (folder / "上年.yaml").write_text(before, encoding="utf-8")
    run = juesuan(*bring(save(tmp_path / "a.xlsx", {"1": tables()}), "--as-last-year"))
    assert "支出.合计 上年：11.50 → 12.00" in run.out
    assert "收入.合计：增减 3 改为上年数" in run.out
    assert "收入.财政拨款收入 上年" not in run.out
    assert (folder / "上年.yaml").read_text(encoding="utf-8") == before


def test_last_years_workbook_in_yuan_beside_a_file_in_wan(juesuan: CommandLine, folder: Path, tmp_path: Path) -> None:
    rows = [["单位：元"] if row == UNIT_LINE else row for row in tables()]
    rows = [[cell * 1000 + 0.49 if isinstance(cell, int) and cell else cell for cell in row] for row in rows]
    (folder / "上年.yaml").write_text("金额单位: 万元\n指标: {}\n", encoding="utf-8")
    book = save(tmp_path / "a.xlsx", {"1": rows})
    assert juesuan(*bring(book, "--as-last-year", "--yes")).status == 0
    assert last_year(folder)["支出.合计"] == {"上年": 1.2}
    assert "没有改动" in juesuan(*bring(book, "--as-last-year")).out


def test_last_years_workbook_in_another_forms_layout(juesuan: CommandLine, folder: Path, tmp_path: Path) -> None:
    """In 福建's form 公开07 is “三公”; in 湖北's, the unit's own, it is 政府性基金, and “三公” is 公开09."""
    three = [
        ["一般公共预算财政拨款“三公”经费支出决算表"], ["公开07表"], UNIT_LINE, ["项目", "决算数"], ["合计", 3],
        ["1．因公出国（境）费", 0], ["2．公务用车购置及运行维护费", 2], ["其中：（1）公务用车购置费", 0],
        ["（2）公务用车运行维护费", 2], ["3．公务接待费", 1],
    ]
    book = save(tmp_path / "a.xlsx", {"1": three, "2": tables()})
    assert juesuan(*bring(book, "--as-last-year", "--style", "福建", "--yes")).status == 0
    given = last_year(folder)
    assert (given["三公.公务接待费"], given["三公.公务用车运行维护费"]) == ({"上年": 1}, {"上年": 2})
    assert (given["支出.2012604"], given["收入.财政拨款收入"]) == ({"上年": 12}, {"上年": 11})
    assert "政府性基金.本年支出" not in given


def test_a_title_in_other_words_outweighs_the_number_of_another_table(juesuan: CommandLine, tmp_path: Path) -> None:
    """宁德's 公开07 to 09 in 湖北's form, where “三公” is 公开09, with a shorter title, and the funds come first."""
    book = ROOT / "tests" / "published" / "001" / "公开表.xlsx"
    run = juesuan("import", str(book), "--unit", "白鹭县水利局", "--year", "2022", "--style", "湖北", "--yes")
    assert run.status == 0
    for place in (
        "公开07!A2：标题是「一般公共预算财政拨款“三公”经费支出决算表」，表号却是「公开07表」；按标题读作 公开09",
        "公开08!A2：标题是「政府性基金预算财政拨款收入支出决算表」，表号却是「公开08表」；按标题读作 公开07",
        "公开09!A2：标题是「国有资本经营预算财政拨款支出决算表」，表号却是「公开09表」；按标题读作 公开08",
    ):
        assert place in run.err, run.err
    assert "前面已经读到一份" not in run.err
    assert "读到 9 张表" in run.out


def test_amounts_that_do_not_agree_are_said_as_tables_print_them(juesuan: CommandLine, tmp_path: Path) -> None:
    book = ROOT / "tests" / "published" / "002" / "公开表.xlsx"
    run = juesuan("import", str(book), "--unit", "白鹭县水利局", "--year", "2020", "--style", "陕西", "--yes")
    assert "科目 2101502 的支出合计 135.26 万元，各类型相加 270.52 万元；" in run.err


def test_another_years_workbook_is_refused_and_a_missing_unit_asked_for(
    juesuan: CommandLine, folder: Path, tmp_path: Path
) -> None:
    rows = [row for row in tables() if row != UNIT_LINE]
    run = juesuan(*bring(save(tmp_path / "a.xlsx", {"1": rows})))
    assert run.status == 1
    assert "--amount-unit" in run.err
    assert juesuan(*bring(tmp_path / "a.xlsx", "--amount-unit", "万元", "--yes")).status == 0
    assert "2012604, 一般公共预算财政拨款: 11.00" in (folder / "决算.yaml").read_text(encoding="utf-8")
    rows[0] = ["2021年度收入决算表"]
    run = juesuan(*bring(save(tmp_path / "b.xlsx", {"1": rows}), "--amount-unit", "万元"))
    assert run.status == 1
    assert "这里写的是 2021 年，按命令应是 2022 年的表" in run.err


def test_each_row_says_where_in_the_workbook_it_stands(juesuan: CommandLine, folder: Path, tmp_path: Path) -> None:
    juesuan(*bring(save(tmp_path / "a.xlsx", {"支出": tables()}), "--yes"))
    stated = folder / "公开表.yaml"
    lines = stated.read_text(encoding="utf-8").splitlines()
    assert next(line for line in lines if "基本支出: 9.00" in line and "2012604" in line).endswith(" # 出处：支出!C12")
    hand = stated.read_text(encoding="utf-8").replace(" # 出处：支出!C11", "  # 已与财政局核对")
    stated.write_text(hand, encoding="utf-8")
    rows = tables()
    rows[11][2] = 13
    juesuan(*bring(save(tmp_path / "b.xlsx", {"底稿": [[], *rows]}), "--yes"))
    text = stated.read_text(encoding="utf-8")
    assert "本年支出合计: 13.00" in text
    assert "# 出处：底稿!C13\n" in text
    assert "# 出处：支出" not in text
    assert "# 已与财政局核对\n" in text


def test_what_contradicts_itself_in_the_workbook_is_found_by_check(
    juesuan: CommandLine, folder: Path, tmp_path: Path
) -> None:
    juesuan(*bring(save(tmp_path / "a.xlsx", {"支出": tables(general=20)}), "--yes"))
    lines = (folder / "公开表.yaml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if text.endswith("# 出处：支出!C12"))
    assert f"公开表.yaml:{line}" in juesuan("check", UNIT).out
