"""What stands above a table: in which unit its amounts are, of which year and of whom it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from .amounts import UNIT, UNITS, read_amount, text_of
from .headers import normal
from .reading import Sheet

AMOUNT_UNIT = re.compile(rf"单位/?[^:]{{0,4}}:?(?:人民币)?({UNIT})(?:$|[^一-鿿])|[(（](?:单位:?)?({UNIT})[)）]")
YEAR = re.compile(r"(?<![0-9])(20[0-9]{2}) *年")
OWNER = re.compile(r"^(?:(?:编制|填报|公开|预算)?(?:单位|部门)(?:[/(]?(?:单位|部门)[)]?)?(?:名称)?)[:：](.*)$")
NEAR = 4
"""So many rows above a title may say what is true of the table."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user says of a workbook: its year, whose it is, and the unit where a table states none."""

    year: int | None = None
    names: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Preamble:
    """What a table says of itself; empty where it says nothing. ``years`` and ``owners`` are by cell (row, column).

    ``is_unsigned`` says that it leaves the place for its unit's name empty.
    """

    unit: str
    years: dict[tuple[int, int], int]
    owners: dict[tuple[int, int], str]
    is_unsigned: bool

    @property
    def yuan(self) -> Decimal:
        """How many 元 one of its unit is."""
        return UNITS[self.unit]


def read_preamble(sheet: Sheet, first: int, head: int, body: int) -> Preamble:
    """Return what the rows from ``first`` (title) to before ``body`` say, and those just above; header at ``head``."""
    above = list(_above(sheet, first))
    units = [_unit_in(sheet, row) for row in (*range(first, body), *above)]
    lines = [*range(first, max(head, first + 1)), *above]
    owners = dict(_owners(sheet, lines))
    is_unsigned = not owners and any(_is_unsigned(sheet, row) for row in lines)
    return Preamble(next(filter(None, units), ""), dict(_years(sheet, lines)), owners, is_unsigned)


def _above(sheet: Sheet, first: int) -> Iterator[int]:
    """Yield the rows just above a title that belong to it: those without amounts."""
    for row in range(first - 1, max(first - 1 - NEAR, -1), -1):
        if any(read_amount(value) is not None for value in sheet.rows[row]):
            return
        yield row


def _unit_in(sheet: Sheet, row: int) -> str:
    values = sheet.rows[row] if row < len(sheet.rows) else ()
    found = (AMOUNT_UNIT.search(text_of(value).replace(" ", "")) for value in values)
    return next((match[1] or match[2] for match in found if match), "")


def _years(sheet: Sheet, lines: Iterable[int]) -> Iterator[tuple[tuple[int, int], int]]:
    for row in lines:
        for column, value in enumerate(sheet.rows[row] if row < len(sheet.rows) else ()):
            if match := YEAR.search(text_of(value)):
                yield (row, column), int(match[1])


def _owners(sheet: Sheet, lines: Iterable[int]) -> Iterator[tuple[tuple[int, int], str]]:
    for row in lines:
        values = [text_of(value) for value in (sheet.rows[row] if row < len(sheet.rows) else ())]
        for column, text in enumerate(values):
            if match := OWNER.match(text.replace(" ", "")):
                owner = match[1] or next(filter(None, values[column + 1 :]), "")
                if owner and owner not in UNITS and not OWNER.match(owner) and not AMOUNT_UNIT.search(text):
                    yield (row, column), owner


def _is_unsigned(sheet: Sheet, row: int) -> bool:
    """Tell whether a row says 「编制单位：」 and no more."""
    texts = [text_of(value).replace(" ", "") for value in (sheet.rows[row] if row < len(sheet.rows) else ())]
    match = OWNER.match(next(filter(None, texts), ""))
    return match is not None and not match[1] and not any(filter(None, texts[1:]))


def is_same_unit(owner: str, names: Iterable[str]) -> bool:
    """Tell whether a name in a workbook is one of a unit's names, or contains one, or is part of one."""
    given = normal(owner)
    return any(given in name or name in given for name in map(normal, names) if name)
