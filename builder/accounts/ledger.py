"""The ledger (账): every amount of a unit-year as one entry with its dimensions.

Expenditure is entered once, as 科目 × 资金来源 × 支出类型; revenue, carry-overs, budgets and “三公” are books of the
same ledger. Statements are views of it and never hold an amount of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from builder.findings import Source

from .money import ZERO
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


class Entry(NamedTuple):
    """One amount (元) with its dimensions; an empty dimension is not known or does not apply."""

    book: str
    amount: Decimal
    source: Source
    subject: str = ""
    fund: str = ""
    kind: str = ""
    detail: str = ""


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

    def admits(self, entry: Entry) -> bool:
        """Tell whether the entry belongs, leaving its subject aside."""
        return (
            (not self.funds or entry.fund in self.funds)
            and (not self.kinds or entry.kind in self.kinds)
            and (not self.details or entry.detail in self.details)
        )

    def undecided(self, entry: Entry) -> bool:
        """Tell whether it cannot be known if the entry belongs, for it lacks a dimension that the query asks for."""
        no_kind = bool(self.kinds) and not entry.kind
        no_detail = bool(self.details) and not entry.detail and entry.kind in {"", *DETAILED}
        if no_kind or no_detail:
            fund = not self.funds or entry.fund in self.funds
            kind = no_kind or not self.kinds or entry.kind in self.kinds
            detail = no_detail or not self.details or entry.detail in self.details
            return fund and kind and detail
        return False


@lru_cache(maxsize=4096)
def budget_query(query: Query, which: int) -> Query | None:
    """Return what asks for the budget (0 年初预算, 1 全年预算) of what a query asks for; None where there is none."""
    if any(book not in BUDGET_BOOKS for book in query.books):
        return None
    return query._replace(books=tuple(BUDGET_BOOKS[book][which] for book in query.books))


@dataclass(slots=True)
class Sum:
    """A total (元) and the entries it is made of."""

    amount: Decimal = ZERO
    entries: list[Entry] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Take in one more entry."""
        self.amount += entry.amount
        self.entries.append(entry)


class Ledger:
    """All entries of one unit-year, summed on demand by query and subject prefix."""

    def __init__(self, entries: Iterable[Entry], unknown: Iterable[Unknown] = ()) -> None:
        self.entries: tuple[Entry, ...] = tuple(entries)
        self.unknown: tuple[Unknown, ...] = tuple(unknown)
        self._books: dict[str, list[Entry]] = {}
        for entry in self.entries:
            self._books.setdefault(entry.book, []).append(entry)
        self._sums: dict[Query, dict[str, Sum]] = {}
        self._undecided: dict[Query, list[Entry]] = {}

    def sums(self, query: Query) -> Mapping[str, Sum]:
        """Return what the query admits, by subject prefix (类, 款, 项 and the code itself; ``""`` is everything)."""
        found = self._sums.get(query)
        if found is None:
            found = self._sums[query] = {"": Sum()}
            for book in query.books:
                for entry in self._books.get(book, ()):
                    if query.admits(entry):
                        for prefix in prefixes(entry.subject):
                            if prefix not in found:
                                found[prefix] = Sum()
                            found[prefix].add(entry)
        return found

    def total(self, query: Query, subjects: Sequence[str] = ("",)) -> Sum:
        """Return the sum over the given subject prefixes."""
        sums = self.sums(query)
        if len(subjects) == 1:
            return sums.get(subjects[0]) or Sum()
        total = Sum()
        for subject in subjects:
            for entry in sums[subject].entries if subject in sums else ():
                total.add(entry)
        return total

    def gaps(self, query: Query, subjects: Sequence[str] = ("",)) -> Iterator[Unknown | Entry]:
        """Yield what a total leaves open: amounts not given, and entries that lack a dimension the query asks for."""
        for missing in self.unknown:
            if missing.book in query.books and (not (missing.kind and query.kinds) or missing.kind in query.kinds):
                yield missing
        yield from (entry for entry in self._open(query) if entry.subject.startswith(tuple(subjects)))

    def _open(self, query: Query) -> list[Entry]:
        """Return the entries that lack a dimension which the query asks for."""
        found = self._undecided.get(query)
        if found is None:
            entries = (entry for book in query.books for entry in self._books.get(book, ()))
            found = self._undecided[query] = [entry for entry in entries if entry.amount and query.undecided(entry)]
        return found

    def is_known(self, query: Query, subjects: Sequence[str] = ("",)) -> bool:
        """Tell whether everything asked for is given, with all the dimensions that the query asks for."""
        return next(self.gaps(query, subjects), None) is None


def prefixes(subject: str) -> Iterator[str]:
    """Yield ``""`` and the 类, 款 and 项 code of a subject, as far as it has them."""
    yield ""
    for length in (3, 5, 7):
        if len(subject) >= length:
            yield subject[:length]
