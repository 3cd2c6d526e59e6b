"""The 绩效 forms of a unit-year as filled in, as simple tables: labels with values, and lists of indicators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from builder.accounts.money import AmountUnit, in_unit
from builder.accounts.performance import Project
from builder.checks.case import Places
from builder.evaluation import score
from builder.loading.document import Document

from .examined import Examined
from .marks import Mark, Marks
from .tables import Shown

Path = tuple[str | int, ...]
AMOUNTS = ("年初预算", "调整预算", "执行数")
"""The fields of a project that are amounts."""
INSIDE = "／"


@dataclass(frozen=True, slots=True)
class Lines:
    """A list inside a form: what it is called, its columns, and its lines."""

    name: str
    columns: tuple[str, ...]
    lines: tuple[tuple[Shown, ...], ...]


@dataclass(frozen=True, slots=True)
class FilledIn:
    """One form: its title, its file, its single values by label, and its lists."""

    title: str
    path: str
    pairs: tuple[tuple[str, Shown], ...]
    lists: tuple[Lines, ...]

    @property
    def marks(self) -> int:
        """How many of its places are marked."""
        lines = (shown for each in self.lists for line in each.lines for shown in line)
        return sum(shown.mark is not None for shown in (*(shown for _, shown in self.pairs), *lines))


def forms_of(examined: Examined, marks: Marks) -> Iterator[FilledIn]:
    """Yield the projects' self-evaluations, then the forms that the style declares."""
    if examined.accounts is None:
        return
    unit_year = examined.accounts.unit_year
    for project, places in zip(unit_year.projects, unit_year.project_positions, strict=True):
        yield _filled_in(project.name, _project(project), places, marks, _computed(project))
    for document in unit_year.forms:
        if isinstance(document.data, Mapping):
            yield _filled_in(_title(document), document.data, document.positions, marks)


def _title(document: Document) -> str:
    assert isinstance(document.data, Mapping)
    return " ".join(str(document.data[key]) for key in ("表", "项目名称") if document.data.get(key))


def _filled_in(
    title: str, data: Mapping[str, object], places: Places, marks: Marks, computed: Mapping[str, str] | None = None
) -> FilledIn:
    pairs: list[tuple[str, Shown]] = []
    lists: list[Lines] = []
    for path, value in _leaves(data, ()):
        name = INSIDE.join(map(str, path))
        if isinstance(value, list):
            lists.append(_lines(name, value, path, places, marks))
        elif value:
            pairs.append((name, Shown(str(value), mark=marks.of_source(places.nearest(path)))))
    pairs += [(f"{name}（计算）", Shown(value)) for name, value in (computed or {}).items() if value]
    return FilledIn(title, places.nearest(()).path, tuple(pairs), tuple(lists))


def _leaves(value: object, path: Path) -> Iterator[tuple[Path, object]]:
    """Yield each single value and each list of lines inside a form; a list of words is one value."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list) and not any(isinstance(each, Mapping) for each in value):
        yield path, "、".join(map(str, value))
    else:
        yield path, value


def _lines(name: str, records: Sequence[object], path: Path, places: Places, marks: Marks) -> Lines:
    found = [(number, dict(_leaves(record, ()))) for number, record in enumerate(records)]
    columns = tuple(dict.fromkeys(inner for _, record in found for inner in record))
    lines = []
    for number, record in found:
        whole = marks.of_source(places.nearest((*path, number)))
        if number == 0 and whole is None:
            whole = marks.of_source(places.nearest(path))
        at = _column(columns, whole)
        lines.append(tuple(
            Shown(str(record.get(inner, "")), mark=(
                (marks.of_source(places.nearest((*path, number, *inner))) if inner in record else None)
                or (whole if column == at else None)
            ))
            for column, inner in enumerate(columns)
        ))
    return Lines(name, tuple(INSIDE.join(map(str, inner)) for inner in columns), tuple(lines))


def _column(columns: Sequence[Path], mark: Mark | None) -> int:
    """Return the column in which a finding on the whole line is marked: the one that it names, else the first."""
    place = mark.problems[0].result.place if mark else None
    return next((at for at, path in enumerate(columns) if place and path[-1:] == (place.column,)), 0)


def _project(project: Project) -> dict[str, object]:
    """Return a project as its file has it, amounts in the file's unit."""
    return _record(project.model_dump(by_alias=True), project.unit)


def _record(data: Mapping[str, object], unit: AmountUnit) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in data.items():
        if isinstance(value, Decimal):
            found[name] = f"{in_unit(value, unit).normalize():,f}" if name in AMOUNTS else score(value)
        elif isinstance(value, list):
            found[name] = [_record(each, unit) if isinstance(each, Mapping) else each for each in value]
        elif value is not None:
            found[name] = str(value)
    return found


def _computed(project: Project) -> dict[str, str]:
    rate = project.execution_rate
    return {
        "执行率": "" if rate is None else f"{rate:.2f}%",
        "执行率得分": score(project.execution_score),
        "总分": score(project.total_score),
    }
