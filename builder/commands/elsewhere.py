"""``juesuan build`` past one machine: on a cluster, or of a workspace in a store."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import nullcontext

from builder.batch.cluster import outcomes_on
from builder.batch.running import Means
from builder.batch.stores import Job, Store, outcomes_here
from builder.batch.work import Order, Outcome, UnitYear
from builder.commands import build
from builder.console import Console
from builder.findings import InputError
from builder.workspace import Workspace


def run(place: Workspace | str, options: argparse.Namespace, console: Console) -> int:
    """Build the units that are stale of a workspace, or of one in a store by its address; as `build.run` does."""
    refused = {"--watch": options.watch, "--out": options.out, "--jobs": options.jobs}
    refused |= {"--unit-timeout": options.unit_timeout}
    refused |= {"--pdf": options.pdf and isinstance(place, str)}
    if given := "、".join(name for name, value in refused.items() if value):
        raise InputError(f"{given} 不能同 --scheduler 或存储地址一起用；请去掉")
    store = Store(place if isinstance(place, str) else f"file://{place.root.as_posix()}")

    def outcomes(
        workspace: Workspace, order: Order, tasks: Sequence[UnitYear], _means: Means
    ) -> Iterator[Outcome]:
        job = Job.of(store, order)
        if options.scheduler:
            return outcomes_on(options.scheduler, job, workspace, tasks)
        return outcomes_here(job, workspace, tasks)

    with nullcontext(place) if isinstance(place, Workspace) else store.listed() as workspace:
        return build.run(workspace, options, console, outcomes)
