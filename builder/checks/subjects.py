"""科目: codes that are in force in the year and stand under the right parents, names by code, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from pathlib import PurePosixPath

from builder.accounts.ledger import Entry
from builder.accounts.statements import Stated
from builder.accounts.subjects import LEVELS, Subjects, levels
from builder.findings import Level, Source

from .case import Case
from .engine import rule
from .results import HOLDS, Result, fails, undecided
from .tables import is_code, is_economic, tables

ECONOMIC_BOOK = "经济分类"


@rule(
    "科目代码", "科目代码在本年度的科目表里，逐级有上级",
    meaning="账里和出表数里的每个科目代码，都在本年度的科目表（或 单位.yaml 的「科目」）里，它的类、款也在。",
    formula="科目代码 ∈ 本年度科目表；上级代码（前 3 位、前 5 位）∈ 本年度科目表",
)
def codes(case: Case) -> Iterator[Result]:
    """Codes of the ledger and of stated rows. Source: 政府收支分类科目 of the year."""
    for (code, economic), given in _codes(case).items():
        listed = case.subjects.economic if economic else case.subjects.functional
        if code in listed and code[:5] in listed and code[:3] in listed:
            yield HOLDS
            continue
        unknown = next((part for part in levels(code) if part not in listed and part not in case.subjects.local), None)
        kind = "经济分类" if economic else "功能分类"
        if unknown is None:
            yield HOLDS
        elif unknown in case.subjects.discontinued:
            name = case.subjects.name(unknown)
            message = f"科目 {code} 的 {unknown}（{name}）在本年度的科目表里已经取消；请核对应使用的科目"
            yield fails(message, given.source)
        else:
            near = case.subjects.nearest(code, economic=economic)
            hint = f"是不是 {near.code}（{near.name}）？" if near and near.code != code else "请核对代码"
            above = "" if unknown == code else f"连上级{LEVELS[len(unknown)]}级科目 {unknown} 也"
            yield fails(f"科目 {code} {above}不在 {case.year} 年度的{kind}科目表里；{hint}", given.source)
    yield from _stated_parents(case)


def _codes(case: Case) -> dict[tuple[str, bool], Entry | Stated]:
    """Return every code (and whether it is an economic one) of the ledger and of stated rows, and what gives it."""
    found: dict[tuple[str, bool], Entry | Stated] = {}
    for entry in case.indicators.ledger.entries:
        if entry.subject and entry.amount:
            found.setdefault((entry.subject, entry.book == ECONOMIC_BOOK), entry)
    for name, rows in case.stated.items():
        economic = name in case.statements and is_economic(case.statements[name])
        for key, columns in rows.items():
            if is_code(key) and columns:
                found.setdefault((key, economic), next(iter(columns.values())))
    return found


def _stated_parents(case: Case) -> Iterator[Result]:
    """Yield, for each stated code, whether its 款 or 类 is stated in the same table too."""
    for name, rows in case.stated.items():
        stated = [key for key, columns in rows.items() if is_code(key) and columns]
        lengths = {len(code) for code in stated}
        for code in stated:
            above = code[:-2]
            if len(above) in lengths:
                missing = f"{name} 的出表数有 {code}，没有它的上级 {above}；没有列全，或代码写错了"
                yield HOLDS if above in rows else undecided(missing, source=next(iter(rows[code].values())).source)


@rule(
    "科目名称", "科目名称与代码相符", severity=Level.NOTE,
    meaning="单位.yaml 的「科目」给科目表里已有的代码另写名称的，与科目表的名称一致。",
    formula="代码 → 名称 ＝ 本年度科目表的名称",
)
def names(case: Case) -> Iterator[Result]:
    """Names that a unit declares for codes of the year's list. Source: 政府收支分类科目 of the year."""
    for code, name in case.subjects.local.items():
        listed = case.subjects.functional.get(code) or case.subjects.economic.get(code)
        if listed is not None:
            yield HOLDS if name == listed.name else fails(
                f"单位.yaml 把科目 {code} 写作「{name}」，{case.year} 年度科目表里是「{listed.name}」；"
                "公开表按 单位.yaml 印，请核对",
                _card(case),
            )


@rule(
    "科目重复", "同一科目不重复",
    meaning="账里同一科目、资金来源、类型只有一笔，一张表里同一科目只有一行，同级同名的科目只有一个代码。",
    formula="科目 × 资金来源 × 类型 各一笔；一张表里各科目一行",
)
def repeated(case: Case) -> Iterator[Result]:
    """The ledger, the rows of each table, names declared beside the list. Source: tables by subject, 编制说明."""
    yield from _repeated_entries([each for each in case.indicators.ledger.entries if each.subject and each.amount])
    for table in tables(case):
        for code, times in table.plan.codes.items():
            yield HOLDS if times == 1 else fails(
                f"{table.statement.name} 里科目 {code} 列了 {times} 行；请在格式里核对各栏列哪些科目"
            )
    for code, name in case.subjects.local.items():
        twin = _twin(case.subjects, code, name)
        yield HOLDS if twin is None else fails(
            f"单位.yaml 的科目 {code}「{name}」与科目表的 {twin} 同级同名；请核对是不是就是它", _card(case)
        )


def _repeated_entries(entries: Sequence[Entry]) -> Iterator[Result]:
    kinds = [(each.book, each.subject, each.fund, each.kind, each.detail) for each in entries]
    if len(set(kinds)) == len(kinds):
        yield from repeat(HOLDS, len(kinds))
        return
    first: dict[tuple[object, tuple[str, ...]], Entry] = {}
    for kind, entry in zip(kinds, entries, strict=True):
        before = first.setdefault((entry.file, kind), entry)  # another file may say it again
        if before is entry:
            yield HOLDS
            continue
        what = "、".join(filter(None, kind[1:]))
        message = f"「{entry.book}」里「{what}」填了两笔，另一笔在 {before.source}；请合并，或更正科目"
        yield fails(message, entry.source, before.source)


def _twin(subjects: Subjects, code: str, name: str) -> str | None:
    """Return the code of another subject of the lists that stands under the same one and has the same name."""
    for listed in (subjects.functional, subjects.economic):
        for beside in (f"{code[:-2]}{number:02}" for number in range(100)):
            if beside != code and beside in listed and listed[beside].name == name:
                return beside
    return None


def _card(case: Case) -> Source:
    """Return the unit's card, which stands above the folder of the year."""
    return Source(str(PurePosixPath(case.at().path).parent.parent / "单位.yaml"))


RULES = (codes, names, repeated)
