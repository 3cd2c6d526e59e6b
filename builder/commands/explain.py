"""``juesuan explain``: where a figure comes from."""

from __future__ import annotations

from builder.building import Builder
from builder.console import Console
from builder.departments.comparing import units_of
from builder.departments.tree import Tree
from builder.explaining import amount, explain
from builder.loading.subjects import load_subjects
from builder.workspace import Workspace


def run(workspace: Workspace, unit: str, year: int, indicator: str | None, console: Console) -> int:
    """Explain one indicator, or list all with their values; a department's figures lead to its units'."""
    accounts = Builder(workspace).accounts(unit, year)
    if indicator is None:
        for name in accounts.indicators.names():
            figure = accounts.indicators.get(name)
            console.say(f"{name}\t{amount(figure, figure.value)}")
        return 0
    findings, units = units_of(workspace, Tree(workspace), unit, year)
    console.findings(findings)
    sums = units(accounts.style, load_subjects(workspace.root, year)[0]) if units else None
    for line in explain(accounts, indicator, sums):
        console.say(line)
    return 0
