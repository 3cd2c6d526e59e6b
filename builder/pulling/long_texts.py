"""A long text edited in Word: which paragraphs of its Markdown read otherwise, were added, or are gone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from builder.blocks import Block, ListItem, Table, plain
from builder.loading.characters import normalised
from builder.loading.markdown import placed_blocks
from builder.pulling.aligning import Pair, same
from builder.pulling.markdown_lines import escaped, printed_text, rewritten

PIPE = re.compile(r"(?<!\\)\|")
LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class LineChange:
    """What a paragraph said and says now; ``line`` (from 1) is where it stands, or after which a new one comes."""

    line: int
    old: str
    new: str


class UnfitError(Exception):
    """The edit cannot be written in Markdown; says why."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something that is printed of a long text stands: its lines, and of a table's cell its row and column."""

    block: Block
    first: int
    end: int
    row: int = -1
    column: int = 0


def edited_text(text: str, pairs: Sequence[Pair], levels: Sequence[int]) -> tuple[str, list[LineChange]]:
    """Return a long text with the edits of its passages, and what they are.

    ``pairs`` are those of the text, in order, with what was added between; ``levels`` are the outline levels of the
    form's headings for Markdown's from 1 on. Raises UnfitError.
    """
    return _Editor(text, levels).edited(pairs)


class _Editor:
    """The lines of one text while they are changed."""

    def __init__(self, text: str, levels: Sequence[int]) -> None:
        self.end = found[0] if (found := LINE_END.search(text)) else "\n"
        self.lines = LINE_END.split(text)
        if len(self.lines) != normalised(text).count("\n") + 1:
            raise UnfitError("这个文件里有不常见的换行符；请先用编辑器另存一次")
        self.levels = levels
        self.blocks = placed_blocks(text)
        gaps = [second[1] - first[2] for first, second in zip(self.blocks, self.blocks[1:], strict=False)]
        self.spaced = bool(gaps) and sum(gap > 0 for gap in gaps) * 2 > len(gaps)
        self.after: dict[int, list[str]] = {}
        self.gone: set[int] = set()
        self.changes: list[LineChange] = []

    def edited(self, pairs: Sequence[Pair]) -> tuple[str, list[LineChange]]:
        """Return the text with the edits made in it."""
        places = list(self._places())
        olds = [pair.old for pair in pairs if pair.old is not None]
        if len(places) != len(olds):
            raise UnfitError("这篇长文与生成文档时的不一样")
        remaining = iter(places)
        last: _Place | None = None
        rows: dict[int, list[tuple[_Place, Pair]]] = {}
        for pair in pairs:
            if pair.old is None:
                self._add(last, pair)
                continue
            last = next(remaining)
            if last.row >= 0:
                rows.setdefault(last.row, []).append((last, pair))
            elif pair.changed:
                self._change(last, pair)
        for row, cells in rows.items():
            self._row(row, cells)
        return self._text(), sorted(self.changes, key=lambda change: change.line)

    def _places(self) -> Iterator[_Place]:
        for block, first, end in self.blocks:
            if not isinstance(block, Table):
                if printed_text(block).strip():
                    yield _Place(block, first, end)
                continue
            for number, row in enumerate((block.header, *block.rows)):
                line = first + number + (1 if number else 0)
                for column, runs in enumerate(row):
                    if plain(runs).strip():
                        yield _Place(block, first, end, line, column)

    def _change(self, place: _Place, pair: Pair) -> None:
        assert pair.old is not None
        old = pair.old.text
        if pair.new is None:
            self.gone.update(range(place.first, place.end))
            self.changes.append(LineChange(place.first + 1, old, ""))
            return
        line = self.lines[place.first]
        self.lines[place.first] = rewritten(line, same(old), same(pair.new.text))
        self.changes.append(LineChange(place.first + 1, old, pair.new.text))

    def _add(self, last: _Place | None, pair: Pair) -> None:
        assert pair.new is not None
        if pair.new.spot.table:
            raise UnfitError(f"多出了表格的格子「{pair.new.text}」；表格的行、列请在 Markdown 文件里增删")
        line = escaped(pair.new.text)
        if pair.new.heading and pair.new.heading in self.levels:
            line = f"{'#' * (self.levels.index(pair.new.heading) + 1)} {pair.new.text.strip()}"
        elif last is not None and isinstance(last.block, ListItem) and not last.block.ordered:
            indent = re.match(r"\s*[-*+]\s+", self.lines[last.first])
            line = (indent[0] if indent else "- ") + line
        at = last.end - 1 if last is not None else -1
        if at >= 0 and (isinstance(last.block, Table) if last else False):
            self.after.setdefault(at, []).append("")
            self.after[at].append(line)
        else:
            self.after.setdefault(at, []).extend(["", line] if self.spaced and at >= 0 else [line])
        self.changes.append(LineChange(max(at, 0) + 1, "", pair.new.text))

    def _row(self, row: int, cells: Sequence[tuple[_Place, Pair]]) -> None:
        """Change the cells of a table's row; take the row out where all of it is gone."""
        if not any(pair.changed for _place, pair in cells):
            return
        if all(pair.new is None for _place, pair in cells):
            self.gone.add(row)
            self.changes.append(LineChange(row + 1, self.lines[row], ""))
            return
        line = self.lines[row]
        bars = [found.start() for found in PIPE.finditer(line)]
        if line.strip().startswith("|"):
            bars = bars[1:] if len(bars) > 1 else bars
            begin = line.index("|") + 1
        else:
            begin = 0
        edges = [(begin if not number else bars[number - 1] + 1, end) for number, end in enumerate([*bars, len(line)])]
        for place, pair in reversed(cells):
            if not pair.changed:
                continue
            assert pair.old is not None
            first, end = edges[place.column]
            raw = line[first:end]
            content = raw.strip()
            new = same(pair.new.text) if pair.new is not None else ""
            made = rewritten(content, same(pair.old.text), new).replace("|", "\\|").replace("\\\\|", "\\|")
            line = line[:first] + raw.replace(content, made, 1) + line[end:]
            self.changes.append(LineChange(row + 1, pair.old.text, new))
        self.lines[row] = line

    def _text(self) -> str:
        made: list[str] = list(self.after.get(-1, ()))
        for number, line in enumerate(self.lines):
            if number in self.gone:
                following = self.lines[number + 1 : number + 2]
                if made and not made[-1].strip() and not "".join(following).strip():  # one empty line of the two
                    made.pop()
            else:
                made.append(line)
            made += self.after.get(number, ())
        return self.end.join(made)
