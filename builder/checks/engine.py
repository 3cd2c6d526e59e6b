"""The engine of the cross-checks: runs every rule, counts every outcome, and puts failures of one cause together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from builder.findings import Finding, Level, Source

from .case import Case
from .results import HOLDS, Outcome, Result

Check = Callable[[Case], Iterable[Result]]
ORDER = tuple(Level)
"""Severities, the most severe first."""
NOTHING_TO_CHECK = "这份资料里没有这条规则所说的数"


@dataclass(frozen=True, slots=True)
class Rule:
    """One cross-check: what it is called, what it means, its formula in the words of the tables, and how it is made.

    With ``each``, every failure is said by itself in the messages of a build; otherwise one for each cause.
    """

    id: str
    title: str
    meaning: str
    formula: str
    check: Check
    severity: Level = Level.WARNING
    each: bool = False


def rule(
    id: str, title: str, *, meaning: str, formula: str, severity: Level = Level.WARNING, each: bool = False  # noqa: A002
) -> Callable[[Check], Rule]:
    """Make a rule of the function that checks it."""
    return lambda check: Rule(id, title, meaning, formula, check, severity, each)


@dataclass(frozen=True, slots=True)
class Group:
    """Failures that one wrong figure or text explains, the most telling first."""

    results: tuple[Result, ...]

    @property
    def head(self) -> Result:
        """The most severe of them."""
        return self.results[0]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the rules said of one case."""

    rules: tuple[Rule, ...]
    results: tuple[Result, ...]

    def counts(self) -> dict[Outcome, int]:
        """Return how many relations ended in each outcome."""
        counted = Counter(result.outcome for result in self.results)
        return {outcome: counted[outcome] for outcome in Outcome}

    def of(self, rule_id: str) -> tuple[Result, ...]:
        """Return the results of one rule."""
        return tuple(result for result in self.results if result.rule == rule_id)

    @property
    def failures(self) -> tuple[Result, ...]:
        """The relations that fail."""
        return tuple(result for result in self.results if result.outcome is Outcome.FAILS)

    def groups(self) -> list[Group]:
        """Return the failures by cause, the most severe first."""
        order = {rule.id: number for number, rule in enumerate(self.rules)}

        def rank(result: Result) -> tuple[int, int]:
            return ORDER.index(result.severity), order[result.rule]

        groups = [Group(tuple(sorted(members, key=rank))) for members in _by_cause(self.failures)]
        return sorted(groups, key=lambda group: rank(group.head))

    def findings(self) -> Iterator[Finding]:
        """Yield what a build says: each failure of rules that speak by themselves, and one for each other cause."""
        speaking = {rule.id for rule in self.rules if rule.each}
        yield from (_finding(result) for result in self.failures if result.rule in speaking)
        for group in self.groups():
            if not speaking & {result.rule for result in group.results}:
                more = len(group.results) - 1
                yield _finding(group.head, f"（同一原因还有 {more} 处不符，见 juesuan check）" if more else "")


def run(rules: Sequence[Rule], case: Case, severities: Mapping[str, Level] | None = None) -> Report:
    """Run every rule on a case; ``severities`` replace those of the rules, by id."""
    chosen = severities or {}
    results: list[Result] = []
    for each in rules:
        severity = chosen.get(each.id, each.severity)
        found = list(each.check(case)) or [Result(Outcome.NOT_APPLICABLE, NOTHING_TO_CHECK)]
        holds = replace(HOLDS, rule=each.id, severity=severity)  # one for all, for most relations hold
        results += (
            holds if result is HOLDS else replace(result, rule=each.id, severity=severity) for result in found
        )
    return Report(tuple(rules), tuple(results))


def _by_cause(failures: Sequence[Result]) -> Iterator[list[Result]]:
    """Yield the failures in groups: again and again, those that the place named by most of them explains."""
    left = list(failures)
    while left:
        named: Counter[Source] = Counter(place for result in left for place in dict.fromkeys(result.suspects))
        cause, number = max(named.items(), key=lambda item: item[1], default=(None, 0))
        if cause is None or number == 1:
            yield from ([result] for result in left)
            return
        yield [result for result in left if cause in result.suspects]
        left = [result for result in left if cause not in result.suspects]


def _finding(result: Result, more: str = "") -> Finding:
    return Finding(result.message + more, result.source, result.severity)
