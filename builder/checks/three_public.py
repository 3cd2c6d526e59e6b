"""“三公”经费: amounts against counts, against their parts, and against the economic subjects of basic expenditure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from builder.accounts.ledger import GENERAL, THREE_PUBLIC, Query
from builder.accounts.money import is_rounding_difference, printed
from builder.accounts.statements import Stated
from builder.findings import Level, Source

from .case import Case
from .engine import rule
from .relations import PROJECT
from .results import HOLDS, Outcome, Result, fails
from .tables import stated_cells

ECONOMIC = {
    "30212": "因公出国境费", "30217": "公务接待费", "30231": "公务用车运行维护费", "31013": "公务用车购置费",
}
"""Economic subject → the expense of “三公” that it is the basic expenditure of."""


@rule(
    "三公与经济分类", "基本支出的“三公”不超过“三公”决算",
    meaning=(
        "基本支出里的因公出国（境）费用、公务接待费、公务用车运行维护费、公务用车购置，不超过“三公”表"
        "的决算数，其余由项目支出安排；一般公共预算没有项目支出的，两处相等。"
    ),
    formula=(
        "基本支出表 30212 ≤ 因公出国（境）费；30217 ≤ 公务接待费；"
        "30231 ≤ 公务用车运行维护费；31013 ≤ 公务用车购置费（没有项目支出时 ＝）"
    ),
)
def economic(case: Case) -> Iterator[Result]:
    """The four economic subjects. Source: 公开06 and the table of “三公”, both of 一般公共预算."""
    ledger = case.indicators.ledger
    projects = ledger.total(Query(("支出",), (GENERAL,), (PROJECT,))).items > 0
    if not case.facts.economic:
        return
    for code, kind in ECONOMIC.items():
        basic = ledger.total(Query(("经济分类",)), (code,)).amount
        final = ledger.total(Query(("三公决算",), (GENERAL,), (kind,))).amount
        if basic or (final and not projects):
            yield HOLDS if _is_within(basic, final, projects=projects) else _beyond(
                code, kind, (basic, final), (case.at("基本支出经济分类", code), case.at("三公经费", kind, "决算"))
            )
        one = _stated(case, "经济分类", "", code) if case.stated else None
        if one is not None and one.amount and (two := _stated(case, "三公决算", kind, "")) is not None:
            amounts, places = (one.amount, two.amount), (one.source, two.source)
            yield HOLDS if _is_within(*amounts, projects=projects) else _beyond(code, kind, amounts, places)


def _is_within(basic: Decimal, final: Decimal, *, projects: bool) -> bool:
    """Tell whether basic expenditure is no more than the whole expense, or equal to it where there are no projects."""
    return is_rounding_difference(basic, final, 1) or (basic < final and projects)


def _beyond(code: str, kind: str, amounts: tuple[Decimal, Decimal], places: tuple[Source, Source]) -> Result:
    basic, final = amounts
    how = "大于" if basic > final else "没有项目支出，应等于"
    message = (
        f"基本支出的 {code} 为 {printed(basic):,} 万元，{how}“三公”经费的{kind} {printed(final):,} 万元，"
        f"相差 {printed(basic - final):+,} 万元；请核对两处"
    )
    return Result(Outcome.FAILS, message, places[0], None, basic, final, places)


def _stated(case: Case, book: str, kind: str, code: str) -> Stated | None:
    """Return what the tables state of a book's 类型 or 科目."""
    found = stated_cells(case, Query((book,), (), (kind,) if kind else ()), (code,))
    return next((cell.stated for cell in found), None)


@rule(
    "三公数量", "“三公”有金额就有数量，有数量就有金额",
    meaning="有因公出国（境）费就有团组和人次，有购置费就有购置数，有国内接待费就有批次和人次；反过来也一样。",
    formula=(
        "因公出国（境）费 ＞ 0 ⇔ 团组、人次 ＞ 0；公务用车购置费 ＞ 0 ⇔ 购置数 ＞ 0；公务接待费 ＞ 0 "
        "⇔ 批次、人次 ＞ 0"
    ),
)
def counts(case: Case) -> Iterator[Result]:
    """Amounts and counts. Source: the note of “三公” under 部门决算情况说明 (团组、人次、购置数、批次)."""
    public = case.facts.three_public
    visits = public.receptions
    domestic = visits.final - visits.foreign.final
    for name, amount, counted, path in (
        ("因公出国（境）费", public.overseas.final,
         {"团组": public.overseas.groups, "人次": public.overseas.persons}, ("因公出国境费",)),
        ("公务用车购置费", public.purchase.final, {"购置数": public.purchase.bought}, ("公务用车购置费",)),
        ("国内公务接待费", domestic,
         {"批次": visits.domestic.batches, "人次": visits.domestic.persons}, ("公务接待费",)),
        ("外宾接待费", visits.foreign.final,
         {"批次": visits.foreign.batches, "人次": visits.foreign.persons}, ("公务接待费", "外宾")),
    ):
        for what, count in counted.items():
            if bool(amount) == bool(count):
                if amount:
                    yield HOLDS
                continue
            message = (
                f"{name} {printed(amount):,} 万元，{what}却是 {count}；请补填{what}，或核对金额"
                if amount else f"{name}为零，{what}却填了 {count}；请补填金额，或删去{what}"
            )
            yield fails(message, case.at("三公经费", *path))


@rule(
    "车辆运行", "公务用车运行维护费与保有量", severity=Level.NOTE,
    meaning="有公务用车运行维护费的，一般有保有的公务用车；租车费不在“三公”经费里。",
    formula="公务用车运行维护费 ＞ 0 ⇒ 保有量 ＞ 0",
)
def running(case: Case) -> Iterator[Result]:
    """Running costs and vehicles held. Source: the note of “三公” (保有量)."""
    cost = case.facts.three_public.running
    if cost.final > 0:
        yield HOLDS if cost.held else fails(
            f"公务用车运行维护费 {printed(cost.final):,} 万元，保有量是 0；请补填保有量，"
            "年中处置了车辆的不用改，租车费请改列其他交通费用",
            case.at("三公经费", "公务用车运行维护费"),
        )


@rule(
    "接待人次", "接待人次不少于批次", meaning="每批接待至少一人。", formula="国内、外宾接待：人次 ≥ 批次",
)
def persons(case: Case) -> Iterator[Result]:
    """Batches and persons, where both are filled in. Source: 国内公务接待 note."""
    visits = case.facts.three_public.receptions
    for name, of_kind in (("国内", visits.domestic), ("外宾", visits.foreign)):
        if of_kind.batches and of_kind.persons:
            yield HOLDS if of_kind.persons >= of_kind.batches else fails(
                f"{name}接待 {of_kind.batches} 批次，只有 {of_kind.persons} 人次；请核对，可能填反了",
                case.at("三公经费", "公务接待费", name, "人次"),
            )


@rule(
    "外宾接待",
    "外宾接待费不超过公务接待费",
    meaning="外宾接待费是公务接待费的一部分。",
    formula="外宾接待费 ≤ 公务接待费",
)
def foreign(case: Case) -> Iterator[Result]:
    """The part and the whole. Source: 公务接待费, 其中外宾接待."""
    visits = case.facts.three_public.receptions
    if visits.foreign.final:
        yield HOLDS if visits.foreign.final <= visits.final else fails(
            f"外宾接待费 {printed(visits.foreign.final):,} 万元，大于公务接待费 {printed(visits.final):,} 万元；"
            "公务接待费应包括外宾接待，请核对",
            case.at("三公经费", "公务接待费", "外宾", "决算"),
        )


@rule(
    "三公预算", "“三公”决算不超过预算",
    meaning="“三公”各项决算数一般不超过全年预算数（没有全年预算的，年初预算数）；超过的写明较预算的原因。",
    formula="“三公”各项：决算数 ≤ 预算数，或有较预算的原因",
)
def within_budget(case: Case) -> Iterator[Result]:
    """Each expense. Source: 党政机关厉行节约反对浪费条例."""
    for name, kind in THREE_PUBLIC.items():
        expense = getattr(case.facts.three_public, name)
        budget = expense.initial if expense.adjusted is None else expense.adjusted
        if budget is None:
            continue
        if expense.final <= budget or case.explains_budget(kind):
            yield HOLDS
        else:
            message = (
                f"{kind}决算 {printed(expense.final):,} 万元，超过预算 {printed(budget):,} 万元；"
                "请核对，确实超过的在 说明.yaml 写明较预算的原因"
            )
            yield fails(message, case.at("三公经费", kind, "决算"))


RULES = (economic, counts, running, persons, foreign, within_budget)
