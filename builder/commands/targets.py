"""Which unit-years a command is about."""

from __future__ import annotations

from collections.abc import Sequence

from builder.console import Console
from builder.findings import Finding, InputError, Level, Source
from builder.workspace import CONTENT, Workspace


def targets(
    workspace: Workspace, units: Sequence[str], year: int | None, console: Console, *, with_units: bool = False
) -> list[tuple[str, int]]:
    """Return the unit-years meant: the named units, or all; in the given year, or each unit's latest.

    ``with_units`` adds the units of each department named, in the department's year.

    Of all units, those without the year are passed over, and those without any year with a warning. Raises InputError
    naming every unit that there is not, or where nothing is left.
    """
    found = named(workspace, units, year) if units else everything(workspace, year, console)
    if with_units and units:
        found = with_members(workspace, found, console)
    if not found:
        raise InputError(f"{CONTENT}/ 里没有{f' {year} 年度的' if year else ''}资料可以生成")
    return found


def named(workspace: Workspace, units: Sequence[str], year: int | None) -> list[tuple[str, int]]:
    """Return the year meant of each of these units. Raises InputError with all that there are not."""
    found: list[tuple[str, int]] = []
    findings: list[Finding] = []
    for unit in dict.fromkeys(units):
        try:
            workspace.unit_folder(unit)
            years = workspace.years(unit)
            if year is not None:
                workspace.year_folder(unit, year)
        except InputError as error:
            findings += error.findings
            continue
        if year is None and not years:
            findings.append(no_years(unit))
        else:
            found.append((unit, years[-1] if year is None else year))
    if findings:
        raise InputError(findings)
    return found


def with_members(workspace: Workspace, found: Sequence[tuple[str, int]], console: Console) -> list[tuple[str, int]]:
    """Return these unit-years, each department's followed by its units'; those without that year with a warning.

    Raises InputError where a unit's department cannot be one.
    """
    from builder.departments.tree import Tree  # noqa: PLC0415 - it reads 单位.yaml, which takes a loader's libraries

    tree = Tree(workspace)
    wanted: dict[tuple[str, int], None] = {}
    problems: dict[Finding, None] = {}
    for department, year in found:
        wanted[department, year] = None
        members = tree.everything_under(department)
        for unit in (department, *members):
            problems |= dict.fromkeys(tree.problems(unit))
        if not members:
            message = f"没有单位汇入「{department}」；在各单位的 单位.yaml 里写「部门: {department}」"
            console.findings([Finding(message, Source(f"{CONTENT}/{department}"), Level.WARNING)])
        for unit in members:
            if year in workspace.years(unit):
                wanted[unit, year] = None
            else:
                message = f"所属单位「{unit}」没有 {year} 年度的资料"
                console.findings([Finding(message, Source(f"{CONTENT}/{unit}"), Level.WARNING)])
    if problems:
        raise InputError(list(problems))
    return list(wanted)


def everything(workspace: Workspace, year: int | None, console: Console) -> list[tuple[str, int]]:
    """Return all units in that year, or in each one's latest."""
    found: list[tuple[str, int]] = []
    for unit in workspace.units():
        years = workspace.years(unit)
        if not years:
            console.findings([no_years(unit, Level.WARNING)])
        elif year is None or year in years:
            found.append((unit, years[-1] if year is None else year))
    return found


def no_years(unit: str, level: Level = Level.ERROR) -> Finding:
    """Return the finding on a unit that has no year yet."""
    message = "还没有年度文件夹；请建立（名称是四位数字的年度），并放入 决算.yaml"
    return Finding(message, Source(f"{CONTENT}/{unit}"), level)
