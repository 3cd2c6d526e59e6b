"""What a cross-check says of one relation: its outcome, the two values, where they stand, and what to look at."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from builder.accounts.statements import Place
from builder.findings import Level, Source


class Outcome(StrEnum):
    """How a rule ends for one relation."""

    HOLDS = "成立"
    FAILS = "不成立"
    NOT_APPLICABLE = "不适用"
    UNDECIDED = "无法判断"


class Result(NamedTuple):
    """One relation, checked.

    ``stated`` is the value found and ``expected`` what it should be: 元, or plain numbers where ``is_money`` is not
    set. ``suspects`` are the places of the files one of which must be wrong where the relation fails. ``rule`` and
    ``severity`` are set by the engine, from the rule that gave the result.
    """

    outcome: Outcome
    message: str = ""
    source: Source | None = None
    place: Place | None = None
    stated: Decimal | None = None
    expected: Decimal | None = None
    suspects: tuple[Source, ...] = ()
    is_money: bool = True
    rule: str = ""
    severity: Level = Level.WARNING

    @property
    def difference(self) -> Decimal | None:
        """What is found, less what is expected; None where the relation is not one between two values."""
        return None if self.stated is None or self.expected is None else self.stated - self.expected


def holds() -> Result:
    """Return the result of a relation that holds."""
    return HOLDS


def undecided(why: str, place: Place | None = None, source: Source | None = None) -> Result:
    """Return the result of a relation that cannot be decided, and why."""
    return Result(Outcome.UNDECIDED, why, source, place)


def fails(message: str, *sources: Source) -> Result:
    """Return the result of a relation that fails and is not one between two values."""
    return Result(Outcome.FAILS, message, sources[0] if sources else None, suspects=sources)


def judged(*, good: bool, message: str, sources: tuple[Source, ...]) -> Result:
    """Return a result for a plain condition: it holds, or it fails with the message."""
    return HOLDS if good else fails(message, *sources)


HOLDS = Result(Outcome.HOLDS)
