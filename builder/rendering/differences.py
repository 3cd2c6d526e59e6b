"""What differs between two versions of a sentence, as people mark it: whole figures and whole words, no mosaics.

Chinese has no blanks between words, and no dictionary is at hand: two signs that often stand together in the documents
are taken for a word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

TOKEN = re.compile(
    r"(?<![0-9])-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?[%％‰]?|[A-Za-z]+|.", re.DOTALL
)
"""A figure, a word in Latin letters, or one sign."""
FIGURE = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?[%％‰]?")
CHINESE = re.compile(r"[㐀-鿿]")
LONE = "的了是在与和及或为比较占等各共由至向从对不"
"""Signs that mostly are words by themselves."""
STOP = "。；：，、！？\n"
KEPT = 0.25
"""Where less than this of two versions is common, the one simply takes the place of the other."""


@dataclass(frozen=True, slots=True)
class Change:
    """``old[start:end]`` has become ``new[new_start:new_end]``; one of them may be empty."""

    start: int
    end: int
    new_start: int
    new_end: int


@dataclass(slots=True)
class _Edit:
    """A change counted in tokens."""

    i: int
    end_i: int
    j: int
    end_j: int

    @property
    def length(self) -> int:
        return max(self.end_i - self.i, self.end_j - self.j)

    @property
    def replaces(self) -> bool:
        return self.i < self.end_i and self.j < self.end_j


class Differ:
    """Compares sentences of two documents whose texts are given."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._together: Counter[str] = Counter()
        for text in texts:
            self._together.update(map("".join, pairwise(text)))

    def changes(self, old: str, new: str) -> list[Change]:
        """Return what has changed, in order."""
        before, after = TOKEN.findall(old), TOKEN.findall(new)
        edits = _joined(_edits(before, after), before, after)
        kept = len(before) - sum(edit.end_i - edit.i for edit in edits)
        if kept < KEPT * max(len(before), len(after)):
            edits = [_Edit(0, len(before), 0, len(after))]
        for edit in edits:
            if not edit.replaces:
                _slide(edit, before if edit.i < edit.end_i else after, edits)
        self._widen(edits, before, after)
        at = [0, *accumulate(map(len, before))]
        new_at = [0, *accumulate(map(len, after))]
        return [Change(at[e.i], at[e.end_i], new_at[e.j], new_at[e.end_j]) for e in edits]

    def _widen(self, edits: Sequence[_Edit], before: Sequence[str], after: Sequence[str]) -> None:
        """Make 增[加→长] into [增加→增长]: a single sign that was replaced is shown with the other half of its word."""
        for number, edit in enumerate(edits):
            gone, come = before[edit.i : edit.end_i], after[edit.j : edit.end_j]
            first = edits[number - 1].end_i if number else 0
            last = edits[number + 1].i if number + 1 < len(edits) else len(before)
            left = before[edit.i - 1] if first < edit.i and edit.replaces and _half(gone, come) else ""
            right = before[edit.end_i] if edit.end_i < last and edit.replaces and _half(gone[::-1], come[::-1]) else ""
            as_end = min(self._together[left + words[0]] for words in (gone, come)) if CHINESE.match(left) else 0
            as_begin = min(self._together[words[-1] + right] for words in (gone, come)) if CHINESE.match(right) else 0
            if as_end and as_end >= as_begin:
                edit.i, edit.j = edit.i - 1, edit.j - 1
            elif as_begin:
                edit.end_i, edit.end_j = edit.end_i + 1, edit.end_j + 1


def _half(gone: Sequence[str], come: Sequence[str]) -> bool:
    """Tell whether both versions begin with a single Chinese sign that may be half a word."""
    if gone[0] in LONE or come[0] in LONE:
        return False
    chinese = ([bool(CHINESE.match(token)) for token in tokens[:2]] for tokens in (gone, come))
    return all(found in ([True], [True, False]) for found in chinese)


def _edits(before: Sequence[str], after: Sequence[str]) -> list[_Edit]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [_Edit(*places) for kind, *places in matcher.get_opcodes() if kind != "equal"]


def _joined(edits: list[_Edit], before: Sequence[str], after: Sequence[str]) -> list[_Edit]:
    """Return the edits with those made one between which less of a clause is left than has changed on either side.

    A figure that took the place of another stands for itself.
    """
    made: list[_Edit] = []
    for edit in edits:
        made.append(edit)
        while len(made) > 1 and _belong(made[-2], made[-1], before, after):
            last = made.pop()
            made[-1] = _Edit(made[-1].i, last.end_i, made[-1].j, last.end_j)
    return made


def _belong(edit: _Edit, then: _Edit, before: Sequence[str], after: Sequence[str]) -> bool:
    if _is_figure(edit, before, after) or _is_figure(then, before, after):
        return False
    between = before[edit.end_i : then.i]
    return len(between) <= min(edit.length, then.length) and not any(token in STOP for token in between)


def _is_figure(edit: _Edit, before: Sequence[str], after: Sequence[str]) -> bool:
    changed = [*before[edit.i : edit.end_i], *after[edit.j : edit.end_j]]
    return len(changed) == 2 and edit.replaces and all(FIGURE.fullmatch(token) for token in changed)  # noqa: PLR2004


def _slide(edit: _Edit, tokens: Sequence[str], edits: Sequence[_Edit]) -> None:
    """Move what was only added or only removed to where it begins or ends as sentences and items do.

    In 甲，乙，丙 without 乙, 「乙，」 went, or 「，乙」; nothing is found between 「甲，」 and 「乙，」.
    """
    of_old = edit.i < edit.end_i
    start, end = (edit.i, edit.end_i) if of_old else (edit.j, edit.end_j)
    others = [other for other in edits if other is not edit]
    lowest = max((o.end_i if of_old else o.end_j for o in others if o.i < edit.i or o.j < edit.j), default=0)
    highest = min((o.i if of_old else o.j for o in others if o.i > edit.i or o.j > edit.j), default=len(tokens))
    best, moved = _ends(tokens, start, end), 0
    for step in (-1, 1):
        at, stop = start, end
        while (lowest < at and tokens[at - 1] == tokens[stop - 1]) if step < 0 else (
            stop < highest and tokens[at] == tokens[stop]
        ):
            at, stop = at + step, stop + step
            if (quality := _ends(tokens, at, stop)) > best:
                best, moved = quality, at - start
    edit.i, edit.end_i, edit.j, edit.end_j = (place + moved for place in (edit.i, edit.end_i, edit.j, edit.end_j))


def _ends(tokens: Sequence[str], start: int, end: int) -> int:
    """Return how well a piece of a sentence can stand for itself."""
    before = tokens[start - 1] if start else "。"
    after = tokens[end] if end < len(tokens) else "\n"
    whole = (before in STOP and tokens[end - 1] in STOP) + (tokens[start] in STOP and after in STOP)
    return 4 * whole + 2 * (before in STOP) + (after in STOP)
