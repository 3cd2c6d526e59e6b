"""``juesuan new``: the files of a new unit-year, ready to be filled in, and the workbook to fill in instead."""

from __future__ import annotations

import argparse
from pathlib import Path

from builder.asking import asked_by
from builder.collecting.cover import Cover
from builder.collecting.filling import Contents
from builder.commands.collection import carried, collection_bytes, contents_of
from builder.console import Console
from builder.findings import Finding, InputError, Source
from builder.loading.subjects import load_subjects
from builder.loading.unit import CARD, COLLECTION, load_unit
from builder.scaffolding.unit_files import unit_files
from builder.style import Style, load_style
from builder.workspace import CONTENT, Workspace
from builder.writing import disk_errors, write_together

EARLIEST, LATEST = 1949, 2999


def run(workspace: Workspace, options: argparse.Namespace, console: Console) -> int:
    """Write the files that are not there yet, all or none. Raises InputError."""
    unit, year = options.unit, options.year
    if unit in {"", ".", ".."} or any(sign in unit for sign in '/\\:*?"<>|') or unit.startswith((".", "_", "~")):
        raise InputError(f"单位名称「{unit}」不能作文件夹的名称；请去掉 / \\ : 等符号，开头不用 . _ ~")
    if not EARLIEST <= year <= LATEST:
        raise InputError(f"年度写作「{year}」；请写四位数字")
    folder = workspace.content / unit
    style = style_of(workspace, folder, options.style)
    subjects, notes = load_subjects(workspace.root, year)
    asked = asked_by(workspace, style)
    texts = unit_files(
        workspace.root, folder, year, style=style, asked=asked, subjects=subjects, department=options.department
    )
    files = {name: text.encode() for name, text in texts.items()}
    if not (folder / str(year) / COLLECTION).exists():
        cover = Cover(unit, year, style.name)
        contents = known(workspace.root, folder, year, options.department)
        files[f"{year}/{COLLECTION}"] = collection_bytes(cover, asked, contents, subjects)
    there = [name for name in (*files, f"{year}/{COLLECTION}") if (folder / name).exists()]
    fresh = {name: data for name, data in files.items() if name not in there}
    console.findings(notes)
    if there:
        console.note(f"已经有了，没有改动：{'、'.join(there)}")
    if not fresh:
        console.note(f"{workspace.relative(folder)} 里该有的文件都有了，没有新建文件")
        return 0
    write(folder, fresh)
    for name in fresh:
        console.success(f"已新建 {workspace.relative(folder / name)}")
    console.say(
        f"可以直接填写这些文件；也可以填 {COLLECTION}，再运行：\n"
        f"  juesuan import {workspace.relative(folder / str(year) / COLLECTION)} --unit {unit} --year {year}\n"
        f"填好以后先出草稿，看还缺什么：\n  juesuan build {unit} --year {year} --draft"
    )
    return 0


def known(root: Path, folder: Path, year: int, department: str) -> Contents:
    """Return what a new 采集表 can begin with: this year's files, else what last year's carry over."""
    this_year, last_year = (contents_of(root, folder / str(of)) for of in (year, year - 1))
    card = this_year.card or {"名称": folder.name, "主管部门": department, "类型": "单位"}
    if this_year.facts:
        return this_year
    return carried(last_year, card)


def style_of(workspace: Workspace, folder: Path, given: str | None) -> Style:
    """Return the style of a new unit, or of one that has its card. Raises InputError naming the styles there are."""
    known = [name for name in workspace.styles() if load_style(workspace, name).parts]
    own = load_unit(workspace.root, folder.name).card.style if (folder / CARD).exists() else None
    if own and given and own != given:
        at = Source(f"{CONTENT}/{folder.name}/{CARD}")
        raise InputError(Finding(f"这里写的风格是「{own}」，命令里写的是「{given}」；请去掉 --style，或先改这里", at))
    name = given or own
    if name is None:
        raise InputError(f"{CONTENT}/ 里还没有「{folder.name}」；请用 --style 写明格式，可选：{'、'.join(known)}")
    if name not in known and name in workspace.styles():
        raise InputError(f"「{name}」没有 Word 部件，只供别的格式继承；可选：{'、'.join(known)}")
    return load_style(workspace, name)


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Write files into a unit's folder, all or none; folders made for them go again where it fails."""
    made: list[Path] = []
    with disk_errors(folder):
        try:
            for place in sorted({(folder / name).parent for name in files} | {folder}):
                if not place.exists():
                    place.mkdir(parents=True)
                    made.append(place)
            write_together(folder, files)
        except BaseException:
            for place in reversed(made):
                if place.is_dir() and not any(place.iterdir()):
                    place.rmdir()
            raise
