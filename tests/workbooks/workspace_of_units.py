"""An empty workspace with the repository's forms, and workbooks made by hand for it."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from builder.accounting import Accounts
from builder.building import Builder
from builder.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]


def empty_workspace(folder: Path) -> Path:
    """Return a workspace without units whose forms are the repository's."""
    (folder / "content").mkdir(parents=True)
    templates = folder / "templates"
    for path in (ROOT / "templates").rglob("*"):
        if path.suffix in {".yaml", ".csv", ".docx"}:
            target = templates / path.relative_to(ROOT / "templates")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return folder


def accounts(root: Path, unit: str, year: int) -> Accounts:
    return Builder(Workspace(root)).accounts(unit, year)


def save(path: Path, sheets: dict[str, list[list[object]]], merged: dict[str, list[str]] | None = None) -> Path:
    """Write rows as a workbook, a sheet a key."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in (merged or {}).get(name, []):
            sheet.merge_cells(area)
    book.save(path)
    return path
