"""Which problems a cell of a table or a line of a form takes part in, and where in the report each of them stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from builder.accounts.statements import Cell, Place, Statement
from builder.findings import Source

from .examined import Examined, Problem


@dataclass(frozen=True, slots=True)
class Mark:
    """What is marked at one place: its ``problems``; where they only may have their cause there, it is ``suspect``."""

    anchor: str
    problems: tuple[Problem, ...]
    suspect: bool = False

    @property
    def level(self) -> str:
        """The severity of the most severe problem."""
        return self.problems[0].result.severity.value


@dataclass(slots=True)
class Marks:
    """The marks of one unit-year; ``prefix`` begins the anchors of their places.

    What is to be marked: ``failing`` cells, values of forms ``at`` a place or ``on_line``, and facts ``suspected``.
    What has been: ``anchors`` and ``suspects`` of each problem, and ``places`` by where a suspected fact stands.
    """

    prefix: str = ""
    failing: dict[Place, list[Problem]] = field(default_factory=lambda: defaultdict(list))
    at: dict[Source, list[Problem]] = field(default_factory=lambda: defaultdict(list))
    on_line: dict[tuple[str, int], list[Problem]] = field(default_factory=lambda: defaultdict(list))
    suspected: dict[Source, list[Problem]] = field(default_factory=lambda: defaultdict(list))
    anchors: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    suspects: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    places: dict[Source, list[str]] = field(default_factory=lambda: defaultdict(list))
    made: int = 0

    def of_cell(self, cell: Cell, *, only: Source | None = None) -> Mark | None:
        """Return the mark of a cell; ``only`` is where the one fact stands that the cell is made of, if it is one."""
        facts = [source for source in (cell.stated.source if cell.stated else None, only) if source is not None]
        if problems := self.failing.get(cell.place):
            mark = self._made(problems)
        else:
            found = [problem for source in facts for problem in self.suspected.get(source, ())]
            if only is not None:
                found += self.on_line.get((only.path, only.line), ())
            if not found:
                return None
            mark = self._made(found, suspect=True)
        for source in facts:
            self.places[source].append(mark.anchor)
        return mark

    def of_place(self, place: Place) -> Mark | None:
        """Return the mark of a place that no cell of the table has."""
        problems = self.failing.get(place)
        return self._made(problems) if problems else None

    def of_source(self, source: Source) -> Mark | None:
        """Return the mark of a value of a form, by where it stands in its file."""
        problems = self.at.get(source)
        return self._made(problems) if problems else None

    def _made(self, problems: list[Problem], *, suspect: bool = False) -> Mark:
        self.made += 1
        anchor = f"{self.prefix}{self.made}"
        once = tuple({problem.number: problem for problem in problems}.values())
        for problem in once:
            (self.suspects if suspect else self.anchors)[problem.number].append(anchor)
        return Mark(anchor, once, suspect)


def marks_of(examined: Examined, prefix: str = "") -> Marks:
    """Return the marks of a unit-year, ready to be asked for each of its cells and forms."""
    marks = Marks(prefix)
    stated = _stated_places(examined)
    tables = examined.accounts.statements if examined.accounts else {}
    for cause in examined.causes:
        for problem in cause.problems:
            result = problem.result
            place = result.place or (stated.get(result.source) if result.source else None)
            if place is not None and place.table in tables:
                marks.failing[place].append(problem)
            elif result.source is not None and result.source.line:
                marks.at[result.source].append(problem)
                marks.on_line[result.source.path, result.source.line].append(problem)
        for suspect in cause.suspects:
            marks.suspected[suspect.source].append(cause.problems[0])
    return marks


def _stated_places(examined: Examined) -> dict[Source, Place]:
    """Return which cell a stated value is for, by where it stands."""
    if examined.accounts is None:
        return {}
    return {
        value.source: Place(table, row, column)
        for table, rows in examined.accounts.unit_year.stated.items()
        for row, columns in rows.items()
        for column, value in columns.items()
    }


def single_facts(statement: Statement) -> dict[Place, Source]:
    """Return the cells that are made of one fact, and where it stands; of 类, 款 and 项 with the same one, the 项."""
    found: dict[tuple[str, str, Source], tuple[int, Place]] = {}
    for block in statement.blocks.values():
        for row in block.all_rows():
            for column, cell in row.cells.items():
                for source in _only(cell):
                    key, depth = (block.name, column, source), len(row.code)
                    if key not in found or depth >= found[key][0]:
                        found[key] = depth, cell.place
    return {place: source for (_, _, source), (_, place) in found.items()}


def _only(cell: Cell) -> Iterator[Source]:
    sources = {entry.source for entry in cell.entries if entry.amount}
    if len(sources) == 1:
        yield from sources
