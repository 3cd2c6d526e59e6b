"""From a unit's files to the lines of a 采集表: what stands in the files is filled in where it belongs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from builder.accounts.values import FUNDS
from builder.scaffolding.explaining import BUDGETS

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

Line = dict[str, str]
"""A line of a sheet: text by header."""
LONGEST = 30_000
"""Characters that a cell may take; a spreadsheet's own limit is 32,767."""
LEAF_ROOTS = ("三公经费", "会议费", "培训费", "机关运行经费", "政府采购")


@dataclass(slots=True)
class Contents:
    """What the files of a unit-year hold, as written: mappings of keys, lists and texts; long texts by name."""

    card: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    last_year: dict[str, Any] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    long_texts: dict[str, str] = field(default_factory=dict)


def filled(page: Page, contents: Contents) -> tuple[Page, list[Line]]:
    """Return a page, with lines added that the contents need, and all its lines filled in as far as known."""
    if page.columns[0].key == KEY:
        return _filled_leaves(page, contents)
    given = list(LINES[page.title](contents))
    names = [column.key for column in page.columns[: _names(page)]]
    labels = [dict(zip((column.key for column in page.columns), label, strict=False)) for label in page.labels]
    lines = []
    for label in labels:
        same = [line for line in given if all(line.get(name) == label[name] for name in names)]
        lines += [{**label, **line} for line in same] or [label]
        given = [line for line in given if line not in same]
    return page, [*lines, *given]


def _names(page: Page) -> int:
    """Return how many columns say what a line is about."""
    return {"国有资产": 2, "原因": 2}.get(page.title, 1)


def _filled_leaves(page: Page, contents: Contents) -> tuple[Page, list[Line]]:
    known = dict(_card_values(contents) if page.title == CARD_PAGE else _leaves(contents.facts))
    asked = {label[0] for label in page.labels}
    more = [key for key in known if key not in asked]
    page = replace(
        page,
        labels=(*page.labels, *((key, "", "") for key in more)),
        kinds=(*page.kinds, *(Column(VALUE, Kind.TEXT if key.endswith("口径") else Kind.AMOUNT) for key in more)),
    )
    keys = [column.key for column in page.columns]
    return page, [dict(zip(keys, label, strict=False)) | {VALUE: known.get(label[0], "")} for label in page.labels]


def _card_values(contents: Contents) -> Iterator[tuple[str, str]]:
    yield from ((key, text) for key, text in contents.card.items() if isinstance(text, str) and key != "风格")
    yield from ((key, contents.facts[key]) for key in ("金额单位", *SURPLUS) if key in contents.facts)
    if "金额单位" in contents.last_year:
        yield LAST_YEAR_UNIT, contents.last_year["金额单位"]
    if zero := [book for book in BUDGETS if contents.facts.get(book) == []]:
        yield WHOLE_ZERO, "、".join(zero)
    if count := (contents.facts.get("机构") or {}).get(OFFICE_COUNT):
        yield OFFICE_COUNT, count


def _leaves(facts: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    for key, value in facts.items():
        if not path and key not in LEAF_ROOTS:
            continue
        if isinstance(value, Mapping):
            yield from _leaves(value, (*path, key))
        else:
            yield " ".join((*path, key)), value


def _ledger(book: str) -> Callable[[Contents], Iterator[Line]]:
    def lines(contents: Contents) -> Iterator[Line]:
        for line in contents.facts.get(book) or ():
            yield ({} if book == "收入" else {"资金来源": FUNDS[0]}) | line

    return lines


def _economic(contents: Contents) -> Iterator[Line]:
    for code, amount in (contents.facts.get("基本支出经济分类") or {}).items():
        yield {"科目": code, "金额": amount}


def _carried(contents: Contents) -> Iterator[Line]:
    for when, book in WHEN.items():
        yield from ({"时点": when} | line for line in contents.facts.get(book) or ())


def _budgets(contents: Contents) -> Iterator[Line]:
    for book in BUDGETS:
        yield from ({"预算": book, "资金来源": FUNDS[0]} | line for line in contents.facts.get(book) or ())


def _assets(contents: Contents) -> Iterator[Line]:
    for group, names in (contents.facts.get("国有资产") or {}).items():
        yield from ({"类别": group, "名称": name, "数量": count} for name, count in names.items())


def _people(contents: Contents) -> Iterator[Line]:
    staff = contents.facts.get("人员") or {}
    for group in (group for group in STAFF if group in staff):
        yield from ({"类别": group, "名称": name, "人数": count} for name, count in staff[group].items())
    for name in (contents.facts.get("机构") or {}).get(OFFICES) or ():
        yield {"类别": OFFICES, "名称": name}


def _units(contents: Contents) -> Iterator[Line]:
    yield from (contents.facts.get("机构") or {}).get("决算单位") or ()


def _subjects(contents: Contents) -> Iterator[Line]:
    yield from ({"代码": code, "名称": name} for code, name in (contents.card.get("科目") or {}).items())


def _last_year(contents: Contents) -> Iterator[Line]:
    yield from ({"指标": name} | entry for name, entry in (contents.last_year.get("指标") or {}).items())


def _reasons(contents: Contents) -> Iterator[Line]:
    for name, entries in (contents.notes.get("原因") or {}).items():
        for against, entry in entries.items():
            parts = {"文字": entry} if isinstance(entry, str) else entry
            yield {"指标": name, "比较": against, "原因": parts.get("文字", ""), "同": parts.get("同", "")}


def _texts(contents: Contents) -> Iterator[Line]:
    yield from ({"名称": name, "文字": text} for name, text in (contents.notes.get("文本") or {}).items())


def _long_texts(contents: Contents) -> Iterator[Line]:
    for name, text in contents.long_texts.items():
        yield from ({"名称": name, "正文": piece} for piece in pieces(text.strip()))


def pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces of whole lines that a cell can take."""
    piece = ""
    for line in text.split("\n"):
        if piece and len(piece) + len(line) > LONGEST:
            yield piece
            piece = line
        else:
            piece = f"{piece}\n{line}" if piece else line
    yield piece


LINES: Mapping[str, Callable[[Contents], Iterator[Line]]] = {
    "收入": _ledger("收入"), "支出": _ledger("支出"), "基本支出经济分类": _economic, "结转结余": _carried,
    "预算": _budgets, "国有资产": _assets, "人员机构": _people, "决算单位": _units, "地方科目": _subjects,
    "上年数": _last_year, "原因": _reasons, "文本": _texts, "长文": _long_texts,
}  # fmt: skip
"""Page → its lines from the contents."""
