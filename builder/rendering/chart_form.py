"""Reading a chart part as its owner made it: what in it takes data, and what in it could not follow new data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from builder.findings import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
_MARK = "juesuan"
_SLOT = re.compile(rf"<\?{_MARK} (\w+) (\d+)\?>")
_CATEGORY_CHARTS = frozenset(
    ("areaChart", "area3DChart", "barChart", "bar3DChart", "doughnutChart", "lineChart", "line3DChart", "ofPieChart",
     "pieChart", "pie3DChart", "radarChart", "stockChart", "surfaceChart", "surface3DChart")
)  # fmt: skip
_AFTER_VALUES = (f"{{{_C}}}smooth", f"{{{_C}}}shape", f"{{{_C}}}extLst")  # what may follow c:val in a series
_FILTERED = re.compile(r"filtered\w*(Series|Title)")  # series and categories switched off in Word keep old data
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class ChartForm:
    """A chart part's tree while it is compiled; ``series`` are its ``c:ser`` in the order of the legend.

    Raises ``InputError`` where the part is not readable XML.
    """

    def __init__(self, chart_xml: bytes, name: str) -> None:
        self._name = name
        try:
            self._tree = etree.fromstring(chart_xml, _PARSER)
        except etree.XMLSyntaxError as error:
            raise self._broken() from error
        self.prefix = f"{self._tree.prefix}:" if self._tree.prefix else ""
        self._plots = [
            plot for area in self._tree.iter(_c("plotArea")) for plot in area if plot.find(_c("ser")) is not None
        ]
        series = [ser for plot in self._plots for ser in plot.iterfind(_c("ser"))]
        self._series = sorted(series, key=lambda ser: self._number(ser, "order"))

    @property
    def has_workbook(self) -> bool:
        """Whether the part refers to embedded data at all."""
        return self._tree.find(_c("externalData")) is not None

    def sheet_name(self) -> str | None:
        """Return the sheet that the first series refers to, None where it refers to none."""
        formulas = [one.text or "" for ser in self._series for one in ser.iterfind(f"{_c('val')}//{_c('f')}")]
        sheet, mark, _cells = formulas[0].rpartition("!") if formulas else ("", "", "")
        return sheet.removeprefix("'").removesuffix("'").replace("''", "'") if mark else None

    def format_codes(self) -> list[str]:
        """Return the number format of each series' values."""
        return [ser.findtext(f"{_c('val')}//{_c('formatCode')}") or "General" for ser in self._series]

    def problems(self) -> Iterator[str]:
        """Yield what cannot take new data, each as the rest of a sentence that begins with the chart's name."""
        for plot in self._plots:
            kind = etree.QName(plot).localname
            if kind not in _CATEGORY_CHARTS:
                yield f"是散点图或气泡图一类（{kind}），没有类别；请改用柱形图、条形图、折线图、饼图、面积图或雷达图。"
        if not self._series:
            yield "里一个系列也没有；请在 Word 中给图表至少一个系列（数据可以是任意的）。"
        if any(title.find(f".//{_c('strRef')}") is not None for title in self._tree.iter(_c("title"))):
            yield "的标题取自工作表的单元格，换了数据标题不会跟着变；请把标题改成直接输入的文字。"
        for label in self._tree.iter(_c("dLbl")):
            text = "".join(run.text or "" for run in label.iter(f"{{{_A}}}t"))
            if re.search(r"\d", text) and label.find(f".//{{{_A}}}fld") is None:
                yield f"的数据标签「{text}」是手工输入的，换了数据也不会变；请在 Word 中「重设标签文本」。"
        if any(etree.QName(one).localname == "datalabelsRange" for one in self._tree.iter(etree.Element)):
            yield "的数据标签取自单元格区域（「单元格中的值」），换了数据不会跟着变；请改用类别名称、值或百分比。"
        sides = (_c("plus"), _c("minus"))
        if any(bars.find(side) is not None for bars in self._tree.iter(_c("errBars")) for side in sides):
            yield "有自定义的误差线，换了数据不会跟着变；请删去误差线。"

    def cut(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the part's XML cut where data goes, and the texts that hold tags; this uses the tree up.

        The cut XML is literal, then any number of (kind, number, literal): ``tx``, ``cat``, ``val`` of the series
        with that number, ``text`` with that number, ``point`` before what belongs to the category with that number
        only and ``end`` after it.
        """
        for index, ser in enumerate(self._series):
            for old in [child for child in ser if child.tag in (_c("tx"), _c("cat"), _c("val"))]:
                ser.remove(old)
            self._child(ser, "order").addnext(_mark("tx", index))
            after = next((child for child in ser if child.tag in _AFTER_VALUES), None)
            position = len(ser) if after is None else ser.index(after)
            ser[position:position] = [_mark("cat", index), _mark("val", index)]
            for point in [*ser.iterfind(_c("dPt")), *ser.iterfind(f"{_c('dLbls')}/{_c('dLbl')}")]:
                point.addprevious(_mark("point", self._number(point, "idx")))
                point.addnext(_mark("end", 0))
        texts = self._cut_texts()
        for hidden in [one for one in self._tree.iter(etree.Element) if _FILTERED.match(etree.QName(one).localname)]:
            extension = hidden.getparent()
            if extension is not None and (holder := extension.getparent()) is not None:
                holder.remove(extension)
        external = self._child(self._tree, "externalData")
        for old in external.findall(_c("autoUpdate")):
            external.remove(old)
        # Word is to open the chart with the data written here, not to look for newer data by itself.
        etree.SubElement(external, _c("autoUpdate"), val="0")
        xml = _DECLARATION + etree.tostring(self._tree, encoding="unicode")
        return tuple(_SLOT.split(xml)), texts

    def _cut_texts(self) -> tuple[str, ...]:
        texts: list[str] = []
        for paragraph in self._tree.iter(f"{{{_A}}}p"):
            runs = list(paragraph.iter(f"{{{_A}}}t"))
            text = "".join(run.text or "" for run in runs)
            if "{{" not in text and "{%" not in text:
                continue
            for run in runs:  # Word splits what is typed as it likes; the first run's font holds for the whole text
                run.text = None
            runs[0].append(_mark("text", len(texts)))
            texts.append(text)
        return tuple(texts)

    def _child(self, parent: etree._Element, name: str) -> etree._Element:
        """Return the child that the schema requires."""
        child = parent.find(_c(name))
        if child is None:
            raise self._broken()
        return child

    def _number(self, parent: etree._Element, name: str) -> int:
        value = self._child(parent, name).get("val") or ""
        if not value.isdecimal():
            raise self._broken()
        return int(value)

    def _broken(self) -> InputError:
        return InputError(f"图表「{self._name}」的内容已损坏，无法读取；请在 Word 中删去图表重新插入。")


def _c(name: str) -> str:
    return f"{{{_C}}}{name}"


def _mark(kind: str, number: int) -> etree._Element:
    return etree.ProcessingInstruction(_MARK, f"{kind} {number}")
