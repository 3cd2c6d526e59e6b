"""The state of the inputs: every file that a document is made from, facts and form alike, with its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from builder import __version__
from builder.accounting import Accounts
from builder.building import Form
from builder.findings import Finding, InputError, Source
from builder.loading.subjects import subject_files
from builder.loading.unit import load_year
from builder.workspace import CONTENT, Workspace
from builder.writing import put_files

PROGRAM = f"juesuan {__version__}"


@dataclass(frozen=True, slots=True)
class State:
    """The inputs of a unit-year: ``files`` by path in a workspace, of which they make a complete one by themselves.

    ``folder`` is where they stand, from the workspace's root: empty for the present ones, of a release its 资料.
    """

    unit: str
    year: int
    program: str
    files: Mapping[str, bytes]
    folder: str = ""

    def shown(self, path: str) -> str:
        """Return where a file of this state is to be looked up."""
        return f"{self.folder}/{path}" if self.folder else path

    def renamed(self, unit: str) -> State:
        """Return the same state as that of a unit whose folder has another name."""
        before, after = f"{CONTENT}/{self.unit}/", f"{CONTENT}/{unit}/"
        files = {
            after + path.removeprefix(before) if path.startswith(before) else path: data
            for path, data in self.files.items()
        }
        return replace(self, unit=unit, files=files)

    def write(self, folder: Path) -> Workspace:
        """Write the files into a folder, which becomes a workspace. Raises OSError."""
        put_files(folder, self.files)
        return Workspace(folder)


def state_of(workspace: Workspace, accounts: Accounts, form: Form) -> State:
    """Return the inputs that a document was made from. Raises InputError where one has been changed meanwhile."""
    unit, year = accounts.unit_year.name, accounts.unit_year.year
    hashes = dict(accounts.unit_year.inputs) | dict(form.files)
    paths = [*hashes, *_last_years(workspace, unit, year - 1), *_subjects(workspace, unit, year)]
    files = {path: (workspace.root / path).read_bytes() for path in sorted(set(paths))}
    changed = [
        Finding("正在生成文档时这个文件被改动了；请保存好所有文件，再运行一次", Source(path))
        for path, sha256 in hashes.items()
        if hashlib.sha256(files[path]).hexdigest() != sha256
    ]
    if changed:
        raise InputError(changed)
    return State(unit, year, PROGRAM, files)


def _last_years(workspace: Workspace, unit: str, year: int) -> Iterator[str]:
    """Yield last year's files, where they were read; where they are wrong, they were not used."""
    if year in workspace.years(unit):
        try:
            yield from load_year(workspace.root, unit, year).inputs
        except InputError:
            return


def _subjects(workspace: Workspace, unit: str, year: int) -> Iterator[str]:
    for used in (year, year - 1) if year - 1 in workspace.years(unit) else (year,):
        yield from (path.relative_to(workspace.root).as_posix() for path in subject_files(workspace.root, used))
