"""All tables of a workbook placed, those without title and 表号 by what their headers and rows mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from builder.accounts.money import AmountUnit
from builder.accounts.subjects import Subjects
from builder.accounts.views import BlockSpec, TableSpec
from builder.findings import Finding, Level, Source

from .amounts import UNITS, read_amount
from .headers import OTHER_FIGURES, match_columns
from .layout import Group, Layout, lay_out
from .placing import FILE_UNIT, Placer, Placing
from .preambles import Asked
from .reading import Workbook
from .recognising import Found, find_tables, printed_tables

NOTHING_ASKED = Asked()


def place_cells(
    workbook: Workbook, tables: Mapping[str, TableSpec], subjects: Subjects, asked: Asked = NOTHING_ASKED
) -> Placing:
    """Find the style's tables in a workbook and place every amount of theirs."""
    found, findings = find_tables(workbook, tables)
    placing = Placing(findings=[*workbook.findings, *findings])
    for each in found:
        table = _known(each, workbook, tables, subjects, placing) if each.is_bare else each
        if table is None:
            continue
        layout = lay_out(table)
        if table.continues and not layout.groups:
            layout = replace(layout, groups=placing.groups.get(table.table, ()))
        if layout.groups:
            placing.groups.setdefault(table.table, layout.groups)
            Placer(workbook.name, table, tables[table.table], subjects, placing, asked).place(layout)
    placing.unit = _unit(placing)
    return placing


def _unit(placing: Placing) -> AmountUnit:
    """Return the largest unit in which files hold all amounts exactly."""
    units = {UNITS[unit] for unit in placing.units.values()}
    fine = any(cell.amount % (FILE_UNIT.yuan / 100) for cell in placing.cells.values())
    if units == {AmountUnit.THOUSAND.yuan}:
        return AmountUnit.THOUSAND
    return AmountUnit.YUAN if fine or min(units, default=FILE_UNIT.yuan) < FILE_UNIT.yuan else FILE_UNIT


def _known(
    found: Found, workbook: Workbook, tables: Mapping[str, TableSpec], subjects: Subjects, placing: Placing
) -> Found | None:
    """Return a table without title as the only one that it can be; say so, and say where there is none or several."""
    fitting = [*_fitting(found, tables, subjects)]
    names = [f"{tables[table].code or table} {tables[table].title}" for table in fitting]
    if len(fitting) == 1:
        message, level = f"标题和表号都没有认出，按表头和行读作 {names[0]}，请核对", Level.NOTE
    elif fitting:
        message = f"标题和表号都没有认出，像 {'，也像 '.join(names)}；请在表的上方写上标题再导入"
        level = Level.ERROR
    else:
        has_amounts = any(read_amount(value) for row in found.sheet.rows for value in row)
        advice = "；是公开表的，请在上方写上标题" if has_amounts else ""
        message, level = f"没有认出公开表（看标题、表号和表头），没有读取{advice}", Level.NOTE
    placing.findings.append(Finding(f"工作表「{found.sheet.name}」：{message}", Source(workbook.name), level))
    return replace(found, table=fitting[0]) if len(fitting) == 1 else None


def _fitting(found: Found, tables: Mapping[str, TableSpec], subjects: Subjects) -> Iterator[str]:
    """Yield the tables in which every amount has its place and every column its header."""
    for name, spec in printed_tables(tables).items():
        candidate = replace(found, table=name)
        layout = lay_out(candidate)
        if not layout.rows or not _has_all_columns(layout, spec):
            continue
        trial = Placing()
        Placer("", candidate, spec, subjects, trial, Asked(unit=FILE_UNIT.value)).place(layout)
        if any(cell.amount for cell in trial.cells.values()) and not any(
            finding.level is not Level.NOTE for finding in trial.findings
        ):
            yield name


def _has_all_columns(layout: Layout, spec: TableSpec) -> bool:
    blocks = [block for block in spec.blocks.values() if not block.apart]
    if any(block.economic for block in blocks):  # printed in as many columns side by side as there is room for
        return all(_fits(group, blocks[0], spec) for group in layout.groups)
    if len(layout.groups) != len(blocks):
        return False
    return all(_fits(group, block, spec) for group, block in zip(layout.groups, blocks, strict=True))


def _fits(group: Group, block: BlockSpec, spec: TableSpec) -> bool:
    """Tell whether a group has all columns of a block, and no others but such as 备注 and 上年数."""
    matched = match_columns(group.values, block, spec)
    others = ["".join(path) for column, path in group.values.items() if column not in matched]
    return set(matched.values()) >= set(block.columns) and all(map(OTHER_FIGURES.search, others))
