"""What every report shows of one unit-year: its problems by cause, and for each cause what to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from builder.accounting import Accounts
from builder.accounts.money import printed
from builder.checks.engine import ORDER, Report
from builder.checks.results import Outcome, Result
from builder.findings import Finding, Level
from builder.workspace import CONTENT

from .suspects import Contents, Suspect, suspects_of

CONCERNS = "输入"
"""The rule that findings on the files themselves are given under."""
CONCERNS_TITLE = "资料文件"


@dataclass(frozen=True, slots=True)
class Problem:
    """One relation that does not hold, or one finding on the files: its number in the report and its rule's title."""

    number: str
    title: str
    result: Result


@dataclass(frozen=True, slots=True)
class Cause:
    """Problems that one wrong figure or text explains, the most telling first.

    ``suspects`` are the places that every one of the problems involves: one of them is wrong.
    """

    problems: tuple[Problem, ...]
    suspects: tuple[Suspect, ...] = ()

    @property
    def severity(self) -> Level:
        """How severe the most severe of the problems is."""
        return self.problems[0].result.severity


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule ended in each outcome, and why it could not be decided (each reason once)."""

    id: str
    title: str
    meaning: str
    formula: str
    counts: Mapping[Outcome, int]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Examined:
    """One unit-year, examined; without ``accounts`` its files could not be used."""

    unit: str
    year: int
    causes: tuple[Cause, ...]
    accounts: Accounts | None = None

    @property
    def problems(self) -> Iterator[Problem]:
        """Every problem, in the order of the report."""
        return (problem for cause in self.causes for problem in cause.problems)

    @property
    def has_errors(self) -> bool:
        """Whether any problem is an error."""
        return self.accounts is None or any(problem.result.severity is Level.ERROR for problem in self.problems)

    def levels(self) -> dict[Level, int]:
        """Return how many problems there are of each severity."""
        counted = Counter(problem.result.severity for problem in self.problems)
        return {level: counted[level] for level in Level}

    def outcomes(self) -> dict[Outcome, int]:
        """Return how many relations ended in each outcome; all zero where the files could not be used."""
        return self.accounts.report.counts() if self.accounts else dict.fromkeys(Outcome, 0)

    def rules(self) -> list[RuleCount]:
        """Return every rule with its outcomes, in the order in which they are checked."""
        if self.accounts is None:
            return []
        found: dict[str, list[Result]] = {rule.id: [] for rule in self.accounts.report.rules}
        for result in self.accounts.report.results:
            found[result.rule].append(result)
        return [
            RuleCount(
                rule.id, rule.title, rule.meaning, rule.formula,
                {outcome: sum(each.outcome is outcome for each in found[rule.id]) for outcome in Outcome},
                tuple(dict.fromkeys(each.message for each in found[rule.id] if each.outcome is Outcome.UNDECIDED)),
            )
            for rule in self.accounts.report.rules
        ]

    def shortened(self, text: str) -> str:
        """Return a text in which the files of the unit's year are named without their folder."""
        return text.replace(f"{CONTENT}/{self.unit}/{self.year}/", "")


class Examination:
    """Unit-years that are examined one after the other, as a report asks for them; ``failed`` once one has errors."""

    def __init__(self, wanted: Sequence[tuple[str, int]], units: Iterable[Examined]) -> None:
        self.wanted = wanted
        self.failed = False
        self._units = units

    def __len__(self) -> int:
        return len(self.wanted)

    def __iter__(self) -> Iterator[Examined]:
        for each in self._units:
            self.failed = self.failed or each.has_errors
            yield each

    @property
    def title(self) -> str:
        """What the report is about: the unit, or all of them; and the year where it is the same."""
        years = {year for _, year in self.wanted}
        name = self.wanted[0][0] if len(self.wanted) == 1 else "各单位"
        return f"{name}{years.pop()}年度核对报告" if len(years) == 1 else f"{name}核对报告"


def examined(unit: str, year: int, accounts: Accounts) -> Examined:
    """Return a unit-year with everything that is wrong with it, the most severe cause first."""
    report = accounts.report
    titles = {rule.id: rule.title for rule in report.rules}
    contents = Contents(accounts)
    groups: list[list[Result]] = [[_of_finding(finding)] for finding in input_findings(accounts.findings, report)]
    groups += [list(group.results) for group in report.groups()]
    groups.sort(key=lambda results: ORDER.index(results[0].severity))
    return Examined(unit, year, tuple(_causes(groups, titles, contents)), accounts)


def refused(unit: str, year: int, findings: Iterable[Finding]) -> Examined:
    """Return a unit-year whose files cannot be used."""
    groups = [[_of_finding(finding)] for finding in dict.fromkeys(findings)]
    groups.sort(key=lambda results: ORDER.index(results[0].severity))
    return Examined(unit, year, tuple(_causes(groups, {})))


def input_findings(findings: Iterable[Finding], report: Report) -> list[Finding]:
    """Return what was said of the files themselves, before any rule."""
    said = set(report.findings())
    return [finding for finding in findings if finding not in said]


def _of_finding(finding: Finding) -> Result:
    return Result(Outcome.FAILS, finding.message, finding.source, rule=CONCERNS, severity=finding.level)


def _causes(
    groups: Iterable[list[Result]], titles: Mapping[str, str], contents: Contents | None = None
) -> Iterator[Cause]:
    for number, results in enumerate(groups, 1):
        problems = tuple(
            Problem(str(number) if not place else f"{number}-{place}", titles.get(each.rule, CONCERNS_TITLE), each)
            for place, each in enumerate(results)
        )
        common = [
            source for source in dict.fromkeys(results[0].suspects)
            if source.path and all(source in each.suspects for each in results[1:])
        ]
        yield Cause(problems, suspects_of(common, results[0].difference, contents))


def number(value: Decimal | None, result: Result, *, signed: bool = False) -> str:
    """Return one of a result's values as a reader wants it: 万元 with separators, or the plain number; with a sign."""
    if value is None:
        return ""
    sign = "+" if signed and value > 0 else ""
    return sign + (f"{printed(value):,}" if result.is_money else f"{value.normalize():,f}")
