"""Statements → a formatted workbook of the published tables, and the same as CSV (open data)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from builder.accounts.money import printed
from builder.accounts.statements import Block, Row, Statement

from .headers import header_path

CODED = ("科目代码", "科目名称")
LINE = "行次"
WIDTHS = {"科目代码": 11, "科目名称": 36, "项目": 38, LINE: 6}
AMOUNT_WIDTH, LOWEST_HEADER = 15, 24
NUMBER_FORMAT = "#,##0.00"
THIN = Side(style="thin")
BORDER = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
SIGNS = ("=", "+", "-", "@")
"""What a text begins with that a spreadsheet would calculate."""

Value = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it stands on a sheet: header lines (a column's path from top to bottom) and lines of values."""

    name: str
    title: str
    code: str
    headers: tuple[tuple[str, ...], ...]
    lines: tuple[tuple[Value, ...], ...]

    @property
    def depth(self) -> int:
        """How many header lines there are."""
        return max((len(path) for path in self.headers), default=0)


def grid_of(statement: Statement) -> Grid:
    """Return a statement as it is printed: blocks side by side, 行次 where the form has them. Amounts in 万元."""
    blocks = [block for block in statement.blocks.values() if not block.spec.apart]
    numbered = statement.spec.line_numbers
    headers: list[tuple[str, ...]] = []
    sides = []
    for number, block in enumerate(blocks):
        labels = labels_of(block, numbered=numbered)
        top = tops(blocks)[number]
        headers += [(*top, label) for label in labels]
        headers += [(*top, *header_path(name, block.spec, statement.spec)) for name in block.spec.columns]
        rows = [*filter(None, [block.total]), *block.rows]
        sides.append([line_of(row, block, labels) for row in rows])
    longest = max(map(len, sides), default=0)
    for number, block in enumerate(blocks):
        width = len(labels_of(block, numbered=numbered)) + len(block.spec.columns)
        filler: tuple[Value, ...] = (None,) * width
        sides[number] += [filler] * (longest - len(sides[number]))
    lines = [tuple(value for part in parts for value in part) for parts in zip(*sides, strict=True)]
    for block in statement.blocks.values():
        if block.spec.apart:
            lines += [_apart_line(row, len(headers)) for row in block.rows]
    return Grid(statement.name, statement.spec.title, statement.spec.code, tuple(headers), tuple(lines))


def tops(blocks: Sequence[Block]) -> list[tuple[str, ...]]:
    """Return what stands above each block: 收入 and 支出 where there are two."""
    return [("收入",), ("支出",)] if len(blocks) == 2 else [()] * len(blocks)  # noqa: PLR2004


def labels_of(block: Block, *, numbered: bool) -> tuple[str, ...]:
    """Return the headers of a block's label columns; none where the block is one line of amounts."""
    if block.spec.by_subject or block.spec.economic:
        return CODED
    if not block.spec.rows:
        return ()
    return ("项目", LINE) if numbered else ("项目",)


def line_of(row: Row, block: Block, labels: Sequence[str]) -> tuple[Value, ...]:
    """Return a row's labels and amounts (万元, as printed)."""
    if labels == CODED:
        first: list[Value] = [row.code or row.label, row.label if row.code else None]
    else:
        first = [row.label, row.number or None]
        del first[len(labels) :]
    cells = [row.cells.get(name) for name in block.spec.columns]
    return (*first, *(None if cell is None else printed(cell.value) for cell in cells))


def _apart_line(row: Row, width: int) -> tuple[Value, ...]:
    amount = printed(next(iter(row.cells.values())).value)
    return (row.label, *(None for _ in range(width - 2)), amount)


def workbook_bytes(statements: Iterable[Statement], unit: str, year: int) -> bytes:
    """Return the published tables as one .xlsx, a sheet a table."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for statement in statements:
        grid = grid_of(statement)
        _fill(book.create_sheet(f"{grid.code or grid.name}"[:31]), grid, unit, year)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(sheet: Worksheet, grid: Grid, unit: str, year: int) -> None:
    width = len(grid.headers)
    sheet.append([grid.title])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=width)
    sheet["A1"].font = Font(name="宋体", size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.cell(2, width, grid.code).alignment = Alignment(horizontal="right")
    sheet.cell(3, 1, _safe(f"部门：{unit}"))
    sheet.cell(3, max(width // 2, 2), f"{year}年度").alignment = Alignment(horizontal="center")
    sheet.cell(3, width, "金额单位：万元").alignment = Alignment(horizontal="right")
    top = 4
    for column, path in enumerate(grid.headers, 1):
        for line, text in enumerate(path):
            sheet.cell(top + line, column, text)
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS.get(path[-1], AMOUNT_WIDTH)
    _merge(sheet, grid, top)
    for line, values in enumerate(grid.lines, top + grid.depth):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(line, column, _safe(value) if isinstance(value, str) else value)
            cell.border = BORDER
            if isinstance(value, Decimal):
                cell.number_format = NUMBER_FORMAT
    for line in range(top, top + grid.depth):
        for column in range(1, width + 1):
            head = sheet.cell(line, column)
            head.border, head.font = BORDER, Font(name="宋体", bold=True)
            head.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.row_dimensions[line].height = LOWEST_HEADER
    sheet.freeze_panes = f"A{top + grid.depth}"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"1:{top + grid.depth - 1}"


def _merge(sheet: Worksheet, grid: Grid, top: int) -> None:
    """Merge the header's cells: neighbours under one group, and a header that has no group down to the last line."""
    for line in range(grid.depth - 1):
        start = 0
        for column in range(1, len(grid.headers) + 1):
            same = column < len(grid.headers) and _begin(grid, column, line) == _begin(grid, start, line)
            if same:
                continue
            if column - start > 1 and _begin(grid, start, line):
                sheet.merge_cells(
                    start_row=top + line, end_row=top + line, start_column=start + 1, end_column=column
                )
            start = column
    for column, path in enumerate(grid.headers, 1):
        if len(path) < grid.depth:
            sheet.merge_cells(
                start_row=top + len(path) - 1, end_row=top + grid.depth - 1, start_column=column, end_column=column
            )


def _begin(grid: Grid, column: int, line: int) -> tuple[str, ...]:
    """Return a column's header down to a line that is above its last; empty where the line is its last."""
    path = grid.headers[column]
    return path[: line + 1] if len(path) > line + 1 else ()


def _safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(SIGNS) else text


def csv_bytes(statement: Statement) -> bytes:
    """Return a table as CSV for open data: one line of headers, amounts as plain numbers in 万元, UTF-8 with a mark."""
    grid = grid_of(statement)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(["_".join(path) for path in grid.headers])
    writer.writerows([_safe(value) if isinstance(value, str) else value for value in line] for line in grid.lines)
    return stream.getvalue().encode("utf-8-sig")
