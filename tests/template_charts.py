"""Native charts for test forms and for a form's author, written with python-pptx (a development tool only)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml as parse_word_xml
from docx.shared import Cm
from lxml import etree
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.chart.xmlwriter import ChartXmlWriter
from pptx.oxml import parse_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from docx.document import Document
    from pptx.enum.chart import XL_CHART_TYPE

    Style = Callable[[Chart], None]

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def no_style(_chart: Chart) -> None:
    """Leave a chart as python-pptx makes it."""


def chart_parts(
    kind: XL_CHART_TYPE,
    categories: Sequence[str],
    series: Sequence[tuple[str, Sequence[float]]],
    style: Style = no_style,
    number_format: str = "General",
) -> tuple[bytes, bytes]:
    """Return the XML of a chart part (its workbook under rId1) and the workbook."""
    data = CategoryChartData(number_format=number_format)
    data.categories = categories
    for name, values in series:
        data.add_series(name, values)
    # python-pptx writes negative axis ids, which strict validation refuses
    space = parse_xml(ChartXmlWriter(kind, data).xml.replace('"-', '"').encode())
    style(Chart(space, None))
    space._add_externalData().rId = "rId1"
    chart = etree.tostring(space, xml_declaration=True, encoding="UTF-8", standalone=True)
    return chart, CategoryWorkbookWriter(data).xlsx_blob


def add_chart(document: Document, parts: tuple[bytes, bytes], name: str, width: float = 14, height: float = 8) -> None:
    """Put a chart (XML and workbook) in a paragraph at the document's end; its 替代文字 is 图表：name; sizes in cm."""
    package = document.part.package
    number = 1 + sum(1 for part in package.iter_parts() if part.partname.startswith("/word/charts/"))
    workbook = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), WORKBOOK_TYPE, parts[1], package)
    chart = Part(PackURI(f"/word/charts/chart{number}.xml"), CHART_TYPE, parts[0], package)
    assert chart.relate_to(workbook, f"{R}/package") == "rId1"
    relation = document.part.relate_to(chart, f"{R}/chart")
    document.add_paragraph().add_run()._r.append(
        parse_word_xml(
            f'<w:drawing xmlns:w="{W}" xmlns:wp="{WP}" xmlns:a="{A}">'
            '<wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{Cm(width)}" cy="{Cm(height)}"/>'
            f'<wp:docPr id="{100 + number}" name="图表 {number}" descr="图表：{name}"/><wp:cNvGraphicFramePr/>'
            f'<a:graphic><a:graphicData uri="{C}"><c:chart xmlns:c="{C}" xmlns:r="{R}" r:id="{relation}"/>'
            "</a:graphicData></a:graphic></wp:inline></w:drawing>"
        )
    )
