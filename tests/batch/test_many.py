"""Many units on several processes: whatever happens to one, or to all, what is there is whole, and the rest is made."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest
from batches import documents, left_behind, of_group, run, start, units

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KILLS = 3
SECONDS = 10
"""What a unit may take; the first one of a process takes one or two, to compile its form."""
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
def test_killed_runs_are_taken_up_again(many: Path, audit: Callable[[Path], list[str]]) -> None:
    """As after a power switch, but for the disk: sound documents only, and in the end each as if nothing had been."""
    rng = random.Random(5)
    for _ in range(KILLS):
        before = len(documents(many))
        with start(many, "build", "--jobs", "2") as process:
            wait_until(lambda before=before: len(list((many / "output").rglob("*.docx"))) > before)  # type: ignore[misc]
            time.sleep(rng.uniform(0.0, 0.15))
            os.killpg(process.pid, signal.SIGKILL)
    killed = documents(many)  # each whole
    assert KILLS <= len(killed) < len(units(many))
    assert [found for path in (many / "output").rglob("*.docx") for found in audit(path)] == []
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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a file that is never read to its end")
def test_a_unit_that_never_ends_is_given_up_and_named(many: Path) -> None:
    endless = units(many)[5]
    facts = max((many / "content" / endless).glob("*/决算.yaml"))
    text = facts.read_bytes()
    facts.unlink()
    os.mkfifo(facts)  # who reads it waits for somebody to write
    done = run(many, "build", "--jobs", "2", "--unit-timeout", str(SECONDS))
    assert done.returncode == 1
    (said,) = [line for line in done.stdout.splitlines() if line.startswith("没有生成 ")]
    assert endless in said
    assert f"超过 {SECONDS} 秒没有做完，已强行结束" in said
    assert "已生成 23，没有生成 1（" in done.stdout
    assert sorted(documents(many)) == sorted({*units(many)} - {endless})
    facts.unlink()
    facts.write_bytes(text)
    assert "已生成 1，没有改动 23（" in run(many, "build", "--jobs", "2").stdout
    assert left_behind(many) == []


def test_two_runs_at_once(many: Path) -> None:
    with start(many, "build", "--jobs", "2") as one, start(many, "build", "--jobs", "2") as other:
        assert [process.wait(timeout=600) for process in (one, other)] == [0, 0]
    assert sorted(documents(many)) == units(many)
    assert left_behind(many) == []
    assert "没有改动 24（" in run(many, "build").stdout


def wait_until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "too long"
        time.sleep(0.02)
