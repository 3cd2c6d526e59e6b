"""A release is complete or absent, whatever happens; its number is its own; it holds what was published."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import random
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from published_unit import DAY, files_in, folder_of, snapshot, version
from workspaces import ROOT, UNIT, YEAR, WorkspaceCopy

from builder.building import Builder, Form
from builder.findings import InputError, Source
from builder.releases.freezing import freeze
from builder.releases.reading import history, opened
from builder.releases.snapshots import snapshot_now
from builder.tracing import Tracer
from builder.workspace import Workspace
from builder.writing import UNFINISHED

FORK = multiprocessing.get_context("fork") if hasattr(os, "fork") else None
needs_fork = pytest.mark.skipif(FORK is None, reason="a process is killed in the middle; that needs fork")


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting for the disk: a process that is killed loses nothing that it has written."""
    monkeypatch.setattr(os, "fsync", lambda _handle: None)


def sound(workspace: Workspace) -> list[str]:
    """Return the numbers of the releases, all of them found complete."""
    past = history(workspace, UNIT, YEAR)
    assert past.findings == []
    assert all(entry.release is not None for entry in past.entries)
    return [entry.number for entry in past.entries]


def left_over(workspace: Workspace) -> list[str]:
    folder = folder_of(workspace.root)
    return [path.name for path in folder.iterdir() if path.name.startswith(".")] if folder.exists() else []


def test_what_is_read_back_is_what_was_published(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    _release, new = freeze(workspace, snapshot(), date=DAY, note="首次公开")
    assert new
    release = opened(workspace, UNIT, YEAR)
    assert (release.number, release.date, release.note) == ("001", DAY, "首次公开")
    back = release.snapshot()
    built = Builder(Workspace(ROOT)).build(UNIT, YEAR)
    assert back.documents == {f"{built.title}.docx": built.rendered.docx}
    assert back.manifest == json.loads(built.manifest)
    assert back.lines == snapshot().lines
    assert dict(back.state.files) == {path: (ROOT / path).read_bytes() for path in back.state.files}


def test_the_frozen_inputs_are_a_workspace_that_gives_the_same_document(tmp_path: Path) -> None:
    release, _new = freeze(Workspace(tmp_path), snapshot(), date=DAY)
    frozen = Workspace(release.folder / "资料")
    built = Builder(frozen).build(UNIT, YEAR)
    assert built.rendered.docx == (release.folder / f"{built.title}.docx").read_bytes()
    assert built.manifest.encode() == (release.folder / "指标.json").read_bytes()


def test_last_years_facts_are_frozen_too_where_they_are_read(tmp_path: Path) -> None:
    copy = WorkspaceCopy.make(tmp_path / "甲")
    shutil.copytree(copy.year, copy.year.with_name(str(YEAR - 1)))
    copy.remove("上年.yaml")
    workspace = Workspace(copy.root)
    builder = Builder(workspace)
    now = snapshot_now(builder, Tracer(builder), UNIT, YEAR, draft=True)
    release, _ = freeze(workspace, now, date=DAY)
    assert (release.folder / "资料" / "content" / UNIT / str(YEAR - 1) / "决算.yaml").exists()
    frozen = Builder(Workspace(release.folder / "资料"))
    (document,) = now.documents.values()
    assert frozen.build(UNIT, YEAR, draft=True).rendered.docx == document
    same = snapshot_now(frozen, Tracer(frozen), UNIT, YEAR, draft=True)
    assert same.lines == now.lines
    assert same.state.files == now.state.files


def test_a_file_that_is_saved_in_the_middle_stops_the_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = WorkspaceCopy.make(tmp_path)
    builder = Builder(Workspace(copy.root))
    true_form = Builder.form

    def saving(self: Builder, *words: Any) -> Form:
        copy.write("决算.yaml", copy.path("决算.yaml").read_bytes() + b"\n")
        return true_form(self, *words)

    monkeypatch.setattr(Builder, "form", saving)
    with pytest.raises(InputError, match="正在生成文档时这个文件被改动了") as refused:
        snapshot_now(builder, Tracer(builder), UNIT, YEAR)
    assert refused.value.findings[0].source == Source(f"content/{UNIT}/{YEAR}/决算.yaml")


def test_releases_of_the_same_inputs_differ_in_nothing_but_the_date(tmp_path: Path) -> None:
    here, there = Workspace(tmp_path / "甲"), Workspace(tmp_path / "很 长 的" / "乙")
    first, _ = freeze(here, snapshot(), date=DAY)
    second, _ = freeze(there, snapshot(), date="2023-10-08")
    mine, theirs = files_in(first.folder), files_in(second.folder)
    lists = [json.loads(files.pop("清单.json")) for files in (mine, theirs)]
    assert mine == theirs
    assert {key for key in lists[0] if lists[0][key] != lists[1][key]} == {"日期", "校验"}


def test_the_files_are_read_only(tmp_path: Path) -> None:
    release, _ = freeze(Workspace(tmp_path), snapshot(), date=DAY)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in release.folder.rglob("*") if path.is_file()}
    assert modes == {0o444}


def test_the_same_documents_are_not_released_again(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    freeze(workspace, version(1), date=DAY)
    again, new = freeze(workspace, version(1), date="2023-10-08", note="再来")
    assert not new
    assert (again.number, again.date) == ("001", DAY)
    assert sound(workspace) == ["001"]
    freeze(workspace, version(2), date=DAY)
    _back_again, new = freeze(workspace, version(1), date=DAY)
    assert new
    assert sound(workspace) == ["001", "002", "003"]


def test_a_number_is_never_used_again(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for number in (1, 2):
        freeze(workspace, version(number), date=DAY)
    last = folder_of(tmp_path) / "002"
    last.rename(tmp_path / "away")
    release, _ = freeze(workspace, version(2), date=DAY)
    assert release.number == "003"
    (missing,) = history(workspace, UNIT, YEAR).findings
    assert "发布 002 不见了" in missing.message
    (tmp_path / "away").rename(last)
    assert sound(workspace) == ["001", "002", "003"]


def points(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many times a release writes to the disk for good."""
    calls = 0

    def counted(handle: int) -> None:
        nonlocal calls
        calls += 1

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", counted)
        freeze(workspace, version(0), date=DAY)
    return calls


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_disk_that_fails_at_any_moment_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    workspace = Workspace(tmp_path)
    files = len(files_in(freeze(Workspace(tmp_path / "甲"), version(0), date=DAY)[0].folder))
    for moment in range(files):
        calls = iter(range(1000))

        def fails(handle: int, calls: Iterator[int] = calls, moment: int = moment) -> None:
            if next(calls) == moment:
                raise OSError(code, os.strerror(code))

        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", fails)
            with pytest.raises(InputError) as refused:
                freeze(workspace, version(1), date=DAY)
        assert "写不进" in str(refused.value)
        assert files_in(tmp_path / "output") == {}
    assert freeze(workspace, version(1), date=DAY)[0].number == "001"


def test_where_nothing_can_be_written_the_message_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_named: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied", str(folder_of(tmp_path) / ".写入中-x"))

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    with pytest.raises(InputError, match="没有写入的权限，或文件夹是只读的"):
        freeze(Workspace(tmp_path), version(1), date=DAY)
    monkeypatch.undo()
    folder = folder_of(tmp_path)
    assert not folder.exists()
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file")
    with pytest.raises(InputError, match="是一个文件，不是文件夹"):
        freeze(Workspace(tmp_path), version(1), date=DAY)


def in_child(action: Callable[[], object]) -> multiprocessing.process.BaseProcess:
    assert FORK is not None
    child = FORK.Process(target=action)
    child.start()
    return child


@needs_fork
def test_a_run_killed_at_any_step_leaves_a_complete_release_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path)
    steps = points(workspace, monkeypatch)
    assert steps > 30
    made = 1
    for step in range(steps + 1):

        def killed(step: int = step, number: int = step + 1) -> None:
            calls = iter(range(1000))

            def fsync(_handle: int) -> None:
                if next(calls) == step:
                    os.kill(os.getpid(), signal.SIGKILL)

            monkeypatch.setattr(os, "fsync", fsync)
            freeze(workspace, version(number), date=DAY)

        child = in_child(killed)
        child.join()
        assert (child.exitcode == 0) == (step == steps)
        numbers = sound(workspace)
        assert len(numbers) in (made, made + 1)
        made = len(numbers)
    assert left_over(workspace) == []
    assert made >= 3  # complete, though killed while the register was written; and undisturbed


@needs_fork
def test_runs_killed_at_random_moments(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    chance = random.Random(5)
    outcomes = set()
    for number in range(40):
        child = in_child(partial(freeze, workspace, version(number), date=DAY))
        time.sleep(chance.uniform(0, 0.05))
        child.kill()
        child.join()
        outcomes.add(child.exitcode)
        sound(workspace)
    assert -signal.SIGKILL in outcomes
    release, new = freeze(workspace, version(99), date=DAY)
    assert new
    assert release.number == sound(workspace)[-1]
    assert left_over(workspace) == []


@needs_fork
def test_several_at_once_get_different_numbers(tmp_path: Path) -> None:
    assert FORK is not None
    workspace = Workspace(tmp_path)
    gate = FORK.Barrier(4)
    said = FORK.Queue()

    def run(number: int) -> None:
        gate.wait()
        try:
            said.put(freeze(workspace, version(number), date=DAY)[0].number)
        except InputError as error:
            said.put(str(error))

    children = [in_child(partial(run, number)) for number in range(4)]
    answers = sorted(said.get(timeout=60) for _ in children)
    for child in children:
        child.join()
    numbers = [answer for answer in answers if answer.isdigit()]
    assert all("另外有人正在发布" in answer for answer in answers if not answer.isdigit())
    assert numbers == sound(workspace)
    assert len(numbers) >= 1
    assert left_over(workspace) == []


@needs_fork
def test_the_same_released_twice_at_once_is_one_release(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    children = [in_child(partial(freeze, workspace, version(7), date=DAY)) for _ in range(3)]
    for child in children:
        child.join()
        assert child.exitcode == 0
    assert sound(workspace) == ["001"]


def test_a_release_that_another_run_clears_away_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(tmp_path)
    cleared: list[Path] = []

    def fsync(_handle: int) -> None:
        if not cleared:
            (being_made,) = (path for path in folder_of(tmp_path).iterdir() if path.name.startswith(UNFINISHED))
            cleared.append(being_made.rename(tmp_path / "cleared"))

    monkeypatch.setattr(os, "fsync", fsync)
    release, new = freeze(workspace, version(1), date=DAY)
    assert cleared
    assert new
    assert sound(workspace) == [release.number] == ["001"]
