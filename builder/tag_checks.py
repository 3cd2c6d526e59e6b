"""What a tag gives a filter, checked against the style without a unit's data: names of formats and phrase sets, slots.

Everything here stops a build too, but only of a unit whose document prints the tag.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from builder.form_filters import FILTERS
from builder.rendering.environment import UNKNOWN, Vocabulary
from builder.style import Style
from builder.vocabulary import AGAINST, BUDGETS, filters
from builder.wording.phrases import GIVEN, listed
from builder.wording.phrasing import Phrasing, among
from builder.wording.wording import DEFAULT

Sets = Mapping[str, Phrasing[Any]]

FORMATS = ("万元", "金额", "数", "率")
FROM_PARTS = frozenset({"主语", "对象", "编码"})
"""Slots that only a part can fill; the program fills the others that may stand in every phrase."""
IN_LISTS = FROM_PARTS - {"编码"}


def vocabulary_of(style: Style) -> Vocabulary:
    """Return the words that a form may use, with what its style says of them."""
    series = {name: len(chart.series) for name, chart in style.sheet.charts.items()}
    return Vocabulary(filters() | FILTERS, {}, argument_check(style), series)


def argument_check(style: Style) -> Callable[[str, Sequence[object], Mapping[str, object]], str]:
    """Return ``check(filter, given, named)``: what is wrong with the arguments of a tag, or nothing."""
    wording = style.wording
    sets: dict[str, Sets] = {
        "较上年": wording.changes,
        "比较": wording.differences,
        "占": wording.shares,
        "完成预算": wording.completions,
        "原因": wording.reasons,
        "列举": wording.listings,
    }
    signatures = {name: inspect.signature(function) for name, function in (filters() | FILTERS).items()}

    def check(name: str, given: Sequence[object], named: Mapping[str, object]) -> str:
        if name not in signatures:
            return ""
        bound = _bound(signatures[name], given, named)
        if bound is None:
            return f"「{name}」括号里的内容不合用法；{_usage(name, signatures[name])}"
        if name in FORMATS and bound["name"] is not UNKNOWN and bound["name"] not in wording.formats:
            return f"数字格式里没有「{bound['name']}」；{among(str(bound['name']), wording.formats)}"
        if name == "等级" and bound["name"] is not UNKNOWN and bound["name"] not in style.sheet.grades:
            known = among(str(bound["name"]), style.sheet.grades)
            return f"style.yaml 的「等级」里没有名为「{bound['name']}」的一组；{known}"
        return _phrase_mistake(name, bound, sets[name]) if name in sets else ""

    return check


def _bound(
    signature: inspect.Signature, given: Sequence[object], named: Mapping[str, object]
) -> dict[str, object] | None:
    """Return the arguments by the parameters' names, defaults too; None where they do not fit."""
    first = [UNKNOWN] * (2 if "context" in signature.parameters else 1)  # the value before the bar
    try:
        bound = signature.bind(*first, *given, **named)
    except TypeError:
        return None
    bound.apply_defaults()
    return bound.arguments


def _usage(name: str, signature: inspect.Signature) -> str:
    """Return how many arguments a filter takes, for a message."""
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.POSITIONAL_ONLY)
    mine = [p for p in signature.parameters.values() if p.kind in kinds and p.name != "context"][1:]
    least = sum(1 for parameter in mine if parameter.default is inspect.Parameter.empty)
    return f"「{name}」要写 {least} 项" if least == len(mine) else f"「{name}」可以写 {least}—{len(mine)} 项"


def _phrase_mistake(kind: str, bound: Mapping[str, object], sets: Sets) -> str:
    """Return what is wrong with a tag that names a phrase set."""
    against, budget, name = bound.get("against"), bound.get("预算"), bound["name"]
    if kind == "原因":
        if against is not UNKNOWN and against not in AGAINST:
            return f"「原因」只有「较上年」和「较预算」两种，没有「{against}」"
        name = name or (against if against is UNKNOWN or against in sets else DEFAULT)
    if budget and budget is not UNKNOWN and budget not in BUDGETS:
        return f"预算只有「年初预算」和「全年预算」两种，没有「{budget}」"
    if name is UNKNOWN:
        return ""
    if name not in sets:
        return f"措辞 › {kind} 里没有名为「{name}」的一组；{among(str(name), sets)}"
    given = bound.get("given", {})
    return _slot_mistake(sets[str(name)], set(given) if isinstance(given, Mapping) else set(), kind)


def _slot_mistake(phrasing: Phrasing[Any], given: AbstractSet[str], kind: str) -> str:
    """Return what is wrong with the slots that a tag fills."""
    if unknown := sorted(given - GIVEN):
        return f"正文可以给出的空只有 {listed(sorted(GIVEN))}，没有 {listed(unknown)}"
    used = frozenset[str]().union(*(phrase.slots for phrase in phrasing.cases.values()))
    if missing := sorted((used & (IN_LISTS if kind == "列举" else FROM_PARTS)) - given):
        example = "，".join(f'{slot}="…"' for slot in missing)
        return f"{phrasing.place} 的写法要用到 {listed(missing)}；请在标签里补上 {example}"
    return ""
