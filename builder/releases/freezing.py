"""Freezing: a release is made beside its place and put there by one renaming, so it is complete or absent."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from builder.findings import InputError
from builder.manifest import as_lines
from builder.releases.lines import lines_text
from builder.releases.reading import (
    FIGURES,
    FOLDER,
    INPUTS,
    LINES,
    LIST,
    REGISTER,
    History,
    Release,
    history,
    list_text,
    opened,
    release_folder,
    sha256,
)
from builder.releases.snapshots import Snapshot
from builder.workspace import Workspace
from builder.writing import KEPT, UNFINISHED, disk_errors, write_together

CLEARED = ".清除-"
ATTEMPTS = 5
READ_ONLY = 0o444


def same_as_last(past: History, snapshot: Snapshot) -> Release | None:
    """Return the last release where its documents were these, byte by byte."""
    last = past.last
    if last is None or last.release is None or last.findings:
        return None
    released = {name: last.release.files[name] for name in last.release.documents}
    return last.release if released == {name: sha256(docx) for name, docx in snapshot.documents.items()} else None


def freeze(workspace: Workspace, snapshot: Snapshot, *, date: str, note: str = "") -> tuple[Release, bool]:
    """Release a unit-year's documents under the next number; return the release, and whether it is new.

    Where the last release's documents were the same, it is returned. Somebody else's release in the same moment only
    makes the number another. Raises InputError.
    """
    state = snapshot.state
    folder = release_folder(workspace, state.unit, state.year)
    with disk_errors(folder), _no_empty(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _clear(folder)
        for _ in range(ATTEMPTS):
            past = history(workspace, state.unit, state.year)
            if same := same_as_last(past, snapshot):
                return same, False
            if _placed(folder, past.next_number, _files(snapshot, past, date, note)):
                with suppress(OSError):  # the release stands; the next one enters it
                    _enter(folder, history(workspace, state.unit, state.year))
                return opened(workspace, state.unit, state.year, past.next_number), True
    raise InputError(f"另外有人正在发布「{state.unit}」{state.year} 年度；请等一会儿再运行")


@contextmanager
def _no_empty(folder: Path) -> Iterator[None]:
    """Leave no empty folder behind where nothing could be released."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            folder.rmdir()
        raise


def _files(snapshot: Snapshot, past: History, date: str, note: str) -> dict[str, bytes]:
    """Return the files of a release by their path in its folder."""
    files = {
        **snapshot.documents,
        FIGURES: as_lines(snapshot.manifest).encode(),
        LINES: lines_text(snapshot.lines).encode(),
        **{f"{INPUTS}/{path}": data for path, data in snapshot.state.files.items()},
    }
    record = {
        "编号": past.next_number, "日期": date, "说明": note, "程序": snapshot.state.program,
        "单位": snapshot.state.unit, "年度": snapshot.state.year, "风格": snapshot.style, "标题": snapshot.title,
        "文档": list(snapshot.documents), "前一份": _digests(past).get(f"{int(past.next_number) - 1:03d}", ""),
        "文件": {path: sha256(data) for path, data in files.items()},
    }
    return {**files, LIST: list_text(record).encode()}


def _digests(past: History) -> dict[str, str]:
    """Return the SHA-256 of the lists by number, as registered, else as they are."""
    there = {entry.number: entry.release.digest for entry in past.entries if entry.release is not None}
    return there | dict(past.register)


def _placed(folder: Path, number: str, files: Mapping[str, bytes]) -> bool:
    """Write a release and put it in its place; tell whether nobody else came between. Raises OSError."""
    made = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder))
    try:
        made.chmod(0o755)
        inner = sorted({parent for path in files for parent in (made / path).parents if made in parent.parents})
        for path in inner:
            path.mkdir()  # never with its parents: where somebody has cleared them away, the release is not to go on
        for name, data in files.items():
            _write(made / name, data)
        for path in (*inner, made):
            _sync(path)
        made.rename(folder / number)
    except OSError:
        between = not made.exists() or (folder / number).exists()
        _discard(made)
        if not between:
            raise
        return False
    except BaseException:
        _discard(made)
        raise
    _sync(folder)
    return True


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(READ_ONLY)


def _sync(folder: Path) -> None:
    """Have the names in a folder safely on the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _enter(folder: Path, past: History) -> None:
    """Enter every release into the register; what stands there stays."""
    entered = dict(sorted(_digests(past).items()))
    write_together(folder, {REGISTER: as_lines({FOLDER: entered}).encode()})


def _clear(folder: Path) -> None:
    """Delete what a killed run has left. What a running one is writing goes as well: it then begins anew."""
    for path in folder.iterdir():
        if path.name.startswith((UNFINISHED, KEPT, CLEARED)):
            _discard(path)


def _discard(made: Path) -> None:
    """Delete an unfinished folder; renamed first, so that it cannot be put in place while it is being deleted."""
    with suppress(OSError):
        away = made.with_name(CLEARED + made.name.removeprefix(CLEARED).removeprefix(UNFINISHED))
        made.rename(away)
        if away.is_dir():
            for path in away.rglob("*"):
                path.chmod(stat.S_IRWXU)  # Windows deletes nothing that is read-only
            shutil.rmtree(away)
        else:
            away.unlink()
