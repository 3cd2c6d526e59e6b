"""One unit of many: looked at, and built where its document is not what its inputs say."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from builder.batch.inputs import Digests, Inputs
from builder.batch.states import Print, State, read_state, state_file, states_of, write_state
from builder.console import record_defect
from builder.findings import Finding, InputError, Level, errors
from builder.workspace import Workspace
from builder.writing import clear_unfinished

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
        return self.out / f"{year}/{unit}"

    def state_file(self, workspace: Workspace, unit: str, year: int) -> Path:
        """Return where it stands what the last build of a unit-year left."""
        return state_file(states_of(workspace, self.out), unit, year, draft=self.draft)


@dataclass(frozen=True, slots=True)
class Stale:
    """A unit-year that is to be built.

    ``form`` are the folders that its style was read from the last time: those that have the same have the same form.
    """

    unit: str
    year: int
    form: tuple[str, ...] = ()


@dataclass(slots=True)
class Look:
    """Tells which unit-years need building, without anything that building needs."""

    workspace: Workspace
    order: Order
    _inputs: Inputs | None = field(default=None, init=False)

    def __call__(self, task: UnitYear) -> Outcome | Stale:
        """Return the outcome of a unit-year that is as it was, or that it is not."""
        state = read_state(self.order.state_file(self.workspace, *task))
        if state is None or not state.made:
            return Stale(*task)
        inputs = self._inputs = self._inputs or Inputs.of(self.workspace)
        found = unchanged(task, self.order, state, inputs, inputs.of_unit(*task))
        return found or Stale(*task, state.folders)


def unchanged(task: UnitYear, order: Order, state: State | None, inputs: Inputs, now: Digests) -> Outcome | None:
    """Return the outcome of a unit-year that needs no building; ``now`` are its inputs as they are."""
    if state is None or not state.made or not state.documents:
        return None
    folder = order.folder(*task)
    if state.since(inputs, now) or state.missing(folder):
        return None
    documents = tuple((folder / name, made[2]) for name, made in state.documents.items() if name.endswith(".docx"))
    return Outcome(*task, Result.UNCHANGED, documents, (), state.warnings, state.paginated)


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
        path = self.order.state_file(self.workspace, unit, year)
        state = read_state(path)
        if not self.order.force and (same := unchanged(task, self.order, state, inputs, now)):
            return same
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
                True, inputs.program, now, inputs.of_forms(folders), folders, prints,
                built.rendered.paginated, warnings,
            ))
            made = tuple((file, sha) for file, (_size, _time, sha) in documents.items() if file.suffix == ".docx")
            return Outcome(unit, year, Result.MADE, made, built.findings, warnings, built.rendered.paginated)
        wrong = errors(findings)
        write_state(path, State(
            False, inputs.program, now, {}, problem=str(wrong[0] if wrong else ""), problems=len(wrong),
        ))
        return Outcome(unit, year, Result.FAILED, (), findings)

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
        files = write_document(folder, built, name, stamp=stamp)
        return built, {path: (len(data), stamp, hashlib.sha256(data).hexdigest()) for path, data in files.items()}
