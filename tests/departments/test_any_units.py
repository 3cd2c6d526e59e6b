"""Any units of any kind rolled up: every cell of the department is the sum of its units', less the eliminations."""

from __future__ import annotations

import random
import shutil
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from generated import SOURCES, SWITCHES, Unit, make
from workspaces import ROOT, CommandLine

from builder.accounting import Accounts, open_accounts
from builder.accounts.ledger import Entry
from builder.style import load_style
from builder.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

DEPARTMENT = "清溪市大部"
YEAR = 2022
PAID = 12_345_00
"""What the first unit pays the second, in 分: an amount that both files hold, in 元 and in 万元 likewise."""


def units(seed: int) -> list[Unit]:
    """Return four units of one year, in different styles and units of amounts, each with something particular."""
    rng = random.Random(seed)
    found: list[Unit] = []
    for number in range(1000):
        switches = {"自有资金", "没有项目", *rng.sample(sorted(set(SWITCHES) - {"上年文件夹"}), 5)}
        unit = make(seed * 1000 + number, rng.choice(("湖北", "厦门", "河南")), switches)
        if unit.year == YEAR and unit.name not in {other.name for other in found}:
            found.append(unit)
        if len(found) == 4:
            return found
    raise AssertionError


def accounts(root: Path, unit: str) -> Accounts:
    """Return a unit's accounts in the department's tables."""
    workspace = Workspace(root)
    return open_accounts(workspace, unit, YEAR, lambda _name, at: load_style(workspace, "湖北", at), checked=False)


def entries(part: Accounts, table: str, row: str, column: str) -> tuple[Entry, ...]:
    """Return what a cell of a unit's tables is made of."""
    found = part.statements[table].rows.get(row)
    return found.cells[column].entries if found else ()


@pytest.mark.parametrize("seed", range(6))
def test_every_cell_is_the_sum_less_the_eliminations(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    members = units(seed)
    for unit in members:
        unit.files["单位.yaml"] += f"部门: {DEPARTMENT}\n"
        unit.write(tmp_path)
    folder = tmp_path / "content" / DEPARTMENT
    (folder / str(YEAR)).mkdir(parents=True)
    (folder / "单位.yaml").write_text(f"名称: {DEPARTMENT}\n类型: 部门\n风格: 湖北\n", encoding="utf-8")
    paid, kind = next(
        (unit, (code, kind)) for unit in members
        for (fund, code, kind), amount in unit.books.spent.items() if fund == "非财政拨款" and amount >= PAID
    )
    received, (source, code) = next(
        (unit, (source, code)) for unit in members if unit is not paid
        for (source, code), amount in unit.books.income.items() if source in SOURCES and amount >= PAID
    )
    amount = f"{Decimal(PAID) / 100:.2f}"
    (folder / str(YEAR) / "抵消.yaml").write_text(f"""\
金额单位: 元
抵消:
  - 说明: 往来
    支出: [{{单位: {paid.name}, 科目: {kind[0]}, 资金来源: 非财政拨款, {kind[1]}: {amount}}}]
    收入: [{{单位: {received.name}, 科目: {code}, {source}: {amount}}}]
""", encoding="utf-8")
    (folder / str(YEAR) / "决算.yaml").write_text("金额单位: 元\n收入: []\n支出: []\n", encoding="utf-8")
    juesuan = CommandLine(tmp_path, capsys)
    run = juesuan("rollup", DEPARTMENT, str(YEAR), "--yes")
    assert run.status == 0, run.err
    department = accounts(tmp_path, DEPARTMENT)
    parts = [accounts(tmp_path, unit.name) for unit in members]
    eliminated = Decimal(PAID) / 100
    compared = 0
    for name, statement in department.statements.items():
        for key, row in statement.rows.items():
            for column, cell in row.cells.items():
                if any(entry.book.endswith("预算") for part in parts for entry in entries(part, name, key, column)):
                    continue  # a budget that one unit does not give has no sum
                rows = [part.statements[name].rows.get(key) for part in parts]
                total = sum((row.cells[column].derived for row in rows if row is not None), Decimal(0))
                touched = [entry for entry in cell.entries if entry.source.path.endswith("抵消.yaml")]
                if not cell.parts:  # those follow from the others
                    assert cell.derived == total - eliminated * len(touched), str(cell.place)
                    compared += bool(cell.derived)
    assert compared > 40
    # by plain arithmetic on the units' books, which know nothing of the program
    assert department.indicators.get("收入.合计").value == sum(
        (Decimal(unit.books.total_income()) / 100 for unit in members), Decimal(0)
    ) - eliminated
    assert department.indicators.get("支出.合计").value == sum(
        (Decimal(unit.books.total_spent()) / 100 for unit in members), Decimal(0)
    ) - eliminated
    assert juesuan("rollup", DEPARTMENT, str(YEAR), "--yes").out.endswith("没有改动：部门的数与所属单位之和一致\n")
    assert juesuan("rollup", DEPARTMENT, str(YEAR), "--compare").status == 0
