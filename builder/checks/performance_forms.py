"""绩效自评, line against line and form against form: one fact with two values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from builder.accounts.completion import MOMENT, TEXTS, plain, quantities
from builder.accounts.money import ZERO, AmountUnit, is_rounding_difference
from builder.findings import Source

from .case import Case
from .engine import rule
from .evaluation import Evaluation, Measured, Row
from .evaluations import all_words, evaluations
from .performance_results import wrong_amount, wrong_number, wrong_text
from .performance_texts import is_slip
from .readings import number, says, slack
from .results import HOLDS, Result

LONG, TELLING = 10, 3
"""Characters a name must have to be compared with one that is nearly the same; digits that make a value telling."""

AMOUNTS = ("年初预算", "全年预算", "到位", "执行")
COPIED = (*AMOUNTS, "目标值", "完成值")
SAID = re.compile(r"(?:涉及[^，。；、\d]{0,8}资金|预算数|执行数)[为是共约]?(?P<amount>\d[\d,]*(?:\.\d+)?)万元")
"""What texts say of a project's money."""


def _is_telling(text: str) -> bool:
    numbers = quantities(plain(text))
    return bool(numbers) and len(str(numbers[0].value).replace(".", "").strip("0")) >= TELLING


@rule(
    "指标重复", "同一个绩效指标只有一个目标值、一个完成值",
    meaning="同一张自评表里，同名的绩效指标没有两个不同的目标值或完成值。",
    formula="同名指标的目标值、完成值相同",
)
def repeated(case: Case) -> Iterator[Result]:
    """Indicators of one name under the same heads of a form. Source: 项目支出绩效自评表."""
    for form in evaluations(case):
        for column in ("目标值", "完成值"):
            seen: dict[tuple[str, ...], Row] = {}
            for row in form.lines if column in form.columns else ():
                if says(row[column]):
                    first = seen.setdefault((row["一级"], row["二级"], row.name), row)
                    if first is row or plain(row[column]) == plain(first[column]):
                        yield HOLDS
                    else:
                        what = f"有两个，{first[column]} 和 {row[column]}"
                        yield wrong_text(row, column, what, first.at(column))


@rule(
    "指标不一", "各张自评表里同一个指标的数相同",
    meaning="同一年度的各张自评表里，同一个指标、同一个目标的完成值相同；同一个完成值的目标值也相同。",
    formula="同名指标：目标值相同 ⇒ 完成值相同；完成值相同 ⇒ 目标值相同",
)
def differing(case: Case) -> Iterator[Result]:
    """Lines of one name in two forms of the year: two results for one target, or two targets for one result.

    Names that differ by a character or two are taken for one. Source: 项目支出绩效自评表 of one unit and year.
    """
    forms = [_by_likeness(form.measured) for form in evaluations(case, "目标值", "完成值")]
    for (one, _), (_, others) in combinations(forms, 2):
        for like, (row, target, actual) in one:
            for twin, its_target, its_actual in others.get(like, ()):
                same = target == its_target or actual == its_actual
                if not same or not (row.name == twin.name or is_slip(row.name, twin.name)):
                    continue
                if target == its_target and quantities(actual) and quantities(its_actual):
                    yield _agree(row, twin, "完成值", (actual, its_actual))
                elif actual == its_actual and _is_telling(actual) and quantities(its_target):
                    yield _agree(row, twin, "目标值", (target, its_target))


Like = tuple[int, str]
"""What two names have in common where they may be one: short ones all of it, long ones the first character."""


def _by_likeness(lines: Sequence[Measured]) -> tuple[Sequence[tuple[Like, Measured]], Mapping[Like, list[Measured]]]:
    """Return lines each with what another must have in common with it, and by that."""
    names = [line.row.name for line in lines]
    likes = [(LONG, name[:1]) if len(name) >= LONG else (0, name) for name in names]
    found: dict[Like, list[Measured]] = {}
    for like, line in zip(likes, lines, strict=True):
        found.setdefault(like, []).append(line)
    return list(zip(likes, lines, strict=True)), found


def _agree(row: Row, twin: Row, column: str, texts: tuple[str, str]) -> Result:
    values = [quantities(text)[0].value if quantities(text) else None for text in texts]
    if texts[0] == texts[1] or values[0] == values[1]:
        return HOLDS
    return wrong_text(twin, column, f"是 {twin[column]}，{row.form}里却是 {row[column]}", row.at(column))


@rule(
    "数字颠倒", "两处的数不是相邻两位颠倒",
    meaning="自评表里两处的数只差相邻两位的次序（如 128763 和 128673），多半有一处抄错。",
    formula="没有只差相邻两位次序的两个数",
)
def swapped(case: Case) -> Iterator[Result]:
    """Amounts of four digits or more in money blocks, targets and results. Source: slips of copying."""
    seen: dict[str, tuple[Row, str]] = {}
    for form in evaluations(case):
        columns = [column for column in COPIED if column in form.columns]
        for row in (*form.money, *form.lines):
            for key in columns:
                for digits in _long_numbers(row[key]) if key in row else ():
                    seen.setdefault(digits, (row, key))
    for digits, others in _of_the_same_digits(list(seen)):
        (row, key), (twin, column) = seen[digits], seen[others]
        if row is not twin and _is_swap(digits, others):
            what = f"是 {twin[column]}，「{row.form}」的「{row.name}」{key}是 {row[key]}，只差相邻两位的次序"
            yield wrong_text(twin, column, what, row.at(key))
    if seen:
        yield HOLDS


@lru_cache(maxsize=TEXTS)
def _long_numbers(text: str) -> Sequence[str]:
    """Return the first two numbers of a cell that are long enough to be copied wrongly; none of a date."""
    text = plain(text)
    numbers = [str(each.value) for each in quantities(text)[:2]]
    long = [digits for digits in numbers if len(digits.replace(".", "")) > TELLING]
    return () if long and MOMENT.search(text) else long


def _of_the_same_digits(numbers: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs of numbers that have the same digits in some order, in the order of the numbers."""
    places: dict[str, list[int]] = {}
    for place, digits in enumerate(numbers):
        places.setdefault("".join(sorted(digits)), []).append(place)
    pairs = sorted(pair for alike in places.values() for pair in combinations(alike, 2))
    return [(numbers[one], numbers[other]) for one, other in pairs]


def _is_swap(one: str, other: str) -> bool:
    """Tell whether two numbers are the same but for two neighbouring digits."""
    if len(one) != len(other):
        return False
    apart = [place for place, (left, right) in enumerate(zip(one, other, strict=True)) if left != right]
    return len(apart) == 2 and apart[1] == apart[0] + 1 and one[apart[0]] == other[apart[1]] and (  # noqa: PLR2004
        one[apart[1]] == other[apart[0]]
    )


@rule(
    "项目两处", "同一个项目在各处的数相同",
    meaning="自评表和文字说明里同一个项目（或整体）的预算数、执行数、总分相同。",
    formula="同一项目：预算数、执行数、总分相同",
)
def twice(case: Case) -> Iterator[Result]:
    """Two printed forms about one project, by name or by the amount spent. Source: 预算绩效情况说明 and the forms."""
    for one, other in combinations([form for form in evaluations(case) if form.printed], 2):
        if not _same_project(one, other):
            continue
        budgets = [[form.amount(key) for key in ("年初预算", "全年预算")] for form in (one, other)]
        known = [{amount for amount in pair if amount is not None} for pair in budgets]
        if known[0] and known[1]:
            common = any(_equal(left, right, other) for left in known[0] for right in known[1])
            row, key = _cell(other, "全年预算")
            yield HOLDS if common else wrong_amount(other, row, key, one.budget or ZERO, f"「{one.name}」里是另一个数")
        spent = one.amount("执行"), other.amount("执行")
        if spent[0] is not None and spent[1] is not None:
            row, key = _cell(other, "执行")
            good = _equal(spent[0], spent[1], other)
            yield HOLDS if good else wrong_amount(other, row, key, spent[0], f"「{one.name}」里是另一个数")
        scores = _total(one), _total(other)
        if scores[0] is not None and scores[1] is not None:
            what = f"「{one.whole['标题']}」里是 {scores[0]} 分"
            good = scores[0] == scores[1]
            yield HOLDS if good else wrong_number(other.whole, "总分", scores[0], what)


def _same_project(one: Evaluation, other: Evaluation) -> bool:
    names = [plain(form.whole["项目名称"]) for form in (one, other)]
    if one.whole["标题"] == other.whole["标题"]:
        return False  # two projects of one kind of form
    if names[0] == names[1] or (min(map(len, names)) > TELLING and (names[0] in names[1] or names[1] in names[0])):
        return True
    spent = one.amount("执行"), other.amount("执行")
    return bool(spent[0]) and spent[0] == spent[1]


def _equal(one: Decimal, other: Decimal, form: Evaluation) -> bool:
    half = max((slack(row[key]) for row in form.money for key in ("年初预算", "全年预算", "执行")), default=ZERO)
    return abs(one - other) <= half


def _cell(form: Evaluation, key: str) -> tuple[Row, str]:
    row = next((row for row in form.money if number(row[key]) is not None), form.money[0])
    return row, key if says(row[key]) else "年初预算"


def _total(form: Evaluation) -> Decimal | None:
    given = number(form.whole["总分"])
    scores = [score for row, _, score in form.scored if row.name]
    if given is not None or not scores or None in scores:
        return given
    return sum((score for score in scores if score is not None), number(form.execution[1]) or ZERO)


@rule(
    "资金文字", "说明里的预算数、执行数与自评表相同",
    meaning="绩效说明写着涉及资金、预算数、执行数多少万元的，是某张自评表资金部分的数，或各张同样的表的合计。",
    formula="说明里的数 ∈ 资金各行的数 ∪ 各表合计",
)
def told(case: Case) -> Iterator[Result]:
    """Texts of forms, by the words before the amount. Source: 预算绩效情况说明 and the forms."""
    if not SAID.search(all_words(case)):
        return
    forms = evaluations(case)
    known = [amount * form.unit.yuan for form in forms for amount in _amounts(form)]
    for title in dict.fromkeys(form.whole["标题"] for form in forms):
        of_kind = [form for form in forms if form.whole["标题"] == title]
        known += (sum(((form.amount(key) or ZERO) * form.unit.yuan for form in of_kind), ZERO) for key in AMOUNTS)
    for form in forms:
        for row in form.texts if form.money else ():
            for said in SAID.finditer(row["文"]):
                digits = said["amount"].replace(",", "")
                step = Decimal(1).scaleb(-len(digits.partition(".")[2])) * AmountUnit.WAN.yuan
                amount = Decimal(digits) * AmountUnit.WAN.yuan
                good = any(is_rounding_difference(amount, each, 1, step) for each in known)
                what = f"里写着「{said[0]}」，自评表的资金部分没有这个数"
                yield HOLDS if good else wrong_text(row, "文", what, *_money_cells(form))


def _amounts(form: Evaluation) -> Iterator[Decimal]:
    amounts = (number(row[key]) for row in form.money for key in AMOUNTS)
    return (amount for amount in amounts if amount is not None)


def _money_cells(form: Evaluation) -> list[Source]:
    return [row.at(key) for row in form.money[:1] for key in AMOUNTS if says(row[key])]


RULES = (repeated, differing, swapped, twice, told)
