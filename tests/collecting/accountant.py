"""An accountant at a 采集表: fills in cells by the words on the sheet, and saves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

HEADER, FIRST = 3, 5
Lines = dict[str, list[dict[str, Any]]]

LEDGER: Lines = {
    "收入": [
        {"科目": "2010301 行政运行", "一般公共预算财政拨款": 320.5, "其他收入": 1.2},
        {"科目": 2080505, "一般公共预算财政拨款": 28.6},
        {"科目": "2120501", "一般公共预算财政拨款": 40},
        {"科目": "2120801", "政府性基金预算财政拨款": 40},
    ],
    "支出": [
        {"科目": "2010301 行政运行", "资金来源": "一般公共预算", "人员经费": 252.5, "公用经费": 68},
        {"科目": "2010301 行政运行", "资金来源": "非财政拨款", "基本支出": 1.2},
        {"科目": 2080505, "资金来源": "一般公共预算", "人员经费": 28.6},
        {"科目": "2120501", "资金来源": "一般公共预算", "项目支出": 46.3},
        {"科目": "2120801", "资金来源": "政府性基金预算", "项目支出": 38},
    ],
    "基本支出经济分类": [
        {"科目": "30101 基本工资", "金额": 252.5}, {"科目": 30108, "金额": 28.6}, {"科目": "30201", "金额": 68},
    ],
    "结转结余": [
        {"时点": "年初", "资金来源": "一般公共预算", "科目": "2120501", "类型": "项目支出", "金额": 6.3},
        {"时点": "年末", "资金来源": "政府性基金预算", "科目": "2120801", "金额": 2},
    ],
    "人员机构": [
        {"类别": "编制", "名称": "行政编制", "人数": 22}, {"类别": "在职", "名称": "在职人员", "人数": 21},
        {"类别": "内设机构", "名称": "党政办公室"}, {"类别": "内设机构", "名称": "财政所"},
    ],
}  # fmt: skip
"""A unit's books: 收入 430.30 ＋ 年初 6.30 ＝ 支出 434.60 ＋ 年末 2.00; 基本支出 349.10 ＝ 252.50 ＋ 28.60 ＋ 68.00."""


class Accountant:
    """Opens a workbook, writes into it, saves it."""

    def __init__(self, path: Path) -> None:
        self.path, self.book = path, load_workbook(path)

    def lines(self, pages: Lines) -> None:
        """Write lines into the first free lines of pages, by the words of the header."""
        for title, lines in pages.items():
            sheet = self.book[title]
            heads = {cell.value: cell.column for cell in sheet[HEADER]}
            row = FIRST
            for line in lines:
                while sheet.cell(row, 1).value:
                    row += 1
                for key, value in line.items():
                    sheet.cell(row, heads[key], value)

    def answer(self, title: str, answers: dict[str, Any], head: str = "填写") -> None:
        """Write what a page asks for by the word in its first column."""
        sheet = self.book[title]
        heads = {cell.value: cell.column for cell in sheet[HEADER]}
        rows = {sheet.cell(row, 1).value: row for row in range(FIRST, sheet.max_row + 1)}
        for name, value in answers.items():
            sheet.cell(rows[name], heads[head], value)

    def sheet(self, title: str) -> Worksheet:
        sheet = self.book[title]
        assert isinstance(sheet, Worksheet)
        return sheet

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path
