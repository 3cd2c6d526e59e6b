"""Which item of a list is which in its later version: by what it is about, not by where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from builder.loading.document import Value

IDENTITY = (
    "科目", "资金来源", "类型", "代码", "名称", "项目名称", "单位", "一级", "二级", "三级",
    "一级指标", "二级指标", "三级指标",
)
"""Keys that say what an item of a list is about; the others say how much, or how well."""
LEDGER = ("科目", "资金来源")
"""Keys of which a line of the ledger has one; the order of such lines means nothing."""
ALIKE = 0.5
"""How much of two items must be the same for one to be the other, corrected."""

Pair = tuple[int | None, int | None]
"""An item's places in the old and the new list; None where it was added or removed."""


def aligned(old: Sequence[Value], new: Sequence[Value]) -> list[Pair]:
    """Return the places of every item: matched and removed ones as in the old list, then the added ones as in the new.

    First what is equal is matched, then what is about the same, then what is alike.
    """
    matched: dict[int, int] = {}
    for same in (_equal, _about_the_same):
        for place in (place for place in range(len(old)) if place not in matched):
            free = (other for other in range(len(new)) if other not in matched.values())
            found = next((other for other in free if same(old[place], new[other])), None)
            if found is not None:
                matched[place] = found
    left = [place for place in range(len(old)) if place not in matched]
    free_now = [place for place in range(len(new)) if place not in matched.values()]
    scored = sorted((-_likeness(old[i], new[j]), abs(i - j), i, j) for i in left for j in free_now)
    for score, _apart, i, j in scored:
        if -score >= ALIKE and i not in matched and j not in matched.values():
            matched[i] = j
    taken = set(matched.values())
    return [
        *((place, matched.get(place)) for place in range(len(old))),
        *((None, place) for place in range(len(new)) if place not in taken),
    ]


def in_other_order(pairs: Sequence[Pair]) -> bool:
    """Tell whether matched items follow one another otherwise than before."""
    places = [after for before, after in pairs if before is not None and after is not None]
    return any(first > second for first, second in pairwise(places))


def is_ledger(items: Sequence[Value]) -> bool:
    """Tell whether a list is of the ledger's lines."""
    return all(isinstance(item, dict) and any(key in item for key in LEDGER) for item in items)


def label(item: Value, place: int) -> str:
    """Return what people call an item of a list: ``科目 2101501、资金来源 一般公共预算``."""
    if isinstance(item, dict):
        words = [f"{key} {item[key]}" for key in IDENTITY if isinstance(item.get(key), str)]
        if words:
            return "、".join(words)
    return f"第 {place + 1} 项"


def _equal(old: Value, new: Value) -> bool:
    return old == new


def _about_the_same(old: Value, new: Value) -> bool:
    identity = list(_identity(old))
    return bool(identity) and identity == list(_identity(new))


def _identity(item: Value) -> Iterator[tuple[str, Value]]:
    if isinstance(item, dict):
        yield from ((key, item[key]) for key in IDENTITY if key in item)


def _likeness(old: Value, new: Value) -> float:
    """Return from 0 to 1 how much of two items is the same."""
    if isinstance(old, str) and isinstance(new, str):
        return 1.0 if old == new else SequenceMatcher(None, old, new, autojunk=False).ratio()
    if isinstance(old, dict) and isinstance(new, dict):
        keys = old.keys() | new.keys()
        return sum(_likeness(old[key], new[key]) for key in old.keys() & new.keys()) / len(keys) if keys else 1.0
    return float(old == new)
