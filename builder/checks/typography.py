"""How texts are set: half-width punctuation, brackets and quotes without their other half, numbering that jumps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from builder.findings import Level

from .case import Case, Prose
from .engine import rule
from .results import HOLDS, Result, fails
from .written import all_hold, all_texts

HAN = r"[\u4e00-\u9fff]"
HALF_WIDTH = re.compile(
    rf"[,;!?:.(](?:(?<={HAN}[,;!?])|(?<={HAN}:)(?!//)|(?<={HAN}\.)(?=\s|$)"
    rf"|(?<={HAN}\()(?!{HAN}{{1,2}}\))(?={HAN})|(?<=[,;!?:])(?={HAN}))"
)
"""Short words in brackets aside: 维修(护)费, 因公出国(境). The sign comes first, for there are few."""
PAIRS: Mapping[str, str] = {"（": "）", "「": "」", "『": "』", "《": "》", "【": "】", "“": "”"}
SIGNS = re.compile(f"[{''.join(PAIRS)}{''.join(PAIRS.values())}]")
NUMERAL, NUMERALS = "一二三四五六七八九十", 256
"""What numerals are made of, and of how many the number is remembered."""
DIGIT = rf"[{NUMERAL}0-9a-zA-Z]"
ORDINAL = re.compile(rf"{DIGIT}(?<![^\s。；：，、]{DIGIT}){DIGIT}{{0,2}}）")
"""「1）」 and 「一）」, the first of a line or after a sign: brackets that nothing opens, and need not."""
NUMBERS = re.compile(
    r"[。；，：:;\s*](?:(?:(?<=\n)[#*\s]*|(?<=[。；：:;])\s*)"
    rf"(?:(?P<第一>[{NUMERAL}]{{1,3}})、|[（(](?P<第二>[{NUMERAL}]{{1,3}})[）)]"
    r"|(?P<第三>\d{1,2})[.、．](?!\d)|[（(](?P<第四>\d{1,2})[）)])"
    rf"|(?P<分句>[{NUMERAL}]{{1,2}})是)"
)
"""Numbers at the beginning of lines and sentences, by level: 一、 （一） 1. （1）; and 一是 of clauses.

What stands before them comes first, for a search to be quick: a text is searched with an end of a line before it.
"""
PERHAPS_NUMBER = re.compile(rf"[{NUMERAL}\d](?:[、是）)]|[.．](?!\d))")
"""What all of these end with."""


@rule(
    "半角标点", "汉字之间用全角标点", severity=Level.NOTE, meaning="汉字前后的逗号、冒号、分号、括号等用全角。",
    formula="汉字前后没有半角的 , : ; ! ? (",
)
def half_width(case: Case) -> Iterator[Result]:
    """All texts. Source: GB/T 15834 标点符号用法."""
    if not HALF_WIDTH.search(all_texts(case)):
        yield from all_hold(case)
        return
    for prose in case.texts:
        found = HALF_WIDTH.search(prose.text)
        if found is None:
            yield HOLDS
            continue
        around = prose.around(found.start(), found.end())
        message = f"{prose.name}里的「{around}」用了半角标点「{found[0]}」；请改为全角"
        yield fails(message, prose.at(found.start()))


@rule(
    "括号引号", "括号、引号成对", meaning="文字里的括号、书名号、引号都有另一半，套在里面的先关。",
    formula="（ ）「 」《 》“ ” 一一配对",
)
def paired(case: Case) -> Iterator[Result]:
    """All texts; numbers such as 「1）」 aside. Source: GB/T 15834 标点符号用法."""
    if not SIGNS.search(all_texts(case)):
        yield from all_hold(case)
        return
    for prose in case.texts:
        text = prose.text
        place = unpaired(ORDINAL.sub(_blank, text) if "）" in text else text)
        if place is None:
            yield HOLDS
            continue
        around = prose.around(place, place)
        message = f"{prose.name}里的「{around}」，「{prose.text[place]}」没有配对；请补上另一半，或删去"
        yield fails(message, prose.at(place))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def unpaired(text: str) -> int | None:
    """Return where the first sign without its other half stands."""
    opened: list[int] = []
    for found in SIGNS.finditer(text):
        place, sign = found.start(), found[0]
        if sign in PAIRS:
            if opened and text[opened[-1]] == sign == "“":
                return opened[-1]
            opened.append(place)
        else:
            if not opened or PAIRS[text[opened[-1]]] != sign:
                return place
            opened.pop()
    return opened[0] if opened else None


@rule(
    "序号", "序号连续",
    meaning="「一、二、三」「（一）（二）」「1.2.3.」「一是…二是…」的序号不跳、不重复；从一重新开始的不算。",
    formula="下一个序号 ＝ 上一个 ＋ 1，或 1",
)
def numbering(case: Case) -> Iterator[Result]:
    """Numbers at the beginning of lines, and 「一是」 in sentences. Source: GB/T 9704 公文格式, 结构层次序数."""
    for prose in case.texts:
        if PERHAPS_NUMBER.search(prose.text):
            yield from _jumps(prose)


def _jumps(prose: Prose) -> Iterator[Result]:
    """Yield a result for each number but the first of its level.

    Where numbers of another level stand between, a lower number may go on with an older list.
    """
    before: dict[str, tuple[str, int]] = {}
    previous = ""
    for found in NUMBERS.finditer(f"\n{prose.text}"):
        level = found.lastgroup or ""
        numeral = found[level]
        number = _value(numeral)
        if level in before:
            last, expected = before[level][0], before[level][1] + 1
            if number in {expected, 1} or (number < expected and previous != level):
                yield HOLDS
            else:
                what = f"「{last}」之后是「{numeral}」"
                yield fails(
                    f"{prose.name}里同一级的序号，{what}；请核对是否漏了或重复", prose.at(found.start(level) - 1)
                )
        before[level], previous = (numeral, number), level


@lru_cache(maxsize=NUMERALS)
def _value(numeral: str) -> int:
    """Return the number of 「十二」 or 「12」."""
    if numeral.isdigit():
        return int(numeral)
    tens, ten, ones = numeral.rpartition("十")
    units = NUMERAL.find(ones) + 1 if ones else 0
    return ((NUMERAL.find(tens) + 1 if tens else 1) * 10 + units) if ten else units


RULES = (half_width, paired, numbering)
