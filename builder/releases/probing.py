"""Building other states of the inputs to see what their documents say, in a folder that is thrown away.

Forms are compiled once for each version of their files, and what a part of a document says is read once for each
version of it, so one more state costs no more than what it changes.
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from builder.accounting import Accounts
from builder.building import Builder, Built
from builder.releases.comparing import chart_lines
from builder.releases.lines import Line
from builder.releases.matching import Row, rows_of
from builder.releases.snapshots import documents_of
from builder.releases.states import State
from builder.rendering.compiling import CompiledForm
from builder.rendering.passages import Walk
from builder.rendering.wml import parse
from builder.workspace import TEMPLATES, Workspace
from builder.writing import put_files

DOCUMENT = "word/document.xml"

Files = frozenset[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Probe:
    """What a state's documents say, and its figures and tables (as in `builder.manifest`)."""

    rows: tuple[Row, ...]
    manifest: Mapping[str, Any]


@dataclass(slots=True)
class _Place:
    """A workspace with one version of the form, and the files that stand in it now."""

    builder: Builder
    files: dict[str, bytes]


@dataclass(slots=True)
class Prober:
    """Builds states of a unit-year; a context, at whose end its folders are thrown away."""

    builder: Builder
    _folder: tempfile.TemporaryDirectory[str] = field(
        default_factory=lambda: tempfile.TemporaryDirectory(prefix="juesuan-")
    )
    _places: dict[Files, _Place] = field(default_factory=dict)
    _read: dict[tuple[str, str], list[Row]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Throw the folders away."""
        self._folder.cleanup()

    def probe(self, state: State) -> Probe:
        """Build a state, as a draft. Raises InputError."""
        builder = self._builder(state)
        built = builder.build(state.unit, state.year, draft=True)
        return Probe(tuple(self._rows(builder, built)), json.loads(built.manifest))

    def accounts(self, state: State) -> Accounts:
        """Return the accounts of a state. Raises InputError."""
        return self._builder(state).accounts(state.unit, state.year)

    def _builder(self, state: State) -> Builder:
        form = frozenset((path, data) for path, data in state.files.items() if path.startswith(f"{TEMPLATES}/"))
        if form not in self._places:
            root = Path(self._folder.name) / str(len(self._places))
            builder = Builder(Workspace(root), checked=False)
            if all(_same(self.builder.workspace.root / path, data) for path, data in form):
                builder = self.builder.elsewhere(Workspace(root))
            self._places[form] = _Place(builder, {})
        place = self._places[form]
        root = place.builder.workspace.root
        for path in place.files.keys() - state.files.keys():
            (root / path).unlink()
        put_files(root, {path: data for path, data in state.files.items() if place.files.get(path) != data})
        place.files = dict(state.files)
        return place.builder

    def _rows(self, builder: Builder, built: Built) -> Iterator[Row]:
        style = json.loads(built.manifest)["风格"]
        form = builder.form(style)
        before, after = form.compiled.around
        for body in built.rendered.bodies:
            yield from self._said(built.title, f"{before}{body.decode()}{after}", form.compiled)
        for (title, docx), compiled in zip(built.apart.items(), form.others, strict=True):
            with zipfile.ZipFile(io.BytesIO(docx)) as archive:
                yield from self._said(title, archive.read(DOCUMENT).decode(), compiled)
        yield from rows_of(list(chart_lines(documents_of(built))))

    def _said(self, title: str, xml: str, form: CompiledForm) -> list[Row]:
        """Return what a part of a document says. Places are not looked for: only the words are compared."""
        known = self._read.get((title, xml))
        if known is None:
            passages = Walk(form.styles).passages(parse(xml.encode())[0])
            known = rows_of([Line(title, passage.spot, passage.text, passage.heading) for passage in passages])
            self._read[title, xml] = known
        return known


def _same(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data
