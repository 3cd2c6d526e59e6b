"""The names that a form's tags can use for tables: rows, levels, side-by-side blocks and cells as they are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from builder.accounts.money import ZERO
from builder.accounts.statements import TOTAL, Block, Cell, Row, Statement
from builder.accounts.subjects import LEVELS
from builder.accounts.views import ColumnSpec
from builder.context import Account, CellText, Names, Texts
from builder.wording.lists import Item
from builder.wording.numbers import NumberFormat, format_rounded, printed_value

SIDES = {2: ("左", "右"), 3: ("一", "二", "三")}
"""How a part names the blocks of a table that stand side by side, by their number."""

ROW_NAMES = ("项目", "行次", "科目代码", "科目名称", "级")
LEVEL_NAMES = ("类名", "款名", "项名", "用途")
"""What a part may ask of any row of a table, and of a subject's row besides."""

USE = "请在 说明.yaml 的「文本」下补写：{name}: 支出的主要用途"
"""What to do where the use of a subject's money is not written."""


def table_names(account: Account, statement: Statement) -> Names:
    """Return a table as parts use it: ``.行``, ``.合计``, ``.类级`` …, and its rows by their labels."""
    return _Table(account, statement).names()


def items_of(block: Block) -> list[Item]:
    """Return a block's lowest items with the amount of their first column, for lists in a sentence."""
    first = next(iter(block.spec.columns))
    codes = [row.code for row in block.rows if row.code]
    above = {code[:length] for code in codes for length in LEVELS if length < len(code)}
    leaves = [row for row in block.rows if row.code and row.code not in above]
    return [Item(row.label, row.cells[first].value, row.code) for row in leaves if first in row.cells]


class AmountTexts:
    """How one table prints its amounts: in its format, and a zero as the row says, else the column, else the table."""

    __slots__ = ("_empty", "_format", "_zero")

    def __init__(self, number_format: NumberFormat, statement: Statement) -> None:
        spec = statement.spec
        self._format = number_format
        self._zero = format_rounded(ZERO, number_format) if spec.zero is None else spec.zero
        self._empty = None if spec.empty_zero is None or statement.has_figures else spec.empty_zero

    def of(self, column: ColumnSpec, row: Row, cell: Cell) -> str:
        """Return the text of a cell."""
        number = cell.value
        if number and (number := printed_value(number, self._format)):
            return format_rounded(number, self._format)
        if self._empty is not None:
            return self._empty
        zero = column.zero if row.zero is None else row.zero
        return self._zero if zero is None else zero


class _Table:
    """Makes the names of one table; lives only while it does."""

    def __init__(self, account: Account, statement: Statement) -> None:
        self.account, self.statement = account, statement
        self.amounts = AmountTexts(account.style.wording.format(statement.spec.number_format), statement)
        self.uses = Texts(account, "用途", account.texts, USE)

    def names(self) -> Names:
        statement = self.statement
        side_by_side = [block for block in statement.blocks.values() if not block.spec.apart]
        views = {row.key: self.row(block, row) for block in statement.blocks.values() for row in block.all_rows()}
        names: dict[str, Any] = {key.rpartition(".")[2]: view for key, view in views.items()}
        names.update(views)
        if len(side_by_side) == 1:
            block = side_by_side[0]
            rows = [views[row.key] for row in block.rows if not row.is_filler]
            names["行"] = rows if rows or block.total is None or block.spec.by_subject else [views[block.total.key]]
            if block.total is not None:
                names[TOTAL] = views[block.total.key]
            for level in ("类", "款", "项"):
                names[f"{level}级"] = [view for view in rows if view.级 == level]  # type: ignore[attr-defined]
        else:
            names["行"] = self._rows_side_by_side(side_by_side, views)
            for block in side_by_side:
                names[f"{block.name}项"] = items_of(block)
        names |= {"有数": statement.has_figures, "表号": statement.spec.code, "标题": statement.spec.title}
        names["项目"] = [item for block in side_by_side for item in items_of(block)]
        return Names(**names)

    def row(self, block: Block, row: Row) -> Names:
        """Return a row as parts use it: 项目, 行次, 科目代码, 科目名称, 级, 类名, 款名, 项名 and every column."""
        names: dict[str, Any] = {
            "项目": row.label, "行次": str(row.number or ""), "科目代码": row.code, "科目名称": row.label,
            "级": row.level,
        }
        if row.code and block.spec.by_subject:
            for level, length in (("类", 3), ("款", 5), ("项", 7)):
                above = self.statement.rows.get(row.code[:length]) if len(row.code) >= length else None
                names[f"{level}名"] = above.label if above else ""
            names["用途"] = self.uses[f"用途.{row.code}"]
        for name, column in block.spec.columns.items():
            cell = row.cells.get(name)
            names[name] = "" if cell is None else CellText.of(self.amounts.of(column, row, cell), cell, self.account)
        return Names(**names)

    def _rows_side_by_side(self, blocks: Sequence[Block], views: Mapping[str, Names]) -> list[Names]:
        sides = SIDES.get(len(blocks), tuple(block.name for block in blocks))
        lines = []
        for rows in zip(*(block.rows for block in blocks), strict=True):
            line: dict[str, Names] = {}
            for side, block, row in zip(sides, blocks, rows, strict=True):
                view = self.row(block, row) if row.is_filler else views[row.key]
                line[side] = line[block.name] = view
            lines.append(Names(**line))
        return lines
