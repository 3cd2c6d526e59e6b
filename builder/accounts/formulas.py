"""Formulas of indicators: sums, differences, products and quotients of named figures, in the style's own words.

``政府采购.货物.支出 + 政府采购.工程.支出`` — names are taken apart from operators by ``+ - * / ( )``, also in their
full-width and typographic forms. There are no functions and no attribute access, so a formula can do no harm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from .money import total_of

PART = re.compile(r"\s*(?:(?P<op>[-+*/()])|(?P<number>\d+(?:\.\d+)?)(?![^\s+\-*/()])|(?P<name>[^\s+\-*/()]+))")
PLAIN = str.maketrans({"＋": "+", "－": "-", "−": "-", "×": "*", "＊": "*", "÷": "/", "／": "/", "（": "(", "）": ")"})

RANK = {"+": 1, "-": 1, "*": 2, "/": 2}
"""The operators, and how strongly they bind."""

T = TypeVar("T")
Value = Decimal | None
Lookup = Callable[[str], Value]
Terms = tuple[tuple[str, int], ...]


class FormulaError(ValueError):
    """A formula that cannot be read; the message says where, in Chinese."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that has been read: its text, the same in postfix order, and the figures it mentions, in order.

    ``terms`` are those of a formula that only adds and subtracts figures, as most do, each with 1 or -1.
    """

    text: str
    postfix: tuple[str | Decimal, ...]
    names: tuple[str, ...] = field(init=False)
    terms: Terms | None = field(init=False)

    def __post_init__(self) -> None:
        """Find out once what every evaluation needs."""
        names = dict.fromkeys(part for part in self.postfix if isinstance(part, str) and part not in RANK)
        object.__setattr__(self, "names", tuple(names))
        is_sum = not any(isinstance(part, Decimal) or part in {"*", "/"} for part in self.postfix)
        object.__setattr__(self, "terms", self._fold(lambda name: ((name, 1),), _no_terms, _added) if is_sum else None)

    def evaluate(self, lookup: Lookup) -> Value:
        """Return the result; None where a figure is not known or a divisor is zero."""
        if self.terms is not None:
            return total_of((lookup(name), sign) for name, sign in self.terms)
        return self._fold(lookup, lambda number: number, _apply)

    def degree(self, lookup: Callable[[str], int]) -> int:
        """Return which power of money the result is (1: an amount, 0: a number), given that of each figure."""
        if self.terms is not None:
            return max(map(lookup, self.names))
        return self._fold(lookup, lambda _number: 0, _degree)

    def _fold(self, lookup: Callable[[str], T], constant: Callable[[Decimal], T], apply: Callable[[str, T, T], T]) -> T:
        stack: list[T] = []
        for part in self.postfix:
            if isinstance(part, Decimal):
                stack.append(constant(part))
            elif part in RANK:
                right, left = stack.pop(), stack.pop()
                stack.append(apply(part, left, right))
            else:
                stack.append(lookup(part))
        return stack.pop()


def parse_formula(text: str) -> Formula:
    """Read a formula. Raises FormulaError."""
    reader = _Reader(text)
    for part in _parts(text.translate(PLAIN)):
        if reader.expects_value:
            reader.value(part)
        else:
            reader.operator(part)
    return reader.formula()


class _Reader:
    """Puts the parts of a formula in postfix order (the shunting-yard algorithm)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.expects_value = True
        self._postfix: list[str | Decimal] = []
        self._operators: list[str] = []

    def value(self, part: str | Decimal) -> None:
        """Take a number, a name or an opening bracket."""
        if part == "(":
            self._operators.append("(")
            return
        if part in RANK or part == ")":
            raise FormulaError(f"公式「{self.text}」在「{part}」前缺少指标名称")
        self._postfix.append(part)
        self.expects_value = False

    def operator(self, part: str | Decimal) -> None:
        """Take an operator or a closing bracket."""
        if part == ")":
            self._release(0)
            if not self._operators:
                raise FormulaError(f"公式「{self.text}」多了一个「)」")
            self._operators.pop()
        elif isinstance(part, str) and part in RANK:
            self._release(RANK[part])
            self._operators.append(part)
            self.expects_value = True
        else:
            raise FormulaError(f"公式「{self.text}」在「{part}」前缺少运算符号")

    def formula(self) -> Formula:
        """Return what has been read."""
        if self.expects_value:
            raise FormulaError(f"公式「{self.text}」不完整")
        if "(" in self._operators:
            raise FormulaError(f"公式「{self.text}」缺少「)」")
        return Formula(self.text.strip(), (*self._postfix, *reversed(self._operators)))

    def _release(self, rank: int) -> None:
        """Put out the operators that bind at least as strongly, back to the last opening bracket."""
        while self._operators and self._operators[-1] != "(" and RANK[self._operators[-1]] >= rank:
            self._postfix.append(self._operators.pop())


def _parts(text: str) -> Iterator[str | Decimal]:
    position, text = 0, text.rstrip()
    while position < len(text):
        match = PART.match(text, position)
        assert match  # every character is an operator, a space or part of a name
        position = match.end()
        yield Decimal(match["number"]) if match["number"] else match["op"] or match["name"]


def _apply(operator: str, left: Value, right: Value) -> Value:
    if left is None or right is None:
        return None
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    return left / right if right else None


def _degree(operator: str, left: int, right: int) -> int:
    return {"*": left + right, "/": left - right}.get(operator, max(left, right))


def _no_terms(_number: Decimal) -> Terms:
    return ()


def _added(operator: str, left: Terms, right: Terms) -> Terms:
    return left + (right if operator == "+" else tuple((name, -sign) for name, sign in right))
