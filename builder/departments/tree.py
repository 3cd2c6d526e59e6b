"""Which units belong to a department: ``部门`` in each unit's ``单位.yaml`` names the department's folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from builder.accounts.facts import UnitCard
from builder.findings import Finding, InputError, Level, Source
from builder.loading.structure import meant_by
from builder.loading.unit import LoadedUnit, load_unit
from builder.workspace import CONTENT, UNIT_FILE, Workspace

DEPARTMENT, KEY = "部门", "部门"
OWN = ("", "本级", "机关", "机关本级", "局机关")
"""What the name of a department's own accounts (本级) adds to the department's, brackets aside."""
BRACKETS = re.compile(r"[（）()〔〕\s]")


@dataclass(slots=True)
class Tree:
    """The departments of a workspace with their units. Cards are read once, and only where they are needed."""

    workspace: Workspace
    _cards: dict[str, LoadedUnit | None] = field(default_factory=dict)

    def card(self, unit: str) -> UnitCard | None:
        """Return a unit's card; None where there is none that can be read (its own commands say why)."""
        loaded = self._loaded(unit)
        return loaded.card if loaded else None

    def _loaded(self, unit: str) -> LoadedUnit | None:
        if unit not in self._cards:
            try:
                self._cards[unit] = load_unit(self.workspace.root, unit)
            except InputError:
                self._cards[unit] = None
        return self._cards[unit]

    def members(self, department: str) -> list[str]:
        """Return a department's units, its own accounts (本级) first, the others by name."""
        name = department.encode()
        found = []
        for unit in self.workspace.units():
            path = self.workspace.content / unit / UNIT_FILE
            if path.is_file() and name in path.read_bytes():  # most cards need not be parsed for this
                card = self.card(unit)
                if card is not None and card.department == department:
                    found.append(unit)
        return sorted(found, key=lambda unit: not is_own(unit, department))

    def rows(self) -> Iterator[tuple[str, int]]:
        """Yield every unit once with its depth: departments in order, below each its units; then what is in no tree."""
        below: dict[str, list[str]] = {}
        for unit in self.workspace.units():
            card = self.card(unit)
            department = card.department if card is not None else ""
            wrong = department not in self.workspace.units() or unit in self._above(unit)
            below.setdefault("" if wrong else department, []).append(unit)

        def rows(department: str, depth: int) -> Iterator[tuple[str, int]]:
            units = below.get(department, [])
            for unit in sorted(units, key=lambda unit: not is_own(unit, department)) if depth else units:
                yield unit, depth
                yield from rows(unit, depth + 1)

        yield from rows("", 0)

    def everything_under(self, department: str) -> list[str]:
        """Return a department's units, theirs too where one is itself a department, each once; not itself."""
        found: dict[str, None] = {}
        waiting = self.members(department)
        while waiting:
            unit = waiting.pop(0)
            if unit not in found and unit != department:
                found[unit] = None
                waiting = [*self.members(unit), *waiting] if self.is_department(unit) else waiting
        return list(found)

    def is_department(self, unit: str) -> bool:
        """Tell whether a unit's card says that it is a department."""
        card = self.card(unit)
        return card is not None and card.kind == DEPARTMENT

    def problems(self, unit: str) -> Iterator[Finding]:
        """Yield what is wrong with the department that a unit names: none such, itself, in a circle, a single unit."""
        loaded = self._loaded(unit)
        if loaded is None or not loaded.card.department:
            return
        department, at = loaded.card.department, loaded.positions.nearest((KEY,))
        if department not in self.workspace.units():
            others = [name for name in self.workspace.units() if name != unit]
            meant = meant_by(department, others)
            advice = f"是不是「{meant}」？" if meant else "请更正名称，或先用 juesuan new 建立这个部门"
            yield Finding(f"{CONTENT}/ 里没有部门「{department}」；{advice}", at)
            return
        above = self._above(unit)
        if unit in above:
            way = " → ".join([unit, *above[: above.index(unit) + 1]])
            yield Finding(f"「{KEY}」绕了一圈又回到自己：{way}；请更正其中一个单位的「{KEY}」", at)
            return
        card = self.card(department)
        if card is not None and card.kind != DEPARTMENT:
            yield Finding(
                f"「{department}」的「类型」是{card.kind}，不能汇总别的单位；"
                f"请把 {CONTENT}/{department}/{UNIT_FILE} 的「类型」改为 {DEPARTMENT}，或更正这里的「{KEY}」",
                at,
            )

    def _above(self, unit: str) -> list[str]:
        """Return the departments above a unit, the nearest first; once round where they form a circle."""
        found: list[str] = []
        card = self.card(unit)
        while card is not None and card.department and card.department not in found:
            found.append(card.department)
            card = self.card(card.department)
        return found

    def problems_under(self, department: str) -> Iterator[Finding]:
        """Yield what is wrong with a department's relations, and a note where its own accounts are not among them."""
        members = self.members(department)
        for unit in (department, *members):
            yield from self.problems(unit)
        if members and not any(is_own(unit, department) for unit in members):
            yield Finding(
                f"所属单位里没有「{department}（本级）」；部门本级的账也要汇总，没有本级的不必理会",
                Source(f"{CONTENT}/{department}"), Level.NOTE,
            )


def is_own(unit: str, department: str) -> bool:
    """Tell whether a unit is the department's own accounts (本级), by its name."""
    plain, own = BRACKETS.sub("", unit), BRACKETS.sub("", department)
    return plain.startswith(own) and plain.removeprefix(own) in OWN
