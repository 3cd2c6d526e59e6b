"""Reasons that the form prints and nobody has written."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from builder.accounts.figures import Figure, UnknownIndicatorError
from builder.accounts.money import printed
from builder.accounts.subjects import LEVELS
from builder.findings import Level

from .case import Case
from .engine import rule
from .results import HOLDS, Result, fails

ANY_SUBJECT = "科目代码"
"""What stands for a subject's code in the name of an indicator that a form asks about for every subject."""
LAST_YEAR = "较上年"
ITEM_LENGTH = max(LEVELS)


@rule(
    "原因缺失", "增减写明了原因", severity=Level.NOTE,
    meaning="格式要印原因的数，与上年（或预算）不同的，说明.yaml 里写了原因。",
    formula="本年数 ≠ 上年数（预算数）且格式印原因 ⇒ 有原因",
)
def missing(case: Case) -> Iterator[Result]:
    """What the form's tags ask for (原因); a build tells those for certain. Source: 决算情况说明 (主要原因)."""
    for asked, against in case.asked_reasons:
        for figure in _figures(case, asked):
            base = _base(figure, against)
            if base is None or (figure.name, against) in case.reasons:
                yield HOLDS
            else:
                change = printed(figure.value) - printed(base)
                yield fails(
                    f"「{figure.name}」{against}{'增加' if change > 0 else '减少'} {abs(change):,} 万元，没有写原因；"
                    f"请在 说明.yaml 的「原因」下补写：{figure.name}: {{{against}: 原因文字}}",
                    *figure.sources[:1],
                )


def _figures(case: Case, asked: str) -> Iterator[Figure]:
    stem, _, last = asked.rpartition(".")
    of_subjects = (name for name in case.indicators.names() if name.startswith(f"{stem}."))
    for name in of_subjects if last == ANY_SUBJECT else (asked,):
        code = name.removeprefix(f"{stem}.")
        if last != ANY_SUBJECT or (code.isdigit() and len(code) == ITEM_LENGTH):
            try:
                yield case.indicators.get(name)
            except UnknownIndicatorError:  # a form may ask after what this year's tables do not have
                continue


def _base(figure: Figure, against: str) -> Decimal | None:
    """Return what the figure differs from; None where it equals, as printed, or where there is nothing to compare."""
    known = [figure.last_year] if against == LAST_YEAR else [figure.initial_budget, figure.adjusted_budget]
    bases = [base for base in known if base is not None]
    return None if any(printed(base) == printed(figure.value) for base in bases) else next(iter(bases), None)


RULES = (missing,)
