"""What is exported of a unit comes back: every cell of every table, and the ledger as far as tables tell it."""

from __future__ import annotations

import csv
import io
import shutil
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from workspace_of_units import ROOT, accounts
from workspaces import EXAMPLES

from builder.accounts.money import printed
from builder.cli import main

if TYPE_CHECKING:
    from workspaces import CommandLine

    from builder.accounting import Accounts

NOT_IN_TABLES = {"年初预算", "全年预算"}
SECONDS = 10.0


def cells(made: Accounts) -> dict[str, Decimal]:
    return {
        str(cell.place): printed(cell.value)
        for statement in made.statements.values()
        if statement.spec.printed
        for cell in statement.cells()
    }


def ledger(made: Accounts) -> Counter[tuple[str, ...]]:
    """Return the ledger's amounts by book, subject, fund and kind, without the budgets, of which no table tells."""
    printed_books = {
        book
        for statement in made.statements.values() if statement.spec.printed
        for cell in statement.cells() if cell.query
        for book in cell.query.books
    }
    sums: Counter[tuple[str, ...]] = Counter()
    for entry in made.indicators.ledger.entries:
        if entry.amount and entry.book not in NOT_IN_TABLES and entry.book in printed_books:
            sums[entry.book, entry.subject, entry.fund, entry.kind] += entry.amount
    return sums


@pytest.mark.parametrize(("unit", "year"), EXAMPLES, ids=[unit for unit, _ in EXAMPLES])
def test_every_cell_and_the_ledger_come_back(unit: str, year: int, root: Path, tmp_path: Path) -> None:
    before = accounts(ROOT, unit, year)
    assert main(["export", unit, str(year), "--out", str(tmp_path), "--workspace", str(ROOT)]) == 0
    book = tmp_path / f"{unit}{year}年度公开表.xlsx"
    begun = time.perf_counter()
    style = before.style.name
    words = ["import", str(book), "--unit", unit, "--year", str(year), "--style", style, "--yes"]
    assert main([*words, "--workspace", str(root)]) == 0
    assert time.perf_counter() - begun < SECONDS
    after = accounts(root, unit, year)
    assert cells(after) == cells(before)
    assert ledger(after) == ledger(before)


@pytest.mark.parametrize(("unit", "year"), EXAMPLES, ids=[unit for unit, _ in EXAMPLES])
def test_facts_written_by_hand_stay_byte_for_byte(unit: str, year: int, root: Path, tmp_path: Path) -> None:
    main(["export", unit, str(year), "--out", str(tmp_path), "--workspace", str(ROOT)])
    shutil.copytree(ROOT / "content" / unit, root / "content" / unit)
    facts = root / "content" / unit / str(year) / "决算.yaml"
    before, stated = facts.read_bytes(), facts.with_name("公开表.yaml").read_bytes()
    book = tmp_path / f"{unit}{year}年度公开表.xlsx"
    words = ["import", str(book), "--unit", unit, "--year", str(year), "--yes", "--workspace", str(root)]
    assert main(words) == 0
    assert facts.read_bytes() == before
    assert facts.with_name("公开表.yaml").read_bytes() != stated


def test_a_second_import_changes_nothing(juesuan: CommandLine, root: Path, tmp_path: Path) -> None:
    unit, year = EXAMPLES[-1]
    style = accounts(ROOT, unit, year).style.name
    main(["export", unit, str(year), "--out", str(tmp_path), "--workspace", str(ROOT)])
    words = ["import", str(tmp_path / f"{unit}{year}年度公开表.xlsx"), "--unit", unit, "--year", str(year)]
    juesuan(*words, "--style", style, "--yes")
    folder = root / "content" / unit / str(year)
    written = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert "没有改动" in juesuan(*words).out
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == written


def test_an_exported_sheet_is_formatted_as_the_form_is(tmp_path: Path) -> None:
    unit, year = "鄂州市医疗保障服务中心", 2022
    main(["export", unit, str(year), "--out", str(tmp_path), "--workspace", str(ROOT)])
    book = openpyxl.load_workbook(tmp_path / f"{unit}{year}年度公开表.xlsx")
    sheet = book["公开09表"]
    assert [sheet.cell(4, column).value for column in (1, 7)] == ["预算数", "决算数"]
    assert {"A4:F4", "G4:L4", "C5:E5", "I5:K5", "A5:A6"} <= {str(area) for area in sheet.merged_cells.ranges}
    assert sheet["L7"].value == 0.15
    assert sheet["L7"].number_format == "#,##0.00"


def test_csv_is_open_data(tmp_path: Path) -> None:
    unit, year = "鄂州市医疗保障服务中心", 2022
    main(["export", unit, str(year), "--format", "csv", "--out", str(tmp_path), "--workspace", str(ROOT)])
    data = (tmp_path / "公开05 一般公共预算财政拨款支出决算表.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == ["科目代码", "科目名称", "本年支出_小计", "本年支出_基本支出", "本年支出_项目支出"]
    assert rows[1] == ["合计", "", "1064.50", "813.91", "250.59"]
    assert len(list(tmp_path.glob("*.csv"))) == 9
