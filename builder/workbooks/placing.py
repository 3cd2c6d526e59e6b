"""The cells of a workbook at their places in the style's tables, with what each means in the ledger's dimensions."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from builder.accounts.money import AmountUnit, round_half_up
from builder.accounts.statements import Place
from builder.accounts.subjects import Subjects
from builder.accounts.views import BlockSpec, Scope, TableSpec
from builder.findings import Finding, Level, Source

from .amounts import UNITS, is_blank, is_error, own_unit, read_amount, text_of
from .codes import code_of_row, split_label
from .headers import column_scopes, match_columns, normal
from .labels import Matching, Wanted, ordinal_of, printed, wanted_rows
from .layout import Group, Layout
from .preambles import Asked, Preamble, is_same_unit, read_preamble
from .recognising import Found

PLACES = 2
"""Decimals that content files have."""
BLANK = "空白"
"""How 公开表.yaml writes a cell, or a label, where nothing is printed."""
FILE_UNIT = AmountUnit.WAN
"""The unit of content files where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One amount (元) at its place, where it stands in the workbook, and its scope unless it is a sum of cells.

    ``is_blank`` says that nothing is printed there: zero, or a figure that is missing.
    """

    place: Place
    amount: Decimal
    address: str
    scope: Scope | None
    code: str = ""
    is_blank: bool = False


@dataclass(slots=True)
class Placing:
    """All cells of a workbook that have a place in the style's tables, and what is to be said about the others.

    ``unit`` is the one in which files hold all of the amounts exactly; ``units`` are those that the tables state,
    ``groups`` the columns of each, ``owners`` the names that stand above them. ``labels`` are those of rows
    (table, row) that say something else than the form's; ``codes`` and ``titles`` are such 表号 and titles of tables,
    ``signatures`` the names of units that are not the one asked for.
    """

    cells: dict[Place, Placed] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unit: AmountUnit = AmountUnit.WAN
    tables: list[str] = field(default_factory=list)
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    signatures: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    groups: dict[str, tuple[Group, ...]] = field(default_factory=dict)
    owners: set[str] = field(default_factory=set)


class Placer:
    """Places the cells of one table; lives only while it does."""

    def __init__(  # noqa: PLR0917 - lives in one call
        self, name: str, found: Found, spec: TableSpec, subjects: Subjects, placing: Placing, asked: Asked
    ) -> None:
        self.name, self.found, self.spec, self.subjects = name, found, spec, subjects
        self.placing, self.asked = placing, asked
        self.unit = ""
        self.taken: set[tuple[int, int]] = set()
        self.rounded: list[str] = []

    def find(self, message: str, row: int | None = None, column: int = 0, level: Level = Level.WARNING) -> None:
        """Keep a finding, at a cell where it is about one."""
        at = self.found.sheet.name if row is None else self.found.sheet.address(row, column)
        self.placing.findings.append(Finding(f"{at}：{message}", Source(self.name), level))

    def place(self, layout: Layout) -> None:
        """Place the table's cells, unless another place of the workbook has given them already."""
        table = self.found.table
        if table in self.placing.tables and not self.found.continues:
            if layout.rows:
                self.find(f"{table} 前面已经读到一份，这里的又一份没有读取；请只留一份", self.found.first)
            return
        said = read_preamble(self.found.sheet, self.found.first, layout.head, layout.body)
        self.check(said)
        self.unit = said.unit or self.placing.units.get(table, "") or self.asked.unit
        if not self.unit:
            message = f"{table} 没有写明金额单位；请在表头写上「金额单位：万元」等，或在命令里加 --amount-unit 万元"
            self.find(message, self.found.first, level=Level.ERROR)
            self.unit = FILE_UNIT.value
        self.placing.units[table] = self.unit
        if table not in self.placing.tables:
            self.placing.tables.append(table)
        self.head()
        self.apart(layout)
        beside = [name for name, block in self.spec.blocks.items() if not block.apart]
        coded = any(self.spec.blocks[name].economic for name in beside)
        if len(beside) != len(layout.groups) and not coded:
            message = f"{table} 应有 {len(beside)} 栏并列，这里是 {len(layout.groups)} 栏；请核对表头"
            self.find(message, self.found.first)
        for number, group in enumerate(layout.groups):
            if number < len(beside) or coded:
                self.block(beside[min(number, len(beside) - 1)], group, layout.rows)
        self.outside(layout)
        if self.rounded:
            cells = "、".join(self.rounded[:5]) + ("等" if len(self.rounded) > 5 else "")  # noqa: PLR2004
            message = f"{table} 有 {len(self.rounded)} 个数超过两位小数（{cells}），已四舍五入到两位"
            self.find(message, level=Level.NOTE)

    def check(self, said: Preamble) -> None:
        """Compare the year and the unit's name above the table with those that the user gives."""
        years = {year: at for at, year in said.years.items()}
        if self.asked.year and years and self.asked.year not in years:
            year, at = next(iter(years.items()))
            message = (
                f"这里写的是 {year} 年，按命令应是 {self.asked.year} 年的表；请核对工作簿和 --year，"
                "上一年度的工作簿请加 --as-last-year"
            )
            self.find(message, *at, level=Level.ERROR)
        for at, owner in said.owners.items():
            if self.asked.names and owner not in self.placing.owners and not is_same_unit(owner, self.asked.names):
                message = f"这里的单位是「{owner}」，要导入的是「{self.asked.names[0]}」；请核对是不是这个单位的表"
                self.find(message, *at)
            if self.asked.names and not is_same_unit(owner, self.asked.names):
                self.placing.signatures[self.found.table] = owner
            self.placing.owners.add(owner)
        if said.is_unsigned:
            self.placing.signatures[self.found.table] = BLANK

    def head(self) -> None:
        """Keep 表号 and title where they are not the form's."""
        if self.found.code:
            self.placing.codes[self.found.table] = self.found.code
        if self.found.title:
            self.placing.titles[self.found.table] = self.found.title
        if self.found.title and not self.found.code:
            self.find(
                f"标题「{self.found.title}」与格式的「{self.spec.title}」不同，按表号读作 {self.found.table}，请核对",
                self.found.first,
            )

    def apart(self, layout: Layout) -> None:
        """Place totals that stand below the blocks: the amount right of a label."""
        rows = {
            normal(row.label or row.name): (f"{name}.{row.name}", row.within(block.within(self.spec)), block)
            for name, block in self.spec.blocks.items() if block.apart
            for row in block.rows
        }
        for row in layout.rows if rows else ():
            values = self.found.sheet.rows[row]
            for column, value in enumerate(values):
                if normal(value) not in rows:
                    continue
                key, scope, block = rows[normal(value)]
                for other in range(column + 1, len(values)):
                    if not is_blank(values[other]):
                        if read_amount(values[other]) is not None:
                            self.keep(key, next(iter(block.columns)), row, other, scope)
                        break
                self.taken.update((row, at) for at in range(column, len(values)) if is_blank(values[at]))
                self.taken.add((row, column))

    def block(self, name: str, group: Group, rows: tuple[int, ...]) -> None:
        """Place the cells of one block."""
        block = self.spec.blocks[name]
        columns = match_columns(group.values, block, self.spec)
        for column, path in group.values.items():
            given = [self.found.sheet.value(row, column) for row in rows]
            if column not in columns and not all(map(is_blank, given)):
                level = Level.WARNING if any(map(read_amount, given)) else Level.NOTE
                message = f"表头「{'／'.join(path)}」不是 {self.found.table} 的哪一列，这一列没有读取"
                self.find(message, rows[0], column, level)
        self.taken.update((row, column) for row in rows for column in group.values if column not in columns)
        scopes = column_scopes(block, self.spec)
        prefix = f"{name}." if len(self.spec.blocks) > 1 and block.rows else ""
        keyed = self.coded(block, group, rows) if block.by_subject or block.economic else self.declared(
            block, prefix, group, rows
        )
        for row, key, inner, code in keyed:
            values = {column: self.found.sheet.value(row, column) for column in columns}
            any_figure = any(read_amount(value) is not None for value in values.values())
            for column in values:
                scope = scopes.get(columns[column])
                if scope is not None and inner is not None:
                    scope = block.columns[columns[column]].within(inner)
                if (row, column) not in self.taken:
                    says = inner is not None and any_figure
                    self.keep(key, columns[column], row, column, scope if says else None, code)

    def keep(  # noqa: PLR0917 - a cell and all about it
        self, key: str, name: str, row: int, column: int, scope: Scope | None, code: str = ""
    ) -> None:
        """Keep one amount, or say that there is none where there should be one."""
        value = self.found.sheet.value(row, column)
        self.taken.add((row, column))
        address = self.found.sheet.address(row, column)
        if is_error(value):
            self.find(f"公式出错（{value}）；请在 Excel 里改正，保存后再导入", row, column, Level.ERROR)
            return
        number = Decimal(0) if is_blank(value) else read_amount(value)
        if number is None:
            self.find(f"「{text_of(value)}」不是金额，没有读取", row, column)
            return
        place = Place(self.found.table, key, name)
        exact = number * UNITS[own_unit(value) or self.unit]
        grain = min(UNITS[self.unit], FILE_UNIT.yuan) / 10**PLACES
        amount = exact if own_unit(value) else round_half_up(exact / grain, 0) * grain
        before = self.placing.cells.get(place)
        if before is not None:
            if before.amount != amount:
                self.find(f"{place} 前面已经有了（{before.address}），这里的没有读取", row, column)
            return
        if amount != exact:
            self.rounded.append(address)
        self.placing.cells[place] = Placed(place, amount, address, scope, code, not text_of(value))

    def outside(self, layout: Layout) -> None:
        """Name the amounts of rows that have no place."""
        columns = [column for group in layout.groups for column in group.values]
        zeros: list[str] = []
        for row, column in itertools.product(layout.rows, columns):
            number = read_amount(self.found.sheet.value(row, column))
            if number is None or (row, column) in self.taken:
                continue
            if not number:
                zeros.append(self.found.sheet.address(row, column))
                continue
            labels = [text_of(cell) for cell in self.found.sheet.rows[row] if read_amount(cell) is None]
            what = "、".join(label for label in labels if label) or "这一行没有名称"
            advice = f"{self.found.table} 没有这一行；请核对科目代码或项目名称"
            message = f"{text_of(self.found.sheet.value(row, column))} 没有放处（{what}）：{advice}"
            self.find(message, row, column)
        if zeros:
            self.find(f"{'、'.join(zeros)} 的零所在的行没有项目名称，没有读取", level=Level.NOTE)

    def coded(self, block: BlockSpec, group: Group, rows: tuple[int, ...]) -> Iterator[tuple[int, str, Scope, str]]:
        """Yield the rows of a block by subject: the row, its key, scope and code."""
        outer = block.within(self.spec)
        above = ""
        for row in rows:
            values = [self.found.sheet.value(row, column) for column in group.labels]
            texts = [text_of(value).replace(" ", "") for value in values]
            if code := code_of_row(values, len(group.codes), above):
                above = code
                self.named(code, row, group, economic=bool(block.economic))
                yield row, code, outer, code
            elif block.total and any("合计" in text for text in texts):
                yield row, block.total, outer, ""

    def named(self, code: str, row: int, group: Group, *, economic: bool) -> None:
        """Keep the name of a subject where it is not that of the year's list."""
        values = [self.found.sheet.value(row, column) for column in group.labels]
        words = [split_label(value)[1] if split_label(value)[0] else printed(value) for value in values]
        name = next(filter(None, words), "")
        if name and normal(name) != normal(self.subjects.name(code, economic=economic)):
            self.placing.labels.setdefault((self.found.table, code), name)

    def declared(
        self, block: BlockSpec, prefix: str, group: Group, rows: tuple[int, ...]
    ) -> Iterator[tuple[int, str, Scope | None, str]]:
        """Yield the rows of a block whose rows the style names, each matched by its label, in order."""
        outer = block.within(self.spec)
        if not block.rows:
            if block.total and rows:
                yield rows[0], prefix + block.total, outer, ""
            return
        labels = {row: self.label(row, group) for row in rows}
        matching = Matching(wanted_rows(block, prefix, outer, self.subjects), labels.values())
        number: int | None = None
        for row, label in labels.items():
            if not label and any(read_amount(self.found.sheet.value(row, at)) for at in group.values):
                label = self.beside(row, group, matching.rows)  # noqa: PLW2901 - the label that this row has
            wanted = matching.match(label) if label else None
            if wanted is None:
                continue
            before, number = number, ordinal_of(label)
            is_out_of_turn = number not in {None, 1} and before is not None and number != before + 1
            if not labels[row]:
                self.placing.labels[self.found.table, wanted.key] = BLANK
            elif normal(label) != wanted.label or is_out_of_turn:
                self.otherwise(label, wanted, row, group)
            yield row, wanted.key, wanted.scope, ""

    def label(self, row: int, group: Group) -> str:
        """Return what a block's line is called, as printed."""
        words = (printed(self.found.sheet.value(row, at)) for at in group.labels)
        return next((word for word in words if normal(word)), "")

    def otherwise(self, label: str, wanted: Wanted, row: int, group: Group) -> None:
        """Keep a label that is not the form's, with a remark where it stands beside a figure."""
        self.placing.labels[self.found.table, wanted.key] = label
        if any(read_amount(self.found.sheet.value(row, column)) for column in group.values):
            self.find(f"「{label}」按「{wanted.label}」读取，名称不同，请核对", row, group.labels[0])

    def beside(self, row: int, group: Group, wanted: list[Wanted]) -> str:
        """Return the first label of the line where this block's own is missing and has a row of that name too."""
        label = next((text for value in self.found.sheet.rows[row] if (text := normal(value))), "")
        if not any(label == each.label for each in wanted if not each.is_matched):
            return ""
        self.find(f"这一栏没有项目名称，按同一行的「{label}」读取，请核对", row, min([*group.labels, *group.values]))
        return label
