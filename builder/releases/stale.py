"""Figures of an old release that still stand in texts written by hand, though what they tell of has changed.

A number in a text is compared as the amount, the percentage or the count that it is, so 763.41万元 is found in
7,634,100元 too. Years, dates and numbers without decimals or a unit say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from builder.accounts.money import ZERO, in_unit, plain, round_half_up
from builder.accounts.statements import CENT_OF_WAN
from builder.findings import Finding, Level, Source
from builder.loading.document import Document
from builder.loading.text_reader import TextFile
from builder.loading.unit import NOTES, PERFORMANCE
from builder.loading.yaml_reader import document_of
from builder.releases.comparing import Change, Kind
from builder.releases.matching import WORDS, without_numbers
from builder.releases.snapshots import Snapshot
from builder.wording.numbers import UNITS as AMOUNTS
from builder.workspace import CONTENT

COUNTS = "批次|人次|批|人|辆|台|套|个|团组|项|次|户|件"
"""What things are counted in; longer words first."""
OTHERS = "平方|立方|公里|千米|米|吨|亩|倍|分|号|年|月|日|时|岁|家|种|[A-Za-z]"
"""What makes a number without a unit of ours something else."""
FIGURE = re.compile(
    rf"(?<![0-9.,，/])(?P<number>[0-9]{{1,3}}(?:[,，][0-9]{{3}})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)(?![0-9.,]*[0-9])"
    rf"\s*(?P<unit>亿元|万元|千元|元|%|％|个百分点|{COUNTS})?(?!(?<=[0-9])\s*(?:{OTHERS}))"
)
FEWEST = 3
"""How many digits a number must have that has no unit beside it, for it to say which figure it is."""
BARE = "万元"
"""What a number with decimals and without a unit is in."""
PERCENT = "%"
COUNTED = frozenset(COUNTS.split("|"))
NEED_DECIMALS = frozenset({"", PERCENT, "个百分点"})
"""Whole percentages (100%) stand everywhere and tell nothing."""
MANY = 2
"""How many digits a count must have."""

Meaning = tuple[Decimal, str]
"""A number as it is compared: an amount in 元, or a percentage or count with its unit."""


@dataclass(frozen=True, slots=True)
class Token:
    """A number in a text, with the place of its first digit; ``step`` is its last digit, in the unit compared."""

    text: str
    start: int
    value: Decimal
    unit: str
    step: Decimal


@dataclass(slots=True)
class _Known:
    """The old figures: what each told of and what that is now, and those that have not changed."""

    changed: dict[Meaning, dict[str, str]] = field(default_factory=dict)
    same: set[Meaning] = field(default_factory=set)

    def add(self, meaning: Meaning, what: str, now: str) -> None:
        """Note an old figure. One that is less than anything printed in 万元 is none that people write of."""
        if meaning[1] != "元" or abs(meaning[0]) >= CENT_OF_WAN:
            self.changed.setdefault(meaning, {}).setdefault(what, now)


def stale(old: Snapshot, new: Snapshot, changes: Sequence[Change]) -> list[Finding]:
    """Return the old figures that still stand in texts of the new inputs; ``changes`` are those between the two."""
    known = _known(old, new, changes)
    released = old.state.renamed(new.state.unit).files
    found: list[Finding] = []
    for path, text, at in _texts(new):
        before = released.get(path, b"").decode("utf-8-sig", "replace")
        standing = (_finding(token, known, at(token)) for token in tokens(text) if token.text in before)
        found += (finding for finding in standing if finding is not None)
    return found


def tokens(text: str) -> Iterator[Token]:
    """Yield the numbers of a text that can tell of a figure."""
    for match in FIGURE.finditer(text):
        number, unit = match["number"].replace("，", ","), (match["unit"] or "").replace("％", PERCENT)
        digits = number.replace(",", "")
        fewest = FEWEST if not unit else MANY if unit in COUNTED else 1
        if len(digits.replace(".", "").lstrip("0")) < fewest or ("." not in digits and unit in NEED_DECIMALS):
            continue
        value, places = Decimal(digits), len(digits.partition(".")[2])
        scale = Decimal(1) if unit in COUNTED else AMOUNTS.get(unit or BARE, Decimal(1))
        kind = "元" if unit in {"", "元", "千元", "万元", "亿元"} else PERCENT if unit == "个百分点" else unit
        yield Token(match["number"], match.start(), value * scale, kind, scale.scaleb(-places))


def _texts(snapshot: Snapshot) -> Iterator[tuple[str, str, Callable[[Token], Source]]]:
    """Yield the texts that people wrote, with their file and where a number in them stands."""
    folder = f"{CONTENT}/{snapshot.state.unit}/{snapshot.state.year}/"
    for path, data in snapshot.state.files.items():
        name = path.removeprefix(folder)
        if name == path:
            continue
        text = data.decode("utf-8-sig", "replace")
        if name.endswith(".md"):
            yield path, text, _Raw(snapshot.state.shown(path), text, text, 0).at
        elif name == NOTES or (name.startswith(f"{PERFORMANCE}/") and name.endswith(".yaml")):
            document = document_of(TextFile(path, text, ""), required=False)
            for words, start in _words(document):
                yield path, words, _Raw(snapshot.state.shown(path), text, words, _offset(text, start)).at


@dataclass(slots=True)
class _Raw:
    """A file as it is, and ``words`` that begin in it at a position; a folded text does not stand there as it reads."""

    path: str
    text: str
    words: str
    position: int

    def at(self, token: Token) -> Source:
        """Return where a number of the words stands; they are asked for in order."""
        begins = next((self.position + skip for skip in (0, 1) if self._stand_at(self.position + skip)), None)
        if begins is not None:
            start = begins + token.start
        else:
            whole = re.compile(rf"(?<![0-9.,，]){re.escape(token.text)}(?![0-9.,]*[0-9])")
            found = whole.search(self.text, self.position)
            start = found.start() if found else self.position
            self.position = found.end() if found else self.position
        before = self.text[:start]
        return Source(self.path, before.count("\n") + 1, start - before.rfind("\n"))

    def _stand_at(self, position: int) -> bool:
        return self.text.startswith(self.words, position)


def _words(document: Document) -> Iterator[tuple[str, Source]]:
    """Yield the sentences of a YAML file, with the place where each begins; references to others are none."""
    for path, place in document.positions.items():
        value: object = document.data
        for step in path:
            value = value[step]  # type: ignore[index]
        if isinstance(value, str) and WORDS.search(value) and path[-1:] != ("同",):
            yield value, place


def _offset(text: str, place: Source) -> int:
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: place.line - 1]) + place.column - 1


def _finding(token: Token, known: _Known, source: Source) -> Finding | None:
    meanings = [meaning for meaning in known.changed if _is(token, meaning)]
    if not meanings:
        return None
    told = {what: now for meaning in meanings for what, now in known.changed[meaning].items()}
    what, now = next(iter(told.items()))
    others = f"等 {len(told)} 个数" if len(told) > 1 else ""
    message = f"「{token.text}」原是{what}{others}，现在是 {now}"
    if any(_is(token, meaning) for meaning in known.same):
        return Finding(f"{message}；它也等于没有变的数，可能说的是那一个，请看一看", source, Level.NOTE)
    return Finding(f"{message}；请核对这里是否也要改", source, Level.WARNING)


def _is(token: Token, meaning: Meaning) -> bool:
    """Tell whether a number in a text is a figure, rounded to as many digits as the text gives."""
    value, unit = meaning
    if unit != token.unit:
        return False
    if value == token.value:
        return True
    digits = len(str(abs(int(token.value / token.step))))
    return digits >= FEWEST and round_half_up(value / token.step, 0) * token.step == token.value


def _known(old: Snapshot, new: Snapshot, changes: Sequence[Change]) -> _Known:
    known = _Known()
    labels = _labels(changes)
    now = dict(_amounts(new.manifest))
    for name, value in _amounts(old.manifest):
        after = now.get(name)
        if after == value:
            known.same.add((value, "元"))
        elif value:
            shown = f"{plain(in_unit(after))}" if after is not None else "没有了"
            known.add((value, "元"), labels.get(name, f"“{name}”"), shown)
    for change in changes:
        if change.kind is Kind.SENTENCE and change.old and change.new:
            for was, is_now in _told(change.old, change.new):
                known.add((was.value, was.unit), f"“{change.place}”里的数", is_now.text)
    return known


def _labels(changes: Iterable[Change]) -> dict[str, str]:
    """Return what people call the cells that have changed, by place (公开03/2101599/项目支出)."""
    lines = [change.before for change in changes if change.kind is Kind.CELL and change.before is not None]
    return {
        cell: f"“{line.spot.row_label or line.spot.caption}”（{cell}）" for line in lines for cell in line.cells
    }


def _told(old: str, new: str) -> Iterator[tuple[Token, Token]]:
    """Yield the percentages and counts of a sentence that have changed, where it is the same but for its numbers."""
    if without_numbers(old) == without_numbers(new):
        for before, after in zip(tokens(old), tokens(new), strict=False):
            if before.unit == after.unit != "元" and before.value != after.value:
                yield before, after


def _amounts(manifest: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    """Yield every cell and figure of a manifest by name, cells first."""
    for table, rows in manifest["公开表"].items():
        for row, columns in rows.items():
            for column, cell in columns.items():
                yield f"{table}/{row}/{column}", _number(cell["印"] if isinstance(cell, dict) else cell)
    for name, figure in manifest["指标"].items():
        for counterpart, value in figure.items():
            yield name if counterpart == "值" else f"{name}（{counterpart}）", _number(value)


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return ZERO
