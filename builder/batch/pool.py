"""Tasks on several processes: results as they come, and whatever becomes of a process, only its task is lost.

``concurrent.futures`` gives up all tasks when one process dies; here the one that it was at is known, and named.
"""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from builder.findings import InputError

T = TypeVar("T")
R = TypeVar("R")
Work = Callable[[T], R]

MOST = 60
"""Processes at most; Windows cannot wait for more."""
BUNDLE = 8
"""Tasks that are sent together at most, so that sending costs nothing beside them."""
GRACE = 10.0
"""Seconds in which a process must finish its task when all is over; a document takes hundredths of one."""
OUT_OF_MEMORY = 77
"""The exit code of a process that got no more memory."""
READY = "ready"
START = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
"""How processes are started. Not by a fork of this one: its threads (the progress bar's) would leave locks behind."""


@dataclass(slots=True)
class _Worker(Generic[T]):
    process: BaseProcess
    connection: Connection[Any, Any]
    tasks: deque[T] = field(default_factory=deque)
    """What it is at, and what it does after that."""
    ready: bool = False
    since: float = 0.0
    """When it began with the first of its tasks."""

    def seconds_left(self, limit: float) -> float:
        """Return in how many seconds it is late."""
        return self.since + limit - time.monotonic() if self.tasks else math.inf


def run(
    bundles: Iterable[Sequence[T]], make: Callable[[], Work[T, R]], jobs: int, lost: Callable[[T, str], R],
    limit: float = math.inf,
) -> Iterator[R]:
    """Yield what ``make()`` returns for each task, in the order of completion, from ``jobs`` processes.

    The tasks of a bundle go to one process together. ``make`` is called once in each process, and pickled, as tasks
    and results are. Of a task whose process dies, or that takes more than ``limit`` seconds, ``lost(task, why)`` is
    yielded instead; the tasks after it go to another process. When the caller leaves, the processes end after the task
    they are at. Raises InputError where no process can be started.
    """
    todo: deque[Sequence[T]] = deque(bundles)
    workers: list[_Worker[T]] = []
    try:
        workers += (_start(make) for _ in range(min(jobs, MOST, len(todo))))
        while todo or any(worker.tasks for worker in workers):
            answering = _answering(workers, limit)
            for worker in list(workers):
                results, why = _news(worker, answering, limit)
                yield from results
                if not why:
                    _feed(worker, todo)
                    continue
                workers.remove(worker)
                if not worker.ready:
                    raise InputError(f"生成用的子进程启动不了（{why}）；请用 --jobs 1 再试")
                if worker.tasks:
                    yield lost(worker.tasks.popleft(), why)
                if worker.tasks:
                    todo.appendleft(worker.tasks)
                if todo:
                    workers.append(_start(make))
    finally:
        _end(workers)


def divided(tasks: Sequence[T], jobs: int, least: int = 1) -> Iterator[Sequence[T]]:
    """Yield tasks as bundles for so many processes; the last ones of ``least``, so that all end together."""
    at = 0
    while at < len(tasks):
        size = max(least, min(BUNDLE, (len(tasks) - at) // (jobs * 4)))
        yield tasks[at : at + size]
        at += size


def _answering(workers: Sequence[_Worker[T]], limit: float) -> Sequence[object]:
    """Wait until some processes answer, or one is late; return the connections of those that do."""
    soonest = min(worker.seconds_left(limit) for worker in workers)
    return wait([worker.connection for worker in workers], None if soonest == math.inf else max(0.0, soonest))


def _news(worker: _Worker[T], answering: Sequence[object], limit: float) -> tuple[Sequence[Any], str]:
    """Return the result that a process has, if any, and, where it has ended, or is ended here for being late, why."""
    if worker.connection in answering:
        try:
            answer = worker.connection.recv()
        except (EOFError, OSError):
            return (), _ended(worker)
        if not worker.ready:
            worker.ready = True
            return (), ""
        worker.tasks.popleft()
        worker.since = time.monotonic()
        return (answer,), ""
    if worker.seconds_left(limit) > 0:
        return (), ""
    worker.process.kill()
    _ended(worker)
    return (), f"超过 {limit:g} 秒没有做完，已强行结束"


def _start(make: Callable[[], Work[T, R]]) -> _Worker[T]:
    context: Any = get_context(START)
    mine, its = context.Pipe()
    process = context.Process(target=_serve, args=(its, make), daemon=True)
    process.start()
    its.close()
    return _Worker(process, mine)


def _feed(worker: _Worker[T], todo: deque[Sequence[T]]) -> None:
    """Send more tasks to a process that is about to run out of them."""
    if not worker.ready or len(worker.tasks) > 1 or not todo:
        return
    bundle = todo.popleft()
    if not worker.tasks:
        worker.since = time.monotonic()
    worker.tasks.extend(bundle)
    with suppress(OSError):  # it has died; reading from it will tell
        worker.connection.send(list(bundle))


def _serve(connection: Connection[Any, Any], make: Callable[[], Work[T, R]]) -> None:
    """Do tasks until there are no more, or nobody is left to tell of them: a process never outlives its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the parent decides
    try:
        work = make()
        connection.send(READY)
        while True:
            for task in connection.recv():
                connection.send(work(task))
    except (EOFError, OSError):
        return
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _ended(worker: _Worker[T]) -> str:
    """Return how a process has ended."""
    worker.process.join(GRACE)
    code = worker.process.exitcode
    worker.connection.close()
    if code == OUT_OF_MEMORY:
        return "内存不足"
    if code is not None and code < 0:
        killed = -code == getattr(signal, "SIGKILL", 0)
        return f"被信号 {-code} 结束{'，可能是内存不足' if killed else ''}"
    return f"退出码 {code}"


def _end(workers: Sequence[_Worker[T]]) -> None:
    """End the processes: each after its task, those that do not end by force."""
    for worker in workers:
        worker.connection.close()
    for worker in workers:
        worker.process.join(GRACE)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join(1)


def processors() -> int:
    """Return how many processors this program may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
