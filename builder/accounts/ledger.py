"""The ledger (账): every amount of a unit-year as one entry with its dimensions.

Expenditure is entered once, as 科目 × 资金来源 × 支出类型; revenue, carry-overs, budgets and “三公” are books of the
same ledger. Statements are views of it and never hold an amount of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from builder.findings import Source, Spot

from .money import ZERO
from .subjects import levels
from .values import FUNDS

GENERAL = FUNDS[0]
NON_FISCAL = FUNDS[-1]

EXPENDITURE_KINDS = {
    "basic": ("基本支出", ""),
    "personnel": ("基本支出", "人员经费"),
    "operating": ("基本支出", "公用经费"),
    "project": ("项目支出", ""),
    "to_superior": ("上缴上级支出", ""),
    "business": ("经营支出", ""),
    "to_subordinate": ("对附属单位补助支出", ""),
}
"""Field of an expenditure line → (支出类型, 明细)."""

REVENUE_KINDS = {
    "general": ("财政拨款收入", FUNDS[0]),
    "fund": ("财政拨款收入", FUNDS[1]),
    "capital": ("财政拨款收入", FUNDS[2]),
    "from_superior": ("上级补助收入", NON_FISCAL),
    "undertaking": ("事业收入", NON_FISCAL),
    "business": ("经营收入", NON_FISCAL),
    "from_subordinate": ("附属单位上缴收入", NON_FISCAL),
    "other": ("其他收入", NON_FISCAL),
}
"""Field of a revenue line → (收入来源, 资金来源)."""

THREE_PUBLIC = {
    "overseas": "因公出国境费",
    "purchase": "公务用车购置费",
    "running": "公务用车运行维护费",
    "receptions": "公务接待费",
}
"""Field of “三公”经费 → 类型."""

BUDGET_BOOKS = {
    "支出": ("年初预算", "全年预算"),
    "三公决算": ("三公年初预算", "三公全年预算"),
    "其他费用决算": ("其他费用年初预算", "其他费用全年预算"),
}
"""Book of final figures → its (年初预算, 全年预算) books."""

KINDS = tuple(
    dict.fromkeys(
        [kind for kind, _ in (*EXPENDITURE_KINDS.values(), *REVENUE_KINDS.values())]
        + [*THREE_PUBLIC.values(), "会议费", "培训费"]
    )
)
"""All 类型 of all books."""

DETAILS = tuple(detail for _, detail in EXPENDITURE_KINDS.values() if detail)
"""All 明细."""

PERSONNEL_CATEGORIES = ("301", "303")
"""The economic 类 whose amounts are 人员经费; all others are 公用经费."""

DETAILED = tuple(kind for kind, detail in EXPENDITURE_KINDS.values() if detail)
"""类型 that have 明细."""

BOOKS = (
    "收入", "其中教育收费", "支出", "经济分类", "年初结转和结余", "年末结转和结余", "使用非财政拨款结余", "结余分配",
    *(book for finals, budgets in BUDGET_BOOKS.items() if finals != "支出" for book in (finals, *budgets)),
    *BUDGET_BOOKS["支出"],
)


@dataclass(slots=True, eq=False)
class Entry:
    """One amount (元) with its dimensions; an empty dimension is not known or does not apply.

    ``at`` is where it stands in a file: few are ever asked. Nothing changes an entry once it is made.
    """

    book: str
    amount: Decimal
    at: Source | Spot
    subject: str = ""
    fund: str = ""
    kind: str = ""
    detail: str = ""

    @property
    def source(self) -> Source:
        """Where it stands."""
        return self.at.source

    @property
    def file(self) -> object:
        """What is the same for all entries that stand in one file."""
        return self.at.path if isinstance(self.at, Source) else id(self.at.places)


Dimensions = tuple[str, str, str]
"""资金来源, 类型 and 明细 of an entry."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """An amount that is not given: a whole book, or of one 类型; ``wanted`` is what to fill in, ``source`` where."""

    book: str
    wanted: str
    source: Source
    kind: str = ""


class Query(NamedTuple):
    """Which entries a cell sums: allowed values per dimension, where an empty tuple allows all.

    ``subjects`` are code prefixes: ``208`` takes every 款 and 项 under it.
    """

    books: tuple[str, ...]
    funds: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    details: tuple[str, ...] = ()

    def admits(self, fund: str, kind: str, detail: str) -> bool:
        """Tell whether an entry of these dimensions belongs."""
        return (
            (not self.funds or fund in self.funds)
            and (not self.kinds or kind in self.kinds)
            and (not self.details or detail in self.details)
        )

    def undecided(self, fund: str, kind: str, detail: str) -> bool:
        """Tell whether it cannot be known if an entry belongs, for it lacks a dimension that the query asks for."""
        no_kind = bool(self.kinds) and not kind
        no_detail = bool(self.details) and not detail and kind in {"", *DETAILED}
        return (no_kind or no_detail) and (
            (not self.funds or fund in self.funds)
            and (no_kind or not self.kinds or kind in self.kinds)
            and (no_detail or not self.details or detail in self.details)
        )


@lru_cache(maxsize=4096)
def budget_queries(query: Query) -> tuple[Query, Query] | None:
    """Return what asks for the 年初预算 and 全年预算 of what a query asks for; None where there are none."""
    if any(book not in BUDGET_BOOKS for book in query.books):
        return None
    initial, adjusted = (tuple(BUDGET_BOOKS[book][which] for book in query.books) for which in (0, 1))
    return query._replace(books=initial), query._replace(books=adjusted)


class Sum(NamedTuple):
    """A total (元), and of how many entries that are not zero."""

    amount: Decimal
    items: int


Sums = Mapping[str, tuple[Decimal, int]]
"""A `Sum`, as a plain tuple, for each subject prefix that has entries: 类, 款 and 项; ``""`` is all of them."""
NONE = (ZERO, 0)
"""What no entries add up to."""


class _Group:
    """The entries of a book that differ in nothing but their subject."""

    __slots__ = ("entries",)

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def sums(self) -> Sums:
        """Add the entries up by subject prefix."""
        sums: dict[str, tuple[Decimal, int]] = {}
        for entry in self.entries:
            amount = entry.amount
            more = 1 if amount else 0
            for subject in prefixes(entry.subject):
                before, items = sums.get(subject, NONE)
                sums[subject] = (before + amount, items + more)
        return sums


class Ledger:
    """All entries of one unit-year, summed on demand by query and subject prefix.

    Entries that differ in nothing but their subject are added up once. A query takes some of these groups, and queries
    that the entries of this unit do not tell apart share one sum.
    """

    def __init__(self, entries: Iterable[Entry], unknown: Iterable[Unknown] = ()) -> None:
        self.entries: tuple[Entry, ...] = tuple(entries)
        self.unknown: tuple[Unknown, ...] = tuple(unknown)
        self._books: dict[str, dict[Dimensions, _Group]] = {}
        self._lacking = {each.book for each in self.unknown}
        self._vague: set[str] = set()  # books that have entries without 类型 or 明细
        for entry in self.entries:
            groups, dimensions = self._books.setdefault(entry.book, {}), (entry.fund, entry.kind, entry.detail)
            if dimensions not in groups:
                groups[dimensions] = _Group()
                if not entry.kind or (not entry.detail and entry.kind in DETAILED):
                    self._vague.add(entry.book)
            groups[dimensions].entries.append(entry)
        self._sums: dict[Query, Sums] = {}
        self._added: dict[tuple[_Group, ...], Sums] = {(): {}}
        self._open: dict[Query, tuple[Unknown | Entry, ...]] = {}

    def sums(self, query: Query) -> Sums:
        """Return what the query admits, by subject prefix."""
        found = self._sums.get(query)
        if found is None:
            found = self._sums[query] = self._add(self._groups(query.books, query.admits))
        return found

    def total(self, query: Query, subjects: Sequence[str] = ("",)) -> Sum:
        """Return the sum over the given subject prefixes."""
        return Sum(*(self.found(query, subjects) or NONE))

    def found(self, query: Query, subjects: Sequence[str]) -> tuple[Decimal, int] | None:
        """Return the total as `sums` has it: None where there is no entry at all."""
        sums = self.sums(query)
        if len(subjects) == 1:
            return sums.get(subjects[0])
        found = [sums[subject] for subject in subjects if subject in sums]
        return (sum((amount for amount, _ in found), ZERO), sum(items for _, items in found)) if found else None

    def entries_of(self, query: Query, subjects: Sequence[str] = ("",)) -> list[Entry]:
        """Return the entries that a total is made of, those of zero too, as they stand in their books."""
        entries = self._entries(query.books, self._groups(query.books, query.admits))
        return [entry for subject in subjects for entry in entries if subject in prefixes(entry.subject)]

    def gaps(self, query: Query, subjects: Sequence[str] = ("",)) -> Iterator[Unknown | Entry]:
        """Yield what a total leaves open: amounts not given, and entries that lack a dimension the query asks for."""
        within = tuple(subjects)
        return (gap for gap in self._left_open(query) if isinstance(gap, Unknown) or gap.subject.startswith(within))

    def is_known(self, query: Query, subjects: Sequence[str] = ("",)) -> bool:
        """Tell whether everything asked for is given, with all the dimensions that the query asks for."""
        return not self._left_open(query) or next(self.gaps(query, subjects), None) is None

    def may_lack(self, books: Collection[str]) -> bool:
        """Tell whether anything in some books may be left open, whatever is asked: not given, or not broken down."""
        return not (self._lacking.isdisjoint(books) and self._vague.isdisjoint(books))

    def is_given(self, query: Query) -> bool:
        """Tell whether something may be known: no amount asked for is left out whatever its subject."""
        return not any(isinstance(gap, Unknown) for gap in self._left_open(query))

    def _left_open(self, query: Query) -> tuple[Unknown | Entry, ...]:
        """Return what the sum over all subjects leaves open."""
        found = self._open.get(query)
        if found is None:
            books, kinds = query.books, query.kinds
            left: list[Unknown | Entry] = []
            if not self._lacking.isdisjoint(books):
                left += [
                    each for each in self.unknown
                    if each.book in books and (not (each.kind and kinds) or each.kind in kinds)
                ]
            if (kinds or query.details) and not self._vague.isdisjoint(books):
                groups = self._groups(books, query.undecided)
                left += [entry for entry in self._entries(books, groups) if entry.amount]
            found = self._open[query] = tuple(left)
        return found

    def _groups(self, books: Iterable[str], belongs: Callable[[str, str, str], bool]) -> tuple[_Group, ...]:
        """Return the groups of some books whose dimensions belong to a query."""
        return tuple([
            group for book in books for dimensions, group in self._books.get(book, {}).items() if belongs(*dimensions)
        ])

    def _add(self, groups: tuple[_Group, ...]) -> Sums:
        """Return the sums of some groups, each choice of them added up once."""
        found = self._added.get(groups)
        if found is None:
            before, last = groups[:-1], groups[-1:]
            found = _joined(self._add(before), self._add(last)) if before else last[0].sums()
            self._added[groups] = found
        return found

    def _entries(self, books: Iterable[str], groups: Collection[_Group]) -> list[Entry]:
        """Return the entries of some groups, not group by group, but as they were entered in each book."""
        if len(groups) < 2:  # noqa: PLR2004
            return [entry for group in groups for entry in group.entries]
        return [
            entry for book in books for entry in self.entries
            if entry.book == book and self._books[book][entry.fund, entry.kind, entry.detail] in groups
        ]


def _joined(one: Sums, other: Sums) -> Sums:
    joined = dict(one)
    for subject, (amount, items) in other.items():
        if subject in joined:
            before, count = joined[subject]
            joined[subject] = (before + amount, count + items)
        else:
            joined[subject] = (amount, items)
    return joined


@lru_cache(maxsize=4096)
def prefixes(subject: str) -> tuple[str, ...]:
    """Return ``""`` and the 类, 款 and 项 code of a subject, as far as it has them."""
    return ("", *levels(subject))
