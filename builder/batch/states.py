"""What the last build of a unit-year left: a small file that may be deleted at any time.

``.juesuan/output/年度/单位.json`` in the workspace says what the document was made from and what came of it, as hashes.
It is written after the documents, by whoever made them, in one step; so a run that is killed loses at most the units it
was at, and of two runs at once the last word stands with its documents, or is found not to fit them. It is data, and
only compared: one that was tampered with costs a needless build, or, made by hand with care, spares one; ``--force``
asks no state.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from builder.batch.inputs import Digests, Inputs, changed, shortened
from builder.workspace import OUTPUT, Workspace
from builder.writing import write_together

FOLDER = ".juesuan"
"""The folder of states in the workspace; not in ``output/``, where everything is to be published or sent on."""
VERSION = 1
DRAFT = "草稿"
"""The folder of the states of drafts."""

Print = tuple[int, int, str]
"""A document as it was written: bytes, time of change in nanoseconds, SHA-256."""


@dataclass(frozen=True, slots=True)
class State:
    """What the last build left.

    ``made`` tells whether it made documents; ``problem`` is the first error where not. ``inputs`` are the unit's and
    the subject lists, ``forms`` the folders of its style and what was in them, ``documents`` by file name.
    """

    made: bool
    program: str
    inputs: Digests
    forms: Digests
    folders: tuple[str, ...] = ()
    documents: Mapping[str, Print] = field(default_factory=dict)
    paginated: bool = True
    warnings: int = 0
    problem: str = ""
    problems: int = 0

    def since(self, inputs: Inputs, now: Digests) -> list[str]:
        """Say what has changed since; ``now`` are the unit's inputs as they are."""
        found = changed(self.inputs, now) + changed(self.forms, inputs.of_forms(self.folders))
        return [*found, "程序有更新"] if self.program != inputs.program else found

    def missing(self, folder: Path) -> list[str]:
        """Say which documents of ``folder`` are not those that were made."""
        place = f"{folder}{os.sep}"
        return [said for name, made in self.documents.items() if (said := _differs(place + name, name, made))]


def _differs(path: str, name: str, made: Print) -> str:
    size, stamp, sha256 = made
    try:
        stat = os.stat(path)
        if stat.st_size == size and (stat.st_mtime_ns == stamp or digest_of(Path(path)) == sha256):
            return ""
    except OSError:
        return f"{name} 不在了"
    return f"{name} 生成以后被改动过"


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file. Raises OSError."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@lru_cache(maxsize=8)
def states_of(workspace: Workspace, out: Path) -> Path:
    """Return the folder of the states of documents that go to ``out``."""
    name = OUTPUT if out == workspace.output.absolute() else shortened(str(out).encode())
    return workspace.root / FOLDER / name


def state_file(states: Path, unit: str, year: int, *, draft: bool) -> Path:
    """Return where the state of a unit-year's document stands."""
    return states / (f"{year}/{DRAFT}/{unit}.json" if draft else f"{year}/{unit}.json")


def read_state(path: Path) -> State | None:
    """Return a state, None where there is none that can be used."""
    try:
        with open(path, "rb", buffering=0) as file:
            record = json.loads(file.readall())
        return _state(record) if record["版本"] == VERSION else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _state(record: Mapping[str, Any]) -> State:
    """Return a state as it was written; of the documents only the names count, so that none leads to another folder."""
    documents = record["文档"].items()
    return State(
        record["结果"] is True, str(record["程序"]), _digests(record["资料"]), _digests(record["格式"]),
        tuple(map(str, record["风格文件夹"])),
        {os.path.basename(name): (int(size), int(stamp), str(sha)) for name, (size, stamp, sha) in documents},
        record["页码"] is True, int(record["警告"]), str(record["问题"]), int(record["问题数"]),
    )


def _digests(record: Any) -> Digests:
    """Return digests as they stand: they are only compared, so it does not matter what else somebody has put there."""
    if not isinstance(record, dict):
        raise TypeError
    return record


def write_state(path: Path, state: State) -> None:
    """Write a state; where that is not possible, the next run builds again."""
    record = {
        "版本": VERSION, "结果": state.made, "程序": state.program, "资料": state.inputs, "格式": state.forms,
        "风格文件夹": state.folders, "文档": state.documents, "页码": state.paginated, "警告": state.warnings,
        "问题": state.problem, "问题数": state.problems,
    }
    folder, files = path.parent, {path.name: _encode(record).encode()}
    with suppress(OSError):
        try:
            write_together(folder, files, stamp=time.time_ns())
        except FileNotFoundError:
            folder.mkdir(parents=True, exist_ok=True)
            write_together(folder, files, stamp=time.time_ns())


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
