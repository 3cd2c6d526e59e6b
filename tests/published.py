"""Published documents as tests know them: rows and sentences as transcribed, the unit's own texts in their places.

In the data, 〔收入.合计/较上年〕 stands for a reason in the unit's ``说明.yaml``; lines that begin with # are remarks.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from documents import BuiltDocument
from workspaces import ROOT

from builder.building import Builder
from builder.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from documents import Grid

DATA = Path(__file__).resolve().parent / "data"
SLOT = re.compile("〔(.*?)〕")


@cache
def built(unit: str, year: int) -> BuiltDocument:
    """Return the document as the repository's own content and form make it."""
    return BuiltDocument(Builder(Workspace(ROOT)).build(unit, year).rendered.docx)


def content(unit: str, year: int, name: str) -> dict[str, Any]:
    """Return one of the unit's YAML files."""
    data: dict[str, Any] = yaml.safe_load((ROOT / "content" / unit / str(year) / name).read_text(encoding="utf-8"))
    return data


def transcribed(folder: str, name: str) -> list[str]:
    """Return the lines of a transcription without its remarks."""
    lines = (DATA / folder / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def transcribed_rows(folder: str, name: str, corrected: Mapping[int, str] | None = None) -> Grid:
    """Return a transcribed table; ``corrected`` rows stand in for those where the print is wrong."""
    rows = transcribed(folder, f"{name}.tsv")
    for number, row in (corrected or {}).items():
        rows[number] = row
    return [row.split("\t") for row in rows]


def reasons(unit: str, year: int) -> dict[str, str]:
    """Return the unit's reasons by 指标/比较, those that refer to another left out."""
    stated = content(unit, year, "说明.yaml")["原因"]
    return {
        f"{indicator}/{comparison}": text
        for indicator, by_comparison in stated.items()
        for comparison, text in by_comparison.items()
        if isinstance(text, str)
    }


def filled(lines: Iterable[str], texts: Mapping[str, str]) -> list[str]:
    """Return lines with the unit's own texts in their slots."""
    return [SLOT.sub(lambda slot: texts[slot[1]], line) for line in lines]


def part(lines: list[str], beginning: str, end: str) -> list[str]:
    """Return the lines from the one that begins with ``beginning`` to before the one that begins with ``end``."""
    start, stop = (next(n for n, line in enumerate(lines) if line.startswith(mark)) for mark in (beginning, end))
    return lines[start:stop]


def without_gaps(rows: Grid) -> Grid:
    """Return rows without their empty cells: what stands, wherever merged cells begin."""
    return [[cell for cell in row if cell] for row in rows]
