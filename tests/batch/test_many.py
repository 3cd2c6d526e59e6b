"""Many units on several processes: whatever happens to one, or to all, what is there is whole, and the rest is made."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest
from batches import documents, left_behind, of_group, run, start, units

from builder.batch.pool import divided
from builder.batch.pool import run as on_processes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KILLS = 3
needs_proc = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc")


def test_all_are_made_and_then_none(many: Path) -> None:
    first = run(many, "build", "--jobs", "2")
    assert (first.returncode, first.stderr) == (0, "")
    assert "已生成 24（" in first.stdout
    made = documents(many)
    assert sorted(made) == units(many)
    again = run(many, "build", "--jobs", "2")
    assert "没有改动 24（" in again.stdout
    assert documents(many) == made
    alone = run(many, "build", "--jobs", "1", "--force")
    assert "已生成 24（" in alone.stdout
    assert documents(many) == made
    assert left_behind(many) == []


def test_units_that_fail_are_named_and_stop_no_other(many: Path) -> None:
    wrong = units(many)[3:5]
    for unit in wrong:
        facts = max((many / "content" / unit).glob("*/决算.yaml"))
        facts.write_text(facts.read_text(encoding="utf-8") + "三公经非: 1\n甲: [\n", encoding="utf-8")
    done = run(many, "build", "--jobs", "2", "--report", str(many / "报告.json"))
    assert done.returncode == 1
    assert "已生成 22，没有生成 2（" in done.stdout
    table = [line.split(maxsplit=3) for line in done.stdout.splitlines() if line.startswith("没有生成 ")]
    assert [row[1] for row in table] == wrong
    assert all("决算.yaml:" in row[3] for row in table)
    assert sorted(documents(many)) == sorted(set(units(many)) - set(wrong))
    report = json.loads((many / "报告.json").read_text(encoding="utf-8"))
    assert report["合计"]["没有生成"] == len(wrong)
    failed = {record["单位"]: record["信息"] for record in report["单位"] if record["结果"] == "没有生成"}
    assert sorted(failed) == wrong
    assert all(any(found["级别"] == "错误" for found in messages) for messages in failed.values())


def test_the_result_as_json(many: Path) -> None:
    done = run(many, "build", "--format", "json", "--jobs", "2")
    assert {record["结果"] for record in json.loads(done.stdout)["单位"]} == {"已生成"}


@needs_proc
def test_killed_runs_are_taken_up_again(many: Path, made_up: Path) -> None:
    """As after a power switch, but for the disk: whole documents only, and in the end each as if nothing had been."""
    rng = random.Random(5)
    for _ in range(KILLS):
        before = len(documents(many))
        with start(many, "build", "--jobs", "2") as process:
            wait_until(lambda before=before: len(list((many / "output").rglob("*.docx"))) > before)  # type: ignore[misc]
            time.sleep(rng.uniform(0.0, 0.15))
            os.killpg(process.pid, signal.SIGKILL)
    killed = documents(many)  # each whole
    assert KILLS <= len(killed) < len(units(many))
    done = run(many, "build", "--jobs", "2")
    assert done.returncode == 0
    unchanged = int(re.search(r"没有改动 (\d+)", done.stdout)[1])
    assert len(killed) - 2 * KILLS <= unchanged <= len(killed)  # of each process of each run, one may not be remembered
    assert sorted(documents(many)) == units(many)
    assert left_behind(many) == []
    resumed = documents(many)
    assert "已生成 24（" in run(many, "build", "--jobs", "2", "--force").stdout
    assert documents(many) == resumed


@needs_proc
def test_ctrl_c_leaves_no_process_and_no_half_file(many: Path) -> None:
    with start(many, "build", "--jobs", "2") as process:
        wait_until(lambda: any((many / "output").rglob("*.docx")))
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "已中断" in err
    assert "Traceback" not in err
    assert "没有做" in out
    wait_until(lambda: of_group(process.pid) == [])
    assert left_behind(many) == []
    made = documents(many)
    done = run(many, "build", "--jobs", "2")
    assert f"没有改动 {len(made)}" in done.stdout


def test_two_runs_at_once(many: Path) -> None:
    with start(many, "build", "--jobs", "2") as one, start(many, "build", "--jobs", "2") as other:
        assert [process.wait(timeout=600) for process in (one, other)] == [0, 0]
    assert sorted(documents(many)) == units(many)
    assert left_behind(many) == []
    assert "没有改动 24（" in run(many, "build").stdout


def test_of_a_process_that_dies_only_its_task_is_lost() -> None:
    found = sorted(on_processes(divided(range(40), 2), partial(working, 13), 2, lost))
    assert [text for text in found if text.startswith("lost")] == ["lost 13"]
    assert sorted(int(text) for text in found if text.isdecimal()) == [n for n in range(40) if n != 13]


def test_of_a_process_without_memory_only_its_task_is_lost() -> None:
    assert sorted(on_processes(divided(range(10), 2), partial(greedy, 4), 2, said)) == sorted(
        "4 内存不足" if n == 4 else str(n) for n in range(10)
    )


def working(dies_at: int) -> Callable[[int], str]:
    return partial(work, dies_at)


def work(dies_at: int, task: int) -> str:
    if task == dies_at:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    return str(task)


def greedy(fails_at: int) -> Callable[[int], str]:
    return partial(devour, fails_at)


def devour(fails_at: int, task: int) -> str:
    if task == fails_at:
        raise MemoryError
    return str(task)


def lost(task: int, _why: str) -> str:
    return f"lost {task}"


def said(task: int, why: str) -> str:
    return f"{task} {why}"


def wait_until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "too long"
        time.sleep(0.02)
