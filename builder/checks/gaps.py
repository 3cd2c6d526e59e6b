"""Figures that the tables ask for and the facts leave open, and money that cannot have been spent as entered."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

from builder.accounts.ledger import GENERAL, NON_FISCAL, Entry, Unknown

from .case import Case
from .engine import rule
from .relations import OWN_KINDS
from .results import HOLDS, Result, fails
from .tables import tables

SHOWN = 3
"""How many columns a message names."""


@rule(
    "未填", "表里要的数都填了", meaning="公开表的各列所需的事实都已填写，并按需要分开。",
    formula="公开表各列所需的事实 ＝ 已填", each=True,
)
def gaps(case: Case) -> Iterator[Result]:
    """Yield a failure for each fact that some column needs and that is not given, or not broken down.

    Source: the columns of the style's tables.
    """
    ledger = case.indicators.ledger
    columns: dict[Unknown | Entry, dict[str, None]] = {}
    lacking: dict[Entry, str] = {}
    for table in tables(case):
        if not ledger.may_lack(table.plan.books):
            continue
        for query, subjects, column in table.plan.asked:
            for gap in () if ledger.is_known(query, subjects) else ledger.gaps(query, subjects):
                columns.setdefault(gap, {})[f"{table.statement.name}「{column}」"] = None
                if isinstance(gap, Entry):
                    lacking.setdefault(gap, "、".join(query.kinds if not gap.kind else query.details))
    for gap, places in columns.items():
        where = "、".join(list(places)[:SHOWN]) + ("等" if len(places) > SHOWN else "")
        if isinstance(gap, Unknown):
            message = f"没有填写{gap.wanted}，{where}按零计算；请补填，确实没有就填 0（整份没有写 []）"
        else:
            what = f"{gap.book} {gap.subject}".strip()
            message = f"「{what}」这一项没有分出{lacking[gap]}，没有计入{where}；请分开填写"
        yield fails(message, gap.source)
    if not columns:
        yield HOLDS


@rule(
    "科目未填",
    "按科目列行的数都有科目",
    meaning="按科目列行的表里，每个金额都有科目；没有的只计入合计，各行加起来对不上。",
    formula="合计 ＝ Σ各科目的行", each=True,
)
def subjects_given(case: Case) -> Iterator[Result]:
    """Yield a failure for each amount without a 科目 in a table by subjects: it stands in the total alone.

    Source: 部门决算公开表 编制说明, tables by 支出功能分类.
    """
    lacking = {entry.book for entry in case.indicators.ledger.entries if not entry.subject}
    for statement in case.statements.values():
        for block in statement.blocks.values():
            if not block.spec.by_subject or block.total is None:
                continue
            for column, cell in block.total.cells.items():
                if cell.query is None:
                    continue
                if lacking.isdisjoint(cell.query.books):
                    yield from repeat(HOLDS, cell.items)
                    continue
                for entry in cell.entries:
                    if not entry.amount:
                        continue
                    yield HOLDS if entry.subject else fails(
                        f"{entry.fund}的{entry.book}没有填科目，{statement.name}「{column}」里只计入{block.total.label}，"
                        "各科目的行加起来对不上；请补填科目",
                        entry.source,
                    )


@rule(
    "资金来源", "财政拨款不能安排的支出", meaning="上缴上级支出、经营支出、对附属单位补助支出不能用财政拨款安排。",
    formula="上缴上级支出、经营支出、对附属单位补助支出的资金来源 ＝ 非财政拨款", each=True,
)
def funds(case: Case) -> Iterator[Result]:
    """Yield a failure for expenditure that no 财政拨款 can pay, where it is entered under one. Source: 政府会计制度."""
    for entry in case.indicators.ledger.entries:
        if entry.book != "支出" or entry.kind not in OWN_KINDS or not entry.amount:
            continue
        default = "（没有写资金来源时也是它）" if entry.fund == GENERAL else ""
        yield HOLDS if entry.fund == NON_FISCAL else fails(
            f"{entry.subject} 的{entry.kind}记在「{entry.fund}」{default}，但这类支出不能用财政拨款安排；"
            f"请写「资金来源: {NON_FISCAL}」",
            entry.source,
        )


RULES = (gaps, subjects_given, funds)
