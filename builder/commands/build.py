"""``juesuan build``: documents from content to output."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from builder.batch.converting import PdfOrder, convert_all
from builder.batch.reporting import Report, Tally
from builder.batch.running import Means, Outcomes, outcomes
from builder.batch.states import states_of
from builder.batch.watching import watch
from builder.batch.work import Order, Outcome, Result
from builder.commands.targets import targets
from builder.console import Console
from builder.rendering.soffice import find_soffice
from builder.workspace import Workspace

FEW = 20
"""Up to so many units each one's document is named and its warnings are printed; of more they are counted."""


def run(
    workspace: Workspace, options: argparse.Namespace, console: Console, outcomes: Outcomes = outcomes
) -> int:
    """Build the units that are stale; one that fails stops no other. Return 1 if any failed."""
    def find() -> list[tuple[str, int]]:
        return targets(workspace, options.units, options.year, console, with_units=options.with_units)

    wanted = find()
    order = Order((options.out or workspace.output).absolute(), options.draft, options.force)
    show = _Shown(workspace, console, few=len(wanted) <= FEW, as_json=options.format == "json")
    if options.watch:
        return watch(workspace, order, find, console, show.outcome)
    soffice = find_soffice() if options.pdf else None
    tally, pdfs = Tally(len(wanted)), PdfOrder(states_of(workspace, order.out), force=order.force)
    means = Means(options.jobs, options.unit_timeout)
    with Report(workspace, options.report, sys.stdout if show.as_json else None) as report:
        try:
            for outcome in console.progress(outcomes(workspace, order, wanted, means), "生成", len(wanted)):
                tally.add(outcome)
                report.add(outcome)
                show.outcome(outcome)
                if soffice is not None:
                    pdfs.add(outcome)
            if soffice is not None:
                stale = pdfs.stale()
                for converted in console.progress(convert_all(stale, soffice), "转成 PDF", len(stale)):
                    pdfs.done(converted)
                    if converted.findings:
                        tally.fail(converted.unit, converted.year, converted.findings)
                        console.findings(converted.findings)
                    else:
                        show.made(converted.pdf)
        finally:
            report.close(tally.summary())
            show.end(tally)
    return 1 if tally.failed else 0


class _Shown:
    """What is said of each unit: everything where they are few, of many only what failed."""

    def __init__(self, workspace: Workspace, console: Console, *, few: bool, as_json: bool) -> None:
        self.workspace, self.console, self.few, self.as_json = workspace, console, few, as_json

    def outcome(self, outcome: Outcome) -> None:
        """Say what came of a unit-year."""
        named = f"{outcome.unit} {outcome.year} 年度"
        if self.few or outcome.result is Result.FAILED:
            self.console.findings(outcome.findings)
        if outcome.result is Result.FAILED:
            self.console.failure(f"没有生成：{named}")
        elif outcome.result is Result.MADE:
            for path, _sha in outcome.documents:
                self.made(path)
            if self.few and not outcome.paginated:
                self.console.note(no_pages(outcome))
        elif self.few and not self.as_json:
            remarks = f"；上次生成时有 {outcome.warnings} 条警告，加 --force 重新列出" if outcome.warnings else ""
            self.console.say(f"没有改动 {self.workspace.relative(outcome.documents[0][0])}{remarks}")

    def made(self, path: Path) -> None:
        """Name a file that was written."""
        if self.few and not self.as_json:
            self.console.success(f"已生成 {self.workspace.relative(path)}")

    def end(self, tally: Tally) -> None:
        """Print the table; of one unit everything has been said."""
        if tally.total < 2:  # noqa: PLR2004
            return
        say = self.console.note if self.as_json else self.console.say
        for line in tally.lines():
            say(line)
        if tally.failed:
            self.console.failure(f"{tally.total} 份中有 {len(tally.failed)} 份没有生成")


def no_pages(outcome: Outcome) -> str:
    """Return the line that says why the contents have no page numbers."""
    command = f"juesuan paginate {outcome.unit} --year {outcome.year}"
    return f"目录没有页码（没有量过，或量过之后内容有改动）；需要时运行：{command}"
