"""Amounts, counts and codes as they are printed → exact values; and what they are not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from builder.accounts.money import AmountUnit
from builder.accounts.values import Amount, Code, Count, Number, YesNo
from builder.loading.files import Rate

AMOUNT, COUNT, CODE = TypeAdapter(Amount), TypeAdapter(Count), TypeAdapter(Code)


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 2), st.booleans(), st.sampled_from(AmountUnit))
def test_an_amount_printed_and_read_is_the_same(whole, places, separated, unit):
    amount = Decimal(whole).scaleb(-places)
    printed = f"{amount:,f}" if separated else f"{amount:f}"
    assert AMOUNT.validate_python(printed, context={"unit": unit, "places": 2}) == amount * unit.yuan


@given(st.integers(0, 10**9 - 1), st.booleans())
def test_a_count_printed_and_read_is_the_same(count, separated):
    assert COUNT.validate_python(f"{count:,}" if separated else str(count)) == count


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "--1",
        "1,06",
        "10,64.50",
        ",106",
        "1e5",
        "1.",
        ".5",
        "１０",
        "٣",
        "1 064",
        "NaN",
        "Infinity",
        "+5",
        "1_000",
        "0x10",
        "一",
        "9" * 16,
        "1.5元",
        ["1"],
        {"a": "1"},
        1.5,
        None,
        True,
    ],
)
def test_what_is_not_an_amount_is_refused(text):
    with pytest.raises(ValidationError) as error:
        AMOUNT.validate_python(text, context={"unit": AmountUnit.WAN, "places": 2})
    assert [problem["type"] for problem in error.value.errors()] == ["amount"]


@pytest.mark.parametrize(
    ("text", "unit", "reading"),
    [
        ("１，０６４．５０", "万元", "1064.50"),
        ("10。43", "万元", "10.43"),
        (" 1 064.5", "万元", "1064.5"),
        ("−3.2", "万元", "-3.2"),
        ("10.43万元", "万元", "10.43"),
        ("10.43元", "万元", ""),
        ("10.43万元", "元", ""),
        ("10元", "元", "10"),
        ("十", "元", ""),
    ],
)
def test_the_number_that_was_probably_meant(text, unit, reading):
    with pytest.raises(ValidationError) as error:
        AMOUNT.validate_python(text, context={"unit": AmountUnit(unit), "places": 2})
    assert error.value.errors()[0]["ctx"]["reading"] == reading


@pytest.mark.parametrize("text", ["-1", "1.0", "１", "", "1,00", "三", "9" * 10, 1.0, True, None, []])
def test_what_is_not_a_count_is_refused(text):
    with pytest.raises(ValidationError):
        COUNT.validate_python(text)


@pytest.mark.parametrize("text", ["", "20", "2080", "208050", "20805051", "２０８", "208 05", 208, None, []])
def test_what_is_not_a_code_is_refused(text):
    with pytest.raises(ValidationError):
        CODE.validate_python(text)


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("14.99%", "14.99"),
        ("-66.6％", "-66.6"),
        ("1,200 %", "1200"),
        ("0%", "0"),
    ],
)
def test_a_rate_has_its_sign(text, rate):
    assert TypeAdapter(Rate).validate_python(text) == Decimal(rate)


def test_yes_and_no_are_said_in_chinese_only():
    assert [TypeAdapter(YesNo).validate_python(word) for word in ("是", "否")] == [True, False]
    for word in ("yes", "true", "1", "on", "", [], {}):
        with pytest.raises(ValidationError) as error:
            TypeAdapter(YesNo).validate_python(word)
        assert error.value.errors()[0]["type"] == "choice"


def test_a_number_is_exact():
    assert TypeAdapter(Number).validate_python("0.10") == Decimal("0.1")
