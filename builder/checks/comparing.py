"""Two values of one relation compared, derived with derived and stated with stated, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from builder.accounts.ledger import Ledger
from builder.accounts.money import ZERO, is_rounding_difference, printed
from builder.accounts.statements import Cell, Place
from builder.accounts.subjects import LEVELS
from builder.findings import Source

from .case import Case
from .relations import Relation, roll_ups
from .results import HOLDS, Outcome, Result, undecided

SHOWN = 4
"""How many places a message names."""


def check_sums(case: Case, relations: Iterable[Relation], what: str, name: Callable[[Cell], str]) -> Iterator[Result]:
    """Yield, for each relation, one result on what follows from the facts, and one on what is stated."""
    for relation in relations:
        yield _derived(case.indicators.ledger, relation, what, name)
        stated = [cell.stated for cell in _cells(relation) if cell.stated is not None]
        if stated:
            is_whole = len(stated) > len(relation.terms)
            yield _stated(relation, what, name) if is_whole else _incomplete(relation)


def _cells(relation: Relation) -> Sequence[Cell]:
    return [relation.total, *(cell for cell, _ in relation.terms)]


def _derived(ledger: Ledger, relation: Relation, what: str, name: Callable[[Cell], str]) -> Result:
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


def _stated(relation: Relation, what: str, name: Callable[[Cell], str]) -> Result:
    total = relation.total
    assert total.stated is not None
    expected, sources = ZERO, [total.stated.source]
    for cell, sign in relation.terms:
        assert cell.stated is not None
        expected += cell.stated.amount * sign
        sources.append(cell.stated.source)
    if _agree(relation, total.stated.amount, expected):
        return HOLDS
    return failed(total, total.stated.amount, expected, ("出表数", _says(relation, what, name)), tuple(sources))


@lru_cache(maxsize=1)
def torn(case: Case) -> frozenset[Place]:
    """Return the places whose stated values are not the sums of those under them, at any level.

    The facts that an import takes from the lowest level say nothing about which of them is right.
    """
    relations = roll_ups(case) if case.stated else ()
    found = {relation.total.place for relation in relations if is_broken(relation)}
    for _ in LEVELS if found else ():
        found |= {one.total.place for one in relations if any(cell.place in found for cell, _ in one.terms)}
    return frozenset(found)


def is_broken(relation: Relation) -> bool:
    """Tell whether a relation between stated values fails; one that is not stated in full does not."""
    stated, expected = relation.total.stated, ZERO
    if stated is None:
        return False
    for cell, sign in relation.terms:
        if cell.stated is None:
            return False
        expected += cell.stated.amount * sign
    return not _agree(relation, stated.amount, expected)


def _agree(relation: Relation, found: Decimal, expected: Decimal) -> bool:
    """Tell whether two values of the total agree but for 尾差."""
    return found == expected or is_rounding_difference(found, expected, _leaves(relation), relation.total.step)


def _incomplete(relation: Relation) -> Result:
    lacking = [cell for cell in _cells(relation) if cell.stated is None]
    names = "、".join(str(cell.place) for cell in lacking[:SHOWN]) + ("等" if len(lacking) > SHOWN else "")
    return undecided(f"出表数没有给全，缺 {names}", relation.total.place)


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
