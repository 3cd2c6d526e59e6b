"""Chinese numerals (一百零一), years (二〇二二) and ordinals (一、 （一） 1. ① 第三)."""

import re

DIGITS = "零一二三四五六七八九"
YEAR_DIGITS = "〇一二三四五六七八九"
GROUPS = ((100_000_000, "亿"), (10_000, "万"))
PLACES = ((1000, "千"), (100, "百"), (10, "十"))
LARGEST = 10**12
CIRCLED = "".join(map(chr, (*range(0x2460, 0x2474), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0))))
"""① to ㊿, in order."""

FIRST = re.compile(r"[一1１①]")


def chinese_number(number: int) -> str:
    """Return a whole number in Chinese: 11 → 十一, 20 → 二十, 101 → 一百零一.

    Raises ValueError for 一万亿 and beyond.
    """
    if abs(number) >= LARGEST:
        raise ValueError(f"「{number}」太大，写不成中文数字")
    if number < 0:
        return "负" + chinese_number(-number)
    text = _in_words(number)
    return text.removeprefix("一") if text.startswith("一十") else text


def _in_words(number: int) -> str:
    for size, word in GROUPS:
        if number >= size:
            head, rest = divmod(number, size)
            return _in_words(head) + word + _after(rest, size)
    for size, word in PLACES:
        if number >= size:
            head, rest = divmod(number, size)
            return DIGITS[head] + word + _after(rest, size)
    return DIGITS[number]


def _after(rest: int, size: int) -> str:
    """Return what follows a place of ``size``: 零 stands once for the empty places between."""
    if not rest:
        return ""
    return ("零" if rest < size // 10 else "") + _in_words(rest)


def chinese_year(year: int) -> str:
    """Return a year digit by digit: 1998 → 一九九八."""
    return "".join(YEAR_DIGITS[int(digit)] for digit in str(year))


def ordinal(number: int, first: str = "一") -> str:
    """Return the ordinal of ``number`` in the manner of ``first``, which is how the house writes number one.

    ``（一）`` gives （三） for 3, ``一、`` 三、, ``1.`` 3., ``①`` ③, ``第一`` 第三. Raises ValueError where ``first``
    holds no number one, where ``number`` is not 1 or more, or where there is no such circled number (beyond ㊿).
    """
    if number < 1:
        raise ValueError(f"序号从 1 开始，不能是「{number}」")
    match = FIRST.search(first)
    if match is None:
        raise ValueError(f"「{first}」里没有 一、1 或 ①，看不出序号的写法；请写出第一个序号的样子，如「（一）」")
    return first[: match.start()] + _in_script(number, match[0]) + first[match.end() :]


def _in_script(number: int, one: str) -> str:
    match one:
        case "一":
            return chinese_number(number)
        case "1":
            return str(number)
        case "１":
            return str(number).translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    if number > len(CIRCLED):
        raise ValueError(f"带圈的序号只到 {CIRCLED[-1]}，没有第 {number} 个；请换一种序号写法")
    return CIRCLED[number - 1]
