"""A department's figures against the sums of its units', less what they have paid each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from builder.accounts.consolidation import Consolidation
from builder.accounts.eliminations import ELIMINATIONS
from builder.accounts.ledger import PERSONNEL_CATEGORIES
from builder.accounts.money import ZERO, is_rounding_difference, printed
from builder.accounts.rollup import AGENCY, LABELS, OPERATING, Path, Share, numbers_of
from builder.accounts.statements import Cell
from builder.findings import Level, Source

from .case import Case
from .engine import rule
from .results import HOLDS, Outcome, Result, undecided

IN_TABLES = (*LABELS, "基本支出经济分类")
"""Keys whose numbers are compared cell by cell in the tables."""
SHOWN = 6
"""How many units a message names with their amounts."""


@rule(
    "部门汇总", "部门的数是所属单位之和",
    meaning="各表每一格、“三公”经费、批次人次、政府采购、资产、人员等，是所属单位之和减去 抵消.yaml 的各笔。",
    formula="部门 某格 ＝ Σ 所属单位 同一格 － 抵消",
    severity=Level.ERROR,
)
def sums_of_units(case: Case) -> Iterator[Result]:
    """Every cell and number of a department whose units are known. Source: 部门决算编制, 汇总与抵消."""
    units = case.sums
    if units is None:
        return
    results = [*_tables(case, units), *_numbers(case, units)]
    if units.missing and any(result.outcome is Outcome.FAILS for result in results):
        names = "、".join(units.missing)
        yield undecided(f"所属单位 {names} 没有这个年度的资料，不能断定部门的数与各单位之和是否一致")
        return
    yield from results


def compare(case: Case, units: Consolidation) -> Iterator[Result]:
    """Yield a result for every figure of a department, also where a unit has no accounts of this year."""
    yield from _tables(case, units)
    yield from _numbers(case, units)


def _tables(case: Case, units: Consolidation) -> Iterator[Result]:
    for name, expected in units.statements.items():
        own = case.statements[name]
        for key in dict.fromkeys([*own.rows, *expected.rows]):
            sums = expected.rows[key].cells if key in expected.rows else {}
            found = own.rows[key].cells if key in own.rows else {}
            for column in dict.fromkeys([*found, *sums]):
                yield from _cell(case, units, found.get(column), sums.get(column))


def _cell(case: Case, units: Consolidation, own: Cell | None, sum_: Cell | None) -> Iterator[Result]:
    """Yield what a cell's facts, and what is stated for it, say against the sum; either side may lack the row."""
    cell = sum_ or own
    assert cell is not None
    expected = sum_.derived if sum_ else ZERO
    shares = units.shares(sum_) if sum_ else {}
    sources = [entry.source for entry in (own.entries if own else ())]
    values = [("", own.derived if own else ZERO, sources)]
    if own is not None and own.stated is not None:
        values.append(("的出表数", own.stated.amount, [own.stated.source]))
    leaves = max(each.leaves for each in (own, sum_) if each is not None)
    for what, found, at in values:
        if is_rounding_difference(found, expected, leaves, cell.step):
            yield HOLDS
        elif cell.query is not None and not units.ledger.is_known(cell.query, cell.subjects):
            yield undecided(f"{cell.place} 所需的事实，所属单位没有填全", cell.place)
        else:
            hint, blamed = _reason(units, shares, found - expected, cell.step * leaves)
            message = (
                f"{cell.place}：部门{what} {printed(found):,} 万元，所属单位之和 {printed(expected):,} 万元，"
                f"相差 {printed(found - expected):+,} 万元{_listed(shares)}；{hint}"
            )
            suspects = (*at, *blamed, *(entry.source for entry in (sum_.entries if sum_ else ()) if entry.amount))
            source = at[0] if at else case.at("收入")
            yield Result(
                Outcome.FAILS, message, source, cell.place, found, expected, tuple(dict.fromkeys(suspects))
            )


def _reason(
    units: Consolidation, shares: Mapping[str, Decimal], difference: Decimal, limit: Decimal
) -> tuple[str, list[Source]]:
    """Return what could explain a difference: a share that is missing or doubled; and the files of that share.

    An elimination is as much as one unit's share of it, and explains more.
    """
    for name, amount in sorted(shares.items(), key=lambda share: share[0] != ELIMINATIONS):
        if abs(amount) <= limit or abs(abs(difference) - abs(amount)) > limit:
            continue
        doubled = (difference > 0) == (amount > 0)
        if name == ELIMINATIONS:
            said = f"差额正好是抵消的数：像是{'已经减过，又减了一遍' if doubled else '没有减去'}"
        else:
            said = f"差额正好是{name}的数：像是{'算了两遍' if doubled else '漏了没有汇总'}"
        return f"{said}，请核对", units.files(name)
    return "请核对部门和各单位的数，改正后重新汇总（juesuan rollup）", []


def _listed(shares: Mapping[str, Decimal]) -> str:
    if not shares:
        return ""
    words = [f"{name} {printed(amount):,}" for name, amount in shares.items() if amount]
    more = f" 等 {len(words)} 项" if len(words) > SHOWN else ""
    return f"（{' + '.join(words[:SHOWN])}{more}）" if words else ""


def _numbers(case: Case, units: Consolidation) -> Iterator[Result]:
    """Compare what stands in no table: “三公” and its counts, procurement, assets, staff."""
    own = {number.path: number for number in numbers_of(case.facts, case.positions)}
    tops = {path[0] for path in own}
    for path in dict.fromkeys([*units.rolled.sums, *own]):
        if path[0] in IN_TABLES or path[0] not in tops or not _comparable(path, units):
            continue
        shares = units.rolled.sums.get(path, ())
        expected = sum((share.amount for share in shares), ZERO)
        found = own[path].value if path in own else ZERO
        if path == (AGENCY, "决算") and case.facts.agency_operating.basis == OPERATING:
            codes = case.facts.economic.items()
            found = sum((amount for code, amount in codes if not code.startswith(PERSONNEL_CATEGORIES)), ZERO)
        source = own[path].source if path in own else case.at(*path)
        yield _number(units, path, (found, expected), shares, source)


def _comparable(path: Path, units: Consolidation) -> bool:
    """Tell whether a number has a sum: not a budget that a unit lacks, nor 机关运行经费 that is all 公用经费."""
    if any(path[: len(less)] == less for less in units.rolled.lacking):
        return False
    return path[0] != AGENCY or path in units.rolled.sums


def _number(
    units: Consolidation, path: Path, values: tuple[Decimal, Decimal], shares: tuple[Share, ...], source: Source
) -> Result:
    found, expected = values
    is_money = path not in units.rolled.counts
    leaves = max(len(shares), 1)
    if found == expected or (is_money and is_rounding_difference(found, expected, leaves)):
        return HOLDS
    by_unit: dict[str, Decimal] = {}
    for share in shares:
        by_unit[share.unit] = by_unit.get(share.unit, ZERO) + share.amount
    hint, blamed = _reason(units, by_unit, found - expected, ZERO)
    what = "/".join(path)
    if is_money:
        shown = f"部门 {printed(found):,} 万元，所属单位之和 {printed(expected):,} 万元，"
        shown += f"相差 {printed(found - expected):+,} 万元{_listed(by_unit)}"
    else:
        listed = " + ".join(f"{name} {amount}" for name, amount in by_unit.items()) or "各单位都没有"
        shown = f"部门 {found}，所属单位之和 {expected}，相差 {found - expected:+}（{listed}）"
    suspects = tuple(dict.fromkeys((source, *blamed, *(share.source for share in shares if share.amount))))
    return Result(
        Outcome.FAILS, f"{what}：{shown}；{hint}", source, None, found, expected, suspects, is_money=is_money
    )


RULES = (sums_of_units,)
