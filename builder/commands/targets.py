"""Which unit-years a command is about."""

from __future__ import annotations

from collections.abc import Sequence

from builder.findings import Finding, InputError, Source
from builder.workspace import CONTENT, Workspace


def targets(workspace: Workspace, units: Sequence[str], year: int | None) -> list[tuple[str, int]]:
    """Return the unit-years meant: the named units, or all; in the given year, or each unit's latest.

    Raises InputError naming every unit that there is not. Of all units, those without the year are passed over.
    """
    found: list[tuple[str, int]] = []
    findings: list[Finding] = []
    for unit in dict.fromkeys(units) if units else workspace.units():
        try:
            years = workspace.years(workspace.unit_folder(unit).name)
            if year is not None and (units or year in years):
                workspace.year_folder(unit, year)
                found.append((unit, year))
            elif year is None and years:
                found.append((unit, years[-1]))
            elif year is None:
                message = "还没有年度文件夹；请建立，如 2022，并放入 决算.yaml"
                findings.append(Finding(message, Source(f"{CONTENT}/{unit}")))
        except InputError as error:
            findings += error.findings
    if findings:
        raise InputError(findings)
    if not found:
        raise InputError(f"{CONTENT}/ 里没有{f' {year} 年度的' if year else ''}资料可以生成")
    return found
