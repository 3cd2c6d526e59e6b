"""The workbooks of the published tables agree with their transcriptions, and an import reads every cell of them."""

from __future__ import annotations

import re
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

sys.path.insert(0, str(Path(__file__).parent))

from check import ROOT, YEARS, prepare
from make_workbooks import AMOUNT, Grid, merged, transcribed, workbook

from builder.accounting import Accounts
from builder.building import Builder
from builder.loading.subjects import load_subjects
from builder.style import load_style
from builder.workbooks.gathering import place_cells
from builder.workbooks.placing import Placing
from builder.workbooks.reading import read_workbook
from builder.workspace import Workspace

HERE = Path(__file__).parent
ADDRESS = re.compile(r"(.+)!([A-Z]+)([0-9]+)")
TABLES = {"000": 9, "001": 9, "002": 7, "003": 9, "004": 8}
NAMELESS = {
    "001": {"公开04": "E35 F35 G35 E36 F36 G36 E37 F37 G37", "公开06": "C33 C34 C35 C36 I36"},
}
"""Zeros that are printed where the line has no name: they belong to nothing, and an import says so."""


def address(row: int, column: int) -> str:
    """Return a cell's name; no table has more than 26 columns."""
    return f"{chr(65 + column)}{row + 1}"


def placed(document: str, accounts: Accounts) -> Placing:
    subjects, _ = load_subjects(ROOT, YEARS[document])
    tables = load_style(Workspace(ROOT), accounts.style.name).sheet.tables
    return place_cells(read_workbook(HERE / document / "公开表.xlsx"), tables, subjects)


@pytest.mark.parametrize("document", YEARS)
def test_a_workbook_is_its_transcription_cell_by_cell(document: str) -> None:
    book = load_workbook(HERE / document / "公开表.xlsx")
    grids = transcribed(document)
    assert book.sheetnames == list(grids)
    assert len(grids) == TABLES[document]
    fresh = workbook(document)
    areas = {name: {str(area) for area in fresh[name].merged_cells.ranges} for name in grids}
    for name, grid in grids.items():
        sheet = book[name]
        assert (sheet.max_row, sheet.max_column) == (len(grid), max(map(len, grid)))
        assert {str(area) for area in sheet.merged_cells.ranges} == areas[name]
        for row, line in enumerate(grid):
            for column, text in enumerate(line):
                value = sheet.cell(row + 1, column + 1).value
                shown = f"{value:,.2f}" if isinstance(value, float) else str(value or "") if value != 0 else "0"
                if AMOUNT.fullmatch(text) and isinstance(value, int | float):
                    shown, text = f"{value:.2f}", text.replace(",", "")  # noqa: PLW2901 - separators are a format
                assert shown == text, (document, name, address(row, column))


@pytest.mark.parametrize("document", YEARS)
def test_an_import_states_every_cell_as_printed(document: str, tmp_path: Path) -> None:
    unit, year = prepare(document, tmp_path)
    accounts = Builder(Workspace(tmp_path)).accounts(unit, year)
    stated = accounts.unit_year.stated
    placing = placed(document, accounts)
    grids = transcribed(document)
    read: set[tuple[str, str]] = set()
    for place, cell in placing.cells.items():
        found = ADDRESS.fullmatch(cell.address)
        assert found
        sheet, at = found[1], found[2] + found[3]
        text = text_at(grids[sheet], at)
        value = stated[place.table][place.row][place.column]
        assert value.blank == (text == ""), (place, cell.address)
        assert value.amount == Decimal(text.replace(",", "") or 0) * 10000, (place, cell.address)
        read.add((sheet, at))
    printed = {
        (name, address(row, column))
        for name, grid in grids.items()
        for row, line in enumerate(grid)
        for column, text in enumerate(line)
        if AMOUNT.fullmatch(text)
    }
    nameless = {(name, at) for name, places in NAMELESS.get(document, {}).items() for at in places.split()}
    assert printed - read == nameless
    assert {text_at(grids[name], at) for name, at in nameless} <= {"0.00"}
    said = " ".join(finding.message for finding in placing.findings)
    assert all(f"{name}!{at}" in said for name, at in nameless)
    assert sum(len(columns) for rows in stated.values() for columns in rows.values()) == len(placing.cells)
    assert len(read) == len(placing.cells) > 400


def text_at(grid: Grid, at: str) -> str:
    row, column = int(at[1:]) - 1, ord(at[0]) - 65
    return grid[row][column] if column < len(grid[row]) else ""


@pytest.mark.parametrize("document", YEARS)
def test_words_that_are_not_the_forms_are_kept(document: str, tmp_path: Path) -> None:
    unit, year = prepare(document, tmp_path)
    words = Builder(Workspace(tmp_path)).accounts(unit, year).unit_year.stated_words
    found = {
        **{f"{table}/表号": said.code.text for table, said in words.items() if said.code},
        **{f"{table}/标题": said.title.text for table, said in words.items() if said.title},
        **{f"{table}/编制单位": said.owner.text for table, said in words.items() if said.owner},
        **{f"{table}/{row}": label.text for table, said in words.items() for row, label in said.labels.items()},
    }
    assert found == {
        "000": {
            "公开01/标题": "收支决算总表", "公开02/表号": "公开03表", "公开01/左.其他收入": "八、附属单位上缴收入",
            "公开01/右.抗疫特别国债安排的支出": "二十六、抗议特别国债安排的支出",
            "公开04/右.抗疫特别国债安排的支出": "二十六、抗议特别国债安排的支出",
        },
        "001": {"公开04/左.国有资本经营预算财政拨款": "三、国有资本经营财政拨款"},
        "002": {
            "公开04/右.总计": "空白", "公开06/302201": "办公费",
            **{f"公开0{number}/编制单位": "空白" for number in range(1, 8)},
        },
        "003": {},
        "004": {},
    }[document]


def test_headers_are_merged_as_printed() -> None:
    grid = transcribed("002")["公开07"]
    assert [(grid[top][left], bottom - top + 1, right - left + 1) for top, left, bottom, right in merged(grid)] == [
        ("项目", 3, 1), ("一般公共预算财政拨款安排的“三公”经费", 1, 6), ("会议费", 3, 1), ("培训费", 3, 1),
        ("小计", 2, 1), ("因公出国(境)费用", 2, 1), ("公务接待费", 2, 1), ("公务用车购置及运行维护费", 1, 3),
    ]
