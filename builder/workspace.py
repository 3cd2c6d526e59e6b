"""The workspace: where units, years, styles and outputs live, and the guard that no path leaves it."""

from __future__ import annotations

import difflib
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from builder.findings import Finding, InputError, Source

CONTENT, TEMPLATES, OUTPUT = "content", "templates", "output"
SUBJECTS = "科目"
STYLE_FILE = "style.yaml"
UNIT_FILE = "单位.yaml"
FILE_URL = "file://"
SETTLED = 5_000_000_000
"""For how long (nanoseconds) a folder's time of change must be past, for it to tell the next change from this one."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with ``content/`` and ``templates/``; documents go to ``output/`` unless said otherwise."""

    root: Path

    @property
    def content(self) -> Path:
        """The folder of units."""
        return self.root / CONTENT

    @property
    def templates(self) -> Path:
        """The folder of styles and subject lists."""
        return self.root / TEMPLATES

    @property
    def output(self) -> Path:
        """The folder that documents go to."""
        return self.root / OUTPUT

    def units(self) -> tuple[str, ...]:
        """Return the names of all units, in order."""
        return _settled(self.content).in_order

    def years(self, unit: str) -> list[int]:
        """Return the years that a unit has facts for, in order."""
        return sorted(int(name) for name in _folders(self.content / unit) if name.isdigit() and len(name) == 4)  # noqa: PLR2004

    def styles(self) -> list[str]:
        """Return the names of all styles, in order."""
        return [name for name in _folders(self.templates) if (self.templates / name / STYLE_FILE).is_file()]

    def unit_folder(self, unit: str) -> Path:
        """Return a unit's folder. Raises InputError where there is no such unit."""
        units = _settled(self.content)
        if unit in units.known:  # in no time, also among ten thousand
            return self.content / unit
        raise _no_such(CONTENT, unit, units.in_order, "单位")

    def year_folder(self, unit: str, year: int) -> Path:
        """Return the folder of a unit's year. Raises InputError where there is none."""
        folder = self.unit_folder(unit) / str(year)
        if not folder.is_dir():
            years = "、".join(map(str, self.years(unit))) or "无"
            raise InputError(
                Finding(
                    f"没有 {year} 年度的资料；这个单位现有的年度：{years}。"
                    f"请新建文件夹 {CONTENT}/{unit}/{year} 并放入 决算.yaml",
                    Source(f"{CONTENT}/{unit}"),
                )
            )
        return folder

    def style_folder(self, style: str, at: Source | None = None) -> Path:
        """Return a style's folder. Raises InputError where there is no such style; ``at`` is where it is named."""
        styles = self.styles()
        if style in styles:
            return self.templates / style
        raise _no_such(TEMPLATES, style, styles, "风格", at)

    def relative(self, path: Path) -> str:
        """Return a path as messages show it: relative to the workspace, with ``/``."""
        try:
            return path.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            return path.as_posix()


def is_remote(place: str | None) -> bool:
    """Tell whether ``--workspace`` is the address of a store (``s3://…``), and not a folder."""
    return place is not None and "://" in place and not place.startswith(FILE_URL)


def local_path(place: str) -> Path:
    """Return the folder that ``--workspace`` names, by its path or as ``file://…``. Raises InputError for a store."""
    if is_remote(place):
        raise InputError(f"「{place}」是存储地址，只有 juesuan build 能用；请换成文件夹")
    if not place.startswith(FILE_URL):
        return Path(place)
    from urllib.request import url2pathname  # noqa: PLC0415 - it brings all of http with it

    return Path(url2pathname(place.removeprefix(FILE_URL)))


def find_workspace(start: Path) -> Workspace:
    """Return the workspace that ``start`` lies in. Raises InputError where there is none."""
    for folder in (start, *start.parents):
        if (folder / CONTENT).is_dir() and (folder / TEMPLATES).is_dir():
            return Workspace(folder)
    raise InputError(
        f"在「{start}」及其上级文件夹里找不到 {CONTENT} 和 {TEMPLATES} 两个文件夹；"
        "请在工作文件夹里运行，或用 --workspace 指明"
    )


def _no_such(folder: str, name: str, known: Sequence[str], what: str, at: Source | None = None) -> InputError:
    near = difflib.get_close_matches(name, known, 1, 0.4)
    hint = f"是不是「{near[0]}」？" if near else f"现有：{'、'.join(known[:12]) or '无'}"
    return InputError(Finding(f"{folder}/ 里没有叫「{name}」的{what}；{hint}", at))


class _Names(NamedTuple):
    in_order: tuple[str, ...]
    known: frozenset[str]


def _settled(parent: Path) -> _Names:
    """Return the folders of a folder; of one that has not changed for some time, from memory.

    Every unit asks for the names of all: among ten thousand, listing them anew would take a third of a unit's time.
    """
    try:
        changed = parent.stat().st_mtime_ns
    except OSError:
        return _Names((), frozenset())
    return _remembered(parent, changed) if time.time_ns() - changed > SETTLED else _names(parent)


@lru_cache(maxsize=4)
def _remembered(parent: Path, _changed: int) -> _Names:
    return _names(parent)


def _names(parent: Path) -> _Names:
    found = tuple(_folders(parent))
    return _Names(found, frozenset(found))


def _folders(parent: Path) -> list[str]:
    try:
        with os.scandir(parent) as entries:  # which tells folders from files without asking for each
            return sorted(e.name for e in entries if e.is_dir() and not e.name.startswith((".", "_", "~")))
    except (FileNotFoundError, NotADirectoryError):
        return []
