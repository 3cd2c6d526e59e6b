"""``juesuan pull``: what was edited in the Word document back into the unit's files, after showing it."""

from __future__ import annotations

import argparse

from builder.commands.changes import agreed
from builder.console import Console
from builder.findings import errors
from builder.loading.unit import CONTENT
from builder.pulling.pulling import pull
from builder.workspace import Workspace
from builder.writing import disk_errors, write_together


def run(workspace: Workspace, options: argparse.Namespace, console: Console) -> int:
    """Show the edits, ask, write. Return 1 where an edit was refused, or nothing was written. Raises InputError."""
    pulled = pull(workspace, options.unit, options.year, options.file)
    console.findings(pulled.findings)
    refused = 1 if errors(pulled.findings) else 0
    if not pulled.changes:
        what = "没有可以带回的改动" if pulled.edited else "文字没有改动（只改格式、目录、页码、图表的不算）"
        console.say(f"{what}；资料没有改动")
        return refused
    console.say(f"带回 {len(pulled.changes)} 处改动：")
    for change in pulled.changes:
        console.say(f"  {change}")
    if not options.yes and not agreed(console):
        console.note("没有写入，文件没有改动")
        return 1
    folder = workspace.root / CONTENT / options.unit
    with disk_errors(folder):
        within = f"{CONTENT}/{options.unit}/"
        write_together(folder, {file.removeprefix(within): text.encode() for file, text in pulled.files.items()})
    for file in pulled.files:
        console.success(f"已写入 {file}（{sum(change.file == file for change in pulled.changes)} 处）")
    return refused
