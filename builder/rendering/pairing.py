"""Which block, or row of a table, of a document is which in its later version."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Protocol, TypeVar

ALIKE = 0.5
"""How much of two must be the same for one to be the other, changed."""
ALONE = 0.2
"""The same where nothing else could be meant."""
MANY = 250_000
"""How many pairs are looked at one by one; where there were more, nothing is left of the old document anyhow."""


class Comparable(Protocol):
    """Something that stands in a row with others of its kind."""

    @property
    def key(self) -> object:
        """What makes two of them the same."""

    def likeness(self, other: object, /) -> float:
        """Return from 0 to 1 how much of two is the same."""


T = TypeVar("T", bound=Comparable)
Pair = tuple[T | None, T | None]


def paired(old: Sequence[T], new: Sequence[T], *, alone: float = ALONE) -> list[Pair[T]]:
    """Return the members of both in order, with those paired that are the same, or alike; None where one has none.

    Of what is not paired, the old comes before the new. ``alone`` is how alike two must be where nothing else is left.
    """
    matcher = SequenceMatcher(None, [one.key for one in old], [one.key for one in new], autojunk=False)
    pairs: list[Pair[T]] = []
    for kind, i, end_i, j, end_j in matcher.get_opcodes():
        if kind == "equal":
            pairs += zip(old[i:end_i], new[j:end_j], strict=True)
        else:
            pairs += _alike(old[i:end_i], new[j:end_j], alone)
    return pairs


def _alike(old: Sequence[T], new: Sequence[T], alone: float) -> Iterator[Pair[T]]:
    """Yield the pairs that, in order, have most in common."""
    enough = alone if len(old) == len(new) == 1 else ALIKE
    matched = _best(len(old), len(new), lambda i, j: old[i].likeness(new[j]) - enough)
    for (i, j), (end_i, end_j) in pairwise([(-1, -1), *matched, (len(old), len(new))]):
        yield from ((one, None) for one in old[i + 1 : end_i])
        yield from ((None, one) for one in new[j + 1 : end_j])
        if end_i < len(old) and end_j < len(new):
            yield old[end_i], new[end_j]


def _best(olds: int, news: int, worth: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """Return the pairs of places, in order, that are worth most together; none that is worth nothing."""
    if not 0 < olds * news <= MANY:
        return []
    worths = [[worth(i, j) for j in range(news)] for i in range(olds)]
    best = [[0.0] * (news + 1) for _ in range(olds + 1)]
    for i in reversed(range(olds)):
        for j in reversed(range(news)):
            value = worths[i][j]
            together = best[i + 1][j + 1] + value if value > 0 else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < olds and j < news and best[i][j] > 0:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            found.append((i, j))
            i, j = i + 1, j + 1
    return found
