"""The report as text: a message begins with ``file:line:column:``, so that an editor can jump there."""

from __future__ import annotations

from collections.abc import Iterator

from builder.checks.results import Outcome
from builder.findings import Level

from .examined import CONCERNS, Cause, Examination, Examined, Problem

ADVICE = "请"
"""What begins the part of a message that says what to do."""
SHOWN = 6
"""How many places one cause's line names."""


def text_lines(examination: Examination) -> Iterator[bytes]:
    """Yield the report line by line, a unit-year after the other."""
    for each in examination:
        yield from (f"{line}\n".encode() for line in lines_of(each))


def lines_of(examined: Examined) -> Iterator[str]:
    """Yield the report on one unit-year: failures by cause, the most severe first, then the counts."""
    yield f"{examined.unit} {examined.year} 年度"
    for cause in examined.causes:
        yield from _cause(examined, cause)
    if examined.accounts is None:
        yield f"没有核对：{examined.unit} {examined.year} 年度的资料不能使用，请先改正上面的错误"
        return
    counts = examined.outcomes()
    failures = [problem.result.severity for problem in examined.problems if problem.result.rule != CONCERNS]
    of_levels = "、".join(f"{level.value} {failures.count(level)}" for level in Level)
    yield "  ".join(f"{outcome.value} {counts[outcome]}" for outcome in Outcome) + f"（不成立中：{of_levels}）"
    for rule in examined.rules():
        if rule.reasons:
            open_ = rule.counts[Outcome.UNDECIDED]
            yield f"  无法判断：[{rule.title}] {open_} 处，如 {examined.shortened(rule.reasons[0])}"


def _cause(examined: Examined, cause: Cause) -> Iterator[str]:
    first, *others = cause.problems
    result = first.result
    place = f"{result.source}: " if result.source and result.source.path else ""
    yield f"{first.number}. {place}{result.severity.value}：[{first.title}] {examined.shortened(result.message)}"
    if others:
        yield f"   同一原因还有 {len(others)} 处不符："
        yield from (f"   {problem.number} {_other(examined, problem)}" for problem in others)
    if others or len(cause.suspects) > 1:
        yield from _suspects(examined, cause)


def _other(examined: Examined, problem: Problem) -> str:
    """Return one line on a problem that an earlier one explains: where, both values, the difference."""
    result = problem.result
    what = examined.shortened(result.message).partition(ADVICE)[0].rstrip("；。，")  # the cause's places follow below
    source = examined.shortened(str(result.source)) if result.source and result.source.path else ""
    return f"{result.severity.value}：[{problem.title}] {what}" + (f"（{source}）" if source else "")


def _suspects(examined: Examined, cause: Cause) -> Iterator[str]:
    """Yield what to look at: the places that every problem of the cause involves."""
    if not cause.suspects:
        return
    yield "   先看这里" + ("（上面每一处都用到）：" if len(cause.problems) > 1 else "：")
    for suspect in cause.suspects[:SHOWN]:
        what = f"  {suspect.what}" if suspect.what else ""
        yield f"     {examined.shortened(str(suspect.source))}{what}"
    if len(cause.suspects) > SHOWN:
        yield f"     等 {len(cause.suspects)} 处"
