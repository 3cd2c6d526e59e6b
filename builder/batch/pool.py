"""Tasks on several processes: results as they come, and whatever becomes of a process, only its task is lost.

``concurrent.futures`` gives up all tasks when one process dies; here the one that it was at is known, and named.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
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
CHUNK = 8
"""Tasks that are sent together at most, so that sending costs nothing beside them."""
GRACE = 10.0
"""Seconds in which a process must finish its task when all is over; a document takes hundredths of one."""
OUT_OF_MEMORY = 77
"""The exit code of a process that got no more memory."""
READY = "ready"


@dataclass(slots=True)
class _Worker(Generic[T]):
    process: BaseProcess
    connection: Connection[Any, Any]
    tasks: deque[T] = field(default_factory=deque)
    ready: bool = False


def run(tasks: Sequence[T], make: Callable[[], Work[T, R]], jobs: int, lost: Callable[[T, str], R]) -> Iterator[R]:
    """Yield what ``make()`` returns for each task, in the order of completion, from ``jobs`` processes.

    ``make`` is called once in each process, and pickled, as tasks and results are. Of a task whose process dies,
    ``lost(task, why)`` is yielded instead; the tasks after it go to another process. When the caller leaves, the
    processes end after the task they are at. Raises InputError where no process can be started.
    """
    todo = deque(tasks)
    workers: list[_Worker[T]] = []
    try:
        workers += (_start(make) for _ in range(max(1, min(jobs, MOST, len(todo)))))
        while todo or any(worker.tasks for worker in workers):
            known = {worker.connection: worker for worker in workers}
            for connection in wait(known):
                worker = known[connection]  # type: ignore[index]
                try:
                    answer = worker.connection.recv()
                except (EOFError, OSError):
                    workers.remove(worker)
                    why = _ended(worker)
                    if not worker.ready:
                        raise InputError(f"生成用的子进程启动不了（{why}）；请用 --jobs 1 再试") from None
                    if worker.tasks:
                        yield lost(worker.tasks.popleft(), why)
                        todo.extendleft(reversed(worker.tasks))
                    if todo:
                        workers.append(_start(make))
                    continue
                if worker.ready:
                    worker.tasks.popleft()
                    yield answer
                worker.ready = True
                _feed(worker, todo, jobs)
    finally:
        _end(workers)


def _start(make: Callable[[], Work[T, R]]) -> _Worker[T]:
    """Start a process. Not by a fork of this one: its threads (the progress bar's) would leave locks behind."""
    context: Any = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
    mine, its = context.Pipe()
    process = context.Process(target=_serve, args=(its, make), daemon=True)
    process.start()
    its.close()
    return _Worker(process, mine)


def _feed(worker: _Worker[T], todo: deque[T], jobs: int) -> None:
    """Send more tasks to a process that is about to run out of them; the last ones one by one, to end together."""
    if len(worker.tasks) > 1 or not todo:
        return
    chunk = [todo.popleft() for _ in range(max(1, min(CHUNK, len(todo) // (jobs * 4))))]
    worker.tasks += chunk
    with suppress(OSError):  # it has died; reading from it will tell
        worker.connection.send(chunk)


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
