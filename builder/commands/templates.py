"""``juesuan template``: check a form's parts, and keep their text views."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from builder.building import Builder, form_files
from builder.console import Console
from builder.findings import Finding, InputError, errors
from builder.names import CORRECTION_NAMES, known_names
from builder.rendering.checking import check_form
from builder.rendering.compiling import FormFiles
from builder.rendering.textview import text_view
from builder.style import Style, load_style
from builder.tag_checks import vocabulary_of
from builder.workspace import Workspace
from builder.writing import disk_errors, write_together

VIEW = ".txt"


def check(workspace: Workspace, styles: Sequence[str], console: Console) -> int:
    """Check the tags and names of every part; return 1 if something is wrong."""
    wrong = 0
    for name in styles or workspace.styles():
        try:
            style = load_style(workspace, name)
            if not style.parts:
                console.note(f"{name}：没有部件，只供别的风格继承")
                continue
            names = known_names(style)
            checked = [check_form(files, vocabulary_of(style), names) for files in form_files(workspace, style)]
            if style.correction:
                files = FormFiles(style.base, (style.correction,), workspace.root)
                checked.append(check_form(files, vocabulary_of(style), CORRECTION_NAMES))
            findings = list(dict.fromkeys(found for findings in checked for found in findings))
            findings += style.wording.gaps()
            if not errors(findings):
                Builder(workspace).form(name)  # what only compiling finds
        except InputError as error:
            findings = list(error.findings)
        console.findings(findings)
        if errors(findings):
            wrong += 1
            console.failure(f"{name}：有 {len(errors(findings))} 处错误")
        else:
            console.success(f"{name}：标签和名称没有错误")
    return 1 if wrong else 0


def text(workspace: Workspace, styles: Sequence[str], console: Console, *, only_check: bool) -> int:
    """Write the text view beside each part, or only tell which are not current (and return 1 then)."""
    stale: list[Finding] = []
    for name in styles or workspace.styles():
        for path, view in text_views(load_style(workspace, name)).items():
            beside = path.with_name(path.name + VIEW)
            if beside.is_file() and beside.read_text(encoding="utf-8") == view:
                continue
            shown = workspace.relative(beside)
            if only_check:
                stale.append(Finding(f"{shown} 不是最新的；请运行 juesuan template text {name}"))
                continue
            with disk_errors(beside.parent):
                write_together(beside.parent, {beside.name: view.encode()})
            console.success(f"已更新 {shown}")
    console.findings(stale)
    return 1 if stale else 0


def text_views(style: Style) -> dict[Path, str]:
    """Return the text view of each Word file of a style, by path."""
    return {path: text_view(path) for path in (*style.word_files, *([style.correction] if style.correction else []))}
