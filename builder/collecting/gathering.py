"""From the lines of a 采集表 to what the unit's files hold, with the cell that each value stands in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from builder.accounts.money import plain
from builder.findings import Finding, Level, Source
from builder.loading.document import Path
from builder.scaffolding.explaining import BUDGETS
from builder.workbooks.amounts import decimal_of, is_blank
from builder.workbooks.reading import column_letters

from .filling import Contents
from .pages import (
    CARD_PAGE,
    KEY,
    LAST_YEAR_UNIT,
    OFFICE_COUNT,
    OFFICES,
    STAFF,
    SURPLUS,
    VALUE,
    WHEN,
    WHOLE_ZERO,
    Column,
    Kind,
    Page,
)  # fmt: skip

CODE = re.compile(r"([0-9]{3,})(?:\D.*)?", re.DOTALL)
NUMBERS = (Kind.AMOUNT, Kind.CHANGE, Kind.COUNT)
CENTS = -2
Cells = Mapping[str, tuple[str, "CellSource"]]
"""A line as it is read: text and place by header, without blank cells."""


class CellSource(Source):
    """A cell: ``path`` is file and sheet; ``line`` and ``column`` are those of the sheet."""

    __slots__ = ()

    def __str__(self) -> str:
        """Return ``采集表.xlsx 支出!C7``."""
        return f"{self.path}!{column_letters(self.column - 1)}{self.line}"


@dataclass(slots=True)
class Gathered:
    """What a 采集表 says: contents, the cell of each value by file and path, and what is wrong with its lines."""

    contents: Contents = field(default_factory=Contents)
    cells: dict[str, dict[Path, CellSource]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def put(self, book: str, path: tuple[str, ...], text: str, cell: CellSource) -> None:
        """Set a value under keys. A second one for the same keys is a mistake."""
        places = self.cells.setdefault(book, {})
        if path in places:
            what = "」「".join(path)
            self.findings.append(Finding(f"「{what}」在 {places[path]} 已经填过；请删去一处", cell))
            return
        node = getattr(self.contents, book)
        for length, key in enumerate(path[:-1], 1):
            node = node.setdefault(key, {})
            places.setdefault(path[:length], cell)
        node[path[-1]] = text
        places[path] = cell

    def add(self, path: tuple[str, ...], line: Mapping[str, tuple[str, CellSource]], cell: CellSource) -> None:
        """Add a line to a list of 决算."""
        places = self.cells.setdefault("facts", {})
        node = self.contents.facts
        for key in path[:-1]:
            node = node.setdefault(key, {})
        lines = node.setdefault(path[-1], [])
        place: Path = (*path, len(lines))
        places.setdefault(path, cell)
        places[place] = cell
        places.update({(*place, key): at for key, (_, at) in line.items()})
        lines.append({key: text for key, (text, _) in line.items()})

    def wrong(self, message: str, cell: CellSource, level: Level = Level.ERROR) -> None:
        """Note what is wrong with a line."""
        self.findings.append(Finding(message, cell, level))


def cell_text(value: object, column: Column) -> str:
    """Return a cell as the files write it; nothing for a blank one."""
    number = decimal_of(float(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None
    if column.kind in NUMBERS:
        if number is None:
            return "" if is_blank(value) else str(value).strip()
        exponent = number.as_tuple().exponent
        is_fine = isinstance(exponent, int) and exponent >= CENTS
        return f"{number:.2f}" if column.kind is not Kind.COUNT and is_fine else plain(number)
    if column.kind is Kind.RATE and number is not None:
        return f"{plain(number * Decimal(100))}%"
    text = plain(number) if number is not None else str(value if value is not None else "").strip()
    if column.kind in (Kind.SUBJECT, Kind.ECONOMIC) and (code := CODE.fullmatch(text)):
        return code[1]
    return text.replace("\r\n", "\n")


def gather(page: Page, lines: list[tuple[Cells, CellSource]], into: Gathered) -> None:
    """Take the lines of one page."""
    taker = TAKERS[page.title] if page.columns[0].key != KEY else _card if page.title == CARD_PAGE else _leaf
    for line, cell in lines:
        taker(into, line, cell)


def _card(into: Gathered, line: Cells, _cell: CellSource) -> None:
    if VALUE not in line:
        return
    key, (text, cell) = line[KEY][0], line[VALUE]
    if key == LAST_YEAR_UNIT:
        into.put("last_year", ("金额单位",), text, cell)
    elif key in ("金额单位", *SURPLUS):
        into.put("facts", (key,), text, cell)
    elif key == OFFICE_COUNT:
        into.put("facts", ("机构", key), text, cell)
    elif key != WHOLE_ZERO:
        into.put("card", (key,), text, cell)
    else:
        for book in re.split(r"[、，,\s]+", text):
            if book not in BUDGETS:
                into.wrong(f"「{WHOLE_ZERO}」写作「{book}」；应是 {'、'.join(BUDGETS)}", cell)
            elif into.contents.facts.get(book):
                into.wrong(f"「{book}」既说全部为零，又在「预算」里填了数；请改正一处", cell)
            else:
                into.contents.facts[book] = []


def _leaf(into: Gathered, line: Cells, _cell: CellSource) -> None:
    if VALUE in line:
        into.put("facts", tuple(line[KEY][0].split()), *line[VALUE])


def _ledger(book: str, *labels: str) -> Callable[[Gathered, Cells, CellSource], None]:
    def take(into: Gathered, line: Cells, cell: CellSource) -> None:
        amounts = [key for key in line if key not in labels]
        if not amounts:
            into.wrong(f"「{line[next(iter(line))][0]}」这一行没有填金额，没有导入", cell, Level.NOTE)
            return
        if "资金来源" in labels and "资金来源" not in line:
            into.wrong("这一行没有选资金来源；请选一般公共预算、政府性基金预算、国有资本经营预算或非财政拨款", cell)
        into.add((book,), line, cell)

    return take


def _economic(into: Gathered, line: Cells, cell: CellSource) -> None:
    if "科目" not in line:
        into.wrong("这一行有金额，没有科目；请选科目", cell)
    elif "金额" not in line:
        into.wrong(f"「{line['科目'][0]}」这一行没有填金额，没有导入", cell, Level.NOTE)
    else:
        code, at = line["科目"]
        into.put("facts", ("基本支出经济分类", code), *line["金额"])
        into.cells["facts"]["基本支出经济分类", code] = at


def _by(header: str, books: Mapping[str, str]) -> Callable[[Gathered, Cells, CellSource], None]:
    """Return what takes a line into the list that its first column names."""

    def take(into: Gathered, line: Cells, cell: CellSource) -> None:
        word, at = line.get(header, ("", cell))
        if word not in books:
            said = f"写作「{word}」" if word else "没有选"
            into.wrong(f"「{header}」{said}；应是 {'、'.join(books)} 之一", at)
            return
        _ledger(books[word], "科目", "资金来源", "类型")(into, {k: v for k, v in line.items() if k != header}, cell)

    return take


def _assets(into: Gathered, line: Cells, cell: CellSource) -> None:
    if "数量" not in line:
        return
    if "类别" not in line or "名称" not in line:
        into.wrong("这一行有数量，没有类别或名称；请补填", cell)
        return
    into.put("facts", ("国有资产", line["类别"][0], line["名称"][0]), *line["数量"])


def _people(into: Gathered, line: Cells, cell: CellSource) -> None:
    group, at = line.get("类别", ("", cell))
    if "名称" not in line or group not in (*STAFF, OFFICES):
        into.wrong(f"类别应是 {'、'.join((*STAFF, OFFICES))} 之一，并写上名称", at)
    elif group == OFFICES:
        places = into.cells.setdefault("facts", {})
        offices = into.contents.facts.setdefault("机构", {}).setdefault(OFFICES, [])
        places["机构", OFFICES, len(offices)] = cell
        offices.append(line["名称"][0])
    elif "人数" not in line:
        into.wrong(f"「{line['名称'][0]}」没有填人数；没有就填 0 或清空这一行", cell)
    else:
        into.put("facts", ("人员", group, line["名称"][0]), *line["人数"])


def _units(into: Gathered, line: Cells, cell: CellSource) -> None:
    into.add(("机构", "决算单位"), line, cell)


def _subjects(into: Gathered, line: Cells, cell: CellSource) -> None:
    if set(line) != {"代码", "名称"}:
        into.wrong("地方科目的代码和名称都要填", cell)
        return
    into.put("card", ("科目", line["代码"][0]), *line["名称"])


def _last_year(into: Gathered, line: Cells, cell: CellSource) -> None:
    values = {key: value for key, value in line.items() if key != "指标"}
    if values and "指标" not in line:
        into.wrong("这一行有数，没有指标的名称；请补填", cell)
    elif values:
        for key, value in values.items():
            into.put("last_year", ("指标", line["指标"][0], key), *value)


def _reasons(into: Gathered, line: Cells, cell: CellSource) -> None:
    texts = {"文字": line.get("原因"), "同": line.get("同")}
    given = {key: value for key, value in texts.items() if value is not None}
    if not given:
        return
    if "指标" not in line or "比较" not in line:
        into.wrong("这一行写了原因，没有指标或比较（较上年、较预算）；请补填", cell)
        return
    path = ("原因", line["指标"][0], line["比较"][0])
    if list(given) == ["文字"]:
        into.put("notes", path, *given["文字"])
    else:
        for key, value in given.items():
            into.put("notes", (*path, key), *value)


def _texts(into: Gathered, line: Cells, cell: CellSource) -> None:
    if "文字" in line and "名称" in line:
        into.put("notes", ("文本", line["名称"][0]), *line["文字"])
    elif "文字" in line:
        into.wrong("这一行有文字，没有名称；请补填", cell)


def _long_texts(into: Gathered, line: Cells, cell: CellSource) -> None:
    if "正文" not in line:
        return
    if "名称" not in line or re.search(r'[\\/:*?"<>|]', line["名称"][0]):
        into.wrong("长文的名称没有填，或有不能作文件名的符号；请改正", cell)
        return
    name, text = line["名称"][0], line["正文"][0]
    before = into.contents.long_texts.get(name)
    into.contents.long_texts[name] = f"{before}\n{text}" if before else text
    into.cells.setdefault("long_texts", {}).setdefault((name,), line["正文"][1])


TAKERS: Mapping[str, Callable[[Gathered, Cells, CellSource], None]] = {
    "收入": _ledger("收入", "科目"), "支出": _ledger("支出", "科目", "资金来源"), "基本支出经济分类": _economic,
    "结转结余": _by("时点", WHEN), "预算": _by("预算", {book: book for book in BUDGETS}), "国有资产": _assets,
    "人员机构": _people, "决算单位": _units, "地方科目": _subjects, "上年数": _last_year, "原因": _reasons,
    "文本": _texts, "长文": _long_texts,
}  # fmt: skip
"""Page → what takes one of its lines."""
