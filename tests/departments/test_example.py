"""The made-up department in content/: rolled up as it stands there, agreeing with its units, complete in both years."""

from __future__ import annotations

import shutil
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from workspaces import ROOT, CommandLine

from builder.building import Builder
from builder.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

DEPARTMENT = "云溪市文化和旅游局"
UNITS = (DEPARTMENT, f"{DEPARTMENT}（本级）", "云溪市图书馆", "云溪市博物馆")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("department")
    shutil.copytree(ROOT / "templates", folder / "templates")
    for unit in UNITS:
        shutil.copytree(ROOT / "content" / unit, folder / "content" / unit)
    return folder


@pytest.mark.parametrize("year", [2021, 2022])
def test_it_is_rolled_up_and_nothing_is_to_be_said_of_it(
    root: Path, year: int, capsys: pytest.CaptureFixture[str]
) -> None:
    juesuan = CommandLine(root, capsys)
    assert "没有改动" in juesuan("rollup", DEPARTMENT, str(year), "--yes").out
    run = juesuan("check", DEPARTMENT, "--with-units", "--year", str(year))
    assert run.status == 0
    assert run.out.count("不成立 0 ") == len(UNITS)


@pytest.mark.parametrize("year", [2021, 2022])
def test_every_document_is_complete_with_page_numbers(root: Path, year: int) -> None:
    builder = Builder(Workspace(root))
    for unit in UNITS:
        built = builder.build(unit, year)
        assert built.findings == ()
        assert built.rendered.paginated, unit


def test_what_its_units_paid_each_other_is_neither_received_nor_spent(root: Path) -> None:
    builder = Builder(Workspace(root))
    figures = builder.accounts(DEPARTMENT, 2022).indicators
    # 万元: 960.54 + 654.20 + 702.422071 − 25 − 8
    assert figures.get("收入.合计").value == Decimal("22841620.71")
    assert figures.get("收入.上级补助收入").value == figures.get("支出.上缴上级支出").value == 0
    assert builder.accounts("云溪市图书馆", 2022).indicators.get("收入.上级补助收入").value == 250_000
