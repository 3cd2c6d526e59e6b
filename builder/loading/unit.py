"""One unit and one year of it: the files of ``content/单位/年度/`` as typed facts, with everything wrong in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from builder.accounts.eliminations import Elimination, EliminationsFile
from builder.accounts.facts import Facts, UnitCard
from builder.accounts.figures import LastYearValue
from builder.accounts.money import ZERO
from builder.accounts.performance import Overall, Project
from builder.accounts.statements import Stated, StatedWords
from builder.accounts.subjects import Subjects
from builder.blocks import Block
from builder.findings import Finding, InputError, Source, Spot

from .cache import Cache
from .codes import check_codes
from .document import Document, Positions
from .eliminations import check_eliminations
from .files import LastYearFile, NotesFile, PagesFile, StatedFile
from .folder import Folder
from .markdown import parse_markdown
from .reader import PLACES, Reader, amount_unit, ordered
from .reasons import Key, Reason, resolve_reasons, texts_of
from .structure import meant_by
from .unknown_files import IGNORED, unknown_files
from .validation import validate_rest

CONTENT = "content"
CARD, FACTS, STATED, LAST_YEAR, NOTES, PAGES, ELIMINATED = (
    "单位.yaml", "决算.yaml", "公开表.yaml", "上年.yaml", "说明.yaml", "页码.yaml", "抵消.yaml",
)
YEAR_FILES = (FACTS, STATED, LAST_YEAR, NOTES, PAGES, ELIMINATED)
PERFORMANCE, OVERALL = "绩效", "整体.yaml"
COLLECTION = "采集表.xlsx"
"""The workbook that may be filled in instead of the files, and is imported into them."""
UNWRITTEN = re.compile(r"【待补充[^】]*】")
"""A long text that consists of this alone has only its place kept, and is not written yet."""
PERFORMANCE_PLACES = 4
"""Decimals that amounts of 绩效 may have: project budgets are approved in 元 and written in 万元."""


class LongText(NamedTuple):
    """A long text of a unit-year: its blocks, its Markdown and the file it stands in."""

    blocks: tuple[Block, ...]
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class LoadedUnit:
    """``单位.yaml``: who the unit is."""

    name: str
    card: UnitCard
    positions: Positions
    inputs: Mapping[str, str]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitYear:
    """Everything that is entered for one unit and one year. Amounts in 元.

    ``name`` is the folder's; ``positions`` say where each fact of ``决算.yaml`` stands, ``elimination_positions`` the
    same of a department's ``抵消.yaml``, ``project_positions`` (one for each of ``projects``) of ``绩效``;
    ``last_year`` is by indicator, ``reasons`` by indicator and comparison,
    ``forms`` are the files of ``绩效`` that say which 绩效表 of the style they fill in;
    ``texts``, the places where they stand, and ``long_texts`` by name. ``inputs`` are all files read with their
    SHA-256; ``findings`` are warnings and notes.
    """

    name: str
    year: int
    card: UnitCard
    facts: Facts
    positions: Positions
    eliminations: tuple[Elimination, ...]
    elimination_positions: Positions
    stated: Mapping[str, Mapping[str, Mapping[str, Stated]]]
    stated_words: Mapping[str, StatedWords]
    last_year: Mapping[str, LastYearValue]
    reasons: Mapping[Key, Reason]
    texts: Mapping[str, str]
    text_places: Mapping[str, Spot]
    long_texts: Mapping[str, LongText]
    projects: tuple[Project, ...]
    project_positions: tuple[Positions, ...]
    overall: Overall
    forms: tuple[Document, ...]
    pages: PagesFile
    inputs: Mapping[str, str]
    findings: tuple[Finding, ...]


def load_unit(root: Path, name: str) -> LoadedUnit:
    """Read ``单位.yaml`` of the unit in folder ``name`` of the workspace ``root``. Raises ``InputError``."""
    loader = _Loader(Folder(str(unit_folder(root, name)), root))
    card, document = loader.required(UnitCard, CARD)
    loader.raise_errors()
    assert card is not None
    return LoadedUnit(name, card, document.positions, loader.inputs, tuple(loader.findings))


def load_year(
    root: Path, name: str, year: int, subjects: Subjects | None = None, cache: Cache | None = None
) -> UnitYear:
    """Read one year of the unit in folder ``name`` of the workspace ``root``, with a ``cache`` of what was parsed.

    With ``subjects``, the subject codes are checked too. Only ``决算.yaml`` and ``单位.yaml`` must be there. Raises
    ``InputError`` with all findings of all files, where one of them is an error.
    """
    folder = Folder(str(unit_folder(root, name)), root)
    kept = cache.of(name, year) if cache else None
    unit = _Loader(folder, kept)
    card, _ = unit.required(UnitCard, CARD)
    loader = _Loader(folder.inner(str(year)), kept, unit.inputs, unit.findings)
    evaluation = _Loader(loader.folder.inner(PERFORMANCE), kept, unit.inputs, unit.findings)
    facts, document = loader.required(Facts, FACTS)
    eliminated, elimination_document = loader.optional(EliminationsFile, ELIMINATED)
    stated, stated_words = loader.stated()
    last_year = loader.last_year()
    reasons, texts, text_places = loader.notes()
    pages, _ = loader.optional(PagesFile, PAGES)
    projects, forms = evaluation.projects()
    overall, _ = evaluation.optional(Overall, OVERALL, PERFORMANCE_PLACES)
    if cache and kept and cache.writes:
        kept.save()
    long_texts = loader.long_texts()
    loader.findings += unknown_files(loader.folder, (*YEAR_FILES, PERFORMANCE, COLLECTION), loader.inputs)
    loader.findings += unknown_files(evaluation.folder, (OVERALL,), loader.inputs)
    if card is not None and subjects is not None:
        context = {"unit": amount_unit(document), "places": PLACES}
        checked = facts if facts is not None else validate_rest(Facts, document, context)
        if checked is not None:
            loader.findings += check_codes(checked, card, subjects, document.positions)
    if card is not None and eliminated is not None:
        loader.findings += check_eliminations(eliminated, card, elimination_document.positions, subjects)
    loader.raise_errors()
    assert card is not None
    assert facts is not None
    return UnitYear(
        name,
        year,
        card,
        facts,
        document.positions,
        tuple(eliminated.eliminations) if eliminated else (),
        elimination_document.positions,
        stated,
        stated_words,
        last_year,
        reasons,
        texts,
        text_places,
        long_texts,
        tuple(project for project, _ in projects),
        tuple(positions for _, positions in projects),
        overall or Overall.model_validate({}),
        tuple(forms),
        pages or PagesFile.model_validate({}),
        loader.inputs,
        tuple(ordered(loader.findings)),
    )


def unit_folder(root: Path, name: str) -> Path:
    """Return the folder of a unit. Raises ``InputError`` where the name is no folder's name, or there is none."""
    content = root / CONTENT
    if name in {"", ".", ".."} or any(sign in name for sign in "/\\:"):
        raise InputError(Finding(f"单位写作「{name}」；应是 {CONTENT} 里一个文件夹的名称", Source(CONTENT)))
    folder = content / name
    if not folder.is_dir():
        known = [entry.name for entry in sorted(content.iterdir()) if entry.is_dir()] if content.is_dir() else []
        meant = meant_by(name, known)
        hint = f"是不是「{meant}」？" if meant else f"请在 {CONTENT} 里为它建立文件夹"
        raise InputError(Finding(f"{CONTENT} 里没有单位「{name}」；{hint}", Source(CONTENT)))
    return folder


class _Loader(Reader):
    """Reads the files of a unit's folders."""

    __slots__ = ()

    def stated(self) -> tuple[dict[str, dict[str, dict[str, Stated]]], dict[str, StatedWords]]:
        """Read ``公开表.yaml``: table → row → column → what is stated there, and the words that are not the form's."""
        file, document = self.optional(StatedFile, STATED)
        if file is None:
            return {}, {}
        places = document.positions
        values = {
            name: {
                row: {
                    column: Stated(amount or ZERO, Spot(places, (name, row, column)), amount is None)
                    for column, amount in cells.cells.items()
                }
                for row, cells in table.rows.items()
            }
            for name, table in file.tables.items()
        }
        return values, {name: table.words(name, places) for name, table in file.tables.items()}

    def last_year(self) -> dict[str, LastYearValue]:
        """Read ``上年.yaml``: indicator → last year's figure."""
        file, document = self.optional(LastYearFile, LAST_YEAR)
        if file is None:
            return {}
        places = document.positions
        return {
            name: LastYearValue(given := entry.given, *entry.values, Spot(places, ("指标", name, given)))
            for name, entry in file.indicators.items()
        }

    def notes(self) -> tuple[Mapping[Key, Reason], Mapping[str, str], Mapping[str, Spot]]:
        """Read ``说明.yaml``: reasons and other short texts, and where the texts stand."""
        file, document = self.optional(NotesFile, NOTES)
        if file is None:
            return {}, {}, {}
        reasons, findings = resolve_reasons(file, document.positions)
        self.findings += findings
        texts = texts_of(file)
        return reasons, texts, {name: Spot(document.positions, ("文本", name)) for name in texts}

    def projects(self) -> tuple[list[tuple[Project, Positions]], list[Document]]:
        """Read the projects, in the order of 顺序, then of file names, and the files that fill in a style's form."""
        loaded: list[tuple[Decimal, str, Project, Positions]] = []
        forms: list[Document] = []
        named: dict[str, str] = {}
        for name in self.folder.names(".yaml"):
            if name == OVERALL or name.startswith(IGNORED):
                continue
            document = self.document(name, required=True)
            if isinstance(document.data, dict) and "表" in document.data:
                forms.append(document)
                continue
            project = self.validated(Project, document, PERFORMANCE_PLACES)
            if project is None:
                continue
            if project.name in named:
                message = f"项目「{project.name}」在 {named[project.name]} 里已经有了；请删去一个文件，或更正名称"
                self.findings.append(Finding(message, document.positions.nearest(("项目名称",))))
            named[project.name] = name
            loaded.append((project.order, name, project, document.positions))
        loaded.sort(key=lambda item: item[:2])
        return [(project, positions) for _, _, project, positions in loaded], forms

    def long_texts(self) -> dict[str, LongText]:
        """Read the long texts (``*.md``) by name."""
        texts: dict[str, LongText] = {}
        for name in self.folder.names(".md"):
            if name.startswith(IGNORED):
                continue
            file = self.folder.read(name)
            self.findings += file.findings
            if file.text is not None and not UNWRITTEN.fullmatch(file.text.strip()):
                self.inputs[file.path] = file.sha256
                blocks, findings = parse_markdown(file.text, file.path)
                self.findings += findings
                texts[name.removesuffix(".md")] = LongText(tuple(blocks), file.text, file.path)
        return texts
