"""The names that a form's tags can use for tables: rows, levels, side-by-side blocks and cells as they are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import TypeAlias

from builder.accounts.statements import TOTAL, Block, Cell, Row, Statement
from builder.accounts.subjects import LEVELS
from builder.accounts.views import ColumnSpec
from builder.context import Account, CellText, LazyNames, Names, Texts, bag
from builder.rendering.printing import printed
from builder.wording.lists import Item
from builder.wording.numbers import AmountsAsText

SIDES = {2: ("左", "右"), 3: ("一", "二", "三")}
"""How a part names the blocks of a table that stand side by side, by their number."""

ROW_NAMES: Mapping[str, Callable[[Row], str]] = {
    "项目": attrgetter("label"),
    "行次": lambda row: str(row.number or ""),
    "科目代码": attrgetter("code"),
    "科目名称": attrgetter("label"),
    "级": attrgetter("level"),
}
LEVEL_NAMES = ("类名", "款名", "项名", "用途")
"""What a part may ask of any row of a table, and of a subject's row besides."""
_PrintedAs: TypeAlias = list[tuple[str, bytes | None, Callable[[Row], str] | None]]
"""Names of a row: of a column with what it prints for a zero, of ROW_NAMES with what tells it."""
_ABOVE = {f"{level}名": length for length, level in LEVELS.items()}
_OF_LEVEL = {f"{level}级": level for level in LEVELS.values()}

LABELS = 4096
"""Of how many labels the encoded text is kept: subjects and lines of tables are nearly the same in every unit."""

USE = "请在 说明.yaml 的「文本」下补写：{name}: 支出的主要用途"
"""What to do where the use of a subject's money is not written."""


def table_names(account: Account, statement: Statement) -> Names:
    """Return a table as parts use it: ``.行``, ``.合计``, ``.类级`` …, and its rows by their labels."""
    return _TableNames(account, statement)


def items_of(block: Block) -> list[Item]:
    """Return a block's lowest items with the amount of their first column, for lists in a sentence."""
    first = next(iter(block.spec.columns))
    codes = [row.code for row in block.rows if row.code]
    above = {code[:length] for code in codes for length in LEVELS if length < len(code)}
    leaves = [row for row in block.rows if row.code and row.code not in above]
    return [Item(row.label, row.cells[first].value, row.code) for row in leaves if first in row.cells]


class AmountTexts:
    """How one table prints its amounts: in its format, and a zero as the row says, else the column, else the table."""

    __slots__ = ("_empty", "_zero", "numbers")

    def __init__(self, numbers: AmountsAsText, statement: Statement) -> None:
        spec = statement.spec
        self.numbers = numbers
        self._zero = numbers.zero if spec.zero is None else spec.zero
        self._empty = None if spec.empty_zero is None or statement.has_figures else spec.empty_zero

    def of(self, column: ColumnSpec, row: Row, cell: Cell) -> str:
        """Return the text of a cell."""
        amount = cell.value
        zero = column.zero if row.zero is None else row.zero
        return (self.numbers[amount] if amount else "") or self.zero(zero)

    def zero(self, said: str | None) -> str:
        """Return the text of a zero, of which the row or else the column says ``said``."""
        if self._empty is not None:
            return self._empty
        return self._zero if said is None else said


@lru_cache(maxsize=LABELS)
def _encoded(label: str) -> bytes:
    return printed(label).encode()


class _EncodedAmounts(dict[Decimal, bytes]):
    """Amounts as they stand in a document's XML; nothing for one that rounds to zero."""

    def __init__(self, numbers: AmountsAsText) -> None:
        self._numbers = numbers

    def __missing__(self, amount: Decimal) -> bytes:
        """Return the text of an amount that was not asked for before."""
        made = self[amount] = printed(self._numbers[amount]).encode()
        return made


class _Rows:
    """What the names of a block's rows have in common; ``columns`` are those with a cell in each row."""

    def __init__(self, account: Account, statement: Statement, block: Block, amounts: AmountTexts) -> None:
        self.account, self.statement, self.amounts = account, statement, amounts
        self.columns = block.spec.columns
        self.by_subject = block.spec.by_subject
        self.uses = Texts(account, "用途", account.texts, USE)
        self.encoded = _EncodedAmounts(amounts.numbers)
        self._printed_as: dict[tuple[Sequence[str], str | None], _PrintedAs] = {}

    def printed_as(self, names: Sequence[str], said: str | None) -> _PrintedAs:
        """Return how rows that say so of their zeros print certain names, found out once for all of them."""
        found = self._printed_as.get((names, said))
        if found is None:
            found = self._printed_as[names, said] = [
                (name, self._zero(self.columns[name], said) if name in self.columns else None, ROW_NAMES.get(name))
                for name in names
            ]
        return found

    def _zero(self, column: ColumnSpec, said: str | None) -> bytes:
        return printed(self.amounts.zero(column.zero if said is None else said)).encode()


class _RowNames(LazyNames):
    """The names of a row: ROW_NAMES and its columns, which go first, and of a subject's row LEVEL_NAMES."""

    __slots__ = ("_row", "_rows")

    def __init__(self, row: Row, rows: _Rows) -> None:
        self._row, self._rows = row, rows

    def __printed__(self, names: Sequence[str]) -> list[bytes]:
        """Return names as they stand in a document's XML, without making their texts. Raises KeyError."""
        row, rows = self._row, self._rows
        cells, encoded = row.cells, rows.encoded
        made: list[bytes] = []
        for name, zero, label in rows.printed_as(names, row.zero):
            if zero is not None:
                cell = cells.get(name)
                made.append(b"" if cell is None else (cell.value and encoded[cell.value]) or zero)
            elif label is not None:
                made.append(_encoded(label(row)))
            else:
                made.append(printed(self[name]).encode())
        return made

    def _make(self, name: str) -> object:
        row, rows = self._row, self._rows
        column = rows.columns.get(name)
        if column is not None:
            return self._text(name, column)
        label = ROW_NAMES.get(name)
        if label is not None:
            return label(row)
        code = row.code if rows.by_subject else ""
        if not code:
            return None
        if name == "用途":
            return rows.uses[f"用途.{code}"]
        length = _ABOVE.get(name)
        if length is None:
            return None
        above = rows.statement.rows.get(code[:length]) if len(code) >= length else None
        return above.label if above else ""

    def _text(self, name: str, column: ColumnSpec) -> str:
        """Return what stands in a column; nothing where the row has no cell."""
        cell = self._row.cells.get(name)
        if cell is None:
            return ""
        text = CellText(self._rows.amounts.of(column, self._row, cell))
        text.cell, text.account = cell, self._rows.account
        return text

    def __dir__(self) -> list[str]:
        """Return all names, the columns in their order, whichever was asked for first."""
        return [*ROW_NAMES, *self._unmade()]

    def _unmade(self) -> Iterable[str]:
        return (*self._rows.columns, *(LEVEL_NAMES if self._rows.by_subject and self._row.code else ()))


class _TableNames(LazyNames):
    """The names of one table."""

    __slots__ = ("_account", "_amounts", "_beside", "_made", "_of_blocks", "_statement")

    def __init__(self, account: Account, statement: Statement) -> None:
        super().__init__(有数=statement.has_figures, 表号=statement.spec.code, 标题=statement.spec.title)
        self._account, self._statement = account, statement
        self._amounts = AmountTexts(account.amounts_as_text(statement.spec.number_format), statement)
        self._beside = [block for block in statement.blocks.values() if not block.spec.apart]
        self._made: dict[int, Names] = {}
        self._of_blocks: dict[str, _Rows] = {}

    def _unmade(self) -> Iterator[str]:
        keys, beside = self._statement.rows, self._beside
        yield from ("行", "项目", *keys, *(key.rpartition(".")[2] for key in keys))
        if len(beside) == 1:
            yield from (*_OF_LEVEL, *([TOTAL] if beside[0].total else []))
        else:
            yield from (f"{block.name}项" for block in beside)

    def _make(self, name: str) -> object:
        beside = self._beside
        single = beside[0] if len(beside) == 1 else None
        if name == "行":
            return self._side_by_side() if single is None else self._lines(single)
        if name == "项目":
            return [item for block in beside for item in items_of(block)]
        made = self._of_block(name) if single is None else self._of_level(name, single)
        return self._row(name) if made is None else made

    def _of_block(self, name: str) -> list[Item] | None:
        block = next((block for block in self._beside if name == f"{block.name}项"), None)
        return None if block is None else items_of(block)

    def _of_level(self, name: str, block: Block) -> object:
        if name in _OF_LEVEL:
            return self._views_of(block, [row for row in block.rows if row.key and row.level == _OF_LEVEL[name]])
        return self._view(block, block.total) if name == TOTAL and block.total is not None else None

    def _row(self, name: str) -> Names | None:
        """Return the row of a key, or of the end of one: 总计 for 左.总计."""
        rows = self._statement.rows
        key = name if name in rows else next((key for key in [*rows][::-1] if key.rpartition(".")[2] == name), None)
        if key is None:
            return None
        blocks = self._statement.blocks.values()
        block = next(block for block in blocks if any(row is rows[key] for row in block.all_rows()))
        return self._view(block, rows[key])

    def _lines(self, block: Block) -> list[Names]:
        """Return the rows of a table that has one block; where that is its total alone, the total."""
        rows = [row for row in block.rows if row.key]
        if not rows and block.total is not None and not block.spec.by_subject:
            rows = [block.total]
        return self._views_of(block, rows)

    def _side_by_side(self) -> list[Names]:
        beside = self._beside
        names = tuple(block.name for block in beside)
        keys = SIDES.get(len(beside), names) + names
        views = [self._views_of(block, block.rows) for block in beside]
        return [bag(dict(zip(keys, line * 2, strict=True))) for line in zip(*views, strict=True)]

    def _view(self, block: Block, row: Row) -> Names:
        return self._views_of(block, (row,))[0]

    def _views_of(self, block: Block, rows: Iterable[Row]) -> list[Names]:
        """Return rows as parts use them, each made once."""
        made = self._made
        of_block = self._of_blocks.get(block.name)
        if of_block is None:
            of_block = self._of_blocks[block.name] = _Rows(self._account, self._statement, block, self._amounts)
        views: list[Names] = []
        for row in rows:
            view = made.get(id(row))
            if view is None:
                view = made[id(row)] = _RowNames(row, of_block)
            views.append(view)
        return views
