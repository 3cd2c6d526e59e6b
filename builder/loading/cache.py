"""The cache of parsed facts (资料缓存): what the YAML files of a unit-year held when they were read last.

``.juesuan/资料/年度/单位.json`` in the workspace may be deleted at any time. It saves parsing and nothing else: every
file is read, and what was kept of it counts only where the SHA-256 of its bytes is the same and the very same program
had parsed it. It is data: texts, lists and mappings, with the place of each, and they go the same way as those of a
file just parsed, through the same checks. So one that was tampered with can say no more than a YAML file could; and one
that is damaged, or not as it should be in any way, is as good as none, and is written anew.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic_core import from_json

from builder import __version__
from builder.writing import write_together

from .document import Document, KeyPositions, Positions
from .text_reader import TextFile, content_of, relative_path
from .yaml_reader import document_of
from .yaml_values import DEEPEST

FOLDER = ".juesuan/资料"
"""Where the cache stands in the workspace, beside the states of builds."""
PARSERS = ("cache", "document", "text_reader", "yaml_reader", "yaml_syntax", "yaml_values")
"""The modules that say what a file holds: kept by other ones, it may be something else."""
KEPT = 3
"""How much is kept of a file: the SHA-256 of its bytes, its value, and the places in it."""


@dataclass(slots=True)
class Cache:
    """The cache of a workspace; it is written only where ``writes`` says that a unit-year will be read again."""

    root: Path
    writes: bool = False

    def of(self, unit: str, year: int) -> KeptFiles:
        """Return what is kept of a unit-year."""
        return KeptFiles(self.root, f"{FOLDER}/{year}/{unit}.json")


class KeptFiles:
    """What is kept of the files of one unit-year."""

    __slots__ = ("_before", "_name", "_now", "_root")

    def __init__(self, root: Path, name: str) -> None:
        self._root = root
        self._name = name
        self._before = _read(root, name)
        self._now: dict[str, Any] = {}

    def document(self, file: TextFile, *, required: bool) -> Document:
        """Return the document that a file holds, parsing it only where it is not the one that is kept."""
        kept: Any = self._before.get(file.path)
        if kept is not None and kept[0] == file.sha256:
            _, value, places = self._now[file.path] = kept
            positions, keys = (made(file.path, value, places) for made in (Positions, KeyPositions))
            return Document(file.path, value, positions, keys, (), file.sha256)
        document = document_of(file, required=required)
        if document.data is not None and not document.findings:
            places = json.dumps(document.positions.places, separators=(",", ":"))
            self._now[file.path] = [file.sha256, document.data, places]
        return document

    def save(self) -> None:
        """Write what is kept now, if it is not what was; where that is not possible, the next run parses again."""
        if self._now == self._before:
            return
        body = json.dumps(self._now, ensure_ascii=False, separators=(",", ":"))
        path = self._root / self._name
        if relative_path(path, self._root) is None:
            return
        with suppress(OSError, UnicodeError):  # half characters, which a YAML parser in Python lets pass
            path.parent.mkdir(parents=True, exist_ok=True)
            data = body.encode()
            write_together(path.parent, {path.name: _head(data) + data}, stamp=time.time_ns())


def _read(root: Path, name: str) -> Mapping[str, Any]:
    """Return what is kept, by file; nothing where there is none that can be used."""
    path = root / name
    data = None if relative_path(path, root) is None else content_of(str(path))
    head, end, body = (data or b"").partition(b"\n")
    if head + end != _head(body):
        return {}
    try:
        record = from_json(body)
    except ValueError:
        return {}
    return record if _is_sound(record) else {}


def _head(body: bytes) -> bytes:
    """Return the first line of a cache that holds this: which program wrote it, and the checksum."""
    return f"{_program()} {hashlib.sha256(body).hexdigest()}\n".encode()


@cache
def _program() -> str:
    """Return what tells the program that parses from another version of it."""
    here = Path(__file__).parent
    digest = hashlib.sha256(f"{__version__} {yaml.__version__}".encode())
    with suppress(OSError):  # installed without its sources
        for name in PARSERS:
            digest.update((here / f"{name}.py").read_bytes())
    return digest.hexdigest()


def _is_sound(record: Any) -> bool:
    """Tell whether this has, for each file, its hash, what it holds and the places of that, as parsing gives them.

    A file holds texts, lists and mappings, not too deep. Its places are a text here, and are read when one is asked
    for.
    """
    if type(record) is not dict or any(type(kept) is not list or len(kept) != KEPT for kept in record.values()):
        return False
    if {type(part) for sha256, _value, places in record.values() for part in (sha256, places)} - {str}:
        return False
    level: Collection[Any] = [value for _sha256, value, _places in record.values() if type(value) is not str]
    for _ in range(DEEPEST + 1):
        if not level:
            return True
        if {*map(type, level)} - {list, dict}:
            return False
        inside = (value if type(value) is list else value.values() for value in level)
        level = [each for values in inside for each in values if type(each) is not str]
    return False
