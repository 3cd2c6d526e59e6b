"""Two values of one relation compared, derived with derived and stated with stated, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import filterfalse, islice

from builder.accounts.ledger import Ledger
from builder.accounts.money import ZERO, is_rounding_difference, printed
from builder.accounts.statements import Cell, Place
from builder.accounts.subjects import LEVELS
from builder.findings import Source

from .case import Case, once
from .results import HOLDS, Outcome, Result, undecided
from .sums import Sum, Sums
from .tables import Plan, Relation, Table, tables

SHOWN = 4
"""How many places a message names."""
INCOMPLETE = 4096
"""Of how many sums is remembered what is said where not all is stated: that depends on the cells, not on amounts."""


def check_sums(case: Case, sums: Callable[[Plan], Sums], what: str, name: Callable[[Cell], str]) -> list[Result]:
    """Return, for each sum of each table, a result on what follows from the facts, and one on what is stated."""
    results: list[Result] = []
    for table in tables(case):
        every = sums(table.plan)
        if not every.each:
            continue
        if every.hold(table.derived):
            derived = [HOLDS] * len(every.each)
        else:
            derived = [_derived(case.indicators.ledger, table, one, what, name) for one in every.each]
        start = 0
        for number, result in _of_stated(table, every, what, name) if table.stated else ():
            results += derived[start : number + 1]
            results.append(result)
            start = number + 1
        results += derived[start:]
    return results


def _adds_up(table: Table, sum_: Sum, amount_at: Callable[[int], Decimal]) -> bool:
    """Tell whether a sum holds, to the step that one leaf alone would leave open."""
    total, terms, less = sum_
    found, expected = amount_at(total), sum(map(amount_at, terms), ZERO)
    if less:
        expected -= 2 * sum(map(amount_at, less), ZERO)  # they are among the terms
    return found == expected or abs(found - expected) <= table.cells[total].step


def _cells(relation: Relation) -> Sequence[Cell]:
    return [relation.total, *(cell for cell, _ in relation.terms)]


def _derived(ledger: Ledger, table: Table, sum_: Sum, what: str, name: Callable[[Cell], str]) -> Result:
    if _adds_up(table, sum_, table.derived.__getitem__):
        return HOLDS
    relation = table.relation(sum_)
    total = relation.total
    expected = sum((cell.derived * sign for cell, sign in relation.terms if cell.derived), ZERO)
    if _agree(relation, total.derived, expected):
        return HOLDS
    for cell in _cells(relation):
        if cell.query is not None and not ledger.is_known(cell.query, cell.subjects):
            return undecided(f"{cell.place} 所需的事实没有填全或没有分开", cell.place)
    counted = {id(entry) for cell, _ in relation.terms for entry in cell.entries}
    outside = [entry.source for entry in total.entries if entry.amount and id(entry) not in counted]
    entries = (entry for cell in _cells(relation) for entry in cell.entries)
    suspects = tuple(dict.fromkeys(outside or [entry.source for entry in entries if entry.amount]))
    return failed(total, total.derived, expected, ("按事实计算是", _says(relation, what, name)), suspects)


def _of_stated(table: Table, sums: Sums, what: str, name: Callable[[Cell], str]) -> Iterator[tuple[int, Result]]:
    """Yield what is to be said of those sums of which at least one cell is stated, each by its number."""
    stated, plan = table.stated, table.plan
    if stated.keys() >= sums.cells and sums.hold(stated):
        yield from ((number, HOLDS) for number in range(len(sums.each)))
        return
    is_stated = stated.__contains__
    for number in sums.touching(stated):
        sum_ = sums.each[number]
        total, terms, _ = sum_
        if total not in stated or not all(map(is_stated, terms)):
            yield number, _incomplete(plan, total, tuple(islice(filterfalse(is_stated, (total, *terms)), SHOWN + 1)))
        elif _adds_up(table, sum_, stated.__getitem__):
            yield number, HOLDS
        else:
            yield number, stated_sum(table.relation(sum_), what, name)


@lru_cache(maxsize=INCOMPLETE)
def _incomplete(plan: Plan, total: int, lacking: tuple[int, ...]) -> Result:
    """Return what is to be said of a sum of which cells, a few of them ``lacking``, are not stated."""
    names = "、".join(["/".join(plan.places[position]) for position in lacking[:SHOWN]])
    more = "等" if len(lacking) > SHOWN else ""
    return undecided(f"出表数没有给全，缺 {names}{more}", plan.places[total])


def stated_sum(relation: Relation, what: str, name: Callable[[Cell], str]) -> Result:
    """Return the result of a relation whose cells are all stated."""
    found, expected, sources = _stated_amounts(relation)
    if _agree(relation, found, expected):
        return HOLDS
    return failed(relation.total, found, expected, ("出表数", _says(relation, what, name)), sources)


def _stated_amounts(relation: Relation) -> tuple[Decimal, Decimal, tuple[Source, ...]]:
    """Return what is stated for the total, the sum of what is stated for the terms, and where all these stand."""
    given = [(cell.stated, sign) for cell, sign in ((relation.total, 1), *relation.terms) if cell.stated is not None]
    (total, _), *terms = given
    expected = sum((stated.amount * sign for stated, sign in terms), ZERO)
    return total.amount, expected, tuple(stated.source for stated, _ in given)


@once
def torn(case: Case) -> frozenset[Place]:
    """Return the places whose stated values are not the sums of those under them, at any level.

    The facts that an import takes from the lowest level say nothing about which of them is right.
    """
    return frozenset(place for table in tables(case) if table.stated for place in _torn(table))


def _torn(table: Table) -> Iterator[Place]:
    cells, sums, stated = table.cells, table.plan.roll_ups, table.stated
    if stated.keys() >= sums.cells and sums.hold(stated):
        return
    found = {cells[sum_.total].place for sum_ in sums.each if sum_.total in stated and _is_broken(table, sum_)}
    for _ in LEVELS if found else ():
        found |= {
            cells[total].place for total, terms, _ in sums.each if any(cells[term].place in found for term in terms)
        }
    yield from found


def _is_broken(table: Table, sum_: Sum) -> bool:
    """Tell whether the sum of a stated total fails; one that is not stated in full does not."""
    stated = table.stated
    if not all(map(stated.__contains__, sum_.terms)) or _adds_up(table, sum_, stated.__getitem__):
        return False
    relation = table.relation(sum_)
    found, expected, _ = _stated_amounts(relation)
    return not _agree(relation, found, expected)


def _agree(relation: Relation, found: Decimal, expected: Decimal) -> bool:
    """Tell whether two values of the total agree but for 尾差."""
    return found == expected or is_rounding_difference(found, expected, _leaves(relation), relation.total.step)


def failed(
    cell: Cell, found: Decimal, expected: Decimal, words: tuple[str, str], suspects: tuple[Source, ...]
) -> Result:
    """Return the failure of a cell whose value (元) should be another.

    ``words`` say what the value found is, and by which relation it should be another.
    """
    basis, relation = words
    message = (
        f"{cell.place}：{basis} {printed(found):,} 万元，{relation}应为 {printed(expected):,} 万元，"
        f"相差 {printed(found - expected):+,} 万元；请核对{_places(suspects)}"
    )
    source = suspects[0] if suspects else None
    return Result(Outcome.FAILS, message, source, cell.place, found, expected, suspects)


def _places(sources: tuple[Source, ...]) -> str:
    shown = [str(source) for source in sources if source.path][:SHOWN]
    return " " + "、".join(shown) + (" 等处" if len(sources) > SHOWN else "") if shown else "这几格"


def _says(relation: Relation, what: str, name: Callable[[Cell], str]) -> str:
    terms = [("－" if sign < 0 else "＋") + name(cell) for cell, sign in relation.terms]
    shown = "".join(terms[:SHOWN]).removeprefix("＋") + (" 等" if len(terms) > SHOWN else "")
    return f"{what}（{name(relation.total)} ＝ {shown}）"


def _leaves(relation: Relation) -> int:
    """How many rounded figures stand under the total: its items, or at least the terms that are not zero."""
    terms = sum(1 for cell, _ in relation.terms if cell.derived or (cell.stated is not None and cell.stated.amount))
    return max(relation.total.leaves, sum(cell.leaves for cell, _ in relation.terms if cell.derived), terms)
