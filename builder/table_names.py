"""The names that a form's tags can use for tables: rows, levels, side-by-side blocks and cells as they are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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
    side_by_side = [block for block in statement.blocks.values() if not block.spec.apart]
    views: dict[str, Names] = {}
    for block in statement.blocks.values():
        for row in block.all_rows():
            views[row.key] = row_names(account, statement, block, row)
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
        names["行"] = _rows_side_by_side(account, statement, side_by_side, views)
        for block in side_by_side:
            names[f"{block.name}项"] = items_of(block)
    names |= {"有数": statement.has_figures, "表号": statement.spec.code, "标题": statement.spec.title}
    names["项目"] = [item for block in side_by_side for item in items_of(block)]
    return Names(**names)


def items_of(block: Block) -> list[Item]:
    """Return a block's lowest items with the amount of their first column, for lists in a sentence."""
    first = next(iter(block.spec.columns))
    codes = [row.code for row in block.rows if row.code]
    above = {code[:length] for code in codes for length in LEVELS if length < len(code)}
    leaves = [row for row in block.rows if row.code and row.code not in above]
    return [Item(row.label, row.cells[first].value, row.code) for row in leaves if first in row.cells]


def _rows_side_by_side(
    account: Account, statement: Statement, blocks: Sequence[Block], views: Mapping[str, Names]
) -> list[Names]:
    sides = SIDES.get(len(blocks), tuple(block.name for block in blocks))
    lines = []
    for rows in zip(*(block.rows for block in blocks), strict=True):
        line: dict[str, Names] = {}
        for side, block, row in zip(sides, blocks, rows, strict=True):
            view = row_names(account, statement, block, row) if row.is_filler else views[row.key]
            line[side] = line[block.name] = view
        lines.append(Names(**line))
    return lines


def row_names(account: Account, statement: Statement, block: Block, row: Row) -> Names:
    """Return a row as parts use it: 项目, 行次, 科目代码, 科目名称, 级, 类名, 款名, 项名 and every column."""
    names: dict[str, Any] = {
        "项目": row.label,
        "行次": str(row.number or ""),
        "科目代码": row.code,
        "科目名称": row.label,
        "级": row.level,
    }
    if row.code and block.spec.by_subject:
        for level, length in (("类", 3), ("款", 5), ("项", 7)):
            above = statement.rows.get(row.code[:length]) if len(row.code) >= length else None
            names[f"{level}名"] = above.label if above else ""
        names["用途"] = Texts(account, "用途", account.texts, USE)[f"用途.{row.code}"]
    for column in block.spec.columns:
        cell = row.cells.get(column)
        names[column] = "" if cell is None else cell_text(account, statement, block.spec.columns[column], row, cell)
    return Names(**names)


def cell_text(account: Account, statement: Statement, column: ColumnSpec, row: Row, cell: Cell) -> CellText:
    """Return a cell as its table prints it, for a part."""
    number_format = account.style.wording.format(statement.spec.number_format)
    printed = CellText(amount_text(number_format, statement, column, row, cell))
    printed.cell, printed.account = cell, account
    return printed


def amount_text(
    number_format: NumberFormat, statement: Statement, column: ColumnSpec, row: Row, cell: Cell
) -> str:
    """Return a cell's amount as its table prints it; a zero as the row says, else the column, else the table."""
    number = cell.value
    if number and (number := printed_value(number, number_format)):
        return format_rounded(number, number_format)
    if statement.spec.empty_zero is not None and not statement.has_figures:
        return statement.spec.empty_zero
    for way in (row.zero, column.zero, statement.spec.zero):
        if way is not None:
            return way
    return format_rounded(number, number_format)
