"""Marks of what people wrote: bookmarks around reasons and long texts, so that edits made in Word find their way back.

A printed `Written` and the blocks of a marked long text carry signs (characters that no text has) through the
template; in the finished document these become bookmarks (see `bookmarks`). A bookmark's name is made of the text's key
and of the text, so it is the same in every build and tells later whether the text was edited since; it begins with an
underscore (Word and WPS hide such bookmarks) and is short enough for Word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from html import unescape
from typing import TYPE_CHECKING, Self

from builder.rendering.markup import SoundMarkup, sound_markup

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = "_写_"
KEYS = 4096
"""Of how many keys the names are kept: those of reasons and notes are the same in every unit."""
# All begin with the same byte in UTF-8, which nothing else in a document does, so they are found at once.
RUN_OPEN, RUN_TEXT, RUN_CLOSE = "\U0010fff0", "\U0010fff1", "\U0010fff2"
RANGE_OPEN, RANGE_CLOSE, RANGE_END = "\U0010fff3", "\U0010fff4", "\U0010fff5"
_PRINTED_OPEN, _PRINTED_TEXT, _PRINTED_CLOSE = "\U0010fff6", "\U0010fff7", "\U0010fff8"
MARK_BEGINS, MARK_ENDS = f"(?:{RUN_OPEN}[^{RUN_TEXT}]*{RUN_TEXT})", RUN_CLOSE
"""Patterns of the signs around a marked text within a run."""
_PIECE = re.compile(
    f"{RUN_OPEN}([^{RUN_TEXT}]*){RUN_TEXT}|({RUN_CLOSE})|{RANGE_OPEN}([^{RANGE_END}]*){RANGE_END}"
    f"|{RANGE_CLOSE}([^{RANGE_END}]*){RANGE_END}|{_PRINTED_OPEN}([0-9]*){_PRINTED_TEXT}|({_PRINTED_CLOSE})"
)
_TAG = re.compile(r"<[^>]*>")


class Written(str):
    """A text that someone wrote, which remembers by its ``key`` which one it is: ``原因/收入.合计/较上年``."""

    __slots__ = ("key",)

    key: str

    def __new__(cls, text: str, key: str) -> Self:
        """Make a text that is marked when it is printed by itself."""
        made = str.__new__(cls, text)
        made.key = key
        return made


@dataclass(slots=True)
class Writer:
    """Makes the texts of one file remember where in it they stand: ``path`` is the file's and the keys to the text."""

    path: str
    marked: bool = True

    def below(self, key: str) -> Writer:
        """Return the writer of what stands under a key, or at a place (from 0) in a list."""
        return Writer(f"{self.path}/{key}", self.marked) if self.marked else self

    def text(self, text: str, key: str) -> str:
        """Return the text under a key, so that it is marked when it is printed."""
        return Written(text, f"{self.path}/{key}") if self.marked and text else text


@lru_cache(maxsize=KEYS)
def bookmark_name(key: str) -> str:
    """Return how the name of the bookmark begins that marks the text with a key, whatever it says."""
    return PREFIX + sha256(key.encode()).hexdigest()[:24]


def digest(text: str) -> str:
    """Return what tells a text from an edited one; blanks and line ends, which no program keeps, do not count."""
    return sha256("".join(text.split()).encode()).hexdigest()[:6]


def _full_name(key: str, markup: str) -> str:
    text = unescape(_TAG.sub("", markup)) if "<" in markup or "&" in markup else markup
    return f"{bookmark_name(key)}_{digest(text)}"


def marked_run(escaped: str, key: str) -> str:
    """Return a text for ``w:t`` with the signs that make a bookmark of it."""
    return f"{RUN_OPEN}{_full_name(key, escaped)}{RUN_TEXT}{escaped}{RUN_CLOSE}"


def marked_part(text: str, part: str, key: str) -> str:
    """Return a sentence with ``part`` of it marked, as text to be escaped yet; the sentence where it has no such part.

    For a reason inside the house's phrase.
    """
    before, found, after = text.partition(part)
    return f"{before}{marked_run(found, key)}{after}" if found else text


def marked_blocks(markup: SoundMarkup, key: str) -> SoundMarkup:
    """Return the paragraphs of a long text with the signs that make one bookmark of them all."""
    text = str(markup)
    first, last = text.find("</w:pPr>"), text.rfind("</w:p>")
    if first < 0:
        return markup
    first += len("</w:pPr>")
    name = _full_name(key, text)
    begin, end = f"{RANGE_OPEN}{name}{RANGE_END}", f"{RANGE_CLOSE}{name}{RANGE_END}"
    return sound_markup(f"{text[:first]}{begin}{text[first:last]}{end}{text[last:]}")


class Sign(Enum):
    """What a sign in a text says: a mark begins or ends, what a tag printed begins or ends."""

    MARK = "mark"
    MARK_END = "mark's end"
    PRINTED = "printed"
    PRINTED_END = "printed's end"


@dataclass(frozen=True, slots=True)
class SignFound:
    """A sign, with the name of its bookmark or the number of what was printed."""

    kind: Sign
    value: str = ""


_KINDS = (Sign.MARK, Sign.MARK_END, Sign.MARK, Sign.MARK_END, Sign.PRINTED, Sign.PRINTED_END)
_NAMELESS = (RUN_CLOSE, _PRINTED_CLOSE)


def printed_sign(number: int, text: str) -> str:
    """Return what a tag printed between the signs that tell which tag it was."""
    return f"{_PRINTED_OPEN}{number}{_PRINTED_TEXT}{text}{_PRINTED_CLOSE}"


def signs_of(text: str) -> Iterator[str | SignFound]:
    """Yield the pieces of a text and the signs between them, in order."""
    at = 0
    for found in _PIECE.finditer(text):
        if found.start() > at:
            yield text[at : found.start()]
        at = found.end()
        index = found.lastindex or 1
        value = found[index]
        yield SignFound(_KINDS[index - 1], "" if value in _NAMELESS else value)
    if at < len(text):
        yield text[at:]
