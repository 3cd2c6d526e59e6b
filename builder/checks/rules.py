"""All cross-checks, in the order in which they run and are reported where they are equally severe."""

from __future__ import annotations

from . import (
    between_tables,
    budgets,
    departments,
    empty,
    facts,
    gaps,
    own,
    performance,
    printed_words,
    reasons,
    roll_ups,
    stated,
    subjects,
    texts,
    three_public,
    totals,
    typography,
    unused,
)
from .engine import Rule

RULES: tuple[Rule, ...] = (
    *stated.RULES,
    *printed_words.RULES,
    *gaps.RULES,
    *subjects.RULES,
    *totals.RULES,
    *roll_ups.RULES,
    *between_tables.RULES,
    *three_public.RULES,
    *facts.RULES,
    *budgets.RULES,
    *performance.RULES,
    *departments.RULES,
    *unused.RULES,
    *empty.RULES,
    *reasons.RULES,
    *texts.RULES,
    *typography.RULES,
)


def rules_with(declared: own.OwnRules) -> tuple[Rule, ...]:
    """Return the rules of the program and those that a bureau declares."""
    return (*RULES, *map(own.as_rule, declared))
