"""Workbooks → sheets of plain cells, with merged ranges. The library that opens them runs in a process of its own."""

from __future__ import annotations

import importlib.util
import pickle
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.findings import Finding, InputError, Level, Source

from . import opening
from .archives import MOST_COLUMNS, MOST_ROWS, SAVE_AGAIN, Look
from .guarding import LARGEST, MOST_CELLS, check_file, refused

SECONDS = 10
"""How long opening a workbook may take."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its rows of values from A1 on, and its merged ranges by their first cell (row, column from 0)."""

    name: str
    rows: tuple[tuple[object, ...], ...]
    merged: Mapping[tuple[int, int], tuple[int, int]]

    def address(self, row: int, column: int) -> str:
        """Return a cell's name as the user finds it: ``表名!B5``."""
        return f"{self.name}!{column_letters(column)}{row + 1}"

    def value(self, row: int, column: int) -> object:
        """Return a cell's value, empty text beyond the sheet."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return ""
        return self.rows[row][column]


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a workbook, and what is to be said about it. ``name`` is what messages call the file."""

    name: str
    sheets: tuple[Sheet, ...]
    findings: tuple[Finding, ...]


def column_letters(column: int) -> str:
    """Return a column's letters: 0 → A, 26 → AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_workbook(path: Path) -> Workbook:
    """Read a workbook. Raises InputError where the file is no workbook that can be used safely."""
    name = path.name
    data = _bytes_of(path)
    looks, findings = check_file(data, name)
    findings = list(findings)
    sheets = []
    for title, visible, rows, merged in _opened(data, name):
        if visible:
            sheets.append(Sheet(title, _with_errors(rows, looks.get(title)), merged))
        else:
            message = f"工作表「{title}」是隐藏的，没有读取；需要时请在 Excel 里取消隐藏"
            findings.append(Finding(message, Source(name), Level.WARNING))
    return Workbook(name, tuple(sheets), tuple(findings))


def _bytes_of(path: Path) -> bytes:
    """Return a file's bytes. Raises InputError where it cannot be read, or is too large to be a workbook."""
    if path.name.startswith("~$"):
        raise InputError(f"{path}：这是 Excel/WPS 打开文件时的临时文件；请选去掉「~$」的那一个")
    if path.is_dir():
        raise InputError(f"{path}：这是一个文件夹；请写明其中的工作簿")
    try:
        size = path.stat().st_size
        if size > LARGEST:
            message = f"文件有 {size >> 20} MB，超过 {LARGEST >> 20} MB；决算表没有这么大，请只留下公开表另存"
            raise refused(message, Source(path.name))
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{path}：找不到这个文件；请核对路径，路径里有空格时要加引号") from error
    except PermissionError as error:
        message = "没有读取的权限，或正被另一个程序打开；请关闭 Excel/WPS 后再试"
        raise InputError(f"{path}：{message}") from error
    except OSError as error:
        raise InputError(f"{path}：文件读不出来（{error.strerror}）；请复制到本机的文件夹再试") from error


def _opened(data: bytes, name: str) -> list[Any]:
    """Return the sheets that the library finds, opened in a process of its own. Raises InputError."""
    at = Source(name)
    found = importlib.util.find_spec("python_calamine")
    assert found is not None
    assert found.origin is not None
    folder = str(Path(found.origin).parent.parent)
    limits = [str(limit) for limit in (MOST_ROWS, MOST_COLUMNS, MOST_CELLS)]
    command = [sys.executable, "-I", "-S", opening.__file__, folder, *limits]
    try:
        run = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise refused(f"{SECONDS} 秒里没有打开，多半已损坏；{SAVE_AGAIN}", at) from error
    broken = "工作簿不完整或已损坏，打不开；请重新导出，或用 Excel 打开后另存再试"
    if run.returncode or not run.stdout:  # stopped by the system: out of memory, or the library came to a halt
        raise refused(broken, at)
    what, result = pickle.loads(run.stdout)  # noqa: S301
    if what == opening.PASSWORD:
        raise refused("工作簿加了密码，打不开；请在 Excel 或 WPS 里去掉密码后再试", at)
    if what == opening.TOO_LARGE:
        title, rows, columns = result
        message = f"工作表「{title}」用到 {rows} 行、{columns} 列；决算表没有这么大，请删去表外的内容"
        raise refused(message, at)
    if what == opening.BROKEN:
        raise refused(broken, at)
    return list(result)


def _with_errors(rows: tuple[tuple[object, ...], ...], look: Look | None) -> tuple[tuple[object, ...], ...]:
    """Put in what the library leaves blank: the errors of formulas, such as ``#REF!``."""
    if look is None or not look.errors:
        return rows
    lines = [list(row) for row in rows]
    for (row, column), text in look.errors.items():
        if row < len(lines) and column < len(lines[row]):
            lines[row][column] = text
    return tuple(map(tuple, lines))
