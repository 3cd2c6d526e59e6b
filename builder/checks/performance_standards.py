"""绩效自评, points by 评分标准: deductions that its words state so that they can be computed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache
from typing import NamedTuple

from builder.accounts.completion import HUNDRED, TEXTS, bounds_of, completion, is_met, plain, quantities, same_unit
from builder.accounts.money import ZERO
from builder.findings import Level

from .case import Case
from .engine import rule
from .evaluations import evaluations
from .performance_results import wrong_number
from .readings import half
from .results import HOLDS, Result, undecided

STEP = re.compile(
    r"每(?P<way>超过|增加|上升|下降|降低|少于|低于|高于|多使用|[少低降高超多晚])(?:使用)?"
    r"(?P<step>\d+(?:\.\d+)?)(?P<unit>[^\d，,。；;]*?)[，,]?\s*扣(?P<points>\d+(?:\.\d+)?)分"
)
"""A deduction: 每少10元扣1分."""
EACH = "每"
LIMITED = re.compile(r"最多|上限|累计")
"""Words of a standard that takes off no more than some points."""
LESS = ("下降", "降低", "少", "低", "降", "少于", "低于")
MORE = ("超过", "增加", "上升", "高", "超", "多", "多使用", "高于")
BY_RATE = re.compile(r"按(?:照)?(?:实际)?完成比[例率]计分")


class Deduction(NamedTuple):
    """A rule of a 评分标准: for each ``step`` below (or above) the target ``points`` are taken off."""

    upwards: bool
    step: Decimal
    unit: str
    points: Decimal


@lru_cache(maxsize=TEXTS)
def deductions(standard: str) -> Sequence[Deduction]:
    """Return the deductions that a 评分标准 states, in words that leave no doubt; none where one is of another kind."""
    if EACH not in standard or LIMITED.search(standard):
        return ()
    found = []
    for match in STEP.finditer(plain(standard)):
        if match["way"] not in LESS and match["way"] not in MORE:
            return ()
        unit = match["unit"].removeprefix("个百分点") or "%"
        found.append(Deduction(match["way"] in MORE, Decimal(match["step"]), unit, Decimal(match["points"])))
    return found


@rule(
    "评分标准", "得分按评分标准扣", severity=Level.ERROR,
    meaning="评分标准写明每少（或每超）多少扣几分的，得分按目标值和完成值的差扣。",
    formula="得分 ＝ 分值 － 差 ÷ 每档 × 每档扣分，不小于零",
)
def standards(case: Case) -> Iterator[Result]:
    """Lines whose 评分标准 says 每少10元扣1分, or 按完成比率计分. Source: 绩效自评指标体系, 评分标准.

    A step that has begun may count, or not, or in part; the step of a rate may be points of the rate, or a share of
    the target. What no reading gives is wrong.
    """
    for form in evaluations(case, "分值", "得分", "评分标准"):
        for row, points, score in form.scored:
            if points is None or score is None:
                continue
            standard = row["评分标准"]
            steps = deductions(standard)
            if not steps and not BY_RATE.search(plain(standard)):
                continue
            target, actual = form.compared(row)
            allowed = _by_steps(steps, points, target, actual) if steps else _by_completion(points, target, actual)
            values = f"目标值 {target or '没有填'}，完成值 {actual or '没有填'}"
            if allowed is None:
                what = f"{row.form}：「{row.name}」{values}，不能按评分标准计算"
                yield undecided(what, row.place("得分"), row.at("得分"))
                continue
            low, high = min(allowed), max(allowed)
            if low <= score <= high or low - half(row["得分"]) <= score <= high + half(row["得分"]):
                yield HOLDS
                continue
            what = f"{values}，按评分标准应得 {_span(low, high)} 分"
            yield wrong_number(row, "得分", high, what, "评分标准", form.compared_at(row, "完成值"))


def _span(low: Decimal, high: Decimal) -> str:
    ends = dict.fromkeys(f"{end.quantize(Decimal('0.01')).normalize():f}" for end in (low, high))
    return "—".join(ends)


def _by_steps(rules: Sequence[Deduction], points: Decimal, target: str, actual: str) -> list[Decimal] | None:
    """Return the points that each reading of the deductions gives; None where the values cannot be compared."""
    wanted, reached = quantities(plain(target)), quantities(plain(actual))
    bounds, done = bounds_of(plain(target)), is_met(actual, target)
    if bounds is None or not reached or done is None:
        return None
    if done:
        return [points]
    value = reached[0].value
    upwards = value > bounds[1]
    chosen = next((each for each in rules if each.upwards is upwards), None)
    if chosen is None or not chosen.step or not same_unit(wanted[-1].unit, chosen.unit):
        return None
    gap = value - bounds[1] if upwards else bounds[0] - value
    near = bounds[1] if upwards else bounds[0]
    gaps = [gap, gap / near * HUNDRED] if chosen.unit == "%" and near else [gap]
    counts = [count for each in gaps for count in _steps(each / chosen.step)]
    return [max(points - count * chosen.points, ZERO) for count in counts]


def _steps(share: Decimal) -> list[Decimal]:
    return [share.quantize(Decimal(1), rounding) for rounding in (ROUND_FLOOR, ROUND_CEILING)]


def _by_completion(points: Decimal, target: str, actual: str) -> list[Decimal] | None:
    rate, done = completion(actual, target), is_met(actual, target)
    if done is None or rate is None or not quantities(plain(target)):
        return None
    exact = points if done else points * min(rate, HUNDRED) / HUNDRED
    return [exact, *(exact.quantize(Decimal(1), rounding) for rounding in (ROUND_FLOOR, ROUND_CEILING))]


RULES = (standards,)
