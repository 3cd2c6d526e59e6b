"""The lines of a document: its paragraphs and cells with their place, their text, and what each was made from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from builder.rendering.marks import bookmark_name
from builder.rendering.passages import Passage, Spot
from builder.tracing import Trace

DOCUMENTS, NAME, PLACES, LINES = "文档", "名称", "各处", "内容"
HEADINGS, TABLE, CAPTION = "标题", "表", "表题"
PARAGRAPH, ROW, COLUMN, ROW_LABEL, COLUMN_LABEL = "段", "行", "栏", "行名", "栏名"
TEXT, LEVEL, FIGURES, CELLS, KEYS = "文字", "级", "指标", "单元格", "手写"

NAME_LENGTH = len(bookmark_name(""))
"""After that comes the number of a mark whose text is printed again."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or a cell of a table, of the document with this title.

    ``heading`` is its level, 0 for text; ``figures`` are the indicators and ``cells`` the tables' cells
    (公开03/合计/基本支出) that it depends on, ``keys`` the texts written by hand in it (原因/收入.合计/较上年).
    """

    document: str
    spot: Spot
    text: str
    heading: int = 0
    figures: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


def lines_of(document: str, trace: Trace) -> Iterator[Line]:
    """Yield the lines of a traced document."""
    for passage in trace.passages:
        cells = (str(origin.cell) for origin in trace.origins_of(passage) if origin.cell is not None)
        yield Line(
            document, passage.spot, passage.text, passage.heading,
            trace.figures_of(passage), tuple(dict.fromkeys(cells)), _keys(trace, passage),
        )


def _keys(trace: Trace, passage: Passage) -> tuple[str, ...]:
    names = (segment.mark[:NAME_LENGTH] for segment in passage.segments)
    marked = [trace.keys[name] for name in names if name in trace.keys]
    return tuple(dict.fromkeys([*marked, *(origin.key for origin in trace.origins_of(passage) if origin.key)]))


def lines_text(lines: Iterable[Line]) -> str:
    """Return lines as JSON, a line for each; the headings and the table above them stand once for all in a row."""
    documents = (
        f'{{"{NAME}": {_json(name)}, "{PLACES}": [\n' + ",\n".join(_places(of_one)) + "\n]}"
        for name, of_one in groupby(lines, lambda line: line.document)
    )
    return f'{{"{DOCUMENTS}": [\n' + ",\n".join(documents) + "\n]}\n"


def _places(lines: Iterable[Line]) -> Iterator[str]:
    for place, together in groupby(lines, _above):
        yield f'{_json(place)[:-1]}, "{LINES}": [\n ' + ",\n ".join(_json(_record(line)) for line in together) + "\n]}"


def lines_from(text: str) -> tuple[Line, ...]:
    """Return the lines that `lines_text` wrote. Raises ValueError, KeyError or TypeError where it is not that."""
    return tuple(
        _line(document[NAME], place, record)
        for document in json.loads(text)[DOCUMENTS]
        for place in document[PLACES]
        for record in place[LINES]
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _above(line: Line) -> dict[str, Any]:
    """Return the headings and the table that a line stands in."""
    above = {TABLE: line.spot.table, CAPTION: line.spot.caption}
    return {HEADINGS: list(line.spot.headings)} | {key: value for key, value in above.items() if value}


def _record(line: Line) -> dict[str, Any]:
    """Return the rest of a line without what is empty."""
    spot = line.spot
    record: dict[str, Any] = {
        PARAGRAPH: spot.paragraph, ROW: spot.row, COLUMN: spot.column, ROW_LABEL: spot.row_label,
        COLUMN_LABEL: spot.column_label, TEXT: line.text, LEVEL: line.heading, FIGURES: line.figures,
        CELLS: line.cells, KEYS: line.keys,
    }
    return {key: value for key, value in record.items() if value or key == TEXT}


def _line(document: str, place: Mapping[str, Any], record: Mapping[str, Any]) -> Line:
    spot = Spot(
        tuple(place[HEADINGS]), record.get(PARAGRAPH, 0), place.get(TABLE, 0), place.get(CAPTION, ""),
        record.get(ROW, 0), record.get(COLUMN, 0), record.get(ROW_LABEL, ""), record.get(COLUMN_LABEL, ""),
    )
    return Line(
        document, spot, record[TEXT], record.get(LEVEL, 0),
        tuple(record.get(FIGURES, ())), tuple(record.get(CELLS, ())), tuple(record.get(KEYS, ())),
    )
