"""Broken YAML in the words of an accountant: what is wrong in which line, and what the line should be.

The usual slips (a full-width colon, no space after a colon or a dash) are mended in the text that is read on, so that
one run names them all and the rest of the file can be examined too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import yaml

from builder.findings import Finding, Source


class Mark(Protocol):
    """A place in the text, counted from 0."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Slip:
    """A usual slip in one line: the column (from 0) it stands at, its message, and the line as it was meant."""

    column: int
    message: str
    mended: str


ITEM = r"^(?P<lead>[ ]*(?:-[ ]+)*)"
KEY = r"(?P<key>[^\s:：#\"'\[\]{}&*!|>%@`,，。；、][^:：,，。；\"']{0,39}?)"
WIDE_COLON = re.compile(rf"{ITEM}{KEY}[ 　]*：[ 　]*(?P<rest>.*)$")
TIGHT_COLON = re.compile(rf"{ITEM}{KEY}:(?P<rest>[^\s/:].*)$")
TIGHT_DASH = re.compile(r"^(?P<lead>[ ]*)-(?P<rest>[^\s\-].*)$")
WIDE_DASH = re.compile(r"^(?P<lead>[ ]*)(?P<dash>[－—–])[ 　]*(?P<rest>.*)$")
WIDE_SPACE = re.compile(r"^(?P<lead>[ ]*[　\u00a0][ 　\u00a0]*)(?P<rest>\S.*)$")
WIDE_HASH = re.compile(r"^(?P<lead>[ ]*)＃(?P<rest>.*)$")
WIDE_COMMA = re.compile(r"，\s*(?=[^，：:\s{}]+[：:])")


def wide_colon(line: str) -> Slip | None:
    """Recognise ``科目：2080101``."""
    if not (match := WIDE_COLON.match(line)):
        return None
    meant = f"{match['key']}: {match['rest']}".rstrip()
    message = f"「{match['key']}」后面的冒号是全角「：」；请改为半角冒号加一个空格，写作「{meant}」"
    return Slip(line.index("："), message, match["lead"] + meant)


def tight_colon(line: str) -> Slip | None:
    """Recognise ``科目:2080101``."""
    if not (match := TIGHT_COLON.match(line)):
        return None
    meant = f"{match['key']}: {match['rest']}"
    message = f"「{match['key']}」的冒号后面缺少空格；请写作「{meant}」"
    return Slip(match.end("key"), message, match["lead"] + meant)


def tight_dash(line: str) -> Slip | None:
    """Recognise ``-科目: 2080101``."""
    if not (match := TIGHT_DASH.match(line)):
        return None
    meant = f"- {match['rest']}"
    return Slip(match.end("lead"), f"列表项开头的横线后面缺少空格；请写作「{meant}」", match["lead"] + meant)


def wide_dash(line: str) -> Slip | None:
    """Recognise ``－ 科目: 2080101``."""
    if not (match := WIDE_DASH.match(line)):
        return None
    meant = f"- {match['rest']}"
    message = f"列表项开头用了「{match['dash']}」；请改为半角横线加一个空格，写作「{meant}」"
    return Slip(match.end("lead"), message, match["lead"] + meant)


def wide_space(line: str) -> Slip | None:
    """Recognise an indentation of full-width or no-break spaces."""
    if not (match := WIDE_SPACE.match(line)):
        return None
    lead = match["lead"].replace("　", "  ").replace("\u00a0", " ")
    return Slip(0, "这一行的缩进用了全角空格；请改用半角空格", lead + match["rest"])


def wide_hash(line: str) -> Slip | None:
    """Recognise a comment that begins with a full-width ＃."""
    if not (match := WIDE_HASH.match(line)):
        return None
    return Slip(match.end("lead"), "注释用了全角「＃」；请改为半角「#」", f"{match['lead']}#{match['rest']}")


def wide_comma(line: str) -> Slip | None:
    """Recognise ``{科目: 2080505，基本支出: 1}``."""
    brace, comma = line.find("{"), WIDE_COMMA.search(line)
    if brace < 0 or comma is None or comma.start() < brace:
        return None
    message = "花括号里的逗号是全角「，」；请改为半角逗号加一个空格「, 」"
    return Slip(comma.start(), message, WIDE_COMMA.sub(", ", line))


SLIPS: tuple[Callable[[str], Slip | None], ...] = (
    wide_space,
    wide_hash,
    wide_dash,
    wide_colon,
    tight_dash,
    tight_colon,
    wide_comma,
)

EXPLANATIONS: tuple[tuple[str, str], ...] = (
    ("could not find expected ':'", "这一行没有写成「名称: 内容」；请补上半角冒号和空格，或检查上一行的引号、缩进"),
    ("mapping values are not allowed", "一行只能有一个「名称: 内容」；内容里有冒号时请加半角引号，否则请检查缩进"),
    ("block sequence entries are not allowed", "这里不能开始列表「- 」；请把列表写在下一行，并检查缩进"),
    ("mapping keys are not allowed", "这里不能开始「名称: 内容」；请检查缩进，文字以「?」开头时请加半角引号"),
    ("tab character", "缩进用了制表符（Tab 键）；请改用空格"),
    ("'\\t' that cannot start", "缩进用了制表符（Tab 键）；请改用空格"),
    ("cannot start any token", "内容不能以这个符号开头；请给整个内容加半角引号"),
    ("found unexpected end of stream", "这里的引号没有配对；请在内容末尾补上同样的半角引号"),
    ("found unexpected document indicator", "引号还没有配对就出现了「---」或「...」；请补上引号"),
    ("unknown escape character", "双引号里的「\\」有特殊含义；请改用半角单引号 '…'"),
    ("hexdecimal number", "双引号里的「\\」有特殊含义；请改用半角单引号 '…'"),
    ("escape sequence", "双引号里的「\\」有特殊含义；请改用半角单引号 '…'"),
    ("Unicode character escape", "双引号里的「\\」有特殊含义；请改用半角单引号 '…'"),
    ("did not find expected alphabetic", "「&」「*」有特殊含义；文字以它开头时请给整个内容加半角引号"),
    ("expected alphabetic or numeric", "「&」「*」有特殊含义；文字以它开头时请给整个内容加半角引号"),
    ("comment or line break", "「|」「>」后面不能再写内容；请把文字写在下一行并缩进，或给内容加半角引号"),
    ("indentation indicator", "「|」「>」后面不能再写内容；请把文字写在下一行并缩进，或给内容加半角引号"),
    ("chomping", "「|」「>」后面不能再写内容；请把文字写在下一行并缩进，或给内容加半角引号"),
    ("',' or ']'", "方括号「[…]」没有写完：各项之间用半角逗号「, 」，最后用半角「]」"),
    ("',' or '}'", "花括号「{…}」没有写完：各项之间用半角逗号「, 」，最后用半角「}」"),
    ("'-' indicator", "这一行的缩进与上面的列表不一致；同一列表的各项要以「- 」开头、对齐"),
    ("expected key", "这一行的缩进与上面不一致，或多了内容；同一组的名称要对齐"),
    ("expected <block end>", "这一行的缩进与上面不一致，或多了内容；同一组的名称要对齐"),
    ("node content", "这里缺少内容，或括号没有配对；请补上"),
    ("directive", "行首的「%」有特殊含义；请给内容加半角引号，或在前面写上名称"),
    ("<document start>", "这里多出了内容；请检查上一行的括号、引号和缩进"),
    ("tag", "「!」有特殊含义；文字以它开头时请给整个内容加半角引号"),
)

OPENED_AT = (
    "found unexpected end of stream",
    "found unexpected document indicator",
    "',' or ']'",
    "',' or '}'",
    "node content",
)
"""Problems that are told at the place where the quote or bracket was opened."""


def explain(error: yaml.MarkedYAMLError, file: str) -> Finding:
    """Return the finding for a syntax error that no usual slip explains."""
    problem = f"{error.context or ''}: {error.problem or ''}"
    message = next((text for part, text in EXPLANATIONS if part in problem), None)
    if message is None:
        message = "这一行的写法读不懂；请检查它和上一行的冒号、引号、括号和缩进"
    opened = error.context_mark if any(part in problem for part in OPENED_AT) else None
    mark: Mark | None = opened or error.problem_mark or error.context_mark
    return Finding(message, Source(file, mark.line + 1, mark.column + 1) if mark else Source(file))


def suspects(error: yaml.MarkedYAMLError, lines: list[str]) -> list[int]:
    """Return the lines (from 0) in which the cause of a syntax error may stand, the likeliest first."""
    marks: list[Mark] = [mark for mark in (error.problem_mark, error.context_mark) if mark is not None]
    likely = [min(mark.line, len(lines) - 1) for mark in reversed(marks)]
    for mark in marks:
        before = (number for number in range(min(mark.line, len(lines)) - 1, -1, -1) if lines[number].strip())
        likely += [number for number in (next(before, None),) if number is not None]
    return likely


def slip_in(line: str) -> Slip | None:
    """Return the usual slip that a line holds, if any."""
    return next((slip for recognise in SLIPS if (slip := recognise(line))), None)
