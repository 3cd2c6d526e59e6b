"""``juesuan import``: a workbook's tables into a unit's files, after showing what will change."""

from __future__ import annotations

import argparse

from builder.collecting.marks import is_collection
from builder.commands.changes import apply_changes, existing
from builder.console import Console
from builder.findings import Finding, InputError, Level
from builder.loading.subjects import load_subjects
from builder.loading.unit import FACTS, LAST_YEAR, STATED, load_unit
from builder.style import load_style
from builder.workbooks.changing import change_facts, change_stated
from builder.workbooks.gathering import place_cells
from builder.workbooks.importing import follow_ledger
from builder.workbooks.last_year import change_last_year
from builder.workbooks.preambles import Asked
from builder.workbooks.reading import read_workbook
from builder.workspace import CONTENT, Workspace


def run(workspace: Workspace, options: argparse.Namespace, console: Console) -> int:
    """Read the workbook, show what it changes, ask, write. Return 1 where nothing was written. Raises InputError."""
    unit, year = options.unit, options.year
    check_name(unit)
    workbook = read_workbook(options.file)
    if is_collection(workbook):
        from builder.commands import collection  # noqa: PLC0415 - loads far more than the published tables need

        return collection.run(workspace, options, workbook, console)
    is_new = unit not in workspace.units()
    style_name = style_of(workspace, unit, options.style, is_new=is_new)
    of_year = year - 1 if options.as_last_year else year
    asked = Asked(of_year, names_of(workspace, unit, is_new=is_new), options.amount_unit or "")
    style = load_style(workspace, style_name)
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
        own = style if is_new else load_style(workspace, load_unit(workspace.root, unit).card.style)
        files = [
            change_last_year(
                LAST_YEAR, text, placing, own.definitions, own.sheet.tables, subjects,
                same_form=own.name == style.name,
            )
        ]
    else:
        parts = follow_ledger(placing.cells.values(), workbook.name)
        findings += parts.findings
        files = [
            change_facts(FACTS, existing(folder / FACTS), parts, placing.unit, year),
            change_stated(STATED, existing(folder / STATED), placing),
        ]
    console.findings(findings)
    read = [table for table in style.sheet.tables if table in placing.tables]
    console.say(f"读到 {len(read)} 张表、{len(placing.cells)} 个单元格：{'、'.join(read)}")
    card = f"名称: {unit}\n风格: {style_name}\n" if is_new else ""
    return apply_changes(workspace, folder, files, console, card=card, ask=not options.yes)


def check_name(unit: str) -> None:
    """See that a unit's name can be a folder's. Raises InputError."""
    if unit in {"", ".", ".."} or any(sign in unit for sign in "/\\:"):
        raise InputError(f"单位名称「{unit}」不能作文件夹的名称；请去掉 / \\ : 等符号")


def style_of(workspace: Workspace, unit: str, given: str | None, *, is_new: bool) -> str:
    """Return the style to read by: the one given, or the unit's own. Raises InputError where there is neither."""
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
