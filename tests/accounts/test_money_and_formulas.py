"""Rounding, the one rule of 尾差, and formulas."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.accounts.formulas import FormulaError, parse_formula
from builder.accounts.money import AmountUnit, in_unit, is_rounding_difference, printed, round_half_up

NUMBERS = {"甲": Decimal(7), "乙": Decimal(2), "丙": Decimal(4), "零": Decimal(0), "未知": None}


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("0.005", 2, "0.01"),
        ("-0.005", 2, "-0.01"),
        ("2.675", 2, "2.68"),
        ("1.0049999", 2, "1.00"),
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("-0.004", 2, "0.00"),
    ],
)
def test_halves_are_rounded_away_from_zero(value: str, places: int, rounded: str):
    assert str(round_half_up(Decimal(value), places)) == rounded


def test_units():
    assert in_unit(Decimal("12345.67")) == Decimal("1.234567")
    assert printed(Decimal(12350)) == Decimal("1.24")
    assert printed(Decimal(12350), AmountUnit.THOUSAND, 1) == Decimal("12.4")
    assert printed(Decimal("12350.5"), AmountUnit.YUAN, 0) == 12351


@pytest.mark.parametrize("leaves", [1, 2, 7, 40])
def test_the_limit_of_rounding_differences_is_half_a_step_for_each_leaf_and_the_total(leaves: int):
    limit = Decimal(50) * (leaves + 1)
    for sign in (1, -1):
        assert is_rounding_difference(Decimal(1000000) + sign * limit, Decimal(1000000), leaves)
        assert not is_rounding_difference(Decimal(1000000) + sign * (limit + Decimal("0.01")), Decimal(1000000), leaves)


def test_a_table_in_yuan_has_the_limit_of_its_own_last_digit():
    step = Decimal("0.01")
    assert is_rounding_difference(Decimal("100.01"), Decimal("100.00"), 1, step)
    assert not is_rounding_difference(Decimal("100.02"), Decimal("100.00"), 1, step)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("甲 + 乙 * 丙", 15),
        ("（甲 ＋ 乙） × 丙", 36),
        ("甲 - 乙 - 丙", 1),
        ("甲 − (乙 － 丙)", 9),
        ("丙 ÷ 乙 × 3", 6),
        ("丙／乙／2", 1),
        ("甲*1.5", Decimal("10.5")),
        ("零 / 甲", 0),
        ("甲 / 零", None),
        ("甲 + 未知", None),
        ("未知 * 零", None),
        ("甲 / (乙 - 2) + 1", None),
        ("((甲))", 7),
    ],
)
def test_formulas(text: str, value: object):
    assert parse_formula(text).evaluate(NUMBERS.__getitem__) == value


def test_names_with_digits_and_points_are_names():
    formula = parse_formula("支出.2080505 + 国有资产.设备.单位价值100万元以上设备 + 3项")
    assert formula.names == ("支出.2080505", "国有资产.设备.单位价值100万元以上设备", "3项")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("甲 + ", "不完整"),
        ("", "不完整"),
        ("+ 甲", "在「+」前缺少指标名称"),
        ("甲 乙", "在「乙」前缺少运算符号"),
        ("甲 * * 乙", "在「*」前缺少指标名称"),
        ("(甲 + 乙", "缺少「)」"),
        ("甲 + 乙)", "多了一个「)」"),
        ("()", "在「)」前缺少指标名称"),
        ("甲 (乙)", "在「(」前缺少运算符号"),
    ],
)
def test_a_formula_that_cannot_be_read_says_where(text: str, message: str):
    with pytest.raises(FormulaError) as caught:
        parse_formula(text)
    assert str(caught.value) == f"公式「{text}」{message}"


@pytest.mark.parametrize(
    ("text", "degree"),
    [("甲 + 乙", 1), ("甲 / 乙", 0), ("甲 / 乙 * 100", 0), ("甲 * 2", 1), ("甲 / 人", 1), ("人 + 人", 0)],
)
def test_a_ratio_of_amounts_is_no_amount(text: str, degree: int):
    assert parse_formula(text).degree(lambda name: int(name != "人")) == degree


AMOUNT = st.decimals(-1000, 1000, places=2, allow_nan=False)


@given(AMOUNT, AMOUNT, AMOUNT, st.sampled_from("+-*/"), st.sampled_from("+-*/"))
def test_a_formula_is_decimal_arithmetic(a: Decimal, b: Decimal, c: Decimal, first: str, second: str):
    apply = {"+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y, "/": lambda x, y: x / y}
    loose_then_tight = first in "+-" and second in "*/"

    def grouped() -> Decimal | None:
        try:
            return apply[first](a, apply[second](b, c))
        except ArithmeticError:
            return None

    def in_order() -> Decimal | None:
        try:
            return apply[second](apply[first](a, b), c)
        except ArithmeticError:
            return None

    values = {"子": a, "丑": b, "寅": c}.__getitem__
    plain = parse_formula(f"子 {first} 丑 {second} 寅").evaluate(values)
    assert plain == (grouped() if loose_then_tight else in_order())
    assert parse_formula(f"子 {first} (丑 {second} 寅)").evaluate(values) == grouped()
