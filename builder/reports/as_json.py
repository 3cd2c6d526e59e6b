"""The report as JSON: a list with one object a finding, under names that stay as they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

from builder.accounts.money import in_unit, plain, printed
from builder.checks.results import Result

from .examined import Examination, Examined, Problem


def json_lines(examination: Examination) -> Iterator[bytes]:
    """Yield the whole list."""
    found = [record for each in examination for record in records(each)]
    yield (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


def records(examined: Examined) -> Iterator[dict[str, object]]:
    """Yield one object for each problem of a unit-year; those of one ``cause`` have its number in common."""
    for cause, found in enumerate(examined.causes, 1):
        for problem in found.problems:
            yield {"unit": examined.unit, "year": examined.year, "cause": cause, **_record(problem)}


def _record(problem: Problem) -> dict[str, object]:
    result = problem.result
    place = result.place
    return {
        "rule": result.rule,
        "title": problem.title,
        "severity": result.severity.value,
        "table": place.table if place else None,
        "row": place.row if place else None,
        "column": place.column if place else None,
        "stated": _number(result.stated, result),
        "expected": _number(result.expected, result),
        "difference": _number(result.difference, result),
        "amount_unit": "万元" if result.is_money and result.stated is not None else None,
        "message": result.message,
        "source": str(result.source) if result.source and result.source.path else None,
        "suspects": [str(source) for source in result.suspects if source.path],
    }


def _number(value: Decimal | None, result: Result) -> str | None:
    """Return a value as text: 万元, exact where it has no more than six decimals; a plain number as it is."""
    if value is None:
        return None
    return plain(printed(value, places=6) if result.is_money and in_unit(value) else value)
