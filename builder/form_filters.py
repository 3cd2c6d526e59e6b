"""Filters that compute what a 绩效 form must not be told: sums, completion of targets, grades."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from jinja2 import pass_context
from jinja2.runtime import Context

from builder.accounts.completion import completion
from builder.accounts.figures import Figure, Kind
from builder.accounts.money import ZERO
from builder.context import FigureValue, as_figure
from builder.findings import InputError
from builder.vocabulary import account_of


def total(items: Iterable[object], field: str = "") -> FigureValue:
    """``| 合计("得分")``: the sum of a field over lines, or of the figures themselves; what is not filled in is 0."""
    value, kind = ZERO, Kind.COUNT
    for item in items:
        part = getattr(item, field, None) if field else item
        if field and not hasattr(item, field):
            raise InputError(f"「合计」的各行里没有「{field}」这一项")
        figure = as_figure(part)
        if figure is not None:
            value += figure.value
            kind = figure.kind if figure.kind is Kind.MONEY else kind
    name = f"合计（{field}）" if field else "合计"
    return FigureValue(name, Figure(name, value, kind))


def difference_of(value: object, other: object) -> FigureValue:
    """``| 减(别的数)``: the difference of two figures; not known where one of them is not."""
    left, right = as_figure(value), as_figure(other)
    if left is None or right is None:
        return FigureValue("差", None)
    return FigureValue("差", Figure("差", left.value - right.value, left.kind))


def completion_of(result: object, target: object) -> FigureValue:
    """``结果 | 完成比例(目标)``: how far a target written in words (≥90%, 6-9个月) is met, in %."""
    rate = completion(result, target)
    return FigureValue("完成比例", None if rate is None else Figure("完成比例", rate, Kind.COUNT))


@pass_context
def grade(context: Context, value: object, name: str = "默认") -> str:
    """``| 等级``: the grade (优、良 …) that the style gives a score."""
    scales = account_of(context).style.sheet.grades
    if name not in scales:
        raise InputError(f"style.yaml 的「等级」里没有名为「{name}」的一组；现有：{'、'.join(scales) or '无'}")
    figure = as_figure(value)
    if figure is None:
        return ""
    reached = [(least, word) for word, least in scales[name].items() if figure.value >= least]
    return max(reached)[1] if reached else ""


FILTERS: dict[str, Callable[..., object]] = {
    "合计": total, "减": difference_of, "完成比例": completion_of, "等级": grade,
}
"""Name of a filter → what it does."""
