"""Tasks on several processes, started as on Linux and as on Windows: of each is told what becomes of it."""

from __future__ import annotations

import os
import shutil
import signal
import time
from functools import partial
from multiprocessing import active_children, get_all_start_methods
from typing import TYPE_CHECKING

import pytest
from batches import documents, units

from builder.batch import pool
from builder.batch.pool import divided
from builder.batch.running import by_form
from builder.batch.work import Stale
from builder.cli import main
from builder.findings import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TASKS = range(24)
LIMIT = 2
LONG = 600
STARTS = [way for way in ("forkserver", "spawn") if way in get_all_start_methods()]


@pytest.fixture(params=STARTS, autouse=True)
def _start(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "START", request.param)


def on_processes(make: Callable[[], Callable[[int], str]], limit: float = LONG) -> list[str]:
    """Return what comes of all tasks from two processes, in their order."""
    found = list(pool.run(divided(TASKS, 2), make, 2, said, limit))
    assert active_children() == []
    return sorted(found, key=lambda text: int(text.split()[0]))


def expected(at: int, why: str) -> list[str]:
    return [f"{n} {why}" if n == at else str(n) for n in TASKS]


def test_all_tasks_are_done() -> None:
    assert on_processes(partial(worker, 0, "return")) == [str(n) for n in TASKS]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no signals")
def test_of_a_process_that_dies_only_its_task_is_lost() -> None:
    assert on_processes(partial(worker, 13, "die")) == expected(13, "被信号 9 结束，可能是内存不足")


def test_of_a_process_without_memory_only_its_task_is_lost() -> None:
    assert on_processes(partial(worker, 4, "devour")) == expected(4, "内存不足")


def test_a_task_that_takes_too_long_is_given_up_and_the_others_are_done() -> None:
    began = time.monotonic()
    assert on_processes(partial(worker, 21, "hang"), LIMIT) == expected(21, f"超过 {LIMIT} 秒没有做完，已强行结束")
    assert time.monotonic() - began < LONG / 10


def test_time_counts_for_each_task_and_not_for_all() -> None:
    began = time.monotonic()
    assert on_processes(partial(worker, -1, "doze"), LIMIT) == [str(n) for n in TASKS]
    assert time.monotonic() - began > LIMIT


def test_processes_that_cannot_start_are_told() -> None:
    with pytest.raises(InputError, match="生成用的子进程启动不了（退出码 3）；请用 --jobs 1 再试"):
        on_processes(partial(os._exit, 3))
    assert active_children() == []


def test_the_command_builds_with_them(many: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for unit in units(many)[6:]:
        shutil.rmtree(many / "content" / unit)
    assert main(["build", "--workspace", str(many), "--jobs", "2"]) == 0
    assert "已生成 6（" in capsys.readouterr().out
    assert sorted(documents(many)) == units(many)


def test_few_units_of_a_form_go_to_one_process_and_many_to_all() -> None:
    forms = ("templates/甲",), ("templates/乙", "templates/甲")
    few = [Stale(f"单位{n}", 2022, forms[n % 2]) for n in range(10)]
    assert sorted(map(len, by_form(few, 4))) == [5, 5]
    assert [{unit.form for unit in few if (unit.unit, unit.year) in bundle} for bundle in by_form(few, 4)] == [
        {form} for form in sorted(forms)
    ]
    many = [Stale(f"单位{n}", 2022, forms[0]) for n in range(100)]
    bundles = list(by_form(many, 4))
    assert len(bundles) >= 4
    assert sorted(task for bundle in bundles for task in bundle) == sorted((each.unit, each.year) for each in many)
    never_built = [Stale(f"单位{n}", 2022) for n in range(8)]
    assert list(map(len, by_form(never_built, 4))) == [1] * 8  # which may be of any form


def worker(at: int, what: str) -> Callable[[int], str]:
    return partial(work, at, what)


def work(at: int, what: str, task: int) -> str:
    if what == "doze":
        time.sleep(LIMIT / 8)
    elif task == at:
        {"return": int, "die": die, "devour": devour, "hang": hang}[what]()
    return str(task)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def devour() -> None:
    raise MemoryError


def hang() -> None:
    time.sleep(LONG)


def said(task: int, why: str) -> str:
    return f"{task} {why}"
