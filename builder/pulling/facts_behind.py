"""What to change instead of a figure, a computed phrase or a cell: the facts that it comes from, by file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from builder.accounting import Accounts
from builder.accounts.definitions import plain_name
from builder.accounts.figures import UnknownIndicatorError
from builder.accounts.money import printed
from builder.accounts.statements import Cell, Place
from builder.findings import Source
from builder.pulling.homes import scalars
from builder.tracing import Origin

SHOWN = 4
"""How many places a message names."""
AMOUNT = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
MEANT = {"执行": "执行数", "预算": "年初预算"}
"""What a form calls a project's figures → the key in its file, where they differ."""


@dataclass
class FactsBehind:
    """Looks up the facts of one unit-year behind what its document prints."""

    accounts: Accounts
    root: Path
    files: Sequence[str] = ()
    """Files of 绩效 that the table is about, as far as known: set while a table is looked at."""
    _found: dict[Origin, tuple[Source, ...]] = field(default_factory=dict)

    def of(self, origin: Origin, text: str, item: str) -> tuple[Source, ...]:
        """Return where the facts stand that something printed comes from; nothing where that is not known.

        ``item`` is what of the ``text`` was changed, where it is a list.
        """
        if origin.cell is None and not origin.figures:
            return tuple(dict.fromkeys([*self._where(text), *self._of_list(item)]))
        if origin not in self._found:
            found = list(self._of_cell(origin.cell)) if origin.cell is not None else []
            for name in origin.figures if not found else ():
                found += self._of_figure(name)
            self._found[origin] = tuple(source for source in dict.fromkeys(found) if source.path)
        return self._found[origin]

    @property
    def file(self) -> Source:
        """The file that figures are entered in."""
        return Source(self.accounts.unit_year.positions.nearest(()).path)

    def in_style(self, words: str) -> Source | None:
        """Return where the form's style says a text, as it does names of the glossary and phrases."""
        return next((source for text, source in self._of_style if text == words), None)

    @cached_property
    def _of_style(self) -> list[tuple[str, Source]]:
        return list(scalars(self.root, self.accounts.style.inputs))

    @cached_property
    def _entered(self) -> list[tuple[str, Source]]:
        return list(scalars(self.root, self.accounts.unit_year.inputs))

    def _where(self, words: str) -> Iterator[Source]:
        """Yield where exactly these words, or the first of a list of them, are entered: names, scores, dates."""
        words = words.strip()
        near = [source for text, source in self._entered if text == words]
        if not near and "、" in words:
            near = [source for text, source in self._entered if text == words.partition("、")[0]]
        inside = [source for source in near if source.path in self.files]
        outside = [source for source in near if "/绩效/" not in source.path] if not self.files else []
        yield from (inside or outside)[:SHOWN]

    def _of_list(self, text: str) -> Iterator[Source]:
        """Yield the facts of the items of a list (基本工资39.96万元，津贴补贴29.10万元): by their names and amounts."""
        amounts = {Decimal(found.replace(",", "")) for found in AMOUNT.findall(text)}
        for statement in self.accounts.statements.values() if amounts else ():
            for row in statement.rows.values():
                if row.label and row.label in text:
                    cells = (cell for cell in row.cells.values() if printed(cell.value) in amounts)
                    yield from (entry.source for cell in cells for entry in cell.entries)

    def _of_cell(self, place: Place, seen: frozenset[Place] = frozenset()) -> Iterator[Source]:
        row = self.accounts.statements[place.table].rows.get(place.row)
        cell = row.cells.get(place.column) if row is not None else None
        if cell is not None:
            yield from self._sources(cell, seen | {place})

    def _sources(self, cell: Cell, seen: frozenset[Place]) -> Iterator[Source]:
        yield from (entry.source for entry in cell.entries)
        if not cell.entries:
            for place, _sign in cell.parts:
                if place not in seen:
                    yield from self._of_cell(place, seen)
        if cell.stated is not None:
            yield cell.stated.source

    def _of_figure(self, name: str) -> Iterator[Source]:
        try:
            figure = self.accounts.indicators.get(name)
        except UnknownIndicatorError:
            yield from self._of_performance(name)
            table, _, rest = name.partition("/")
            row, _, column = rest.rpartition("/")
            if table in self.accounts.statements:
                yield from self._of_cell(Place(table, row, column))
            return
        for cell in figure.cells:
            yield from self._sources(cell, frozenset({cell.place}))
        yield from figure.sources
        given = {plain_name(key): value for key, value in self.accounts.unit_year.last_year.items()}
        if name in given:
            yield given[name].source

    def _of_performance(self, name: str) -> Iterator[Source]:
        """Yield where a figure of 绩效 is entered: of a project by its name, of a form by its kind."""
        unit_year = self.accounts.unit_year
        for project, positions in zip(unit_year.projects, unit_year.project_positions, strict=True):
            head, _, last = name.rpartition(".")
            if head.endswith(project.name):
                yield positions.nearest((MEANT.get(last, last),))
        for document in unit_year.forms:
            kind = document.data.get("表") if isinstance(document.data, dict) else None
            is_it = isinstance(kind, str) and name.startswith(f"{kind}.")
            if is_it and document.path in (self.files or [document.path]):
                steps = name.removeprefix(f"{kind}.").split(".")
                path = tuple(int(step) - 1 if step.isdecimal() else step for step in steps)
                yield document.positions.nearest(path)


def listed(sources: Sequence[Source]) -> str:
    """Return places for a message: the first few, and how many more there are."""
    words = "、".join(map(str, sources[:SHOWN]))
    return words if len(sources) <= SHOWN else f"{words} 等 {len(sources)} 处"
