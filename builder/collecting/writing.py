"""Pages → the workbook: inputs open, all else locked, with drop-downs, limits, sums and checks.

The same lines give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from builder.accounts.subjects import Subjects
from builder.workbooks.amounts import read_amount

from .checking import CHECK, check_sheet
from .cover import FONT, LINE_HEIGHT, Cover, introduce, lines_of, set_up
from .filling import Line
from .pages import CHECKS, LISTS, Column, Kind, Page

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
EDGE = Side(style="thin", color="999999")
BORDER = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
PLAIN, LOCKED, OPEN = Font(name=FONT), Protection(locked=True), Protection(locked=False)
WRAPPED, CENTRED = Alignment(wrap_text=True, vertical="top"), Alignment(vertical="center")
GREY, BLUE, RED = (PatternFill("solid", bgColor=c, fgColor=c) for c in ("EDEDED", "DDEBF7", "F8CBAD"))
EPOCH = (1980, 1, 1, 0, 0, 0)
MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def workbook_bytes(cover: Cover, pages: Sequence[tuple[Page, Sequence[Line]]], subjects: Subjects) -> bytes:
    """Return the workbook of these pages, each with its lines."""
    book = Workbook()
    introduce(book.worksheets[0], cover, [page for page, _ in pages])
    lists = _Lists(subjects)
    ends = {}
    for page, lines in pages:
        writer = _Writer(book.create_sheet(page.title), page, lists)
        ends[page.title] = writer.write(lines, cover)
    check_sheet(book.create_sheet(CHECKS), {page.title: page for page, _ in pages}, ends)
    set_up(book[CHECKS], 1)
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


def ranges_of(cells: Sequence[str]) -> Iterator[str]:
    """Yield ranges that cover just these cells, each down a column as far as it goes."""
    columns: dict[str, list[int]] = {}
    for cell in cells:
        letter = cell.rstrip("0123456789")
        columns.setdefault(letter, []).append(int(cell.removeprefix(letter)))
    for letter, rows in columns.items():
        first = rows[0]
        for row, after in zip(rows, [*rows[1:], None], strict=True):
            if after != row + 1:
                yield f"{letter}{first}:{letter}{row}"
                first = after or row


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
        self._limited: dict[tuple[Kind, tuple[str, ...]], tuple[DataValidation, list[str]]] = {}

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
        for rule, cells in self._limited.values():
            rule.sqref = MultiCellRange(" ".join(ranges_of(cells)))
            sheet.add_data_validation(rule)
        sheet.freeze_panes = f"B{FIRST}"
        set_up(sheet, HEADER)
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
            cell.border, cell.font = BORDER, PLAIN
            cell.protection = LOCKED if locked else OPEN
            if locked:
                cell.fill = GREY
            else:
                self._limit(row, place, holds)
            cell.alignment = WRAPPED if column.kind in (Kind.LONG, Kind.LABEL) else CENTRED
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
        if key not in self._limited:
            rule = self._rule(column)
            if rule is None:
                return
            self._limited[key] = rule, []
        self._limited[key][1].append(f"{get_column_letter(place)}{row}")

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
            cell.fill, cell.border, cell.font = GREY, BORDER, PLAIN

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
