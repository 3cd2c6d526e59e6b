"""How a unit-year stands: whether its document is what its inputs say, and if not, why."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from builder.batch.inputs import Inputs
from builder.batch.states import State, read_state, state_file, states_of
from builder.batch.work import DRAFT, UnitYear
from builder.releases.reading import history, release_folder
from builder.workspace import Workspace


class Stand(StrEnum):
    """The states that a user is told."""

    CLEAN = "最新"
    RELEASED = "已发布"
    STALE = "过期"
    DRAFT = "草稿"
    FAILED = "有错"
    NEVER = "未生成"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a unit-year stands; ``why`` says what has changed, or what is wrong; ``release`` is the last one's number."""

    unit: str
    year: int
    stand: Stand
    why: tuple[str, ...] = ()
    release: str = ""
    warnings: int = 0

    def record(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "单位": self.unit, "年度": self.year, "状态": self.stand, "原因": list(self.why),
            "发布": self.release, "警告": self.warnings,
        }


@dataclass(slots=True)
class Survey:
    """Tells how unit-years stand whose documents go to ``output/``; forms are read once."""

    workspace: Workspace
    _inputs: Inputs | None = field(default=None, init=False)

    def __call__(self, task: UnitYear) -> Standing:
        """Return how a unit-year stands."""
        inputs = self._inputs = self._inputs or Inputs.of(self.workspace)
        unit, year = task
        now = inputs.of_unit(unit, year)
        folder = self.workspace.output / str(year) / unit
        states = states_of(self.workspace, self.workspace.output.absolute())
        final, draft = (read_state(state_file(states, unit, year, draft=draft)) for draft in (False, True))
        release, same = self._released(unit, year, final)
        made = [path.stem for path in folder.glob("*.docx")]
        finals = [name for name in made if not name.endswith(DRAFT)]
        if final is not None and not final.made and not (since := final.since(inputs, now)):
            more = f"（共 {final.problems} 处）" if final.problems > 1 else ""
            return Standing(unit, year, Stand.FAILED, (f"{final.problem}{more}",), release)
        if not finals and made and draft is not None and draft.made:
            return Standing(unit, year, Stand.DRAFT, tuple(reasons(draft, inputs, now, folder)), release)
        if final is None or not final.made:
            why = ("没有生成的记录",) if final is None else ("上次没有生成", *since)
            return Standing(unit, year, Stand.STALE if finals else Stand.NEVER, why if finals else (), release)
        why = tuple(reasons(final, inputs, now, folder))
        stand = Stand.STALE if why else Stand.RELEASED if same else Stand.CLEAN
        return Standing(unit, year, stand, why, release, final.warnings)

    def _released(self, unit: str, year: int, state: State | None) -> tuple[str, bool]:
        """Return the number of the last release, and whether it has the very documents that were made last."""
        if not release_folder(self.workspace, unit, year).is_dir():
            return "", False
        last = history(self.workspace, unit, year).last
        if last is None or last.release is None:
            return "", False
        documents = {name: last.release.files[name] for name in last.release.documents}
        made = {name: sha for name, (_, _, sha) in state.documents.items() if name in documents} if state else {}
        return last.number, documents == made


def reasons(state: State, inputs: Inputs, now: dict[str, str], folder: Path) -> list[str]:
    """Say why a document must be made again; nothing where it need not."""
    return state.since(inputs, now) + state.missing(folder)


def unknown(task: UnitYear, why: str) -> Standing:
    """Return what is said of a unit-year whose process has died."""
    return Standing(*task, Stand.FAILED, (f"看不了：子进程没有做完（{why}）",))
