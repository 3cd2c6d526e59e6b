"""Formulas of indicators: sums, differences, products and quotients of named figures, in the style's own words.

``政府采购.货物.支出 + 政府采购.工程.支出`` — names are taken apart from operators by ``+ - * / ( )``, also in their
full-width and typographic forms. There are no functions and no attribute access, so a formula can do no harm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

TOKEN = re.compile(r"\s*(?:(?P<op>[-+*/()])|(?P<number>\d+(?:\.\d+)?)(?![^\s+\-*/()])|(?P<name>[^\s+\-*/()]+))")
PLAIN = str.maketrans({"＋": "+", "－": "-", "−": "-", "×": "*", "＊": "*", "÷": "/", "／": "/", "（": "(", "）": ")"})

Value = Decimal | None
Lookup = Callable[[str], Value]


class FormulaError(ValueError):
    """A formula that cannot be read; the message says where, in Chinese."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that has been read: its text, and the same in postfix order."""

    text: str
    postfix: tuple[str | Decimal, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The figures it mentions, in order."""
        return tuple(dict.fromkeys(t for t in self.postfix if isinstance(t, str) and t not in "+-*/"))

    def evaluate(self, lookup: Lookup) -> Value:
        """Return the result; None where a figure is not known or a divisor is zero."""
        stack: list[Value] = []
        for token in self.postfix:
            if isinstance(token, Decimal):
                stack.append(token)
            elif token in "+-*/":
                right, left = stack.pop(), stack.pop()
                stack.append(_apply(token, left, right))
            else:
                stack.append(lookup(token))
        return stack.pop()


def parse_formula(text: str) -> Formula:
    """Read a formula. Raises FormulaError."""
    tokens = list(_tokens(text.translate(PLAIN)))
    postfix: list[str | Decimal] = []
    operators: list[str] = []
    rank = {"+": 1, "-": 1, "*": 2, "/": 2}
    expect_value = True
    for token in tokens:
        if expect_value:
            if token == "(":
                operators.append("(")
                continue
            if isinstance(token, str) and token in rank | {")": 0}:
                raise FormulaError(f"公式「{text}」在「{token}」前缺少指标名称")
            postfix.append(token)
            expect_value = False
        elif token == ")":
            while operators and operators[-1] != "(":
                postfix.append(operators.pop())
            if not operators:
                raise FormulaError(f"公式「{text}」多了一个「)」")
            operators.pop()
        elif isinstance(token, str) and token in rank:
            while operators and operators[-1] != "(" and rank[operators[-1]] >= rank[token]:
                postfix.append(operators.pop())
            operators.append(token)
            expect_value = True
        else:
            raise FormulaError(f"公式「{text}」在「{token}」前缺少运算符号")
    if expect_value:
        raise FormulaError(f"公式「{text}」不完整")
    if "(" in operators:
        raise FormulaError(f"公式「{text}」缺少「)」")
    return Formula(text.strip(), (*postfix, *reversed(operators)))


def _tokens(text: str) -> Iterator[str | Decimal]:
    position, text = 0, text.rstrip()
    while position < len(text):
        match = TOKEN.match(text, position)
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
