"""A filled-in 采集表 → what it says, checked like the files it goes into; every mistake is told with its cell."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from builder.accounts.facts import Facts, UnitCard
from builder.accounts.money import AmountUnit
from builder.accounts.subjects import Subjects
from builder.findings import Finding, InputError, Level, Source, errors
from builder.loading.codes import check_codes
from builder.loading.document import Document, KnownPositions
from builder.loading.files import LastYearFile, NotesFile
from builder.loading.markdown import parse_markdown
from builder.loading.reader import PLACES
from builder.loading.reasons import resolve_reasons
from builder.loading.validation import validate, validate_rest
from builder.workbooks.guarding import check_file
from builder.workbooks.reading import Sheet, Workbook, column_letters

from .filling import Contents
from .gathering import Cells, CellSource, Gathered, cell_text, gather
from .pages import INTRODUCTION, KEY, VALUE, Column, Kind, Page

SEARCHED = 12
"""In how many rows from the top a header is looked for."""
MODELS: Mapping[str, type[BaseModel]] = {
    "card": UnitCard, "facts": Facts, "last_year": LastYearFile, "notes": NotesFile,
}  # fmt: skip


def said_of(workbook: Workbook) -> dict[str, str]:
    """Return what the first sheet says of 单位, 年度 and 格式."""
    sheet = next(sheet for sheet in workbook.sheets if sheet.name == INTRODUCTION)
    names = {str(sheet.value(row, 0)).strip(): sheet.value(row, 1) for row in range(1, SEARCHED)}
    return {name: cell_text(names.get(name), Column("")) for name in ("单位", "年度", "格式")}


def read_collection(
    workbook: Workbook, file: Path, pages: Collection[Page], needed: Collection[str], *,
    subjects: Subjects, style: str, reasons: Mapping[str, Any],
) -> tuple[Contents, tuple[Finding, ...]]:
    """Return what a 采集表 says on ``pages``, those ``needed`` by their titles among them, and notes on it.

    ``reasons`` stand in 说明.yaml already, and may be referred to. Raises InputError with every mistake in it.
    """
    gathered = Gathered()
    reader = _Reader(workbook, file, gathered)
    for page in pages:
        reader.page(page, needed=page.title in needed)
    findings = [*gathered.findings, *_checked(gathered, workbook.name, subjects, style)]
    findings += _references(gathered, workbook.name, reasons)
    if errors(findings):
        raise InputError(findings)
    return gathered.contents, tuple(findings)


class _Reader:
    """Reads the lines of each page."""

    def __init__(self, workbook: Workbook, file: Path, gathered: Gathered) -> None:
        self.sheets = {sheet.name.strip(): sheet for sheet in workbook.sheets}
        self.file, self.gathered = workbook.name, gathered
        looks, _ = check_file(file.read_bytes(), file.name)
        self.uncalculated = {name: set(look.uncalculated) for name, look in looks.items()}

    def page(self, page: Page, *, needed: bool) -> None:
        """Read one page; one that is needed and not there is noted."""
        sheet = self.sheets.get(page.title)
        if sheet is None and not needed:
            return
        if sheet is None:
            message = f"没有工作表「{page.title}」，这一部分没有导入；请不要改工作表的名称"
            self.gathered.findings.append(Finding(message, Source(self.file), Level.WARNING))
            return
        found = _header(sheet, page)
        if found is None:
            message = f"工作表「{page.title}」的表头改动了，认不出各栏；请用 juesuan new 重新生成采集表"
            self.gathered.findings.append(Finding(message, Source(self.file)))
            return
        row, columns = found
        gather(page, list(self._lines(sheet, page, row, columns)), self.gathered)

    def _lines(
        self, sheet: Sheet, page: Page, header: int, columns: dict[str, int]
    ) -> Iterator[tuple[Cells, CellSource]]:
        kinds = {label[0]: kind for label, kind in zip(page.labels, page.kinds, strict=False)}
        for row in range(header + 2, len(sheet.rows)):  # between them stand the sums
            cells: dict[str, tuple[str, CellSource]] = {}
            name = str(sheet.value(row, columns.get(KEY, 0))).strip()
            for column in page.columns:
                if column.kind is Kind.LABEL and column.key != KEY:
                    continue
                place = columns[column.key]
                at = CellSource(f"{self.file} {sheet.name}", row + 1, place + 1)
                holds = kinds.get(name, column) if column.key == VALUE else column
                text = cell_text(sheet.value(row, place), holds)
                if text:
                    cells[column.key] = (text, at)
                elif f"{column_letters(place)}{row + 1}" in self.uncalculated.get(sheet.name, ()):
                    self.gathered.wrong("这个格子里的公式没有存下结果；请用 Excel 或 WPS 打开，保存一次再导入", at)
            if cells:
                yield cells, next(iter(cells.values()))[1]


def _header(sheet: Sheet, page: Page) -> tuple[int, dict[str, int]] | None:
    """Return the header's row and the place of each column by its key."""
    wanted = {column.key for column in page.columns}
    for row in range(min(SEARCHED, len(sheet.rows))):
        keys = [str(value).strip() for value in sheet.rows[row]]
        if wanted <= set(keys):
            return row, {key: keys.index(key) for key in wanted}
    return None


def _checked(gathered: Gathered, file: str, subjects: Subjects, style: str) -> Iterator[Finding]:
    """Yield what is wrong with the values, as if they stood in the files."""
    contents = gathered.contents
    card, facts = contents.card | {"风格": style}, contents.facts
    unit = facts.get("金额单位", "")
    data = {
        "card": card, "facts": {"收入": [], "支出": []} | facts,
        "last_year": {"金额单位": unit} | contents.last_year, "notes": contents.notes,
    }  # fmt: skip
    places = {name: KnownPositions(file, gathered.cells.get(name, {})) for name in data}
    models: dict[str, BaseModel | None] = {}
    for name, model in MODELS.items():
        document = Document(file, data[name], places[name], places[name], (), "")
        declared = data[name].get("金额单位", unit)
        context = {"unit": _unit(declared), "places": PLACES}
        models[name], findings = validate(model, document, context)
        yield from findings
        if name == "facts" and models[name] is None:
            models[name] = validate_rest(model, document, context)
    loaded, own = models["facts"], models["card"]
    if isinstance(loaded, Facts) and isinstance(own, UnitCard):
        yield from check_codes(loaded, own, subjects, places["facts"])
    for name, text in contents.long_texts.items():
        at = gathered.cells["long_texts"][name,]
        yield from (Finding(found.message, at, found.level) for found in parse_markdown(text, file)[1])


def _references(gathered: Gathered, file: str, reasons: Mapping[str, Any]) -> list[Finding]:
    """Return what is wrong with references from one reason to another; those in the file count too."""
    said = {**reasons, **gathered.contents.notes.get("原因", {})}
    places = KnownPositions(file, gathered.cells.get("notes", {}))
    notes, _ = validate(NotesFile, Document(file, {"原因": said}, places, places, (), ""))
    return [] if notes is None else list(resolve_reasons(notes, places)[1])


def _unit(word: str) -> AmountUnit:
    return AmountUnit(word) if word in list(AmountUnit) else AmountUnit.WAN

