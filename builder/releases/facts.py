"""What changed between two states of the inputs, fact by fact; and the old state with some of the changes made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeAlias

import yaml

from builder.accounts.facts import Facts
from builder.findings import Source
from builder.loading.document import Document
from builder.loading.document import Path as KeyPath
from builder.loading.structure import model_at
from builder.loading.text_reader import TextFile
from builder.loading.unit import FACTS, LAST_YEAR, NOTES, OVERALL, PAGES, STATED
from builder.loading.yaml_reader import document_of
from builder.releases import sentences
from builder.releases.merging import Difference, Merge, Missing, flow_text
from builder.releases.sentences import Piece
from builder.releases.states import State
from builder.workspace import CONTENT

PROGRAM = "程序"
MAY_BE_MISSING = (STATED, LAST_YEAR, NOTES, OVERALL)
"""Files whose absence says the same as an empty one."""
FAR = 1 << 20
"""Wider than any line: YAML is not broken into several."""


class Kind(Enum):
    """What has changed."""

    FACT = "事实"
    ORDER = "顺序"
    SENTENCE = "长文"
    FILE = "文件"
    PROGRAM = "程序"


@dataclass(frozen=True, slots=True)
class InputChange:
    """One change of the inputs.

    ``file`` is its path in the workspace, ``where`` the way to it in that file in words; ``old`` and ``new`` are texts
    as written (of a whole file the beginning of its SHA-256), None where it was not there. ``source`` is its place in
    the present file, of something removed that in the released one. ``key`` tells it from the others of its file.
    """

    kind: Kind
    file: str
    where: tuple[str, ...]
    old: str | None
    new: str | None
    source: Source
    key: object = None

    def __str__(self) -> str:
        """Return ``支出 › 科目 2101501 › 基本支出：690.14 → 691.14``."""
        where = " › ".join(self.where)
        if self.kind is Kind.ORDER:
            return f"{where}：顺序有变"
        if self.kind is Kind.FILE:
            what = "新增" if self.old is None else "删去" if self.new is None else "有改动"
            return f"{self.file} {what}"
        old, new = self.old, self.new
        change = f"新增「{new}」" if old is None else f"删去「{old}」" if new is None else f"「{old}」→「{new}」"
        return f"{where}：{change}" if where else change


Made: TypeAlias = Callable[[InputChange], bool]


def changed_inputs(old: State, new: State) -> list[InputChange]:
    """Return every change of the inputs, file by file; remarks and the order of keys and of ledger lines are none."""
    changes: list[InputChange] = []

    def note(change: InputChange) -> bool:
        changes.append(change)
        return False

    _merged(old, new, note)
    return changes


def applied(old: State, new: State, changes: Collection[InputChange]) -> State:
    """Return the old state with these of the `changed_inputs` made: all give the new facts, none the old."""
    wanted = {(change.file, change.key) for change in changes}
    return _merged(old, new, lambda change: (change.file, change.key) in wanted)


def _merged(old: State, new: State, made: Made) -> State:
    released = old.renamed(new.unit)
    files: dict[str, bytes] = {}
    for path in sorted(released.files.keys() | new.files.keys()):
        before, after = released.files.get(path), new.files.get(path)
        data = before if before == after else _File(path, old, new, made).merged(before, after)
        if data is not None:
            files[path] = data
    program = old.program
    if program != new.program and made(
        InputChange(Kind.PROGRAM, PROGRAM, (PROGRAM,), old.program, new.program, Source(PROGRAM))
    ):
        program = new.program
    return replace(released, program=program, files=files, folder="")


@dataclass(frozen=True, slots=True)
class _File:
    """One file that is not the same in both states; ``path`` is that of the new one."""

    path: str
    old: State
    new: State
    made: Made

    def merged(self, before: bytes | None, after: bytes | None) -> bytes | None:
        """Return the old file with the changes made that are to be."""
        name = self.path.rpartition("/")[2]
        if self.path.startswith(f"{CONTENT}/") and name != PAGES:
            there = before is not None and after is not None
            if self.path.endswith(".yaml") and (there or name in MAY_BE_MISSING):
                old, new = _document(self.path, before), _document(self.path, after)
                if old and new:
                    return self._yaml(old, new, before, there=there)
            if before is not None and after is not None and self.path.endswith(".md"):
                return self._sentences(_text(before), _text(after), before)
        change = InputChange(
            Kind.FILE, self.path, (), _short(before), _short(after), self._source(Source(self.path), gone=after is None)
        )
        return after if self.made(change) else before

    def _yaml(self, old: Document, new: Document, before: bytes | None, *, there: bool) -> bytes | None:
        some = False

        def made(difference: Difference) -> bool:
            nonlocal some
            gone = difference.new_path is None
            place = old.positions.nearest(difference.old_path or ()) if gone else None
            place = place or new.positions.nearest(difference.new_path or ())
            yes = self.made(InputChange(
                Kind.ORDER if difference.order else Kind.FACT, self.path, difference.where,
                flow_text(difference.old), flow_text(difference.new), self._source(place, gone=gone), difference.key,
            ))
            some = some or yes
            return yes

        assert old.data is not None
        assert new.data is not None
        def ordered(path: KeyPath) -> bool:
            return self.path.endswith(f"/{FACTS}") and _names_are_the_users(old, path)

        data = Merge(made, ordered).of(old.data, new.data)
        if not some:
            return before
        if isinstance(data, Missing) or not (data or there):
            return None
        dumped: str = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_style='"', width=FAR)
        return dumped.encode()

    def _sentences(self, old: str, new: str, before: bytes) -> bytes:
        some = False

        def made(old: Piece | None, new: Piece | None) -> bool:
            nonlocal some
            piece = new or old
            assert piece is not None
            place = self._source(Source(self.path, piece.line, piece.column), gone=new is None)
            words = [side.words if side else None for side in (old, new)]
            yes = self.made(InputChange(Kind.SENTENCE, self.path, (), words[0], words[1], place, (old, new)))
            some = some or yes
            return yes

        text = sentences.merged(old, new, made)
        return text.encode() if some else before

    def _source(self, place: Source, *, gone: bool) -> Source:
        """Return a place in the file of the state that has it, as it is to be looked up."""
        if not gone:
            return place._replace(path=self.new.shown(self.path))
        now, then = f"{CONTENT}/{self.new.unit}/", f"{CONTENT}/{self.old.unit}/"
        path = then + self.path.removeprefix(now) if self.path.startswith(now) else self.path
        return place._replace(path=self.old.shown(path))


def _names_are_the_users(document: Document, path: KeyPath) -> bool:
    """Tell whether a mapping of 决算.yaml has keys of the user's choice, which are printed in order (人员, 编制 …)."""
    value = document.data
    for step in path:
        value = value.get(step) if isinstance(value, dict) and isinstance(step, str) else None
    coded = isinstance(value, dict) and all(key.isdecimal() for key in value)
    return model_at(Facts, path) is None and not coded


class _Dumper(yaml.SafeDumper):
    """Writes no anchors: the loader takes none."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _document(path: str, data: bytes | None) -> Document | None:
    """Return the values of a YAML file; of a missing one, none at all. None where it cannot be read."""
    document = document_of(TextFile(path, _text(b"{}" if data is None else data), ""), required=False)
    return document if document.data is not None else None


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig", errors="replace")


def _short(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()[:8]
