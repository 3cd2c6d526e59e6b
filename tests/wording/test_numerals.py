"""Chinese numerals, years and ordinals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.wording.numerals import LARGEST, chinese_number, chinese_year, ordinal


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"),
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (25, "二十五"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (111, "一百一十一"),
        (1000, "一千"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
        (1100, "一千一百"),
        (2022, "二千零二十二"),
        (10_000, "一万"),
        (10_001, "一万零一"),
        (10_500, "一万零五百"),
        (12_000, "一万二千"),
        (100_000, "十万"),
        (110_000, "十一万"),
        (100_100, "十万零一百"),
        (1_000_000, "一百万"),
        (100_000_000, "一亿"),
        (100_010_000, "一亿零一万"),
        (101_000_000, "一亿零一百万"),
        (2_100_000_001, "二十一亿零一"),
        (-3, "负三"),
        (-12, "负十二"),
    ],
)
def test_number(number, text):
    assert chinese_number(number) == text


VALUES = {"千": 1000, "百": 100, "十": 10}


def read(text: str) -> int:
    """Read a numeral back, by 亿, 万 and places."""
    for word, size in (("亿", 10**8), ("万", 10**4)):
        if word in text:
            head, rest = text.split(word)
            return read(head) * size + read(rest)
    total, digit = 0, 0
    for character in text:
        if character in VALUES:
            total, digit = total + (digit or 1) * VALUES[character], 0
        else:
            digit = "零一二三四五六七八九".index(character)
    return total + digit


@given(st.integers(0, LARGEST - 1))
def test_number_can_be_read_back(number):
    text = chinese_number(number)
    assert read(text) == number
    assert "零零" not in text
    assert number == 0 or not text.endswith("零")


def test_number_too_large_is_refused():
    with pytest.raises(ValueError, match="太大"):
        chinese_number(LARGEST)


def test_year():
    assert chinese_year(2022) == "二〇二二"
    assert chinese_year(1999) == "一九九九"


@pytest.mark.parametrize(
    ("number", "first", "text"),
    [
        (3, "一", "三"),
        (13, "（一）", "（十三）"),
        (2, "一、", "二、"),
        (12, "1.", "12."),
        (4, "(1)", "(4)"),
        (10, "（１）", "（１０）"),
        (1, "①", "①"),
        (20, "①", "⑳"),
        (21, "①", "㉑"),
        (35, "①", "㉟"),
        (36, "①", "㊱"),
        (50, "①", "㊿"),
        (3, "第一部分", "第三部分"),
    ],
)
def test_ordinal_follows_the_first_one(number, first, text):
    assert ordinal(number, first) == text


@pytest.mark.parametrize(
    ("number", "first", "message"),
    [
        (51, "①", "只到 ㊿"),
        (0, "一", "从 1 开始"),
        (2, "（甲）", "看不出序号的写法"),
    ],
)
def test_ordinal_that_cannot_be_written_is_refused(number, first, message):
    with pytest.raises(ValueError, match=message):
        ordinal(number, first)
