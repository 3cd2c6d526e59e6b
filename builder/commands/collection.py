"""The 采集表 of a unit-year: made by ``juesuan new`` from what is known, taken in by ``juesuan import``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from builder.accounts.facts import Facts
from builder.accounts.subjects import Subjects
from builder.asking import Asked, asked_by
from builder.collecting.cover import Cover
from builder.collecting.filling import Contents, filled
from builder.collecting.merging import merge_file, merge_text
from builder.collecting.pages import pages_of
from builder.collecting.reading import read_collection, said_of
from builder.collecting.writing import workbook_bytes
from builder.commands.changes import apply_changes, existing
from builder.console import Console
from builder.findings import InputError
from builder.loading.subjects import load_subjects
from builder.loading.unit import CARD, FACTS, LAST_YEAR, NOTES, UNWRITTEN, load_unit
from builder.loading.unknown_files import IGNORED
from builder.loading.yaml_reader import read_yaml
from builder.scaffolding.explaining import keys_of
from builder.scaffolding.facts_file import CARRIED
from builder.style import load_style
from builder.workbooks.changing import FileChange
from builder.workbooks.reading import Workbook
from builder.workspace import Workspace

SECTIONS = tuple(key for key, _ in keys_of(Facts))
LABELS = ("科目", "资金来源", "类型", "名称")
LEDGER = ("收入", "支出", "年初预算", "全年预算")


def collection_bytes(cover: Cover, asked: Asked, contents: Contents, subjects: Subjects) -> bytes:
    """Return the 采集表 of a form with what is known filled in."""
    pages = [filled(page, contents) for page in pages_of(asked, contents.facts)]
    local = contents.card.get("科目")
    return workbook_bytes(cover, pages, subjects.with_local(local if isinstance(local, dict) else {}))


def contents_of(root: Path, folder: Path) -> Contents:
    """Return what the files of a unit-year hold, as written. Raises InputError where one cannot be read."""
    card, facts, last_year, notes = (
        _data(path, root) for path in (folder.parent / CARD, folder / FACTS, folder / LAST_YEAR, folder / NOTES)
    )
    texts = {path.stem: existing(path).strip() for path in sorted(folder.glob("*.md")) if _is_used(path)}
    return Contents(card, facts, last_year, notes, {n: t for n, t in texts.items() if not UNWRITTEN.search(t)})


def carried(last_year: Contents, card: dict[str, Any]) -> Contents:
    """Return what last year's files give for a new year: the subjects without amounts, and what rarely changes."""
    facts: dict[str, Any] = {"金额单位": last_year.facts.get("金额单位", "万元")}
    for book in LEDGER:
        lines = last_year.facts.get(book) or []
        if lines:
            facts[book] = [{key: text for key, text in line.items() if key in LABELS} for line in lines]
    facts["基本支出经济分类"] = dict.fromkeys(last_year.facts.get("基本支出经济分类") or {}, "")
    facts |= {key: last_year.facts[key] for key in CARRIED if key in last_year.facts}
    return Contents(card, facts)


def _data(path: Path, root: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    document = read_yaml(path, root)
    if not isinstance(document.data, dict):
        raise InputError(document.findings)
    return document.data


def _is_used(path: Path) -> bool:
    return not path.name.startswith(IGNORED)


def run(workspace: Workspace, options: argparse.Namespace, workbook: Workbook, console: Console) -> int:
    """Take a filled-in 采集表 in: show what it changes, ask, write. Raises InputError with every mistake in it."""
    unit, year = options.unit, options.year
    said = said_of(workbook)
    if (said["单位"], said["年度"]) != (unit, str(year)):
        whose = f"采集表是「{said['单位']}」{said['年度']} 年度的，命令里写的是「{unit}」{year} 年度"
        raise InputError(f"{whose}；请改正命令，或改用这个单位、这个年度的采集表")
    if options.as_last_year:
        raise InputError("采集表不能按上年的导入；上年的数请填在「上年数」里")
    is_new = unit not in workspace.units()
    own = "" if is_new else load_unit(workspace.root, unit).card.style
    style = load_style(workspace, options.style or own or said["格式"])
    subjects, notes = load_subjects(workspace.root, year)
    asked = asked_by(workspace, style)
    needed = {page.title for page in pages_of(asked)}
    folder = workspace.content / unit / str(year)
    reasons = _data(folder / NOTES, workspace.root).get("原因") or {}
    contents, findings = read_collection(
        workbook, options.file, pages_of(asked, SECTIONS), needed,
        subjects=subjects, style=style.name, reasons=reasons,
    )
    console.findings([*notes, *findings])
    files = changes(folder, contents, style.name)
    return apply_changes(workspace, folder, files, console, card="", ask=not options.yes)


def changes(folder: Path, contents: Contents, style: str) -> list[FileChange]:
    """Return each file of the unit-year as it becomes."""
    unit, year = folder.parent.name, folder.name
    card_before = existing(folder.parent / CARD)
    card = contents.card | ({} if card_before else {"风格": style})
    facts_before = existing(folder / FACTS)
    facts = contents.facts | ({} if facts_before else {key: contents.facts.get(key, []) for key in ("收入", "支出")})
    files = [
        merge_file(CARD, card_before, card, "# 单位的基本信息，各年通用\n"),
        merge_file(FACTS, facts_before, facts, f"# {unit} {year} 年度决算事实，由采集表导入\n"),
    ]
    if "指标" in contents.last_year:
        wanted = {"金额单位": contents.facts.get("金额单位", "万元")} | contents.last_year
        files.append(merge_file(LAST_YEAR, existing(folder / LAST_YEAR), wanted, "# 上年度的指标值，由采集表导入\n"))
    if contents.notes:
        files.append(merge_file(NOTES, existing(folder / NOTES), contents.notes, "# 原因和短文字，由采集表导入\n"))
    texts = contents.long_texts.items()
    return [*files, *(merge_text(f"{name}.md", existing(folder / f"{name}.md"), text) for name, text in texts)]
