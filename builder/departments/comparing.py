"""A department's own figures compared with its units', as a report by itself, and for the cross-checks."""

from __future__ import annotations

from dataclasses import replace

from builder.accounting import Units, case_of, open_accounts
from builder.accounts.consolidation import Consolidation
from builder.accounts.rollup import RolledUp, roll_up
from builder.accounts.subjects import Subjects
from builder.accounts.tabulating import build_statement
from builder.checks.departments import compare, sums_of_units
from builder.checks.engine import run
from builder.findings import Finding, InputError, Source
from builder.loading.subjects import load_subjects
from builder.reports.examined import Examined, examined, refused
from builder.style import Style, load_style
from builder.workspace import CONTENT, Workspace

from .gathering import Gathered, gather
from .tree import Tree


def consolidate(gathered: Gathered, rolled: RolledUp, style: Style, subjects: Subjects) -> Consolidation:
    """Return what a department's figures should be, in the tables of its style."""
    names: dict[str, str] = {}
    for each in gathered.units.values():
        names |= each.card.subjects
    ledger = gathered.ledger()
    statements = {
        name: build_statement(table, ledger, subjects.with_local(names)) for name, table in style.tables.items()
    }
    return Consolidation(ledger, statements, rolled, gathered.names(), gathered.missing)


def units_of(workspace: Workspace, tree: Tree, unit: str, year: int) -> tuple[list[Finding], Units | None]:
    """Return what is wrong with a unit's department or a department's units, and what gives these units' sums."""
    if not (tree.is_department(unit) and tree.members(unit)):
        return list(tree.problems(unit)), None
    try:
        gathered, findings = gather(workspace, tree, unit, year)
    except InputError as error:
        message = "所属单位的资料有误，部门的数没有与各单位之和核对；请先改正各单位的"
        return [*error.findings, Finding(message, Source(f"{CONTENT}/{unit}"))], None
    return findings, lambda style, subjects: consolidate(gathered, roll_up(gathered.parts), style, subjects)


def compared(workspace: Workspace, gathered: Gathered, rolled: RolledUp) -> Examined:
    """Return the comparison of a department's figures with its units', as `juesuan check` reports its rules."""
    department, year = gathered.department, gathered.year
    if year not in workspace.years(department):
        return refused(department, year, [Finding("部门还没有这个年度的资料，没有可比较的数；请先汇总")])
    try:
        accounts = open_accounts(
            workspace, department, year, lambda name, at: load_style(workspace, name, at), checked=False
        )
    except InputError as error:
        return refused(department, year, error.findings)
    subjects, _notes = load_subjects(workspace.root, year)
    units = consolidate(gathered, rolled, accounts.style, subjects)
    case = replace(case_of(accounts.unit_year, accounts.style, subjects, accounts.indicators), sums=units)
    rule = replace(sums_of_units, check=lambda case: compare(case, units))
    report = run([rule], case, accounts.style.rules.severities)
    return examined(department, year, replace(accounts, report=report, findings=tuple(report.findings())))
