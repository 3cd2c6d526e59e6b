"""Both validators on the finished document, as released, as a draft, and with tables that the release leaves empty."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from test_changed_facts import GOVERNMENT_FUND_FROM_ZERO
from workspaces import UNIT, YEAR

if TYPE_CHECKING:
    from conftest import Laboratory, Release

Errors = Callable[[Path], list[str]]
RICH = """\
# 一

**甲** & *乙*

- 丙
- 丁

| 戊 | 己 |
| --- | --- |
| 1 < 2 | 3 |
"""


def test_release(release: Release, ooxml_validator: Errors, audit: Errors) -> None:
    assert ooxml_validator(release.path) == []
    assert audit(release.path) == []


def test_draft(laboratory: Laboratory, ooxml_validator: Errors, audit: Errors, tmp_path: Path) -> None:
    laboratory.workspace.write("说明.yaml", "文本: {}\n")
    laboratory.workspace.remove("职责.md")
    path = tmp_path / "草稿.docx"
    path.write_bytes(laboratory.builder.build(UNIT, YEAR, draft=True).rendered.docx)
    assert ooxml_validator(path) == []
    assert audit(path) == []


def test_all_tables_filled_and_rich_texts(
    laboratory: Laboratory, ooxml_validator: Errors, audit: Errors, tmp_path: Path
) -> None:
    for edit in GOVERNMENT_FUND_FROM_ZERO.edits:
        laboratory.workspace.edit(*edit)
    laboratory.workspace.write("职责.md", RICH)
    path = tmp_path / "文档.docx"
    path.write_bytes(laboratory.builder.build(UNIT, YEAR).rendered.docx)
    assert ooxml_validator(path) == []
    assert audit(path) == []
