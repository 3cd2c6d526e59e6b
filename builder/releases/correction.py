"""更正说明.docx: a difference as it is published, in the house's form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from builder.accounting import Accounts
from builder.building import Builder, vocabulary
from builder.context import Names
from builder.findings import InputError
from builder.loading.subjects import load_subjects
from builder.releases.causes import Difference, Explained
from builder.releases.comparing import Change, Kind
from builder.releases.public_words import PublicWords
from builder.releases.telling import shown
from builder.rendering.compiling import FormFiles, compile_form
from builder.style import CORRECTION


def correction(
    builder: Builder, difference: Difference, accounts: Accounts, *, released: str, corrected: str = "", note: str = ""
) -> bytes:
    """Return the document. ``released`` and ``corrected`` are days (2023-09-01), the latter empty where not yet known.

    Raises InputError where the style has no such part, or something is wrong with it.
    """
    style = accounts.style
    if style.correction is None:
        raise InputError(f"风格「{style.name}」里没有 {CORRECTION}；请放一个到它的文件夹，或者继承「通用」")
    card = accounts.unit_year.card
    subjects, _notes = load_subjects(builder.workspace.root, accounts.unit_year.year)
    words = PublicWords(subjects.with_local(card.subjects), difference.new.state)
    form = compile_form(FormFiles(style.base, (style.correction,), builder.workspace.root), vocabulary())
    context = {
        "年度": difference.new.state.year,
        "单位": Names(
            名称=card.name, 简称=card.short_name or card.name, 代码=card.code, 主管部门=card.superior, 类型=card.kind,
            性质=card.nature, 自称=style.sheet.own_name.get(card.kind, f"本{card.kind}"),
        ),
        "更正": Names(
            文档=difference.old.title, 发布日期=_day(released), 日期=_day(corrected), 说明=note,
            处数=len(difference.changes), 组=list(_groups(difference, note, words)),
        ),
    }
    return form.render(context, charts={}, pages=None, title=f"{difference.old.title}更正说明").docx


def _groups(difference: Difference, note: str, words: PublicWords) -> Iterator[Names]:
    """Yield the changes by the table or section that they stand in."""
    many = len({each.change.document for each in difference.changes}) > 1
    for (document, name), found in groupby(difference.changes, lambda each: (each.change.document, _part(each.change))):
        yield Names(名称=f"《{document}》{name}" if many else name, 项=list(_items(found, note, words)))


def _items(found: Iterator[Explained], note: str, words: PublicWords) -> Iterator[Names]:
    last = None
    for each in found:
        change, reason = each.change, note or _reason(each, words)
        yield Names(
            位置=_place(change), 原文=shown(change.old), 更正为=shown(change.new), 原因=reason, 原因首=reason != last
        )
        last = reason


def _part(change: Change) -> str:
    spot = change.line.spot
    if spot.table and spot.caption:
        return spot.caption
    return " ".join(spot.headings[-2:]) or "文首"


def _place(change: Change) -> str:
    """Return the place within its table or section."""
    spot = change.line.spot
    if change.kind is Kind.PARAGRAPH:
        return f"第{spot.paragraph}段"
    if not spot.table:
        return change.place.removeprefix(f"{' › '.join(spot.headings[-2:]) or '文首'} ")
    if change.kind in {Kind.ROW, Kind.CHART} and (change.old is None or change.new is None):
        return change.place.rpartition("」「")[2].removesuffix("」行").join("“”") + "行"
    row = f"“{spot.row_label}”行" if spot.row_label else f"第{spot.row}行"
    return f"{row}{f'“{spot.column_label}”栏' if spot.column_label else f'第{spot.column}栏'}"


def _reason(each: Explained, words: PublicWords) -> str:
    """Return in words what was corrected."""
    return "；".join(dict.fromkeys(words.told(cause.input) for cause in each.causes))


def _day(text: str) -> str:
    """Return 2023-09-01 as it is written in documents."""
    if not text:
        return ""
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"
