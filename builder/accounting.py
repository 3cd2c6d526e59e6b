"""From the files of one unit-year to its accounts: ledger → statements → indicators, with last year's beside them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from builder.accounts.consolidation import Consolidation
from builder.accounts.definitions import ANY, plain_name
from builder.accounts.entering import eliminated_entries, ledger_of
from builder.accounts.figures import UnknownIndicatorError
from builder.accounts.forms import Form
from builder.accounts.indicators import Indicators, subjects_before
from builder.accounts.leaves import leaves_of
from builder.accounts.statements import Statement
from builder.accounts.subjects import Subjects
from builder.accounts.tabulating import build_statement
from builder.checks.case import Case, FilledForm, Prose
from builder.checks.engine import Report, run
from builder.checks.rules import rules_with
from builder.findings import Finding, InputError, Level, Source, errors
from builder.loading.cache import Cache
from builder.loading.forms import fill_in
from builder.loading.subjects import load_subjects
from builder.loading.unit import UnitYear, load_year
from builder.style import Style
from builder.workspace import CONTENT, UNIT_FILE, Workspace

Reasons = Collection[tuple[str, str]]
"""Indicators and comparisons of which a form prints a reason."""
Asked = Callable[[Style], Reasons]
Units = Callable[[Style, Subjects], Consolidation | None]
"""Gives what a department's figures should be by its units, in the tables of its style."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of one unit-year in a style's tables."""

    unit_year: UnitYear
    style: Style
    statements: Mapping[str, Statement]
    indicators: Indicators
    forms: tuple[Form, ...]
    findings: tuple[Finding, ...]
    report: Report


def open_accounts(
    workspace: Workspace, unit: str, year: int, styles: Callable[[str, Source], Style], asked: Asked | None = None,
    *, checked: bool = True, units: Units | None = None, cache: Cache | None = None,
) -> Accounts:
    """Read and calculate a unit-year; ``styles`` gives a style by name, ``asked`` the reasons that its form prints.

    ``units`` gives what a department's units add up to, to compare it with; ``cache`` is of what was parsed.
    Unless ``checked``, the cross-checks are left out, for a document that is only compared.
    Raises InputError where a file cannot be used, or an indicator of the style has no place in this year's tables.
    """
    subjects, notes = load_subjects(workspace.root, year)
    unit_year = load_year(workspace.root, unit, year, subjects, cache)
    findings = [*unit_year.findings, *notes]
    style = styles(unit_year.card.style, Source(f"{CONTENT}/{unit}/{UNIT_FILE}"))
    forms, wrong_forms = fill_in(unit_year.forms, style.forms)
    if errors(wrong_forms):
        raise InputError([*findings, *wrong_forms])
    last_year = last_year_of(workspace, unit, year - 1, style, findings, cache=cache)
    indicators = calculate(unit_year, style, subjects, last_year)
    if wrong := list(_without_place(indicators, style)):
        raise InputError([*findings, *wrong])
    report = Report((), ())
    if checked:
        everyone = workspace.units()
        report = check(
            unit_year, style, subjects, indicators, everyone,
            asked=asked(style) if asked else (), sums=units(style, subjects) if units else None,
        )
        findings += report.findings()
    return Accounts(unit_year, style, indicators.statements, indicators, forms, tuple(findings), report)


def check(
    unit_year: UnitYear, style: Style, subjects: Subjects, indicators: Indicators,
    units: Sequence[str] = (), *, asked: Reasons = (), sums: Consolidation | None = None,
) -> Report:
    """Run the cross-checks on a unit-year.

    ``units`` are all units of the workspace, ``asked`` the reasons that the form prints, ``sums`` what a department's
    units add up to.
    """
    case = replace(case_of(unit_year, style, subjects, indicators, units), asked_reasons=asked, sums=sums)
    return run(rules_with(style.rules.rules), case, style.rules.severities)


def case_of(
    unit_year: UnitYear, style: Style, subjects: Subjects, indicators: Indicators, units: Sequence[str] = ()
) -> Case:
    """Return a unit-year as the cross-checks see it; ``units`` are all units of the workspace."""
    reasons = {
        (name, against): Prose(f"「{name}/{against}」的原因", reason.text, reason.at)
        for (name, against), reason in unit_year.reasons.items()
    }
    texts = [
        *reasons.values(),
        *(Prose(f"说明「{name}」", text, unit_year.text_places[name]) for name, text in unit_year.texts.items()),
        *(Prose(f"{name}.md ", long.text, Source(long.path), True) for name, long in unit_year.long_texts.items()),
    ]
    return Case(
        unit_year.year,
        unit_year.card,
        unit_year.facts,
        unit_year.positions,
        unit_year.stated,
        unit_year.stated_words,
        subjects.with_local(unit_year.card.subjects),
        indicators,
        unit_year.last_year,
        style.sheet.equal,
        reasons,
        texts,
        tuple(zip(unit_year.projects, unit_year.project_positions, strict=True)),
        [FilledForm(form.data, form.positions) for form in unit_year.forms if isinstance(form.data, dict)],
        unit_year.name,
        units,
    )


def calculate(
    unit_year: UnitYear, style: Style, subjects: Subjects, last_year: Indicators | None = None
) -> Indicators:
    """Return the tables and indicators of a unit-year in a style, with ``last_year``'s beside them where known."""
    sheet = style.sheet
    subjects = subjects.with_local(unit_year.card.subjects)
    eliminated = eliminated_entries(unit_year.eliminations, unit_year.elimination_positions)
    ledger = ledger_of(unit_year.facts, unit_year.positions, eliminated)
    given = {plain_name(name): value for name, value in unit_year.last_year.items()}
    statements = {
        name: build_statement(
            table, ledger, subjects, unit_year.stated,
            before=subjects_before(name, style.definitions, given, last_year) if table.lists_last_year else (),
        )
        for name, table in style.tables.items()
    }
    return Indicators(
        style.definitions,
        statements,
        ledger,
        leaves_of(unit_year.facts, unit_year.positions, sheet.zero_unless_given),
        given,
        last_year,
        {plain_name(total): tuple(parts) for total, parts in sheet.composition.items()},
    )


def _without_place(indicators: Indicators, style: Style) -> Iterator[Finding]:
    """Yield a finding for each definition that this unit-year cannot fill: a row of another year, a fact not given."""
    for name in indicators.definitions:
        if name.endswith(ANY):
            continue
        try:
            indicators.get(name)
        except UnknownIndicatorError as error:
            yield Finding(f"指标「{name}」：{error}", style.positions.nearest(("指标", name)))


def last_year_of(
    workspace: Workspace, unit: str, year: int, style: Style, findings: list[Finding],
    *, cache: Cache | None = None,
) -> Indicators | None:
    """Return last year's indicators where last year's facts are in the workspace."""
    if year not in workspace.years(unit):
        return None
    try:
        subjects, _notes = load_subjects(workspace.root, year)
        before = load_year(workspace.root, unit, year, subjects, cache)
    except InputError as error:
        findings += (
            Finding(f"{finding.message}（上年度的资料有误，没有取到上年数）", finding.source, Level.WARNING)
            for finding in error.findings
        )
        return None
    return calculate(before, style, subjects)
