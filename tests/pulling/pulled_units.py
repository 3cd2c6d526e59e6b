"""The units of the repository, their documents, and their files."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from editing import WordFile
from workspaces import ROOT

from builder.building import Builder
from builder.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

BUILDER = Builder(Workspace(ROOT))
UNITS = [(unit, BUILDER.workspace.years(unit)[-1]) for unit in BUILDER.workspace.units() if "医疗保障" in unit]
"""Those whose documents were published; the others of the workspace have the same forms."""
SHORT = [unit[:2] for unit, _year in UNITS]


@cache
def built(unit: str, year: int) -> bytes:
    """The document of a unit, as built."""
    return BUILDER.build(unit, year, draft=True).rendered.docx


def document(unit: str, year: int) -> WordFile:
    return WordFile(built(unit, year))


def parts(unit: str, year: int) -> list[Path]:
    """The Word parts of a unit's form, but for the contents page."""
    style = BUILDER.style(BUILDER.accounts(unit, year).style.name)
    return [path for path in style.parts if "目录" not in path.name]


def files_of(root: Path) -> dict[str, bytes]:
    """Every file of content/ and templates/."""
    paths = (path for folder in ("content", "templates") for path in (root / folder).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def rebuilt(root: Path, unit: str, year: int) -> WordFile:
    return WordFile(Builder(Workspace(root)).build(unit, year, draft=True).rendered.docx)
