"""What an import changes: shown, asked about, and then written, all files of a unit together."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from builder.console import Console
from builder.findings import InputError
from builder.loading.unit import CARD
from builder.workbooks.changing import FileChange
from builder.workspace import Workspace
from builder.writing import disk_errors, write_together

SAME = "没有改动：资料与工作簿一致"
SHOWN = 40
"""How many changes of one file are listed one by one."""


def existing(path: Path) -> str:
    """Return a file's text, empty where there is none."""
    try:
        return path.read_text(encoding="utf-8-sig") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name} 读不出来（不是 UTF-8 编码，或正被打开）；请先改正") from error


def apply_changes(
    workspace: Workspace, folder: Path, files: Iterable[FileChange], console: Console,
    *, card: str, ask: bool, same: str = SAME,
) -> int:
    """Show the changes, ask, write: into the year's folder, ``card`` (of a new unit) beside it. Return the status."""
    changed = [file for file in files if file.changes]
    show(console, changed)
    if not changed:
        console.say(same)
        return 0
    if ask and not agreed(console):
        console.note("没有写入，文件没有改动")
        return 1
    write(folder, changed, card=card)
    for file in changed:
        console.success(f"已写入 {workspace.relative(folder / file.name)}（{len(file.changes)} 处）")
    return 0


def show(console: Console, files: Iterable[FileChange]) -> None:
    """Say what will change."""
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
    unit = folder.parent
    named = {f"{folder.name}/{file.name}" if file.name != CARD else CARD: file.text.encode() for file in files}
    if card and not (unit / CARD).exists():
        named.setdefault(CARD, f"# 单位的基本信息，各年通用\n{card}".encode())
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_together(unit, named)
