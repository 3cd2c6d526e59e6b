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
from builder.workbooks.gathering import place_cells
from builder.workbooks.placing import Placing
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
