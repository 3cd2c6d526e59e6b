"""Paragraphs, tables and rows as two versions of a document are compared: what they say, and how alike they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from itertools import pairwise

from builder.rendering import wml
from builder.rendering.revising import pieces, text_of

AMOUNT = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})*(?:\.[0-9]+)?|[0-9]+\.[0-9]+)?[%％]?|")
LITTLE = 0.1
"""How much a figure counts, beside a word, where rows are compared."""
ENTRY = "_Toc"
"""How the bookmarks begin that entries of the contents lead to."""
SHORT = 16
"""A cell with no more signs than this is changed as a whole; so its text is the same, part of the other, or another."""
PARTLY = 0.5
"""How much two such texts have in common where one is part of the other."""
TABLE = 0.51
"""How alike two tables are in any case: one in the other's place is the same, with rows added and removed."""


class Kind(Enum):
    """What is counted, as Chinese counts it."""

    PARAGRAPH = "段"
    ENTRY = "条目录"
    CELL = "格"
    ROW = "行"


class Paragraph:
    """A paragraph as a block of a document."""

    def __init__(self, element: wml.Element) -> None:
        self.element = element
        self.pieces = pieces(element)
        self.key = text_of(self.pieces)

    @property
    def kind(self) -> Kind:
        """What it counts as."""
        if next(self.element.iterancestors(wml.w("tc")), None) is not None:
            return Kind.CELL
        links = self.element.iterfind(wml.w("hyperlink"))
        contents = any(link.get(wml.w("anchor"), "").startswith(ENTRY) for link in links)
        return Kind.ENTRY if contents else Kind.PARAGRAPH

    @cached_property
    def about(self) -> frozenset[str]:
        """What it is about, whatever the figures."""
        return _couples(self.key)

    def likeness(self, other: object) -> float:
        """Compare it with another block; nothing is like an empty paragraph."""
        if not isinstance(other, Paragraph) or not (self.key and other.key):
            return 0.0
        return _likeness(self.about, other.about)


class Row:
    """A row of a table."""

    def __init__(self, element: wml.Element) -> None:
        self.element = element
        self.cells = [cell for cell in element.iter(wml.w("tc")) if next(cell.iterancestors(wml.w("tr"))) is element]
        self.texts = ["\n".join(_lines(cell)) for cell in self.cells]
        self.key = (*self.texts, *map(_span, self.cells))

    @cached_property
    def about(self) -> list[frozenset[str]]:
        """What its cells are about."""
        return [_couples(text) for text in self.texts]

    def likeness(self, other: object) -> float:
        """Compare cell by cell; what a row is about stands in its words, not in its amounts."""
        if not isinstance(other, Row) or len(self.cells) != len(other.cells):
            return 0.0
        same = total = 0.0
        for mine, its, text, its_text in zip(self.about, other.about, self.texts, other.texts, strict=True):
            weight = LITTLE if AMOUNT.fullmatch(text) and AMOUNT.fullmatch(its_text) else 1.0
            total += weight
            if text == its_text:
                same += weight
            elif max(len(text), len(its_text)) > SHORT:
                same += weight * _likeness(mine, its)
            elif text and its_text and (text in its_text or its_text in text):
                same += weight * PARTLY
        return same / total


class Table:
    """A table as a block of a document."""

    def __init__(self, element: wml.Element) -> None:
        self.element = element
        self.rows = [Row(row) for row in element.iter(wml.w("tr")) if next(row.iterancestors(wml.w("tbl"))) is element]
        self.key = tuple(row.key for row in self.rows)

    @cached_property
    def about(self) -> frozenset[str]:
        """The words in its cells."""
        return frozenset(text for row in self.rows for text in row.texts if not AMOUNT.fullmatch(text))

    def likeness(self, other: object) -> float:
        """Compare it with another block."""
        if not isinstance(other, Table):
            return 0.0
        return TABLE + (1 - TABLE) * _likeness(self.about, other.about)


Block = Paragraph | Table


def blocks_of(container: wml.Element) -> Iterator[Block]:
    """Yield the paragraphs and tables of a container, those in content controls too."""
    for element in container:
        if element.tag == wml.w("p"):
            yield Paragraph(element)
        elif element.tag == wml.w("tbl"):
            yield Table(element)
        elif element.tag in (wml.w("sdt"), wml.w("sdtContent"), wml.w("customXml")):
            yield from blocks_of(element)


def _lines(cell: wml.Element) -> Iterator[str]:
    return (text_of(pieces(paragraph)) for paragraph in cell.iter(wml.w("p")))


def _span(cell: wml.Element) -> str:
    span = cell.find(f"{wml.w('tcPr')}/{wml.w('gridSpan')}")
    return "1" if span is None else span.get(wml.w("val"), "1")


def _likeness(old: frozenset[str], new: frozenset[str]) -> float:
    """Return from 0 to 1 how much two sets have in common."""
    return 2 * len(old & new) / (len(old) + len(new)) if old or new else 1.0


def _couples(text: str) -> frozenset[str]:
    """Return the neighbouring signs of a text without its digits: what it is about, whatever the figures."""
    words = "".join(sign for sign in text if not sign.isdecimal() and not sign.isspace())
    return frozenset(map("".join, pairwise(words))) or frozenset({words} - {""})
