"""The same figure in two tables, and derived against stated: found through what the tables ask of the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from builder.accounts.figures import Kind, UnknownIndicatorError
from builder.accounts.ledger import DETAILS, GENERAL, Query
from builder.accounts.money import is_rounding_difference, printed
from builder.accounts.statements import Cell
from builder.findings import Source

from .case import Case
from .comparing import failed, torn
from .engine import rule
from .relations import BASIC
from .results import HOLDS, Outcome, Result, judged, undecided
from .tables import alike, tables


@rule(
    "同一数据", "同一个数在两张表里一致",
    meaning="两张表里取数相同的单元格应当一致：总表与收入、支出各表，财政拨款总表与各资金来源的表。",
    formula=(
        "总表 本年收入合计 ＝ 收入决算表 合计；总表 本年支出合计 ＝ 支出决算表 合计；"
        "财政拨款总表 一般公共预算 ＝ 一般公共预算支出表 小计；…"
    ),
)
def same_figure(case: Case) -> Iterator[Result]:
    """Cells of different tables with the same query and subjects. Source: 部门决算公开表 表间关系."""
    everything = tables(case)
    stated = {(number, position) for number, table in enumerate(everything) for position in table.stated}
    for group in alike(tuple([table.plan for table in everything])):
        first, position = group[0]
        amount = everything[first].derived[position]
        for number, other in group[1:]:
            if number != first:
                same = everything[number].derived[other] == amount
                yield HOLDS if same else _derived(everything[first].cells[position], everything[number].cells[other])
        if not stated.isdisjoint(group):
            yield from _stated([everything[number].cells[position] for number, position in group])


def _derived(first: Cell, other: Cell) -> Result:
    values = first.derived, other.derived
    return HOLDS if _is_close(first, other, values) else _differ(first, other, values, "按事实计算是")


def _stated(cells: list[Cell]) -> Iterator[Result]:
    given = [cell for cell in cells if cell.stated is not None]
    first = given[0]
    others = [cell for cell in given if cell.stated is not first.stated]  # tables may share what is stated (公开值同)
    if not others:
        yield undecided("只有一张表给了出表数", first.place)
    for other in others:
        assert first.stated is not None
        assert other.stated is not None
        values = first.stated.amount, other.stated.amount
        yield HOLDS if _is_close(first, other, values) else _differ(
            first, other, values, "出表数", other.stated.source, first.stated.source
        )


def _is_close(first: Cell, other: Cell, values: tuple[Decimal, Decimal]) -> bool:
    one, two = values
    return one == two or is_rounding_difference(
        one, two, max(first.leaves, other.leaves), max(first.step, other.step)
    )


def _differ(first: Cell, other: Cell, values: tuple[Decimal, Decimal], which: str, *suspects: Source) -> Result:
    one, two = values
    return failed(other, two, one, (which, f"与 {first.place} 是同一个数，"), suspects)


@rule(
    "基本支出构成", "基本支出的人员经费、公用经费",
    meaning="支出里分开填写的人员经费、公用经费，与按经济分类填写的一致。",
    formula="Σ支出.人员经费 ＝ 基本支出表 人员经费合计；Σ支出.公用经费 ＝ 基本支出表 公用经费合计",
)
def personnel_and_operating(case: Case) -> Iterator[Result]:
    """Where expenditure lines of 一般公共预算 are divided. Source: 公开05 基本支出 and 公开06."""
    ledger = case.indicators.ledger
    lines = ledger.entries_of(Query(("支出",), (GENERAL,), (BASIC,))) if case.facts.economic else []
    divided = [entry for entry in lines if entry.amount and entry.detail]
    if not divided:
        return
    broken = torn(case)
    if broken and any(cell.place in broken for cell in _economic_cells(case)):
        yield undecided("按经济分类的出表数与它下级的出表数自己就不符，见科目汇总")
        return
    if len(divided) < sum(1 for entry in lines if entry.amount):
        yield undecided("有的科目没有分开填写人员经费和公用经费")
        return
    for detail in DETAILS:
        queries = [Query((book,), (GENERAL,), (BASIC,), (detail,)) for book in ("支出", "经济分类")]
        one, two = (ledger.total(query).amount for query in queries)
        if one == two:
            yield HOLDS
            continue
        entries = [entry for query in queries for entry in ledger.entries_of(query)]
        if is_rounding_difference(one, two, len(entries)):
            yield HOLDS
            continue
        message = (
            f"{detail}：各支出科目合计 {printed(one):,} 万元，按经济分类合计 {printed(two):,} 万元，"
            f"相差 {printed(one - two):+,} 万元；请核对「支出」和「基本支出经济分类」"
        )
        sources = tuple(dict.fromkeys(entry.source for entry in entries))
        yield Result(Outcome.FAILS, message, case.at("基本支出经济分类"), None, one, two, sources)


def _economic_cells(case: Case) -> Iterator[Cell]:
    for statement in case.statements.values():
        yield from (cell for cell in statement.cells() if cell.query is not None and "经济分类" in cell.query.books)


@rule(
    "上年一致", "上年数与上年度的资料一致", meaning="上年.yaml 给的上年数，与上年度文件夹的资料算出来的一致。",
    formula="上年.yaml 的上年数 ＝ 上年度资料的同一指标",
)
def last_year(case: Case) -> Iterator[Result]:
    """Figures given for last year where last year's folder is there too. Source: 上年决算 as published."""
    before = case.indicators.last_year
    if before is None:
        return
    for name, given in case.indicators.last_year_given.items():
        try:
            now, then = case.indicators.get(name), before.get(name)
        except UnknownIndicatorError:
            yield undecided(f"上年度没有「{name}」这个指标", source=given.source)
            continue
        stated = now.last_year
        leaves = sum(cell.leaves for cell in then.cells) or 1
        if stated is None or given.given == "增减率":
            yield undecided(f"「{name}」给的是增减率，不能准确推出上年数", source=given.source)
        elif now.kind is not Kind.MONEY:
            message = f"「{name}」的上年数 {stated}，上年度的资料是 {then.value}；请核对，或删去这里的上年数"
            yield judged(good=stated == then.value, message=message, sources=(given.source,))
        elif is_rounding_difference(stated, then.value, leaves):
            yield HOLDS
        else:
            message = (
                f"「{name}」的上年数 {printed(stated):,} 万元，上年度的资料是 {printed(then.value):,} 万元，"
                f"相差 {printed(stated - then.value):+,} 万元；请核对，或删去这里的上年数"
            )
            yield Result(Outcome.FAILS, message, given.source, None, stated, then.value, (given.source,))


RULES = (same_figure, personnel_and_operating, last_year)
