"""A bureau's own cross-checks: comparisons of formulas over indicators, declared in ``templates/风格/checks.yaml``.

``收支.总计 = 收支.支出总计`` — one of = ≤ ≥ between two formulas of sums, differences, products and quotients. There
are no functions, so a rule can do no harm. ``级别`` sets the severity of any rule, the program's too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Annotated

from pydantic import Field

from builder.accounts.definitions import plain_name
from builder.accounts.figures import Figure, Kind, UnknownIndicatorError
from builder.accounts.formulas import Formula, FormulaError, parse_formula
from builder.accounts.money import is_rounding_difference, printed
from builder.accounts.values import Model, Text, one_of
from builder.findings import Finding, Level

from .case import Case, OwnRule, Places
from .engine import Check, Rule
from .results import HOLDS, Outcome, Result, undecided

SIGN = re.compile(r"(<=|>=|＜＝|＞＝|[≤≥⩽⩾＝=])")
PLAIN = {"<=": "≤", "＜＝": "≤", "⩽": "≤", ">=": "≥", "＞＝": "≥", "⩾": "≥", "＝": "="}
OwnRules = Iterable[OwnRule]
DECLARED = 1024
"""Of how many declarations the rules are kept: a bureau's are the same for all its units."""
Severity = Annotated[str, one_of(*(level.value for level in Level))]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison that has been read."""

    left: Formula
    sign: str
    right: Formula

    @property
    def names(self) -> tuple[str, ...]:
        """The indicators that it mentions."""
        return tuple(dict.fromkeys((*self.left.names, *self.right.names)))


def parse_comparison(text: str) -> Comparison:
    """Read ``左边 = 右边`` (or ≤, ≥). Raises FormulaError."""
    parts = SIGN.split(text)
    if len(parts) != 3:  # noqa: PLR2004
        raise FormulaError(f"「{text}」应是两个公式，中间写一个 =、≤ 或 ≥，如「收支.总计 = 收支.支出总计」")
    left, sign, right = parts
    return Comparison(parse_formula(left), PLAIN.get(sign, sign), parse_formula(right))


class DeclaredRule(Model):
    """One rule of ``checks.yaml``."""

    id: Text = Field(alias="编号")
    title: Text = Field(alias="标题")
    meaning: str = Field("", alias="说明")
    severity: Severity = Field(Level.WARNING.value, alias="级别")
    formula: Text = Field(alias="公式")


class ChecksFile(Model):
    """``checks.yaml``: a bureau's own rules, and the severities of others by 编号."""

    rules: list[DeclaredRule] = Field(default_factory=list, alias="规则")
    severities: dict[Text, Severity] = Field(default_factory=dict, alias="级别")


@lru_cache(maxsize=DECLARED)
def as_rule(declared: OwnRule) -> Rule:
    """Return the rule of a declaration; its formula is read once, not for every unit."""
    return Rule(
        declared.id, declared.title, declared.meaning or declared.title, declared.formula,
        _check(parse_comparison(declared.formula), declared), declared.severity,
    )


def _check(comparison: Comparison, declared: OwnRule) -> Check:
    def check(case: Case) -> Iterator[Result]:
        try:
            figures = {name: case.indicators.get(name) for name in comparison.names}
        except UnknownIndicatorError as error:
            yield undecided(f"「{declared.title}」用到的指标{error}", source=declared.source)
            return
        yield _judge(comparison, declared, figures)

    return check


def _judge(comparison: Comparison, declared: OwnRule, figures: Mapping[str, Figure]) -> Result:
    left, right = (side.evaluate(_lookup(figures)) for side in (comparison.left, comparison.right))
    if left is None or right is None:
        return undecided(f"「{declared.title}」的公式除数为零或缺数", source=declared.source)
    powers = {name: int(figure.kind is Kind.MONEY) for name, figure in figures.items()}
    money = max(side.degree(lambda name: powers[name]) for side in (comparison.left, comparison.right)) == 1
    if _holds(left, comparison.sign, right, sum(map(_leaves, figures.values())) if money else None):
        return HOLDS
    shown = [f"{printed(value):,} 万元" if money else f"{value:.4f}".rstrip("0").rstrip(".") for value in (left, right)]
    difference = f"，相差 {printed(left - right):+,} 万元" if money else ""
    message = (
        f"{declared.title}（{declared.formula}）不成立：左边 {shown[0]}，右边 {shown[1]}{difference}；"
        f"{declared.meaning or '请核对这些数'}"
    )
    sources = tuple(dict.fromkeys(source for figure in figures.values() for source in figure.sources))
    cells = [cell for figure in figures.values() for cell in figure.cells]
    return Result(
        Outcome.FAILS, message, sources[0] if sources else declared.source, cells[0].place if cells else None,
        left, right, sources, is_money=money,
    )


def _lookup(figures: Mapping[str, Figure]) -> Callable[[str], Decimal | None]:
    return lambda name: figures[name].value


def _leaves(figure: Figure) -> int:
    return sum(cell.leaves for cell in figure.cells) or 1


def _holds(left: Decimal, sign: str, right: Decimal, leaves: int | None) -> bool:
    """Tell whether a comparison holds, 尾差 aside where it is one of amounts."""
    equal = left == right if leaves is None else is_rounding_difference(left, right, leaves)
    return equal or (sign == "≤" and left < right) or (sign == "≥" and left > right)


def declared_rules(file: ChecksFile, places: Places) -> tuple[list[OwnRule], list[Finding]]:
    """Return the rules of a file, and what is wrong with those whose formula cannot be read."""
    rules, findings = [], []
    for number, each in enumerate(file.rules):
        at = places.nearest(("规则", number, "公式"))
        try:
            parse_comparison(each.formula)
        except FormulaError as error:
            findings.append(Finding(f"规则「{each.title}」：{error}", at))
        else:
            rules.append(OwnRule(each.id, each.title, each.meaning, Level(each.severity), each.formula, at))
    return rules, findings


def names_of(declared: OwnRule) -> tuple[str, ...]:
    """Return the indicators that a declared rule mentions, in their dotted form."""
    return tuple(map(plain_name, parse_comparison(declared.formula).names))
