"""What a YAML file holds, as written, and where each key and value stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from builder.findings import Finding, Source

Step: TypeAlias = str | int
Path: TypeAlias = tuple[Step, ...]
"""The way to a value from the top of a file: keys, and indices (from 0) in lists."""

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
"""Every scalar is text exactly as written; an empty value (``key:``) is ``''``."""


class Positions(Mapping[Path, Source]):
    """Where things stand in one file. ``Source`` records are made only when asked for."""

    __slots__ = ("_file", "_places")

    def __init__(self, file: str, places: Mapping[Path, tuple[int, int]] | None = None) -> None:
        self._file = file
        self._places: Mapping[Path, tuple[int, int]] = {} if places is None else places

    def __getitem__(self, path: Path) -> Source:
        """Return where ``path`` stands. Raises ``KeyError`` where the file has no such path."""
        line, column = self._places[path]
        return Source(self._file, line + 1, column + 1)

    def __iter__(self) -> Iterator[Path]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def nearest(self, path: Path) -> Source:
        """Return where ``path`` stands, or what it would stand in, or at least the file."""
        while path not in self._places:
            if not path:
                return Source(self._file)
            path = path[:-1]
        return self[path]  # which those who know the places by other names override


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file. ``data`` is None where it cannot be used at all; ``findings`` say what is wrong.

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
