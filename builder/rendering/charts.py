"""Native Word charts: the chart stands in the Word part as its owner made it, and only its data is replaced.

Fonts, colours, title, legend, labels and gap widths are the owner's. Of each series (``c:ser``) the name, the
categories and the values are written anew, as references into the embedded workbook and as the caches Word draws
from; the workbook gets the same data. Texts with tags in the chart (a title 「{{ 年度 }}年度收入结构」) are given back
to be rendered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from builder.findings import Finding, InputError
from builder.rendering.chart_form import ChartForm
from builder.rendering.workbook import DataSheet, column_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class ChartData:
    """What a chart shows: the categories, and each series as its name and one value per category, in any unit."""

    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[Decimal, ...]], ...]


class CompiledChart:
    """A chart and its workbook, parsed and checked, ready to take data; made by ``compile_chart``.

    ``texts`` are the chart's own texts that hold tags; ``render`` wants each of them rendered, in the same order.
    """

    def __init__(self, form: ChartForm, workbook: bytes, name: str) -> None:
        self.name = name
        self._formats = [escape(code) for code in form.format_codes()]
        self._sheet = DataSheet(workbook, form.sheet_name(), len(self._formats), name)
        self._prefix = form.prefix
        self._slots, self.texts = form.cut()
        self._cells = f"{escape(_quoted(self._sheet.name))}!$"

    def render(self, data: ChartData, texts: Sequence[str] = ()) -> tuple[bytes, bytes]:
        """Return the chart part's XML and the embedded .xlsx with ``data`` in them.

        Raises ``InputError`` where the data does not fit the chart: another number of series, no category at all, a
        value too many or too few, a character that XML does not know.
        """
        if len(texts) != len(self.texts):
            raise ValueError(f"chart {self.name}: {len(self.texts)} texts to render, {len(texts)} given")
        if findings := list(self._misfits(data)):
            raise InputError(map(Finding, findings))
        names = [escape(name) for name, _values in data.series]
        categories = [escape(category) for category in data.categories]
        values = [[_number(value) for value in values] for _name, values in data.series]
        xml = "".join(self._pieces(names, categories, values, texts))
        return xml.encode(), self._sheet.write(names, categories, values)

    def _pieces(
        self, names: list[str], categories: list[str], values: list[list[str]], texts: Sequence[str]
    ) -> Iterator[str]:
        last = len(categories) + 1  # the sheet's last row: its first holds the names of the series
        category_reference = self._reference("cat", "str", f"A$2:$A${last}", categories)
        slots = iter(self._slots)
        yield next(slots)
        dropping = False
        for kind, number, literal in zip(slots, slots, slots, strict=True):
            index = int(number)
            if kind in ("point", "end"):  # the formatting of a point that the data does not have is left out
                dropping = kind == "point" and index >= len(categories)
            elif kind == "tx":
                yield self._reference("tx", "str", f"{column_name(index + 1)}$1", names[index : index + 1])
            elif kind == "cat":
                yield category_reference
            elif kind == "val":
                column = column_name(index + 1)
                cells = f"{column}$2:${column}${last}"
                yield self._reference("val", "num", cells, values[index], self._formats[index])
            elif not dropping:
                yield escape(texts[index])
            if not dropping:
                yield literal

    def _reference(self, element: str, kind: str, cells: str, cached: list[str], format_code: str = "") -> str:
        """Return c:tx, c:cat or c:val: the reference into the sheet and its cache; everything given as XML text."""
        c = self._prefix
        points = "".join(f'<{c}pt idx="{index}"><{c}v>{text}</{c}v></{c}pt>' for index, text in enumerate(cached))
        code = f"<{c}formatCode>{format_code}</{c}formatCode>" if format_code else ""
        return (
            f"<{c}{element}><{c}{kind}Ref><{c}f>{self._cells}{cells}</{c}f><{c}{kind}Cache>{code}"
            f'<{c}ptCount val="{len(cached)}"/>{points}</{c}{kind}Cache></{c}{kind}Ref></{c}{element}>'
        )

    def series_mistake(self, count: int) -> str:
        """Return what is wrong with data of so many series, or nothing."""
        if count == len(self._formats):
            return ""
        return (
            f"图表「{self.name}」在 Word 部件中有 {len(self._formats)} 个系列，数据却有 {count} 个；"
            "请在 Word 中增减图表的系列，或改样式里这张图的数据。"
        )

    def _misfits(self, data: ChartData) -> Iterator[str]:
        if mistake := self.series_mistake(len(data.series)):
            yield mistake
        if not data.categories:
            yield f"图表「{self.name}」没有数据（一个类别也没有），画不出图；请检查这张图取的是哪些数。"
        for name, values in data.series:
            if len(values) != len(data.categories):
                yield (
                    f"图表「{self.name}」的系列「{name}」有 {len(values)} 个数，类别却有 {len(data.categories)} 个；"
                    "两者应当一样多。"
                )
            if not all(value.is_finite() for value in values):
                yield f"图表「{self.name}」的系列「{name}」里有不是数的值；请检查这张图取的是哪些数。"
        for text in (*data.categories, *(name for name, _values in data.series)):
            if _NOT_XML.search(text):
                shown = _NOT_XML.sub("□", text)
                yield f"图表「{self.name}」的文字「{shown}」里有不能印出的字符（在 □ 处）；请删去后重新输入。"


def compile_chart(chart_xml: bytes, workbook: bytes | None, name: str) -> CompiledChart:
    """Prepare a chart part and its embedded workbook (None where it has none); ``name`` names it in messages.

    Raises ``InputError`` with all findings: no embedded workbook, a type of chart without categories, and whatever in
    the chart would go on showing old data (labels typed by hand, titles or labels taken from cells, error bars).
    """
    form = ChartForm(chart_xml, name)
    findings = [Finding(f"图表「{name}」{problem}") for problem in form.problems()]
    if workbook is None or not form.has_workbook:
        message = "没有嵌入的工作簿，数据换不了；请在 Word 中用「插入 → 图表」重新做这张图（粘贴时不要选「链接」）。"
        raise InputError([*findings, Finding(f"图表「{name}」{message}")])
    if findings:
        raise InputError(findings)
    return CompiledChart(form, workbook, name)


def _quoted(sheet: str) -> str:
    """Return a sheet's name as formulas write it: in quotes unless it is a plain word."""
    plain = sheet.isidentifier() and not re.fullmatch(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*", sheet)
    return sheet if plain else "'" + sheet.replace("'", "''") + "'"


def _number(value: Decimal) -> str:
    """Return a value as a workbook stores numbers: plain digits, no exponent, no negative zero."""
    return format(value, "f") if value else "0"
