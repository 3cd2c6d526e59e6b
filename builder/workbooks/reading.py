"""Workbooks → sheets of plain cells, by python-calamine (.xlsx and .xls), with merged ranges."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import python_calamine

from builder.findings import Finding, InputError, Level, Source

from .guarding import EXAMPLES, LARGEST, MOST_COLUMNS, MOST_ROWS, Uncalculated, check_file, refused

RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
SHEET_ENTRY = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its rows of values from A1 on, and its merged ranges by their first cell (row, column from 0)."""

    name: str
    rows: tuple[tuple[object, ...], ...]
    merged: Mapping[tuple[int, int], tuple[int, int]]

    def address(self, row: int, column: int) -> str:
        """Return a cell's name as the user finds it: ``表名!B5``."""
        return f"{self.name}!{column_letters(column)}{row + 1}"

    def value(self, row: int, column: int) -> object:
        """Return a cell's value, empty text beyond the sheet."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return ""
        return self.rows[row][column]


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a workbook, and what is to be said about it. ``name`` is what messages call the file."""

    name: str
    sheets: tuple[Sheet, ...]
    findings: tuple[Finding, ...]


def column_letters(column: int) -> str:
    """Return a column's letters: 0 → A, 26 → AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_workbook(path: Path) -> Workbook:
    """Read a workbook. Raises InputError where the file is no workbook that can be used safely."""
    name = path.name
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LARGEST else b"\0" * (LARGEST + 1)
    except OSError as error:
        message = "找不到这个文件" if isinstance(error, FileNotFoundError) else "文件读不出来；请关闭 Excel/WPS 后再试"
        raise InputError(f"{path}：{message}") from error
    uncalculated = check_file(data, name)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        findings = list(_uncalculated(data, uncalculated, name))
        sheets = []
        for meta in book.sheets_metadata:
            if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            if meta.visible != python_calamine.SheetVisibleEnum.Visible:
                message = f"工作表「{meta.name}」是隐藏的，没有读取；需要时请在 Excel 里取消隐藏"
                findings.append(Finding(message, Source(name), Level.WARNING))
                continue
            sheets.append(_sheet(book.get_sheet_by_name(meta.name), name))
    except python_calamine.PasswordError as error:
        raise refused("工作簿加了密码，打不开；请去掉密码后另存再试", Source(name)) from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise refused("工作簿不完整或已损坏，打不开；请重新导出，或用 Excel 打开后另存再试", Source(name)) from error
    return Workbook(name, tuple(sheets), tuple(findings))


def _sheet(sheet: python_calamine.CalamineSheet, name: str) -> Sheet:
    if sheet.end is not None and (sheet.end[0] >= MOST_ROWS or sheet.end[1] >= MOST_COLUMNS):
        message = f"工作表「{sheet.name}」超出 {MOST_ROWS} 行、{MOST_COLUMNS} 列；请删去多余的内容"
        raise refused(message, Source(name))
    rows = tuple(tuple(row) for row in sheet.to_python(skip_empty_area=False))
    merged = dict(sheet.merged_cell_ranges or ())
    return Sheet(sheet.name, rows, merged)


def _uncalculated(data: bytes, found: tuple[Uncalculated, ...], name: str) -> Iterator[Finding]:
    """Yield an error for each sheet with formulas whose results are not stored: read as blank they would be lost."""
    names = _sheet_names(data) if found else {}
    for sheet in found:
        cells = "、".join(sheet.cells[:EXAMPLES]) + ("等" if len(sheet.cells) > EXAMPLES else "")
        message = (
            f"工作表「{names.get(sheet.part, sheet.part)}」有 {len(sheet.cells)} 个公式没有存下结果（{cells}）；"
            "请用 Excel 或 WPS 打开，保存一次再导入"
        )
        yield Finding(message, Source(name))


def _sheet_names(data: bytes) -> dict[str, str]:
    """Return the name of each sheet by the part of the archive that it stands in."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = archive.read("xl/workbook.xml").decode(errors="replace")
        relations = archive.read("xl/_rels/workbook.xml.rels").decode(errors="replace")
    targets = {}
    for entry in RELATION.findall(relations):
        attributes = dict(ATTRIBUTE.findall(entry))
        targets[attributes.get("Id", "")] = "xl/" + attributes.get("Target", "").removeprefix("/xl/")
    names = {}
    for entry in SHEET_ENTRY.findall(book):
        attributes = dict(ATTRIBUTE.findall(entry))
        names[targets.get(attributes.get("r:id", ""), "")] = attributes.get("name", "")
    return names
