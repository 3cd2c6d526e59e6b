"""Statements → a formatted workbook of the published tables, and the same as CSV (open data)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from builder.accounts.money import printed
from builder.accounts.statements import Cell, Statement

from .grids import LINE, Grid, Value, grid_of

WIDTHS = {"科目代码": 11, "科目名称": 36, "项目": 38, LINE: 6}
AMOUNT_WIDTH, LOWEST_HEADER = 15, 24
NUMBER_FORMAT = "#,##0.00"
THIN = Side(style="thin")
BORDER = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
SIGNS = ("=", "+", "-", "@")
"""What a text begins with that a spreadsheet would calculate."""
TOP = 4
"""The sheet's row in which a table's header begins."""


def workbook_bytes(statements: Iterable[Statement], unit: str, year: int) -> bytes:
    """Return the published tables as one .xlsx, a sheet a table."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for statement in statements:
        grid = grid_of(statement)
        fill_sheet(book.create_sheet(f"{grid.code or grid.name}"[:31]), grid, unit, year)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def fill_sheet(sheet: Worksheet, grid: Grid, unit: str, year: int) -> None:
    """Write a table on an empty sheet: its title, its head, its header from row ``TOP``, its lines below."""
    width = len(grid.headers)
    sheet.append([grid.title])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=width)
    sheet["A1"].font = Font(name="宋体", size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.cell(2, width, grid.code).alignment = Alignment(horizontal="right")
    sheet.cell(3, 1, safe(f"部门：{unit}"))
    sheet.cell(3, max(width // 2, 2), f"{year}年度").alignment = Alignment(horizontal="center")
    sheet.cell(3, width, "金额单位：万元").alignment = Alignment(horizontal="right")
    body = TOP + grid.depth
    for column, path in enumerate(grid.headers, 1):
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS.get(path[-1], AMOUNT_WIDTH)
    for head in grid.heads():
        row, column = TOP + head.line, head.column + 1
        sheet.cell(row, column, head.text)
        if head.height > 1 or head.width > 1:
            sheet.merge_cells(None, row, column, row + head.height - 1, column + head.width - 1)
    for line, values in enumerate(grid.lines, body):
        for column, value in enumerate(values, 1):
            plain = plain_value(value)
            cell = sheet.cell(line, column, plain)
            cell.border = BORDER
            if isinstance(plain, Decimal):
                cell.number_format = NUMBER_FORMAT
    for line in range(TOP, body):
        for column in range(1, width + 1):
            head_cell = sheet.cell(line, column)
            head_cell.border, head_cell.font = BORDER, Font(name="宋体", bold=True)
            head_cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.row_dimensions[line].height = LOWEST_HEADER
    sheet.freeze_panes = f"A{body}"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"1:{body - 1}"


def plain_value(value: Value) -> str | int | Decimal | None:
    """Return what a spreadsheet shows for a value of a grid: amounts in 万元 as printed, texts that are no formulas."""
    if isinstance(value, Cell):
        return printed(value.value)
    return safe(value) if isinstance(value, str) else value


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(SIGNS) else text


def csv_bytes(statement: Statement) -> bytes:
    """Return a table as CSV for open data: one line of headers, amounts as plain numbers in 万元, UTF-8 with a mark."""
    grid = grid_of(statement)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(["_".join(path) for path in grid.headers])
    writer.writerows([plain_value(value) for value in line] for line in grid.lines)
    return stream.getvalue().encode("utf-8-sig")
