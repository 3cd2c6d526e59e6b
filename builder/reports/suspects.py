"""What to look at: the places of the files one of which must be wrong, and what stands there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from builder.accounting import Accounts
from builder.accounts.ledger import Entry
from builder.accounts.money import ZERO, AmountUnit, in_unit, is_rounding_difference, printed
from builder.findings import Source

TOO_SMALL = 9
"""A difference that so many rounded figures could make is explained by too many slips to name one."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A place of the files that may be wrong, and what stands there (「2101599 项目支出 28.40 万元」)."""

    source: Source
    what: str = ""


class Contents:
    """What stands in each place of the files that a relation may name, and the ``amounts`` (元) among it."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._known = {entry.source: _of_entry(entry) for entry in accounts.indicators.ledger.entries}
        self.amounts = {entry.source: entry.amount for entry in accounts.indicators.ledger.entries}
        for table, rows in accounts.unit_year.stated.items():
            for row, columns in rows.items():
                for column, value in columns.items():
                    self.amounts[value.source] = value.amount
                    self._known[value.source] = f"出表数 {table}/{row}/{column} {amount(value.amount)} 万元"

    def get(self, source: Source) -> str:
        """Return what stands there in words, nothing where that is not known."""
        return self._known.get(source) or self._paths.get(source, "")

    @cached_property
    def _paths(self) -> dict[Source, str]:
        """The keys under which each value of the facts and of 绩效 stands."""
        unit_year = self._accounts.unit_year
        files = (unit_year.positions, *unit_year.project_positions, *(form.positions for form in unit_year.forms))
        return {
            source: "／".join(f"第 {step + 1} 行" if isinstance(step, int) else step for step in path)
            for positions in files for path, source in positions.items()
        }


def _of_entry(entry: Entry) -> str:
    words = (entry.book, entry.subject, entry.fund, entry.kind, entry.detail)
    return f"{' '.join(word for word in dict.fromkeys(words) if word)} {amount(entry.amount)} 万元"


def amount(yuan: Decimal) -> str:
    """Return an amount of 元 in 万元 with separators: two decimals, or as many as it has."""
    exact = in_unit(yuan)
    return f"{printed(yuan):,}" if exact == printed(yuan) else f"{exact.normalize():,f}"


def suspects_of(places: Sequence[Source], difference: Decimal | None, contents: Contents | None) -> tuple[Suspect, ...]:
    """Return the places with what stands there: those first where a common slip explains the difference, zeros last."""
    if contents is None:
        return tuple(map(Suspect, places))
    found = []
    for source in places:
        value = contents.amounts.get(source)
        remark = _remark(value, difference) if value and difference else ""
        found.append((not remark, value == 0, Suspect(source, contents.get(source) + remark)))
    return tuple(suspect for _, _, suspect in sorted(found, key=lambda each: each[:2]))


def _remark(value: Decimal, difference: Decimal) -> str:
    """Return which slip in a value (元) explains a difference, as a question; nothing where none does."""
    if is_rounding_difference(difference, ZERO, TOO_SMALL):
        return ""
    for right, slip in slips(value):
        if is_rounding_difference(abs(value - right), abs(difference), 1):
            return f"（与差额相符：是不是{slip}{f'，应为 {amount(right)}' if right else ''}？）"
    return ""


def slips(value: Decimal) -> Iterator[tuple[Decimal, str]]:
    """Yield what a value (元) may have been before a common slip, and which: those that accountants look for first."""
    yield ZERO, "漏了或重复了"
    yield -value, "加减弄反了"
    yield value / 10, "小数点错了一位"
    yield value * 10, "小数点错了一位"
    yield value / 10000, "金额单位错了"
    yield value * 10000, "金额单位错了"
    text = f"{in_unit(value):.2f}"
    places = [place for place, sign in enumerate(text) if sign.isdigit()]
    for one, other in pairwise(places):
        swapped = list(text)
        swapped[one], swapped[other] = text[other], text[one]
        yield Decimal("".join(swapped)) * AmountUnit.WAN.yuan, "两位数字颠倒了"
