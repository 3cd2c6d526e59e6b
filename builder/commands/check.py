"""``juesuan check``: every cross-check of the units, the failures by cause, and how many relations ended how."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from decimal import Decimal

from builder.accounting import Accounts
from builder.accounts.money import in_unit, printed
from builder.building import Builder
from builder.checks.engine import Report
from builder.checks.results import Outcome, Result
from builder.commands.targets import targets
from builder.console import Console
from builder.findings import Finding, InputError, Level, errors
from builder.manifest import plain
from builder.workspace import Workspace

CONCERNS = "输入"
"""The rule that findings on the files themselves are given under."""


def run(workspace: Workspace, options: argparse.Namespace, console: Console) -> int:
    """Check the units. Return 1 if any has an error."""
    wanted = targets(workspace, options.units, options.year, console)
    builder = Builder(workspace)
    failed = 0
    records: list[dict[str, object]] = []
    for unit, year in console.progress(wanted, "核对"):
        try:
            accounts = builder.accounts(unit, year)
        except InputError as error:
            failed += 1
            records += (_of_finding(unit, year, finding) for finding in error.findings)
            if options.format == "text":
                console.findings(error.findings)
                console.failure(f"没有核对：{unit} {year} 年度")
            continue
        failed += bool(errors(accounts.findings))
        if options.format == "text":
            for line in report_lines(accounts, unit, year):
                console.say(line)
        else:
            records += (_of_finding(unit, year, finding) for finding in input_findings(accounts))
            records += (_of_result(unit, year, each) for group in accounts.report.groups() for each in group.results)
    if options.format == "json":
        console.say(json.dumps(records, ensure_ascii=False, indent=2))
    return 1 if failed else 0


def report_lines(accounts: Accounts, unit: str, year: int) -> Iterator[str]:
    """Yield the report on one unit-year: failures by cause, the most severe first, then the counts."""
    report = accounts.report
    titles = {rule.id: rule.title for rule in report.rules}
    yield f"{unit} {year} 年度"
    for finding in input_findings(accounts):
        yield f"  {finding}"
    for number, group in enumerate(report.groups(), 1):
        yield f"{number}. {_line(group.head, titles)}"
        yield from (f"   同一原因：{_line(result, titles)}" for result in group.results[1:])
    counts = report.counts()
    levels = [result.severity for result in report.failures]
    of_levels = "、".join(f"{level.value} {levels.count(level)}" for level in Level)
    yield "  ".join(f"{outcome.value} {counts[outcome]}" for outcome in Outcome) + f"（不成立中：{of_levels}）"
    yield from _undecided(report)


def input_findings(accounts: Accounts) -> list[Finding]:
    """Return what was said of the files themselves, before any rule."""
    said = set(accounts.report.findings())
    return [finding for finding in accounts.findings if finding not in said]


def _line(result: Result, titles: dict[str, str]) -> str:
    place = f"{result.source}: " if result.source and result.source.path else ""
    return f"{place}{result.severity.value}：[{titles[result.rule]}] {result.message}"


def _undecided(report: Report) -> Iterator[str]:
    """Yield, for each rule that could not always be decided, how often, and the first reason."""
    for rule in report.rules:
        open_ = [result for result in report.of(rule.id) if result.outcome is Outcome.UNDECIDED]
        if open_:
            yield f"  无法判断：[{rule.title}] {len(open_)} 处，如 {open_[0].message}"


def _of_result(unit: str, year: int, result: Result) -> dict[str, object]:
    place = result.place
    return {
        "unit": unit, "year": year, "rule": result.rule, "severity": result.severity.value,
        "table": place.table if place else None, "row": place.row if place else None,
        "column": place.column if place else None,
        "stated": _number(result.stated, result), "expected": _number(result.expected, result),
        "difference": _number(result.difference, result), "amount_unit": "万元" if result.is_money else None,
        "message": result.message, "source": str(result.source) if result.source else None,
    }


def _of_finding(unit: str, year: int, finding: Finding) -> dict[str, object]:
    return {
        **_of_result(unit, year, Result(Outcome.FAILS, finding.message, finding.source)),
        "rule": CONCERNS, "severity": finding.level.value,
    }


def _number(value: Decimal | None, result: Result) -> str | None:
    """Return a value as text: 万元, exact where it has no more than six decimals; a plain number as it is."""
    if value is None:
        return None
    return plain(printed(value, places=6) if result.is_money and in_unit(value) else value)
