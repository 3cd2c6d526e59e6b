"""How fast many units are built: from cold, with nothing changed, with ten changed; and runs that are killed.

Run by ``make bench ARGS="--units 10000"``. The units are made up (generate.py). Each line gives the seconds by the
clock, those of the processors (user + system, of all processes: divided by the number of processors, about what the
clock would say on an idle machine), documents a second, and the peak memory of all processes together, what they share
counted once. Memory and processors are read from /proc (Linux).
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generate import ROOT, generate
from lxml import etree
from validators import audit  # found where generate looks for what tests share

SMALLER = (100, 1000)
"""Other numbers of units, to see that the time of one does not grow with their number."""
CHANGED = 10
REPEATED = 5
"""How many times the short runs are repeated; the median is told."""
KILLS, KILLED_UNITS = 10, 500
AUDITED = 5
"""How many of the documents that are new after a kill openxml-audit judges, which takes it a second for each."""
LOOK_EVERY = 0.5


@dataclass(frozen=True)
class Taken:
    """What one run took."""

    clock: float
    processors: float
    memory: float
    last_line: str


def juesuan(root: Path, *words: str) -> subprocess.Popen[str]:
    """Start a build of the workspace."""
    command = [sys.executable, "-m", "builder.cli", "build", *words, "--workspace", str(root)]
    bytecode = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(root.parent / "pycache")}  # as users have it
    return subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": str(ROOT)} | bytecode, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, encoding="utf-8", start_new_session=True,
    )


def build(root: Path, *words: str) -> Taken:
    """Build the workspace, and watch what it takes."""
    began, peak, used = time.perf_counter(), 0.0, {0: 0.0}
    with juesuan(root, *words) as process:
        while process.poll() is None:
            memory = 0.0
            for each in group(process.pid):
                memory += proportional(each)
                used[each] = processor_time(each)
            peak = max(peak, memory)
            time.sleep(LOOK_EVERY if time.perf_counter() - began > 1 else LOOK_EVERY / 10)
        out = process.stdout.read() if process.stdout else ""
    lines = out.splitlines()
    return Taken(time.perf_counter() - began, sum(used.values()), peak, lines[-1] if lines else "")


def group(number: int) -> list[int]:
    """Return the processes of a group (Linux)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == number:
            found.append(int(path.parent.name))
    return found


def processor_time(process: int) -> float:
    """Return the seconds of processor time of a process; 0 where it has gone."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def proportional(process: int) -> float:
    """Return the memory of a process in MB, its share of what it shares with others."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:")), 0.0)


def tell(what: str, units: int, taken: Taken) -> None:
    """Print one line of the table."""
    each = f"{taken.clock / units * 1000:6.1f} 毫秒/份  {units / taken.clock:6.1f} 份/秒  内存 {taken.memory:4.0f} MB"
    print(f"{what:<24}{taken.clock:8.1f} 秒  处理器 {taken.processors:7.1f} 秒  {each}", flush=True)


def measure(root: Path, units: int) -> None:
    """Measure one number of units: from cold, nothing changed, some changed."""
    wanted = generate(root, units)
    tell(f"{units} 份，从头", units, build(root))
    runs = [build(root) for _ in range(REPEATED)]
    tell("没有改动", units, sorted(runs, key=lambda run: run.clock)[REPEATED // 2])
    runs = []
    for turn in range(REPEATED):
        for unit, year in random.Random(turn).sample(wanted, min(CHANGED, units)):
            path = root / "content" / unit / str(year) / "决算.yaml"
            path.write_text(path.read_text(encoding="utf-8") + f"# {turn}\n", encoding="utf-8")
        runs.append(build(root))
    tell(f"改了 {CHANGED} 份", units, sorted(runs, key=lambda run: run.clock)[REPEATED // 2])


def kill(root: Path) -> None:
    """Kill a batch again and again at random moments; in the end nothing is missing, double or broken."""
    wanted = generate(root, KILLED_UNITS, seed=2)
    rng = random.Random(3)
    done: list[int] = []
    judged: dict[str, list[str]] = {}
    for _ in range(KILLS):
        with juesuan(root) as process:
            before = sound(root)
            while process.poll() is None and len(list((root / "output").rglob("*.docx"))) <= len(before):
                time.sleep(0.05)
            time.sleep(rng.uniform(0, 1))
            os.killpg(process.pid, signal.SIGKILL)
        made = sound(root)
        done.append(len(made))
        judged |= judge(root, sorted(made.keys() - before.keys()), rng)
    last = build(root)
    made = sound(root)
    judged |= judge(root, sorted(made), rng)
    missing = {unit for unit, _year in wanted} - made.keys()
    left = [path for path in (root / "output").rglob(".*") if path.is_file()]
    print(f"{KILLS} 次 kill -9，每次之后完好的文档：{done}；最后一次运行：{last.last_line}")
    print(f"缺 {len(missing)}，重 {sum(number > 1 for number in made.values())}，残留的文件 {len(left)}")
    wrong = {unit: errors for unit, errors in judged.items() if errors}
    print(f"openxml-audit 看过 {len(judged)} 份，有问题的 {len(wrong)} 份{wrong or ''}")


def sound(root: Path) -> dict[str, int]:
    """Return how many documents each unit has; every one is whole, and each of its parts is XML."""
    found: dict[str, int] = {}
    for path in (root / "output").rglob("*.docx"):
        with zipfile.ZipFile(path) as package:
            assert package.testzip() is None, path
            for name in package.namelist():
                if name.endswith((".xml", ".rels")):
                    etree.fromstring(package.read(name))
        found[path.parent.name] = found.get(path.parent.name, 0) + 1
    return found


def judge(root: Path, units: Sequence[str], rng: random.Random) -> dict[str, list[str]]:
    """Return what openxml-audit finds wrong with the documents of some of these units."""
    chosen = rng.sample(units, min(AUDITED, len(units)))
    return {unit: audit(path) for unit in chosen for path in (root / "output").glob(f"*/{unit}/*.docx")}


def main() -> None:
    """Measure as the arguments say."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--units", type=int, default=1000)
    arguments.add_argument("--kill", action="store_true", help="only the runs that are killed")
    options = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="juesuan-bench-"))
    try:
        for units in () if options.kill else sorted({*(n for n in SMALLER if n < options.units), options.units}):
            measure(folder / str(units), units)
        if options.kill or options.units >= KILLED_UNITS:
            kill(folder / "kill")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
