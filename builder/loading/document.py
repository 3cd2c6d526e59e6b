"""What a YAML file holds, as written, and where each key and value stands in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import TypeAlias

from builder.findings import Finding, Source

Step: TypeAlias = str | int
Path: TypeAlias = tuple[Step, ...]
"""The way to a value from the top of a file: keys, and indices (from 0) in lists."""

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
"""Every scalar is text exactly as written; an empty value (``key:``) is ``''``."""


Places: TypeAlias = "int | list[Places]"
"""Where a value stands: of a text, one number (see `place_at`); of a list, its own number and its items' places; of a
mapping, its own, then of each key in order the key's and the value's places. So the places of a file are a tree beside
its values, made while it is read without a thought for paths, and can be kept as data."""

COLUMN_BITS = 24
"""A place is line and column in one number; no file has more characters than so many bits can count."""
COLUMN = (1 << COLUMN_BITS) - 1
PLACES = re.compile(r"[\[\],0-9]+")

_Inside = Mapping[Step, tuple[Value, Places, int | None]]
"""What stands in a list or mapping: value, its places, the place of its key."""
_NOTHING: _Inside = {}


def place_at(line: int, column: int) -> int:
    """Return line and column (from 0) as one number."""
    return line << COLUMN_BITS | column


def own_place(places: Places) -> int:
    """Return the place where a value begins."""
    while isinstance(places, list):
        places = places[0] if places else 0
    return places


def read_places(text: str) -> Places | None:
    """Return the places that stand in a text of digits and brackets; None where it is not such a text."""
    if not PLACES.fullmatch(text):
        return None
    try:
        places: Places = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return places


class Positions(Mapping[Path, Source]):
    """Where the values of one file stand. ``Source`` records are made only when asked for.

    ``places`` may be given as text (see `read_places`), which is read when the first is asked for. One that does not go
    with the value tells nothing.
    """

    __slots__ = ("_file", "_opened", "_places", "_value")

    def __init__(self, file: str, value: Value = "", places: Places | str | None = None) -> None:
        self._file = file
        self._value = value
        self._places = places
        self._opened: dict[Path, _Inside] = {}

    @property
    def places(self) -> Places | None:
        """The places as a tree; None where none are known."""
        if isinstance(self._places, str):
            self._places = read_places(self._places)
        return self._places

    def __getitem__(self, path: Path) -> Source:
        """Return where ``path`` stands. Raises ``KeyError`` where the file has no such path."""
        if (place := self._place(path)) is None:
            raise KeyError(path)
        return Source(self._file, (place >> COLUMN_BITS) + 1, (place & COLUMN) + 1)

    def _place(self, path: Path) -> int | None:
        if path:
            found = self._inside(path[:-1]).get(path[-1])
            return own_place(found[1]) if found else None
        return None if self.places is None else own_place(self.places)

    def _inside(self, path: Path) -> _Inside:
        """Return what stands in the list or mapping at ``path``; nothing where there is none."""
        if (inside := self._opened.get(path)) is None:
            if path:
                found = self._inside(path[:-1]).get(path[-1])
                inside = _open(found[0], found[1]) if found else _NOTHING
            else:
                inside = _open(self._value, self.places)
            self._opened[path] = inside
        return inside

    def __contains__(self, path: object) -> bool:
        return isinstance(path, tuple) and self._place(path) is not None

    def __iter__(self) -> Iterator[Path]:
        return (path for path in self._paths(()) if path in self)

    def _paths(self, path: Path) -> Iterator[Path]:
        yield path
        for step in self._inside(path):
            yield from self._paths((*path, step))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def nearest(self, path: Path) -> Source:
        """Return where ``path`` stands, or what it would stand in, or at least the file."""
        while path not in self:
            if not path:
                return Source(self._file)
            path = path[:-1]
        return self[path]


def _open(value: Value, places: Places | None) -> _Inside:
    if isinstance(places, list):
        if isinstance(value, dict) and len(places) == 2 * len(value) + 1:
            keys = map(own_place, places[1::2])
            return dict(zip(value, zip(value.values(), places[2::2], keys, strict=True), strict=True))
        if isinstance(value, list) and len(places) == len(value) + 1:
            return dict(enumerate(zip(value, places[1:], repeat(None))))
    return _NOTHING


class KeyPositions(Positions):
    """Where the keys of one file stand; an item of a list has none."""

    __slots__ = ()

    def _place(self, path: Path) -> int | None:
        found = self._inside(path[:-1]).get(path[-1]) if path else None
        return found[2] if found else None


class KnownPositions(Positions):
    """Places that are known by path, of several files perhaps, or of what is no text file."""

    __slots__ = ("_sources",)

    def __init__(self, file: str, sources: Mapping[Path, Source]) -> None:
        super().__init__(file)
        self._sources = sources

    def __getitem__(self, path: Path) -> Source:
        return self._sources[path]

    def __contains__(self, path: object) -> bool:
        return path in self._sources

    def __iter__(self) -> Iterator[Path]:
        return iter(self._sources)


@dataclass(slots=True)
class Document:
    """One YAML file. ``data`` is None where it cannot be used at all; ``findings`` say what is wrong. It never changes.

    ``positions`` has the place of every value, ``keys`` that of every key, both by path. ``sha256`` is of the bytes
    of the file, empty where it was not read.
    """

    path: str
    data: Value | None
    positions: Positions
    keys: Positions
    findings: tuple[Finding, ...]
    sha256: str

    def key_place(self, path: Path) -> Source:
        """Return where the key that ``path`` ends in stands (for a list's item: the item)."""
        return self.keys[path] if path in self.keys else self.positions.nearest(path)
