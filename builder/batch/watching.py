"""``juesuan build --watch``: what is saved is built at once, until Ctrl-C.

Files are looked at by time and size a few times a second: that only says that it is worth a look; what is stale is told
by hashes as ever. No service of the system is needed, and network drives are watched like any.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from builder.batch.work import Order, Outcome, UnitYear, Work
from builder.console import Console
from builder.findings import InputError
from builder.workspace import Workspace

LOOK_EVERY = 0.15
"""Seconds between two looks."""

Seen = Mapping[str, tuple[int, int]]
"""The time of change (nanoseconds) and size of each file."""


def watch(
    workspace: Workspace, order: Order, tasks: Callable[[], Sequence[UnitYear]], console: Console,
    show: Callable[[Outcome], None],
) -> int:
    """Build what is stale now, then whatever is saved; return 0 when the user has had enough.

    ``tasks`` gives the unit-years anew, for there may be new ones; ``show`` tells what came of one.
    """
    wanted = list(tasks())
    seen: Seen = {}
    console.note(f"正在监视 {len(wanted)} 份资料和格式，保存后自动生成；按 Ctrl-C 结束")
    try:
        while True:
            now = _look(workspace, wanted)
            if now == seen:
                time.sleep(LOOK_EVERY)
                continue
            changed = {path for path in now.keys() | seen.keys() if now.get(path) != seen.get(path)}
            everything = not seen or any(path.startswith(f"{workspace.templates}{os.sep}") for path in changed)
            seen = now
            if everything:
                work = Work(workspace, order)  # the forms are read and compiled anew
            try:
                wanted = list(tasks())
            except InputError as error:
                console.findings(error.findings)
                continue
            for task in wanted:
                folder = f"{workspace.content / task[0]}{os.sep}"
                if everything or any(path.startswith(folder) for path in changed):
                    show(work(task))
    except KeyboardInterrupt:
        console.note("已停止监视")
        return 0


def _look(workspace: Workspace, tasks: Sequence[UnitYear]) -> dict[str, tuple[int, int]]:
    """Return what there is of these units and of the forms."""
    folders = [workspace.templates, *(workspace.content / unit for unit, _year in tasks)]
    return {path: seen for folder in folders for path, seen in _files(str(folder))}


def _files(folder: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the files below a folder, but for those that programs leave beside a file that is open."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith(("~$", ".")):
                    continue
                if entry.is_dir():
                    yield from _files(entry.path)
                else:
                    stat = entry.stat()
                    yield entry.path, (stat.st_mtime_ns, stat.st_size)
    except OSError:  # deleted or renamed just now
        return
