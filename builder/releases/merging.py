"""Two versions of a YAML file's values, walked together: what differs, and the old one with some of that made new.

Finding the differences and applying them is one walk, so the two cannot disagree: the walk asks of each difference
whether it is to be made, and makes the result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from builder.loading.document import Path, Value
from builder.releases.aligning import Pair, aligned, in_other_order, is_ledger, label


class Missing:
    """What stands for a value in the version that has none."""


MISSING: Final = Missing()
MaybeValue: TypeAlias = "Value | Missing"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: the way to it in words, and in either version (None where it has no such place)."""

    where: tuple[str, ...]
    old_path: Path | None
    new_path: Path | None
    old: MaybeValue
    new: MaybeValue
    order: bool = False

    @property
    def key(self) -> tuple[Path | None, Path | None]:
        """What tells it from the others of its file."""
        return self.old_path, self.new_path


@dataclass(frozen=True, slots=True)
class _Place:
    where: tuple[str, ...] = ()
    old: Path = ()
    new: Path = ()

    def at(self, name: str, old: str | int | None, new: str | int | None) -> _Place:
        return _Place(
            (*self.where, name),
            self.old if old is None else (*self.old, old),
            self.new if new is None else (*self.new, new),
        )


@dataclass(frozen=True, slots=True)
class Merge:
    """A walk through two versions; ``made`` says of each difference whether it is to be made.

    ``ordered`` says of a mapping, by its path, whether the order of its keys means something.
    """

    made: Callable[[Difference], bool]
    ordered: Callable[[Path], bool] = lambda _path: False

    def of(self, old: MaybeValue, new: MaybeValue) -> MaybeValue:
        """Return the old version with those differences made that are to be."""
        return self._value(old, new, _Place())

    def _value(self, old: MaybeValue, new: MaybeValue, place: _Place) -> MaybeValue:
        both = [value for value in (old, new) if not isinstance(value, Missing)]
        if any(both) and all(isinstance(value, dict) for value in both):
            return self._mapping(old, new, place)
        if any(both) and all(isinstance(value, list) for value in both):
            return self._list(old, new, place)
        if type(old) is type(new) and old == new:
            return old
        return self._chosen(old, new, place)

    def _chosen(self, old: MaybeValue, new: MaybeValue, place: _Place, *, order: bool = False) -> MaybeValue:
        difference = Difference(
            place.where,
            None if isinstance(old, Missing) else place.old,
            None if isinstance(new, Missing) else place.new,
            old, new, order,
        )
        return new if self.made(difference) else old

    def _mapping(self, old: MaybeValue, new: MaybeValue, place: _Place) -> MaybeValue:
        before = old if isinstance(old, dict) else {}
        after = new if isinstance(new, dict) else {}
        places = dict(zip(before, range(len(before)), strict=True)), dict(zip(after, range(len(after)), strict=True))
        names = list(dict.fromkeys([*before, *after]))
        pairs = [(places[0].get(name), places[1].get(name)) for name in names]
        reordered = in_other_order(pairs) and self.ordered(place.new)
        as_new = reordered and self._chosen(before, after, place, order=True) is after
        merged: dict[str, Value] = {}
        for i, j in _in_order(pairs, as_new=as_new):
            key = names[pairs.index((i, j))]
            value = self._value(before.get(key, MISSING), after.get(key, MISSING), place.at(key, key, key))
            if not isinstance(value, Missing):
                merged[key] = value
        return merged if merged or _both(old, new) else MISSING

    def _list(self, old: MaybeValue, new: MaybeValue, place: _Place) -> MaybeValue:
        before = old if isinstance(old, list) else []
        after = new if isinstance(new, list) else []
        pairs = aligned(before, after)
        reordered = in_other_order(pairs) and not (is_ledger(before) and is_ledger(after))
        as_new = reordered and self._chosen(before, after, place, order=True) is after
        merged: list[Value] = []
        for i, j in _in_order(pairs, as_new=as_new):
            item_old: MaybeValue = MISSING if i is None else before[i]
            item_new: MaybeValue = MISSING if j is None else after[j]
            name = label(after[j], j) if j is not None else label(before[i or 0], i or 0)
            here = place.at(name, i, j)
            whole = i is None or j is None
            item = self._chosen(item_old, item_new, here) if whole else self._value(item_old, item_new, here)
            if not isinstance(item, Missing):
                merged.append(item)
        return merged if merged or _both(old, new) else MISSING


def _both(old: MaybeValue, new: MaybeValue) -> bool:
    return not isinstance(old, Missing) and not isinstance(new, Missing)


def _in_order(pairs: Sequence[Pair], *, as_new: bool) -> list[Pair]:
    """Return pairs as one version has them; what only the other has follows what it follows there."""
    main, other = (1, 0) if as_new else (0, 1)
    ordered = sorted((pair for pair in pairs if pair[main] is not None), key=lambda pair: pair[main] or 0)
    for pair in sorted((pair for pair in pairs if pair[main] is None), key=lambda pair: pair[other] or 0):
        before = [known[other] for known in ordered]
        follows = max((place for place in before if place is not None and place < (pair[other] or 0)), default=None)
        ordered.insert(before.index(follows) + 1 if follows is not None else 0, pair)
    return ordered


def flow_text(value: MaybeValue) -> str | None:
    """Return a value as one would write it on one line; None for one that is missing."""
    if isinstance(value, Missing):
        return None
    if isinstance(value, str):
        return value
    return _flow(value)


def _flow(value: Value) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return value

