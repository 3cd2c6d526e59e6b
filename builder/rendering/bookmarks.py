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
_LEAD = _RUN_OPEN[:1]
"""The byte that signs, and nothing else, begin with."""
_SIGNS = re.compile(
    b"%b(?:[%b][^%b]*%b[%b]|%b)" % (
        _RUN_OPEN[:-1], _RUN_OPEN[-1:] + _RANGE_OPEN[-1:] + _RANGE_CLOSE[-1:], _LEAD,
        _RUN_OPEN[:-1], _RUN_TEXT[-1:] + _RANGE_END[-1:], _RUN_CLOSE[-1:],
    )
)  # fmt: skip
"""Signs, which differ in the last byte, with the name that stands between two of them."""
_REST = len(_RUN_OPEN) - len(_LEAD)
_MARK_BEGINS, _RANGE_BEGINS, _RANGE_ENDS = _RUN_OPEN[1:], _RANGE_OPEN[1:], _RANGE_CLOSE[1:]
_RANGES = (_RANGE_BEGINS, _RANGE_ENDS)
_PROPERTIES, _PROPERTIES_END = b"<w:rPr>", b"</w:rPr>"
_TEXT, _TEXT_END, _RUN_END = b'<w:t xml:space="preserve">', b"</w:t>", b"</w:r>"
_MARKED = (
    b'<w:bookmarkStart w:id="%d" w:name="%b"/>%b<w:t xml:space="preserve">%b</w:t></w:r><w:bookmarkEnd w:id="%d"/>'
)
_RUN_OVER = _TEXT_END + _RUN_END
_NO_TEXT = re.compile(rb"(?:<w:t(?: [^>]*)?>)?(?:</w:t>)?")
_NOTHING = {b"", _TEXT, _TEXT_END, _TEXT + _TEXT_END}
"""What `_NO_TEXT` finds nearly always."""


def unmarked(text: bytes) -> bytes:
    """Return a text without signs and the names between them."""
    return _SIGNS.sub(b"", text) if _LEAD in text else text


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
        self._run, self._opening = b"", _TEXT  # how the last run began that has signs, and that with its w:t

    def put_in(self, text: bytes) -> None:
        """Add a piece of the document with bookmarks for signs; a run with signs is split into several."""
        before, *parts = text.split(_LEAD)
        at = 0
        while at < len(parts):
            part = parts[at]
            if part.startswith(_MARK_BEGINS):
                at, before = self._split(before, parts, at)
            elif part.startswith(_RANGES):
                self.made += (before, self._edge(part[:_REST], part[_REST:]))
                at, before = at + 2, parts[at + 1][_REST:]
            else:
                at, before = at + 1, before + _LEAD + part
        self.made.append(before)

    def _split(self, before: bytes, parts: list[bytes], at: int) -> tuple[int, bytes]:
        """Add the runs, all alike, that one with signs falls into, and the bookmarks around those that are marked.

        The run begins in the text ``before`` its first sign, which ``parts[at]`` begins with: there stands the name, in
        the next part what is marked, in the one after it what follows. Returns where to go on, and the text before.
        """
        if self._run and before.endswith(self._opening):
            alike, content = self._run, _TEXT
            self.made.append(before[: -len(self._opening)])
        else:
            start = max(before.rfind(b"<w:r>"), before.rfind(b"<w:r "))
            look = before.index(b">", start) + 1
            if before.startswith(_PROPERTIES, look):
                look = before.index(_PROPERTIES_END, look) + len(_PROPERTIES_END)
            alike, content = before[start:look], before[look:]
            self._run, self._opening = alike, alike + _TEXT
            self.made.append(before[:start])
        while True:
            if content != _TEXT:
                self._add_run(alike, content + _TEXT_END)
            name = self._named(parts[at][_REST:])
            self.made.append(_MARKED % (self._id, name, alike, parts[at + 1][_REST:], self._id))
            at, after = at + 3, parts[at + 2]
            if after.startswith(_RUN_OVER, _REST):  # as nearly always: the mark is all that the run has left
                return at, after[_REST + len(_RUN_OVER) :]
            while (end := after.find(_RUN_END)) < 0 and not parts[at].startswith(_MARK_BEGINS):
                at, after = at + 1, after + _LEAD + parts[at]  # a character of the form, as rare as signs
            if end >= 0:
                break
            content = _TEXT + after[_REST:]
        self._add_run(alike, _TEXT + after[_REST:end])
        return at, after[end + len(_RUN_END) :]

    def _add_run(self, alike: bytes, content: bytes) -> None:
        if content not in _NOTHING and not _NO_TEXT.fullmatch(content):
            self.made += (alike, content, _RUN_END)

    def _named(self, name: bytes) -> bytes:
        """Return the name of the next bookmark, whose number is now `_id`."""
        self._id += 1
        self._times[name] = times = self._times.get(name, 0) + 1
        return name if times == 1 else b"%b_%d" % (name, times)

    def _edge(self, sign: bytes, name: bytes) -> bytes:
        if sign == _RANGE_ENDS:
            return b'<w:bookmarkEnd w:id="%d"/>' % self._open.pop(name)
        full = self._named(name)
        self._open[name] = self._id
        return b'<w:bookmarkStart w:id="%d" w:name="%b"/>' % (self._id, full)
