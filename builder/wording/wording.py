"""A house's wording: the number formats and phrase sets of a style, ready to be called from a form's filters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from builder.findings import Finding, InputError, Level

from . import lists, reasons
from .comparing_sets import BudgetPhrases, ChangePhrases, ComparingPhrases, CompletionPhrases, SharePhrases
from .comparisons import said
from .house import ListPhrases, Phrases, ReasonPhrases
from .lists import Item
from .numbers import NumberFormat, format_amount, format_count, format_rate
from .phrasing import Locate, Phrasing, Resolver, among, choose, gaps

DEFAULT = "默认"


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything a style says about numbers and phrases. All amounts are given in 元, all rates in per cent.

    Every method raises InputError (without a place; the caller knows the part) where a name is not one of the style's
    or the style has no phrase for the case. Keyword arguments fill the slots that the part fills (``主语``, ``名称``,
    ``编码``, ``年度``, ``上年度``, ``自称``, ``对象``).
    """

    formats: Mapping[str, NumberFormat]
    changes: Mapping[str, Phrasing[ChangePhrases]]
    shares: Mapping[str, Phrasing[SharePhrases]]
    completions: Mapping[str, Phrasing[CompletionPhrases]]
    differences: Mapping[str, Phrasing[BudgetPhrases]]
    reasons: Mapping[str, Phrasing[ReasonPhrases]]
    listings: Mapping[str, Phrasing[ListPhrases]]

    @classmethod
    def of(cls, formats: Mapping[str, NumberFormat], phrases: Phrases, locate: Locate = lambda _path: None) -> Self:
        """Make the sections ``数字格式`` and ``措辞`` ready. Raises InputError with everything that is wrong."""
        resolver = Resolver(formats, locate)
        wording = cls(
            resolver.formats,
            resolver.resolve(phrases.change),
            resolver.resolve(phrases.share),
            resolver.resolve(phrases.completion),
            resolver.resolve(phrases.budget),
            resolver.resolve(phrases.reason),
            resolver.resolve(phrases.listing),
        )
        if resolver.findings:
            raise InputError(resolver.findings)
        return wording

    def gaps(self) -> list[Finding]:
        """Return notes on the cases that the style leaves unsaid and that would stop a build when a unit meets them."""
        sets: list[Phrasing[ComparingPhrases]] = [
            *self.changes.values(),
            *self.shares.values(),
            *self.completions.values(),
            *self.differences.values(),
        ]
        return [
            Finding(f"{phrasing.place} 没有「{case}」的写法；遇到这种情况时文档出不来，建议补上", None, Level.NOTE)
            for phrasing in sets
            for case in gaps(phrasing)
        ]

    def says_unknown(self, group: str, name: str) -> bool:
        """Tell whether a set of ``较上年``, ``比较`` or ``完成预算`` has a phrase for a base that is not known."""
        if group == "较上年":
            return "上年未知" in choose(group, self.changes, name).cases
        sets = self.differences if group == "比较" else self.completions
        return "预算未知" in choose(group, sets, name).cases

    def unit_of(self, group: str, name: str) -> str:
        """Return the unit (万元, 个) in which a set of 较上年, 比较, 占 or 完成预算 reads its figures."""
        sets: Mapping[str, Mapping[str, Phrasing[ComparingPhrases]]] = {
            "较上年": self.changes, "比较": self.differences, "占": self.shares, "完成预算": self.completions,
        }
        return choose(group, sets[group], name).amount.unit

    def format(self, name: str) -> NumberFormat:
        """Return the number format of that name."""
        found = self.formats.get(name)
        if found is None:
            raise InputError(f"数字格式里没有「{name}」，正文的标签却用到它；{among(name, self.formats)}")
        return found

    def amount(self, yuan: Decimal, name: str = DEFAULT) -> str:
        """Return the text of an amount in the format's unit."""
        return format_amount(yuan, self.format(name))

    def rate(self, percent: Decimal, name: str = "百分比") -> str:
        """Return the text of a percentage, without its sign."""
        return format_rate(percent, self.format(name))

    def count(self, count: Decimal | int, name: str = "整数") -> str:
        """Return the text of a count."""
        return format_count(count, self.format(name))

    def change(self, current: Decimal, previous: Decimal | None, name: str = DEFAULT, **given: object) -> str:
        """Return this year against last year: ``较上年``."""
        return said(current, previous, choose("较上年", self.changes, name), given)

    def share(self, part: Decimal, whole: Decimal | None, name: str = DEFAULT, **given: object) -> str:
        """Return the share of a whole: ``占``."""
        return said(part, whole, choose("占", self.shares, name), given)

    def completion(self, final: Decimal, budget: Decimal | None, name: str = DEFAULT, **given: object) -> str:
        """Return the final figure in per cent of the budget: ``完成预算``."""
        return said(final, budget, choose("完成预算", self.completions, name), given)

    def difference(self, final: Decimal, budget: Decimal | None, name: str = DEFAULT, **given: object) -> str:
        """Return the final figure against the budget: ``比较``."""
        return said(final, budget, choose("比较", self.differences, name), given)

    def reason(
        self, text: str | None, value: Decimal, base: Decimal | None, name: str = DEFAULT, **given: object
    ) -> str:
        """Return the reason of the change from ``base`` to ``value``: ``原因``."""
        return reasons.reason(text, value, base, choose("原因", self.reasons, name), given)

    def lacks_reason(self, text: str | None, value: Decimal, base: Decimal | None, name: str = DEFAULT) -> bool:
        """Tell whether a reason belongs here that nobody has written."""
        return reasons.is_lacking(text, value, base, choose("原因", self.reasons, name))

    def listing(
        self, items: Iterable[Item], name: str = DEFAULT, *, total: Decimal | None = None, **given: object
    ) -> str:
        """Return items joined into a text: ``列举``."""
        return lists.listing(items, choose("列举", self.listings, name), total, given)
