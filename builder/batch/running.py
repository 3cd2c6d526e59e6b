"""All units of an order: one after the other where they are few, else on several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from builder.batch import pool
from builder.batch.standing import Stand, Standing, Survey
from builder.batch.work import Order, Outcome, Result, UnitYear, Work
from builder.findings import Finding, Source
from builder.workspace import CONTENT, Workspace

Outcomes = Callable[[Workspace, Order, Sequence[UnitYear], int | None], Iterator[Outcome]]
"""Gives what comes of the unit-years of an order; the number is that of processes."""
FEW = 6
"""So many units are done before processes have started."""
MANY = 1000
"""So many units are looked at before processes have started."""


def outcomes(
    workspace: Workspace, order: Order, tasks: Sequence[UnitYear], jobs: int | None = None
) -> Iterator[Outcome]:
    """Yield what comes of each unit-year, in the order of completion.

    On ``jobs`` processes; where that is not said, on as many as there are processors, or none where units are few.
    """
    processes = jobs if jobs is not None else 1 if len(tasks) <= FEW else pool.processors()
    if processes == 1:
        yield from map(Work(workspace, order), tasks)
    else:
        yield from pool.run(tasks, partial(Work, workspace, order), processes, lost)


def standings(workspace: Workspace, tasks: Sequence[UnitYear]) -> dict[UnitYear, Standing]:
    """Return how each unit-year stands."""
    if len(tasks) <= MANY:
        return dict(zip(tasks, map(Survey(workspace), tasks), strict=True))
    found = pool.run(tasks, partial(Survey, workspace), pool.processors(), unknown)
    return {(standing.unit, standing.year): standing for standing in found}


def unknown(task: UnitYear, why: str) -> Standing:
    """Return what is said of a unit-year whose process has died."""
    return Standing(*task, Stand.FAILED, (f"看不了：子进程意外结束（{why}）",))


def lost(task: UnitYear, why: str) -> Outcome:
    """Return the outcome of a unit-year whose process has died."""
    unit, year = task
    message = (
        f"生成这个单位的子进程意外结束（{why}），没有生成，不影响其他单位；请再运行一次，"
        f"仍然这样就单独运行 juesuan build {unit} --year {year} --jobs 1"
    )
    return Outcome(unit, year, Result.FAILED, (), (Finding(message, Source(f"{CONTENT}/{unit}/{year}")),))
