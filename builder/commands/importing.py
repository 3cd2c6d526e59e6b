"""``juesuan import``: a workbook's tables into a unit's files, after showing what will change."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from builder.console import Console
from builder.findings import Finding, InputError, Level
from builder.loading.subjects import load_subjects
from builder.loading.unit import CARD, FACTS, LAST_YEAR, STATED, load_unit
from builder.style import load_style
from builder.workbooks.changing import FileChange, change_facts, change_stated
from builder.workbooks.gathering import place_cells
from builder.workbooks.importing import follow_ledger
from builder.workbooks.last_year import change_last_year
from builder.workbooks.placing import Placing
from builder.workbooks.preambles import Asked
from builder.workbooks.reading import read_workbook
from builder.workspace import CONTENT, Workspace
from builder.writing import disk_errors, write_together

SHOWN = 40
"""How many changes of one file are listed one by one."""


def run(workspace: Workspace, options: argparse.Namespace, console: Console) -> int:
    """Read the workbook, show what it changes, ask, write. Return 1 where nothing was written. Raises InputError."""
    unit, year = options.unit, options.year
    is_new = unit not in workspace.units()
    style_name = style_of(workspace, unit, options.style, is_new=is_new)
    of_year = year - 1 if options.as_last_year else year
    asked = Asked(of_year, names_of(workspace, unit, is_new=is_new), options.amount_unit or "")
    style = load_style(workspace, style_name)
    workbook = read_workbook(options.file)
    subjects, _ = load_subjects(workspace.root, of_year)
    placing = place_cells(workbook, style.sheet.tables, subjects, asked)
    folder = workspace.content / unit / str(year)
    if not placing.cells:
        advice = f"请核对文件，或用 --style 换一种格式（现在是「{style.name}」）"
        raise InputError([*placing.findings, Finding(f"{workbook.name} 里没有认出任何公开表；{advice}")])
    if any(finding.level is Level.ERROR for finding in placing.findings):
        raise InputError(placing.findings)
    findings = list(placing.findings)
    if options.as_last_year:
        text = existing(folder / LAST_YEAR)
        files = [change_last_year(LAST_YEAR, text, placing, style.definitions)]
    else:
        parts = follow_ledger(placing.cells.values(), workbook.name)
        findings += parts.findings
        files = [
            change_facts(FACTS, existing(folder / FACTS), parts, placing.unit, year),
            change_stated(STATED, existing(folder / STATED), placing),
        ]
    console.findings(findings)
    show(console, placing, files, style.sheet.tables)
    if not any(file.changes for file in files):
        console.say("没有改动：资料与工作簿一致")
        return 0
    if not options.yes and not agreed(console):
        console.note("没有写入，文件没有改动")
        return 1
    write(folder, files, card=f"名称: {unit}\n风格: {style_name}\n" if is_new else "")
    for file in files:
        console.success(f"已写入 {workspace.relative(folder / file.name)}（{len(file.changes)} 处）")
    return 0


def style_of(workspace: Workspace, unit: str, given: str | None, *, is_new: bool) -> str:
    """Return the style to read by: the one given, or the unit's own. Raises InputError where there is neither."""
    if unit in {"", ".", ".."} or any(sign in unit for sign in "/\\:"):
        raise InputError(f"单位名称「{unit}」不能作文件夹的名称；请去掉 / \\ : 等符号")
    if given:
        return given
    if is_new:
        raise InputError(f"{CONTENT}/ 里还没有「{unit}」；新单位请用 --style 写明格式的名称")
    return load_unit(workspace.root, unit).card.style


def names_of(workspace: Workspace, unit: str, *, is_new: bool) -> tuple[str, ...]:
    """Return what a unit may be called in a workbook: as the user names it, and as its card does."""
    if is_new:
        return (unit,)
    card = load_unit(workspace.root, unit).card
    return tuple(filter(None, (unit, card.name, card.short_name)))


def existing(path: Path) -> str:
    """Return a file's text, empty where there is none."""
    try:
        return path.read_text(encoding="utf-8-sig") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name} 读不出来（不是 UTF-8 编码，或正被打开）；请先改正") from error


def show(console: Console, placing: Placing, files: Iterable[FileChange], tables: Iterable[str]) -> None:
    """Say which tables were read and what will change."""
    read = [table for table in tables if table in placing.tables]
    console.say(f"读到 {len(read)} 张表、{len(placing.cells)} 个单元格：{'、'.join(read)}")
    for file in files:
        console.say(f"{file.name}：{len(file.changes)} 处改动")
        for change in file.changes[:SHOWN]:
            console.say(f"  {change}")
        if len(file.changes) > SHOWN:
            console.say(f"  …… 还有 {len(file.changes) - SHOWN} 处")


def agreed(console: Console) -> bool:
    """Ask whether to write. Raises InputError where there is nobody to ask."""
    if not sys.stdin.isatty():
        raise InputError("以上改动还没有写入；没有终端可以询问，确认无误后请加 --yes 再运行一次")
    console.say("写入这些改动吗？（输入 y 写入，其他不写）")
    return sys.stdin.readline().strip().lower() in {"y", "yes", "是"}


def write(folder: Path, files: Iterable[FileChange], *, card: str) -> None:
    """Write the files together; a new unit's card too. Raises InputError where the disk refuses."""
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_together(folder, {file.name: file.text.encode() for file in files if file.changes})
        if card and not (folder.parent / CARD).exists():
            write_together(folder.parent, {CARD: f"# 单位的基本信息，各年通用\n{card}".encode()})
