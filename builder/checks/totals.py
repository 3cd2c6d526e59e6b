"""Totals inside one table: rows are the sums of their columns, declared totals those of their rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from builder.accounts.figures import Figure
from builder.accounts.ledger import NON_FISCAL, Entry, Query
from builder.accounts.money import ZERO, is_rounding_difference, printed
from builder.accounts.statements import CENT_OF_WAN, Cell, Place
from builder.accounts.values import FUNDS

from .case import Case, once
from .comparing import check_sums, stated_sum, torn
from .engine import rule
from .relations import CLOSING, EXPENDITURE, INCOME, OPENING, funds_of
from .results import HOLDS, Outcome, Result, undecided
from .tables import Relation, stated_cells

SURPLUS_USED, SURPLUS_DISTRIBUTED = "使用非财政拨款结余", "结余分配"
SIGNS = {OPENING: 1, INCOME: 1, SURPLUS_USED: 1, EXPENDITURE: -1, SURPLUS_DISTRIBUTED: -1}
BOOKS: dict[str, tuple[str, ...]] = dict.fromkeys(FUNDS, (OPENING, INCOME, EXPENDITURE, CLOSING))
BOOKS[NON_FISCAL] += (SURPLUS_USED, SURPLUS_DISTRIBUTED)
"""Fund → the books of all that comes and goes."""


@rule(
    "行合计", "各列相加", meaning="一行里，合计（小计）列等于所含各列之和。",
    formula="本年支出合计 ＝ 基本支出 ＋ 项目支出 ＋ 上缴上级支出 ＋ 经营支出 ＋ 对附属单位补助支出（其他表类推）",
)
def columns(case: Case) -> Sequence[Result]:
    """Columns of a row. Source: heads of 公开02, 03, 04, 05 and of the tables of 政府性基金 and “三公”."""
    return check_sums(case, lambda plan: plan.columns, "各列相加", lambda cell: cell.place.column)


@rule(
    "列合计", "各行相加", meaning="一列里，合计行等于所含各行之和（按资金来源或类型）；总计等于格式里列明的各行之和。",
    formula="本年收入合计 ＝ Σ各项收入；总计 ＝ 本年收入合计 ＋ 使用非财政拨款结余 ＋ 年初结转和结余",
)
def rows(case: Case) -> Sequence[Result]:
    """Rows of a column. Source: 公开01, 04 (行次 formulas) and the rows of “三公”."""
    return [
        *check_sums(case, lambda plan: plan.rows, "各行相加", lambda cell: cell.place.row),
        *check_sums(case, lambda plan: plan.declared, "合计的组成", _short),
    ]


def _short(cell: Cell) -> str:
    return f"{cell.place.row}/{cell.place.column}"


@rule(
    "总表平衡", "总表左右两边相等",
    meaning="收入支出决算总表、财政拨款收入支出决算总表左右两边的总计相等；两边可以不等的省，「应相等」里不列。",
    formula="收入总计 ＝ 支出总计；财政拨款收入总计 ＝ 财政拨款支出总计（见 style.yaml 的「应相等」）", each=True,
)
def sides(case: Case) -> Iterator[Result]:
    """Groups of a style that are totals of one table. Source: 公开01 and 04, the last row of both sides."""
    return (_compared(case, *pair) for group in _groups(case) if group.is_balance for pair in pairwise(group.figures))


@rule(
    "应相等", "应当相等的指标",
    meaning="格式的「应相等」里列出的别的指标两两相等，如支出决算表的合计与总表的本年支出合计。",
    formula="支出.合计 ＝ 收支.支出合计（见 style.yaml 的「应相等」）", each=True,
)
def equal(case: Case) -> Iterator[Result]:
    """Groups of a style. Source: the style's own list."""
    broken = torn(case)
    for group in _groups(case):
        for left, right in pairwise(group.figures) if not group.is_balance else ():
            is_open = broken and any(cell.place in broken for cell in (*left.cells, *right.cells))
            yield _open(left, right) if is_open else _compared(case, left, right)


def _open(left: Figure, right: Figure) -> Result:
    return undecided(f"「{left.name}」或「{right.name}」的出表数与它下级的出表数自己就不符，见科目汇总")


class _Equal(NamedTuple):
    """Figures that must be equal; ``is_balance`` says that they are two sides of one table."""

    figures: Sequence[Figure]
    is_balance: bool


@once
def _groups(case: Case) -> Sequence[_Equal]:
    """Return the groups of 应相等."""
    groups = []
    for names in case.equal:
        figures = [case.indicators.get(name) for name in names]
        tables = [cell.place.table for figure in figures for cell in figure.cells]
        is_table = len(tables) > len(set(tables))
        groups.append(_Equal(figures, is_table and all(len(case.statements[table].blocks) > 1 for table in tables)))
    return groups


def _compared(case: Case, left: Figure, right: Figure) -> Result:
    if left.value == right.value:
        return HOLDS
    leaves = max(sum(cell.leaves for cell in figure.cells) or 1 for figure in (left, right))
    step = max((cell.step for figure in (left, right) for cell in figure.cells), default=CENT_OF_WAN)
    if is_rounding_difference(left.value, right.value, leaves, step):
        return HOLDS
    one, other = printed(left.value), printed(right.value)
    message = (
        f"「{left.name}」{one:,} 万元，「{right.name}」{other:,} 万元，应当相等，现相差 {one - other:+,} 万元；"
        f"请用 juesuan explain {case.card.name} {case.year} {left.name} 查看各由哪些数组成"
    )
    sources = tuple(dict.fromkeys((*left.sources, *right.sources)))
    place = left.cells[0].place if left.cells else None
    source = next(iter(left.sources or right.sources), None)
    return Result(Outcome.FAILS, message, source, place, left.value, right.value, sources)


@rule(
    "收支平衡", "各资金来源收支平衡",
    meaning=(
        "每一种资金来源，年初结转和结余加本年收入减本年支出，等于年末结转和结余；非财政拨款另加使用非"
        "财政拨款结余、减结余分配。"
    ),
    formula="年初结转和结余 ＋ 收入 ＋ 使用非财政拨款结余 － 支出 － 结余分配 ＝ 年末结转和结余",
)
def balance(case: Case) -> Iterator[Result]:
    """Each fund by itself, from the facts and from stated cells. Source: 公开04 and the tables of one fund."""
    balanced = _balanced_funds(case)
    flows: dict[tuple[str, str], list[Entry]] = {}
    for entry in case.indicators.ledger.entries:
        if entry.amount:
            flows.setdefault((entry.fund, entry.book), []).append(entry)
    for fund in (fund for fund in FUNDS if fund in balanced):
        entries = [entry for book in BOOKS[fund] for entry in flows.get((fund, book), ())]
        if not entries:
            continue
        found = {
            book: sum((entry.amount for entry in flows.get((fund, book), ())), ZERO) for book in BOOKS[fund]
        }
        expected = sum((amount * SIGNS[book] for book, amount in found.items() if book in SIGNS), ZERO)
        closing = found[CLOSING]
        if is_rounding_difference(closing, expected, len(entries)):
            yield HOLDS
            continue
        message = (
            f"{fund}：年初结转和结余 {printed(found[OPENING]):,} ＋ 收入 {printed(found[INCOME]):,} "
            f"－ 支出 {printed(found[EXPENDITURE]):,} 万元等，年末应结转 {printed(expected):,} 万元，填的是 "
            f"{printed(closing):,} 万元，相差 {printed(closing - expected):+,} 万元；请核对年初、年末结转和结余及收支"
        )
        sources = tuple(dict.fromkeys(entry.source for entry in entries))
        yield Result(Outcome.FAILS, message, case.at(CLOSING), None, closing, expected, sources)
    yield from _stated_balance(case, balanced)


def _balanced_funds(case: Case) -> set[str]:
    """Return the funds of those tables whose two sides the style has equal (应相等); in some provinces they differ."""
    cells = {
        cell for group in _groups(case) if group.is_balance for figure in group.figures for cell in figure.cells
    }
    queries: set[Query] = set()
    while cells:
        queries |= {cell.query for cell in cells if cell.query is not None}
        cells = {case.indicators.cell(place) for cell in cells for place, _sign in cell.parts}
    return set().union(*map(funds_of, queries))


def _stated_balance(case: Case, balanced: set[str]) -> Iterator[Result]:
    """Check the stated cells of each choice of funds for which some table has all of opening, flows and closing."""
    if not case.stated:
        return
    for funds in ((), FUNDS[:3], *((fund,) for fund in FUNDS[:3])):
        if not balanced.issuperset(funds or FUNDS):
            continue
        books = [OPENING, INCOME, EXPENDITURE] + ([] if funds else [SURPLUS_USED, SURPLUS_DISTRIBUTED])
        total = next(stated_cells(case, Query((CLOSING,), funds)), None)
        if total is not None:
            found = ((next(stated_cells(case, Query((book,), funds)), None), SIGNS[book]) for book in books)
            terms = tuple((cell, sign) for cell, sign in found if cell is not None)
            if len(terms) == len(books):
                yield stated_sum(Relation(total, terms), "收支平衡", _short)


@rule(
    "结转推算", "按科目的结转推算", meaning="同时列有年初、收入、支出、年末的表里，每一行年初加收入减支出等于年末。",
    formula="年初结转和结余 ＋ 本年收入 － 本年支出小计 ＝ 年末结转和结余",
)
def rows_balance(case: Case) -> Iterator[Result]:
    """Each row; carry-overs entered without 科目 leave them open. Source: 政府性基金预算财政拨款收入支出决算表."""
    for result in check_sums(case, lambda plan: plan.balances, "年初加收入减支出", _short):
        open_rows = result.outcome is Outcome.FAILS and result.place and _without_subject(case, result.place)
        yield _left_open(result) if open_rows else result


def _left_open(result: Result) -> Result:
    """Return a failure as one that cannot be decided, for carry-overs stand without 科目."""
    return Result(Outcome.UNDECIDED, "结转和结余没有分科目填写", result.source, result.place)


def _without_subject(case: Case, place: Place) -> bool:
    """Tell whether a place is of a subject, and there are carry-overs that stand without any."""
    row = case.statements[place.table].rows[place.row]
    return bool(row.code) and any(line.subject is None for line in (*case.facts.opening, *case.facts.closing))


RULES = (columns, rows, sides, equal, balance, rows_balance)
