"""What is entered under a name that nothing asks for: figures of 上年.yaml and reasons of 说明.yaml."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from builder.accounts.definitions import plain_name
from builder.accounts.indicators import Indicators
from builder.accounts.statements import Statement
from builder.findings import Source, Spot

from .case import Case
from .engine import rule
from .results import HOLDS, Result, fails

CLOSE = 0.6
"""How close a name must be to be suggested: which part of the characters of both is common, in order."""
PLACE_PARTS = 3
"""How many parts the name of a cell has: 表/行/列."""


@rule(
    "未用",
    "填写的上年数和原因都用得上",
    meaning="上年.yaml、说明.yaml 里的每个名称，都是格式里的指标或公开表的单元格。",
    formula="名称 ∈ 指标、单元格", each=True,
)
def used(case: Case) -> Iterator[Result]:
    """Names of 上年.yaml and of the reasons of 说明.yaml. Source: the style's 指标."""
    yield from _used({name: given.at for name, given in case.given_before.items()}, "上年数", case.indicators)
    yield from _used({name: reason.where for (name, _), reason in case.reasons.items()}, "原因", case.indicators)


def _used(names: Mapping[str, Source | Spot], what: str, indicators: Indicators) -> Iterator[Result]:
    """Yield a failure for each name that is neither an indicator nor a cell. ``names`` say where each stands."""
    known: list[str] = []
    for name, at in names.items():
        plain = plain_name(name)
        if plain in indicators or is_cell(plain, indicators.statements):
            yield HOLDS
            continue
        known = known or list(indicators.names())
        near = difflib.get_close_matches(plain, _perhaps_close(plain, known), 1, CLOSE)
        hint = f"是不是「{near[0]}」？" if near else "请核对指标名称"
        yield fails(f"没有「{name}」这个指标，这里的{what}没有用上；{hint}", at.source)


def _perhaps_close(name: str, known: Sequence[str]) -> list[str]:
    """Return the names that have enough characters of a name to be close to it; difflib takes longer to see that."""
    has, size = frozenset(name).__contains__, len(name)
    return [other for other in known if 2 * sum(map(has, other)) >= CLOSE * (size + len(other))]


def is_cell(name: str, statements: Mapping[str, Statement]) -> bool:
    """Tell whether a name is that of a table's cell, with a row there or a subject that has none this year."""
    parts = name.split("/")
    if len(parts) != PLACE_PARTS or parts[0] not in statements:
        return False
    statement = statements[parts[0]]
    row = statement.rows.get(parts[1])
    if row is not None:
        return parts[2] in row.cells
    return parts[1].isdigit() and any(parts[2] in block.spec.columns for block in statement.blocks.values())


RULES = (used,)
