"""Reasons of ``说明.yaml``: where one refers to another (``{同: 指标/比较}``), the other's text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from builder.findings import Finding, Level, Source, Spot

from .document import Positions
from .files import COMPARISONS, NotesFile
from .structure import meant_by

Key = tuple[str, str]
"""Indicator and comparison: ``("收支.总计", "较上年")``."""


class Reason(NamedTuple):
    """Why a figure changed, in the writer's words, where that stands, and under which indicator and comparison."""

    text: str
    at: Source | Spot
    key: Key

    @property
    def source(self) -> Source:
        """Where it stands."""
        return self.at.source


def resolve_reasons(notes: NotesFile, positions: Positions) -> tuple[dict[Key, Reason], list[Finding]]:
    """Return the reasons by indicator and comparison; an empty one is left out.

    A reference that leads nowhere or round in a circle, and a reason with both a text and a reference, is an error.
    """
    resolver = _Resolver(notes, positions)
    for key in resolver.entries:
        resolver.resolve(key)
    return resolver.reasons, resolver.findings


class _Resolver:
    """Follows the references of one file."""

    def __init__(self, notes: NotesFile, positions: Positions) -> None:
        self.entries = {
            (indicator, comparison): entry
            for indicator, entries in notes.reasons.items()
            for comparison, entry in entries.items()
        }
        self.positions = positions
        self.reasons: dict[Key, Reason] = {}
        self.findings: list[Finding] = []

    def place(self, key: Key) -> Source:
        """Return where a reason stands."""
        return self.positions.nearest(("原因", *key, "同"))

    def resolve(self, start: Key) -> None:
        """Find the text of one reason, following references."""
        entry = self.entries[start]
        if entry.text and entry.same:
            message = f"「{name(start)}」既写了文字，又写了「同」；请只留一个"
            self.findings.append(Finding(message, self.place(start)))
            return
        passed = [start]
        while entry.same:
            target = self.target(passed[-1])
            if target is None:
                if len(passed) == 1:
                    self.findings.append(Finding(self.no_target(start, entry.same), self.place(start)))
                return
            if target in passed:
                if target == start:
                    self.circle(passed)
                return
            passed.append(target)
            entry = self.entries[target]
        if entry.text:
            self.reasons[start] = Reason(entry.text, Spot(self.positions, ("原因", *passed[-1])), passed[-1])
        elif len(passed) > 1:
            message = f"「{name(start)}」与「{name(passed[-1])}」相同，而后者没有写；请在后者补写"
            self.findings.append(Finding(message, self.place(start), Level.WARNING))

    def target(self, key: Key) -> Key | None:
        """Return the reason that another one refers to, or None where there is no such reason."""
        indicator, _, comparison = self.entries[key].same.rpartition("/")
        target = (indicator.strip(), comparison.strip())
        return target if target in self.entries else None

    def circle(self, passed: list[Key]) -> None:
        """Report a circle once, at the first of its reasons in the file."""
        if passed[0] == min(passed, key=self.place):
            way = " → ".join(f"「{name(key)}」" for key in (*passed, passed[0]))
            self.findings.append(Finding(f"原因的引用绕成了一圈：{way}；请在其中一处写上文字", self.place(passed[0])))

    def no_target(self, key: Key, same: str) -> str:
        """Say that a reference leads nowhere."""
        known = [name(other) for other in self.entries if other != key]
        meant = meant_by(same, known)
        if "/" not in same or same.rpartition("/")[2].strip() not in COMPARISONS:
            example = meant or f"收支.总计/{COMPARISONS[0]}"
            return f"「同」写作「{same}」；应写作「指标/比较」，如「{example}」"
        hint = f"是不是「{meant}」？" if meant else "请先写上那一处的原因，或在这里写文字"
        return f"「同」指向的「{same}」在本文件里没有；{hint}"


def name(key: Key) -> str:
    """Return a reason's name as a reference writes it: ``收支.总计/较上年``."""
    return "/".join(key)


def texts_of(notes: NotesFile) -> Mapping[str, str]:
    """Return the other short texts by name, without empty ones."""
    return {key: text for key, text in notes.texts.items() if text}
