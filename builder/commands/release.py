"""``juesuan release``: build, check, and freeze what is published."""

from __future__ import annotations

import argparse
import datetime as dt
import re

from builder.building import Builder
from builder.console import Console
from builder.findings import Finding, InputError, Level, Source
from builder.releases.comparing import compared, lines_with_charts
from builder.releases.facts import changed_inputs
from builder.releases.freezing import freeze
from builder.releases.reading import History, history, without_unit
from builder.releases.snapshots import Snapshot, snapshot_now
from builder.releases.stale import stale
from builder.tracing import Tracer
from builder.workspace import Workspace

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def run(workspace: Workspace, options: argparse.Namespace, console: Console) -> int:
    """Release one unit-year. Raises InputError."""
    unit, year = options.unit, options.year
    date = released_on(options.date)
    builder = Builder(workspace)
    try:
        snapshot = snapshot_now(builder, Tracer(builder), unit, year)
        past = history(workspace, unit, year)
        release, new = freeze(workspace, snapshot, date=date, note=" ".join(options.note.split()))
    except InputError:
        console.failure(f"没有发布：{unit} {year} 年度")
        raise
    console.findings(snapshot.findings)
    console.findings(Finding(found.message, found.source, Level.WARNING) for found in past.findings)
    if not new:
        facts = "资料或格式有改动，但" if changed_inputs(release.snapshot().state, snapshot.state) else ""
        console.say(f"{facts}文档与发布 {release.number}（{release.date}）完全相同，没有新的发布")
        return 0
    console.findings(doubts(workspace, past, date))
    console.findings(left_standing(past, snapshot))
    console.success(f"已发布 {release.number}：{release.place}")
    for name in release.documents:
        console.say(f"  {name}")
    if not snapshot.paginated:
        console.note(f"目录没有页码；需要时先运行 juesuan paginate {unit} --year {year}，再发布一次")
    return 0


def left_standing(past: History, snapshot: Snapshot) -> list[Finding]:
    """Return the figures of the release before that still stand in texts, though they have changed."""
    last = past.last
    if last is None or last.release is None or last.findings:
        return []
    before = last.release.snapshot()
    return stale(before, snapshot, compared(lines_with_charts(before), lines_with_charts(snapshot)))


def released_on(text: str | None) -> str:
    """Return the day of a release, today where none is given. Raises InputError."""
    if text is None:
        return dt.date.today().isoformat()  # noqa: DTZ011 - the day on the calendar of those who publish
    try:
        if DATE.fullmatch(text):
            return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise InputError(f"日期写作「{text}」；请写作年-月-日，月、日各两位，如 2023-09-01")


def doubts(workspace: Workspace, past: History, date: str) -> list[Finding]:
    """Return what is doubtful about a release after these; it does not stop a correction."""
    last = past.last
    if last is None:
        return without_unit(workspace)
    if last.release is None or last.release.date <= date:
        return []
    message = f"日期 {date} 早于前一份发布 {last.number} 的日期 {last.release.date}；请核对"
    return [Finding(message, Source(last.release.place), Level.WARNING)]
