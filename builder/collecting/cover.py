"""The first sheet of a 采集表: whose it is and how it is filled in; and how each sheet is set up for printing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from .pages import INTRODUCTION, TITLE, Page

FONT = "宋体"
INTRODUCED = 90
"""Width of the introduction."""
LINE_HEIGHT, MOST_LINES, LATIN = 16, 20, 0x2E7F
"""Height of a line, how many lines a row shows at most, and the last character that is not wide."""
HOW = (
    ("怎样填", "只在白格里填写；灰格是项目、合计和核对，不能改。没有发生的不填。合计、类款小计不填，自动计算。"),
    ("金额", "照决算报表填，只写数字；单位在「单位信息」里选，全部工作表一致，小数最多两位。"),
    ("科目", "点格子右边的箭头，从下拉框选；也可以只输入代码。"),
    ("核对", "填好后看「核对」：每一行都应是 ✓。按万元填时，差额只有一两分的可能是尾差，导入后以 juesuan check 为准。"),
    ("导入", "保存后运行：juesuan import 采集表.xlsx --unit 单位 --year 年度。空白的格不改动已有的资料。"),
    ("绩效", "绩效自评不在本表填，请填资料文件夹里「绩效」中的文件。"),
)


@dataclass(frozen=True, slots=True)
class Cover:
    """What the first sheet says the workbook is for."""

    unit: str
    year: int
    style: str


def introduce(sheet: Worksheet, cover: Cover, pages: Iterable[Page]) -> None:
    """Write the first sheet."""
    sheet.title = INTRODUCTION
    facts: Mapping[str, str] = {"单位": cover.unit, "年度": str(cover.year), "格式": cover.style}
    sheet["A1"] = TITLE
    sheet["A1"].font = Font(name=FONT, size=18, bold=True)
    rows: list[tuple[str, str]] = [*facts.items(), ("", ""), *HOW]
    rows += [("", ""), *((page.title, page.hint) for page in pages)]
    for row, (name, text) in enumerate(rows, 2):
        for place, value in ((1, name), (2, text)):
            cell = sheet.cell(row, place, value)
            cell.data_type, cell.font = "s", Font(name=FONT, bold=place == 1)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row].height = LINE_HEIGHT * lines_of(text, INTRODUCED)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, INTRODUCED
    set_up(sheet, 1)


def lines_of(text: str, width: int) -> int:
    """Return how many lines a text takes in a column, so that the row is as high as that; at most what a page shows."""
    needed = (-(-sum(1 + (ord(char) > LATIN) for char in line) // (width - 2)) for line in text.split("\n"))
    return min(max(sum(max(lines, 1) for lines in needed), 1), MOST_LINES)


def set_up(sheet: Worksheet, repeated: int) -> None:
    """Set a sheet up for printing: A4, as wide as the page, with its header on every page."""
    sheet.page_setup.paperSize, sheet.page_setup.orientation = sheet.PAPERSIZE_A4, "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"1:{repeated}"
    if sheet.oddFooter is not None and sheet.oddFooter.center is not None:
        sheet.oddFooter.center.text = "&A　第 &P 页，共 &N 页"
