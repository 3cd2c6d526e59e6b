"""``juesuan list``: what is in the workspace, and how it stands."""

from __future__ import annotations

import json
from typing import Any

from builder.batch.running import standings
from builder.batch.standing import Stand, Standing
from builder.console import Console
from builder.departments.tree import Tree
from builder.findings import Finding, InputError
from builder.loading.unit import load_unit
from builder.workspace import Workspace

SHOWN = 2
"""How many of the reasons of a state a line gives."""


def run(workspace: Workspace, kind: str, console: Console) -> int:
    """Print each unit with its style, its years and how they stand; a department's units below it."""
    findings: list[Finding] = []
    records: list[dict[str, Any]] = []
    tree = Tree(workspace)
    known = standings(workspace, [(unit, year) for unit in workspace.units() for year in workspace.years(unit)])
    for unit, depth in tree.rows():
        findings += tree.problems(unit)
        try:
            style = load_unit(workspace.root, unit).card.style
        except InputError as error:
            findings += error.findings
            style = "？"
        years = [known[unit, year] for year in workspace.years(unit)]
        records += ({**standing.record(), "风格": style} for standing in years)
        if kind == "text":
            branch = "    " * (depth - 1) + "└── " if depth else ""
            console.say(f"{branch}{unit}\t风格 {style}\t{'、'.join(map(shown, years)) or '还没有年度文件夹'}")
    if kind == "json":
        console.say(json.dumps(records, ensure_ascii=False, indent=1))
    if not workspace.units():
        console.note("content/ 里还没有单位")
    console.findings(findings)
    return 1 if findings else 0


def shown(standing: Standing) -> str:
    """Return a year and how it stands, with why, on one line."""
    said = [str(standing.stand)]
    if standing.release:
        said[0] += f" {standing.release}" if standing.stand is Stand.RELEASED else f"，发布过 {standing.release}"
    said += standing.why[:SHOWN]
    more = f" 等 {len(standing.why)} 处" if len(standing.why) > SHOWN else ""
    return f"{standing.year}（{'；'.join(said)}{more}）"
