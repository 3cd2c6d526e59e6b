"""``juesuan rollup``: a department's facts as the sums of its units', or its own figures compared with these."""

from __future__ import annotations

import argparse

from builder.accounts.facts import IncludedUnit
from builder.accounts.money import AmountUnit
from builder.accounts.rollup import RolledUp, numbers_of, roll_up
from builder.asking import asked_by
from builder.commands.changes import apply_changes, existing
from builder.console import Console
from builder.departments.comparing import compared
from builder.departments.filling import fill_facts
from builder.departments.gathering import Gathered, gather
from builder.departments.last_year import change_last_year, sums_before, unsummed
from builder.departments.tree import Tree, is_own
from builder.findings import Finding, Level, Source
from builder.loading.subjects import load_subjects
from builder.loading.unit import ELIMINATED, FACTS, LAST_YEAR, load_unit, load_year
from builder.reports.as_json import json_lines
from builder.reports.as_text import text_lines
from builder.reports.examined import Examination
from builder.style import load_style
from builder.workspace import CONTENT, Workspace

SAME = "没有改动：部门的数与所属单位之和一致"
WRITERS = {"text": text_lines, "json": json_lines}


def run(workspace: Workspace, options: argparse.Namespace, console: Console) -> int:
    """Show what the sums change, ask, write; or compare. Return 1 where nothing was written or something is wrong.

    Raises InputError with everything that makes a sum impossible.
    """
    department, year = options.unit, options.year
    workspace.unit_folder(department)
    tree = Tree(workspace)
    gathered, findings = gather(workspace, tree, department, year)
    rolled = roll_up(gathered.parts)
    findings += _lacking(gathered, rolled)
    if options.compare:
        console.findings(findings)
        examined = compared(workspace, gathered, rolled)
        examination = Examination([(department, year)], [examined])
        for piece in WRITERS[options.format](examination):
            console.say(piece.decode().removesuffix("\n"))
        return 1 if examination.failed else 0
    folder = workspace.content / department / str(year)
    own = []
    if (folder / FACTS).exists():
        known = load_year(workspace.root, department, year, load_subjects(workspace.root, year)[0])
        own = list(numbers_of(known.facts, known.positions))
    files = [fill_facts(
        FACTS, existing(folder / FACTS), rolled, _finest(gathered), year,
        own=own, units=_included(gathered), offices=_offices(gathered),
    )]
    if year - 1 not in workspace.years(department):
        text = existing(folder / LAST_YEAR)
        style = load_style(workspace, load_unit(workspace.root, department).card.style)
        subjects, _notes = load_subjects(workspace.root, year)
        sums, without = sums_before(workspace, gathered, style, subjects, asked_by(workspace, style).last_year)
        findings += unsummed(gathered, without, text)
        files.append(change_last_year(text, sums, year))
    findings += _local_subjects(tree, gathered)
    console.findings(findings)
    names = "、".join(gathered.called(unit) for unit in gathered.units)
    console.say(f"汇总 {len(gathered.units)} 个单位：{names}")
    for each in gathered.eliminations:
        console.say(f"{ELIMINATED}：{each.note}（另行减去，不在合计里）")
    return apply_changes(workspace, folder, files, console, card="", ask=not options.yes, same=SAME)


def _lacking(gathered: Gathered, rolled: RolledUp) -> list[Finding]:
    """Return a warning for each budget that some units do not give."""
    at = Source(f"{CONTENT}/{gathered.department}/{gathered.year}")
    return [
        Finding(
            f"{'、'.join(units)}没有填「{'/'.join(path)}」，部门的没有汇总；请先补填（没有的填 0 或 []）",
            at, Level.WARNING,
        )
        for path, units in rolled.lacking.items()
    ]


def _included(gathered: Gathered) -> list[IncludedUnit]:
    """Return the units for 决算单位, each with its staff where it gives them."""
    return [
        IncludedUnit(
            name=each.card.name, nature=each.card.nature,
            persons=sum(each.facts.staffing.serving.values()) if each.facts.staffing.serving else None,
        )
        for each in gathered.units.values()
    ]


def _offices(gathered: Gathered) -> list[str]:
    """Return the internal offices of the department's own accounts (本级)."""
    own = [each for unit, each in gathered.units.items() if is_own(unit, gathered.department)]
    return own[0].facts.organisation.offices if own else []


def _finest(gathered: Gathered) -> AmountUnit:
    """Return the finest unit that the units give amounts in."""
    return min((each.facts.unit for each in gathered.units.values()), key=lambda unit: AmountUnit(unit).yuan)


def _local_subjects(tree: Tree, gathered: Gathered) -> list[Finding]:
    """Return a warning for each local subject of a unit that the department's card does not declare."""
    card = tree.card(gathered.department)
    declared = card.subjects if card else {}
    found = {
        code: (name, unit)
        for unit, each in gathered.units.items() for code, name in each.card.subjects.items() if code not in declared
    }
    at = Source(f"{CONTENT}/{gathered.department}/单位.yaml")
    return [
        Finding(
            f"{gathered.called(unit)}用了地方科目 {code}；请在部门的「科目」里也写上 {code}: {name}", at, Level.WARNING
        )
        for code, (name, unit) in found.items()
    ]


