"""绩效: rates, points and sums."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from builder.accounts.performance import Project, totals


def project(**given: Any) -> Project:
    return Project.model_validate({"项目名称": "信息化"} | given, context={"places": 4})


@pytest.mark.parametrize(
    ("given", "rate", "points"),
    [
        ({"年初预算": "60", "执行数": "14.77"}, Decimal("24.61666666666666666666666667"), 5),  # 4.92
        ({"年初预算": "8", "执行数": "1"}, Decimal("12.5"), 3),  # 2.5 half up
        ({"年初预算": "60", "调整预算": "20", "执行数": "20"}, Decimal(100), 20),
        ({"年初预算": "60", "执行数": "90"}, Decimal(150), 20),  # never more than the points
        ({"年初预算": "0", "执行数": "3"}, None, None),
        ({"年初预算": "60", "调整预算": "0"}, None, None),
        ({"年初预算": "8", "执行数": "1", "执行率分值": "10"}, Decimal("12.5"), 1),  # 1.25
    ],
)
def test_execution(given: dict[str, str], rate: Decimal | None, points: int | None):
    made = project(**given)
    assert made.execution_rate == rate
    assert made.execution_score == points


def test_the_score_is_that_of_the_execution_and_of_all_targets():
    target = {"一级指标": "产出", "二级指标": "数量", "三级指标": "人数", "得分": "9.5"}
    made = project(年初预算="10", 执行数="9", 绩效指标=[target, target | {"得分": "10"}])
    assert made.total_score == Decimal("37.5")  # 18 + 9.5 + 10
    assert project(绩效指标=[target]).total_score == Decimal("9.5")


def test_sums_over_projects_take_the_adjusted_budget_where_there_is_one():
    projects = [project(年初预算="10", 执行数="9"), project(年初预算="5", 调整预算="7.1234")]
    assert totals(projects) == (150000, 171234, 90000)
    assert totals([]) == (0, 0, 0)
