"""Entering: the facts of a unit-year as entries of the ledger, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from builder.findings import Source, Spot

from .eliminations import ELIMINATIONS, Elimination
from .facts import BudgetAndFinal, BudgetLine, ExpenditureLine, Facts, RevenueLine
from .ledger import (
    BUDGET_BOOKS,
    EXPENDITURE_KINDS,
    GENERAL,
    NON_FISCAL,
    PERSONNEL_CATEGORIES,
    REVENUE_KINDS,
    THREE_PUBLIC,
    Entry,
    Ledger,
    Unknown,
)
from .values import Model

Positions = Mapping[tuple[str | int, ...], Source]


def _aliases(model: type[Model]) -> dict[str, str]:
    return {name: field.alias or name for name, field in model.model_fields.items()}


REVENUE, EXPENDITURE, BUDGET = _aliases(RevenueLine), _aliases(ExpenditureLine), _aliases(BudgetLine)
"""What the fields of a line are called in the file."""
BUDGET_KINDS = {"amount": "", "basic": "基本支出", "project": "项目支出"}
"""Field of a budget line → 支出类型."""


def ledger_of(facts: Facts, positions: Positions, eliminated: Iterable[Entry] = ()) -> Ledger:
    """Make the ledger of one unit-year; ``positions`` says where in the file each fact stands.

    ``eliminated`` are a department's entries for what its units have paid each other (see `eliminated_entries`).
    """
    unknown = [
        Unknown(book, book, Spot(positions, ()).source)
        for book, lines in (("年初预算", facts.initial_budget), ("全年预算", facts.adjusted_budget))
        if lines is None
    ]
    basic = {"basic", "personnel", "operating"}
    if "economic" not in facts.model_fields_set and any(
        line.fund == GENERAL and line.model_fields_set & basic for line in facts.expenditure
    ):
        unknown.append(Unknown("经济分类", "基本支出经济分类", Spot(positions, ()).source))
    entries = [
        *_revenue(facts.revenue, positions, "收入"),
        *_expenditure(facts.expenditure, positions, "支出"),
        *_economic(facts, positions),
        *_balances(facts, positions),
        *_budgets(facts, positions),
        *_expenses(facts, positions, unknown),
        *eliminated,
    ]
    return Ledger(entries, unknown)


def eliminated_entries(eliminations: Sequence[Elimination], positions: Positions) -> Iterator[Entry]:
    """Yield the entries of a department's eliminations, all amounts negative."""
    for number, each in enumerate(eliminations):
        where = (ELIMINATIONS, number)
        entries = [
            *_revenue(each.revenue, positions, *where, "收入"),
            *_expenditure(each.expenditure, positions, *where, "支出"),
        ]
        for place, line in enumerate(each.expenditure):
            if line.economic is not None:
                spot = Spot(positions, (*where, "支出", place, "经济分类"))
                entries.append(_economic_entry(line.economic, line.basic + line.personnel + line.operating, spot))
        yield from (replace(entry, amount=-entry.amount) for entry in entries)


def _revenue(lines: Sequence[RevenueLine], positions: Positions, *book: str | int) -> Iterator[Entry]:
    for number, line in enumerate(lines):
        given = line.model_fields_set
        for name, (kind, fund) in REVENUE_KINDS.items():
            if name in given:
                spot = Spot(positions, (*book, number, REVENUE[name]))
                yield Entry("收入", getattr(line, name), spot, line.subject, fund, kind)
        if line.tuition:
            spot = Spot(positions, (*book, number, REVENUE["tuition"]))
            yield Entry("其中教育收费", line.tuition, spot, line.subject, NON_FISCAL, "事业收入")


def _expenditure(lines: Sequence[ExpenditureLine], positions: Positions, *book: str | int) -> Iterator[Entry]:
    for number, spent in enumerate(lines):
        given = spent.model_fields_set
        for name, (kind, detail) in EXPENDITURE_KINDS.items():
            if name in given:
                spot = Spot(positions, (*book, number, EXPENDITURE[name]))
                yield Entry("支出", getattr(spent, name), spot, spent.subject, spent.fund, kind, detail)


def _economic(facts: Facts, positions: Positions) -> Iterator[Entry]:
    for code, amount in facts.economic.items():
        yield _economic_entry(code, amount, Spot(positions, ("基本支出经济分类", code)))


def _economic_entry(code: str, amount: Decimal, at: Spot) -> Entry:
    detail = "人员经费" if code.startswith(PERSONNEL_CATEGORIES) else "公用经费"
    return Entry("经济分类", amount, at, code, GENERAL, "基本支出", detail)


def _balances(facts: Facts, positions: Positions) -> Iterator[Entry]:
    """Carry-overs and surplus."""
    for book, lines in (("年初结转和结余", facts.opening), ("年末结转和结余", facts.closing)):
        for number, kept in enumerate(lines):
            spot = Spot(positions, (book, number, "金额"))
            yield Entry(book, kept.amount, spot, kept.subject or "", kept.fund, kept.kind or "")
    for book, surplus in (("使用非财政拨款结余", facts.surplus_used), ("结余分配", facts.surplus_distributed)):
        if surplus:
            yield Entry(book, surplus, Spot(positions, (book,)), fund=NON_FISCAL)


def _budgets(facts: Facts, positions: Positions) -> Iterator[Entry]:
    for book, lines in (("年初预算", facts.initial_budget or ()), ("全年预算", facts.adjusted_budget or ())):
        for number, line in enumerate(lines):
            for name, kind in BUDGET_KINDS.items():
                amount: Decimal | None = getattr(line, name)
                if amount is not None:
                    spot = Spot(positions, (book, number, BUDGET[name]))
                    yield Entry(book, amount, spot, line.subject, line.fund, kind)


def _expenses(facts: Facts, positions: Positions, unknown: list[Unknown]) -> Iterator[Entry]:
    """“三公”, 会议费 and 培训费: final figures and budgets.

    An expense of which nothing is said has not arisen: its budget is zero. Of one that is filled in, a budget left out
    is not known.
    """
    three_public = {kind: getattr(facts.three_public, name) for name, kind in THREE_PUBLIC.items()}
    for book, prefix, expenses in (
        ("三公决算", ("三公经费",), three_public),
        ("其他费用决算", (), {"会议费": facts.meetings, "培训费": facts.training}),
    ):
        initial, adjusted = BUDGET_BOOKS[book]
        for kind, expense in expenses.items():
            assert isinstance(expense, BudgetAndFinal)
            if not expense.model_fields_set:
                continue
            for target, name, alias in (
                (book, "final", "决算"), (initial, "initial", "年初预算"), (adjusted, "adjusted", "全年预算"),
            ):
                amount: Decimal | None = getattr(expense, name)
                spot = Spot(positions, (*prefix, kind, alias))
                if amount is None:
                    unknown.append(Unknown(target, f"{kind}的{alias}", spot.source, kind))
                else:
                    yield Entry(target, amount, spot, fund=GENERAL, kind=kind)
