"""绩效自评 against the statements: overall forms line by line, projects all together, and rates that follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from builder.accounts.completion import HUNDRED, plain
from builder.accounts.figures import Figure, UnknownIndicatorError
from builder.accounts.money import ZERO, in_unit, printed, round_half_up
from builder.findings import Level

from .case import Case
from .comparing import torn
from .engine import rule
from .evaluation import Evaluation, Row
from .evaluations import evaluations
from .performance_results import wrong_amount, wrong_number
from .readings import half, number, slack
from .results import HOLDS, Outcome, Result, undecided

LINES = {
    "基本支出": ("支出.基本支出", "一般公共预算支出.基本支出"),
    "项目支出": ("支出.项目支出", "一般公共预算支出.项目支出"),
    "人员支出": ("支出.人员支出", "人员经费.合计"), "人员经费": ("支出.人员支出", "人员经费.合计"),
    "公用支出": ("支出.公用支出", "公用经费.合计"), "公用经费": ("支出.公用支出", "公用经费.合计"),
    "财政拨款": ("财政拨款支出.合计", "一般公共预算支出.合计"),
    "总额": ("支出.合计", "财政拨款支出.合计", "一般公共预算支出.合计"),
}
"""Line of an overall form → the indicators, one of which is its 执行数."""
CENT = Decimal("0.01")
EXCHANGED = {"基本支出": "项目支出", "项目支出": "基本支出"}


@rule(
    "整体与决算", "整体自评表的执行数与决算一致",
    meaning="整体自评表的合计、财政拨款、基本支出、项目支出、人员和公用支出的执行数是决算数。",
    formula="整体自评表执行数 ＝ 支出决算表、一般公共预算支出决算表的决算数",
)
def statements(case: Case) -> Iterator[Result]:
    """Overall forms, by the words of their lines; all funds or 财政拨款. Source: 部门整体支出绩效自评表."""
    for form, row, spent, names in _overall_lines(case):
        values = _figures(case, names)
        if not values:
            yield undecided(f"{row.form}：「{row.name}」没有可以对照的决算数", row.place("执行"), row.at("执行"))
        elif any(_close(form, row, spent, value) for value in values) or _is_exchanged(case, form, row, spent):
            yield HOLDS
        else:
            yield wrong_amount(form, row, "执行", _in(form, values[0]), "与决算数不同")


@rule(
    "基本项目互换", "基本支出和项目支出没有填反", severity=Level.ERROR,
    meaning="整体自评表的基本支出、项目支出没有互相填到对方的一行。",
    formula="基本支出执行数 ＝ 基本支出决算数",
)
def exchanged(case: Case) -> Iterator[Result]:
    """Overall forms where each of two lines has the other's figure. Source: 公开05表."""
    for form, row, spent, names in _overall_lines(case):
        if row.name in EXCHANGED:
            values = _figures(case, names)
            wrong = _is_exchanged(case, form, row, spent)
            expected = _in(form, values[-1]) if values else ZERO
            what = f"这是{EXCHANGED[row.name]}的决算数"
            yield wrong_amount(form, row, "执行", expected, what) if wrong else HOLDS


@rule(
    "整体年初预算", "整体自评表的年初预算与决算说明一致",
    meaning="整体自评表的合计、财政拨款、基本支出、项目支出的年初预算，与决算资料里的年初预算相同。",
    formula="整体自评表年初预算 ＝ Σ各科目年初预算",
)
def initial_budgets(case: Case) -> Iterator[Result]:
    """Lines of overall forms whose figure has an initial budget. Source: 一般公共预算财政拨款支出决算具体情况."""
    if not case.facts.initial_budget:
        return
    for form in evaluations(case):
        for row in form.money if form.is_overall else ():
            budget, name = number(row["年初预算"]), plain(row.name).removeprefix("其中:")
            names = LINES.get(name) or (LINES["总额"] if row.level == 0 and form.printed else ())
            values = [figure.counterparts().get("年初预算") for figure in _known(case, names)]
            given = [value for value in values if value is not None]
            if budget is not None and given:
                good = any(abs(budget - in_unit(value, form.unit)) <= slack(row["年初预算"]) + CENT for value in given)
                what = "决算说明的年初预算"
                yield HOLDS if good else wrong_amount(form, row, "年初预算", _in(form, given[0]), f"与{what}不同")


def _overall_lines(case: Case) -> Iterator[tuple[Evaluation, Row, Decimal, Sequence[str]]]:
    for form in evaluations(case):
        for row in form.money if form.is_overall else ():
            spent, name = number(row["执行"]), plain(row.name).removeprefix("其中:")
            names = LINES.get(name) or (LINES["总额"] if row.level == 0 and form.printed else None)
            if spent is not None and names:
                yield form, row.named(name), spent, names


def _figures(case: Case, names: Sequence[str]) -> list[Decimal]:
    """Return the figures that a line may have; where the print contradicts itself, as stated too."""
    figures = _known(case, names)
    cells = (cell for figure in figures for cell in figure.cells if cell.place in torn(case))
    return [figure.value for figure in figures] + [cell.stated.amount for cell in cells if cell.stated]


def _in(form: Evaluation, yuan: Decimal) -> Decimal:
    return round_half_up(in_unit(yuan, form.unit), 4)


def _close(form: Evaluation, row: Row, spent: Decimal, yuan: Decimal) -> bool:
    return abs(spent - in_unit(yuan, form.unit)) <= slack(row["执行"]) + CENT


def _is_exchanged(case: Case, form: Evaluation, row: Row, spent: Decimal) -> bool:
    other = EXCHANGED.get(row.name)
    if other is None:
        return False
    own = any(_close(form, row, spent, value) for value in _figures(case, LINES[row.name]))
    return not own and any(_close(form, row, spent, value) for value in _figures(case, LINES[other]))


@rule(
    "项目与决算", "各项目执行数不超过项目支出",
    meaning="自评的各项目执行数加起来，不超过决算的项目支出；有一个项目就超过的，不在本单位的账里，不能判断。",
    formula="Σ项目执行数 ≤ 项目支出决算数",
)
def projects(case: Case) -> Iterator[Result]:
    """Projects against 项目支出. Source: 公开03表, 项目支出; 预算绩效情况说明."""
    forms = [form for form in evaluations(case) if not form.is_overall and form.amount("执行") is not None]
    titles = dict.fromkeys(form.whole["标题"] for form in forms)
    for title in titles:
        of_kind = [form for form in forms if form.whole["标题"] == title]
        amounts = [(form.amount("执行") or ZERO) * form.unit.yuan for form in of_kind]
        values = _figures(case, LINES["项目支出"])
        if not values or not sum(amounts):
            continue
        most = max(values)
        if any(amount > most for amount in amounts):
            yield undecided("有的项目执行数比全部项目支出还多，不在本单位的账里，不能与决算核对")
            continue
        total = sum(amounts, ZERO)
        if total <= most + Decimal(100) * len(amounts):
            yield HOLDS
            continue
        places = tuple(form.money[0].at("执行") for form in of_kind)
        message = (
            f"「{title}」各项目执行数相加 {printed(total):,} 万元，超过项目支出决算数 {printed(most):,} 万元，"
            f"多 {printed(total - most):,} 万元；请核对各项目的执行数"
        )
        yield Result(Outcome.FAILS, message, places[-1], of_kind[-1].money[0].place("执行"), total, most, places)


RATES = {
    "三公": (("三公.合计",), ("三公.合计",)),
    "结转结余率": (
        ("财政拨款收支.年末结转和结余", "收支.年末结转和结余"), ("财政拨款收支.总计", "收支.总计", "支出.合计"),
    ),
}
"""Words of an indicator that is a rate → the indicators above and, by their budget or value, below the line."""


@rule(
    "比率与决算", "整体自评表的比率与决算一致",
    meaning="整体自评表的“三公”经费控制率、结转结余率按决算数计算得出。",
    formula="控制率 ＝ “三公”决算数 ÷ 预算数；结转结余率 ＝ 年末结转和结余 ÷ 预算数",
)
def rates(case: Case) -> Iterator[Result]:
    """Indicators of overall forms by their name or explanation. Source: 部门整体支出绩效自评表, 指标说明."""
    for form in evaluations(case):
        for row in form.indicators if form.is_overall else ():
            words = row["三级"] + row["指标说明"]
            known = next((rate for key, rate in RATES.items() if key in words), None)
            found = number(row["完成值"])
            if known is None or found is None:
                continue
            parts = [figure.value for figure in _known(case, known[0])]
            wholes = [amount for figure in _known(case, known[1]) for amount in figure.counterparts().values()]
            if known[0] != known[1]:
                wholes += [figure.value for figure in _known(case, known[1])]
                wholes += [budget * form.unit.yuan for budget in (form.budget,) if budget]
            possible = [part / whole * HUNDRED for part in parts for whole in wholes if whole]
            if not possible:
                yield undecided(f"{row.form}：「{row.name}」没有可以对照的决算数或预算数", row.place("完成值"))
                continue
            good = any(abs(found - each) <= half(row["完成值"]) for each in possible)
            expected = round_half_up(possible[0], 2)
            what = f"按决算数计算是 {expected}%"
            yield HOLDS if good else wrong_number(row, "完成值", expected, what)


def _known(case: Case, names: Sequence[str]) -> list[Figure]:
    found = []
    for name in names:
        try:
            found.append(case.indicators.get(name))
        except UnknownIndicatorError:
            continue
    return found


RULES = (statements, exchanged, initial_budgets, projects, rates)
