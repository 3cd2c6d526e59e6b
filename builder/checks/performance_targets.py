"""绩效自评, targets and results: 完成比例, whether goals are met, and the dates and costs among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import repeat

from builder.accounts.completion import (
    HUNDRED,
    Quantity,
    completion,
    is_reached,
    is_reached_otherwise,
    plain,
    quantities,
    same_unit,
)
from builder.accounts.money import round_half_up
from builder.findings import Level

from . import performance_quotations
from .case import Case
from .engine import rule
from .evaluation import Row
from .evaluations import all_words, evaluations
from .performance_results import wrong_number, wrong_text
from .readings import number, quantity, says
from .results import HOLDS, Result, undecided

SERIAL_DATE = re.compile(r"(?<![\d.])(?:3[6-9]|4\d|5[0-4])\d{3}\.0(?!\d)")
"""A date as a spreadsheet counts it, in days, read as a number: 44531.0."""
SERIAL_END = ".0"
DONE, NOT_DONE = re.compile(r"^(?:全部|已|均已)?完成$"), re.compile(r"^(?:未|没有|未全部|部分)完成$")
YEAR = re.compile(r"(?<!\d)(20\d\d)年")
ANY_YEAR = re.compile(r"20\d\d")
CENTURY = "20"
COST = re.compile(r"费|经费|投入|资金|成本|补助")
NEAR = Decimal("0.02")
SHOWN = 3
"""How many lines a message names."""


@rule(
    "完成比例", "完成比例与目标值、完成值相符", severity=Level.ERROR,
    meaning="完成比例由完成值和目标值算出；各地的算法都得不出的，是错的。",
    formula="完成比例 ＝ 完成值 ÷ 目标值 × 100%",
)
def completions(case: Case) -> Iterator[Result]:
    """Lines that print a share that no convention gives. Source: 年度绩效目标, 目标值完成比例."""
    for form in evaluations(case, "完成比例"):
        for row in form.lines:
            if (printed := _printed(row)) is None:
                continue
            expected = completion(row["完成值"], row["目标值"])
            if expected is None or not _is_plain(row):
                yield undecided(
                    f"{row.form}：「{row.name}」目标值 {row['目标值'] or '没有填'}、完成值 "
                    f"{row['完成值'] or '没有填'}，不能算出完成比例", row.place("完成比例"), row.at("完成比例"),
                )
            elif _follows(row, printed) or _otherwise(row, printed) or _is_fraction(row, printed):
                yield HOLDS
            else:
                yield _unlike(row, expected, "怎样计算都不是这个数")


@rule(
    "完成比例口径", "完成比例的算法",
    meaning="完成比例是完成值除以目标值；上限目标没有超过的是 100%，超过的是目标值除以完成值；"
    "没有要求也没有发生的是 100%。",
    formula="完成比例 ＝ 完成值 ÷ 目标值 × 100%（上限目标：目标值 ÷ 完成值）",
)
def completion_basis(case: Case) -> Iterator[Result]:
    """Lines whose share follows another convention. Source: 年度绩效目标, 目标值完成比例."""
    for form in evaluations(case, "完成比例"):
        shares = [printed.value for row in form.lines if (printed := _printed(row)) is not None]
        capped = bool(shares) and max(shares) <= HUNDRED
        for row in form.lines:
            printed = _printed(row)
            expected = None if printed is None else completion(row["完成值"], row["目标值"])
            if printed is None or expected is None:
                continue
            at_most = capped and printed.value == HUNDRED and expected > HUNDRED
            if _follows(row, printed) or at_most or not _otherwise(row, printed) or not _is_plain(row):
                yield HOLDS
            else:
                yield _unlike(row, expected, "与通常的算法不同")


def _printed(row: Row) -> Quantity | None:
    return quantity(row["完成比例"])


def _follows(row: Row, printed: Quantity) -> bool:
    return is_reached(printed.value, printed.step, row["完成值"], row["目标值"])


def _otherwise(row: Row, printed: Quantity) -> bool:
    return is_reached_otherwise(printed.value, printed.step, row["完成值"], row["目标值"])


def _is_fraction(row: Row, printed: Quantity) -> bool:
    """Tell whether a share without its sign is one of 1, not of 100."""
    value, step = printed.value * HUNDRED, printed.step * HUNDRED
    return "%" not in row["完成比例"] and is_reached(value, step, row["完成值"], row["目标值"])


def _is_plain(row: Row) -> bool:
    """Tell whether target and result are one number (or range) each, of one kind."""
    if plain(row["完成值"]) == plain(row["目标值"]):
        return True
    had, wanted = quantities(plain(row["完成值"])), quantities(plain(row["目标值"]))
    return len(had) == 1 and 0 < len(wanted) <= 2 and same_unit(had[0].unit, wanted[-1].unit)  # noqa: PLR2004


def _unlike(row: Row, expected: Decimal, why: str) -> Result:
    right = round_half_up(expected, 2)
    what = f"目标值 {row['目标值']}，完成值 {row['完成值']}，应为 {right}%，{why}"
    return wrong_number(row, "完成比例", right, what, "完成值", "目标值")


@rule(
    "表格日期", "电子表格的日期没有变成数字", meaning="从电子表格抄来的日期没有变成 44531.0 这样的天数。",
    formula="目标值、完成值里没有五位数加「.0」",
)
def serial_dates(case: Case) -> Iterator[Result]:
    """Texts of the forms. Source: dates that a spreadsheet gives as days since 1900."""
    words, forms = all_words(case), evaluations(case)
    if SERIAL_END not in words or not SERIAL_DATE.search(words):
        yield from repeat(HOLDS, sum([len(form.lines) for form in forms]))
        return
    for form in forms:
        for row in form.lines:
            spoilt = [column for column, text in row.items() if SERIAL_DATE.search(text)]
            if not spoilt:
                yield HOLDS
                continue
            column, *others = spoilt
            more = "".join(f"、{other}" for other in others)
            what = f"{more}写着 {row[column]}，像是电子表格里的日期变成了数字，应写年月日"
            yield wrong_text(row, column, what, *spoilt)


@rule(
    "总体完成", "总体完成情况与各目标一致",
    meaning="写「完成」的，各项目标都已达到；写「未完成」的，有没达到的，并写明原因。",
    formula="「完成」⇔ 各目标的完成值达到目标值",
)
def overall(case: Case) -> Iterator[Result]:
    """Forms and lines with a verdict. Source: 年度绩效目标总体完成情况."""
    for form in evaluations(case):
        verdict = form.whole["完成情况"]
        if not verdict and "完成情况" not in form.columns:
            continue
        judged = [(row, form.is_met(row)) for row in form.goals or form.indicators]
        short = [row for row, reached in judged if reached is False]
        if DONE.match(verdict) and any(reached is not None for _, reached in judged):
            named = [f"{row.name}（目标 {row['目标值']}，完成 {row['完成值']}）" for row in short]
            names = "、".join(named[:SHOWN]) + ("等" if len(short) > SHOWN else "")
            what = f"写的是「{verdict}」，但有 {len(short)} 项没有达到目标：{names}"
            yield wrong_text(form.whole, "完成情况", what, *(row.at("完成值") for row in short)) if short else HOLDS
        elif NOT_DONE.match(verdict):
            if all(reached for _, reached in judged) and judged:
                yield wrong_text(form.whole, "完成情况", f"写的是「{verdict}」，但各项目标都已达到")
            elif not says(form.whole["未完成原因"]):
                yield wrong_text(form.whole, "未完成原因", f"没有写，完成情况是「{verdict}」")
            else:
                yield HOLDS
        for row, reached in judged:
            said = row["完成情况"]
            if reached is not None and (DONE.match(said) or NOT_DONE.match(said)):
                good = bool(DONE.match(said)) is reached
                what = f"写的是「{said}」，但目标值 {row['目标值']}，完成值 {row['完成值']}"
                yield HOLDS if good else wrong_text(row, "完成情况", what, "完成值")


@rule(
    "表内年度", "自评表里的年度是本年度", meaning="指标名称里写的年度、表上印的年度和填报日期与自评的年度相符。",
    formula="指标里的年度 ＝ 自评年度",
)
def years(case: Case) -> Iterator[Result]:
    """Names of goals and indicators, the form's own year, and its date. Source: title （2021年度）."""
    for form in evaluations(case):
        own = ANY_YEAR.search(form.whole["年度"]) or ANY_YEAR.search(form.whole["项目名称"])
        year = case.year
        if own:
            good = int(own[0]) == year
            column = "年度" if says(form.whole["年度"]) else "项目名称"
            yield HOLDS if good else wrong_text(form.whole, column, f"写的是 {own[0]} 年，本表是 {year} 年度的")
        dated = ANY_YEAR.search(form.whole["填报日期"])
        if dated:
            good = year <= int(dated[0]) <= year + 2
            yield HOLDS if good else wrong_text(form.whole, "填报日期", f"是 {dated[0]} 年，自评的是 {year} 年度")
        for row in form.lines:
            for key in ("三级", "目标值"):
                for named in YEAR.finditer(row[key]) if CENTURY in row[key] else ():
                    good = int(named[1]) == year
                    yield HOLDS if good else wrong_text(row, key, f"里写着 {named[1]} 年，自评的是 {year} 年度")


@rule(
    "成本指标", "成本指标的完成值与执行数一致",
    meaning="以万元计的成本指标，完成值与资金部分的执行数接近而不相等的，可能抄错了，或把预算数当作了完成值。",
    formula="成本指标的完成值 ＝ 执行数（与执行数相差很远的，可以是预算数、到位数）",
)
def costs(case: Case) -> Iterator[Result]:
    """Indicators of money whose result is nearly one of the money block's amounts. Source: 成本指标.

    Of printed forms: what a unit fills in here is its own account of a cost, which need not be all that was spent.
    """
    for form in evaluations(case, "完成值"):
        if not form.printed:
            continue
        amounts = [(key, number(row[key])) for row in form.money for key in ("执行", "到位", "全年预算", "年初预算")]
        known = [(key, amount) for key, amount in amounts if amount]
        for row in form.lines:
            reached = quantities(plain(row["完成值"]))
            if not reached or not reached[0].unit.startswith("万元") or not COST.search(row.name) or not known:
                continue
            value = reached[0].value
            close = [(key, amount) for key, amount in known if abs(value - amount) <= abs(amount) * NEAR]
            equal = [key for key, amount in known if amount == value]
            if equal and "执行" not in equal:  # the budget written down instead of what was spent
                close = [(key, amount) for key, amount in close if key == "执行"]
            if "执行" in equal or not close:
                yield HOLDS
                continue
            key, amount = close[0]
            yield wrong_number(row, "完成值", amount, f"资金部分的{key}是 {amount} {form.unit.value}")


RULES = (
    completions, completion_basis, serial_dates, *performance_quotations.RULES, overall, years, costs,
)
