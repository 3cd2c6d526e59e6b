"""Where every text that people write stands: its file, its place in it, and what is written there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

from builder.building import LONG_TEXTS, NOTES, REASONS
from builder.evaluation import WRITTEN
from builder.findings import Source
from builder.loading.document import Document, Path, Value
from builder.loading.unit import NOTES as NOTES_FILE
from builder.loading.unit import PERFORMANCE, UnitYear
from builder.loading.yaml_reader import read_yaml
from builder.rendering.marks import bookmark_name
from builder.workspace import CONTENT

TEXTS, WORDS = "文本", "文字"


@dataclass(frozen=True, slots=True)
class Home:
    """Where a text stands. ``file`` is in the workspace; ``path`` leads to a YAML file's scalar, empty for Markdown.

    One without ``text`` is still to be written there.
    """

    key: str
    file: str
    path: Path
    text: str
    source: Source

    @property
    def label(self) -> str:
        """What people call the text: 原因「收入.合计/较上年」."""
        kind, _, name = self.key.partition("/")
        if kind == WRITTEN:
            file, _, _way = name.partition("/")
            steps = (f"第{step + 1}项" if isinstance(step, int) else step for step in self.path)
            name = " ".join((file.removesuffix(".yaml"), *steps))
        return f"{kind}「{name}」"


def homes(root: FilePath, unit_year: UnitYear) -> dict[str, Home]:
    """Return the homes of a unit-year's texts by the names of their marks."""
    found: dict[str, Home] = {}
    for file in unit_year.inputs:
        name = file.rpartition("/")[2]
        if name == NOTES_FILE:
            document = read_yaml(root / file, root)
            each = [*_reasons(document), *_leaves(document, NOTES, (TEXTS,))]
        elif f"/{PERFORMANCE}/" in file and file.endswith(".yaml"):
            each = list(_leaves(read_yaml(root / file, root), f"{WRITTEN}/{name}", ()))
        else:
            continue
        found |= {bookmark_name(home.key): home for home in each}
    for name, long in unit_year.long_texts.items():
        key = f"{LONG_TEXTS}/{name}"
        found[bookmark_name(key)] = Home(key, long.path, (), long.text, Source(long.path, 1))
    return found


def unwritten_homes(unit_year: UnitYear, keys: Iterable[str]) -> dict[str, Home]:
    """Return where the texts with these keys belong that nobody has written yet, by the names of their marks."""
    folder = f"{CONTENT}/{unit_year.name}/{unit_year.year}"
    found: dict[str, Home] = {}
    path: Path
    for key in keys:
        kind, _, name = key.partition("/")
        if kind == LONG_TEXTS:
            file, path = f"{folder}/{name}.md", ()
        elif kind in {REASONS, NOTES}:
            file = f"{folder}/{NOTES_FILE}"
            path = (REASONS, *name.rsplit("/", 1)) if kind == REASONS else (TEXTS, name)
        else:
            continue
        found[bookmark_name(key)] = Home(key, file, path, "", Source(file))
    return found


def _reasons(document: Document) -> Iterator[Home]:
    reasons = document.data.get(REASONS) if isinstance(document.data, dict) else None
    for indicator, entries in (reasons.items() if isinstance(reasons, dict) else ()):
        for comparison, entry in (entries.items() if isinstance(entries, dict) else ()):
            inner: Path = (WORDS,) if isinstance(entry, dict) else ()
            text = entry.get(WORDS) if isinstance(entry, dict) else entry
            path: Path = (REASONS, indicator, comparison, *inner)
            if isinstance(text, str) and text:
                key = f"{REASONS}/{indicator}/{comparison}"
                yield Home(key, document.path, path, text, document.positions.nearest(path))


def _leaves(document: Document, head: str, path: Path) -> Iterator[Home]:
    """Yield the texts below a place of a file, each with a key of the head and the way to it."""
    value: Value | None = document.data
    for step in path:
        value = value.get(str(step)) if isinstance(value, dict) else None
    for way, text in _texts(value, ()):
        full = (*path, *way)
        key = "/".join((head, *map(str, way)))
        yield Home(key, document.path, full, text, document.positions.nearest(full))


def _texts(value: Value | None, way: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield way, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*way, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*way, number))


def scalars(root: FilePath, files: Mapping[str, str]) -> Iterator[tuple[str, Source]]:
    """Yield every text of YAML files, and where it stands."""
    for file in files:
        if file.endswith(".yaml"):
            document = read_yaml(root / file, root)
            for way, text in _texts(document.data, ()):
                yield text, document.positions.nearest(way)
