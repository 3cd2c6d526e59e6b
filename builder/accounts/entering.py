"""Entering: the facts of a unit-year as entries of the ledger, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from builder.findings import Source

from .eliminations import ELIMINATIONS, Elimination
from .facts import BudgetAndFinal, BudgetLine, CarryOverLine, ExpenditureLine, Facts, RevenueLine
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

Positions = Mapping[tuple[str | int, ...], Source]


def ledger_of(facts: Facts, positions: Positions, eliminated: Iterable[Entry] = ()) -> Ledger:
    """Make the ledger of one unit-year; ``positions`` says where in the file each fact stands.

    ``eliminated`` are a department's entries for what its units have paid each other (see `eliminated_entries`).
    """
    unknown = [
        Unknown(book, book, _at(positions))
        for book, lines in (("年初预算", facts.initial_budget), ("全年预算", facts.adjusted_budget))
        if lines is None
    ]
    basic = {"basic", "personnel", "operating"}
    if "economic" not in facts.model_fields_set and any(
        line.fund == GENERAL and line.model_fields_set & basic for line in facts.expenditure
    ):
        unknown.append(Unknown("经济分类", "基本支出经济分类", _at(positions)))
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
                source = _at(positions, *where, "支出", place, "经济分类")
                entries.append(_economic_entry(line.economic, line.basic + line.personnel + line.operating, source))
        yield from (entry._replace(amount=-entry.amount) for entry in entries)


def _at(positions: Positions, *path: str | int) -> Source:
    """Return where a fact stands, or what it would stand in."""
    while path and path not in positions:
        path = path[:-1]
    return positions.get(path) or Source("")


def _revenue(lines: Sequence[RevenueLine], positions: Positions, *book: str | int) -> Iterator[Entry]:
    for number, line in enumerate(lines):
        for name, (kind, fund) in REVENUE_KINDS.items():
            if name in line.model_fields_set:
                source = _at(positions, *book, number, _alias(RevenueLine, name))
                yield Entry("收入", getattr(line, name), source, line.subject, fund, kind)
        if line.tuition:
            source = _at(positions, *book, number, "其中教育收费")
            yield Entry("其中教育收费", line.tuition, source, line.subject, NON_FISCAL, "事业收入")


def _expenditure(lines: Sequence[ExpenditureLine], positions: Positions, *book: str | int) -> Iterator[Entry]:
    for number, spent in enumerate(lines):
        for name, (kind, detail) in EXPENDITURE_KINDS.items():
            if name in spent.model_fields_set:
                source = _at(positions, *book, number, _alias(ExpenditureLine, name))
                yield Entry("支出", getattr(spent, name), source, spent.subject, spent.fund, kind, detail)


def _economic(facts: Facts, positions: Positions) -> Iterator[Entry]:
    for code, amount in facts.economic.items():
        yield _economic_entry(code, amount, _at(positions, "基本支出经济分类", code))


def _economic_entry(code: str, amount: Decimal, source: Source) -> Entry:
    detail = "人员经费" if code.startswith(PERSONNEL_CATEGORIES) else "公用经费"
    return Entry("经济分类", amount, source, code, GENERAL, "基本支出", detail)


def _balances(facts: Facts, positions: Positions) -> Iterator[Entry]:
    """Carry-overs and surplus."""
    for book, lines in (("年初结转和结余", facts.opening), ("年末结转和结余", facts.closing)):
        for number, kept in enumerate(lines):
            yield _carry_over(book, kept, _at(positions, book, number, "金额"))
    for book, surplus in (("使用非财政拨款结余", facts.surplus_used), ("结余分配", facts.surplus_distributed)):
        if surplus:
            yield Entry(book, surplus, _at(positions, book), fund=NON_FISCAL)


def _carry_over(book: str, line: CarryOverLine, source: Source) -> Entry:
    return Entry(book, line.amount, source, line.subject or "", line.fund, line.kind or "")


def _budgets(facts: Facts, positions: Positions) -> Iterator[Entry]:
    for book, lines in (("年初预算", facts.initial_budget or ()), ("全年预算", facts.adjusted_budget or ())):
        for number, line in enumerate(lines):
            for name, kind in (("amount", ""), ("basic", "基本支出"), ("project", "项目支出")):
                amount: Decimal | None = getattr(line, name)
                if amount is not None:
                    source = _at(positions, book, number, _alias(BudgetLine, name))
                    yield Entry(book, amount, source, line.subject, line.fund, kind)


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
                source = _at(positions, *prefix, kind, alias)
                if amount is None:
                    unknown.append(Unknown(target, f"{kind}的{alias}", source, kind))
                else:
                    yield Entry(target, amount, source, fund=GENERAL, kind=kind)


def _alias(model: type[ExpenditureLine | RevenueLine | BudgetLine], name: str) -> str:
    return model.model_fields[name].alias or name
