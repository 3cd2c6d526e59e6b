"""A unit-year to release, in a folder of the test's own, without building it again each time."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from workspaces import ROOT, UNIT, YEAR

from builder.building import Builder
from builder.releases.reading import FOLDER
from builder.releases.snapshots import Snapshot, snapshot_now
from builder.tracing import Tracer
from builder.workspace import Workspace

DAY = "2023-09-01"


@cache
def snapshot() -> Snapshot:
    """The example unit as it is."""
    builder = Builder(Workspace(ROOT))
    return snapshot_now(builder, Tracer(builder), UNIT, YEAR)


def version(number: int) -> Snapshot:
    """The example unit with another document: as if something had been corrected."""
    (name,) = snapshot().documents
    return replace(snapshot(), documents={name: b"document %d" % number})


def folder_of(root: Path) -> Path:
    return root / "output" / str(YEAR) / UNIT / FOLDER


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
