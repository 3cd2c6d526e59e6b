"""A unit-year released and then corrected: what the comparison of the two says."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from workspaces import EXAMPLES, ROOT

from builder.building import Builder
from builder.releases.causes import Difference, difference
from builder.releases.snapshots import Snapshot, snapshot_now
from builder.tracing import Tracer
from builder.workspace import Workspace

YEARS = dict(EXAMPLES)
XIAMEN, NINGDE, MEIXIAN, EZHOU, ANYANG = YEARS


class Edit(NamedTuple):
    """A piece of a file of the year's folder that stands there once, and what it becomes."""

    file: str
    old: str
    new: str


class Released:
    """One unit in a workspace of its own, released as it was published."""

    def __init__(self, unit: str) -> None:
        self.unit, self.year = unit, YEARS[unit]
        self._folder = TemporaryDirectory(prefix="juesuan-test-")
        self.root = Path(self._folder.name)
        shutil.copytree(ROOT / "content" / unit, self.root / "content" / unit)
        shutil.copytree(ROOT / "templates", self.root / "templates")
        self.builder = Builder(Workspace(self.root))
        self.tracer = Tracer(self.builder)
        self.snapshot = self.now()

    def now(self) -> Snapshot:
        return snapshot_now(self.builder, self.tracer, self.unit, self.year, draft=True)

    def corrected(self, *edits: Edit) -> tuple[Difference, Snapshot]:
        """Return the difference after these edits, which are undone."""
        folder = self.root / "content" / self.unit / str(self.year)
        before = {edit.file: (folder / edit.file).read_text(encoding="utf-8") for edit in edits}
        try:
            for edit in edits:
                text = (folder / edit.file).read_text(encoding="utf-8")
                assert text.count(edit.old) == 1, f"{edit.old!r} stands {text.count(edit.old)} times"
                (folder / edit.file).write_text(text.replace(edit.old, edit.new), encoding="utf-8")
            new = self.now()
            return difference(self.builder, self.snapshot, new), new
        finally:
            for name, text in before.items():
                (folder / name).write_text(text, encoding="utf-8")


@cache
def released(unit: str) -> Released:
    return Released(unit)


def listed(found: Difference) -> list[tuple[str, str | None, str | None]]:
    """Return every change as place, old, new."""
    return [(each.change.place, each.change.old, each.change.new) for each in found.changes]
