"""Lists in a sentence: names, or names with amounts and shares, joined in the house's way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .comparisons import compare
from .house import ListPhrases
from .numbers import format_rate, format_rounded, printed_value
from .numerals import ordinal
from .phrases import check_given
from .phrasing import Phrasing


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list: a name and, where it has one, an amount in 元."""

    name: str
    amount: Decimal | None = None
    code: str = ""


def listing(
    items: Iterable[Item], phrases: Phrasing[ListPhrases], total: Decimal | None, given: Mapping[str, object]
) -> str:
    """Return the items as the house lists them.

    An item is left out where its amount is zero as printed; one without an amount stays. ``total`` (元) is the whole of
    which ``{率}`` is the share; ``given`` fills the slots that the part fills. Raises InputError where the house's
    phrase asks for what is not given.
    """
    house, place = phrases.house, phrases.place
    check_given(given, place)
    kept = [
        item
        for item in items
        if house.with_zeros
        or (amount := item.amount) is None
        or (amount and printed_value(amount, phrases.amount))  # most lines of a list are empty
    ]
    if not kept:
        return phrases.cases["空"].fill(given, place)
    shown = kept[: house.most]
    each = phrases.cases["项"]
    joined = _joined(
        [
            each.fill({**given, **_values(item, number, phrases, total, each.slots)}, place)
            for number, item in enumerate(shown, 1)
        ],
        house,
    )
    case = "整体" if len(shown) == len(kept) else "超出"
    return phrases.cases[case].fill({**given, "列表": joined, "项数": len(kept)}, place)


def _joined(texts: Sequence[str], house: ListPhrases) -> str:
    if house.last_separator is None or len(texts) == 1:
        return house.separator.join(texts)
    return house.separator.join(texts[:-1]) + house.last_separator + texts[-1]


def _values(
    item: Item, number: int, phrases: Phrasing[ListPhrases], total: Decimal | None, wanted: frozenset[str]
) -> dict[str, str]:
    """Return what an item puts into slots; its numbers only where they are wanted."""
    values = {"名称": item.name, "编码": item.code}
    if "序号" in wanted:
        values["序号"] = ordinal(number, phrases.house.numbering)
    if item.amount is None or not wanted & {"金额", "率"}:
        return values
    comparison = compare(item.amount, total, phrases.amount)
    values["金额"] = format_rounded(comparison.value, phrases.amount)
    if comparison.ratio is not None:
        values["率"] = format_rate(comparison.ratio, phrases.rate)
    return values
