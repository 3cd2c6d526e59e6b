"""Budgets against final figures: completion that is out of bounds, and expenditure without a budget."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from builder.accounts.ledger import NONE, Entry, Ledger, Query, Sums
from builder.accounts.money import printed
from builder.accounts.subjects import LEVELS
from builder.findings import Level

from .case import Case
from .engine import rule
from .results import HOLDS, Outcome, Result, fails

USUAL = Decimal(2)
"""How many times its 年初预算 a subject's expenditure may be before a reason is asked for."""
MOST = Decimal(10)
"""How many times it may be, reason or not, before a wrong unit or digit is likely."""

ITEM_LENGTH = max(LEVELS)


def _amounts(ledger: Ledger, book: str, fund: str) -> Sums:
    return ledger.sums(_of(book, fund))


@lru_cache(maxsize=64)
def _of(book: str, fund: str) -> Query:
    return Query((book,), (fund,))


@rule(
    "超全年预算",
    "支出不超过全年预算",
    meaning="一般公共预算支出按科目不超过全年预算数；全年预算含上年结转和年中追加。",
    formula="支出决算数 ≤ 全年预算数（按科目）",
)
def adjusted(case: Case) -> Iterator[Result]:
    """By subject and fund, where 全年预算 is filled in. Source: 预算法, no expenditure without a budget."""
    ledger = case.indicators.ledger
    for number, line in enumerate(case.facts.adjusted_budget or ()):
        spent = _amounts(ledger, "支出", line.fund).get(line.subject, NONE)[0]
        budget = _amounts(ledger, "全年预算", line.fund).get(line.subject, NONE)[0]
        if spent <= budget:
            yield HOLDS
        else:
            message = (
                f"{line.subject}（{line.fund}）支出 {printed(spent):,} 万元，超过全年预算 {printed(budget):,} 万元，"
                f"多 {printed(spent - budget):,} 万元；请核对两处"
            )
            yield fails(message, case.at("全年预算", number))


@rule(
    "完成率", "完成年初预算的比例是否异常", severity=Level.NOTE,
    meaning="按科目，支出完成年初预算的 0% 到 200%；在此之外要写较预算的原因，超过十倍多半是填错了位数或单位。",
    formula="0 ≤ 支出决算数 ÷ 年初预算数 ≤ 200%（按科目；写了原因的 ≤ 1000%）",
)
def completion(case: Case) -> Iterator[Result]:
    """By subject, where there is a budget that is not zero. Source: 支出决算情况说明 (完成年初预算的 …%)."""
    ledger = case.indicators.ledger
    for number, line in enumerate(case.facts.initial_budget or ()):
        spent = _amounts(ledger, "支出", line.fund).get(line.subject, NONE)[0]
        budget = _amounts(ledger, "年初预算", line.fund).get(line.subject, NONE)[0]
        if not budget:
            continue
        times = spent / budget
        if 0 <= times <= USUAL or (0 <= times <= MOST and case.explains_budget(line.subject)):
            yield HOLDS
            continue
        message = (
            f"{line.subject} 年初预算 {printed(budget):,} 万元，决算 {printed(spent):,} 万元，完成 {times:.0%}；"
            "请核对两处的单位、位数和正负，无误的在 说明.yaml 写明较预算的原因"
        )
        at = case.at("年初预算", number)
        yield Result(Outcome.FAILS, message, at, None, spent, budget, (at,))


@rule(
    "零预算", "没有年初预算的支出写明原因", severity=Level.NOTE,
    meaning="填了年初预算的单位，没有预算（或预算为零）而有支出的科目算不出完成比例，要写明原因，如年中追加、上年结转。",
    formula="年初预算数 ＝ 0 且 支出决算数 ＞ 0 ⇒ 有较预算的原因（按科目）",
)
def without_budget(case: Case) -> Iterator[Result]:
    """By subject, for those funds that have a budget at all. Source: 支出决算情况说明 (决算数大于预算数的主要原因)."""
    ledger = case.indicators.ledger
    budgeted = dict.fromkeys([line.fund for line in case.facts.initial_budget or ()])
    first: dict[str, dict[str, Entry]] = {fund: {} for fund in budgeted}
    for entry in ledger.entries if first else ():
        if entry.book == "支出" and entry.fund in first and len(entry.subject) == ITEM_LENGTH:
            first[entry.fund].setdefault(entry.subject, entry)
    for fund, items in first.items():
        spent, budget = _amounts(ledger, "支出", fund), _amounts(ledger, "年初预算", fund)
        for code, entry in items.items():
            amount = spent.get(code, NONE)[0]
            if amount <= 0:
                continue
            if budget.get(code, NONE)[0] or case.explains_budget(code):
                yield HOLDS
                continue
            message = (
                f"{code}（{fund}）决算 {printed(amount):,} 万元，没有年初预算；"
                "请核对，确实没有的在 说明.yaml 写明较预算的原因"
            )
            yield fails(message, entry.source)


RULES = (adjusted, completion, without_budget)
