"""Files written all together or not at all, and the system's refusals said in plain Chinese."""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
import platform
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from builder.findings import InputError

UNFINISHED, KEPT = ".写入中-", ".原件-"
"""How the names of files begin that stand beside the final ones while these are written."""

ABANDONED = 3600.0
"""After how many seconds a file that a program on another computer was writing is taken to be left behind."""

NOT_IN_NAMES = str.maketrans('\\/:*?"<>|', "＼／：＊？＂＜＞｜", "\0\t\n\r")
"""What Windows allows in no file name → its full-width form."""

REASONS = {
    errno.ENOSPC: "磁盘已满，请腾出空间后再试",
    errno.EDQUOT: "磁盘配额已用完，请腾出空间后再试",
    errno.EROFS: "磁盘是只读的，请换一个文件夹",
    errno.ENAMETOOLONG: "文件名太长，请把文件夹放到路径更短的地方，或改短单位名称、标题",
    errno.ENOENT: "文件夹不存在，或刚被移走、改名",
    errno.EIO: "磁盘或网络盘读写出错，请检查后再试",
}


def file_name(title: str) -> str:
    """Return a title as a file name: characters that Windows does not allow become full-width."""
    return title.translate(NOT_IN_NAMES).rstrip(". ")


def write_together(folder: Path, files: Mapping[str, bytes], *, stamp: int | None = None) -> None:
    """Write files into ``folder``: all of them, or, whatever goes wrong, none; what was there before then stays.

    Each is written beside its final name and put in place only when all are whole. Raises OSError.
    With a ``stamp``, that is the files' time of change (nanoseconds), by which they are known again, and the disk is
    not waited for: a killed program still leaves whole files only, but after a power cut the newest may be empty. That
    is enough for what can be made again, and is looked at before it is relied upon.
    """
    place = f"{folder}{os.sep}"
    new: dict[str, str] = {}
    before: dict[str, str] = {}
    try:
        for name, data in files.items():
            new[place + name] = _written(place, data, stamp)
        for final in new if len(new) > 1 else ():  # one file is replaced in one step, or not at all
            if (kept := _kept(place, final)) is not None:
                before[final] = kept
        _put_in_place(new, before)
    except BaseException:
        _remove(new.values())
        raise
    finally:
        _remove(before.values())


def _put_in_place(new: Mapping[str, str], before: Mapping[str, str]) -> None:
    begun: list[str] = []
    try:
        for final, written in new.items():
            begun.append(final)
            os.replace(written, final)
    except BaseException:
        for final in begun:
            with suppress(OSError):  # what could not be replaced cannot be put back either, and need not be
                if final in before:
                    os.replace(before[final], final)
                elif not os.path.exists(new[final]):
                    os.unlink(final)
        raise


def _remove(paths: Iterable[str]) -> None:
    for path in paths:
        with suppress(FileNotFoundError):  # it is in its place
            os.unlink(path)


def _written(place: str, data: bytes, stamp: int | None) -> str:
    """Return a new file in a folder (``place``) that holds the data, without a stamp safely on the disk."""
    handle, path = _new_file(place, UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if stamp is None:
                file.flush()
                os.fsync(file.fileno())
        if stamp is not None:
            os.utime(path, ns=(stamp, stamp))
    except BaseException:
        _remove([path])
        raise
    return path


def _new_file(place: str, kind: str) -> tuple[int, str]:
    """Make a file that nobody else has; return it open, and its path."""
    while True:
        path = _own_name(place, kind)
        with suppress(FileExistsError):  # of a process of the same number that was killed
            return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644), path


def _own_name(place: str, kind: str) -> str:
    """Return a path that no other process uses, and this one only once."""
    return f"{place}{kind}{_writer()}-{next(_numbers)}"


_numbers = itertools.count(1)


def _kept(place: str, final: str) -> str | None:
    """Keep a file that is to be replaced under another name beside it; return that, or None where there is no file.

    Nothing need be copied: the new file takes the old one's name, not its content. But Windows lets no name of a file
    go that a program has open, as Word has; and not every disk can have two names for a file.
    """
    if os.name != "posix":
        return _copied(place, final) if os.path.exists(final) else None
    kept = _own_name(place, KEPT)
    try:
        os.link(final, kept)
    except FileNotFoundError:
        return None
    except OSError:
        return _copied(place, final)
    return kept


def _copied(place: str, final: str) -> str:
    handle, copy = _new_file(place, KEPT)
    os.close(handle)
    try:
        shutil.copy2(final, copy)
    except BaseException:
        _remove([copy])
        raise
    return copy


def clear_unfinished(folder: Path) -> None:
    """Delete what a killed program has left in a folder; what a running one is writing there stays."""
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        if name.startswith((UNFINISHED, KEPT)) and _is_abandoned(folder / name):
            with suppress(OSError):
                os.unlink(folder / name)


def _is_abandoned(path: Path) -> bool:
    with suppress(OSError, ValueError, IndexError):
        _, host, process, *_ = path.name.split("-")
        if os.name == "posix" and host == _host():
            return not _is_running(int(process))
        stat = path.stat()
        return time.time() - max(stat.st_mtime, stat.st_ctime) > ABANDONED  # what is kept has its old time of change
    return False


def _writer() -> str:
    """Return what names this process among all that may write into a shared folder."""
    return f"{_host()}-{os.getpid()}"


@cache
def _host() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:6]


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)  # asks only; never on Windows, where it would end the process
    except ProcessLookupError:
        return False
    return True


def put_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Write files, by path, below a folder that nobody else reads yet. Raises OSError."""
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn the system's refusals to write into ``folder`` into messages that say what to do (InputError)."""
    try:
        yield
    except OSError as error:
        raise InputError(f"{refusal(folder, error)}；原有的文件没有改动") from error


def refusal(folder: Path, error: OSError) -> str:
    """Return what the system refused, and what to do."""
    file = next((path for path in (folder, *folder.parents) if path.is_file()), None)
    if file is not None:
        return f"写不进「{folder}」：「{file}」是一个文件，不是文件夹；请把它移走或改名"
    name = Path(error.filename2 or error.filename or folder).name
    if isinstance(error, PermissionError) and (name == folder.name or name.startswith((UNFINISHED, KEPT))):
        return f"写不进「{folder}」：没有写入的权限，或文件夹是只读的；请检查后再试"
    if isinstance(error, PermissionError):
        return f"写不进「{folder}」里的「{name}」：文件是只读的，或正在 Word/WPS 中打开；请关闭文档后再试"
    reason = REASONS.get(error.errno or 0, f"系统报告错误 {error.errno}（{error.strerror}）")
    return f"写不进「{folder}」：{reason}"
