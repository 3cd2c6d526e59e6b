"""Where every word of a document comes from."""

from __future__ import annotations

from functools import cache

import pytest
from published import content
from workspaces import EXAMPLES, ROOT, UNIT, YEAR

from builder.accounts.statements import Place
from builder.building import Builder
from builder.rendering.marks import bookmark_name
from builder.rendering.passages import Passage, Walk
from builder.rendering.wml import parse
from builder.tracing import Trace, Tracer
from builder.workspace import Workspace

BUILDER = Builder(Workspace(ROOT))


@cache
def traced(unit: str, year: int) -> Trace:
    return Tracer(BUILDER).trace(unit, year)


def passage_with(trace: Trace, text: str) -> Passage:
    (found,) = (passage for passage in trace.passages if text in passage.text)
    return found


@pytest.mark.parametrize(("unit", "year"), EXAMPLES, ids=[unit for unit, _ in EXAMPLES])
def test_the_traced_passages_are_those_of_the_finished_document(unit: str, year: int) -> None:
    rendered = BUILDER.build(unit, year).rendered
    walk = Walk(BUILDER.form(BUILDER.accounts(unit, year).style.name).compiled.styles)
    finished = walk.passages(parse(rendered.document)[0])
    expected = traced(unit, year).passages
    assert [(passage.spot, passage.text) for passage in finished] == [
        (passage.spot, passage.text) for passage in expected
    ]
    marks = [{segment.mark for segment in passage.segments if segment.mark} for passage in finished]
    assert sum(map(len, marks)) > 10  # reasons and long texts


def test_a_sentence_knows_its_figures_and_its_reason() -> None:
    trace = traced(UNIT, YEAR)
    sentence = passage_with(trace, "与2021年度相比，收、支总计各增加")
    assert "收支.总计" in trace.figures_of(sentence)
    assert str(sentence.spot).endswith("一、收入支出决算总体情况说明 第1段")
    reason = content(UNIT, YEAR, "说明.yaml")["原因"]["收支.总计"]["较上年"]
    (written,) = (segment for segment in sentence.segments if segment.mark)
    assert written.text == reason.rstrip("。")
    assert written.mark.startswith(bookmark_name("原因/收支.总计/较上年"))


def test_a_tables_cell_knows_its_place_and_a_tag_its_part() -> None:
    trace = traced(UNIT, YEAR)
    cells = {origin.cell for passage in trace.passages for origin in trace.origins_of(passage)}
    assert Place("公开03", "合计", "基本支出") in cells
    part = next(part for part in trace.parts if part.source.path.endswith("公开表.docx"))
    place = Place("公开03", "合计", "基本支出")
    total = next(found for found in part.passages if [o.cell for o in trace.origins_of(found)] == [place])
    (printed,) = (segment.printed for segment in total.segments if segment.printed is not None)
    assert str(part.places[printed]).startswith("第3个表格第")
