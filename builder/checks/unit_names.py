"""Which units of the workspace a text names, as quick for ten thousand units as for ten."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

START = 6
"""By how many first characters names are looked up; shorter ones by all of theirs."""


class Starts(NamedTuple):
    """How names begin: the names by their start, and for each length of a start a pattern of where one may be.

    The pattern knows only which characters names have at each place. It passes over nearly all of a text at once.
    """

    names: Mapping[str, Sequence[str]]
    patterns: Mapping[int, re.Pattern[str]]


def names_within(text: str, names: tuple[str, ...]) -> list[str]:
    """Return those of the names that stand in a text, in their order."""
    starts = _starts(names)
    candidates = {name for start in _starts_within(text, starts) for name in starts.names[start] if name in text}
    return [name for name in names if name in candidates] if candidates else []


def _starts_within(text: str, starts: Starts) -> Iterator[str]:
    for length, pattern in starts.patterns.items():
        there = {text[found.start() : found.start() + length] for found in pattern.finditer(text)}
        yield from there & starts.names.keys()


@lru_cache(maxsize=4)
def _starts(names: tuple[str, ...]) -> Starts:
    """Return the names by how they begin."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if name:
            found[name[:START]].append(name)
    by_length: dict[int, list[str]] = defaultdict(list)
    for start in found:
        by_length[len(start)].append(start)
    return Starts(found, {length: _pattern(same) for length, same in by_length.items()})


def _pattern(starts: Sequence[str]) -> re.Pattern[str]:
    """Return what finds each place where any of some starts of one length may be, one within another too."""
    first, *rest = (f"[{re.escape(''.join(sorted(set(place))))}]" for place in zip(*starts, strict=True))
    return re.compile(f"{first}(?={''.join(rest)})")
