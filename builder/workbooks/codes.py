"""科目代码 as workbooks write them: in one cell, with the name, with dots and spaces, in columns for 类, 款 and 项."""

from __future__ import annotations

import re
from collections.abc import Sequence

from builder.accounts.subjects import LEVELS

from .amounts import text_of

LEVEL_LENGTHS = tuple(LEVELS)
WHOLE = re.compile(r"([0-9]+)(?:\.0+)?")
CODE = re.compile(r"[\[(【]?([0-9]{3})(?:[. -]?([0-9]{2})(?:[. -]?([0-9]{2}))?)?[\])】]?(?![0-9])[-. :、]*(.*)")


def split_label(value: object) -> tuple[str, str]:
    """Return the code and the name that a cell gives: ``[2010301]行政运行``, ``201.03.01``, ``行政运行``."""
    text = text_of(value).replace("\n", "").strip("'‘’`\" ")
    if whole := WHOLE.fullmatch(text.replace(" ", "")):
        return whole[1], ""
    if (found := CODE.fullmatch(text)) and not found[4][:1].isdigit():
        return "".join(filter(None, found.groups()[:3])), found[4].strip()
    return "", text


def code_of_row(values: Sequence[object], split: int, above: str) -> str:
    """Return the code of a row's label cells, the first ``split`` of which hold 类, 款 and 项; empty without one."""
    codes = [split_label(value)[0] for value in values]
    if split > 1 and any(codes[:split]):
        return split_code(codes[:split], above)
    return next(filter(None, codes), "")


def split_code(parts: Sequence[str], above: str) -> str:
    """Return the code that 类, 款 and 项 in columns of their own make; what is left out is as in the row above."""
    last = max((number for number, part in enumerate(parts) if part), default=-1)
    code = ""
    for number, part in enumerate(parts[: last + 1]):
        length = LEVEL_LENGTHS[min(number, len(LEVEL_LENGTHS) - 1)]
        before = len(code)
        if not part:
            code = above[:length]
        elif number == 0 or (len(part) > length - before and part.startswith(code)):
            code = part
        else:
            code += part.zfill(length - before) if length > before else part
    return code
