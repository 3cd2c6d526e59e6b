"""The workbook embedded in a chart: Word opens it under 「编辑数据」. Only its one data sheet is written anew.

Kept from the owner's workbook: styles, column widths, the number format of each column. Left out, because they would
contradict the new cells: the list object (表格) over the old range, the calculation chain, the old shared strings.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from builder.findings import InputError
from builder.rendering.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT_TYPES = "[Content_Types].xml"
_WORKBOOK = "xl/workbook.xml"
_WORKBOOK_RELS = "xl/_rels/workbook.xml.rels"
_BEFORE_DATA = ("sheetPr", "sheetViews", "sheetFormatPr", "cols")
_DATA = "sheetData"
_AFTER_DATA = ("pageMargins",)
_HEADER, _FIRST = 1, 2  # rows of the sheet: series names, first category
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NO_STRINGS = f'{_DECLARATION}<sst xmlns="{_MAIN}" count="0" uniqueCount="0"/>'


def column_name(index: int) -> str:
    """Return the letters of the column with this index from 0: A, B … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class _Column:
    """How one column's cells begin: up to the row number, and from there to the value."""

    letters: str
    header_style: str
    cell_style: str


class DataSheet:
    """An embedded workbook with its data sheet prepared for writing.

    ``sheet_name`` is the sheet that the chart refers to; where the workbook has no such sheet its first one is taken.
    ``series`` is the number of value columns (B, C …). Raises ``InputError`` where the workbook cannot be read.
    """

    def __init__(self, workbook: bytes, sheet_name: str | None, series: int, chart: str) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(workbook)) as package:
                members = {name: package.read(name) for name in package.namelist() if not name.endswith("/")}
            self.name, self._path, only = _find_sheet(members, sheet_name)
            sheet = etree.fromstring(members.pop(self._path), _PARSER)
            _drop_stale(members, self._path, only=only)
        except (zipfile.BadZipFile, etree.XMLSyntaxError, LookupError) as error:
            raise InputError(
                f"图表「{chart}」里嵌入的工作簿不是可读的 .xlsx 文件；请在 Word 中右击图表、选「编辑数据」，"
                "能打开后保存，或删去图表重新插入。"
            ) from error
        self._prefix, self._suffix = _frame(sheet)
        self._columns = _columns(sheet, series + 1)
        self._archive = Archive(sorted(members.items(), key=lambda item: item[0] != _CONTENT_TYPES))

    def write(self, names: Sequence[str], categories: Sequence[str], values: Sequence[Sequence[str]]) -> bytes:
        """Return the workbook with these series names, categories (both as XML text) and values (number texts)."""
        first, *rest = self._columns
        out = [self._prefix, f'<row r="{_HEADER}"><c r="A{_HEADER}"{first.header_style}/>']
        for column, name in zip(rest, names, strict=True):
            out.append(_text_cell(column.letters, _HEADER, column.header_style, name))
        out.append("</row>")
        for row, (category, *numbers) in enumerate(zip(categories, *values, strict=True), _FIRST):
            out.append(f'<row r="{row}">{_text_cell("A", row, first.cell_style, category)}')
            for column, number in zip(rest, numbers, strict=True):
                out.append(f'<c r="{column.letters}{row}"{column.cell_style}><v>{number}</v></c>')
            out.append("</row>")
        out.append(self._suffix)
        return self._archive.write([(self._path, "".join(out).encode())])


def _text_cell(letters: str, row: int, style: str, text: str) -> str:
    return f'<c r="{letters}{row}"{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _find_sheet(members: dict[str, bytes], wanted: str | None) -> tuple[str, str, bool]:
    """Return the sheet's name, its member's path, and whether it is the workbook's only sheet."""
    sheets = list(etree.fromstring(members[_WORKBOOK], _PARSER).iter(f"{{{_MAIN}}}sheet"))
    sheet = next((one for one in sheets if one.get("name") == wanted), None)
    sheet = sheets[0] if sheet is None else sheet
    relation = sheet.get(f"{{{_OFFICE_RELS}}}id")
    targets = _targets(members[_WORKBOOK_RELS], _WORKBOOK)
    return sheet.get("name") or "", targets[relation or ""], len(sheets) == 1


def _targets(rels: bytes, source: str) -> dict[str, str]:
    """Return relationship id → member path for the internal relationships of the member ``source``."""
    folder = posixpath.dirname(source)
    return {
        one.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/")
        for one in etree.fromstring(rels, _PARSER).iter(f"{{{_PACKAGE_RELS}}}Relationship")
        if one.get("TargetMode") != "External"
    }


def _drop_stale(members: dict[str, bytes], sheet: str, *, only: bool) -> None:
    """Take out of ``members`` what describes the old cells; other sheets' shared strings stay."""
    folder, file = posixpath.split(sheet)
    rels = members.pop(f"{folder}/_rels/{file}.rels", None)
    stale = set(_targets(rels, sheet).values()) if rels else set()
    parts = _targets(members[_WORKBOOK_RELS], _WORKBOOK)
    stale.update(path for path in parts.values() if path.endswith("calcChain.xml"))
    for path in stale:
        members.pop(path, None)
    if stale:
        members[_CONTENT_TYPES] = _without(members[_CONTENT_TYPES], "PartName", {"/" + path for path in stale})
        ids = {key for key, path in parts.items() if path in stale}
        members[_WORKBOOK_RELS] = _without(members[_WORKBOOK_RELS], "Id", ids)
    if only and "xl/sharedStrings.xml" in members:
        members["xl/sharedStrings.xml"] = _NO_STRINGS.encode()


def _without(xml: bytes, attribute: str, values: set[str]) -> bytes:
    root = etree.fromstring(xml, _PARSER)
    for child in list(root):
        if child.get(attribute) in values:
            root.remove(child)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _frame(sheet: etree._Element) -> tuple[str, str]:
    """Return the sheet's XML before its data and after it, without anything that names old cells."""
    frame = etree.fromstring(etree.tostring(sheet), _PARSER)
    for child in list(frame):
        if etree.QName(child).localname not in (*_BEFORE_DATA, _DATA, *_AFTER_DATA):
            frame.remove(child)
    data = frame.find(f"{{{_MAIN}}}{_DATA}")
    if data is None:
        raise KeyError(_DATA)
    frame.replace(data, etree.ProcessingInstruction(_DATA, "here"))
    before, after = etree.tostring(frame, encoding="unicode").split(f"<?{_DATA} here?>")
    # The namespace is declared anew: the owner's program may have written this sheet with a prefix.
    return f'{_DECLARATION}{before}<{_DATA} xmlns="{_MAIN}">', f"</{_DATA}>{after}"


def _columns(sheet: etree._Element, count: int) -> list[_Column]:
    """Return how the cells of the first ``count`` columns look in the owner's first two rows."""
    styles = {cell.get("r"): cell.get("s") for cell in sheet.iter(f"{{{_MAIN}}}c")}

    def attribute(reference: str) -> str:
        style = styles.get(reference)
        return f' s="{int(style)}"' if style else ""

    names = [column_name(index) for index in range(count)]
    return [_Column(name, attribute(f"{name}{_HEADER}"), attribute(f"{name}{_FIRST}")) for name in names]
