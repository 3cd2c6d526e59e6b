"""Findings: what is wrong, where it stands, and what to do about it.

Errors are data. Loading and checks return findings and never stop at the first one; the command line prints them
all, each beginning with ``file:line:column:`` so that an editor can jump there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    """How severe a finding is: an error stops a release, a warning or note does not."""

    ERROR = "错误"
    WARNING = "警告"
    NOTE = "提示"


class Source(NamedTuple):
    """The place in an input file where something stands.

    ``path`` is relative to the workspace, with ``/``; ``line`` and ``column`` count from 1, 0 means the whole file.
    """

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return ``path:line:column``, leaving out what is not known."""
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column}" if self.column else f"{self.path}:{self.line}"

    @property
    def source(self) -> Source:
        """Itself, so that nobody need ask whether a place is known already or has to be looked up (see `Spot`)."""
        return self


class Spot(NamedTuple):
    """The place of a value in a file by the way to it, for what seldom has to say where it stands.

    ``places`` know the places of the file; to look one up takes longer than to carry this about.
    """

    places: Mapping[tuple[str | int, ...], Source]
    path: tuple[str | int, ...]

    @property
    def source(self) -> Source:
        """Where it stands, or what it would stand in."""
        places, path = self.places, self.path
        while (found := places.get(path)) is None and path:
            path = path[:-1]
        return found or Source("")


class Finding(NamedTuple):
    """One message for the user, in Chinese: what was found, what was expected, what to do."""

    message: str
    source: Source | None = None
    level: Level = Level.ERROR

    def __str__(self) -> str:
        """Return ``path:line:column: 错误：message``."""
        place = f"{self.source}: " if self.source else ""
        return f"{place}{self.level}：{self.message}"


class InputError(Exception):
    """The user's input cannot be used; ``findings`` say why, all of them."""

    def __init__(self, findings: Iterable[Finding] | Finding | str) -> None:
        if isinstance(findings, str):
            findings = Finding(findings)
        if isinstance(findings, Finding):
            findings = (findings,)
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Return those findings that are errors."""
    return [finding for finding in findings if finding.level is Level.ERROR]
