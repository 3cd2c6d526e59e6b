"""What is entered under a name that nothing asks for: figures of 上年.yaml and reasons of 说明.yaml."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from builder.accounts.definitions import plain_name
from builder.accounts.indicators import Indicators
from builder.accounts.statements import Statement
from builder.findings import Finding, Level, Source

PLACE_PARTS = 3
"""How many parts the name of a cell has: 表/行/列."""


def check_used(names: Mapping[str, Source], what: str, indicators: Indicators) -> Iterator[Finding]:
    """Yield a warning for each name that is neither an indicator nor a cell. ``names`` say where each stands."""
    known: list[str] = []
    for name, source in names.items():
        plain = plain_name(name)
        if plain in indicators or is_cell(plain, indicators.statements):
            continue
        known = known or list(indicators.names())
        near = difflib.get_close_matches(plain, known, 1)
        hint = f"是不是「{near[0]}」？" if near else "请核对指标名称"
        yield Finding(f"没有「{name}」这个指标，这里的{what}没有用上；{hint}", source, Level.WARNING)


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
