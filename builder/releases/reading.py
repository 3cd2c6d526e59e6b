"""Reading releases: each is opened with its hashes checked, so that one that was altered is named, and how."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builder.findings import Finding, InputError, Level, Source
from builder.manifest import as_lines
from builder.releases.lines import lines_from
from builder.releases.snapshots import Snapshot
from builder.releases.states import State
from builder.workspace import Workspace

FOLDER = "发布"
LIST, FIGURES, LINES, INPUTS, REGISTER = "清单.json", "指标.json", "段落.json", "资料", "登记.json"
NUMBER = re.compile(r"[0-9]{3,}")
STRAY = ("~$", ".~lock", ".DS_Store", "Thumbs.db", "desktop.ini")
"""How the names of files begin that Word, LibreOffice and systems leave behind where somebody only looks."""
RESTORE = "发布过的文件不能改动，请从备份恢复"


@dataclass(frozen=True, slots=True)
class Release:
    """One release as its 清单.json says.

    ``number`` is 001, 002 …, ``date`` of the form 2023-09-01, ``documents`` are the names of the .docx, the main one
    first; ``files`` has the SHA-256 of every other file by its path in the ``folder``; ``before`` is the SHA-256 of the
    清单.json of the release before, empty for the first; ``digest`` that of its own.
    """

    folder: Path
    number: str
    date: str
    note: str
    program: str
    unit: str
    year: int
    style: str
    title: str
    documents: tuple[str, ...]
    before: str
    files: Mapping[str, str]
    digest: str
    place: str
    """The folder from the workspace's root."""

    def snapshot(self) -> Snapshot:
        """Return what was released. The release must have been found unaltered."""
        inside = {path: (self.folder / path).read_bytes() for path in self.files}
        inputs = f"{INPUTS}/"
        return Snapshot(
            self.number, self.title, self.style,
            {name: inside[name] for name in self.documents},
            json.loads(inside[FIGURES]),
            lines_from(inside[LINES].decode()),
            State(
                self.unit, self.year, self.program,
                {path.removeprefix(inputs): data for path, data in inside.items() if path.startswith(inputs)},
                f"{self.place}/{INPUTS}",
            ),
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A folder of 发布: its release, None where its 清单.json cannot be used, and what is wrong with it."""

    number: str
    release: Release | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class History:
    """All releases of a unit-year in order, and the register of their 清单.json (SHA-256 by number)."""

    entries: tuple[Entry, ...] = ()
    register: Mapping[str, str] = field(default_factory=dict)
    general: tuple[Finding, ...] = ()
    """What is wrong with no single release that is there: one is missing, the register cannot be read."""

    @property
    def findings(self) -> list[Finding]:
        """Everything that is wrong."""
        return [*self.general, *(finding for entry in self.entries for finding in entry.findings)]

    @property
    def last(self) -> Entry | None:
        """The last release that there is."""
        return self.entries[-1] if self.entries else None

    @property
    def next_number(self) -> str:
        """The number of the next release: never one that has been used."""
        used = [*self.register, *(entry.number for entry in self.entries)]
        return f"{max(map(int, used), default=0) + 1:03d}"


def release_folder(workspace: Workspace, unit: str, year: int) -> Path:
    """Return the folder of a unit-year's releases; it may not be there."""
    return workspace.output / str(year) / unit / FOLDER


def released(workspace: Workspace) -> list[tuple[str, int]]:
    """Return the unit-years that have releases, by unit and year, also of units that are not there any more."""
    folders = (path for path in workspace.output.glob(f"*/*/{FOLDER}") if path.is_dir() and path.parts[-3].isdecimal())
    return sorted((folder.parts[-2], int(folder.parts[-3])) for folder in folders)


def without_unit(workspace: Workspace) -> list[Finding]:
    """Return a note for each unit that has releases but no folder any more: perhaps it has another name now."""
    units = workspace.units()
    return [
        Finding(
            f"content/ 里没有「{unit}」；单位改了名的，请把这里的文件夹也改成新的名称，发布就跟着它",
            Source(workspace.relative(release_folder(workspace, unit, year).parent)), Level.NOTE,
        )
        for unit, year in released(workspace)
        if unit not in units
    ]


def opened(workspace: Workspace, unit: str, year: int, number: str | None = None) -> Release:
    """Return a release, the last where no number is given. Raises InputError where there is none, or it was altered."""
    past = history(workspace, unit, year)
    known = [entry.number for entry in past.entries]
    wanted = f"{int(number):03d}" if number and number.isdecimal() else number
    if not known:
        message = f"「{unit}」{year} 年度还没有发布过；发布：juesuan release {unit} {year}"
        raise InputError([*past.general, Finding(message), *without_unit(workspace)])
    if wanted is not None and wanted not in known:
        message = f"「{unit}」{year} 年度没有发布 {number}；现有：{'、'.join(known)}"
        raise InputError([*past.general, Finding(message)])
    entry = next(entry for entry in reversed(past.entries) if wanted in (None, entry.number))
    if entry.findings or entry.release is None:
        raise InputError(entry.findings)
    return entry.release


def history(workspace: Workspace, unit: str, year: int) -> History:
    """Return the releases of a unit-year with everything that is wrong with them; never raises for that."""
    folder = release_folder(workspace, unit, year)
    general: list[Finding] = []
    register = _register(folder / REGISTER, workspace, general)
    numbers = [path.name for path in folder.iterdir() if NUMBER.fullmatch(path.name)] if folder.is_dir() else []
    entries: list[Entry] = []
    digests = dict(register)
    for number in sorted({*numbers, *register}, key=int):
        if number not in numbers:
            message = f"发布 {number} 不见了（登记.json 里有）；{RESTORE}这个文件夹"
            general.append(Finding(message, Source(workspace.relative(folder / number))))
            continue
        entry = _entry(folder / number, workspace, digests, year)
        if entry.release is not None:
            digests.setdefault(number, entry.release.digest)
        entries.append(entry)
    return History(tuple(entries), register, tuple(general))


def _register(path: Path, workspace: Workspace, findings: list[Finding]) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        register = json.loads(path.read_bytes())[FOLDER]
        return {str(int(number)).zfill(3): str(digest) for number, digest in register.items()}
    except (ValueError, KeyError, TypeError, AttributeError, OSError):
        findings.append(Finding(f"读不出来，内容不完整或被改动；{RESTORE}", Source(workspace.relative(path))))
        return {}


def _entry(folder: Path, workspace: Workspace, digests: Mapping[str, str], year: int) -> Entry:
    """Return one release, compared with its own list, and its list with the others."""
    place = workspace.relative(folder)
    at = Source(f"{place}/{LIST}")
    try:
        data = (folder / LIST).read_bytes()
        release = _release(folder, place, data)
    except OSError:
        return Entry(folder.name, None, (Finding(f"缺少这个文件，发布 {folder.name} 不完整；{RESTORE}", at),))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Entry(folder.name, None, (Finding(f"读不出来，内容不完整或被改动；{RESTORE}", at),))
    findings = [Finding(message, at) for message in _list_findings(release, data, digests, year)]
    findings += (Finding(message, Source(f"{place}/{path}")) for path, message in _file_findings(release))
    return Entry(folder.name, release, tuple(findings))


def _release(folder: Path, place: str, data: bytes) -> Release:
    """Return what a list says. Raises ValueError, KeyError, TypeError or AttributeError where it is no list."""
    record = json.loads(data)
    number, date, note, program, unit, style, title, before = texts = [
        record[key] for key in ("编号", "日期", "说明", "程序", "单位", "风格", "标题", "前一份")
    ]
    documents, files = tuple(record["文档"]), dict(record["文件"])
    if not all(isinstance(text, str) for text in (*texts, *documents, *files, *files.values())):
        raise TypeError
    if not {*documents, FIGURES, LINES} <= files.keys():
        raise ValueError
    return Release(
        folder, number, date, note, program, unit, record["年度"], style, title, documents, before, files,
        sha256(data), place,
    )


def list_text(record: Mapping[str, Any]) -> str:
    """Return a 清单.json of these entries; its last one is the SHA-256 over the others."""
    return as_lines({**record, "校验": sha256(as_lines(record).encode())})


def _list_findings(release: Release, data: bytes, digests: Mapping[str, str], year: int) -> Iterator[str]:
    """Yield what is wrong with a list itself, and with its place among the others."""
    name = release.folder.name
    record = json.loads(data)
    stated = record.pop("校验", "")
    if stated != sha256(as_lines(record).encode()):
        yield f"内容被改动过，与末行的「校验」不符；{RESTORE}"
    if release.number != name or release.year != year:
        yield (
            f"这是 {release.year} 年度的发布 {release.number}，文件夹却在 {year} 年度、叫 {name}；"
            "请把文件夹移回、改回原来的名称"
        )
    elif digests.get(name, release.digest) != release.digest:
        yield f"不是当时的发布 {name}：SHA-256 应为 {short(digests[name])}，现在是 {short(release.digest)}；{RESTORE}"
    elif release.before:
        before = f"{int(name) - 1:03d}"
        if before not in digests:
            yield f"前一份发布 {before} 不见了；{RESTORE}那个文件夹"
        elif digests[before] != release.before:
            found = f"它的清单应为 {short(release.before)}，现在是 {short(digests[before])}"
            yield f"前一份发布 {before} 不是当时的那一份：{found}；{RESTORE}"
    elif int(name) > 1:
        yield f"清单里没有写前一份发布；{RESTORE}"


def _file_findings(release: Release) -> Iterator[tuple[str, str]]:
    """Yield the files of a release that are not as they were, and how."""
    there = {
        unicodedata.normalize("NFC", path.relative_to(release.folder).as_posix()): path
        for path in sorted(release.folder.rglob("*"))
        if path.is_file() and not path.name.startswith(STRAY)
    }
    for path, expected in release.files.items():
        if path not in there:
            yield path, f"发布 {release.number} 缺少这个文件；{RESTORE}"
            continue
        try:
            found = sha256(there[path].read_bytes())
        except OSError as error:
            yield path, f"读不出来（{error.strerror}）；请检查磁盘和权限"
            continue
        if found != expected:
            difference = f"SHA-256 应为 {short(expected)}，现在是 {short(found)}"
            yield path, f"与发布 {release.number} 时不同：{difference}；{RESTORE}"
    for path in there.keys() - release.files.keys() - {LIST}:
        yield path, f"发布 {release.number} 里本来没有这个文件；请把它移到别处"


def short(digest: str) -> str:
    """Return the beginning of a SHA-256, enough to tell two apart."""
    return f"{digest[:12]}…"


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes, as text."""
    return hashlib.sha256(data).hexdigest()
