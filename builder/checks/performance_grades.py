"""绩效自评, the grade: the scale that a form prints, and the grade that the total has in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from builder.accounts.completion import plain
from builder.findings import Level

from .case import Case
from .engine import rule
from .evaluation import Evaluation
from .evaluations import evaluations
from .performance_results import wrong_text
from .readings import number, says
from .results import HOLDS, Result

OFFICIAL: Mapping[str, Decimal | None] = {"优": Decimal(90), "良": Decimal(80), "中": Decimal(60), "差": None}
"""财预〔2020〕10号, 第十六条: 90（含）以上为优, 80（含）-90 为良, 60（含）-80 为中, 60 以下为差."""


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of a printed scale: at least ``low``, less than ``high``."""

    word: str
    low: Decimal | None
    high: Decimal | None


def scale_of(text: str) -> list[Grade]:
    """Read a printed scale: 优（S≥90）、良（90＞S≥80） … 差（60＞S）, with each sign as it stands."""
    grades: list[Grade] = []
    if not text:
        return grades
    for word, inner in re.findall(r"([一-龥]+)\s*\(([^()]*S[^()]*)\)", plain(text)):
        low = high = None
        left, _, right = inner.partition("S")
        for sign, bound in re.findall(r"([<>≥≤])=?(\d+(?:\.\d+)?)", right):
            low, high = (Decimal(bound), high) if sign in ">≥" else (low, Decimal(bound))
        for bound, sign in re.findall(r"(\d+(?:\.\d+)?)([<>≥≤])=?", left):
            low, high = (low, Decimal(bound)) if sign in ">≥" else (Decimal(bound), high)
        grades.append(Grade(word, low, high))
    ascending = bool(grades) and not grades[0].low and bool(grades[-1].low)
    return grades[::-1] if ascending else grades


def _meet(above: Grade, below: Grade) -> bool:
    """Tell whether one grade begins where the next ends; 90 and 89 meet where points are whole."""
    return above.low is not None and below.high is not None and 0 <= above.low - below.high <= 1


@rule(
    "等级标准", "等级的分数段首尾相接", severity=Level.ERROR,
    meaning="表上印的等级标准，各段不重叠、不留空，最低一段没有下限。",
    formula="优 S≥90，良 90＞S≥80，中 80＞S≥60，差 60＞S",
)
def scale(case: Case) -> Iterator[Result]:
    """Forms that print a scale: 差（60<S） would be above 60. Source: 评价等级 of the form."""
    for form in evaluations(case):
        text = form.whole["等级标准"]
        grades = scale_of(text)
        if not grades:
            continue
        wrong = [below.word for above, below in pairwise(grades) if not _meet(above, below)]
        if grades[-1].low:
            wrong.append(grades[-1].word)
        what = f"「{text}」里「{'、'.join(dict.fromkeys(wrong))}」的分数段与上一段不相接，看大于、小于号有没有写反"
        yield wrong_text(form.whole, "等级标准", what) if wrong else HOLDS


@rule(
    "评价等级", "评价等级与总分相符", severity=Level.ERROR, meaning="评价等级是总分在表上印的等级标准里所在的一级。",
    formula="等级标准（总分）＝ 评价等级",
)
def grade(case: Case) -> Iterator[Result]:
    """Forms that print grade, total and scale. Source: 评价等级 of the form."""
    for form in evaluations(case):
        grades = scale_of(form.whole["等级标准"])
        # a sign printed the wrong way is for the rule above: what counts here is where each grade begins
        limits = {each.word: each.low for each in grades[:-1]} | {each.word: None for each in grades[-1:]}
        yield from _graded(form, limits)


@rule(
    "评价等级口径", "评价等级与通行的分数段相符",
    meaning="表上没有印等级标准的，按《项目支出绩效评价管理办法》：90 分以上优，80 良，60 中，60 以下差。",
    formula="优 S≥90，良 90＞S≥80，中 80＞S≥60，差 60＞S",
)
def official_grade(case: Case) -> Iterator[Result]:
    """Forms that print grade and total, and no scale. Source: 财预〔2020〕10号, 第十六条."""
    for form in evaluations(case):
        if not says(form.whole["等级标准"]):
            yield from _graded(form, OFFICIAL)


def _graded(form: Evaluation, limits: Mapping[str, Decimal | None]) -> Iterator[Result]:
    given, score = form.whole["评价等级"], number(form.whole["总分"])
    if not says(given) or score is None or given not in limits:
        return
    right = next((word for word, low in limits.items() if low is None or score >= low), "")
    what = f"是「{given}」，总分 {score}，应为「{right}」"
    yield HOLDS if given == right else wrong_text(form.whole, "评价等级", what, "总分")


RULES = (scale, grade, official_grade)
