"""The report as a workbook: a summary, a list of the findings to filter, the rules, and the tables with their marks."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from builder.accounts.money import printed
from builder.checks.results import Outcome, Result
from builder.findings import Level
from builder.workbooks.exporting import BORDER, NUMBER_FORMAT, TOP, fill_sheet, safe

from .examined import Cause, Examination, Examined, Problem
from .marks import Mark, Marks, marks_of
from .tables import Table, tables_of

SUMMARY, FINDINGS, RULES = "汇总", "发现", "规则"
COUNTS = {
    "单位": 34, "年度": 8, "状态": 10,
    **{level.value: 9 for level in Level}, **{outcome.value: 10 for outcome in Outcome},
}
COLUMNS = {
    "单位": 24, "年度": 7, "编号": 7, "级别": 7, "规则": 22, "说明": 64, "表": 10, "行": 22, "列": 16, "现为": 15,
    "应为": 15, "相差": 15, "金额单位": 9, "出处": 40, "先看这里": 56,
}
OF_RULES = {
    "单位": 24, "年度": 7, "规则": 30, "公式": 60, **{outcome.value: 10 for outcome in Outcome}, "为什么无法判断": 70,
}
"""The headers of the three lists, with the widths of their columns."""
NUMBER, PLACE = list(COLUMNS).index("编号") + 1, list(COLUMNS).index("表") + 1
FILLS = {
    Level.ERROR: PatternFill("solid", "F8C6C1"), Level.WARNING: PatternFill("solid", "FFE699"),
    Level.NOTE: PatternFill("solid", "CDE9F2"),
}
SUSPECT, GREY = PatternFill("solid", "F2F2CC"), PatternFill("solid", "EFEFEF")
LINK, HEAD = Font(name="宋体", color="0B57D0", underline="single"), Font(name="宋体", bold=True)
WRAPPED = Alignment(wrap_text=True, vertical="top")
LONGEST_NAME, LONGEST_COMMENT, SHOWN = 31, 900, 6
LINE_HEIGHT, MOST_LINES = 15, 26
Marked = list[tuple[Cell, Mark]]


def workbook(examination: Examination) -> Iterator[bytes]:
    """Yield the workbook. Of several unit-years, only the tables in which something is marked have a sheet."""
    book = Workbook()
    summary, findings, rules = book.worksheets[0], book.create_sheet(FINDINGS), book.create_sheet(RULES)
    summary.title = SUMMARY
    for sheet, columns in ((summary, COUNTS), (findings, COLUMNS), (rules, OF_RULES)):
        sheet.append(list(columns))
    several = len(examination) > 1
    for place, each in enumerate(examination, 1):
        state = "没有核对" if each.accounts is None else "有不符" if each.causes else "没有不符"
        summary.append([_text(each.unit), each.year, state, *each.levels().values(), *each.outcomes().values()])
        marks = marks_of(each)
        marked: Marked = []
        for table in tables_of(each.accounts, marks) if each.accounts else ():
            if table.marks or not several:
                name = f"{f'{place}-' if several else ''}{table.grid.code or table.grid.name}"[:LONGEST_NAME]
                _table(book.create_sheet(name), each, table, marked)
        rows = {problem.number: row for row, problem in _findings(findings, each)}
        _link(findings, marks, marked, rows)
        for rule in each.rules():
            reasons = "\n".join(each.shortened(reason) for reason in rule.reasons[:SHOWN])
            rules.append([_text(each.unit), each.year, rule.title, rule.formula, *rule.counts.values(), _text(reasons)])
    for sheet, columns in ((summary, COUNTS), (findings, COLUMNS), (rules, OF_RULES)):
        _finish(sheet, list(columns.values()))
    stream = io.BytesIO()
    book.save(stream)
    yield stream.getvalue()


def _findings(sheet: Worksheet, examined: Examined) -> Iterator[tuple[int, Problem]]:
    """Add a line for each problem, and yield in which row it stands."""
    for cause in examined.causes:
        for problem in cause.problems:
            sheet.append(_line(examined, cause, problem))
            row = sheet.max_row
            sheet.cell(row, list(COLUMNS).index("级别") + 1).fill = FILLS[problem.result.severity]
            for name in ("现为", "应为", "相差"):
                sheet.cell(row, list(COLUMNS).index(name) + 1).number_format = (
                    NUMBER_FORMAT if problem.result.is_money else "General"
                )
            yield row, problem


def _line(examined: Examined, cause: Cause, problem: Problem) -> list[object]:
    result = problem.result
    place = result.place
    suspects = [f"{examined.shortened(str(each.source))} {each.what}".strip() for each in cause.suspects]
    more = [f"等 {len(suspects)} 处"] if len(suspects) > SHOWN else []
    cells: list[object] = [
        examined.unit, examined.year, problem.number, result.severity.value, problem.title,
        examined.shortened(result.message), *((place.table, place.row, place.column) if place else ("", "", "")),
        *(_amount(value, result) for value in (result.stated, result.expected, result.difference)),
        "万元" if result.is_money and result.stated is not None else "", str(result.source or ""),
        "\n".join([*suspects[:SHOWN], *more]),
    ]
    return [_text(cell) if isinstance(cell, str) else cell for cell in cells]


def _text(text: str) -> str:
    """Return a text that a workbook can hold, and that is no formula."""
    return safe(ILLEGAL_CHARACTERS_RE.sub("", text))


def _amount(value: Decimal | None, result: Result) -> Decimal | None:
    return value if value is None or not result.is_money else printed(value)


def _table(sheet: Worksheet, examined: Examined, table: Table, marked: Marked) -> None:
    """Fill a sheet with a table, colour the marked cells, and note each with its mark."""
    assert examined.accounts is not None
    fill_sheet(sheet, table.grid, examined.accounts.unit_year.card.name, examined.year)
    for row, line in enumerate(table.lines, TOP + table.grid.depth):
        column = 1
        for shown in line:
            if shown.mark is not None:
                _mark(sheet.cell(row, column), shown.mark, examined, marked)
            column += shown.width
    for loose in table.loose:
        text = _text(f"表格以外：{loose.place} {loose.shown.text}")
        _mark(sheet.cell(sheet.max_row + 1, 1, text), loose.shown.mark, examined, marked)


def _mark(cell: Cell | MergedCell, mark: Mark | None, examined: Examined, marked: Marked) -> None:
    if mark is None or not isinstance(cell, Cell):
        return
    cell.fill = SUSPECT if mark.suspect else FILLS[mark.problems[0].result.severity]
    lines = [
        f"{each.number} {each.result.severity.value}：{examined.shortened(each.result.message)}"
        for each in mark.problems[:SHOWN]
    ]
    text = _text("\n".join(["可能有误，涉及：", *lines] if mark.suspect else lines))
    cell.comment = Comment(text[:LONGEST_COMMENT], "juesuan", height=160, width=420)
    marked.append((cell, mark))


def _link(findings: Worksheet, marks: Marks, marked: Marked, rows: dict[str, int]) -> None:
    """Link each finding to its cell, and each marked cell to its finding."""
    places = {mark.anchor: cell for cell, mark in marked}
    for cell, mark in marked:
        _to(cell, FINDINGS, f"A{rows[mark.problems[0].number]}")
    for number, row in rows.items():
        aims = [anchor for anchor in (*marks.anchors[number], *marks.suspects[number]) if anchor in places]
        if aims:
            aim = places[aims[0]]
            for column in (NUMBER, PLACE):
                source = findings.cell(row, column)
                if isinstance(source, Cell) and source.value:
                    _to(source, str(aim.parent.title), aim.coordinate)
                    source.font = LINK


def _to(cell: Cell, sheet: str, coordinate: str) -> None:
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(sheet)}!{coordinate}")


def _finish(sheet: Worksheet, widths: Sequence[int]) -> None:
    """Give a list its widths, borders, wrapped texts, a header that stays in view, and a filter."""
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate(sheet.iter_rows(), 1):
        for cell in row:
            cell.border, cell.alignment = BORDER, WRAPPED
        lines = max(_lines(str(cell.value or ""), width) for cell, width in zip(row, widths, strict=True))
        sheet.row_dimensions[number].height = LINE_HEIGHT * min(lines, MOST_LINES)
    for cell in sheet[1]:
        cell.font, cell.fill = HEAD, GREY
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column; a Chinese character is as wide as two digits."""
    return sum(-(-sum(2 if sign > "\xff" else 1 for sign in line) // width) or 1 for line in text.split("\n"))
