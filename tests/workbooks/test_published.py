"""The tables of the five published documents, as transcribed, mistakes included, are read without loss."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from workspace_of_units import ROOT, save

from builder.loading.subjects import load_subjects
from builder.style import load_style
from builder.workbooks.gathering import place_cells
from builder.workbooks.reading import read_workbook
from builder.workspace import Workspace

DATA = ROOT / "tests" / "data"
AMOUNT = re.compile(r"-?[0-9,]+\.[0-9]{2}")
WITHOUT_PLACE = {

    "宁德2021": 14,  # fillers below the lists that print 0.00
}
TITLES = {"厦门2020": {"公开01": "收支决算总表"}}
"""Titles that the document prints otherwise than its form."""


@pytest.mark.parametrize(
    ("folder", "style"),
    [("厦门2020", "厦门"), ("宁德2021", "宁德"), ("安阳2021", "河南"), ("眉县2020", "陕西"), ("鄂州2022", "湖北")],
)
def test_every_amount_has_its_place(folder: str, style: str, tmp_path: Path) -> None:
    tables = load_style(Workspace(ROOT), style).sheet.tables
    rows: list[list[object]] = []
    stated: dict[str, Decimal] = {}
    for path in sorted((DATA / folder).glob("公开*.tsv")):
        title = TITLES.get(folder, {}).get(path.stem, tables[path.stem].title)
        rows += [[title], [f"{path.stem}表"], ["金额单位：万元"]]
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                rows.append(line.split("\t"))
                for number, text in enumerate(rows[-1]):
                    if AMOUNT.fullmatch(str(text)):
                        stated[f"表!{chr(65 + number)}{len(rows)}"] = Decimal(str(text).replace(",", "")) * 10000
    subjects, _ = load_subjects(ROOT, int(folder[-4:]))
    placing = place_cells(read_workbook(save(tmp_path / "a.xlsx", {"表": rows})), tables, subjects)
    read = {cell.address: cell.amount for cell in placing.cells.values()}
    assert {address: read[address] for address in stated.keys() & read} == {
        address: stated[address] for address in stated.keys() & read
    }
    missing = stated.keys() - read
    assert len(missing) == WITHOUT_PLACE.get(folder, 0), missing
    assert not any(stated[address] for address in missing)
    assert len(stated) > 300
