"""From the signs around marked texts to bookmarks, in the XML of a document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.rendering import marks

if TYPE_CHECKING:
    from collections.abc import Iterable

_RUN_OPEN, _RUN_TEXT, _RUN_CLOSE = (sign.encode() for sign in (marks.RUN_OPEN, marks.RUN_TEXT, marks.RUN_CLOSE))
_RANGE_OPEN, _RANGE_CLOSE = (sign.encode() for sign in (marks.RANGE_OPEN, marks.RANGE_CLOSE))
_RANGE_END = marks.RANGE_END.encode()
_LEAD, _SIZE = _RUN_OPEN[:1], len(_RUN_OPEN)
"""The byte that signs, and nothing else, begin with, and how many bytes a sign has; they differ in the last one."""
_RANGES = (_RANGE_OPEN, _RANGE_CLOSE)
_COMMON = _RUN_OPEN[:-1]
_BEFORE_TEXTS = {sign[-1] for sign in (_RUN_TEXT, _RUN_CLOSE, _RANGE_END)}
_PROPERTIES, _PROPERTIES_END = b"<w:rPr>", b"</w:rPr>"
_TEXT, _TEXT_END, _RUN_END = b'<w:t xml:space="preserve">', b"</w:t>", b"</w:r>"
_MARKED = (
    b'<w:bookmarkStart w:id="%d" w:name="%b"/>%b<w:t xml:space="preserve">%b</w:t></w:r><w:bookmarkEnd w:id="%d"/>'
)
_NO_TEXT = re.compile(rb"(?:<w:t(?: [^>]*)?>)?(?:</w:t>)?")
_NOTHING = {b"", _TEXT, _TEXT_END, _TEXT + _TEXT_END}
"""What `_NO_TEXT` finds nearly always."""


def unmarked(text: bytes) -> bytes:
    """Return a text without signs and the names between them."""
    if _LEAD not in text:
        return text
    first, *others = text.split(_COMMON)
    return b"".join((first, *[other[1:] for other in others if other[0] in _BEFORE_TEXTS]))


def bookmarked(pieces: Iterable[bytes], after_id: int) -> list[bytes]:
    """Return the pieces of a document with its signs made bookmarks, numbered from after ``after_id``.

    No run is cut between two pieces. A text that is printed twice has a second bookmark of its own, for the bookmarks
    of a document differ in name.
    """
    bookmarks = _Bookmarks(after_id)
    for piece in pieces:
        if _LEAD in piece:
            bookmarks.put_in(piece)
        else:
            bookmarks.made.append(piece)
    return bookmarks.made


class _Bookmarks:
    """The bookmarks of one document.

    A document is half a million characters with a few hundred signs, so it is copied no more than needs be.
    """

    def __init__(self, after_id: int) -> None:
        self.made: list[bytes] = []
        self._id = after_id
        self._times: dict[bytes, int] = {}
        self._open: dict[bytes, int] = {}

    def put_in(self, text: bytes) -> None:
        """Add a piece of the document with bookmarks for signs; a run with signs is split into several."""
        at = 0
        sign = text.find(_LEAD)
        while sign >= 0:
            if text.startswith(_RUN_OPEN, sign):
                start = text.rfind(b"<w:r>", at, sign)
                start = max(start, text.rfind(b"<w:r ", max(start, at), sign))
                self.made.append(text[at:start])
                at = self._split(text, start, sign)
            elif text.startswith(_RANGES, sign):
                end = text.index(_RANGE_END, sign)
                self.made += (text[at:sign], self._edge(text[sign : sign + _SIZE], text[sign + _SIZE : end]))
                at = end + _SIZE
            sign = text.find(_LEAD, max(at, sign + 1))
        self.made.append(text[at:])

    def _split(self, text: bytes, start: int, sign: int) -> int:
        """Add the runs, all alike, that one with signs falls into, and the bookmarks around those that are marked.

        Returns where the run ends, which begins at ``start`` and has its first sign at ``sign``.
        """
        begin = text.index(b">", start) + 1
        if text.startswith(_PROPERTIES, begin):
            begin = text.index(_PROPERTIES_END, begin) + len(_PROPERTIES_END)
        alike, opened = text[start:begin], b""
        end = text.index(_RUN_END, sign)
        while sign >= 0:
            name_end = text.index(_RUN_TEXT, sign)
            close = text.index(_RUN_CLOSE, name_end)
            self._add_run(alike, b"%b%b</w:t>" % (opened, text[begin:sign]))
            name = self._named(text[sign + _SIZE : name_end])
            self.made.append(_MARKED % (self._id, name, alike, text[name_end + _SIZE : close], self._id))
            begin, opened = close + _SIZE, _TEXT
            sign = text.find(_RUN_OPEN, begin, end)
        self._add_run(alike, opened + text[begin:end])
        return end + len(_RUN_END)

    def _add_run(self, alike: bytes, content: bytes) -> None:
        if content not in _NOTHING and not _NO_TEXT.fullmatch(content):
            self.made += (alike, content, _RUN_END)

    def _named(self, name: bytes) -> bytes:
        """Return the name of the next bookmark, whose number is now `_id`."""
        self._id += 1
        self._times[name] = times = self._times.get(name, 0) + 1
        return name if times == 1 else b"%b_%d" % (name, times)

    def _edge(self, sign: bytes, name: bytes) -> bytes:
        if sign == _RANGE_CLOSE:
            return b'<w:bookmarkEnd w:id="%d"/>' % self._open.pop(name)
        full = self._named(name)
        self._open[name] = self._id
        return b'<w:bookmarkStart w:id="%d" w:name="%b"/>' % (self._id, full)
