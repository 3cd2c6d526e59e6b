"""``juesuan releases``: what was released, whether it is unaltered, and whether the inputs still give it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from typing import Any

from builder.building import Builder
from builder.console import Console
from builder.findings import Finding, InputError
from builder.releases.reading import Entry, History, history, release_folder, released, sha256, without_unit
from builder.releases.snapshots import documents_of
from builder.workspace import Workspace

INTACT, ALTERED = "完好", "被改动"
SAME, CHANGED, UNBUILT, GONE = "与现在一致", "已变动", "现在生成不了", "资料不在"


def run(workspace: Workspace, options: argparse.Namespace, console: Console) -> int:
    """List releases. Return 1 where one was altered. Raises InputError."""
    wanted = [
        (unit, year)
        for unit, year in released(workspace)
        if options.unit in (None, unit) and options.year in (None, year)
    ]
    if options.unit is not None and not wanted:
        workspace.unit_folder(options.unit)  # says so where there is no such unit
    builder = Builder(workspace)
    records: list[dict[str, Any]] = []
    findings: list[Finding] = []
    for unit, year in wanted:
        past = history(workspace, unit, year)
        findings += past.findings
        records += _records(workspace, unit, year, past, _now(builder, unit, year))
    if options.format == "json":
        console.say(json.dumps(records, ensure_ascii=False, indent=1))
    else:
        for line in _lines(records):
            console.say(line)
    console.findings([*findings, *without_unit(workspace)])
    if not wanted:
        console.note("还没有发布过；发布：juesuan release 单位 年度")
    return 1 if findings else 0


def _now(builder: Builder, unit: str, year: int) -> Mapping[str, str] | str:
    """Return the SHA-256 of the documents as they would be now by file name, or why there are none."""
    if year not in builder.workspace.years(unit):
        return GONE
    try:
        return {name: sha256(docx) for name, docx in documents_of(builder.build(unit, year)).items()}
    except InputError:
        return UNBUILT


def _records(
    workspace: Workspace, unit: str, year: int, past: History, now: Mapping[str, str] | str
) -> Iterator[dict[str, Any]]:
    for entry in past.entries:
        release = entry.release
        yield {
            "单位": unit, "年度": year, "编号": entry.number,
            "日期": release.date if release else "", "标题": release.title if release else "",
            "说明": release.note if release else "",
            "文件夹": workspace.relative(release_folder(workspace, unit, year) / entry.number),
            "状态": ALTERED if entry.findings else INTACT,
            "现在": _against(entry, now),
            "问题": [str(finding) for finding in entry.findings],
        }


def _against(entry: Entry, now: Mapping[str, str] | str) -> str:
    """Tell whether the present inputs still give a release's documents."""
    if isinstance(now, str):
        return now
    release = entry.release
    return SAME if release and {name: release.files[name] for name in release.documents} == now else CHANGED


def _lines(records: list[dict[str, Any]]) -> Iterator[str]:
    last: tuple[str, int] | None = None
    for record in records:
        if last != (last := (record["单位"], record["年度"])):
            yield f"{record['单位']} {record['年度']} 年度"
        columns = (record[key] for key in ("编号", "日期", "状态", "现在", "标题", "说明"))
        yield "  " + "\t".join(columns).rstrip()
