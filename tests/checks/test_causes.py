"""Failures are put together by the place that explains them, and apart where they show two mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import cast

from builder.checks.case import Case
from builder.checks.engine import Report, Rule, run
from builder.checks.results import Outcome, Result, fails
from builder.findings import Source

START = Source("决算.yaml", 6, 1)
SHARED, OTHER = Source("决算.yaml", 40, 54), Source("决算.yaml", 41, 39)


def nothing(_case: Case) -> Iterator[Result]:
    return iter(())


SUMS = Rule("合计", "合计", "", "", nothing)


def failure(difference: str, *places: Source, rule: str = "合计") -> Result:
    return Result(Outcome.FAILS, "", places[0], None, Decimal(difference), Decimal(0), places, rule=rule)


def sizes(*results: Result) -> list[set[Decimal]]:
    groups = Report((SUMS,), results, results).groups()
    return [{abs(each.difference or Decimal(0)) for each in group.results} for group in groups]


def test_two_differences_each_found_twice_are_two_mistakes() -> None:
    large = [failure("30500", SHARED, OTHER), failure("-30500", SHARED, OTHER), failure("30500", OTHER, SHARED)]
    small = [failure("200", SHARED), failure("-200", SHARED)]
    assert sizes(*large, *small) == [{Decimal(30500)}, {Decimal(200)}]


def test_differences_that_rounding_sets_apart_are_one_mistake() -> None:
    # 135.26 and 135.25 万元
    found = [failure(each, SHARED) for each in ("1352600", "1352500", "-1352600", "-1352500")]
    assert len(sizes(*found)) == 1


def test_differences_found_once_stay_with_what_explains_them() -> None:
    assert sizes(failure("500", SHARED), failure("700", SHARED), failure("700", SHARED)) == [
        {Decimal(500), Decimal(700)}
    ]


def test_what_is_not_in_the_file_at_all_is_no_common_cause() -> None:
    def check(_case: Case) -> Iterator[Result]:
        yield fails("没有填写年初预算", START)
        yield fails("没有机关运行经费", START)

    case = cast("Case", SimpleNamespace(at=lambda *_path: START))
    report = run([Rule("未填", "未填", "", "", check)], case)
    assert [[each.source for each in group.results] for group in report.groups()] == [[START], [START]]
