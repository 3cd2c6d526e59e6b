"""``juesuan list``: what is in the workspace."""

from __future__ import annotations

from builder.console import Console
from builder.departments.tree import Tree
from builder.findings import Finding, InputError
from builder.loading.unit import load_unit
from builder.workspace import Workspace


def run(workspace: Workspace, console: Console) -> int:
    """Print each unit with its style, years, and the documents that there are of it; a department's below it."""
    findings: list[Finding] = []
    tree = Tree(workspace)
    for unit, depth in tree.rows():
        findings += tree.problems(unit)
        try:
            style = load_unit(workspace.root, unit).card.style
        except InputError as error:
            findings += error.findings
            style = "？"
        years = []
        for year in workspace.years(unit):
            made = sorted(path.name for path in (workspace.output / str(year) / unit).glob("*.docx"))
            years.append(f"{year}（{'已生成' if made else '未生成'}）")
        branch = "    " * (depth - 1) + "└── " if depth else ""
        console.say(f"{branch}{unit}\t风格 {style}\t{'、'.join(years) or '还没有年度文件夹'}")
    if not workspace.units():
        console.note("content/ 里还没有单位")
    console.findings(findings)
    return 1 if findings else 0
