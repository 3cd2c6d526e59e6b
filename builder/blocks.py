"""Long texts as blocks: what Markdown is read into and what Word is written from. Knows neither of them.

Nothing changes a block once it is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Alignment(StrEnum):
    """How the text of a table's column is aligned."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(slots=True)
class Text:
    """A run of text in one format, without line ends and without characters that XML does not know."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(slots=True)
class LineBreak:
    """A new line within the same paragraph."""


Runs: TypeAlias = tuple[Text | LineBreak, ...]


@dataclass(slots=True)
class Paragraph:
    """An ordinary paragraph (正文)."""

    runs: Runs


@dataclass(slots=True)
class Heading:
    """A heading; ``level`` counts from 1."""

    level: int
    runs: Runs


@dataclass(slots=True)
class ListItem:
    """An item of a list; ``level`` counts from 0.

    An ordered item carries its ``number`` as typed (「3.」): official documents number by hand.
    """

    runs: Runs
    level: int = 0
    ordered: bool = False
    number: str = ""


@dataclass(slots=True)
class Table:
    """A table: its header row, the rows under it, all as wide as the header, and each column's alignment if given."""

    header: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]
    alignments: tuple[Alignment | None, ...]


Block: TypeAlias = Paragraph | Heading | ListItem | Table


def plain(runs: Runs) -> str:
    """Return the text of ``runs`` without formats; a line break is a line end."""
    return "".join(run.text if isinstance(run, Text) else "\n" for run in runs)
