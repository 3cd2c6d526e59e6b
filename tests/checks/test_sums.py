"""The sums of a table are compared all at once: together they hold where each of them does."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builder.checks.sums import Sum, Sums

# 合计 = 208 + 210; 208 = 20801; 年末 = 年初 + 收入 - 支出
SUMS = Sums((Sum(0, (1, 2)), Sum(1, (3,)), Sum(7, (4, 5, 6), (6,))))
RIGHT = [30, 10, 20, 10, 5, 30, 28, 7]


def amounts(*numbers: int) -> list[Decimal]:
    return [Decimal(number) for number in numbers]


def test_sums_hold_where_each_does() -> None:
    assert SUMS.hold(amounts(*RIGHT))
    assert SUMS.hold(dict(enumerate(amounts(*RIGHT))))


@pytest.mark.parametrize("position", range(len(RIGHT)))
def test_one_wrong_amount_and_they_do_not_hold(position: int) -> None:
    wrong = [number + (place == position) for place, number in enumerate(RIGHT)]
    assert not SUMS.hold(amounts(*wrong))


def test_the_sums_that_cells_have_a_part_in() -> None:
    assert SUMS.touching([6, 1]) == [0, 1, 2]
    assert SUMS.touching([3, 99]) == [1]
    assert SUMS.touching([]) == []
    assert SUMS.cells == set(range(len(RIGHT)))
