"""The engine of the cross-checks: runs every rule, counts every outcome, and puts failures of one cause together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from builder.accounts.money import is_rounding_difference
from builder.findings import Finding, Level, Source

from .case import Case
from .results import HOLDS, Outcome, Result

Check = Callable[[Case], Iterable[Result]]
FAILS = Outcome.FAILS
ORDER = tuple(Level)
"""Severities, the most severe first."""
NOTHING_TO_CHECK = "这份资料里没有这条规则所说的数"
ROUNDED = 9
"""Two differences that so many rounded figures may set apart are one."""


def usual(rule_id: str, severity: Level) -> tuple[Result, Result]:
    """Return what a rule says of every relation that holds, and where it has nothing to check: most say no more."""
    return (
        HOLDS._replace(rule=rule_id, severity=severity),
        Result(Outcome.NOT_APPLICABLE, NOTHING_TO_CHECK, rule=rule_id, severity=severity),
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """One cross-check: what it is called, what it means, its formula in the words of the tables, and how it is made.

    With ``each``, every failure is said by itself in the messages of a build; otherwise one for each cause. ``usual``
    is what it says by itself of a relation that holds, and where there is none.
    """

    id: str
    title: str
    meaning: str
    formula: str
    check: Check
    severity: Level = Level.WARNING
    each: bool = False
    usual: tuple[Result, Result] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make what it says of most relations, once."""
        object.__setattr__(self, "usual", usual(self.id, self.severity))


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
    """Everything that the rules said of one case; ``failures`` are those of the relations that fail."""

    rules: tuple[Rule, ...]
    results: tuple[Result, ...]
    failures: tuple[Result, ...] = ()

    def counts(self) -> dict[Outcome, int]:
        """Return how many relations ended in each outcome."""
        counted = Counter(result.outcome for result in self.results)
        return {outcome: counted[outcome] for outcome in Outcome}

    def of(self, rule_id: str) -> tuple[Result, ...]:
        """Return the results of one rule."""
        return tuple(result for result in self.results if result.rule == rule_id)

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
        failures = self.failures
        yield from (_finding(result) for result in failures if result.rule in speaking)
        for group in self.groups() if failures else ():
            if not speaking & {result.rule for result in group.results}:
                more = len(group.results) - 1
                yield _finding(group.head, f"（同一原因还有 {more} 处不符，见 juesuan check）" if more else "")


def run(rules: Sequence[Rule], case: Case, severities: Mapping[str, Level] | None = None) -> Report:
    """Run every rule on a case; ``severities`` replace those of the rules, by id."""
    chosen = severities or {}
    results: list[Result] = []
    failures: list[Result] = []
    for each in rules:
        severity = chosen.get(each.id, each.severity)
        found = list(each.check(case))
        holds, nothing = each.usual if severity is each.severity else usual(each.id, severity)
        if not found:
            results.append(nothing)
        elif found.count(HOLDS) == len(found):
            results += [holds] * len(found)
        else:
            said = [holds if result is HOLDS else _of_rule(result, each.id, severity, case) for result in found]
            results += said
            failures += [result for result in said if result is not holds and result.outcome is FAILS]
    return Report(tuple(rules), tuple(results), tuple(failures))


def _of_rule(result: Result, rule_id: str, severity: Level, case: Case) -> Result:
    """Return a result as one of a rule, and without what is nobody's cause."""
    outcome, message, source, place, stated, expected, suspects, is_money, _, _ = result
    if suspects:
        start = case.at()  # stands for what is not in the file at all, so it is nobody's cause
        if start in suspects:
            suspects = tuple(suspect for suspect in suspects if suspect != start)
    return Result(outcome, message, source, place, stated, expected, suspects, is_money, rule_id, severity)


def _by_cause(failures: Sequence[Result]) -> Iterator[list[Result]]:
    """Yield the failures in groups: again and again, those that the place named by most of them explains.

    Where these show two differences, each of them twice or more, there are two mistakes: the more frequent goes first.
    """
    left = list(failures)
    while left:
        named: Counter[Source] = Counter(place for result in left for place in dict.fromkeys(result.suspects))
        cause, number = max(named.items(), key=lambda item: item[1], default=(None, 0))
        if cause is None or number == 1:
            yield from ([result] for result in left)
            return
        group = _of_one_difference([result for result in left if cause in result.suspects])
        yield group
        left = [result for result in left if not any(result is member for member in group)]


def _of_one_difference(results: list[Result]) -> list[Result]:
    """Return the failures without those that repeat another difference than the most frequent one."""
    alike: list[tuple[Decimal, list[Result]]] = []
    for result in results:
        if result.is_money and result.difference:
            size = abs(result.difference)
            same = next((found for first, found in alike if is_rounding_difference(first, size, ROUNDED)), None)
            if same is None:
                alike.append((size, same := []))
            same.append(result)
    repeated = [found for _, found in alike if len(found) > 1]
    most = max(repeated, key=len, default=[])
    others = [result for found in repeated if found is not most for result in found]
    return [result for result in results if not any(result is other for other in others)]


def _finding(result: Result, more: str = "") -> Finding:
    return Finding(result.message + more, result.source, result.severity)
