"""绩效自评, its words: names of bodies and of indicators that differ by a slip, and words written twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, repeat
from typing import NamedTuple

from builder.accounts.completion import TEXTS, plain, quantities
from builder.findings import Level

from .case import Case
from .engine import rule
from .evaluation import Evaluation, Measured, Row
from .evaluations import all_words, evaluations
from .performance_results import wrong_text
from .readings import says
from .results import HOLDS, Result
from .typography import PAIRS, unpaired
from .written import has_twice

BODY = re.compile(r"(?:单位|部门|机构)(?:名称)?$")
DOUBLED = re.compile(r"([，、；：])\1|。。(?!。)|([一-龥]{2,4})\2")
TWO_SIGNS, SHORTEST, LONGEST = re.compile("[，、；：。][，、；：。]"), 2, 4
"""What there is in all of these, but for words of so many characters."""
STRAY = re.compile(
    r"([，、；：〔])(?:(?<=、)(?<![一二三四五六七八九十]、)等(?!级|额)|(?<!〔)(?!\1)[，、；：。]|(?<=〔)\d{4}〕\d+[)）]号)"
)
"""「民政、等部门」, two different marks in a row, and 「〔2018〕105)号」, its bracket before 号."""
BRACKETS = re.compile(f"[(){''.join(PAIRS)}{''.join(PAIRS.values())}]")
ITEM = re.compile(r"(?<![\w〕（])[一二三四五六七八九十\da-zA-Z①-⑳]{1,3}）")
"""「1）」 before an item, which nothing opens."""
TELLING = re.compile(r"[一二三四五六七八九十\d省市县区门住]")
"""Characters that make two names two things: 第一类 and 第二类, 省级 and 县级, 门诊 and 住院."""
BOXES, TICKED = "☑☒■□☐", re.compile("[☑☒■]")
ONE_OF = re.compile("(?:属性|类型|类别|性质|等级|等级标准|完成情况)$")
"""What the label of a cell ends with that takes one of its boxes."""
AROUND = 6
"""How many characters before and after what is found a message shows."""
SHORT, SLIP, PART = 6, 2, 4
"""Characters that a name must have; how many of them a slip may change, and at most which part (1 of 4)."""


@rule(
    "单位一致", "各张自评表里的单位名称一致", meaning="各张自评表的承担单位、主管部门等，同一个单位的名称写法相同。",
    formula="同一栏里没有只差一两个字的名称",
)
def bodies(case: Case) -> Iterator[Result]:
    """Cells that name a body, against the name most forms give. Source: heads of 项目支出绩效自评表."""
    by_label: dict[str, list[Row]] = {}
    for form in evaluations(case):
        for row in form.texts:
            if BODY.search(row.name) and says(row["文"]):
                by_label.setdefault(row.name, []).append(row)
    for rows in by_label.values():
        written = [plain(row["文"]) for row in rows]
        counted = Counter(written)
        frequent = [name for name, _ in counted.most_common()]
        for row, name in zip(rows, written, strict=True):
            meant = next((other for other in frequent if other != name and is_slip(name, other)), "")
            if meant and counted[meant] > counted[name]:
                yield wrong_text(row, "文", f"写作「{row['文']}」，别的表里是「{meant}」")
            else:
                yield HOLDS


@rule(
    "指标名称", "同一个指标的名称写法相同", severity=Level.NOTE,
    meaning="目标值、完成值都相同而名称只差一两个字的两个指标，多半是同一个指标，名称有一处写错。",
    formula="目标值、完成值相同 ⇒ 名称不只差一两个字",
)
def names(case: Case) -> Iterator[Result]:
    """Lines of two forms, and goals with the scored lines of one. Source: 三级指标 of 项目支出绩效自评表."""
    forms = evaluations(case)
    for form in forms:
        yield from _slips(form.goals, form.indicators)
    for one, other in combinations(map(_named, forms), 2):
        for name, line in one.lines:
            if name not in other.names:
                others = other.by_values.get(line.values)
                yield _slip(name, line.row, others) if others else HOLDS


class Named(NamedTuple):
    """The lines of a form with a target in numbers and a result, by name; and by target and result.

    Lines of other values are not one indicator.
    """

    lines: Sequence[tuple[str, Measured]]
    names: frozenset[str]
    by_values: Mapping[tuple[str, str], Sequence[tuple[str, Row]]]


def _named(form: Evaluation) -> Named:
    lines = [(plain(line.row.name), line) for line in form.measured if quantities(line.target)]
    by_values: dict[tuple[str, str], list[tuple[str, Row]]] = {}
    for name, line in lines:
        by_values.setdefault(line.values, []).append((name, line.row))
    return Named(lines, frozenset(name for name, _ in lines), by_values)


def _slips(goals: Sequence[Row], lines: Sequence[Row]) -> Iterator[Result]:
    named = [(plain(row.name), row) for row in lines] if goals else []
    there = {name for name, _ in named}
    for row in goals:
        name = plain(row.name)
        if name not in there:
            yield _slip(name, row, named)


def _slip(name: str, row: Row, others: Sequence[tuple[str, Row]]) -> Result:
    """Compare the name of a line with those of others, of which none is the same."""
    for other, twin in others:
        if is_slip(name, other):
            return wrong_text(twin, "三级", f"与「{row.form}」的「{row.name}」只差一两个字", row.at("三级"))
    return HOLDS


def _same(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))


@lru_cache(maxsize=TEXTS)
def is_slip(one: str, other: str) -> bool:
    """Tell whether two names differ in one place only, by a character or two that do not tell them apart.

    Names that differ from the first character on (参保对象满意度, 服务对象满意度) are of two things.
    """
    short = min(len(one), len(other))
    if one[:1] != other[:1] or short < SHORT or abs(len(one) - len(other)) > SLIP or one == other:
        return False
    part = (short - SLIP + 1) // 2  # so much of them is the same before the change, or after it
    if one[:part] != other[:part] and one[-part:] != other[-part:]:
        return False
    start = _same(one, other)
    end = min(_same(one[::-1], other[::-1]), short - start)
    changed = one[start : len(one) - end], other[start : len(other) - end]
    size = max(map(len, changed))
    return size <= SLIP and size * PART <= short and not TELLING.search("".join(changed))


@rule(
    "表内重复", "自评表里没有重复的字词和标点", meaning="自评表各格的文字没有连写两遍的词和标点。",
    formula="文字不含「，，」「医保医保」等",
)
def doubled(case: Case) -> Iterator[Result]:
    """All cells of the forms. Source: slips found in published forms."""
    words, forms = all_words(case), evaluations(case)
    if not (TWO_SIGNS.search(words) or has_twice(words, SHORTEST, LONGEST)):
        return repeat(HOLDS, sum([sum(map(len, form.worded)) for form in forms]))
    return (_doubled(row, column) for form in forms for row, column in _cells(form.worded))


def _doubled(row: Row, column: str) -> Result:
    found = DOUBLED.search(row[column])
    return wrong_text(row, column, f"里「{found[0]}」写了两遍") if found else HOLDS


@rule(
    "表内标点", "自评表里的标点没有多、没有缺",
    meaning="自评表各格的文字，括号、书名号、引号成对，没有「、等」这样多出来的标点。",
    formula="（ ）《 》“ ” 一一配对；文字不含「、等」「，。」「〔年〕号数)号」",
)
def marks(case: Case) -> Iterator[Result]:
    """All cells of the forms. Source: GB/T 15834 标点符号用法; GB/T 9704 发文字号."""
    has_stray = STRAY.search(all_words(case)) is not None
    for form in evaluations(case):
        others = (form.whole, *form.lines)
        if has_stray:
            yield from (_stray(row, column) or HOLDS for row, column in _cells(others))
        else:
            yield from repeat(HOLDS, sum(map(len, others)))
        for row, column in _cells(form.texts):  # only these: a name may be cut to fit its cell
            stray, place = _stray(row, column) if has_stray else None, _unpaired(row[column])
            if stray:
                yield stray
            if place is not None:
                around = _around(row[column], place, place + 1)
                yield wrong_text(row, column, f"里「{around}」的「{row[column][place]}」没有配对")
            elif not stray:
                yield HOLDS


def _stray(row: Row, column: str) -> Result | None:
    text = row[column]
    found = STRAY.search(text)
    if found is None:
        return None
    return wrong_text(row, column, f"里「{_around(text, found.start(), found.end())}」的标点多了或放错了")


def _unpaired(text: str) -> int | None:
    """Return where a bracket or quote without its other half stands, of either width, numbers of items aside."""
    if not BRACKETS.search(text):
        return None
    text = text.replace("(", "（").replace(")", "）")
    return unpaired(ITEM.sub(lambda item: " " * len(item[0]), text) if "）" in text else text)


@rule(
    "一格一选", "只能选一个的，只勾了一个", meaning="自评表的项目属性、类型、性质、等级等，几个选项里只勾一个。",
    formula="属性、类型、类别、性质、等级、完成情况：勾选 ≤ 1",
)
def ticked(case: Case) -> Iterator[Result]:
    """Cells with boxes whose label asks for one thing. Source: heads of 项目支出绩效自评表."""
    words = all_words(case)
    for form in evaluations(case) if any(box in words for box in BOXES) else ():
        for row, column in _cells(form.worded):
            label, text = row.name if column == "文" else column, row[column]
            if any(box in text for box in BOXES) and ONE_OF.search(label):
                good = len(TICKED.findall(text)) <= 1
                yield HOLDS if good else wrong_text(row, column, f"里勾了不止一个：「{text}」，只能选一个")


def _around(text: str, start: int, end: int) -> str:
    """Return a place of a text with what stands around it, on one line."""
    return " ".join(text[max(start - AROUND, 0) : end + AROUND].split())


def _cells(rows: Iterable[Row]) -> Iterator[tuple[Row, str]]:
    return ((row, column) for row in rows for column in row)


RULES = (bodies, names, doubled, marks, ticked)
