"""The cells of a workbook at their places in the style's tables, with what each means in the ledger's dimensions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from builder.accounts.money import AmountUnit, round_half_up
from builder.accounts.statements import Place
from builder.accounts.subjects import Subjects
from builder.accounts.views import BlockSpec, Scope, TableSpec
from builder.findings import Finding, Level, Source

from .amounts import is_blank, read_amount, text_of
from .headers import column_scopes, match_columns, normal
from .labels import Matching, Wanted, ordinal_of, printed, wanted_rows
from .layout import Group, Layout, lay_out
from .reading import Workbook
from .recognising import Found, amount_unit, find_tables, known_unit

PLACES = 2
"""Decimals that content files have."""
LEVEL_LENGTHS = (3, 5, 7)


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

    ``labels`` are those of rows (table, row) that say something else than the form's; ``codes`` and ``titles`` are
    such 表号 and titles of tables.
    """

    cells: dict[Place, Placed] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unit: AmountUnit = AmountUnit.WAN
    tables: list[str] = field(default_factory=list)
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)


def place_cells(workbook: Workbook, tables: Mapping[str, TableSpec], subjects: Subjects) -> Placing:
    """Find the style's tables in a workbook and place every amount of theirs."""
    found, findings = find_tables(workbook, tables)
    placing = Placing(findings=[*workbook.findings, *findings])
    units: list[AmountUnit] = []
    for table in found:
        layout = lay_out(table)
        if not layout.groups:
            continue
        _Placer(workbook.name, table, tables[table.table], subjects, placing, units).place(layout)
    if units and AmountUnit.YUAN in units:
        placing.unit = AmountUnit.YUAN
    elif units:
        placing.unit = units[0]
        if len(set(units)) > 1:
            placing.unit = AmountUnit.YUAN
    return placing


class _Placer:
    """Places the cells of one table; lives only while it does."""

    def __init__(  # noqa: PLR0917 - lives in one call
        self, name: str, found: Found, spec: TableSpec, subjects: Subjects, placing: Placing, units: list[AmountUnit]
    ) -> None:
        self.name, self.found, self.spec, self.subjects = name, found, spec, subjects
        self.placing, self.units = placing, units
        self.unit = AmountUnit.WAN
        self.taken: set[tuple[int, int]] = set()
        self.rounded: list[str] = []

    def find(self, message: str, row: int | None = None, column: int = 0, level: Level = Level.WARNING) -> None:
        """Keep a finding, at a cell where it is about one."""
        at = self.found.sheet.name if row is None else self.found.sheet.address(row, column)
        self.placing.findings.append(Finding(f"{at}：{message}", Source(self.name), level))

    def place(self, layout: Layout) -> None:
        """Place the table's cells, unless another place of the workbook has given them already."""
        table = self.found.table
        if table in self.placing.tables:
            if layout.rows:
                self.find(f"{table} 前面已经读到一份，这里的又一份没有读取；请只留一份", self.found.first)
            return
        word = amount_unit(self.found, layout.body)
        unit = known_unit(word)
        if unit is None:
            what = f"金额单位「{word}」不能用" if word else "没有写明金额单位"
            self.find(f"{table} {what}；按万元读取，请核对", self.found.first)
        self.unit = unit or AmountUnit.WAN
        self.units.append(self.unit)
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

    def head(self) -> None:
        """Keep 表号 and title where they are not the form's."""
        if self.found.code:
            self.placing.codes[self.found.table] = self.found.code
        if self.found.title:
            self.placing.titles[self.found.table] = self.found.title
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
            if column not in columns and any(read_amount(self.found.sheet.value(row, column)) for row in rows):
                self.find(f"表头「{'／'.join(path)}」不是 {self.found.table} 的哪一列，这一列没有读取", rows[0], column)
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
        number = Decimal(0) if is_blank(value) else read_amount(value)
        if number is None:
            self.find(f"「{text_of(value)}」不是金额，没有读取", row, column)
            return
        if (shorter := round_half_up(number, PLACES)) != number:
            self.rounded.append(self.found.sheet.address(row, column))
        place = Place(self.found.table, key, name)
        if place in self.placing.cells:
            self.find(f"{place} 前面已经有了（{self.placing.cells[place].address}），这里的没有读取", row, column)
            return
        address = self.found.sheet.address(row, column)
        self.placing.cells[place] = Placed(place, shorter * self.unit.yuan, address, scope, code, not text_of(value))

    def outside(self, layout: Layout) -> None:
        """Name the amounts of rows that have no place."""
        columns = [column for group in layout.groups for column in group.values]
        for row in layout.rows:
            for column in columns:
                value = self.found.sheet.value(row, column)
                if (row, column) not in self.taken and read_amount(value):
                    labels = [text_of(cell) for cell in self.found.sheet.rows[row] if read_amount(cell) is None]
                    what = "、".join(label for label in labels if label) or "这一行没有名称"
                    advice = f"{self.found.table} 没有这一行；请核对科目代码或项目名称"
                    message = f"{text_of(value)} 没有放处（{what}）：{advice}"
                    self.find(message, row, column)

    def coded(self, block: BlockSpec, group: Group, rows: tuple[int, ...]) -> Iterator[tuple[int, str, Scope, str]]:
        """Yield the rows of a block by subject: the row, its key, scope and code."""
        outer = block.within(self.spec)
        above = ""
        for row in rows:
            texts = [text_of(self.found.sheet.value(row, column)).replace(" ", "") for column in group.labels]
            parts = [text for text in texts if text.isdigit()]
            if len(group.codes) > 1 and parts:
                code = split_code(texts[: len(group.codes)], above)
            else:
                code = parts[0] if parts else ""
            if code:
                above = code
                self.named(code, row, group, economic=bool(block.economic))
                yield row, code, outer, code
            elif block.total and any("合计" in text for text in texts):
                yield row, block.total, outer, ""

    def named(self, code: str, row: int, group: Group, *, economic: bool) -> None:
        """Keep the name of a subject where it is not that of the year's list."""
        words = [printed(self.found.sheet.value(row, column)) for column in group.labels]
        name = next((word for word in words if word and not word.replace(" ", "").isdigit()), "")
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
            if normal(label) != wanted.label or is_out_of_turn:
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
        self.find(f"这一栏没有项目名称，按同一行的「{label}」读取，请核对", row, group.labels[0])
        return label


def split_code(parts: list[str], above: str) -> str:
    """Return the code that 类, 款 and 项 in columns of their own make; what is left out is as in the row above."""
    digits = [part if part.isdigit() else "" for part in parts]
    last = max((number for number, part in enumerate(digits) if part), default=-1)
    code = ""
    for number, part in enumerate(digits[: last + 1]):
        length = LEVEL_LENGTHS[min(number, len(LEVEL_LENGTHS) - 1)]
        before = len(code)
        if not part:
            code = above[:length]
        elif number == 0 or (len(part) > length - before and part.startswith(code)):
            code = part
        else:
            code += part.zfill(length - before) if length > before else part
    return code
