"""Marks of what people wrote: bookmarks around reasons and long texts, so that edits made in Word find their way back.

A printed `Written` and the blocks of a marked long text carry signs (characters that no text has) through the
template; in the finished document these become bookmarks. A bookmark's name is made of the text's key and of the text,
so it is the same in every build and tells later whether the text was edited since; it begins with an underscore (Word
and WPS hide such bookmarks) and is short enough for Word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from html import unescape
from typing import TYPE_CHECKING, Self

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PREFIX = "_写_"
_RUN_OPEN, _RUN_TEXT, _RUN_CLOSE = "\ufdd5", "\ufdd6", "\ufdd7"
_RANGE_OPEN, _RANGE_CLOSE, _RANGE_END = "\ufdd8", "\ufdd9", "\ufdda"
_PRINTED_OPEN, _PRINTED_TEXT, _PRINTED_CLOSE = "\ufddc", "\ufddd", "\ufdde"
MARK_BEGINS, MARK_ENDS = f"(?:{_RUN_OPEN}[^{_RUN_TEXT}]*{_RUN_TEXT})", _RUN_CLOSE
"""Patterns of the signs around a marked text within a run."""
_RUN = re.compile(f"{_RUN_OPEN}([^{_RUN_TEXT}]*){_RUN_TEXT}([^{_RUN_CLOSE}]*){_RUN_CLOSE}")
_PIECE = re.compile(
    f"{_RUN_OPEN}([^{_RUN_TEXT}]*){_RUN_TEXT}|({_RUN_CLOSE})|{_RANGE_OPEN}([^{_RANGE_END}]*){_RANGE_END}"
    f"|{_RANGE_CLOSE}([^{_RANGE_END}]*){_RANGE_END}|{_PRINTED_OPEN}([0-9]*){_PRINTED_TEXT}|({_PRINTED_CLOSE})"
)
_PROPERTIES = re.compile(r"<w:r(?: [^>]*)?>(<w:rPr>.*?</w:rPr>)?", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_NO_TEXT = re.compile(r"(?:<w:t(?: [^>]*)?>)?(?:</w:t>)?")
_TEXT, _TEXT_END, _RUN_END = '<w:t xml:space="preserve">', "</w:t>", "</w:r>"


class Written(str):
    """A text that someone wrote, which remembers by its ``key`` which one it is: ``原因/收入.合计/较上年``."""

    __slots__ = ("key",)

    key: str

    def __new__(cls, text: str, key: str) -> Self:
        """Make a text that is marked when it is printed by itself."""
        made = super().__new__(cls, text)
        made.key = key
        return made


@dataclass(frozen=True, slots=True)
class Writer:
    """Makes the texts of one file remember where in it they stand: ``path`` is the file's and the keys to the text."""

    path: str
    marked: bool = True

    def below(self, key: str) -> Writer:
        """Return the writer of what stands under a key, or at a place (from 0) in a list."""
        return Writer(f"{self.path}/{key}", self.marked) if self.marked else self

    def text(self, text: str) -> str:
        """Return a text that is marked when it is printed."""
        return Written(text, self.path) if self.marked and text else text


def bookmark_name(key: str) -> str:
    """Return how the name of the bookmark begins that marks the text with a key, whatever it says."""
    return PREFIX + sha256(key.encode()).hexdigest()[:24]


def digest(text: str) -> str:
    """Return what tells a text from an edited one; blanks and line ends, which no program keeps, do not count."""
    return sha256("".join(text.split()).encode()).hexdigest()[:6]


def _full_name(key: str, markup: str) -> str:
    return f"{bookmark_name(key)}_{digest(unescape(_TAG.sub('', markup)))}"


def marked_run(escaped: str, key: str) -> str:
    """Return a text for ``w:t`` with the signs that make a bookmark of it."""
    return f"{_RUN_OPEN}{_full_name(key, escaped)}{_RUN_TEXT}{escaped}{_RUN_CLOSE}"


def marked_part(text: str, part: str, key: str) -> str:
    """Return a sentence with ``part`` of it marked, as text to be escaped yet; the sentence where it has no such part.

    For a reason inside the house's phrase.
    """
    before, found, after = text.partition(part)
    return f"{before}{marked_run(found, key)}{after}" if found else text


def marked_blocks(markup: Markup, key: str) -> Markup:
    """Return the paragraphs of a long text with the signs that make one bookmark of them all."""
    first, last = markup.find("</w:pPr>"), markup.rfind("</w:p>")
    if first < 0:
        return markup
    first += len("</w:pPr>")
    name = _full_name(key, markup)
    begin, end = f"{_RANGE_OPEN}{name}{_RANGE_END}", f"{_RANGE_CLOSE}{name}{_RANGE_END}"
    return Markup(f"{markup[:first]}{begin}{markup[first:last]}{end}{markup[last:]}")  # noqa: S704 - the text was markup


def bookmarked(pieces: Sequence[str], after_id: int) -> list[str]:
    """Return the pieces of a document with its signs made bookmarks, numbered from after ``after_id``.

    No run is cut between two pieces. A text that is printed twice has a second bookmark of its own, for the bookmarks
    of a document differ in name.
    """
    bookmarks = _Bookmarks(after_id)
    return [bookmarks.put_in(piece) for piece in pieces]


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
_NAMELESS = (_RUN_CLOSE, _PRINTED_CLOSE)


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


def unmarked(text: str) -> str:
    """Return a text without signs."""
    for opening, ending in ((_RUN_OPEN, _RUN_TEXT), (_RANGE_OPEN, _RANGE_END), (_RANGE_CLOSE, _RANGE_END)):
        if opening in text:
            first, *others = text.split(opening)
            text = first + "".join(other.partition(ending)[2] for other in others)
    return text.replace(_RUN_CLOSE, "") if _RUN_CLOSE in text else text


class _Bookmarks:
    """The bookmarks of one document.

    A document is half a million characters with a few dozen signs, so it is copied no more than needs be, and signs
    are looked for by ``str.find``: ten times as fast as a regular expression.
    """

    def __init__(self, after_id: int) -> None:
        self._id = after_id
        self._times: dict[str, int] = {}
        self._open: dict[str, int] = {}

    def put_in(self, text: str) -> str:
        """Return a piece of the document with bookmarks for signs; a run with signs is split into several."""
        made: list[str] = []
        at = 0
        for sign in sorted(place for each in (_RUN_OPEN, _RANGE_OPEN, _RANGE_CLOSE) for place in _places(each, text)):
            if sign < at:  # in a run that is split already
                continue
            if text[sign] == _RUN_OPEN:
                start = text.rfind("<w:r>", at, sign)
                start = max(start, text.rfind("<w:r ", max(start, at), sign))
                end = text.index(_RUN_END, sign) + len(_RUN_END)
                made += (text[at:start], *self._split(text[start:end]))
            else:
                end = text.index(_RANGE_END, sign) + len(_RANGE_END)
                made += (text[at:sign], self._edge(text[sign], text[sign + 1 : end - 1]))
            at = end
        return "".join((*made, text[at:])) if made else text

    def _split(self, run: str) -> Iterator[str]:
        """Yield the runs, all alike, that one with signs falls into, and the bookmarks around those that are marked."""
        opening = _PROPERTIES.match(run)
        alike = opening[0] if opening else "<w:r>"
        pieces = _RUN.split(run[len(alike) : -len(_RUN_END)])
        for number in range(0, len(pieces), 3):
            plain = (_TEXT if number else "") + pieces[number] + (_TEXT_END if number + 1 < len(pieces) else "")
            if not _NO_TEXT.fullmatch(plain):
                yield f"{alike}{plain}{_RUN_END}"
            if number + 1 < len(pieces):
                begin, end = self._pair(pieces[number + 1])
                yield f"{begin}{alike}{_TEXT}{pieces[number + 2]}{_TEXT_END}{_RUN_END}{end}"

    def _pair(self, name: str) -> tuple[str, str]:
        self._id += 1
        self._times[name] = times = self._times.get(name, 0) + 1
        full = name if times == 1 else f"{name}_{times}"
        return f'<w:bookmarkStart w:id="{self._id}" w:name="{full}"/>', f'<w:bookmarkEnd w:id="{self._id}"/>'

    def _edge(self, sign: str, name: str) -> str:
        if sign == _RANGE_OPEN:
            begin, _end = self._pair(name)
            self._open[name] = self._id
            return begin
        return f'<w:bookmarkEnd w:id="{self._open.pop(name)}"/>'


def _places(sign: str, text: str) -> Iterator[int]:
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + 1)
