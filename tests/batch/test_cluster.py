"""A batch on a real Dask cluster of two processes, one of which is killed in the middle of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from batches import documents, left_behind, run, start, units
from many_units import files, make, put_workspace, spoil
from workspaces import UNIT, YEAR

from builder.batch import cluster
from builder.batch.cluster import outcomes_on
from builder.batch.stores import Job, Made, Store, build_stored
from builder.batch.work import Order, Result
from builder.cli import main
from builder.findings import InputError
from builder.workspace import Workspace

distributed = pytest.importorskip("distributed", reason="distributed is not installed (the extra juesuan[cluster])")
url_to_fs = pytest.importorskip("fsspec.core", reason="fsspec is not installed (the extra juesuan[cluster])").url_to_fs
dask_config = pytest.importorskip("dask.config", reason="distributed is not installed (the extra juesuan[cluster])")

UNITS = 16
FAULTY = f"{UNIT}第{UNITS}分部"
BEFORE = 3
"""How many units are done when a process is killed."""


@pytest.fixture(scope="module")
def dask() -> Iterator[Any]:
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as made:
        yield made


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace of which all units but one are built where it is."""
    root = tmp_path_factory.mktemp("local")
    make(root, UNITS)
    spoil(root, FAULTY)
    assert run(root, "build").returncode == 1
    return root


@pytest.fixture
def shared(local: Path, tmp_path: Path) -> Workspace:
    """Return the same workspace, not built."""
    for folder in ("content", "templates"):
        shutil.copytree(local / folder, tmp_path / folder)
    return Workspace(tmp_path)


def job_of(workspace: Workspace) -> Job:
    return Job.of(Store(f"file://{workspace.root}"), Order(workspace.output))


def test_a_killed_process_costs_no_unit(dask: Any, local: Path, shared: Workspace) -> None:
    with distributed.Client(dask, set_as_default=False) as client:
        processes = client.run(os.getpid)
    outcomes = []
    for outcome in outcomes_on(dask.scheduler_address, job_of(shared), shared, [(u, YEAR) for u in units(local)]):
        outcomes.append(outcome)
        if len(outcomes) == BEFORE:
            assert len(documents(shared.root)) < UNITS - 1
            os.kill(next(iter(processes.values())), signal.SIGKILL)
    assert sorted(outcome.unit for outcome in outcomes) == units(local)
    assert [outcome.unit for outcome in outcomes if outcome.result is not Result.MADE] == [FAULTY]
    assert documents(shared.root).keys() == {*units(local)} - {FAULTY}
    assert files(shared.root) == files(local)
    assert left_behind(shared.root) == []
    with distributed.Client(dask, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
        assert set(client.run(os.getpid).values()) != set(processes.values())


def test_the_command_reports_as_a_local_batch_does(dask: Any, local: Path, shared: Workspace) -> None:
    report = shared.root / "报告.json"

    def build(root: Path, *words: str) -> tuple[int, list[str], list[dict[str, Any]], dict[str, int]]:
        done = run(root, "build", "--report", str(report), *words)
        told = json.loads(report.read_text(encoding="utf-8"))
        del told["合计"]["秒"]
        lines = sorted(line for line in done.stderr.splitlines() if "程序" not in line)
        return done.returncode, lines, sorted(told["单位"], key=lambda each: each["单位"]), told["合计"]

    there = ("--scheduler", dask.scheduler_address)
    first = build(shared.root, *there)
    assert first == build(local, "--force")
    assert first[0] == 1
    assert first[3] == {"共": UNITS, "已生成": UNITS - 1, "没有改动": 0, "没有生成": 1, "没有做": 0}
    again = build(shared.root, *there)
    assert again[3]["没有改动"] == UNITS - 1
    assert build(shared.root)[3] == again[3]  # the states are the same ones


@pytest.mark.s3
def test_a_cluster_builds_what_is_in_an_s3_store(
    s3: str, local: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_workspace(local, s3)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as made:
        words = ["build", "--workspace", s3, "--scheduler", made.scheduler_address, "--format", "json"]
        assert main(words) == 1
        first = json.loads(capsys.readouterr().out)["合计"]
        assert main(words) == 1
    assert (first["已生成"], first["没有生成"]) == (UNITS - 1, 1)
    assert json.loads(capsys.readouterr().out)["合计"]["没有改动"] == UNITS - 1
    fs, root = url_to_fs(s3)
    there = {path.removeprefix(f"{root}/"): fs.cat_file(path) for path in fs.find(f"{root}/output")}
    assert there == files(local)


def test_ctrl_c_stops_and_the_next_run_goes_on(dask: Any, local: Path, shared: Workspace) -> None:
    with start(shared.root, "build", "--scheduler", dask.scheduler_address) as process:
        while not list(shared.output.rglob("*.docx")):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in out + err
    assert "已中断" in err
    assert run(shared.root, "build", "--scheduler", dask.scheduler_address).returncode == 1
    assert files(shared.root) == files(local)


def test_another_program_on_the_workers_is_named_and_nothing_is_built(dask: Any, shared: Workspace) -> None:
    job = replace(job_of(shared), program="another")
    with pytest.raises(InputError) as wrong:
        list(outcomes_on(dask.scheduler_address, job, shared, [(units(shared.root)[0], YEAR)]))
    assert [str(finding).startswith("错误：工作进程 tcp://") for finding in wrong.value.findings] == [True, True]
    assert "不是同一版本" in str(wrong.value)
    assert not shared.output.exists()


def test_a_cluster_that_does_not_answer_is_named(
    shared: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cluster, "WAIT", 1)
    for address in ("tcp://127.0.0.1:9", "nonsense"):
        assert main(["build", "--workspace", str(shared.root), "--scheduler", address]) == 1
        said = capsys.readouterr().err
        assert f"1 秒内连不上集群「{address}」" in said
        assert "Traceback" not in said


def test_a_cluster_without_workers_is_told(
    shared: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cluster, "WAIT", 1)
    with distributed.LocalCluster(n_workers=0, dashboard_address=":0") as empty:
        words = ["--workspace", str(shared.root), "--scheduler", empty.scheduler_address]
        assert main(["build", *words]) == 1
    assert f"集群「{empty.scheduler_address}」上没有工作进程；请先启动" in capsys.readouterr().err


def test_a_cluster_that_is_lost_is_told_and_what_was_built_stays(local: Path, shared: Workspace) -> None:
    tasks = [(unit, YEAR) for unit in units(local)]
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0") as made:
        outcomes = outcomes_on(made.scheduler_address, job_of(shared), shared, tasks)
        next(outcomes)
        made.close()
        with pytest.raises(InputError, match="的连接断了；已经生成的都在"):
            list(outcomes)
    assert 1 <= len(documents(shared.root)) < UNITS - 1


def test_a_unit_at_which_workers_die_time_after_time_is_named_with_advice(
    local: Path, shared: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadly, other = units(local)[:2]
    monkeypatch.setattr(cluster, "build_stored", partial(build_or_die, deadly))
    with (
        dask_config.set({"distributed.scheduler.allowed-failures": 1}),
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as made,
    ):
        (outcome,) = outcomes_on(made.scheduler_address, job_of(shared), shared, [(deadly, YEAR)])
        (next_one,) = outcomes_on(made.scheduler_address, job_of(shared), shared, [(other, YEAR)])
    assert (outcome.unit, outcome.year, outcome.result) == (deadly, YEAR, Result.FAILED)
    (finding,) = outcome.findings
    assert str(finding) == (
        f"content/{deadly}/{YEAR}: 错误：做这个单位的电脑（工作进程）接连几次中途退出，多半是内存不够；"
        "没有生成，不影响其他单位。请再运行一次；仍然这样，就不用集群，"
        f"在本机单独运行 juesuan build {deadly} --year {YEAR}，并请管理集群的人查看工作进程的记录"
    )
    assert next_one.result is Result.MADE
    assert documents(shared.root).keys() == {other}


def build_or_die(deadly: str, job: Job, unit: str, year: int) -> Made:
    """Build a unit as a worker does, or have the worker die as one without memory does."""
    if unit == deadly:
        os.kill(os.getpid(), signal.SIGKILL)
    return build_stored(job, unit, year)


def test_without_the_extra_it_says_what_to_install(
    shared: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["build", "--workspace", str(shared.root), "--scheduler", "tcp://127.0.0.1:9"]) == 1
    said = '没有装「distributed」；请在本程序的文件夹里运行 python -m pip install ".[cluster]"'
    assert said in capsys.readouterr().err
