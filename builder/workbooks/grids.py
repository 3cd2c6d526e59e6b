"""A statement as it stands on paper: header lines with what is merged, blocks side by side, the rows in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from builder.accounts.statements import Block, Cell, Row, Statement

from .headers import header_path

CODED = ("科目代码", "科目名称")
LINE = "行次"

Value = str | int | Cell | None
"""What stands in a place of the grid: a label, a line's number, a cell with an amount, or nothing."""


@dataclass(frozen=True, slots=True)
class Head:
    """A cell of the header: its text, its first line and column (from 0), and how many of each it covers."""

    text: str
    line: int
    column: int
    height: int = 1
    width: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it stands on a sheet: header lines (a column's path from top to bottom) and lines of values."""

    name: str
    title: str
    code: str
    headers: tuple[tuple[str, ...], ...]
    lines: tuple[tuple[Value, ...], ...]

    @property
    def depth(self) -> int:
        """How many header lines there are."""
        return max((len(path) for path in self.headers), default=0)

    def heads(self) -> Iterator[Head]:
        """Yield the header cells line by line: a group over its columns, and a lowest header down to the last line."""
        for line in range(self.depth):
            start = 0
            while start < len(self.headers):
                path = self.headers[start]
                end = start + 1
                if len(path) > line + 1:
                    while end < len(self.headers) and self._group(end, line) == path[: line + 1]:
                        end += 1
                    yield Head(path[line], line, start, 1, end - start)
                elif len(path) == line + 1:
                    yield Head(path[line], line, start, self.depth - line)
                start = end

    def _group(self, column: int, line: int) -> tuple[str, ...]:
        """Return a column's header down to a line above its last; empty where the line is its last."""
        path = self.headers[column]
        return path[: line + 1] if len(path) > line + 1 else ()


def grid_of(statement: Statement) -> Grid:
    """Return a statement as it is printed: blocks side by side, 行次 where the form has them."""
    blocks = [block for block in statement.blocks.values() if not block.spec.apart]
    numbered = statement.spec.line_numbers
    headers: list[tuple[str, ...]] = []
    sides = []
    for number, block in enumerate(blocks):
        labels = labels_of(block, numbered=numbered)
        top = tops(blocks)[number]
        headers += [(*top, label) for label in labels]
        headers += [(*top, *header_path(name, block.spec, statement.spec)) for name in block.spec.columns]
        rows = [*filter(None, [block.total]), *block.rows]
        sides.append([line_of(row, block, labels) for row in rows])
    longest = max(map(len, sides), default=0)
    for number, block in enumerate(blocks):
        width = len(labels_of(block, numbered=numbered)) + len(block.spec.columns)
        filler: tuple[Value, ...] = (None,) * width
        sides[number] += [filler] * (longest - len(sides[number]))
    lines = [tuple(value for part in parts for value in part) for parts in zip(*sides, strict=True)]
    for block in statement.blocks.values():
        if block.spec.apart:
            lines += [_apart_line(row, len(headers)) for row in block.rows]
    return Grid(statement.name, statement.spec.title, statement.spec.code, tuple(headers), tuple(lines))


def tops(blocks: Sequence[Block]) -> list[tuple[str, ...]]:
    """Return what stands above each block: 收入 and 支出 where there are two."""
    return [("收入",), ("支出",)] if len(blocks) == 2 else [()] * len(blocks)  # noqa: PLR2004


def labels_of(block: Block, *, numbered: bool) -> tuple[str, ...]:
    """Return the headers of a block's label columns; none where the block is one line of amounts."""
    if block.spec.by_subject or block.spec.economic:
        return CODED
    if not block.spec.rows:
        return ()
    return ("项目", LINE) if numbered else ("项目",)


def line_of(row: Row, block: Block, labels: Sequence[str]) -> tuple[Value, ...]:
    """Return a row's labels and cells."""
    if labels == CODED:
        first: list[Value] = [row.code or row.label, row.label if row.code else None]
    else:
        first = [row.label, row.number or None]
        del first[len(labels) :]
    return (*first, *(row.cells.get(name) for name in block.spec.columns))


def _apart_line(row: Row, width: int) -> tuple[Value, ...]:
    return (row.label, *(None for _ in range(width - 2)), next(iter(row.cells.values())))
