"""Any single amount of fully stated tables, changed by 1.00, is noticed, by relations between cells alone too."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from workspaces import UNIT, YEAR, WorkspaceCopy

from builder.accounts.money import printed
from builder.building import Builder
from builder.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

EVERY = 13
"""One cell of so many is changed, which takes in every table."""
ENOUGH = Decimal("0.98")
Tables = dict[str, dict[str, dict[str, Decimal]]]


def stated_file(tables: Tables) -> str:
    lines = ["金额单位: 万元"]
    for table, rows in tables.items():
        lines.append(f"{table}:")
        lines += (
            f"  {row}: {{{', '.join(f'{column}: {amount}' for column, amount in cells.items())}}}"
            for row, cells in rows.items()
        )
    return "\n".join(lines) + "\n"


def test_a_change_of_any_single_amount_is_noticed(tmp_path: Path) -> None:
    copy = WorkspaceCopy.make(tmp_path)
    builder = Builder(Workspace(copy.root))
    tables: Tables = {}
    for statement in builder.accounts(UNIT, YEAR).statements.values():
        if not statement.spec.stated_in:
            for cell in statement.cells():
                tables.setdefault(statement.name, {}).setdefault(cell.place.row, {})[cell.place.column] = printed(
                    cell.value
                )
    copy.write("公开表.yaml", stated_file(tables))
    assert builder.accounts(UNIT, YEAR).report.failures == ()
    cells = [(table, row, column) for table, rows in tables.items() for row in rows for column in rows[row]][::EVERY]
    noticed = by_relations = 0
    for table, row, column in cells:
        tables[table][row][column] += 1
        copy.write("公开表.yaml", stated_file(tables))
        failures = builder.accounts(UNIT, YEAR).report.failures
        noticed += bool(failures)
        by_relations += any(result.rule != "出表数" for result in failures)
        tables[table][row][column] -= 1
    print(f"{len(cells)} changes: {noticed} noticed, {by_relations} by relations between cells")  # noqa: T201 - the share is to be seen
    assert noticed >= ENOUGH * len(cells)
    assert by_relations >= ENOUGH * len(cells)
