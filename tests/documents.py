"""Reading a built document back: its lines, tables as grids, contents and charts."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

from lxml import etree
from openpyxl import load_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NS = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
}
W, R = (f"{{{NS[prefix]}}}" for prefix in "wr")
CHART = "图表："

Grid = list[list[str]]


@dataclass(frozen=True)
class Chart:
    """A chart's data as Word draws it (the caches) and as Word edits it (the embedded workbook)."""

    values: dict[str, dict[str, str]]
    sheet: Grid


class BuiltDocument:
    """A .docx file as a reader sees it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.body = self.xml("word/document.xml").find("w:body", NS)

    @classmethod
    def of(cls, path: Path) -> BuiltDocument:
        return cls(path.read_bytes())

    def xml(self, member: str) -> Any:
        return etree.fromstring(self.archive.read(member))

    @cached_property
    def lines(self) -> list[str]:
        """Everything a reader sees, one line a paragraph or table row, then the charts' data.

        Rows begin with their table's name, contents entries with 目录 (without page numbers).
        """
        tables = dict(zip(map(id, self._tables), self.table_names, strict=True))
        lines = []
        for element in self.body.iter(f"{W}p", f"{W}tbl"):
            if element.tag == f"{W}tbl":
                lines += ["\t".join((tables[id(element)], *row)) for row in grid(element)]
            elif next(element.iterancestors(f"{W}tc"), None) is None and (text := paragraph_text(element)):
                entry = is_contents_entry(element)
                lines.append(f"目录\t{text.partition(chr(9))[0]}" if entry else text)
        for name, chart in self.charts.items():
            for series, values in chart.values.items():
                lines += [f"{CHART}{name}\t{series}\t{category}\t{value}" for category, value in values.items()]
        return lines

    @cached_property
    def text(self) -> str:
        return "\n".join(self.lines)

    @cached_property
    def _tables(self) -> list[Any]:
        return list(self.body.iter(f"{W}tbl"))

    @cached_property
    def table_names(self) -> list[str]:
        """公开01 … for the statutory tables, 自评表1 … for the forms after them."""
        forms, names = count(1), []
        for table in self._tables:
            number = next((cell for row in grid(table)[:3] for cell in row if cell.startswith("公开")), "")
            names.append(number.removesuffix("表") or f"自评表{next(forms)}")
        return names

    @cached_property
    def tables(self) -> dict[str, Grid]:
        return dict(zip(self.table_names, map(grid, self._tables), strict=True))

    @property
    def contents(self) -> list[tuple[str, str]]:
        """The contents' entries: text and page number, which may be empty."""
        entries = (paragraph_text(p).partition("\t") for p in self.body.iter(f"{W}p") if is_contents_entry(p))
        return [(text, page) for text, _tab, page in entries]

    @property
    def headings(self) -> list[tuple[int, str]]:
        """Every paragraph in a style with an outline level 1–2: level and text."""
        levels = {}
        for style in self.xml("word/styles.xml").iterfind("w:style", NS):
            level = style.find("w:pPr/w:outlineLvl", NS)
            if level is not None:
                levels[style.get(f"{W}styleId")] = int(level.get(f"{W}val")) + 1
        styled = ((levels.get(style_of(p), 9), paragraph_text(p)) for p in self.body.iter(f"{W}p"))
        return [(level, text) for level, text in styled if level <= 2 and text]

    @cached_property
    def charts(self) -> dict[str, Chart]:
        parts = self.related("word/document.xml")
        charts = {}
        for shape in self.body.iterfind(".//wp:inline", NS):
            name = shape.find("wp:docPr", NS).get("descr", "")
            if name.startswith(CHART):
                charts[name.removeprefix(CHART)] = self._chart(parts[shape.find(".//c:chart", NS).get(f"{R}id")])
        return charts

    def _chart(self, member: str) -> Chart:
        values = {}
        for series in self.xml(member).iterfind(".//c:ser", NS):
            points = [
                [plain(point.findtext("c:v", namespaces=NS)) for point in series.iterfind(f"c:{part}//c:pt", NS)]
                for part in ("cat", "val")
            ]
            values[series.findtext("c:tx//c:v", namespaces=NS)] = dict(zip(*points, strict=True))
        workbook = next(path for path in self.related(member).values() if path.endswith(".xlsx"))
        sheet = load_workbook(io.BytesIO(self.archive.read(workbook))).active
        rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        return Chart(values, rows)

    def related(self, member: str) -> dict[str, str]:
        """Return the members that a part refers to, by relationship id."""
        folder, name = posixpath.split(member)
        relations = self.xml(f"{folder}/_rels/{name}.rels").iterfind("rel:Relationship", NS)
        return {
            relation.get("Id"): posixpath.normpath(posixpath.join(folder, relation.get("Target")))
            for relation in relations
        }


def plain(text: str) -> str:
    """Return a number without trailing zeros, other text as it is."""
    return f"{Decimal(text).normalize():f}" if text.replace(".", "", 1).isdigit() else text


def grid(table: Any) -> Grid:
    """Return a table's cells; a merged cell stands once, the places it covers are empty."""
    rows = []
    for row in table.iterfind("w:tr", NS):
        cells: list[str] = []
        for cell in row.iterfind("w:tc", NS):
            span = cell.find("w:tcPr/w:gridSpan", NS)
            text = "\n".join(paragraph_text(paragraph) for paragraph in cell.iterfind("w:p", NS))
            cells += [text] + [""] * (0 if span is None else int(span.get(f"{W}val")) - 1)
        rows.append(cells)
    return rows


def style_of(paragraph: Any) -> str:
    style = paragraph.find("w:pPr/w:pStyle", NS)
    return "" if style is None else style.get(f"{W}val")


def is_contents_entry(paragraph: Any) -> bool:
    return any(link.get(f"{W}anchor", "").startswith("_Toc") for link in paragraph.iterfind("w:hyperlink", NS))


def paragraph_text(paragraph: Any) -> str:
    return "".join(_pieces(paragraph))


def _pieces(paragraph: Any) -> Iterator[str]:
    for element in paragraph.iter(f"{W}t", f"{W}tab"):
        if element.getparent().tag == f"{W}r":
            yield (element.text or "") if element.tag == f"{W}t" else "\t"
