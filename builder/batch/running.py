"""All units of an order: one after the other where they are few, else on several processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from builder.batch import pool
from builder.batch.work import Look, Order, Outcome, Result, Stale, UnitYear, Work
from builder.findings import Finding, Source
from builder.workspace import CONTENT, Workspace

if TYPE_CHECKING:
    from builder.batch.standing import Standing

Outcomes = Callable[[Workspace, Order, Sequence[UnitYear], "Means"], Iterator[Outcome]]
"""Gives what comes of the unit-years of an order."""
FEW = 6
"""So many units are built before processes have started."""
SOON = 0.3
"""Seconds in which so many units are looked at that processes are not worth starting."""
AT_ONCE = 50
"""How many units a process looks at before it tells of them."""
MANY = 1000
"""So many units are told of before processes have started."""
LIMIT = 120.0
"""Seconds for one unit; a document takes hundredths of one, so that whatever takes so long will never end."""


@dataclass(frozen=True, slots=True)
class Means:
    """On how many processes units are built, where that is said, and the seconds that one of them may take there."""

    jobs: int | None = None
    limit: float | None = None

    def processes(self) -> int:
        """Return the number of processes for many units."""
        return self.jobs or pool.processors()


def outcomes(
    workspace: Workspace, order: Order, tasks: Sequence[UnitYear], means: Means = Means()
) -> Iterator[Outcome]:
    """Yield what comes of each unit-year, in the order of completion.

    First all are looked at, and only those that are stale go to the processes that build.
    """
    if means.jobs == 1:
        yield from map(Work(workspace, order), tasks)
        return
    stale: list[Stale] = []
    for found in map(_stale, tasks) if order.force else _looked_at(workspace, order, tasks, means):
        if isinstance(found, Stale):
            stale.append(found)
        else:
            yield found
    if len(stale) <= FEW and means == Means():
        yield from map(Work(workspace, order), map(_unit_year, stale))
    else:
        work, processes = partial(Work, workspace, order), means.processes()
        yield from pool.run(by_form(stale, processes), work, processes, lost, means.limit or LIMIT)


def _looked_at(
    workspace: Workspace, order: Order, tasks: Sequence[UnitYear], means: Means
) -> Iterator[Outcome | Stale]:
    """Yield of each unit-year whether it is stale; where its process dies it is, and building says what is wrong."""
    look, began, at = Look(workspace, order), time.monotonic(), 0
    while at < len(tasks) and time.monotonic() - began < SOON:
        yield look(tasks[at])
        at += 1
    bundles = [[tasks[start : start + AT_ONCE]] for start in range(at, len(tasks), AT_ONCE)]
    for found in pool.run(bundles, partial(_LookAtSeveral, workspace, order), means.processes(), _all_stale):
        yield from found


class _LookAtSeveral:
    def __init__(self, workspace: Workspace, order: Order) -> None:
        self._look = Look(workspace, order)

    def __call__(self, tasks: Sequence[UnitYear]) -> list[Outcome | Stale]:
        return [self._look(task) for task in tasks]


def _stale(task: UnitYear) -> Stale:
    return Stale(*task)


def _all_stale(tasks: Sequence[UnitYear], _why: str) -> list[Outcome | Stale]:
    return [Stale(*task) for task in tasks]


def _unit_year(stale: Stale) -> UnitYear:
    return stale.unit, stale.year


def by_form(stale: Sequence[Stale], processes: int) -> Iterator[Sequence[UnitYear]]:
    """Yield unit-years as bundles: those of one form together, for to compile it takes as long as to build eight."""
    for form, group in groupby(sorted(stale, key=_form), key=_form):
        yield from pool.divided([*map(_unit_year, group)], processes, least=pool.BUNDLE if form else 1)


def _form(stale: Stale) -> tuple[str, ...]:
    return stale.form


def standings(workspace: Workspace, tasks: Sequence[UnitYear]) -> dict[UnitYear, Standing]:
    """Return how each unit-year stands."""
    from builder.batch.standing import Survey, unknown  # noqa: PLC0415 - what releases need is not needed for building

    if len(tasks) <= MANY:
        return dict(zip(tasks, map(Survey(workspace), tasks), strict=True))
    processes = pool.processors()
    found = pool.run(pool.divided(tasks, processes), partial(Survey, workspace), processes, unknown)
    return {(standing.unit, standing.year): standing for standing in found}


def lost(task: UnitYear, why: str) -> Outcome:
    """Return the outcome of a unit-year whose process has died."""
    unit, year = task
    return not_made(
        task, f"生成这个单位的子进程没有做完（{why}），没有生成，不影响其他单位；请再运行一次，"
        f"仍然这样就单独运行 juesuan build {unit} --year {year} --jobs 1",
    )


def not_made(task: UnitYear, message: str) -> Outcome:
    """Return the outcome of a unit-year that nobody could make."""
    unit, year = task
    return Outcome(unit, year, Result.FAILED, (), (Finding(message, Source(f"{CONTENT}/{unit}/{year}")),))
