"""Tables laid out as finance systems and accountants do: a random layout of a unit's published tables as sheets."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import zip_longest

from builder.accounts.money import printed
from builder.accounts.statements import Cell, Place, Statement
from builder.workbooks.grids import CODED, LINE, Grid, grid_of
from builder.workbooks.reading import Sheet

UNITS = {"元": 1, "百元": 100, "千元": 1000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000}
FULL_WIDTH = str.maketrans("0123456789.,-()", "０１２３４５６７８９．，－（）")
BLANKS = ("", "-", "—", 0.0, "0.00", " ")
PREFIXES = ("", "附件1：", "某县基金会2022年度", "2022年度", "三、", "　")

Line = list[object]
Drawn = tuple[list[Line], dict[tuple[int, int], tuple[int, int]]]


class Layout:
    """Draws tables in one random layout each; ``expected`` are the amounts (元) that should be read from them."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.expected: dict[Place, Decimal] = {}

    def yes(self, share: float = 0.5) -> bool:
        return self.chance.random() < share

    def sheets(self, statements: Iterable[Statement]) -> tuple[Sheet, ...]:
        """Return sheets: each table alone, with the next below or beside it, or over two sheets."""
        made: list[list[Drawn]] = []
        for statement in statements:
            pages = self.pages(grid_of(statement))
            if len(pages) > 1 or not made or self.yes(0.4):
                made += [[page] for page in pages]
            else:
                made[-1] += pages
        return tuple(self.sheet(f"表{number}", drawn) for number, drawn in enumerate(made, 1))

    def sheet(self, name: str, tables: Sequence[Drawn]) -> Sheet:
        rows: list[Line] = []
        merged: dict[tuple[int, int], tuple[int, int]] = {}
        for lines, areas in tables:
            if rows and self.yes(0.4) and len(tables) == 2:
                right = max(map(len, rows)) + 1
                rows = [
                    [*(left or []), *[""] * (right - len(left or [])), *(more or [])]
                    for left, more in zip_longest(rows, lines)
                ]
                merged |= {(top, left + right): (end, last + right) for (top, left), (end, last) in areas.items()}
                continue
            rows += [[]] * (self.chance.randrange(3) if rows else 0)
            at = len(rows)
            rows += lines
            merged |= {(top + at, left): (end + at, last) for (top, left), (end, last) in areas.items()}
        return Sheet(name, tuple(map(tuple, rows)), merged)

    def pages(self, grid: Grid) -> list[Drawn]:
        """Return a table, or its two pages."""
        unit = self.chance.choice([*UNITS])
        coded = grid.headers[0][-1] == CODED[0] and sum(path[-1] == CODED[0] for path in grid.headers) == 1
        form = self.chance.choice(["number", "text", "split", "joined", "bracketed", "dotted", "spaced", "float"])
        heads, lines = self.columns(grid, unit, form if coded else "")
        if coded and self.yes():
            totals = [line for line in lines if line[0] == "合计"]
            others = [line for line in lines if line[0] != "合计"]
            self.chance.shuffle(others)
            lines = [*others, *totals] if self.yes() else [*totals, *others]
        width = len(heads)
        if coded and self.yes(0.3):
            heads.append(self.chance.choice([("备注",), ("上年数",), ("比上年增减%",)]))
            lines = [
                [*line, 12.5 if heads[-1] != ("备注",) else "略" if line[0] != "合计" else ""] for line in lines
            ]
        header, areas = self.header(heads, width)
        top = self.top(grid, unit, width)
        foot: list[Line] = [["注：1.本表反映部门本年度的情况，合计 100.00"], ["", 5.0]] if self.yes(0.3) else []
        depth = len(top)
        areas = {(row + depth, left): (last + depth, right) for (row, left), (last, right) in areas.items()}
        if coded and len(lines) > 2 and self.yes(0.3):
            cut = self.chance.randrange(1, len(lines))
            again: list[Line] = [[f"{grid.title}（续）" if self.yes() else "续表"]]
            again.extend(header if self.yes(0.7) else [])
            return [([*top, *header, *lines[:cut]], areas), ([*again, *lines[cut:], *foot], {})]
        if coded and len(lines) > 2 and self.yes(0.2):
            lines[2:2] = header
        return [([*top, *header, *lines, *foot], areas)]

    def top(self, grid: Grid, unit: str, width: int) -> list[Line]:
        """Return what stands above the header: title, 表号, unit, year and owner in one of their places."""
        stated = self.chance.choice([f"金额单位：{unit}", f"单位:{unit}", f"单位：人民币{unit}", f"（{unit}）"])
        title = self.chance.choice(PREFIXES) + grid.title
        lines: list[Line] = []
        if self.yes(0.8) or not grid.code:
            spaced = " ".join(title) if self.yes(0.2) else title
            in_title = self.yes(0.3)
            lines.append([f"{spaced}（单位：{unit}）" if in_title else spaced])
            if in_title:
                return lines
            lines += [[*[""] * (width - 1), grid.code]] if self.yes() else []
        else:
            lines.append([*[""] * (width - 1), grid.code])
        if self.yes():
            return [*lines, ["编制单位：某县基金会", "2022年度", *[""] * max(width - 3, 0), stated]]
        return [*lines, [*[""] * (width - 1), stated]]

    def header(self, heads: Sequence[tuple[str, ...]], width: int) -> Drawn:
        """Return the header's lines with their merged ranges, with or without a line of numbers below."""
        depth = max(map(len, heads))
        lines: list[Line] = [["" for _ in heads] for _ in range(depth)]
        areas: dict[tuple[int, int], tuple[int, int]] = {}
        for column, path in enumerate(heads):
            for row, text in enumerate(path):
                first = column
                while first and heads[first - 1][: row + 1] == path[: row + 1] and len(heads[first - 1]) > row + 1:
                    first -= 1
                if first == column or len(path) == row + 1:
                    lines[row][column] = text
                elif row + 1 < len(path):
                    areas[row, first] = (row, column)
            if len(path) < depth:
                areas[len(path) - 1, column] = (depth - 1, column)
        if self.yes(0.4):
            lines.append(["栏次", *[float(number) for number in range(1, width)]])
        return lines, areas

    def columns(self, grid: Grid, unit: str, form: str) -> tuple[list[tuple[str, ...]], list[Line]]:
        """Return the headers and lines of a table with its codes and amounts in one form."""
        heads = list(grid.headers)
        lines = [[self.value(value, unit) for value in line] for line in grid.lines]
        if form == "split":
            heads = [("项目", "科目编码", "类"), ("项目", "科目编码", "款"), ("项目", "科目编码", "项"),
                     ("项目", "科目名称"), *heads[2:]]
            lines = [[*self.split(str(line[0])), line[1] or "", *line[2:]] for line in lines]
        elif form in {"joined", "bracketed"}:
            heads = [(self.chance.choice(["项目", "支出功能分类科目", "科目编码及名称"]),), *heads[2:]]
            frame = "[{}]{}" if form == "bracketed" else self.chance.choice(["{} {}", "{}{}", "{}-{}"])
            lines = [[frame.format(*line[:2]) if line[1] else line[0], *line[2:]] for line in lines]
        elif form:
            lines = [[self.code(str(line[0]), form), *line[1:]] for line in lines]
        numbered = [number for number, path in enumerate(heads) if path[-1] == LINE]
        if numbered and self.yes():
            heads = [path for number, path in enumerate(heads) if number not in numbered]
            lines = [[value for number, value in enumerate(line) if number not in numbered] for line in lines]
        return heads, lines

    @staticmethod
    def split(code: str) -> Line:
        if not code.isdigit():
            return [code, "", ""]
        return [code[:3], code[3:5], code[5:7]]

    @staticmethod
    def code(code: str, form: str) -> object:
        if not code.isdigit() or form == "text":
            return code
        parts = [code[:3], code[3:5], code[5:]]
        return {
            "number": int(code), "float": f"{code}.0", "dotted": ".".join(filter(None, parts)),
            "spaced": f" {' '.join(filter(None, parts))} ",
        }[form]

    def value(self, value: object, unit: str) -> object:
        if not isinstance(value, Cell):
            return float(value) if isinstance(value, int) else value or ""
        amount = printed(value.value) * 10_000
        self.expected[value.place] = amount
        number = amount / UNITS[unit]
        if not number:
            return self.chance.choice(BLANKS)
        plain = f"{number.normalize():f}"
        forms = [float(number), plain, f"{number:,f}", f" {plain}", f"'{plain}", f"{plain}{unit}", f"¥{plain}",
                 plain.translate(FULL_WIDTH)]
        if number < 0:
            forms.append(f"（{-number:,f}）")
        return self.chance.choice(forms)
