"""The filters of a form: Chinese names that bind figures to the house's wording.

A filter finds the unit-year that is being rendered in the template's context, under ``账簿``; the compiled form itself
knows no unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from builder.accounts.figures import Figure, Kind
from builder.accounts.money import printed
from builder.context import Account, CellText, FigureValue, LazyNames, as_figure
from builder.findings import Finding, InputError
from builder.loading.unit import UNWRITTEN
from builder.rendering.marks import Written, marked_part
from builder.wording.lists import Item
from builder.wording.numerals import chinese_number, ordinal
from builder.wording.reasons import clean
from builder.wording.wording import DEFAULT

ACCOUNT = "账簿"
AGAINST = {"较上年": "上年数", "较预算": "预算数"}
BUDGETS = ("年初预算", "全年预算")
NUMBER, LAST_YEAR = "数", ".上年"
COUNTED = "个"
"""The unit of number formats for counts."""


def filters() -> dict[str, Callable[..., object]]:
    """Return every filter that a part may use, by its name."""
    return {
        "万元": amount,
        "金额": amount,
        "数": count,
        "率": rate,
        "较上年": change,
        "比较": difference,
        "占": share,
        "完成预算": completion,
        "原因": reason,
        "列举": listing,
        "中文数字": chinese,
        "序号": numbered,
        "勾": tick,
    }


def account_of(context: Context) -> Account:
    """Return the unit-year that is being rendered."""
    account: Account = context.parent[ACCOUNT]  # what is rendered, whatever a part sets beside it
    return account


def required(value: object, what: str) -> Figure:
    """Return a figure that must be known. Raises InputError."""
    figure = as_figure(value)
    if figure is None:
        name = value.name if isinstance(value, FigureValue) else f"{what}要用的数"
        raise InputError(f"「{name}」没有给出；请在 {file_of(name)} 里补填")
    return figure


def measured(context: Context, figure: Figure, group: str, name: str) -> Figure:
    """Return a figure that a set can compare. Raises InputError for a count where the set reads amounts of money."""
    if figure.kind is Kind.COUNT and figure.value and account_of(context).style.wording.unit_of(group, name) != COUNTED:
        what = f"「{figure.name}」" if figure.name else "这里的数"
        raise InputError(
            f"{what}是个数，不是金额；{group}「{name}」这一组按金额取整，比例会错。请另写一组，「金额」用单位为「{COUNTED}」的数字格式"
        )
    return figure


def lacking(account: Account, name: str) -> str:
    """Note down that a figure is not given, and return the marker that stands in its place."""
    stem = name.removesuffix(LAST_YEAR)
    advice = f"请在 上年.yaml 的「指标」下补填：{stem}: {{上年: 数}}" if stem != name else "请在 决算.yaml 里补填"
    account.missing.setdefault((NUMBER, name), Finding(f"缺少「{name}」；{advice}"))
    return f"【待补充：{name}】"


def file_of(name: str) -> str:
    """Return the file that a figure is given in."""
    return "上年.yaml" if name.endswith(LAST_YEAR) else "决算.yaml"


@pass_context
def amount(context: Context, value: object, name: str = DEFAULT) -> str:
    """``| 万元``: an amount as text, in the named number format."""
    account, figure = account_of(context), as_figure(value)
    if figure is None:
        return lacking(account, value.name if isinstance(value, FigureValue) else "这里的金额")
    texts = account.amounts_as_text(name)
    return texts[figure.value] or texts.zero


@pass_context
def count(context: Context, value: object, name: str = "整数") -> str:
    """``| 数``: a count as text."""
    return account_of(context).style.wording.count(required(value, "数").value, name)


@pass_context
def rate(context: Context, value: object, name: str = "百分比") -> str:
    """``| 率``: a percentage as text, without its sign; nothing where there is none."""
    figure = as_figure(value)
    return "" if figure is None else account_of(context).style.wording.rate(figure.value, name)


@pass_context
def change(context: Context, value: object, name: str = DEFAULT, **given: object) -> str:
    """``| 较上年``: this year against last year."""
    account, figure = account_of(context), measured(context, required(value, "较上年"), "较上年", name)
    if figure.last_year is None and not account.style.wording.says_unknown("较上年", name):
        return lacking(account, f"{figure.name}.上年")
    return account.style.wording.change(figure.value, figure.last_year, name, **slots(account, figure, given))


@pass_context
def difference(context: Context, value: object, name: str = DEFAULT, *, 预算: str = "", **given: object) -> str:
    """``| 比较``: the final figure against the budget."""
    account, figure = account_of(context), required(value, "比较")
    base = budget_of(figure, 预算)
    measured(context, figure, "比较", name)
    if base is None and not account.style.wording.says_unknown("比较", name):
        return lacking(account, f"{figure.name}.{预算 or '年初预算'}")
    return account.style.wording.difference(figure.value, base, name, **slots(account, figure, given))


@pass_context
def completion(context: Context, value: object, name: str = DEFAULT, *, 预算: str = "", **given: object) -> str:
    """``| 完成预算``: the final figure in per cent of the budget."""
    account, figure = account_of(context), required(value, "完成预算")
    base = budget_of(figure, 预算)
    measured(context, figure, "完成预算", name)
    if base is None and not account.style.wording.says_unknown("完成预算", name):
        return lacking(account, f"{figure.name}.{预算 or '年初预算'}")
    return account.style.wording.completion(figure.value, base, name, **slots(account, figure, given))


@pass_context
def share(context: Context, value: object, whole: object, name: str = DEFAULT, **given: object) -> str:
    """``| 占(总数)``: the share of a whole."""
    account, figure = account_of(context), measured(context, required(value, "占"), "占", name)
    total = as_figure(whole)
    base = None if total is None else total.value
    return account.style.wording.share(figure.value, base, name, **slots(account, figure, given))


@pass_context
def reason(
    context: Context, value: object, against: str = "较上年", name: str = "", *, 预算: str = "", **given: object
) -> str:
    """``| 原因("较上年")``: the reason with its lead-in; notes down a missing one."""
    account, figure = account_of(context), required(value, "原因")
    if against not in AGAINST:
        raise InputError(f"「原因」只有「较上年」和「较预算」两种，没有「{against}」")
    wording = account.style.wording
    name = name or (against if against in wording.reasons else DEFAULT)
    base = figure.last_year if against == "较上年" else budget_of(figure, 预算)
    written = account.reasons.get((figure.name, against))
    text = wording.reason(written, figure.value, base, name, **slots(account, figure, given))
    if isinstance(written, Written):
        text = marked_part(text, clean(written), written.key)
    if wording.lacks_reason(written, figure.value, base, name):
        account.missing[figure.name, against] = Finding(missing_reason(figure, against, base))
        marker = UNWRITTEN.search(text) if account.marked else None
        text = marked_part(text, marker[0], missing_key(figure.name, against)) if marker else text
    return text


def missing_key(first: str, second: str) -> str:
    """Return the key of a text noted down as missing, by indicator and comparison, or by kind and name."""
    return f"原因/{first}/{second}" if second in AGAINST else f"{first}/{second}"


def missing_reason(figure: Figure, against: str, base: Decimal | None) -> str:
    """Return the message on a reason that nobody has written."""
    figures = f"本年 {printed(figure.value):,} 万元"
    if base is not None:
        figures += f"，{AGAINST[against]} {printed(base):,} 万元"
    return (
        f"缺少「{figure.name}」{against}变动的主要原因（{figures}）；"
        f"请在 说明.yaml 的「原因」下补写：{figure.name}: {{{against}: 原因文字}}"
    )


@pass_context
def listing(
    context: Context, items: Iterable[object], name: str = DEFAULT, total: object = None, **given: object
) -> str:
    """``| 列举``: the names of the items that are not zero, joined."""
    account = account_of(context)
    whole = as_figure(total)
    return account.style.wording.listing(
        [as_item(item) for item in items], name, total=None if whole is None else whole.value, **given
    )


def as_item(item: object) -> Item:
    """Return what a list in a sentence shows of a thing: an item, a table's row, or just a name."""
    if isinstance(item, Item):
        return item
    if isinstance(item, str):
        return Item(item)
    label = getattr(item, "科目名称", None) or getattr(item, "名称", None)
    if label is None:
        raise InputError(f"「列举」不能列出「{item}」；可以列出名称、表的行或项目")
    names = item.__dir__() if isinstance(item, LazyNames) else vars(item)
    cell = next((value for name in names if isinstance(value := getattr(item, name), CellText)), None)
    return Item(str(label), None if cell is None else cell.cell.value, getattr(item, "科目代码", ""))


def chinese(value: object) -> str:
    """``| 中文数字``: 11 → 十一."""
    return chinese_number(int(required(value, "中文数字").value))


def numbered(value: object, first: str = "一") -> str:
    """``| 序号``: 2 → 二, in the manner of ``first`` (一, 1, ①)."""
    return ordinal(int(required(value, "序号").value), first)


def tick(value: object, word: str) -> str:
    """``| 勾("部门预算项目")``: ☑ where the word is among the values, else □."""
    chosen = value if isinstance(value, list | tuple) else [value]
    return "☑" if word in chosen else "□"


def budget_of(figure: Figure, which: str) -> Decimal | None:
    """Return the budget that a comparison means: 年初预算 where known, else 全年预算, unless a part says which."""
    if not which:
        return figure.budget
    known: Mapping[str, Decimal | None] = {"年初预算": figure.initial_budget, "全年预算": figure.adjusted_budget}
    if which not in known:
        raise InputError(f"预算只有「年初预算」和「全年预算」两种，没有「{which}」")
    return known[which]


def slots(account: Account, figure: Figure, given: Mapping[str, object]) -> dict[str, Any]:
    """Return the slots that every phrase may use, completed by what the part gives."""
    return {"名称": figure.name, "年度": account.year, "上年度": account.year - 1, "自称": account.own_name, **given}
