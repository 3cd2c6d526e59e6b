"""Pages → the workbook: inputs open, all else locked, with drop-downs, limits, sums and checks.

The same lines give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from builder.accounts.subjects import Subjects
from builder.workbooks.amounts import read_amount

from .checking import CHECK, check_sheet
from .filling import Line
from .pages import CHECKS, INTRODUCTION, LISTS, TITLE, Column, Kind, Page

HEADER, TOTAL, FIRST = 3, 4, 5
"""Rows of the header, the sums and the first line."""
SUM = "合计"
WIDTHS = {
    Kind.SUBJECT: 34, Kind.ECONOMIC: 30, Kind.AMOUNT: 14, Kind.CHANGE: 14, Kind.COUNT: 10, Kind.RATE: 12,
    Kind.LONG: 60, Kind.TEXT: 22, Kind.LABEL: 40,
}  # fmt: skip
FORMATS = {
    Kind.AMOUNT: "#,##0.00", Kind.CHANGE: "#,##0.00;-#,##0.00", Kind.COUNT: "#,##0",
}  # fmt: skip
NUMBERS = (Kind.AMOUNT, Kind.CHANGE, Kind.COUNT)
SUMMED = ("收入", "支出")
"""Pages whose lines have a sum of their own."""
OF_WHICH = ("其中教育收费",)
LINE_HEIGHT, MOST_LINES, LATIN = 16, 20, 0x2E7F
"""Height of a line, how many lines a row shows at most, and the last character that is not wide."""
INTRODUCED = 90
FONT, EDGE = "宋体", Side(style="thin", color="999999")
BORDER = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
GREY, BLUE, RED = (PatternFill("solid", bgColor=c, fgColor=c) for c in ("EDEDED", "DDEBF7", "F8CBAD"))
EPOCH = (1980, 1, 1, 0, 0, 0)
MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


@dataclass(frozen=True, slots=True)
class Cover:
    """What the first sheet says the workbook is for."""

    unit: str
    year: int
    style: str


def workbook_bytes(cover: Cover, pages: Sequence[tuple[Page, Sequence[Line]]], subjects: Subjects) -> bytes:
    """Return the workbook of these pages, each with its lines."""
    book = Workbook()
    _introduce(book.worksheets[0], cover, [page for page, _ in pages])
    lists = _Lists(subjects)
    ends = {}
    for page, lines in pages:
        writer = _Writer(book.create_sheet(page.title), page, lists)
        ends[page.title] = writer.write(lines, cover)
    check_sheet(book.create_sheet(CHECKS), {page.title: page for page, _ in pages}, ends)
    _finish(book[CHECKS], 1)
    lists.write(book.create_sheet(LISTS))
    for number, sheet in enumerate(book.worksheets):
        sheet.protection.sheet = True
        sheet.protection.formatColumns = sheet.protection.formatRows = False  # allowed
        sheet.sheet_view.tabSelected = number == 0
    stream = io.BytesIO()
    book.save(stream)
    return stable(stream.getvalue())


def stable(data: bytes) -> bytes:
    """Return a workbook without the time at which it was written."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return stream.getvalue()


def lines_of(text: str, width: int) -> int:
    """Return how many lines a text takes in a column, so that the row is as high as that; at most what a page shows."""
    needed = (-(-sum(1 + (ord(char) > LATIN) for char in line) // (width - 2)) for line in text.split("\n"))
    return min(max(sum(max(lines, 1) for lines in needed), 1), MOST_LINES)


class _Lists:
    """The hidden sheet that the drop-downs of subjects take their words from."""

    def __init__(self, subjects: Subjects) -> None:
        self.subjects = subjects
        local = [code for code in subjects.local if code not in subjects.functional]
        items = [code for code, subject in subjects.functional.items() if subject.level == "项"]
        sections = [code for code, subject in subjects.economic.items() if subject.level == "款"]
        self.words = {
            Kind.SUBJECT: [self.shown(code, Kind.SUBJECT) for code in (*items, *local)],
            Kind.ECONOMIC: [self.shown(code, Kind.ECONOMIC) for code in sections],
        }

    def shown(self, code: str, kind: Kind) -> str:
        """Return a code with its name, as the drop-down has it."""
        name = self.subjects.name(code, economic=kind is Kind.ECONOMIC)
        return code if name == code else f"{code} {name}"

    def range(self, kind: Kind) -> str:
        """Return where a kind's words stand."""
        letter = "A" if kind is Kind.SUBJECT else "B"
        return f"'{LISTS}'!${letter}$1:${letter}${len(self.words[kind])}"

    def write(self, sheet: Worksheet) -> None:
        """Write the lists; the sheet is hidden."""
        for column, kind in enumerate((Kind.SUBJECT, Kind.ECONOMIC), 1):
            for row, word in enumerate(self.words[kind], 1):
                sheet.cell(row, column, word)
        sheet.sheet_state = "hidden"


class _Writer:
    """Writes one page."""

    def __init__(self, sheet: Worksheet, page: Page, lists: _Lists) -> None:
        self.sheet, self.page, self.lists = sheet, page, lists
        self.summed = [
            number
            for number, column in enumerate(page.columns, 1)
            if column.kind is Kind.AMOUNT and column.key not in OF_WHICH
        ]
        self.has_sums = page.title in SUMMED
        self.width = len(page.columns) + (2 if self.has_sums else 0)
        self._rules: dict[tuple[Kind, tuple[str, ...]], DataValidation] = {}

    def write(self, lines: Sequence[Line], cover: Cover) -> int:
        """Write title, header and lines; return the last row."""
        sheet, page = self.sheet, self.page
        sheet["A1"], sheet["A2"] = f"{page.title}（{cover.unit} {cover.year} 年度）", page.hint
        sheet["A1"].font = Font(name=FONT, size=14, bold=True)
        sheet["A2"].font = Font(name=FONT, size=10, color="666666")
        sheet["A2"].alignment = Alignment(wrap_text=True, vertical="top")
        sheet.merge_cells(start_row=2, end_row=2, start_column=1, end_column=self.width)
        sheet.row_dimensions[2].height, sheet.row_dimensions[HEADER].height = 44, 32
        heads = [column.key for column in page.columns] + ([SUM, CHECK] if self.has_sums else [])
        for number, head in enumerate(heads, 1):
            cell = sheet.cell(HEADER, number, head)
            cell.font, cell.fill, cell.border = Font(name=FONT, bold=True), BLUE, BORDER
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        for number, column in enumerate(page.columns, 1):
            sheet.column_dimensions[get_column_letter(number)].width = WIDTHS[column.kind]
            if column.hint:
                sheet.cell(HEADER, number).comment = Comment(column.hint, "juesuan", height=80, width=220)
        last = FIRST + len(lines) + page.blank - 1
        for number, line in enumerate([*lines, *({} for _ in range(page.blank))]):
            self._line(number, line)
        for number in range(len(page.columns) + 1, self.width + 1):
            sheet.column_dimensions[get_column_letter(number)].width = WIDTHS[Kind.COUNT] * 2
        self._totals(last)
        for rule in self._rules.values():
            sheet.add_data_validation(rule)
        sheet.freeze_panes = f"B{FIRST}"
        _finish(sheet, HEADER)
        return last

    def _line(self, number: int, line: Line) -> None:
        row = FIRST + number
        for place, column in enumerate(self.page.columns, 1):
            holds = self.page.column_of(number, column)
            is_label = number < len(self.page.labels) and place <= len(self.page.labels[number])
            label = self.page.labels[number][place - 1] if is_label else ""
            locked = column.kind is Kind.LABEL or bool(label and line.get(column.key) == label)
            cell = self.sheet.cell(row, place)
            self._put(row, place, holds, line.get(column.key, ""))
            cell.border, cell.font = BORDER, Font(name=FONT)
            cell.protection = Protection(locked=locked)
            if locked:
                cell.fill = GREY
            else:
                self._limit(row, place, holds)
            wrap = column.kind in (Kind.LONG, Kind.LABEL)
            cell.alignment = Alignment(wrap_text=wrap, vertical="top" if wrap else "center")
        if self.has_sums:
            self._sum(row)
        self.sheet.row_dimensions[row].height = LINE_HEIGHT * max(
            (lines_of(line.get(column.key, ""), WIDTHS[column.kind]) for column in self.page.columns), default=1
        )

    def _put(self, row: int, place: int, column: Column, text: str) -> None:
        cell = self.sheet.cell(row, place)
        cell.number_format = FORMATS.get(column.kind, "@")
        number = read_amount(text) if column.kind in NUMBERS and text else None
        if number is not None:
            cell.value = number
        elif text:
            cell.value = self.lists.shown(text, column.kind) if column.kind in (Kind.SUBJECT, Kind.ECONOMIC) else text
            cell.data_type = "s"  # a text that begins with = is no formula

    def _limit(self, row: int, place: int, column: Column) -> None:
        key = (column.kind, column.choices)
        if key not in self._rules:
            rule = self._rule(column)
            if rule is None:
                return
            self._rules[key] = rule
        self._rules[key].add(self.sheet.cell(row, place).coordinate)

    def _rule(self, column: Column) -> DataValidation | None:
        if column.choices:
            words = ",".join(column.choices)
            rule = DataValidation("list", formula1=f'"{words}"', error=f"请从下拉框选：{words.replace(',', '、')}")
        elif column.kind in (Kind.SUBJECT, Kind.ECONOMIC):
            error = "当年科目表里没有这个科目；请从下拉框选。地方自设的科目写进「地方科目」，仍可填在这里"
            rule = DataValidation("list", formula1=self.lists.range(column.kind), errorStyle="warning", error=error)
        elif column.kind is Kind.AMOUNT:
            error = "金额应是不小于 0 的数字，只写数字，不写单位"
            rule = DataValidation("decimal", operator="greaterThanOrEqual", formula1="0", error=error)
        elif column.kind is Kind.CHANGE:
            rule = DataValidation("decimal", formula1="-1E+15", formula2="1E+15", error="应是数字，只写数字，不写单位")
        elif column.kind is Kind.COUNT:
            rule = DataValidation("whole", operator="greaterThanOrEqual", formula1="0", error="应是不小于 0 的整数")
        else:
            return None
        rule.allow_blank, rule.showErrorMessage, rule.errorTitle = True, True, "填写有误"
        return rule

    def _sum(self, row: int) -> None:
        first, last = (get_column_letter(place) for place in (self.summed[0], self.summed[-1]))
        place = len(self.page.columns) + 1
        cells = f"{first}{row}:{last}{row}"
        keys = [get_column_letter(n) for n in range(1, self.summed[0])]
        lacking = ",".join(f'{letter}{row}=""' for letter in keys)
        total = self.sheet.cell(row, place, f'=IF(COUNT({cells})=0,"",SUM({cells}))')
        total.number_format = FORMATS[Kind.AMOUNT]
        check = self.sheet.cell(row, place + 1)
        check.value = f'=IF(COUNT({cells})=0,"",IF(OR({lacking}),"✗ 缺科目或资金来源","✓"))'
        for cell in (total, check):
            cell.fill, cell.border, cell.font = GREY, BORDER, Font(name=FONT)

    def _totals(self, last: int) -> None:
        """Write the sums above the lines, where there are amounts to be added up."""
        sheet = self.sheet
        for place in range(1, self.width + 1):
            cell = sheet.cell(TOTAL, place)
            cell.fill, cell.border, cell.font = GREY, BORDER, Font(name=FONT, bold=True)
        amounts = [n for n, column in enumerate(self.page.columns, 1) if column.kind is Kind.AMOUNT]
        if not amounts:
            sheet.row_dimensions[TOTAL].hidden = True
            return
        sheet.cell(TOTAL, 1, SUM)
        for place in (*amounts, *([len(self.page.columns) + 1] if self.has_sums else [])):
            letter = get_column_letter(place)
            sheet.cell(TOTAL, place, f"=SUM({letter}{FIRST}:{letter}{last})").number_format = FORMATS[Kind.AMOUNT]
        if self.has_sums:
            area = f"{get_column_letter(self.width)}{FIRST}:{get_column_letter(self.width)}{last}"
            wrong = f'LEFT({get_column_letter(self.width)}{FIRST},1)="✗"'
            sheet.conditional_formatting.add(area, FormulaRule([wrong], fill=RED))  # type: ignore[no-untyped-call]


def _introduce(sheet: Worksheet, cover: Cover, pages: Iterable[Page]) -> None:
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
    _finish(sheet, 1)


HOW = (
    ("怎样填", "只在白格里填写；灰格是项目、合计和核对，不能改。没有发生的不填。合计、类款小计不填，自动计算。"),
    ("金额", "照决算报表填，只写数字；单位在「单位信息」里选，全部工作表一致，小数最多两位。"),
    ("科目", "点格子右边的箭头，从下拉框选；也可以只输入代码。"),
    ("核对", "填好后看「核对」：每一行都应是 ✓。"),
    ("导入", "保存后运行：juesuan import 采集表.xlsx --unit 单位 --year 年度。空白的格不改动已有的资料。"),
    ("绩效", "绩效自评不在本表填，请填资料文件夹里「绩效」中的文件。"),
)


def _finish(sheet: Worksheet, repeated: int) -> None:
    """Set a sheet up for printing: A4, as wide as the page, with its header on every page."""
    sheet.page_setup.paperSize, sheet.page_setup.orientation = sheet.PAPERSIZE_A4, "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"1:{repeated}"
    if sheet.oddFooter is not None and sheet.oddFooter.center is not None:
        sheet.oddFooter.center.text = "&A　第 &P 页，共 &N 页"
