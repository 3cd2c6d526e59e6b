"""All files of a new unit-year by their path from the unit's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from builder.accounts.subjects import Subjects
from builder.asking import Asked, parts_of
from builder.findings import InputError
from builder.loading.unit import CARD, FACTS, LAST_YEAR, NOTES, PERFORMANCE
from builder.loading.unknown_files import IGNORED
from builder.loading.yaml_reader import read_yaml
from builder.style import Style

from .facts_file import Before, facts_text
from .small_files import card_text, frames, last_year_text, long_texts, notes_text, without_results


def unit_files(
    root: Path, folder: Path, year: int, *, style: Style, asked: Asked, subjects: Subjects, department: str
) -> dict[str, str]:
    """Return the text of each file; last year's folder, where there is one, is carried forward.

    Raises InputError where last year's files cannot be read.
    """
    unit = folder.name
    last = folder / str(year - 1)
    facts = _data(last / FACTS, root)
    before = Before(year - 1, facts) if facts else None
    files = {FACTS: facts_text(unit, year, asked, subjects, before)}
    if before is None:
        files[LAST_YEAR] = last_year_text(year, asked, parts_of(style))
    files[NOTES] = notes_text(asked, _data(last / NOTES, root))
    texts = {path.stem: path.read_text("utf-8") for path in sorted(last.glob("*.md")) if _is_used(path)}
    files |= dict(long_texts(asked, year, texts))
    carried = [path for path in sorted((last / PERFORMANCE).glob("*.yaml")) if _is_used(path)]
    performance = dict(frames(asked, style.sheet.forms))
    if carried:
        performance = {f"_{path.name}": without_results(path.name, path.read_text("utf-8"), year) for path in carried}
    files |= {f"{PERFORMANCE}/{name}": text for name, text in performance.items()}
    return {CARD: card_text(unit, style.name, department)} | {f"{year}/{name}": text for name, text in files.items()}


def _is_used(path: Path) -> bool:
    return not path.name.startswith(IGNORED)


def _data(path: Path, root: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    document = read_yaml(path, root)
    if not isinstance(document.data, dict):
        raise InputError(document.findings)
    return document.data
