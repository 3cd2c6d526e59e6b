"""A batch on an existing Dask cluster: each unit-year is a task, and one whose computer is lost is done by another."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import islice
from typing import Any

from builder import __version__
from builder.batch.running import not_made
from builder.batch.stores import INSTALL, Job, build_stored, prepare, received
from builder.batch.work import Outcome, UnitYear
from builder.findings import Finding, InputError
from builder.workspace import Workspace

WAIT = 20
"""Seconds in which a cluster must answer."""
AT_ONCE = 1000
"""How many tasks the cluster is given at once, so that neither it nor this process holds all of a large batch."""


def outcomes_on(
    scheduler: str, job: Job, workspace: Workspace, tasks: Sequence[UnitYear]
) -> Iterator[Outcome]:
    """Yield what comes of each unit-year of a store, in the order of completion, built by a cluster's workers.

    Raises InputError where the cluster is not reached in time, is lost later, or has other programs.
    """
    with _connected(scheduler) as client:
        _check(client, job)
        todo = iter(tasks)
        known: dict[str, UnitYear] = {}

        def submit(task: UnitYear) -> Any:
            future = client.submit(build_stored, job, *task, key=f"juesuan-{job.run}-{len(known)}", pure=False)
            known[future.key] = task
            return future

        futures = import_module("distributed").as_completed(
            map(submit, islice(todo, AT_ONCE)), loop=client.loop, with_results=True, raise_errors=False
        )
        for future, result in futures:
            if future.status == "finished":
                yield received(workspace, result)
            elif future.status == "error":
                yield _lost(known[future.key], result[1])
            else:
                raise InputError(f"与集群「{scheduler}」的连接断了；已经生成的都在，请再运行一次，其余的会接着生成")
            for task in islice(todo, 1):
                futures.add(submit(task))


def _lost(task: UnitYear, error: Exception) -> Outcome:
    """Return the outcome of a unit-year that no worker could finish."""
    unit, year = task
    if type(error).__name__ == "KilledWorker":  # by name, for distributed is imported only where it is used
        what = "做这个单位的电脑（工作进程）接连几次中途退出，多半是内存不够"
    else:
        what = f"做这个单位时集群出了错（{error!r}）"
    return not_made(
        task, f"{what}；没有生成，不影响其他单位。请再运行一次；仍然这样，就不用集群，在本机单独运行 "
        f"juesuan build {unit} --year {year}，并请管理集群的人查看工作进程的记录",
    )


@contextmanager
def _connected(scheduler: str) -> Iterator[Any]:
    """Give a client of a cluster that has at least one worker."""
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise InputError(INSTALL.format(name="distributed")) from None
    logging.disable(logging.CRITICAL)  # to the program's end: what matters of lost connections is said here, in Chinese
    try:
        client = distributed.Client(scheduler, timeout=WAIT, set_as_default=False)
    except (OSError, ValueError) as error:
        message = f"{WAIT} 秒内连不上集群「{scheduler}」（{error}）；请检查地址（如 tcp://主机:8786）、网络和调度程序是否已经启动"
        raise InputError(message) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=WAIT)
        except TimeoutError:
            raise InputError(f"集群「{scheduler}」上没有工作进程；请先启动（dask worker {scheduler}）") from None
        yield client


def _check(client: Any, job: Job) -> None:
    """See that every worker has this program and reads the store. Raises InputError naming all that do not."""
    answers = client.run(prepare, job, on_error="return")
    advice = f"没有装 juesuan，或不是同一版本（这里是 {__version__}）；请装成同一版本，Python 也要相同"
    said = {at: f"{advice}（{answer}）" if isinstance(answer, Exception) else answer for at, answer in answers.items()}
    if wrong := [Finding(f"工作进程 {at}：{message}") for at, message in sorted(said.items()) if message]:
        raise InputError(wrong)
