"""Budgets against final figures: completion that is out of bounds, and expenditure without a budget."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from builder.accounts.ledger import Query
from builder.accounts.money import printed
from builder.findings import Level

from .case import Case
from .engine import rule
from .results import HOLDS, Result, fails

MOST = Decimal(10)
"""How many times its 年初预算 a subject's expenditure may be before it is asked about."""


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
        spent = ledger.total(Query(("支出",), (line.fund,)), (line.subject,)).amount
        budget = ledger.total(Query(("全年预算",), (line.fund,)), (line.subject,)).amount
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
    meaning="支出决算数超过年初预算数十倍的科目，多半是预算或决算填错了位数或单位。",
    formula="支出决算数 ≤ 年初预算数 × 10（按科目）",
)
def completion(case: Case) -> Iterator[Result]:
    """By subject, where there is a budget that is not zero. Source: 支出决算情况说明 (完成年初预算的 …%)."""
    ledger = case.indicators.ledger
    for number, line in enumerate(case.facts.initial_budget or ()):
        spent = ledger.total(Query(("支出",), (line.fund,)), (line.subject,)).amount
        budget = ledger.total(Query(("年初预算",), (line.fund,)), (line.subject,)).amount
        if budget <= 0:
            continue
        message = (
            f"{line.subject} 年初预算 {printed(budget):,} 万元，决算 {printed(spent):,} 万元，是预算的 "
            f"{spent / budget:.1f} 倍；请核对两处的单位和位数"
        )
        yield HOLDS if spent <= budget * MOST else fails(message, case.at("年初预算", number))


RULES = (adjusted, completion)
