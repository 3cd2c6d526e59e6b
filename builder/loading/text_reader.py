"""Reading a text file of the workspace: where it may lie, how large it may be, how it must be encoded."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from builder.findings import Finding, Source

LARGEST = 10 * 1024 * 1024
"""The most bytes that a text file of the workspace may have."""

USUAL = 16 * 1024
"""More bytes than nearly every file has: one of fewer is read without asking how large it is."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(slots=True)
class TextFile:
    """A file as it was read: ``text`` is None where it cannot be used, and ``findings`` say why."""

    path: str
    text: str | None
    sha256: str
    findings: tuple[Finding, ...] = ()


def relative_path(path: Path, root: Path) -> str | None:
    """Return ``path`` relative to the workspace ``root`` with ``/``, or None where it leads outside of it."""
    name, within = str(path), f"{root}{os.sep}"
    if name.startswith(within) and is_plain(str(root), name[len(within) :]):
        return name[len(within) :]
    try:
        real, top = path.resolve(), root.resolve()
        real.relative_to(top)
    except (ValueError, OSError, RuntimeError):
        return None
    return (path.relative_to(root) if path.is_relative_to(root) else real.relative_to(top)).as_posix()


def is_plain(folder: str, name: str) -> bool:
    """Tell whether a path below a folder has no links and no way up, so that it surely stays inside.

    Nearly every path is so, and to see it takes a tenth of the time of resolving the path.
    """
    if os.sep != "/":  # Windows knows more than links
        return False
    for part in name.split("/"):
        folder = f"{folder}/{part}"
        try:
            if part == ".." or stat.S_ISLNK(os.lstat(folder).st_mode):
                return False
        except OSError:  # nothing is there, or it cannot be looked at; reading it will tell
            return True
    return True


def read_text(path: Path, root: Path) -> TextFile:
    """Read a UTF-8 text file (with or without a byte order mark) of the workspace ``root``.

    What is wrong is a finding of the result: outside of the workspace, missing, not a file, locked, too large, in
    another encoding.
    """
    name = relative_path(path, root)
    if name is None:
        message = f"「{path.name}」不在工作文件夹之内，不能读取；请把文件放进工作文件夹"
        return TextFile(path.name, None, "", (Finding(message, Source(path.name)),))

    data = _bytes_of(path, name)
    if isinstance(data, str):
        return TextFile(name, None, "", (Finding(data, Source(name)),))
    return text_file(data, name)


def text_file(data: bytes, name: str) -> TextFile:
    """Return the text file that holds these bytes."""
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        return TextFile(name, data.removeprefix(BYTE_ORDER_MARK).decode(), sha256)
    except UnicodeDecodeError as error:
        line = 0 if data.startswith(UTF16_MARKS) else error.object.count(b"\n", 0, error.start) + 1
        return TextFile(name, None, sha256, (Finding(encoding_message(data), Source(name, line)),))


def content_of(path: str) -> bytes | None:
    """Return what a file holds; None where it cannot be read, or is too large."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except OSError:
        return None
    try:
        data = os.read(handle, USUAL)
        if len(data) < USUAL:
            return data
        size = os.fstat(handle).st_size
        data += os.read(handle, size) if size <= LARGEST else b""
    except OSError:
        return None
    finally:
        os.close(handle)
    return data if len(data) == size else None


def _bytes_of(path: Path, name: str) -> bytes | str:
    """Return what a file holds, or the message that says why it cannot be read."""
    try:
        if path.is_dir():
            return f"「{path.name}」应是文件，却是文件夹；请改名或移走这个文件夹"
        size = path.stat().st_size
        if size > LARGEST:
            megabytes = f"{size / 1024 / 1024:.1f}"
            return f"文件有 {megabytes} MB，最多 {LARGEST // 1024 // 1024} MB；请检查是否放错了文件"
        return path.read_bytes()
    except FileNotFoundError:
        return missing_message(path, name)
    except PermissionError:
        return "文件打不开：没有读取权限，或正被其他程序占用；请关闭打开它的程序后再试"
    except OSError:
        return "文件读不出来；请检查磁盘或网络文件夹后再试"


def missing_message(path: Path, name: str) -> str:
    """Say which file is missing in which folder, and which file there probably only needs another name."""
    folder = name.rpartition("/")[0] or "工作文件夹"
    if not path.parent.is_dir():
        return f"缺少「{path.name}」：文件夹 {folder} 也不存在；请先建立文件夹，再把文件放进去"
    stem = path.stem
    alike = {f"{stem}.yml", f"{stem}.yaml.txt", f"{stem}.yaml.yaml", f"{stem}.txt", f"{path.name}.txt"}
    found = sorted(entry.name for entry in path.parent.iterdir() if entry.name in alike)
    if found:
        return f"缺少「{path.name}」：{folder} 里有「{found[0]}」；请把它改名为「{path.name}」"
    return f"缺少「{path.name}」：请在 {folder} 里建立这个文件"


def encoding_message(data: bytes) -> str:
    """Say in which encoding a file that is not UTF-8 probably is."""
    if data.startswith(UTF16_MARKS):
        found = "文件是 UTF-16（记事本称「Unicode」）编码"
    else:
        try:
            data.decode("gb18030")
            found = "文件不是 UTF-8 编码，多半是 GBK（记事本称「ANSI」）"
        except UnicodeDecodeError:
            found = "文件不是 UTF-8 编码，也可能不是文本文件"
    return f"{found}；请用记事本或 WPS 打开，另存为 UTF-8 编码"
