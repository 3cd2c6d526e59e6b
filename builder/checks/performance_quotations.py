"""绩效自评, what the texts of a line quote: the target in 参考标准 and 评分标准, the result in 得扣分原因."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from builder.accounts.completion import MOMENT, TEXTS, Quantity, plain, quantities, same_unit

from .case import Case
from .engine import rule
from .evaluations import evaluations
from .performance_results import wrong_text
from .readings import says
from .results import HOLDS, Result

DATE = re.compile(r"20\d\d年(?:\d{1,2}月)?(?:底)?")
PER_STEP = re.compile(r"(?:每\S{0,4}?|[少超低高多晚扣得])\d+(?:\.\d+)?[^，,。；;]*")
"""What a text says of steps, points and gaps: its numbers are not those of the target."""
BOUND = re.compile(r"(?:等于|达到?|低于|高于|大于|超过|应在|控制在|[≥≤<>])$")
"""What stands before a number that a text names as the target."""
BOUND_OF_RESULT = re.compile(r"(?:等于|低于|高于|大于|超过|未达到|[≥≤<>])$")
"""The same, in a text about the result: 达到 is what was reached there."""
LONGEST_BOUND = 4
"""Characters of the longest of these, and of an end of a line after it."""
BOUNDS = (("评分标准", BOUND), ("得扣分原因", BOUND_OF_RESULT))
TIER = re.compile(r"(?<!不)得\d+(?:\.\d+)?分")
"""A 评分标准 in tiers (≥95%的，得9分), which names other bounds than the target."""


@rule(
    "目标与说明", "参考标准、评分标准与目标值一致",
    meaning="参考标准与目标值相同；评分标准、得扣分原因里引用的目标也与目标值相同。",
    formula="参考标准 ＝ 目标值；评分标准里的目标 ＝ 目标值",
)
def references(case: Case) -> Iterator[Result]:
    """Lines with 参考标准, and scored lines whose standard names a number of the target's unit. Source: 绩效自评表."""
    for form in evaluations(case):
        for row in form.goals:
            if says(row["参考标准"]) and quantities(plain(row["目标值"])):
                same = plain(row["参考标准"]) == plain(row["目标值"])
                what = f"{row['目标值']}，参考标准却是 {row['参考标准']}"
                yield HOLDS if same else wrong_text(row, "目标值", what, "参考标准")
        for row in form.indicators:
            bounds = [(key, bound) for key, bound in BOUNDS if key in row]
            target = form.compared(row)[0] if bounds else ""
            wanted = quantities(plain(target))
            if not wanted or MOMENT.search(plain(target)):
                continue
            for key, bound in bounds:
                named = _quoted(row[key], wanted[-1].unit, bound)
                if not named or (key == "评分标准" and TIER.search(plain(row[key]))):
                    continue
                if any(each.value == end.value for each in named for end in wanted):
                    yield HOLDS
                else:
                    what = f"里的目标是 {named[0].value}{_short(named[0].unit)}，目标值却是 {target}"
                    yield wrong_text(row, key, what, form.compared_at(row, "目标值"))


@rule(
    "完成值与原因", "得扣分原因引用的完成值与完成值一致",
    meaning="得扣分原因里写的完成情况，与目标部分的实际完成值是同一个数。",
    formula="得扣分原因里的数 ＝ 实际完成值",
)
def results_in_texts(case: Case) -> Iterator[Result]:
    """Scored lines whose reason names numbers of the result's unit. Source: 绩效自评指标体系, 得扣分原因."""
    for form in evaluations(case, "得扣分原因"):
        for row in form.indicators:
            actual = form.compared(row)[1] if row["得扣分原因"] else ""
            reached = quantities(plain(actual))
            if not reached or not reached[0].unit or MOMENT.search(plain(actual)):
                continue
            claims = quantities(_claims(row["得扣分原因"]))
            named = [each for each in claims if each.unit and same_unit(each.unit, reached[0].unit)]
            if any(abs(each.value - reached[0].value) <= each.step / 2 for each in named):
                yield HOLDS
            elif named:
                what = f"说的是 {named[0].value}{_short(named[0].unit)}，实际完成值却是 {actual}"
                yield wrong_text(row, "得扣分原因", what, form.compared_at(row, "完成值"))


def _short(unit: str) -> str:
    """Return the unit without the words that follow it: 90%得满分."""
    return "%" if unit.startswith("%") else unit[:2]


@lru_cache(maxsize=TEXTS)
def _claims(text: str) -> str:
    """Return a text without what it says of points and gaps, and without years and dates."""
    return PER_STEP.sub("", DATE.sub("", plain(text)))


def _quoted(text: str, unit: str, bound: re.Pattern[str]) -> list[Quantity]:
    """Return the numbers of a unit that a text names as a bound: 达到100%, 不低于70%, 大于等于250元."""
    claims = _claims(text)
    return [
        each for each in quantities(claims)
        if each.unit and unit and same_unit(each.unit, unit)
        and bound.search(claims[max(each.start - LONGEST_BOUND, 0) : each.start])
    ]


RULES = (references, results_in_texts)
