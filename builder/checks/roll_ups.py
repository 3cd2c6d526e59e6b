"""Roll-ups by subject: 项 → 款 → 类 → 合计, in every table by functional or economic subject."""

from __future__ import annotations

from collections.abc import Sequence

from .case import Case
from .comparing import check_sums
from .engine import rule
from .results import Result


@rule(
    "科目汇总",
    "科目逐级汇总",
    meaning="按科目列行的表里，类等于所属各款之和，款等于所属各项之和，合计等于各类之和。",
    formula="款 ＝ Σ项；类 ＝ Σ款；合计 ＝ Σ类",
)
def by_subject(case: Case) -> Sequence[Result]:
    """Every level of the subject tree. Source: 部门决算公开表 编制说明, tables by 支出功能分类 and 支出经济分类."""
    return check_sums(case, lambda plan: plan.roll_ups, "逐级汇总", lambda cell: cell.place.row)


RULES = (by_subject,)
