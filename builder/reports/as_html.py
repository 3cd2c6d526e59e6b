"""The report as one HTML file that needs nothing else: findings, the tables as printed, and links both ways."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from builder import __version__
from builder.checks.engine import ORDER
from builder.checks.results import Outcome
from builder.findings import Level

from .examined import Examination, Examined, RuleCount, number
from .forms import forms_of
from .marks import marks_of
from .tables import tables_of

PAGE, SECTION, SCRIPT = "report.html", "section.html", "report.js"
SIGNS = {Level.ERROR.value: "✖", Level.WARNING.value: "▲", Level.NOTE.value: "●"}
CLASSES = {Level.ERROR.value: "e", Level.WARNING.value: "w", Level.NOTE.value: "i"}
FULL = 20
"""With more unit-years than this, tables in which nothing is marked are left out."""
MOST, SUSPECTS = 3, 12
"""How many links or reasons stand in one place, and how many places to look at under one cause."""


@dataclass(frozen=True, slots=True)
class Row:
    """A unit-year's line of the summary, and its section."""

    anchor: str
    unit: str
    year: int
    refused: bool
    levels: dict[str, int]
    outcomes: dict[str, int]
    section: Markup


class Rules:
    """Every rule with its outcomes over all unit-years."""

    def __init__(self) -> None:
        self.found: dict[str, RuleCount] = {}

    def add(self, examined: Examined) -> None:
        """Take in one more unit-year."""
        for rule in examined.rules():
            before = self.found[rule.id].counts if rule.id in self.found else dict.fromkeys(Outcome, 0)
            counts = {outcome: count + before[outcome] for outcome, count in rule.counts.items()}
            self.found[rule.id] = replace(rule, counts=counts, reasons=())


def page(examination: Examination) -> Iterator[bytes]:
    """Yield the file piece by piece."""
    names = {
        "signs": SIGNS, "classes": CLASSES, "levels": tuple(Level), "outcomes": tuple(Outcome), "number": number,
        "most": MOST, "many_suspects": SUSPECTS, "open": len(examination) == 1,
    }
    whole = len(examination) <= FULL
    rows, rules = [], Rules()
    for place, each in enumerate(examination, 1):
        rules.add(each)
        rows.append(_row(each, f"u{place}", names, whole=whole))
    rows.sort(key=rank)
    script = _source(SCRIPT)
    stream = _environment().get_template(PAGE).stream(
        names, title=examination.title, rows=rows, rules=rules.found,
        with_errors=sum(row.levels[Level.ERROR.value] > 0 for row in rows),
        version=__version__, script=Markup(script), script_hash=_hash(script),  # noqa: S704 - the program's own file
    )
    yield from (piece.encode() for piece in stream)


def rank(row: Row) -> tuple[int, ...]:
    """Return what the units are ordered by: the one with most errors first, then by warnings and notes."""
    return tuple(-row.levels[level.value] for level in ORDER)


def _row(examined: Examined, prefix: str, names: Mapping[str, object], *, whole: bool) -> Row:
    """Return a unit-year's line and section; unless ``whole``, without the tables in which nothing is marked."""
    marks = marks_of(examined, f"{prefix}c")
    tables = list(tables_of(examined.accounts, marks)) if examined.accounts else []
    forms = list(forms_of(examined, marks))
    chosen_tables = [table for table in tables if whole or table.marks]
    chosen_forms = [form for form in forms if whole or form.marks]
    left_out = len(tables) + len(forms) - len(chosen_tables) - len(chosen_forms)
    module = _environment().get_template(SECTION).make_module({**names, "prefix": prefix, "marks": marks})
    rules = [rule for rule in examined.rules() if whole or rule.counts[Outcome.FAILS] or rule.reasons]
    section = module.section(examined, chosen_tables, chosen_forms, rules, left_out)  # type: ignore[attr-defined]
    return Row(
        prefix, examined.unit, examined.year, examined.accounts is None,
        {level.value: count for level, count in examined.levels().items()},
        {outcome.value: count for outcome, count in examined.outcomes().items()}, section,
    )


@cache
def _environment() -> Environment:
    return Environment(loader=PackageLoader("builder", "reports"), autoescape=True, undefined=StrictUndefined)


def _source(name: str) -> str:
    environment = _environment()
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def _hash(script: str) -> str:
    """Return what a Content-Security-Policy asks of the one script that may run."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
