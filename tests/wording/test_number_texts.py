"""Amounts, rates and counts as text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from builder.wording.numbers import (
    UNITS,
    NumberFormat,
    format_amount,
    format_count,
    format_number,
    format_rate,
    printed_value,
)

PLAIN = NumberFormat()
TRIMMED = NumberFormat.model_validate({"去零": "是"})
GROUPED = NumberFormat.model_validate({"千分位": "是"})


@pytest.mark.parametrize(
    ("yuan", "number_format", "text"),
    [
        ("10645000", PLAIN, "1064.50"),
        ("10645000", TRIMMED, "1064.5"),
        ("1330000", TRIMMED, "133"),
        ("10000", TRIMMED, "1"),
        ("100000000", TRIMMED, "10000"),
        ("0", TRIMMED, "0"),
        ("0", PLAIN, "0.00"),
        ("911681300", GROUPED, "91,168.13"),
        ("9999900", GROUPED, "999.99"),
        ("-38080200", GROUPED, "-3,808.02"),
        ("10000000", NumberFormat.model_validate({"位数": "0"}), "1000"),
        ("10000000", NumberFormat.model_validate({"位数": "0", "去零": "是"}), "1000"),
        ("10000000", NumberFormat.model_validate({"位数": "0", "去零": "是", "千分位": "是"}), "1,000"),
        ("119485000000", NumberFormat.model_validate({"单位": "亿元"}), "1194.85"),
        ("1234.5", NumberFormat.model_validate({"单位": "元"}), "1234.50"),
        ("1049000", NumberFormat.model_validate({"整数去零": "是"}), "104.90"),
        ("1000000", NumberFormat.model_validate({"整数去零": "是"}), "100"),
        ("999999.99", NumberFormat.model_validate({"整数去零": "是"}), "100"),
        ("606810", NumberFormat.model_validate({"位数": "4"}), "60.6810"),
        ("-50000", NumberFormat.model_validate({"负号": "负"}), "负5.00"),
    ],
)
def test_amount(yuan, number_format, text):
    assert format_amount(Decimal(yuan), number_format) == text


@pytest.mark.parametrize(("zero", "text"), [("0", "0"), ("0.00", "0.00"), ("", ""), ("-", "-")])
@pytest.mark.parametrize("yuan", ["0", "49.99", "-49.99"])
def test_zero_as_printed_has_the_text_of_a_zero(zero, text, yuan):
    assert format_amount(Decimal(yuan), NumberFormat.model_validate({"零": zero})) == text


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        ("50", "0.01"),
        ("-50", "-0.01"),
        ("49.99", "0.00"),
        ("-49.99", "0.00"),
        ("150", "0.02"),
        ("250", "0.03"),
    ],
)
def test_ties_are_rounded_up(yuan, text):
    assert format_amount(Decimal(yuan), PLAIN) == text


def test_rate_and_count():
    assert format_rate(Decimal("14.985"), PLAIN) == "14.99"
    assert format_rate(Decimal("115.724"), NumberFormat.model_validate({"位数": "0"})) == "116"
    assert format_rate(Decimal(15), TRIMMED) == "15"
    assert format_count(1216) == "1216"
    assert format_count(271185, NumberFormat.model_validate({"位数": "0", "千分位": "是"})) == "271,185"


@pytest.mark.parametrize(
    "record", [{"位数": "-1"}, {"位数": "两"}, {"单位": "美元"}, {"去零": "也许"}, {"位": "2"}, {"负号": ""}]
)
def test_format_that_means_nothing_is_refused(record):
    with pytest.raises(ValidationError):
        NumberFormat.model_validate(record)


amounts = st.decimals(min_value=-(10**14), max_value=10**14, places=2)
formats = st.builds(
    NumberFormat,
    places=st.integers(0, 6),
    trimmed=st.booleans(),
    grouped=st.booleans(),
    zero=st.sampled_from([None, "0", "0.00", "", "-"]),
    unit=st.sampled_from(sorted(UNITS)),
    minus=st.sampled_from(["-", "－", "负"]),
)


def read(text: str, number_format: NumberFormat) -> Decimal:
    if text in {"", "-"}:
        return Decimal(0)
    sign = -1 if text.startswith(number_format.minus) else 1
    return sign * Decimal(text.removeprefix(number_format.minus).replace(",", ""))


@given(amounts, formats)
def test_what_is_printed_can_be_read_back(yuan, number_format):
    text = format_amount(yuan, number_format)
    read_back = read(text, number_format)
    assert read_back == printed_value(yuan, number_format)
    assert (
        abs(read_back * UNITS[number_format.unit] - yuan) <= UNITS[number_format.unit].scaleb(-number_format.places) / 2
    )
    assert format_number(read_back, number_format) == text


@given(amounts, formats)
def test_a_negative_amount_is_the_positive_one_with_a_sign(yuan, number_format):
    positive, negative = (format_amount(sign * abs(yuan), number_format) for sign in (1, -1))
    assert negative in {positive, number_format.minus + positive}
    assert (negative == positive) == (printed_value(yuan, number_format) == 0)
