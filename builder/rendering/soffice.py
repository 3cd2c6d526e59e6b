"""LibreOffice as an outside program: where it is, and a document as PDF.

LibreOffice lays pages out much as Word does, but is not Word: where a line is full to the last character, or a font of
the form is missing on this machine, a page break may fall elsewhere.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from builder.findings import InputError

TIMEOUT = 180.0  # seconds; a document of sixty pages takes two or three
_NAMES = ("soffice", "libreoffice")
_USUAL_PLACES = (
    "/opt/libreoffice*/program/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/snap/bin/libreoffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_WINDOWS_PROGRAMS = ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)")
_WINDOWS_NAMES = ("soffice.com", "soffice.exe")  # the .com is the same program, and tells the console what is wrong
_MISSING = (
    "没有找到 LibreOffice，不能导出 PDF，也量不出页码。请先安装："
    "Windows 到 https://zh-cn.libreoffice.org 下载安装包，按默认位置安装；"
    "Linux 用 sudo apt install libreoffice-writer（或 sudo dnf install libreoffice-writer）。"
    "装好后重新运行；不装也可以，用 Word 或 WPS 打开文档另存为 PDF，目录右击「更新域」。"
)


def find_soffice() -> Path:
    """Return LibreOffice's program: from the search path, or where it is usually installed on Windows, Linux, macOS.

    Raises ``InputError`` that says how to install it.
    """
    for name in _NAMES:
        if found := shutil.which(name):
            return Path(found)
    folders = [Path(os.environ[name]) for name in _WINDOWS_PROGRAMS if os.environ.get(name)]
    windows = (
        path
        for folder in folders
        for name in _WINDOWS_NAMES
        for path in sorted(folder.glob(f"LibreOffice*/program/{name}"), reverse=True)
    )
    others = (path for place in _USUAL_PLACES for path in sorted(Path("/").glob(place.lstrip("/")), reverse=True))
    for path in (*windows, *others):
        if path.is_file():
            return path
    raise InputError(_MISSING)


def convert_to_pdf(docx: Path, pdf: Path, *, soffice: Path | None = None, timeout: float = TIMEOUT) -> None:
    """Write ``docx`` as ``pdf`` with LibreOffice, replacing an older file only when the new one is whole.

    Works in a profile of its own, so an open LibreOffice and its settings do not matter. ``timeout`` is in seconds.
    Raises ``InputError`` where LibreOffice is missing, fails or takes too long, or the PDF cannot be written.
    """
    program = soffice or find_soffice()
    # On Windows, LibreOffice may still hold a file of its profile for a moment after it has ended.
    with tempfile.TemporaryDirectory(prefix="juesuan-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        source = folder / "document.docx"
        shutil.copyfile(docx, source)
        said = _run(converting(program, folder, [source]), timeout, docx.name)
        made = source.with_suffix(".pdf")
        if not made.is_file():  # LibreOffice may fail with exit code 0
            raise InputError(not_converted(docx.name, said))
        replace_pdf(made, pdf)


def converting(program: Path, folder: Path, sources: Sequence[Path]) -> list[str]:
    """Return the command that writes PDFs of these documents into ``folder``, in turn, with a profile there."""
    return [
        str(program), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
        "--nolockcheck", "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(folder), *map(str, sources),
    ]  # fmt: skip


def start(command: list[str], output: int | IO[bytes]) -> subprocess.Popen[bytes]:
    """Start LibreOffice, to be ended by `end`. Raises ``InputError`` where that is not possible."""
    try:
        return subprocess.Popen(  # noqa: S603 - the program is the user's own LibreOffice, without a shell
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    except OSError as error:
        raise InputError(f"LibreOffice（{command[0]}）启动不了：{error.strerror}；请重新安装 LibreOffice。") from error


def _run(command: list[str], timeout: float, document: str) -> str:
    """Run LibreOffice to its end; return the last line it said."""
    with start(command, subprocess.PIPE) as process:
        try:
            said, _nothing = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired as error:
            end(process)
            raise InputError(too_slow(document, timeout)) from error
        except BaseException:  # Ctrl-C does not reach a session of its own
            end(process)
            raise
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


def too_slow(document: str, timeout: float) -> str:
    """Say that a document was given up."""
    return (
        f"LibreOffice 转换「{document}」超过 {timeout:g} 秒仍未完成，已停止；请稍后再试，"
        "或用 LibreOffice 打开这个文档，看是否卡住。"
    )


def not_converted(document: str, said: str) -> str:
    """Say that LibreOffice made no PDF of a document; ``said`` is its own reason."""
    return (
        f"LibreOffice 没能把「{document}」转成 PDF（{said or '没有说明原因'}）；"
        "请用 LibreOffice 打开这个文档，看是否报错。"
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice and what it started: its program is a starter for another."""
    if sys.platform == "win32":
        taskkill = ["taskkill", "/PID", str(process.pid), "/T", "/F"]
        subprocess.run(taskkill, capture_output=True, check=False)  # noqa: S603
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def replace_pdf(made: Path, pdf: Path) -> None:
    """Move a PDF to its place in one step, across disks too. Raises ``InputError``."""
    beside = pdf.with_name(f"~{pdf.name}.{os.getpid()}.tmp")
    try:
        pdf.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, beside)
        beside.replace(pdf)
    except OSError as error:
        raise InputError(f"「{pdf.name}」写不进去（{error.strerror}）；如果正开着这个文件，请先关闭再试。") from error
    finally:
        beside.unlink(missing_ok=True)
