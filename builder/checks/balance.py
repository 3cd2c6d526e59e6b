"""Figures that a style says must be equal (``应相等``): the two sides of a table, one total in two tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from builder.accounts.figures import Figure
from builder.accounts.indicators import Indicators
from builder.accounts.money import is_rounding_difference, printed
from builder.accounts.statements import CENT_OF_WAN
from builder.findings import Finding, Level


def check_equal(groups: Sequence[Sequence[str]], indicators: Indicators) -> Iterator[Finding]:
    """Yield a warning for each pair of neighbours in a group that differ by more than 尾差."""
    for group in groups:
        for left, right in pairwise(indicators.get(name) for name in group):
            leaves = max(_leaves(left), _leaves(right))
            if not is_rounding_difference(left.value, right.value, leaves, _step(left, right)):
                yield Finding(_message(left, right), next(iter(left.sources or right.sources), None), Level.WARNING)


def _leaves(figure: Figure) -> int:
    return sum(cell.leaves for cell in figure.cells) or 1


def _step(*figures: Figure) -> Decimal:
    """Return the last printed digit (元) of the coarser table."""
    return max((cell.step for figure in figures for cell in figure.cells), default=CENT_OF_WAN)


def _message(left: Figure, right: Figure) -> str:
    one, other = printed(left.value), printed(right.value)
    return (
        f"「{left.name}」{one:,} 万元，「{right.name}」{other:,} 万元，应当相等，现相差 {one - other:+,} 万元；"
        f"请用 juesuan explain 单位 年度 {left.name} 查看各由哪些数组成"
    )
