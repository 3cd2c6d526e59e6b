"""Tables are recognised in the layouts that finance systems and accountants give them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from workspace_of_units import ROOT, save

from builder.accounts.money import AmountUnit
from builder.cli import main
from builder.findings import Level
from builder.loading.subjects import load_subjects
from builder.style import load_style
from builder.workbooks.amounts import is_blank, read_amount
from builder.workbooks.codes import split_label
from builder.workbooks.gathering import NOTHING_ASKED, place_cells
from builder.workbooks.placing import Placing
from builder.workbooks.preambles import Asked
from builder.workbooks.reading import read_workbook
from builder.workspace import Workspace

YEAR = 2022


def placed(path: Path, style: str = "湖北") -> Placing:
    subjects, _ = load_subjects(ROOT, YEAR)
    return place_cells(read_workbook(path), load_style(Workspace(ROOT), style).sheet.tables, subjects)


def amounts(placing: Placing) -> dict[str, Decimal]:
    """Return the amounts by place; those of rows in which nothing is printed left out."""
    return {
        str(place): cell.amount for place, cell in placing.cells.items() if not cell.is_blank or cell.scope is not None
    }


REVENUE_HEAD = ["本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"]


def test_titles_in_merged_cells_and_merged_headers(tmp_path: Path) -> None:
    rows = [
        ["一般公共预算财政拨款支出决算表"], ["", "", "", "", "公开05表"], ["部门：某局", "", "", "", "金额单位：万元"],
        ["项目", "", "本年支出", "", ""], ["科目代码", "科目名称", "小计", "基本支出", "项目支出"],
        ["栏次", "", 1, 2, 3], ["合计", "", 30, 10, 20], [2080101, "行政运行", 30, 10, 20],
        ["注：1.本表反映……"], ["", "", 999],
    ]
    path = save(tmp_path / "a.xlsx", {"随便": rows}, {"随便": ["A1:E1", "A4:B4", "C4:E4"]})
    assert amounts(placed(path)) == {
        "公开05/合计/小计": 300000, "公开05/合计/基本支出": 100000, "公开05/合计/项目支出": 200000,
        "公开05/2080101/小计": 300000, "公开05/2080101/基本支出": 100000, "公开05/2080101/项目支出": 200000,
    }


def test_several_tables_on_one_sheet_in_any_order(tmp_path: Path) -> None:
    rows = [
        ["三、支出决算表"], ["单位：元"],
        ["项目", "", "本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"],
        ["科目编码", "科目名称"], ["合计", "", 5, 5, 0, 0, 0, 0], ["2080101", "行政运行", 5, 5, 0, 0, 0, 0],
        [], ["收入决算表"], ["单位：元"], ["项目", "", *REVENUE_HEAD], ["科目编码", "科目名称"],
        ["合计", "", 7, 7, "", "", "", "", ""],
    ]
    placing = placed(save(tmp_path / "a.xlsx", {"Sheet1": rows}))
    found = amounts(placing)
    assert placing.unit is AmountUnit.YUAN
    assert found["公开03/2080101/基本支出"] == 5
    assert found["公开02/合计/财政拨款收入"] == 7
    assert found["公开02/合计/其他收入"] == 0


def test_codes_split_in_three_columns(tmp_path: Path) -> None:
    rows = [
        ["收入决算表"], ["单位：万元"], ["项目", "", "", "", *REVENUE_HEAD],
        ["支出功能分类科目编码", "", "", "科目名称"], ["类", "款", "项", "合计", 1, 1, 0, 0, 0, 0, 0],
        ["208", "", "", "社会保障和就业支出", 1, 1, 0, 0, 0, 0, 0],
        ["", "05", "", "行政事业单位养老支出", 1, 1, 0, 0, 0, 0, 0],
        ["208", "05", "05", "养老保险缴费", 1, 1, 0, 0, 0, 0, 0],
        ["", "", 6, "职业年金缴费", 1, 1, 0, 0, 0, 0, 0],
    ]
    keys = {place.row for place in placed(save(tmp_path / "a.xlsx", {"1": rows})).cells}
    assert keys == {"合计", "208", "20805", "2080505", "2080506"}


def test_two_sides_with_and_without_line_numbers(tmp_path: Path) -> None:
    title, unit = ["收入支出决算总表"], ["金额单位：万元"]
    plain = [
        title, unit, ["收入", "", "支出", ""], ["项目", "决算数", "项目(按支出功能分类)", "决算数"],
        ["一、一般公共预算财政拨款收入", "", "一、一般公共服务支出", ""],
        ["二、政府性基金预算财政拨款收入", "—", "八、社会保障和就业支出", "1,234.50"],
        ["本年收入合计", 3, "本年支出合计", 4],
    ]
    numbered = [[*row[:1], number, *row[1:3], number + 30, *row[3:]] if len(row) == 4 else row
                for number, row in enumerate(plain)]
    numbered[2:4] = [["收入", "", "", "支出"], ["项目", "行次", "金额", "项目", "行次", "金额"]]
    for name, rows in {"无": plain, "有": numbered}.items():
        assert amounts(placed(save(tmp_path / f"{name}.xlsx", {"1": rows}))) == {
            "公开01/左.政府性基金预算财政拨款收入/金额": 0, "公开01/右.社会保障和就业支出/金额": 12345000,
            "公开01/左.本年收入合计/金额": 30000, "公开01/右.本年支出合计/金额": 40000,
        }, name


def test_the_old_format_is_read_as_the_new_one(tmp_path: Path) -> None:
    """公开表.xls is the export of the unit whose tables it has, saved anew by LibreOffice."""
    unit, year = "鄂州市医疗保障服务中心", 2022
    assert main(["export", unit, str(year), "--out", str(tmp_path), "--workspace", str(ROOT)]) == 0
    new = amounts(placed(tmp_path / f"{unit}{year}年度公开表.xlsx"))
    assert amounts(placed(Path(__file__).parent / "公开表.xls")) == new
    assert len(new) > 600


def test_what_has_no_place_is_listed_with_sheet_and_cell(tmp_path: Path) -> None:
    rows = [
        ["一般公共预算财政拨款支出决算表"], ["单位：万元"],
        ["科目代码", "科目名称", "小计", "基本支出", "项目支出", "绩效"],
        ["2080101", "行政运行", 1, "约1万", 0, 8], ["", "没有代码", 6, "", ""],
    ]
    placing = placed(save(tmp_path / "a.xlsx", {"表五": rows}))
    messages = [finding.message for finding in placing.findings]
    assert any(text.startswith("表五!D4：「约1万」不是金额") for text in messages)
    assert any(text.startswith("表五!F4：表头「绩效」") for text in messages)
    assert any(text.startswith("表五!C5：6 没有放处") for text in messages)
    assert set(amounts(placing)) == {"公开05/2080101/小计", "公开05/2080101/项目支出"}


def test_a_wrong_number_of_the_table_is_said_and_the_title_goes_before(tmp_path: Path) -> None:
    rows = [["收入决算表"], ["公开03表"], ["单位：万元"], ["科目代码", "科目名称", *REVENUE_HEAD], ["合计", "", 1, 1]]
    placing = placed(save(tmp_path / "a.xlsx", {"1": rows}))
    assert {place.table for place in placing.cells} == {"公开02"}
    assert any("表号却是「公开03表」" in finding.message for finding in placing.findings)


def test_other_unit_words_are_read_and_missing_ones_are_said(tmp_path: Path) -> None:
    table = [["科目代码", "科目名称", "小计", "基本支出", "项目支出"], ["合计", "", 2, 1, 1]]
    title = ["一般公共预算财政拨款支出决算表"]
    thousand = placed(save(tmp_path / "a.xlsx", {"1": [title, ["金额单位：千元"], *table]}))
    assert amounts(thousand)["公开05/合计/小计"] == 2000
    unsaid = placed(save(tmp_path / "b.xlsx", {"1": [title, *table]}))
    assert any("加 --amount-unit" in f.message and f.level is Level.ERROR for f in unsaid.findings)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1064.4999999999998, "1064.5"), (0.1 + 0.2, "0.3"), (12, "12"),
        ("１，０６４．５０", "1064.50"), ("1 234.5", "1234.5"),
        ("(3.20)", "-3.20"), ("−3", "-3"), ("¥5", "5"), ("约5", None), (True, None), ("", None), ("—", None),
    ],
)
def test_amounts(value: object, expected: str | None) -> None:
    assert read_amount(value) == (Decimal(expected) if expected else None)


@pytest.mark.parametrize("value", ["", None, "-", "——", " ", "－"])
def test_signs_for_nothing(value: object) -> None:
    assert is_blank(value)


SPENT = ["科目代码", "科目名称", "小计", "基本支出", "项目支出"]
SPENT_LINES = [["合计", "", 3, 1, 2], ["2080101", "行政运行", 3, 1, 2]]


def read(tmp_path: Path, *sheets: list[list[object]], asked: Asked = NOTHING_ASKED) -> Placing:
    subjects, _ = load_subjects(ROOT, YEAR)
    path = save(tmp_path / "a.xlsx", {f"表{number}": rows for number, rows in enumerate(sheets, 1)})
    return place_cells(read_workbook(path), load_style(Workspace(ROOT), "湖北").sheet.tables, subjects, asked)


def said(placing: Placing, level: Level) -> list[str]:
    return [finding.message for finding in placing.findings if finding.level is level]


def spending(total: int = 8) -> list[list[object]]:
    head = [*SPENT[:2], "本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"]
    return [head, ["合计", "", total, total, 0, 0, 0, 0], ["2080101", "行政运行", total, total, "", "", "", ""]]


def test_a_table_without_title_is_read_by_its_headers(tmp_path: Path) -> None:
    placing = read(tmp_path, [["单位：元"], *spending()])
    assert amounts(placing)["公开03/2080101/基本支出"] == 8
    (message,) = said(placing, Level.NOTE)
    assert message == "工作表「表1」：标题和表号都没有认出，按表头和行读作 公开03表 支出决算表，请核对"


def test_a_table_that_may_be_two_is_asked_about(tmp_path: Path) -> None:
    placing = read(tmp_path, [["单位：元"], [*SPENT[:2], "合计", *SPENT[3:]], *SPENT_LINES])
    assert amounts(placing) == {}
    (message,) = said(placing, Level.ERROR)
    assert message == (
        "工作表「表1」：标题和表号都没有认出，像 公开05表 一般公共预算财政拨款支出决算表，"
        "也像 公开08表 国有资本经营预算财政拨款支出决算表；请在表的上方写上标题再导入"
    )


def test_what_is_no_table_is_not_read(tmp_path: Path) -> None:
    placing = read(tmp_path, [["姓名", "工资"], ["甲", 3000]], [["说明"], ["本单位没有政府性基金"]])
    assert amounts(placing) == {}
    for number, message in enumerate(said(placing, Level.NOTE), 1):
        assert message.startswith(f"工作表「表{number}」：没有认出公开表")
    assert len(said(placing, Level.NOTE)) == 2


def test_amounts_in_the_unit_of_their_cell_and_of_their_table(tmp_path: Path) -> None:
    title = "一般公共预算财政拨款支出决算表"
    rows = [[title], SPENT, ["合计", "", "3亿元", "１，２３４．５６元", "2"], ["2080101", "", "12,5", "12.5%", ".5"]]
    placing = read(tmp_path, [["单位：百元"], *rows])
    assert amounts(placing) == {
        "公开05/合计/小计": 300_000_000, "公开05/合计/基本支出": Decimal("1234.56"), "公开05/合计/项目支出": 200,
        "公开05/2080101/项目支出": 50,
    }
    assert said(placing, Level.WARNING) == ["表1!C5：「12,5」不是金额，没有读取", "表1!D5：「12.5%」不是金额，没有读取"]
    assert placing.unit is AmountUnit.YUAN
    for head in ([[f"{title}（单位：千元）"], SPENT], [[title], [*SPENT[:2], "小计（千元）", *SPENT[3:]]]):
        made = read(tmp_path, [*head, ["合计", "", 3, 1, 2]])
        assert amounts(made)["公开05/合计/小计"] == 3000, head


def test_a_unit_that_is_not_stated_is_asked_for(tmp_path: Path) -> None:
    rows = [["一般公共预算财政拨款支出决算表"], SPENT, *SPENT_LINES]
    assert "表1!A1：公开05 没有写明金额单位；请在表头写上「金额单位：万元」等，或在命令里加 --amount-unit 万元" in said(
        read(tmp_path, rows), Level.ERROR
    )
    assert amounts(read(tmp_path, rows, asked=Asked(unit="百元")))["公开05/合计/小计"] == 300


def test_another_year_is_an_error_and_another_unit_a_warning(tmp_path: Path) -> None:
    rows = [["2021年度支出决算表"], ["编制单位：乙局", "", "", "单位：元"], *spending()]
    placing = read(tmp_path, rows, asked=Asked(2022, ("甲市乙办公室", "甲办")))
    assert said(placing, Level.ERROR) == [
        "表1!A1：这里写的是 2021 年，按命令应是 2022 年的表；请核对工作簿和 --year，上一年度的工作簿请加 --as-last-year"
    ]
    assert said(placing, Level.WARNING) == [
        "表1!A2：这里的单位是「乙局」，要导入的是「甲市乙办公室」；请核对是不是这个单位的表"
    ]
    assert said(read(tmp_path, rows, asked=Asked(2021, ("甲市乙局",))), Level.ERROR) == []


def test_errors_of_formulas_in_a_table_stop_the_import(tmp_path: Path) -> None:
    rows = [["支出决算表"], ["单位：元"], *spending()]
    rows[4][2] = "#REF!"
    assert said(read(tmp_path, rows), Level.ERROR) == ["表1!C5：公式出错（#REF!）；请在 Excel 里改正，保存后再导入"]


def test_columns_beside_the_tables_own_are_listed(tmp_path: Path) -> None:
    rows = [["收入支出决算总表"], ["单位：元"], ["项目", "决算数", "上年数", "备注"],
            ["一、一般公共预算财政拨款收入", 5, 4, "见附件"]]
    placing = read(tmp_path, rows)
    assert amounts(placing) == {"公开01/左.一般公共预算财政拨款收入/金额": 5}
    assert "表1!C4：表头「上年数」不是 公开01 的哪一列，这一列没有读取" in said(placing, Level.WARNING)
    assert "表1!D4：表头「备注」不是 公开01 的哪一列，这一列没有读取" in said(placing, Level.NOTE)


def test_a_table_goes_on_on_the_next_sheet(tmp_path: Path) -> None:
    first = [["支出决算表"], ["单位：元"], *spending()]
    further = ["2080102", "一般行政管理事务", 2, 2, 0, 0, 0, 0]
    for head in ([["支出决算表（续）"], spending()[0]], [["续表"]], [["支出决算表 续表2"]]):
        found = amounts(read(tmp_path, first, [*head, further]))
        assert (found["公开03/2080101/基本支出"], found["公开03/2080102/基本支出"]) == (8, 2), head
    placing = read(tmp_path, first, [["支出决算表"], ["单位：元"], spending()[0], further])
    assert "公开03/2080102/基本支出" not in amounts(placing)
    assert any("前面已经读到一份" in message for message in said(placing, Level.WARNING))


def test_an_empty_table_with_a_statement(tmp_path: Path) -> None:
    rows = [["国有资本经营预算财政拨款支出决算表"], ["单位：元"], [*SPENT[:2], "合计", *SPENT[3:]],
            ["合计", "", "", "", ""], ["本单位2022年度没有国有资本经营预算财政拨款支出，本表无数据，故以空表公开。"]]
    placing = read(tmp_path, rows)
    blank = {str(place) for place, cell in placing.cells.items() if cell.is_blank and not cell.amount}
    assert blank == {f"公开08/合计/{column}" for column in ("合计", "基本支出", "项目支出")}
    assert said(placing, Level.WARNING) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2010301.0, ("2010301", "")), ("2010301.0", ("2010301", "")), (" 201 03 01 ", ("2010301", "")),
        ("201.03.01", ("2010301", "")), ("201.03", ("20103", "")), ("'2010301", ("2010301", "")),
        ("2010301 行政运行", ("2010301", "行政运行")), ("[20103]政府办公厅", ("20103", "政府办公厅")),
        ("201-一般公共服务支出", ("201", "一般公共服务支出")), ("２０１０３０１行政运行", ("2010301", "行政运行")),
        ("行政运行", ("", "行政运行")), ("合计", ("", "合计")), ("2022年度", ("", "2022年度")), (None, ("", "")),
    ],
)
def test_codes(value: object, expected: tuple[str, str]) -> None:
    assert split_label(value) == expected


def test_a_table_under_another_title_is_read_by_its_headers(tmp_path: Path) -> None:
    head = ["科目代码", "科目名称", "决算数"]
    rows = [["基本支出经济分类明细表"], ["单位：元"], [*head, *head],
            ["30101", "基本工资", 5, "30201", "办公费", 2]]
    placing = read(tmp_path, rows)
    assert amounts(placing) == {"公开06/30101/决算数": 5, "公开06/30201/决算数": 2}
    assert "按表头和行读作 公开06表" in said(placing, Level.NOTE)[0]
