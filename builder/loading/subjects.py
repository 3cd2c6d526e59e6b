"""``templates/科目/<年度>.csv`` → the subjects of a year."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from builder.accounts.subjects import LEVELS, Category, Subject, Subjects, discontinued, subject
from builder.findings import Finding, InputError, Level, Source, errors

from .text_reader import read_text

FOLDER = Path("templates/科目")
COLUMNS = ["分类", "代码", "名称"]
FUNCTIONAL, ECONOMIC, CATEGORY = "功能", "经济", "大类"
NAME = re.compile(r"([0-9]{4})\.csv")
CODE = re.compile(r"[0-9]+")


def load_subjects(root: Path, year: int) -> tuple[Subjects, tuple[Finding, ...]]:
    """Read the subjects of ``year`` from the workspace ``root``, with the year before for discontinued ones.

    Where the year has no list, the nearest earlier one is taken, else the nearest, with a note. Raises ``InputError``
    where there is no list at all or it is wrong.
    """
    files = _files(root)
    used, before = _lists_for(files, year)
    notes: tuple[Finding, ...] = ()
    if used != year:
        message = f"没有 {year} 年度的科目表，使用了 {used} 年度的；请核对当年新增、取消的科目"
        notes = (Finding(message, Source(f"{FOLDER.as_posix()}/{used}.csv"), Level.NOTE),)
    return _subjects(root, year, _state(files[used]), _state(files[before]) if before is not None else None), notes


def subject_files(root: Path, year: int) -> list[Path]:
    """Return the files that the subjects of ``year`` are read from. Raises ``InputError`` where there is none."""
    return [root / FOLDER / f"{used}.csv" for used in _lists_for(_files(root), year) if used is not None]


def _files(root: Path) -> dict[int, os.DirEntry[str]]:
    """Return the lists that there are, by year; done for every document, so without a ``Path`` for each."""
    folder = root / FOLDER
    if not folder.is_dir():
        return {}
    with os.scandir(folder) as files:
        return {int(name[1]): file for file in files if (name := NAME.fullmatch(file.name))}


def _lists_for(files: Iterable[int], year: int) -> tuple[int, int | None]:
    """Return the year whose list is used for ``year``, and that of the list before it, of all lists."""
    years = sorted(files)
    if not years:
        raise InputError(Finding(f"缺少科目表：请把「{year}.csv」放进 {FOLDER.as_posix()}", Source(FOLDER.as_posix())))
    used = max((known for known in years if known <= year), default=years[0])
    return used, max((known for known in years if known < used), default=None)


Lists = tuple[dict[str, Subject], dict[str, Subject], tuple[Category, ...]]
File = tuple[str, int, int]
"""A list's file: its path, when it was changed, and its size."""


def _state(file: os.DirEntry[str]) -> File:
    stat = file.stat()
    return file.path, stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=32)
def _subjects(root: Path, year: int, used: File, before: File | None) -> Subjects:
    """Return the subjects of a year; a batch makes them only once, as long as the files do not change."""
    listed = _read_list(root, used)
    if before is None:
        return Subjects(year, *listed)
    return Subjects(year, *listed, discontinued=discontinued(listed[0], _read_list(root, before)[0].values()))


@lru_cache(maxsize=32)
def _read_list(root: Path, listed: File) -> Lists:
    """Read one list; a batch reads each only once, as long as the file does not change."""
    file = read_text(Path(listed[0]), root)
    if file.text is None:
        raise InputError(file.findings)
    reader = _ListReader(file.path)
    reader.read(file.text)
    if errors(reader.findings):
        raise InputError(reader.findings)
    return reader.functional, reader.economic, tuple(reader.categories)


class _ListReader:
    """Reads the rows of one list, with findings for those that are wrong."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.functional: dict[str, Subject] = {}
        self.economic: dict[str, Subject] = {}
        self.categories: list[Category] = []
        self.lines: dict[tuple[str, str], int] = {}
        self.findings: list[Finding] = []

    def read(self, text: str) -> None:
        """Read all rows."""
        rows = csv.reader(text.splitlines())
        if (header := [cell.strip() for cell in next(rows, [])]) != COLUMNS:
            self.find(f"第一行应是「{','.join(COLUMNS)}」，读到的是「{','.join(header)}」；请改正", 1)
            return
        numbered = [(row, rows.line_num) for row in rows if any(cell.strip() for cell in row)]
        numbered.sort(key=lambda item: item[0][0].strip() == CATEGORY)  # last, for they refer to 类
        for row, line in numbered:
            self.row([cell.strip() for cell in row], line)
        for (kind, code), line in self.lines.items():
            listed = self.listed(kind)
            parent = listed[code].parent
            if parent is not None and parent not in listed:
                self.find(f"「{code} {listed[code].name}」的上级科目 {parent} 不在表中；请补上，或更正代码", line)

    def listed(self, kind: str) -> dict[str, Subject]:
        """Return the list that subjects of this classification belong to."""
        return self.economic if kind == ECONOMIC else self.functional

    def find(self, message: str, line: int) -> None:
        """Keep a finding about a row."""
        self.findings.append(Finding(message, Source(self.file, line)))

    def row(self, row: list[str], line: int) -> None:
        """Read one row: classification, code, name."""
        if len(row) != len(COLUMNS):
            self.find(f"这一行有 {len(row)} 格，应有 {len(COLUMNS)} 格（{'、'.join(COLUMNS)}）；请改正", line)
            return
        kind, code, name = row
        if not name:
            self.find(f"科目 {code} 没有名称；请补上", line)
        elif kind == CATEGORY:
            self.category(code, name, line)
        elif kind not in (FUNCTIONAL, ECONOMIC):
            self.find(f"分类写作「{kind}」；应是 {FUNCTIONAL}、{ECONOMIC} 或 {CATEGORY}", line)
        elif not CODE.fullmatch(code) or len(code) not in LEVELS or (kind == ECONOMIC and len(code) == max(LEVELS)):
            digits = "3 或 5" if kind == ECONOMIC else "3、5 或 7"
            self.find(f"代码写作「{code}」；{kind}科目的代码是 {digits} 位数字", line)
        elif (kind, code) in self.lines:
            self.find(f"科目 {code} 在第 {self.lines[kind, code]} 行已经有了；请删去一行", line)
        else:
            self.lines[kind, code] = line
            self.listed(kind)[code] = subject(code, name)

    def category(self, code: str, name: str, line: int) -> None:
        """Read a 功能大类; one without a code is the 类 of the same name."""
        top = min(LEVELS)
        same = (key for key, known in self.functional.items() if len(key) == top and known.name == name)
        code = code or next(same, "")
        if not CODE.fullmatch(code) or len(code) != top:
            self.find(f"大类「{name}」的代码写作「{code}」；请填 {top} 位类级科目代码", line)
        else:
            self.categories.append(Category(code, name))
