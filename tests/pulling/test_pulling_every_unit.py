"""Twenty edits of each kind in the documents of five units: each goes into its file, or is refused with its facts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from editing import (
    ADDED,
    WordFile,
    Written,
    amount_cells,
    amounts_in_sentences,
    fixed_words,
    long_lines,
    middle,
    notes_and_forms,
    reasons,
    replace_in,
    spread,
    text_of,
)
from pulled_units import SHORT, UNITS, document, files_of, parts, rebuilt
from workspaces import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspaces import CommandLine

KINDS = {"原因": (reasons, 6), "说明和绩效": (notes_and_forms, 4), "长文": (long_lines, 4)}
each_unit = pytest.mark.parametrize(("unit", "year"), UNITS, ids=SHORT)


@dataclass
class Edits:
    """A document with edits: the texts of files that were changed, and the figures, cells and fixed words."""

    word: WordFile
    texts: list[Written] = field(default_factory=list)
    refused: int = 0
    reported: list[Written] = field(default_factory=list)

    def expected(self, before: dict[str, bytes]) -> dict[str, bytes]:
        """The files with these texts changed, and no other byte."""
        files = dict(before)
        for one in self.texts:
            assert files[one.file].count(one.text.encode()) == 1
            files[one.file] = files[one.file].replace(one.text.encode(), changed(one.text).encode())
        return files


def changed(text: str) -> str:
    return ADDED.join(middle(text))


def edit_texts(edits: Edits, unit: str, year: int, kind: str) -> None:
    find, count = KINDS[kind]
    for one in spread(find(unit, year, edits.word), count):
        edits.word.replace(one.text, changed(one.text))
        edits.texts.append(one)


def edit_figures(edits: Edits, unit: str, year: int) -> None:
    for words in spread(amounts_in_sentences(edits.word, files_text(unit, year)), 4):
        edits.word.replace(words, words[:-1] + ("2" if words.endswith("1") else "1"))
        edits.refused += 1


def files_text(unit: str, year: int) -> str:
    """Everything that people have written, where an amount is their own."""
    folder = ROOT / "content" / unit / str(year)
    paths = [*folder.glob("*.md"), folder / "说明.yaml", *(folder / "绩效").glob("*.yaml")]
    return "".join(path.read_text(encoding="utf-8") for path in paths)


def edit_cells(edits: Edits) -> None:
    for cell in spread(amount_cells(edits.word), 4):
        text = text_of(cell)
        replace_in(cell, text, f"9{text}")
        edits.refused += 1


def edit_fixed(edits: Edits, unit: str, year: int) -> None:
    for one in spread(fixed_words(parts(unit, year), edits.word), 4):
        edits.word.replace(one.text, changed(one.text))
        edits.reported.append(one)


def refusals(errors: str) -> list[str]:
    return [line for line in errors.splitlines() if "错误：" in line]


@pytest.mark.parametrize("kind", KINDS)
@each_unit
def test_an_edited_text_goes_home_and_nothing_else_changes(
    root: Path, juesuan: CommandLine, unit: str, year: int, kind: str
) -> None:
    edits = Edits(document(unit, year))
    edit_texts(edits, unit, year, kind)
    path, before = edits.word.save(root / "改过.docx"), files_of(root)
    run = juesuan("pull", str(path), "--unit", unit, "--year", str(year), "--yes")
    assert run.status == 0, run.err
    assert files_of(root) == edits.expected(before)
    for one in edits.texts:
        (line,) = (n for n, text in enumerate(before[one.file].decode().splitlines(), 1) if one.text in text)
        assert f"{one.file}:{line} " in run.out
    again = rebuilt(root, unit, year).text
    assert all(again.count(changed(one.text)) == 1 for one in edits.texts)
    assert juesuan("pull", str(path), "--unit", unit, "--year", str(year)).out.startswith("文字没有改动")


def test_there_are_twenty_edits_of_each_kind() -> None:
    for find, count in KINDS.values():
        assert sum(len(spread(find(*one, document(*one)), count)) for one in UNITS) >= 20
    assert all(len(amounts_in_sentences(document(*one), files_text(*one))) >= 4 for one in UNITS)
    assert all(len(amount_cells(document(*one))) >= 4 for one in UNITS)
    assert all(len(fixed_words(parts(*one), document(*one))) >= 4 for one in UNITS)


def refused(root: Path, juesuan: CommandLine, edits: Edits, unit: str, year: int) -> list[str]:
    """Return what is said of each edit of a document, all of them refused and no file changed."""
    path, before = edits.word.save(root / "改过.docx"), files_of(root)
    run = juesuan("pull", str(path), "--unit", unit, "--year", str(year), "--yes")
    assert (run.status, files_of(root)) == (1, before)
    assert len(refusals(run.err)) == edits.refused == 4
    return refusals(run.err)


@each_unit
def test_a_figure_is_refused_with_the_fact_to_change(root: Path, juesuan: CommandLine, unit: str, year: int) -> None:
    edits = Edits(document(unit, year))
    edit_figures(edits, unit, year)
    for line in refused(root, juesuan, edits, unit, year):
        assert re.match(rf"content/{re.escape(unit)}/{year}/(决算|上年|公开表)\.yaml:\d+", line), line
        assert "不能在文档里改" in line


@each_unit
def test_a_cell_is_refused_with_the_fact_to_change(root: Path, juesuan: CommandLine, unit: str, year: int) -> None:
    edits = Edits(document(unit, year))
    edit_cells(edits)
    for line in refused(root, juesuan, edits, unit, year):
        assert re.match(rf"content/{re.escape(unit)}/{year}/(决算|公开表)\.yaml", line), line


@each_unit
def test_a_fixed_sentence_is_reported_with_its_part(root: Path, juesuan: CommandLine, unit: str, year: int) -> None:
    edits = Edits(document(unit, year))
    edit_fixed(edits, unit, year)
    path, before = edits.word.save(root / "改过.docx"), files_of(root)
    run = juesuan("pull", str(path), "--unit", unit, "--year", str(year), "--yes")
    assert (run.status, files_of(root)) == (0, before)
    for one in edits.reported:
        lines = [line for line in run.err.splitlines() if line.startswith(f"{one.file}: ") and ADDED in line]
        assert any("格式的固定文字" in line for line in lines), one


@each_unit
def test_all_kinds_of_edits_in_a_document_saved_by_libreoffice(
    root: Path, juesuan: CommandLine, saved_again: Callable[[Path], Path], unit: str, year: int
) -> None:
    edits = Edits(document(unit, year))
    for kind in KINDS:
        edit_texts(edits, unit, year, kind)
    edit_figures(edits, unit, year)
    edit_cells(edits)
    edit_fixed(edits, unit, year)
    path, before = saved_again(edits.word.save(root / "改过.docx")), files_of(root)
    run = juesuan("pull", str(path), "--unit", unit, "--year", str(year), "--yes")
    assert run.status == 1
    assert files_of(root) == edits.expected(before)
    assert len(refusals(run.err)) == edits.refused == 8
    assert all(any(line.startswith(one.file) for line in run.err.splitlines()) for one in edits.reported)


@each_unit
def test_a_document_saved_by_libreoffice_has_no_edits_and_still_its_marks(
    root: Path, juesuan: CommandLine, saved_again: Callable[[Path], Path], unit: str, year: int
) -> None:
    path = saved_again(document(unit, year).save(root / "原样.docx"))
    run = juesuan("pull", str(path), "--unit", unit, "--year", str(year))
    assert (run.status, run.err) == (0, "")
    assert run.out.startswith("文字没有改动")
    marks = re.compile(r'w:name="(_写_[0-9a-f_]+)"')
    in_tables = re.compile(r"<w:tbl>.*?</w:tbl>", re.DOTALL)
    both = document(unit, year), WordFile(path.read_bytes())
    made, saved = (one.members["word/document.xml"].decode() for one in both)
    outside = set(marks.findall(in_tables.sub("", made)))
    assert len(outside) > 3
    assert outside <= set(marks.findall(saved))
