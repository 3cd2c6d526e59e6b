"""绩效自评, the points: 得分 and 分值, their sums, shares of the heads, reasons, and the points for execution."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from builder.accounts.completion import HUNDRED, plain
from builder.accounts.money import ZERO, round_half_up
from builder.findings import Level

from .case import Case
from .engine import rule
from .evaluation import Evaluation, Row
from .evaluations import all_words, evaluations
from .performance_results import wrong_number, wrong_text
from .readings import half, number, says
from .results import HOLDS, Result, fails, undecided

SHARE = re.compile(r"[（(](\d+(?:\.\d+)?)\s*([%分])[）)]$")
"""What a head prints after its name: 产出(60%), 预算执行(25分)."""
CLOSED = (")", "）")
PERHAPS_SHARE = re.compile(r"[%分][）)]")
FULL_MARKS = re.compile(r"得满分|记满分|得全分")
GOT = re.compile(r"(?<!不)得(\d+(?:\.\d+)?)分")
HALF = Decimal("0.5")
NO_POINTS = re.compile(r"不得分")
POINTS_BY_RATE = re.compile(r"分\s*[*×xX]\s*(?:预算)?执行率|执行率\s*[*×xX]\s*(?:分值|\d+分?)")


@rule(
    "得分", "得分不超过分值", severity=Level.ERROR, meaning="每个绩效指标的得分不超过它的分值，也不小于零。",
    formula="0 ≤ 得分 ≤ 分值",
)
def scores(case: Case) -> Iterator[Result]:
    """Each line that has both, the execution's too. Source: 项目支出绩效自评表, columns 分值 and 得分."""
    for form in evaluations(case, "得分"):
        for row in (*form.money, *form.indicators):
            points, score = number(row["分值"]), number(row["得分"])
            if score is not None and (points is not None or score < 0):
                if score >= 0 and (points is None or score <= points):
                    yield HOLDS
                else:
                    yield wrong_number(row, "得分", points, f"分值 {row['分值']}；得分应在零和分值之间", "分值")


@rule(
    "分值合计", "分值合计 100", meaning="自评表里，执行率和各绩效指标的分值（或权重）合计 100 分（或表上印的总分值）。",
    formula="执行率分值 ＋ Σ分值 ＝ 100",
)
def weights(case: Case) -> Iterator[Result]:
    """Forms of which every indicator has points. Source: 项目支出绩效自评表, 总分 100."""
    for form in evaluations(case):
        for column in ("分值", "权重"):
            given = [number(row[column]) for row in form.indicators if row.name] if column in form.columns else []
            points = [each for each in given if each is not None]
            if not points or len(points) < len(given):
                continue
            apart = number(form.execution[0]) or ZERO if column == "分值" else ZERO
            total, whole = sum(points, ZERO), number(form.whole["总分值"]) or HUNDRED
            if whole in {total + apart, total}:
                yield HOLDS
                continue
            message = (
                f"「{form.name}」执行率分值 {apart} 与各指标{column}合计 {total}，共 {total + apart}，应为 {whole}；"
                f"请核对{column}"
            )
            yield fails(message, form.indicators[0].at())


@rule(
    "一级权重", "一级、二级指标的权重与所属各行相符", severity=Level.ERROR,
    meaning="一级或二级指标印出的分值、权重，等于它下面各行的分值合计。", formula="产出（60%）＝ Σ产出各指标的分值",
)
def shares(case: Case) -> Iterator[Result]:
    """Heads that print a share, apart or after their name. Source: 绩效自评指标体系, 一级指标."""
    perhaps = PERHAPS_SHARE.search(all_words(case)) is not None
    for form in evaluations(case, "分值"):
        if not form.heads and not perhaps:
            continue
        rows = [row for row, points, _ in form.scored if points is not None]
        if not rows or len(rows) < len([row for row in form.indicators if row.name]):
            continue
        for head in form.heads:
            share = number(head["权重"])
            below = [row for row in rows if _bare(row["一级"]) == _bare(head.name)]
            if share is not None and below:
                yield _share(head, "权重", share, below, rows)
        for column in ("一级", "二级", "三级"):
            for text in dict.fromkeys(row[column] for row in rows):
                printed = SHARE.search(text) if text.endswith(CLOSED) else None
                if printed:
                    below = [row for row in rows if row[column] == text]
                    yield _share(below[0], column, Decimal(printed[1]), below, rows)


def _share(row: Row, column: str, share: Decimal, below: Sequence[Row], rows: Sequence[Row]) -> Result:
    """Compare a printed share with the points below it, as points or in % of all indicators' points."""
    total, whole = (sum((number(each["分值"]) or ZERO for each in group), ZERO) for group in (below, rows))
    if whole and abs(total / whole * HUNDRED - share) <= HALF:
        return HOLDS
    what = f"印的是 {share}，它下面 {len(below)} 行的分值合计 {total}"
    if total == share:
        return HOLDS
    return wrong_number(row, column, total, what)._replace(stated=share)


def _bare(head: str) -> str:
    return SHARE.sub("", plain(head)).removesuffix("指标").removesuffix("目标")


@rule(
    "总分", "总分等于各项得分之和", severity=Level.ERROR, meaning="自评表的总分是执行率和各绩效指标的得分相加。",
    formula="总分 ＝ 执行率得分 ＋ Σ得分",
)
def total(case: Case) -> Iterator[Result]:
    """Forms with points on every line and a total. Source: 项目支出绩效自评表, 总分."""
    for form in evaluations(case):
        given = number(form.whole["总分"])
        if given is None:
            continue
        scores = [score for row, _, score in form.scored if row.name]
        known = [score for score in scores if score is not None]
        if not known:
            continue
        if len(known) < len(scores):
            yield undecided(f"{form.name}：有的指标没有得分，不能核对总分", form.whole.place("总分"))
            continue
        points = sum(known, ZERO)
        apart = number(form.execution[1]) or ZERO
        what = f"各指标得分合计 {points}，执行率得分 {apart}，共 {points + apart}"
        weighted = sum(((number(row["权重"]) or ZERO) * (number(row["得分"]) or ZERO) for row in form.indicators), ZERO)
        possible = (points, points + apart, weighted / HUNDRED, weighted / HUNDRED + apart)
        good = any(abs(given - each) <= min(half(form.whole["总分"]), HALF) for each in possible)
        yield HOLDS if good else wrong_number(form.whole, "总分", points + apart, what)


@rule(
    "得分空缺", "有分值的指标有得分", meaning="评分的表里，有分值的指标都有得分。",
    formula="有分值 ⇒ 有得分",
)
def missing(case: Case) -> Iterator[Result]:
    """Lines with points and no score in a form that scores others. Source: 项目支出绩效自评表, column 得分."""
    for form in evaluations(case, "分值", "得分"):
        scores = [(row, score) for row, points, score in form.scored if points]
        if any(score is not None for _, score in scores):
            for row, score in scores:
                good = score is not None
                yield HOLDS if good else wrong_text(row, "得分", f"没有填，分值 {row['分值']}", "分值")


def _has_reason(row: Row) -> bool:
    return says(row["得扣分原因"]) or says(row["偏差原因"])


@rule(
    "扣分原因", "扣了分的写明原因", meaning="有目标值的指标，得分小于分值的写明扣分或偏差的原因。",
    formula="得分 ＜ 分值 ⇒ 有原因",
)
def reasons(case: Case) -> Iterator[Result]:
    """Lines with less than full points, in forms that ask for reasons. Source: 偏差原因分析及改进措施."""
    for form in evaluations(case, "分值", "得分"):
        for row, points, score in form.scored:
            if points is None or score is None or score >= points or not says(form.compared(row)[0]):
                continue
            what = f"比分值 {points} 少 {points - score} 分，没有写扣分原因"
            yield HOLDS if _has_reason(row) else wrong_number(row, "得分", None, what, "分值")


@rule(
    "得分文字", "得扣分原因说的分数与得分一致", severity=Level.ERROR,
    meaning="得扣分原因里写的「得几分」「得满分」「不得分」与得分栏一致。", formula="「得N分」＝ 得分",
)
def score_texts(case: Case) -> Iterator[Result]:
    """Lines whose reason names the points. Source: 绩效自评指标体系, 得扣分原因."""
    for form in evaluations(case, "分值", "得分", "得扣分原因"):
        for row, points, score in form.scored:
            text = plain(row["得扣分原因"])
            if points is None or score is None or not text:
                continue
            got = [Decimal(found[1]) for found in GOT.finditer(text)]
            said = got + [points] * bool(FULL_MARKS.search(text)) + [ZERO] * bool(NO_POINTS.search(text))
            if said:
                what = f"得扣分原因说得 {said[-1]} 分"
                good = score in {*said, sum(got, ZERO)}
                yield HOLDS if good else wrong_number(row, "得分", said[-1], what, "得扣分原因")


@rule(
    "达标与得分", "没有完成目标的不得满分，完成的不扣分",
    meaning="完成值没有达到目标值的指标不得满分；达到的不扣分，扣了要写原因。",
    formula="得分 ＝ 分值 ⇔ 完成值达到目标值",
)
def met(case: Case) -> Iterator[Result]:
    """Scored lines whose target and result are numbers, also from the goals. Source: 项目支出绩效自评表."""
    for form in evaluations(case, "分值", "得分"):
        for row, points, score in form.scored:
            if not points or score is None or (reached := form.is_met(row)) is None:
                continue
            if score >= points and not reached:
                yield _unlike(form, row, None, "没有达到目标，却得满分")
            elif score < points and reached and not _has_reason(row):
                yield _unlike(form, row, points, "已达到目标，却没有得满分")
            else:
                yield HOLDS


def _unlike(form: Evaluation, row: Row, expected: Decimal | None, why: str) -> Result:
    target, actual = form.compared(row)
    places = (form.compared_at(row, column) for column in ("完成值", "目标值"))
    return wrong_number(row, "得分", expected, f"目标值 {target}，完成值 {actual}，{why}", *places)


@rule(
    "执行率得分", "执行率得分按表上的算法", severity=Level.ERROR,
    meaning="表上印有「分值×执行率」的，执行率得分按它计算，超过 100% 的按 100%。",
    formula="执行率得分 ＝ 分值 × 执行率",
)
def execution_score(case: Case) -> Iterator[Result]:
    """Forms that print the formula beside the points. Source: 项目支出绩效自评表, 得分（20分×执行率）."""
    yield from _scores(case, stated=True)


@rule(
    "执行率评分", "执行率得分与执行率相称",
    meaning="表上没有印算法的，执行率得分一般是分值乘执行率；相差较多的请核对。",
    formula="执行率得分 ＝ 分值 × 执行率",
)
def execution_points(case: Case) -> Iterator[Result]:
    """Forms that print no formula. Source: 财预〔2020〕10号: 执行率的得分按比例计."""
    yield from _scores(case, stated=False)


def _scores(case: Case, *, stated: bool) -> Iterator[Result]:
    for form in evaluations(case):
        points, score = map(number, form.execution)
        spent, budget = form.amount("执行"), form.budget
        if points is None or score is None or spent is None:
            continue
        line = next((row for row in form.money if says(row["得分"])), form.whole)
        column = "得分" if says(line["得分"]) else "执行率得分"
        if bool(POINTS_BY_RATE.search(line["评分标准"])) is not stated:
            continue
        if not budget:
            what = f"但预算数为零，没有执行率，不能按 {line['评分标准'] or '执行率'} 计算"
            if spent:
                yield wrong_number(line, column, None, what)
            continue
        exact = points * min(spent / budget, Decimal(1))
        rounded = {exact.quantize(Decimal(1), rounding) for rounding in (ROUND_FLOOR, ROUND_CEILING)}
        if abs(score - exact) <= half(form.execution[1]) or score in rounded:
            yield HOLDS
            continue
        expected, rate = round_half_up(exact, 2), round_half_up(spent / budget * HUNDRED, 2)
        what = f"{form.execution[0]} 分 × 执行率 {rate}% ＝ {expected} 分"
        yield wrong_number(line, column, expected, what)


RULES = (
    scores, weights, shares, total, missing, reasons, score_texts, met, execution_score, execution_points,
)
