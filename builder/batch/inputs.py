"""What a document is made from, as hashes: times say nothing, for files are copied, unpacked and sent by mail."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import builder
from builder.findings import InputError
from builder.loading.subjects import subject_files
from builder.workspace import CONTENT, STYLE_FILE, SUBJECTS, TEMPLATES, UNIT_FILE, Workspace

Digests = Mapping[str, str]
"""Files by path in the workspace, with the beginning of their SHA-256; empty for those that only their name matters."""

LENGTH = 32
"""Hexadecimal digits of a SHA-256 that are kept: as many as no accident makes equal."""
READ = (".yaml", ".md")
"""How the files of a unit end that documents are made from; of the others only the names are told."""
FORM = (".yaml", ".docx")
"""How the files of a style end that documents are made from."""
LARGEST = 16 * 1024 * 1024
"""Larger files are not read, so they need no hash."""
FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0)
NOT_READ = ("~$", ".", "_")
"""How the names of files begin that programs leave behind, and of frames."""
LIBRARIES = ("docxtpl", "jinja2", "lxml", "markdown", "pydantic", "python-docx", "pyyaml")
"""The libraries that have a hand in a document's bytes."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of a workspace's documents; forms and subject lists are read once, when this is made."""

    workspace: Workspace
    program: str
    forms: Mapping[str, Digests]
    """The files of each style's folder, by the folder (``templates/…``)."""
    subjects: Digests
    _lists_of: dict[int, Digests] = field(default_factory=dict, compare=False)
    _forms_of: dict[tuple[str, ...], Digests] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, workspace: Workspace) -> Inputs:
        """Read what all documents of a workspace share."""
        forms = {f"{TEMPLATES}/{style}": workspace.templates / style for style in workspace.styles()}
        return cls(
            workspace,
            program_digest(),
            {place: dict(_files(f"{folder}{os.sep}", f"{place}/", FORM)) for place, folder in forms.items()},
            dict(_files(f"{workspace.templates / SUBJECTS}{os.sep}", f"{TEMPLATES}/{SUBJECTS}/", (".csv",))),
        )

    def of_unit(self, unit: str, year: int) -> dict[str, str]:
        """Return the files that a unit-year's document depends on, those of the year before among them."""
        folder, place = f"{self.workspace.root}{os.sep}{CONTENT}{os.sep}{unit}{os.sep}", f"{CONTENT}/{unit}/"
        found = {**self._lists(year), **self._lists(year - 1)}
        if (card := _digest(folder + UNIT_FILE)) is not None:
            found[place + UNIT_FILE] = card
        for each in (year, year - 1):
            found.update(_files(f"{folder}{each}{os.sep}", f"{place}{each}/", READ, names_of_others=True))
        return found

    def _lists(self, year: int) -> Digests:
        """Return the subject lists that a year is read with; found out once a year, for all units have the same."""
        if year not in self._lists_of:
            used: set[str] = set()
            with suppress(InputError):
                used = {self.workspace.relative(path) for path in subject_files(self.workspace.root, year)}
            self._lists_of[year] = {path: digest for path, digest in self.subjects.items() if path in used}
        return self._lists_of[year]

    def of_forms(self, folders: tuple[str, ...]) -> Digests:
        """Return the files of these folders of styles."""
        if (found := self._forms_of.get(folders)) is None:
            found = {path: digest for folder in folders for path, digest in self.forms.get(folder, {}).items()}
            self._forms_of[folders] = found
        return found

    def chain(self, style_files: Collection[str]) -> tuple[str, ...]:
        """Return the folders of a style and of those it inherits from, told by the files that it was read from."""
        return tuple(sorted({path.rpartition("/")[0] for path in style_files if path.endswith(f"/{STYLE_FILE}")}))


def _files(
    folder: str, place: str, ends: tuple[str, ...], *, names_of_others: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield the files of a folder and those below it, with their digests; both names end as those of folders do."""
    try:
        with os.scandir(folder) as entries:
            found = [(entry.name, entry.is_dir(), entry.is_file()) for entry in entries]
    except OSError:
        return
    for name, is_folder, is_file in found:
        if name.startswith(NOT_READ):
            continue
        if is_folder:
            yield from _files(f"{folder}{name}{os.sep}", f"{place}{name}/", ends, names_of_others=names_of_others)
        elif is_file and name.endswith(ends):
            yield place + name, _digest(folder + name) or ""
        elif names_of_others:
            yield place + name, ""


def _digest(path: str) -> str | None:
    """Return the digest of a file, None where there is none."""
    try:
        handle = os.open(path, FLAGS)
    except OSError:
        return None
    try:
        size = os.fstat(handle).st_size
        data = os.read(handle, size + 1) if size <= LARGEST else b"%d" % size
    except OSError:
        return None
    finally:
        os.close(handle)
    return shortened(data)


def shortened(data: bytes) -> str:
    """Return the digest of bytes."""
    return hashlib.sha256(data).hexdigest()[:LENGTH]


def program_digest() -> str:
    """Return what tells this program from another version of it: its sources, and the libraries' versions.

    The sources, so that who changes the program, or gets a corrected one of the same number, gets new documents.
    """
    root = Path(builder.__file__).parent
    digest = hashlib.sha256(repr((sys.version_info[:2], *map(_version, LIBRARIES))).encode())
    for path in sorted(root.rglob("*.py")):
        digest.update(f"\0{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:LENGTH]


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def changed(then: Digests, now: Digests) -> list[str]:
    """Say which files are not as they were."""
    if then == now:
        return []
    return [
        f"{path} {'是新的' if path not in then else '没有了' if path not in now else '有改动'}"
        for path in sorted(then.keys() | now.keys())
        if then.get(path) != now.get(path)
    ]
