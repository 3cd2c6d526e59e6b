"""How one table is laid out: its header lines, the meaning of its columns, its blocks side by side, its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .amounts import is_blank, read_amount, text_of
from .headers import normal
from .recognising import Found

NOTE = re.compile(r"^(?:注|备注|说明)[:：0-9]")
PREAMBLE = re.compile(r"(?:单位|部门)/?(?:单位|名称)?\s*[:：]|^公开[0-9]+表$|^20[0-9]{2} *年度?$|^[(]?续表?[)]?$"
                      r"|^[(](?:单位:?)?[百千万亿]*元[)]$")
TITLE = re.compile(r"表(?:[(][^()]*[)])?$")
SENTENCE = 30
"""A line of one text so long is a sentence, such as that there is nothing to publish."""
ITEM = re.compile(r"^(?:[一二三四五六七八九十]+、|[0-9]+[.、])")
LINE_WORDS = frozenset({"类", "款", "项", "类款项", "栏次"})
CODE_WORD = re.compile(r"编码|代码|科目编号")
HEADER_WORD = re.compile(r"科目|编码|代码|项目|合计|小计|金额|[类款项]|元")
"""What a header line of one text contains; another such line is a row without amounts."""
LABEL_WORD = re.compile(r"科目|功能分类|经济分类")


@dataclass(slots=True)
class Group:
    """One block of a table: its label columns, those of them that hold codes, and the header of each value column."""

    labels: list[int] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    values: dict[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """A table's blocks from left to right, its rows with data, its first header line and the first row below it."""

    groups: tuple[Group, ...]
    rows: tuple[int, ...]
    head: int
    body: int


def lay_out(found: Found) -> Layout:
    """Return the layout of a table; without blocks or rows where only its title stands there."""
    header: list[int] = []
    rows: list[int] = []
    printed: set[tuple[str, ...]] = set()
    for number in range(found.first, min(found.last, len(found.sheet.rows))):
        values = found.sheet.rows[number]
        texts = [text for value in values if (text := text_of(value))]
        if not texts or (number == found.first and not found.is_bare) or _is_line_of_numbers(values):
            continue
        if tuple(texts) in printed or (not rows and len(texts) == 1 and _is_no_header(texts[0])):
            continue  # the header printed anew on the next page, a title, a sentence
        if NOTE.match(texts[0]):
            if rows or header:
                break
        elif not rows and any(PREAMBLE.search(text) for text in texts):
            header.clear()  # what stands above is no header
        elif rows or _is_data(values) or (header and _is_bare_label(values, found.sheet.rows[header[0]])):
            rows.append(number)
        else:
            header.append(number)
            printed.add(tuple(texts))
    body = rows[0] if rows else (header[-1] + 1 if header else found.first)
    return Layout(tuple(_groups(found, header)), tuple(rows), header[0] if header else body, body)


def _is_bare_label(values: tuple[object, ...], header: tuple[object, ...]) -> bool:
    """Tell whether a row below a header has only the name of what it is about, and no amounts."""
    given = [column for column, value in enumerate(values) if text_of(value)]
    first = next((column for column, value in enumerate(header) if text_of(value)), 0)
    return given == [first] and not HEADER_WORD.search(text_of(values[first]))


def _is_no_header(text: str) -> bool:
    """Tell whether a text that stands alone on its line, above the data, is a title or a sentence."""
    return len(text) > SENTENCE or TITLE.search(text) is not None


def _is_line_of_numbers(values: tuple[object, ...]) -> bool:
    """Tell whether a row only numbers the columns (栏次)."""
    texts = [text_of(value) for value in values if text_of(value)]
    if any(text.replace(" ", "") == "栏次" for text in texts):
        return True
    numbers = [text for text in texts if text.replace(" ", "") not in LINE_WORDS]
    return len(numbers) > 1 and numbers == [str(number) for number in range(1, len(numbers) + 1)]


def _is_data(values: tuple[object, ...]) -> bool:
    texts = [text_of(value).replace(" ", "") for value in values if not is_blank(value)]
    if texts and any(text_of(value) and is_blank(value) for value in values):
        return True  # a dash for nothing
    if any(read_amount(value) is not None for value in values) or any(ITEM.match(text) for text in texts):
        return True
    return "合计" in texts and set(texts) <= LINE_WORDS | {"合计"}


def _groups(found: Found, header: list[int]) -> Iterator[Group]:
    width = max((len(row) for row in found.sheet.rows[found.first : found.last]), default=0)
    lines = _filled(found, header, width)
    group, in_codes = Group(), False
    for column in range(width):
        path = tuple(dict.fromkeys(text for line in lines if (text := line[column])))
        if not path and not in_codes:
            continue
        leaf, whole = normal(path[-1] if path else ""), normal("".join(path))
        is_name = "科目名称" in whole
        # 款 and 项 under a header that only stands above 类
        is_code = bool(CODE_WORD.search(whole)) or leaf in {"类", "款", "项"} or (leaf in {"", "项目"} and in_codes)
        in_codes = is_code and not is_name
        is_label = (
            is_code or is_name or LABEL_WORD.search(leaf) is not None
            or (leaf.startswith("项目") and not leaf.startswith("项目支出"))
        )
        if is_label:
            if group.values:
                yield group
                group = Group()
            group.labels.append(column)
            if is_code:
                group.codes.append(column)
        elif leaf not in {"行次", "栏次"}:
            group.values[column] = path
    if group.values:
        yield group


def _filled(found: Found, header: list[int], width: int) -> list[list[str]]:
    """Return the header's lines with merged cells filled in; groups that were not merged reach to the next text."""
    sheet = found.sheet
    lines = [[text_of(sheet.value(row, column)).replace("\n", "") for column in range(width)] for row in header]
    place = {row: number for number, row in enumerate(header)}
    merged = set()
    for (top, left), (bottom, right) in sheet.merged.items():
        for row in place if top in place else ():
            if top <= row <= bottom:
                for column in range(left, min(right + 1, width)):
                    lines[place[row]][column] = lines[place[top]][left]
                    merged.add((place[row], column))
    for number, line in enumerate(lines[:-1]):
        for column in range(1, width):
            below = any(lower[column] for lower in lines[number + 1 :])
            reaches = below and (number, column - 1) not in merged and _same_parent(lines, number, column)
            if not line[column] and reaches:
                line[column] = line[column - 1]
    return lines


def _same_parent(lines: list[list[str]], number: int, column: int) -> bool:
    """Tell whether two neighbours stand under the same group in all lines above."""
    return all(line[column] == line[column - 1] for line in lines[:number])
