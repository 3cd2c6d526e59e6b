"""Whose the edited characters of a passage are: the form's, a figure's, or those of a text that someone wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from builder.pulling.reading import mark_of
from builder.rendering.passages import Passage, Segment

NUMERIC = re.compile(r"[0-9.,，．%％+-]+")


@dataclass(frozen=True, slots=True)
class Edit:
    """A segment of a passage as it was made, and what stands in its place now."""

    segment: Segment
    new: str


@dataclass(frozen=True, slots=True)
class _Region:
    """Characters of the old text (from, to) and what stands for them in the new one (from, to)."""

    begin: int
    end: int
    new_begin: int
    new_end: int


def edits_in(old: Passage, new: Passage) -> list[Edit]:
    """Return the segments of a passage that read otherwise now."""
    pieces = _Dealer(old, new).pieces()
    return [
        Edit(segment, piece)
        for segment, piece in zip(old.segments, pieces, strict=True)
        if piece.strip() != segment.text.strip()
    ]


class _Dealer:
    """Deals the new text of a passage out to the segments of the old one."""

    def __init__(self, old: Passage, new: Passage) -> None:
        self.segments, self.text, self.after = old.segments, old.text, new.text
        self.bounds = list(_bounds(old.segments))
        self.marks = [mark_of(segment.mark) if segment.mark else "" for segment in new.segments for _ in segment.text]
        self.made = [""] * len(old.segments)

    def pieces(self) -> list[str]:
        """Return the new text of each segment."""
        at = 0
        for region in _regions(self.text, self.after, self.bounds):
            self._keep(at, region.begin)
            self._give(region)
            at = region.end
        self._keep(at, len(self.text))
        return self.made

    def _keep(self, begin: int, end: int) -> None:
        for number, (first, last) in enumerate(self.bounds):
            if begin < last and first < end:
                self.made[number] += self.text[max(first, begin) : min(last, end)]

    def _give(self, region: _Region) -> None:
        """Give what is new to the segment it stands in; between several, to that which it belongs to."""
        added = self.after[region.new_begin : region.new_end]
        inside = [number for number, bounds in enumerate(self.bounds) if _is_inside(region, *bounds)]
        if len(inside) == 1:
            self.made[inside[0]] += added
            return
        touched = inside or [
            number for number, (first, last) in enumerate(self.bounds) if first <= region.begin <= last
        ]
        owner = _owner(touched, self.segments, added, replaces=bool(inside) and any(self.marks))
        for place, sign in enumerate(added, region.new_begin):
            mark = self.marks[place]
            marked = (n for n in touched if mark and self.segments[n].mark and mark_of(self.segments[n].mark) == mark)
            self.made[next(marked, owner)] += sign


def shared_ends(old: str, new: str) -> tuple[int, int]:
    """Return how many signs two texts have in common at the beginning, and after these at the end."""
    shorter = min(len(old), len(new))
    first = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    left = shorter - first
    return first, next((place for place in range(left) if old[-1 - place] != new[-1 - place]), left)


def _is_inside(region: _Region, first: int, last: int) -> bool:
    """Tell whether a region has signs of a segment, or stands between two of them."""
    if region.begin < region.end:
        return first < region.end and region.begin < last
    return first < region.begin < last


def _bounds(segments: Sequence[Segment]) -> Iterator[tuple[int, int]]:
    at = 0
    for segment in segments:
        yield at, at + len(segment.text)
        at += len(segment.text)


def _regions(old: str, new: str, bounds: Sequence[tuple[int, int]]) -> list[_Region]:
    """Return what differs; as one where it is all in one segment, for then it does not matter what in it is kept."""
    first, last = shared_ends(old, new)
    whole = _Region(first, len(old) - last, first, len(new) - last)
    if any(begin <= whole.begin and whole.end <= end for begin, end in bounds):
        return [whole]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [_Region(*places) for kind, *places in matcher.get_opcodes() if kind != "equal"]


def _owner(touched: Sequence[int], segments: Sequence[Segment], added: str, *, replaces: bool) -> int:
    """Return the segment to which signs belong that stand between several and in no mark.

    Digits belong to a figure. Words belong to a written text, at whose end Word leaves them out of the mark; but to the
    form where they replace some of it (``replaces``), and the passage still has its marks.
    """
    figures = [number for number in touched if segments[number].printed is not None and not segments[number].mark]
    written = [number for number in touched if segments[number].mark]
    fixed = [number for number in touched if segments[number].printed is None and not segments[number].mark]
    if figures and NUMERIC.fullmatch(added):
        return figures[0]
    return (fixed or written or figures if replaces else written or fixed or figures)[0]
