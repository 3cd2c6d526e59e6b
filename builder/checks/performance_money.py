"""绩效自评, the money block: 执行率, 到位率, 结余, and sums of the 其中 lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from builder.accounts.completion import HUNDRED
from builder.accounts.money import ZERO, round_half_up
from builder.findings import Level

from .case import Case
from .engine import rule
from .evaluation import Evaluation, Row
from .evaluations import evaluations
from .performance_results import wrong_amount, wrong_number, wrong_text
from .readings import half, number, slack
from .results import HOLDS, Result, undecided

SUMMED = ("年初预算", "调整", "全年预算", "到位", "执行", "结余")
LEVELS = ("中央", "省级", "市级", "县级")
SUBTOTAL, GRANT = "小计", "补助"


def _lines(case: Case, *columns: str) -> Iterator[tuple[Evaluation, Row]]:
    """Yield the lines of money that have cells in all of some columns."""
    wanted = set(columns)
    for form in evaluations(case, *columns):
        yield from ((form, row) for row in form.money if row.keys() >= wanted)


def _budgets(row: Row) -> list[tuple[str, Decimal]]:
    """Return what a line's execution may be measured against: the budget of the year first, then what arrived."""
    found = [(key, number(row[key])) for key in ("全年预算", "到位")]
    first, change = number(row["年初预算"]), number(row["调整"])
    if found[0][1] is None and first is not None:
        found.insert(0, ("年初预算", first + (change or ZERO)))
    return [(key, value) for key, value in found if value is not None]


def _is_rate(row: Row, column: str, part: str, whole: Decimal) -> bool:
    """Tell whether a printed rate is part ÷ whole, within what the rounding of the part and of the rate allow."""
    rate, amount = number(row[column]), number(row[part])
    if rate is None or amount is None:
        return False
    if not whole:
        return not rate and not amount
    exact, step = amount / whole * HUNDRED, half(row[column])
    around = abs(slack(row[part]) / whole * HUNDRED)
    if "%" not in row[column] and abs(rate * HUNDRED - exact) <= step * HUNDRED + around:
        return True  # 0.95 for 95%
    return abs(rate - exact) <= step + around


def _by_first(row: Row) -> bool:
    """Tell whether the rate follows from the budget as first approved."""
    first = number(row["年初预算"])
    return bool(first) and _is_rate(row, "执行率", "执行", first or ZERO)


@rule(
    "执行率", "执行率与执行数、预算数相符", severity=Level.ERROR,
    meaning="自评表的执行率是执行数除以预算数（或到位数）。", formula="执行率 ＝ 执行数 ÷ 预算数 × 100%",
)
def execution_rate(case: Case) -> Iterator[Result]:
    """Lines that print a rate, by the year's budget or by what arrived. Source: 项目支出绩效自评表, 执行率（B/A）."""
    for _, row in _lines(case, "执行率", "执行"):
        spent, bases = number(row["执行"]), _budgets(row)
        if number(row["执行率"]) is None or spent is None or not bases:
            continue
        key, base = bases[0]
        if any(_is_rate(row, "执行率", "执行", each) for _, each in bases) or _by_first(row):
            yield HOLDS
        elif not base:
            yield wrong_number(row, "执行率", None, f"但{key}为零，执行 {row['执行']}", "执行", key)
        else:
            expected = round_half_up(spent / base * HUNDRED, 2)
            what = f"执行 {row['执行']} ÷ {key} {row[key]} 应为 {expected}%"
            yield wrong_number(row, "执行率", expected, what, "执行", key)


@rule(
    "执行率口径", "执行率按全年预算计算", meaning="预算调整过的，执行率按调整后的全年预算计算，不按年初预算。",
    formula="执行率 ＝ 执行数 ÷ 全年预算数 × 100%",
)
def execution_basis(case: Case) -> Iterator[Result]:
    """Lines that print both budgets. Source: 财预〔2020〕10号, 预算执行率 by 全年预算数."""
    for _, row in _lines(case, "执行率", "执行", "年初预算"):
        spent, bases = number(row["执行"]), _budgets(row)
        if number(row["执行率"]) is None or spent is None or not bases or number(row["年初预算"]) is None:
            continue
        if any(_is_rate(row, "执行率", "执行", base) for _, base in bases) or not _by_first(row):
            yield HOLDS
            continue
        expected = round_half_up(spent / bases[0][1] * HUNDRED, 2) if bases[0][1] else None
        yield wrong_number(row, "执行率", expected, "是按年初预算算的，应按全年预算", "年初预算")


@rule(
    "执行率空缺", "有执行数的写明执行率", meaning="印执行率的行，有执行数的写出比率，不只印一个「%」。",
    formula="执行率 ＝ 执行数 ÷ 预算数 × 100%",
)
def execution_missing(case: Case) -> Iterator[Result]:
    """Lines with 执行 and a rate without a number. Source: 项目支出绩效自评表, 执行率（B/A）."""
    for _, row in _lines(case, "执行率", "执行"):
        rate, budget = row["执行率"], row["全年预算"] or "没有填"
        if number(row["执行"]) and rate:
            what = f"只印着「{rate}」，没有写出比率（预算 {budget}，执行 {row['执行']}）"
            yield wrong_text(row, "执行率", what, "执行", "全年预算") if number(rate) is None else HOLDS


@rule(
    "执行空缺", "有预算的写明执行数", meaning="有预算的资金行写出执行数，没有执行的写 0。",
    formula="预算数 ＞ 0 ⇒ 有执行数",
)
def spent_missing(case: Case) -> Iterator[Result]:
    """Lines of a printed form that has 执行 elsewhere. Source: 项目支出绩效自评表, 全年执行数."""
    for form in evaluations(case, "执行", "全年预算"):
        if form.printed and any(number(row["执行"]) is not None for row in form.money):
            for row in form.money:
                if number(row["全年预算"]):
                    what = f"空着，全年预算是 {row['全年预算']}，没有执行的请写 0"
                    yield HOLDS if row["执行"].strip() else wrong_text(row, "执行", what, "全年预算")


@rule(
    "到位率", "到位率与到位数、预算数相符", severity=Level.ERROR,
    meaning="自评表的到位率是实际到位数除以安排的预算数。", formula="到位率 ＝ 实际到位 ÷ 项目安排资金 × 100%",
)
def arrival(case: Case) -> Iterator[Result]:
    """Lines that print a rate, by the adjusted budget or the first. Source: 市级财政项目支出绩效自评表, 到位率."""
    for _, row in _lines(case, "到位率", "到位"):
        arrived, first = number(row["到位"]), number(row["年初预算"])
        bases = [(key, base) for key, base in _budgets(row) if key != "到位"]
        if number(row["到位率"]) is None or arrived is None or not bases:
            continue
        key, base = bases[0]
        expected = round_half_up(arrived / base * HUNDRED, 2) if base else None
        accepted = [base for _, base in bases] + ([] if first is None else [first])
        good = any(_is_rate(row, "到位率", "到位", each) for each in accepted)
        what = f"到位 {row['到位']} ÷ {key} {row[key]} 应为 {expected}%"
        yield HOLDS if good else wrong_number(row, "到位率", expected, what, "到位", key)


@rule(
    "结余", "结余等于到位或预算减执行", severity=Level.ERROR,
    meaning="自评表的结余是实际到位数（没有到位一栏的是预算数）减去执行数。",
    formula="结余 ＝ 实际到位（预算数）－ 执行数",
)
def balance(case: Case) -> Iterator[Result]:
    """Lines that print a balance. Source: 市级财政项目支出绩效自评表, ③＝①－②."""
    for form, row in _lines(case, "结余", "执行"):
        left, spent = number(row["结余"]), number(row["执行"])
        bases = sorted(_budgets(row), key=lambda item: item[0] != "到位")
        if left is None or spent is None or not bases:
            continue
        key, base = bases[0]
        around = slack(row["结余"]) + slack(row["执行"])
        good = any(abs(left - each + spent) <= around for _, each in bases)
        expected = base - spent
        yield HOLDS if good else wrong_amount(form, row, "结余", expected, f"是{key}减执行", key, "执行")


@rule(
    "预算调整", "年初预算加调整等于全年预算", severity=Level.ERROR, meaning="自评表的全年预算是年初预算加年中调整。",
    formula="全年预算 ＝ 年初预算 ＋ 年中调整",
)
def adjustment(case: Case) -> Iterator[Result]:
    """Lines that print all three. Source: 市级财政项目支出绩效自评表, 项目安排资金."""
    columns = ("年初预算", "调整", "全年预算")
    for form, row in _lines(case, *columns):
        first, change, year = (number(row[key]) for key in columns)
        if first is None or change is None or year is None:
            continue
        expected, around = first + change, sum((slack(row[key]) for key in columns), ZERO)
        taken_off = abs(year - first + change) <= around  # a decrease without its sign
        good = abs(year - expected) <= around or taken_off
        yield HOLDS if good else wrong_amount(
            form, row, "全年预算", expected, "是年初预算加调整", "年初预算", "调整"
        )


@rule(
    "资金合计", "资金各行相加等于总额", severity=Level.ERROR,
    meaning="自评表资金部分「其中」各行相加等于上面的总额；支出内容各行相加等于合计。",
    formula="年度资金总额 ＝ Σ其中各行（每列）",
)
def sums(case: Case) -> Iterator[Result]:
    """Totals with parts, by column and by group of parts. Source: 项目支出绩效自评表, 其中：财政拨款、其他资金."""
    for form in evaluations(case):
        for place, total in enumerate(form.money if form.printed else ()):
            below: list[Row] = []
            for row in form.money[place + 1 :]:
                if row.level <= total.level:
                    break
                below.append(row)
            depth = min((row.level for row in below), default=0)
            parts = [row for row in below if row.level == depth]
            for group in dict.fromkeys(row.group for row in parts):
                yield from _summed(form, total, [row for row in parts if row.group == group], SUMMED)
        if form.spending and "计" in form.spending[-1].name:
            yield from _summed(form, form.spending[-1], form.spending[:-1], ("金额",))


def _summed(form: Evaluation, total: Row, parts: Sequence[Row], columns: Sequence[str]) -> Iterator[Result]:
    """Compare a total with its parts; a line 小计 among them may be one of them, or the sum of some."""
    for column in columns:
        given = [row for row in parts if number(row[column]) is not None]
        found = number(total[column])
        if found is None or not given:
            continue
        around = slack(total[column]) + sum((slack(row[column]) for row in given), ZERO)
        every = sum((number(row[column]) or ZERO for row in given), ZERO)
        without = sum((number(row[column]) or ZERO for row in given if SUBTOTAL not in row.name), ZERO)
        is_whole = len(parts) > 1 or every > found  # a single 其中 need not be all of the total
        if abs(found - every) <= around or abs(found - without) <= around or not is_whole:
            yield HOLDS
        else:
            names = "、".join(row.name.removeprefix("其中：").removeprefix("其中:") for row in given)
            yield wrong_amount(
                form, total, column, every, f"是{names}相加", *(row.at(column) for row in given)
            )


@rule(
    "执行数", "项目执行数不超过预算",
    meaning="项目的执行数不超过调整后的预算数，执行率不超过 100%；没有预算的没有执行数。",
    formula="执行数 ≤ 预算数（有调整的用调整预算）",
)
def execution(case: Case) -> Iterator[Result]:
    """Lines with a budget, also one of zero. Source: 项目支出绩效自评表, 预算执行情况."""
    for form, row in _lines(case, "执行"):
        spent, bases = number(row["执行"]), _budgets(row)
        if spent is None or not bases:
            continue
        key, base = bases[0]
        what = f"不应大于{key}（年中有追加的，预算用调整后的数）"
        yield HOLDS if spent <= base else wrong_amount(form, row, "执行", base, what, key, most=True)


@rule(
    "资金层级", "资金列在相应层级的一行", meaning="名称写明省级、中央等补助的项目，资金列在那一级的一行。",
    formula="项目名称里的资金层级 ＝ 有数的资金行",
)
def source_level(case: Case) -> Iterator[Result]:
    """Projects named by the level that pays, with a line for it. Source: 市级财政项目支出绩效自评表, 项目安排资金."""
    for form in evaluations(case):
        project = form.whole["项目名称"]
        for level in LEVELS if GRANT in project else ():
            row = next((row for row in form.money if f"{level}财政" in row.name), None)
            if row is None or f"{level}{GRANT}" not in project:
                continue
            if number(row["执行"]) is None:
                yield undecided(f"{row.form}：「{row.name}」没有填执行数", row.place("执行"))
                continue
            what = f"项目名称说是{level}补助，看资金是不是填错了行"
            yield HOLDS if number(row["执行"]) else wrong_number(row, "执行", None, what)


RULES = (
    execution_rate, execution_basis, execution_missing, spent_missing, arrival, balance, adjustment, sums, execution,
    source_level,
)
