"""The data of the charts in a finished document, as Word draws them."""

from __future__ import annotations

import io
import posixpath
import zipfile
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from builder.rendering import wml

if TYPE_CHECKING:
    from collections.abc import Iterator

_DOCUMENT = "word/document.xml"
_LINKS = "word/_rels/document.xml.rels"
_DESCRIBED = f".//{{{wml.WP_NS}}}docPr"


class ChartPoint(NamedTuple):
    """One value of a chart: the chart's 替代文字 (图表：支出结构), series, category and value as text."""

    chart: str
    series: str
    category: str
    value: str


def chart_points(docx: bytes) -> list[ChartPoint]:
    """Return the values of all charts of a .docx, in order."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        if not any(name.startswith("word/charts/") for name in archive.namelist()):
            return []
        targets = {link.get("Id"): link.get("Target", "") for link in wml.parse(archive.read(_LINKS))}
        points: list[ChartPoint] = []
        for shape in wml.parse(archive.read(_DOCUMENT)).iter(f"{{{wml.WP_NS}}}inline", f"{{{wml.WP_NS}}}anchor"):
            link = next(shape.iter(f"{{{wml.C_NS}}}chart"), None)
            described = shape.find(_DESCRIBED)
            if link is not None and described is not None:
                member = posixpath.normpath(posixpath.join("word", targets[link.get(wml.r("id"))]))
                points += _points(described.get("descr", ""), wml.parse(archive.read(member)))
        return points


def _points(name: str, chart: wml.Element) -> Iterator[ChartPoint]:
    for series in chart.iter(_c("ser")):
        title = next(iter(_cached(series, "tx").values()), "")
        categories = _cached(series, "cat")
        for place, value in _cached(series, "val").items():
            yield ChartPoint(name, title, categories.get(place, place), _plain(value))


def _cached(series: wml.Element, part: str) -> dict[str, str]:
    """Return the texts that a series has cached for its name, categories or values, by their place."""
    found = series.find(_c(part))
    points = found.iter(_c("pt")) if found is not None else ()
    return {point.get("idx", ""): point.findtext(_c("v")) or "" for point in points}


def _plain(value: str) -> str:
    try:
        return f"{Decimal(value).normalize():f}"
    except InvalidOperation:
        return value


def _c(name: str) -> str:
    return f"{{{wml.C_NS}}}{name}"
