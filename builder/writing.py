"""Files written all together or not at all, and the system's refusals said in plain Chinese."""

from __future__ import annotations

import errno
import hashlib
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
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
    new: dict[Path, Path] = {}
    before: dict[Path, Path] = {}
    try:
        for name, data in files.items():
            new[folder / name] = _written(folder, data, stamp)
        for final in new:
            if final.exists() and len(new) > 1:  # one file is replaced in one step, or not at all
                before[final] = _copied(final)
        _put_in_place(new, before)
    finally:
        for path in (*new.values(), *before.values()):
            path.unlink(missing_ok=True)


def _put_in_place(new: Mapping[Path, Path], before: Mapping[Path, Path]) -> None:
    begun: list[Path] = []
    try:
        for final, written in new.items():
            begun.append(final)
            written.replace(final)
    except BaseException:
        for final in begun:
            with suppress(OSError):  # what could not be replaced cannot be put back either, and need not be
                if final in before:
                    before[final].replace(final)
                elif not new[final].exists():
                    final.unlink()
        raise


def _written(folder: Path, data: bytes, stamp: int | None) -> Path:
    """Return a new file in the folder that holds the data, without a stamp safely on the disk."""
    handle, name = tempfile.mkstemp(prefix=f"{UNFINISHED}{_writer()}-", dir=folder)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if stamp is None:
                file.flush()
                os.fsync(file.fileno())
        path.chmod(0o644)
        if stamp is not None:
            os.utime(path, ns=(stamp, stamp))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def clear_unfinished(folder: Path) -> None:
    """Delete what a killed program has left in a folder; what a running one is writing there stays."""
    host = _host()
    for path in folder.glob(".*"):
        if not path.name.startswith((UNFINISHED, KEPT)):
            continue
        writer = path.name.split("-")[1:3]
        with suppress(OSError, ValueError, IndexError):
            if os.name == "posix" and writer[0] == host:
                abandoned = not _is_running(int(writer[1]))
            else:
                abandoned = time.time() - path.stat().st_mtime > ABANDONED
            if abandoned:
                path.unlink()


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


def _copied(final: Path) -> Path:
    """Return a copy of a file, beside it."""
    handle, name = tempfile.mkstemp(prefix=f"{KEPT}{_writer()}-", dir=final.parent)
    os.close(handle)
    try:
        return Path(shutil.copy2(final, name))
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


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
