"""The workbook: a summary, the findings as a list to filter, and the tables with failing cells marked and linked."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest
from broken_unit import HOSTILE, make_broken, with_hostile_names
from openpyxl.utils import column_index_from_string
from workspaces import UNIT, YEAR, CommandLine, WorkspaceCopy

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> WorkspaceCopy:
    return make_broken(tmp_path_factory.mktemp("broken"))


@pytest.fixture
def book(copy: WorkspaceCopy, capsys: pytest.CaptureFixture[str]) -> Workbook:
    run = CommandLine(copy.root, capsys)("check", "--format", "xlsx")
    assert run.status == 1
    return openpyxl.load_workbook(copy.root / "output" / "核对" / f"{UNIT}{YEAR}年度核对报告.xlsx")


def test_the_findings_are_a_list_to_filter_with_numbers_as_numbers(book: Workbook) -> None:
    assert book.sheetnames[:3] == ["汇总", "发现", "规则"]
    sheet = book["发现"]
    heads = [cell.value for cell in sheet[1]]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions
    lines = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
    line = next(each for each in lines if (each["表"], each["行"]) == ("公开01", "右.卫生健康支出"))
    assert [Decimal(str(line[name])) for name in ("现为", "应为", "相差")] == [
        Decimal("927.73"), Decimal("972.74"), Decimal("-45.01"),
    ]
    assert line["出处"] == f"content/{UNIT}/{YEAR}/公开表.yaml:8:18"
    summary = {cell.value: below.value for cell, below in zip(*book["汇总"].iter_rows(max_row=2), strict=True)}
    assert (summary["单位"], summary["状态"]) == (UNIT, "有不符")
    assert summary["错误"] == sum(each["级别"] == "错误" for each in lines) == 2
    assert summary["警告"] == sum(each["级别"] == "警告" for each in lines)


def test_finding_and_cell_lead_to_each_other(book: Workbook) -> None:
    sheet = book["发现"]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[7].value == "右.卫生健康支出")
    link = row[2].hyperlink
    assert link is not None
    aim = re.fullmatch(r"'公开01表'!([A-Z]+)([0-9]+)", str(link.location))
    assert aim
    line, column = int(aim[2]), column_index_from_string(aim[1])
    cell = book["公开01表"].cell(line, column)
    assert Decimal(str(cell.value)) == Decimal("972.74")
    assert cell.comment is not None
    assert "927.73" in cell.comment.text
    assert str(cell.fill.fgColor.rgb).endswith("FFE699")
    assert cell.hyperlink is not None
    assert cell.hyperlink.location == f"'发现'!A{row[0].row}"
    label = book["公开01表"].cell(line, column - 2).value
    assert label == "九、卫生健康支出"


def test_texts_are_never_formulas(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = make_broken(tmp_path)
    with_hostile_names(copy)
    (copy.root / "content" / UNIT).rename(copy.root / "content" / "=1+1")
    target = tmp_path / "报告.xlsx"
    CommandLine(copy.root, capsys)("check", "--output", str(target))
    book = openpyxl.load_workbook(target)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert any(HOSTILE in str(cell.value) for cell in cells)
