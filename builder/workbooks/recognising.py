"""Which tables of a style stand where in a workbook: by title and 表号, whatever the sheets are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from builder.accounts.views import TableSpec
from builder.findings import Finding, Level, Source

from .amounts import read_amount, text_of
from .headers import normal
from .reading import Sheet, Workbook
from .regions import side_by_side

BRACKETED = re.compile(r"[(（][^()（）]*[)）]$")
OTHER_TABLE = re.compile(r"[收支拨款费预基]")
"""What stands beside a title in a cell and makes it the title of another table."""
UNTITLED = re.compile(r"公开 *[0-9]+ *表|^[（(]?续表")
OF_YEAR = re.compile(r"^.*20[0-9]{2}年度?")
CONTINUED = re.compile(r"[(]?续表?[0-9一二三四五六七八九十]*[)]?")
CONTINUES = re.compile(r"续表|[(]续[0-9一二三四五六七八九十]*[)]|表续")
CONTINUATION = "续表"
"""What stands in the place of a table's name where only this is printed."""
FEWEST = 3
"""So many texts on one line are a header's."""
AROUND = 30
"""So many characters may stand around a title."""
NEAR = 4
"""A 表号 so many rows from a title belongs to it."""
NEARER = 0.25
"""By so much must a title be more like another table's than like that of its 表号 to be the other's; 1 is the same."""


@dataclass(frozen=True, slots=True)
class Found:
    """A table's place: its sheet, and its rows from ``first`` (title or 表号) to before ``last``.

    ``code`` is a 表号 that is another table's, ``title`` a title that is none of the style's; empty where right.
    ``continues`` says that the table began on an earlier page, ``is_bare`` that it has neither title nor 表号.
    """

    table: str
    sheet: Sheet
    first: int
    last: int
    code: str = ""
    title: str = ""
    continues: bool = False
    is_bare: bool = False


@dataclass(slots=True)
class Anchor:
    """Where a table begins, and what is printed there."""

    row: int
    table: str
    code: str = ""
    title: str = ""


def printed_tables(tables: Mapping[str, TableSpec]) -> dict[str, TableSpec]:
    """Return the tables that are published."""
    return {name: spec for name, spec in tables.items() if spec.printed}


def find_tables(workbook: Workbook, tables: Mapping[str, TableSpec]) -> tuple[list[Found], list[Finding]]:
    """Return the places of the style's tables, those that only a list of contents names included."""
    found: list[Found] = []
    findings: list[Finding] = []
    named = printed_tables(tables)
    titles, codes = _titles(named), {normal(spec.code): table for table, spec in named.items() if spec.code}

    def names(value: object) -> tuple[str, bool] | None:
        if not isinstance(value, str) or "表" not in value:
            return None
        table, code = _title_in(value, titles), codes.get(normal(value))
        if table is None and CONTINUED.fullmatch(text_of(value)):
            table = CONTINUATION
        return (table, True) if table else (code, False) if code else None

    for sheet in side_by_side(workbook.sheets, names):
        anchors = _with_next_pages(sheet, _anchors(sheet, named, findings, workbook.name), found)
        ends = [*(anchor.row for anchor in anchors[1:]), len(sheet.rows)]
        before: set[str] = set()
        for anchor, end in zip(anchors, ends, strict=False):
            continues = any(CONTINUES.search(text_of(value)) for value in sheet.rows[anchor.row])
            continues = continues or anchor.table in before
            found.append(Found(anchor.table, sheet, anchor.row, end, anchor.code, anchor.title, continues))
            before.add(anchor.table)
        if not anchors and any(text_of(value) for row in sheet.rows for value in row):
            found.append(Found("", sheet, 0, len(sheet.rows), is_bare=True))
    return found, findings


def _with_next_pages(sheet: Sheet, anchors: list[Anchor], found: list[Found]) -> list[Anchor]:
    """Return the anchors with the places where only 「续表」 is printed, under the name of the table before."""
    rows = {
        number for number, row in enumerate(sheet.rows)
        if any(CONTINUED.fullmatch(text_of(value)) for value in row if isinstance(value, str) and "续" in value)
    }
    rows -= {anchor.row + below for anchor in anchors for below in range(NEAR)}  # beside or below a title
    table = found[-1].table if found else ""
    merged: list[Anchor] = []
    by_row = {anchor.row: anchor for anchor in anchors}
    for row in sorted(rows | by_row.keys()):
        anchor = by_row.get(row)
        table = anchor.table if anchor else table
        if table:
            merged.append(anchor or Anchor(row, table))
    return merged


def _anchors(
    sheet: Sheet, tables: Mapping[str, TableSpec], findings: list[Finding], name: str
) -> list[Anchor]:
    titles = _titles(tables)
    codes = {normal(spec.code): table for table, spec in tables.items() if spec.code}
    by_title = {row: Anchor(row, table) for row, table in _matches(sheet, titles)}
    by_code: dict[int, Anchor] = {}
    for number, values in enumerate(sheet.rows):
        for value in values:
            if isinstance(value, str) and "表" in value:
                text = normal(value)
                table = next((table for code, table in codes.items() if text.endswith(code)), None)
                if table:
                    by_code[number] = Anchor(number, table)
    for row, anchor in by_code.items():
        near = [at for at in by_title if abs(at - row) <= NEAR and not _is_table_between(sheet, at, row)]
        before = [at for at in near if at <= row]
        if not near:
            anchor.title = _title_above(sheet, row, after=max((at for at in by_title if at < row), default=-1))
            by_title[row], title = anchor, Anchor(row, _nearest(anchor.title, anchor.table, tables))
        else:
            title = by_title[max(before) if before else min(near)]
        if title.table != anchor.table:
            words = anchor.title or tables[title.table].title
            message = f"标题是「{words}」，表号却是「{tables[anchor.table].code}」；按标题读作 {title.table}，请核对"
            findings.append(Finding(f"{sheet.address(row, 0)}：{message}", Source(name), Level.WARNING))
            title.code, title.title = tables[anchor.table].code, anchor.title
            by_title[title.row] = title
    return [by_title[row] for row in sorted(by_title)]


def _nearest(title: str, coded: str, tables: Mapping[str, TableSpec]) -> str:
    """Return the table that a title in other words is clearly nearest to, or else the one that the 表号 names.

    What a title shares with one table alone (三公, 基金) tells more than what it shares with all (财政拨款, 决算表).
    """
    pairs = {table: set(pairwise(normal(spec.title))) for table, spec in tables.items()}
    tables_with = Counter(pair for each in pairs.values() for pair in each)
    own = set(pairwise(normal(title))) & tables_with.keys()

    def weight(chosen: set[tuple[str, str]]) -> float:
        return sum(1 / tables_with[pair] for pair in chosen)

    likeness = {table: 2 * weight(own & each) / (weight(own) + weight(each)) for table, each in pairs.items() if own}
    best = max(likeness, key=likeness.__getitem__, default=coded)
    return best if likeness and likeness[best] >= likeness[coded] + NEARER else coded


def _is_table_between(sheet: Sheet, title: int, code: int) -> bool:
    """Tell whether a title and a 表号 some rows from it are those of two tables: one's rows stand between them."""
    for row in sheet.rows[min(title, code) + 1 : max(title, code)]:
        texts = [text for value in row if (text := text_of(value))]
        if any(read_amount(text) is not None for text in texts):
            return True
        if len(texts) >= FEWEST and not any(":" in text for text in texts):
            return True
    return False


def _title_above(sheet: Sheet, row: int, *, after: int) -> str:
    """Return what stands as a title in or a few rows above the row of a 表号, below the row ``after``."""
    for number in range(row, max(after, row - NEAR), -1):
        for value in sheet.rows[number]:
            if isinstance(value, str) and value.strip().endswith("表") and not UNTITLED.search(value):
                return value.strip()
    return ""


def _titles(tables: Mapping[str, TableSpec]) -> list[tuple[str, str]]:
    """Return the normal form of each title, also without what stands in brackets at its end, longest first."""
    titles: dict[str, str] = {}
    for table, spec in tables.items():
        for title in (spec.title, BRACKETED.sub("", spec.title)):
            titles.setdefault(normal(title), table)
    return sorted(titles.items(), key=lambda item: -len(item[0]))


def _matches(sheet: Sheet, titles: list[tuple[str, str]]) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(sheet.rows):
        if table := next(filter(None, (_title_in(value, titles) for value in row)), None):
            yield number, table


def _title_in(value: object, titles: list[tuple[str, str]]) -> str | None:
    """Return the table whose title a cell is, also with the year and the unit's name before it."""
    if not isinstance(value, str) or "表" not in value:
        return None
    text = OF_YEAR.sub("", normal(value))
    title = next(((title, table) for title, table in titles if title in text), None)
    if title and not OTHER_TABLE.search(text.replace(title[0], "", 1)) and len(text) <= len(title[0]) + AROUND:
        return title[1]
    return None
