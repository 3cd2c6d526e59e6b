"""``juesuan explain``: where a figure comes from."""

from __future__ import annotations

from builder.building import Builder
from builder.console import Console
from builder.explaining import amount, explain
from builder.workspace import Workspace


def run(workspace: Workspace, unit: str, year: int, indicator: str | None, console: Console) -> int:
    """Explain one indicator, or list all with their values."""
    accounts = Builder(workspace).accounts(unit, year)
    if indicator is None:
        for name in accounts.indicators.names():
            figure = accounts.indicators.get(name)
            console.say(f"{name}\t{amount(figure, figure.value)}")
        return 0
    for line in explain(accounts, indicator):
        console.say(line)
    return 0
