"""Rolling up (汇总): a department's facts as the sums of its units', each share with the unit and place it comes from.

What units have paid each other is not taken out here: eliminations are lines of the department's ledger of their own
(see `builder.accounts.eliminations`), so that a sum is always the plain sum of what the units say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from builder.findings import Source

from .eliminations import EliminatedExpenditure, EliminatedRevenue, Elimination, lines_of
from .entering import Positions
from .facts import BudgetLine, CarryOverLine, ExpenditureLine, Facts, RevenueLine
from .leaves import numbers_in
from .ledger import PERSONNEL_CATEGORIES
from .money import ZERO

Path = tuple[str, ...]
"""The way to a number in ``决算.yaml`` by its keys; a line of a list goes by what tells it from the others of its list:
``("支出", "2010301", "一般公共预算", "基本支出")``."""
Line = RevenueLine | ExpenditureLine | BudgetLine | CarryOverLine

LABELS: Mapping[str, tuple[str, ...]] = {
    "收入": ("科目",),
    "支出": ("科目", "资金来源"),
    "年初结转和结余": ("资金来源", "科目", "类型"),
    "年末结转和结余": ("资金来源", "科目", "类型"),
    "年初预算": ("科目", "资金来源"),
    "全年预算": ("科目", "资金来源"),
}
"""List of ``决算.yaml`` → the keys that tell its lines apart."""
MODELS: Mapping[str, type[Line]] = {
    "收入": RevenueLine, "支出": ExpenditureLine, "年初结转和结余": CarryOverLine, "年末结转和结余": CarryOverLine,
    "年初预算": BudgetLine, "全年预算": BudgetLine,
}
KEYS = {book: [each.alias for each in model.model_fields.values()] for book, model in MODELS.items()}
"""List → the keys of its lines, in their order."""
WHOLES = {"支出": ("基本支出", ("人员经费", "公用经费")), "年初预算": ("金额", ("基本支出", "项目支出"))}
WHOLES["全年预算"] = WHOLES["年初预算"]
"""List → the key of a whole, and those of the parts that may be given instead."""
EXPENSES: tuple[Path, ...] = (
    *(("三公经费", kind) for kind in ("因公出国境费", "公务用车购置费", "公务用车运行维护费", "公务接待费")),
    ("会议费",), ("培训费",),
)
"""Expenses whose budgets stand beside their final figures."""
BUDGETS = ("年初预算", "全年预算")
AGENCY, BASIS, OPERATING, APART, NONE = "机关运行经费", "口径", "公用经费", "单列", "无"
NOT_SUMMED = ("机构", AGENCY)
"""Keys that are no plain sums."""


@dataclass(frozen=True, slots=True)
class Part:
    """One unit's facts, as a part of its department's; ``name`` is what remarks and messages call it.

    A unit that is itself a department has eliminations, which its share is less by.
    """

    name: str
    facts: Facts
    positions: Positions
    eliminations: Sequence[Elimination] = ()
    places: Positions = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Share:
    """What one unit contributes to a sum: an amount in 元, or a count."""

    unit: str
    amount: Decimal
    source: Source


@dataclass(frozen=True, slots=True)
class RolledUp:
    """A department's numbers: the shares of each, what is said in words, and what not every unit gives.

    ``counts`` are the ways to those that are counts; ``lacking`` is by path, with the units that do not give it; such
    a number has no sum.
    """

    sums: Mapping[Path, tuple[Share, ...]]
    words: Mapping[Path, str] = field(default_factory=dict)
    lacking: Mapping[Path, tuple[str, ...]] = field(default_factory=dict)
    counts: frozenset[Path] = frozenset()

    def total(self, path: Path) -> Decimal:
        """Return a sum, in 元 or as a count."""
        return sum((share.amount for share in self.sums[path]), ZERO)


@dataclass(frozen=True, slots=True)
class Number:
    """One number of ``决算.yaml``: the way to it, the number (元, or a count), whether it is a count, and its place."""

    path: Path
    value: Decimal
    is_count: bool
    source: Source


def numbers_of(facts: Facts, positions: Positions) -> Iterator[Number]:
    """Yield every number that the facts give, those of lists line by line."""
    books: Mapping[str, Sequence[Line]] = {
        "收入": facts.revenue, "支出": facts.expenditure,
        "年初结转和结余": facts.opening, "年末结转和结余": facts.closing,
        "年初预算": facts.initial_budget or (), "全年预算": facts.adjusted_budget or (),
    }
    for book, lines in books.items():
        for number, line in enumerate(lines):
            told = {field.alias: getattr(line, name) for name, field in type(line).model_fields.items()}
            key = tuple(told[label] or "" for label in LABELS[book])
            for name, field_ in type(line).model_fields.items():
                value = getattr(line, name)
                if isinstance(value, Decimal) and name in line.model_fields_set:
                    alias = field_.alias or name
                    yield Number((book, *key, alias), value, False, _at(positions, book, number, alias))
    for path, value in numbers_in(facts):
        if path[0] != "机构":
            yield Number(path, Decimal(value), isinstance(value, int), _at(positions, *path))


def amounts_of(line: EliminatedExpenditure | EliminatedRevenue) -> Iterator[tuple[Path, Decimal]]:
    """Yield the amounts (元) of an elimination's line, with the ways to the numbers of ``决算.yaml`` they come off."""
    spent = isinstance(line, EliminatedExpenditure)
    key = ("支出", line.subject, str(line.fund)) if spent else ("收入", line.subject)
    for name, field_ in type(line).model_fields.items():
        amount = getattr(line, name)
        if isinstance(amount, Decimal) and amount:
            yield (*key, field_.alias or name), amount
    if isinstance(line, EliminatedExpenditure) and line.economic is not None:
        yield ("基本支出经济分类", line.economic), line.basic + line.personnel + line.operating


def roll_up(parts: Sequence[Part]) -> RolledUp:
    """Return the sums of the units' numbers.

    A budget that some units do not give has no sum. Where only some units divide a subject's 基本支出 into 人员经费
    and 公用经费 (or a budget into its parts), the department's is not divided.
    """
    shares: dict[Path, list[Share]] = {}
    counts: set[Path] = set()
    for part in parts:
        for number in _numbers(part):
            shares.setdefault(number.path, []).append(Share(part.name, number.value, number.source))
            counts |= {number.path} if number.is_count else set()
    for book, (whole, divided) in WHOLES.items():
        for path in [path for path in shares if path[0] == book and path[-1] == whole]:
            for name in divided:
                shares[path] += shares.pop((*path[:-1], name), [])
    lacking = _lacking(parts)
    for path in [path for path in shares if any(path[: len(less)] == less for less in lacking)]:
        del shares[path]
    sums = {path: tuple(found) for path, found in shares.items()}
    words: dict[Path, str] = {}
    _agency_operating(parts, sums, words, lacking)
    return RolledUp(sums, words, lacking, frozenset(counts))


def _numbers(part: Part) -> Iterator[Number]:
    """Yield a unit's numbers that are summed, and what its own eliminations take off them."""
    yield from (number for number in numbers_of(part.facts, part.positions) if number.path[0] not in NOT_SUMMED)
    for each in lines_of(part.eliminations):
        for path, amount in amounts_of(each.line):
            yield Number(path, -amount, False, _at(part.places, *each.path, path[-1]))


def _lacking(parts: Sequence[Part]) -> dict[Path, tuple[str, ...]]:
    """Return the budgets that some units give and others do not.

    An expense of which a unit says nothing has not arisen there, and had no budget.
    """
    found: dict[Path, tuple[str, ...]] = {}
    for book in BUDGETS:
        _note(found, (book,), {part.name: book in _given(part) for part in parts})
    for expense in EXPENSES:
        said = {part.name: _below(part, expense) for part in parts}
        for budget in BUDGETS:
            _note(found, (*expense, budget), {name: budget in keys for name, keys in said.items() if keys})
    return found


def _note(found: dict[Path, tuple[str, ...]], path: Path, gives: Mapping[str, bool]) -> None:
    if any(gives.values()) and not all(gives.values()):
        found[path] = tuple(name for name, given in gives.items() if not given)


def _given(part: Part) -> set[str]:
    """Return the top keys of a unit's facts."""
    return {Facts.model_fields[name].alias or name for name in part.facts.model_fields_set}


def _below(part: Part, expense: Path) -> set[str]:
    """Return the keys that a unit gives of an expense."""
    node = {
        "三公经费": part.facts.three_public, "会议费": part.facts.meetings, "培训费": part.facts.training,
    }[expense[0]]
    for key in expense[1:]:
        names = {field.alias: name for name, field in type(node).model_fields.items()}
        node = getattr(node, names[key])
    return {type(node).model_fields[name].alias or name for name in node.model_fields_set}


def _agency_operating(
    parts: Iterable[Part], sums: dict[Path, tuple[Share, ...]], words: dict[Path, str],
    lacking: dict[Path, tuple[str, ...]],
) -> None:
    """Add 机关运行经费: the sum over the units that have it, or 口径: 公用经费 where that says the same of all."""
    having = [part for part in parts if part.facts.agency_operating.basis != NONE or _said_finally(part)]
    if not having:
        return
    spending = [part for part in parts if part.facts.economic]
    if {part.name for part in spending} <= {
        part.name for part in having if part.facts.agency_operating.basis == OPERATING
    }:
        words[AGENCY, BASIS] = OPERATING
    else:
        words[AGENCY, BASIS] = APART
        sums[AGENCY, "决算"] = tuple(share for part in having for share in _agency_shares(part))
    for budget, name in zip(BUDGETS, ("initial", "adjusted"), strict=True):
        given = {part.name: getattr(part.facts.agency_operating, name) for part in having}
        _note(lacking, (AGENCY, budget), {unit: amount is not None for unit, amount in given.items()})
        if all(amount is not None for amount in given.values()):
            at = {part.name: _at(part.positions, AGENCY, budget) for part in having}
            sums[AGENCY, budget] = tuple(Share(unit, amount, at[unit]) for unit, amount in given.items())


def _said_finally(part: Part) -> bool:
    """Tell whether a unit gives a final figure of 机关运行经费 without saying 口径."""
    return bool(part.facts.agency_operating.final)


def _agency_shares(part: Part) -> Iterator[Share]:
    """Yield a unit's 机关运行经费: its own figure, or its 公用经费 subject by subject."""
    if part.facts.agency_operating.basis != OPERATING:
        yield Share(part.name, part.facts.agency_operating.final, _at(part.positions, AGENCY, "决算"))
        return
    for code, amount in part.facts.economic.items():
        if not code.startswith(PERSONNEL_CATEGORIES):
            yield Share(part.name, amount, _at(part.positions, "基本支出经济分类", code))


def _at(positions: Positions, *path: str | int) -> Source:
    """Return where a fact stands, or what it would stand in."""
    while path and path not in positions:
        path = path[:-1]
    return positions.get(path) or Source("")
