"""One unit of many: looked at, and built where its document is not what its inputs say."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from builder.batch.inputs import Inputs
from builder.batch.states import Print, State, read_state, state_file, states_of, write_state
from builder.console import record_defect
from builder.findings import Finding, InputError, Level, errors
from builder.workspace import Workspace
from builder.writing import clear_unfinished, file_name

if TYPE_CHECKING:
    from builder.building import Builder, Built

UnitYear = tuple[str, int]
DRAFT = "（草稿）"
"""What the names of drafts end with."""


class Result(StrEnum):
    """What came of one unit."""

    MADE = "已生成"
    UNCHANGED = "没有改动"
    FAILED = "没有生成"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one unit-year; ``documents`` by path with their SHA-256, the main one first.

    Of an unchanged one there are no findings, but the number of ``warnings`` of its last build.
    """

    unit: str
    year: int
    result: Result
    documents: tuple[tuple[Path, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    warnings: int = 0
    paginated: bool = True


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of each unit: where documents go, whether as drafts, and whether also where nothing changed."""

    out: Path
    draft: bool = False
    force: bool = False

    def folder(self, unit: str, year: int) -> Path:
        """Return the folder of a unit-year's documents."""
        return self.out / str(year) / unit


@dataclass(slots=True)
class Work:
    """Does what is ordered, unit by unit; forms are compiled once, when the first unit needs them.

    Never raises what is wrong with one unit: that is its outcome.
    """

    workspace: Workspace
    order: Order
    _inputs: Inputs | None = field(default=None, init=False)
    _builder: Builder | None = field(default=None, init=False)

    def __call__(self, task: UnitYear) -> Outcome:
        """Return what came of a unit-year."""
        unit, year = task
        inputs = self._inputs = self._inputs or Inputs.of(self.workspace)
        now = inputs.of_unit(unit, year)  # before they are read, so that what is changed meanwhile is found changed
        path = state_file(states_of(self.workspace, self.order.out), unit, year, draft=self.order.draft)
        state = read_state(path)
        if not self.order.force and (unchanged := self._unchanged(task, inputs, now, state)):
            return unchanged
        try:
            built, documents = self._build(unit, year, again=state is not None)
        except InputError as error:
            findings = error.findings
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - a defect that shows with one unit does not stop the others
            findings = tuple(map(Finding, record_defect(error)))
        else:
            folders = inputs.chain(built.form)
            warnings = len([finding for finding in built.findings if finding.level is Level.WARNING])
            prints = {file.name: made for file, made in documents.items()}
            write_state(path, State(
                True, inputs.program, now, inputs.of_forms(folders), tuple(folders), prints,
                built.rendered.paginated, warnings,
            ))
            made = tuple((file, sha) for file, (_size, _time, sha) in documents.items() if file.suffix == ".docx")
            return Outcome(unit, year, Result.MADE, made, built.findings, warnings, built.rendered.paginated)
        wrong = errors(findings)
        write_state(path, State(
            False, inputs.program, now, {}, problem=str(wrong[0] if wrong else ""), problems=len(wrong),
        ))
        return Outcome(unit, year, Result.FAILED, (), findings)

    def _unchanged(self, task: UnitYear, inputs: Inputs, now: dict[str, str], state: State | None) -> Outcome | None:
        """Return the outcome of a unit-year that needs no building."""
        folder = self.order.folder(*task)
        if state is None or not state.made or not state.documents:
            return None
        if state.since(inputs, now) or state.missing(folder):
            return None
        documents = tuple((folder / name, made[2]) for name, made in state.documents.items() if name.endswith(".docx"))
        return Outcome(*task, Result.UNCHANGED, documents, (), state.warnings, state.paginated)

    def _build(self, unit: str, year: int, *, again: bool) -> tuple[Built, dict[Path, Print]]:
        """Build and write one unit-year; return the files written. Raises InputError.

        What its files hold is kept in the cache when it is built ``again``: then it is being worked on, or its form
        is. Of ten thousand units that are built once, it would only fill the disk.
        """
        from builder.building import Builder, write_document  # noqa: PLC0415 - half a second, needed where one is stale
        from builder.loading.cache import Cache  # noqa: PLC0415 - as above

        builder = self._builder = self._builder or Builder(self.workspace)
        builder.cache = Cache(self.workspace.root, writes=again)
        built = builder.build(unit, year, draft=self.order.draft)
        folder = self.order.folder(unit, year)
        clear_unfinished(folder)
        name = built.title + (DRAFT if self.order.draft else "")
        stamp = time.time_ns()
        paths = write_document(folder, built, name, stamp=stamp)
        datas = (built.rendered.docx, *built.apart.values())
        files = [*zip(paths, datas, strict=True), (folder / f"{file_name(name)}.json", built.manifest.encode())]
        return built, {path: (len(data), stamp, hashlib.sha256(data).hexdigest()) for path, data in files}


def first_error(findings: Sequence[Finding]) -> str:
    """Return the first error of a unit as one line."""
    return next((str(finding) for finding in errors(findings)), "")
