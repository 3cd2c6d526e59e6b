"""The transcribed tables as workbooks: NNN/公开*.tsv → NNN/公开表.xlsx, a sheet a table. Run it after a TSV changes.

The TSV is the reviewable source: every line and cell as printed, a merged cell once and empty where it reaches. The
workbook adds only what a finance system's export has: merged titles and headers, and amounts as numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).parent
AMOUNT = re.compile(r"-?[0-9,]+\.[0-9]{2}")
COUNT = re.compile(r"[0-9]{1,2}")
"""What stands under 行次 and in the line of 栏次."""
TEXT_AMOUNTS = ("000", "002")
"""Documents whose workbook has its amounts as text, as some systems export them."""
PREAMBLE = re.compile(r"表$|单位[:：]|部门[:：]|编制部门|决算表")
BODY = re.compile(rf"栏次$|[0-9一二三四五六七八九十]+[.、]|{AMOUNT.pattern}$")

Grid = list[list[str]]


def transcribed(document: str) -> dict[str, Grid]:
    """Return the tables of a document, as they are transcribed, by the name of their sheet."""
    return {
        path.stem: [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        for path in sorted((HERE / document).glob("公开*.tsv"))
    }


def header_lines(grid: Grid) -> range:
    """Return the lines between the preamble (title, 表号, unit) and the first line of data or of 栏次."""
    first = 1
    while sum(map(bool, grid[first])) < 3 and PREAMBLE.search("".join(grid[first])):
        first += 1
    last = first
    while not _is_body(grid[last]):
        last += 1
    return range(first, last)


def _is_body(line: Sequence[str]) -> bool:
    texts = [text for text in line if text]
    return texts == ["合计"] or all(map(str.isdigit, texts)) or any(map(BODY.match, texts))


def merged(grid: Grid) -> Iterator[tuple[int, int, int, int]]:
    """Yield the merged cells of the header (top, left, bottom, right; from 0): first to the right, then down."""
    lines = header_lines(grid)
    width = max(map(len, grid))
    covered: set[tuple[int, int]] = set()
    for top in lines:
        line = grid[top] + [""] * (width - len(grid[top]))
        for left, text in enumerate(line):
            if not text:
                continue
            right = left
            while right + 1 < width and not line[right + 1] and (top, right + 1) not in covered:
                right += 1
            bottom = top
            while bottom + 1 in lines and not any(grid[bottom + 1][left : right + 1]):
                bottom += 1
            covered |= {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
            if (bottom, right) != (top, left):
                yield top, left, bottom, right


def fill(sheet: Worksheet, grid: Grid, *, text_amounts: bool) -> None:
    """Write one table onto its sheet."""
    width = max(map(len, grid))
    for number, line in enumerate(grid, 1):
        for place, text in enumerate(line, 1):
            cell = sheet.cell(number, place)
            if AMOUNT.fullmatch(text) and not text_amounts:
                cell.value, cell.number_format = float(text.replace(",", "")), "#,##0.00"
            elif COUNT.fullmatch(text) and not text_amounts:
                cell.value = int(text)
            elif text:
                cell.value = text
    areas = [(0, 0, 0, width - 1)] if not any(grid[0][1:]) else []
    for top, left, bottom, right in (*areas, *merged(grid)):
        sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
        sheet.cell(top + 1, left + 1).alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def workbook(document: str) -> Workbook:
    """Return the tables of a document as a workbook."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, grid in transcribed(document).items():
        fill(book.create_sheet(name), grid, text_amounts=document in TEXT_AMOUNTS)
    return book


def main() -> None:
    """Write the workbook of every document."""
    for folder in sorted(path for path in HERE.iterdir() if any(path.glob("公开*.tsv"))):
        workbook(folder.name).save(folder / "公开表.xlsx")


if __name__ == "__main__":
    main()
