"""``juesuan export``: the published tables as a workbook, or as CSV files."""

from __future__ import annotations

import argparse

from builder.building import Builder
from builder.console import Console
from builder.workbooks.exporting import csv_bytes, workbook_bytes
from builder.workspace import Workspace
from builder.writing import disk_errors, file_name, write_together


def run(workspace: Workspace, options: argparse.Namespace, console: Console) -> int:
    """Write the published tables of a unit-year. Raises InputError."""
    unit, year = options.unit, options.year
    accounts = Builder(workspace).accounts(unit, year)
    name = accounts.unit_year.card.name
    statements = [statement for statement in accounts.statements.values() if statement.spec.printed]
    if options.format == "xlsx":
        files = {file_name(f"{name}{year}年度公开表.xlsx"): workbook_bytes(statements, name, year)}
    else:
        files = {file_name(f"{table.name} {table.spec.title}.csv"): csv_bytes(table) for table in statements}
    folder = options.out or workspace.output / str(year) / unit
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_together(folder, files)
    for file in files:
        console.success(f"已导出 {workspace.relative(folder / file)}")
    return 0
