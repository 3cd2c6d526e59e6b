"""Long texts in Word: every character comes through, and the XML is what Word and the validators accept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml.ns import nsdecls, qn
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from builder.blocks import Alignment, Block, Heading, LineBreak, ListItem, Paragraph, Runs, Table, Text
from builder.rendering.blocks import BlockStyles, render_blocks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STYLES = BlockStyles("Normal", ("Heading1", "Heading2"), "ListBullet", "TableGrid", "Caption", "BodyText", 9000)
XML_TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"))


def rendered(*blocks: Block) -> list[etree._Element]:
    return list(etree.fromstring(f"<w:body {nsdecls('w')}>{render_blocks(blocks, STYLES)}</w:body>"))


def text(element: etree._Element) -> str:
    return "".join("\n" if one.tag == qn("w:br") else one.text or "" for one in element.iter(qn("w:t"), qn("w:br")))


def style(paragraph: etree._Element) -> str:
    return paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}").get(qn("w:val"))


def runs(*texts: str) -> Runs:
    return tuple(map(Text, texts))


TABLE = Table(
    (runs("类别"), runs("说明"), runs("金额")),
    ((runs("甲"), runs("一二三四五六七八"), runs("1.00")), (runs("乙"), (), (Text("2"), LineBreak(), Text("3")))),
    (None, Alignment.LEFT, Alignment.RIGHT),
)


def test_each_block_takes_its_style() -> None:
    found = rendered(
        Heading(1, runs("一")), Heading(2, runs("二")), Heading(5, runs("五")), Paragraph(runs("文")),
        ListItem(runs("项")), ListItem(runs("甲"), ordered=True, number="3."),
    )  # fmt: skip
    assert [style(one) for one in found] == ["Heading1", "Heading2", "Heading2", "Normal", "ListBullet", "Normal"]
    assert [text(one) for one in found] == ["一", "二", "五", "文", "项", "3.甲"]


def test_number_stands_off_from_digits() -> None:
    (item,) = rendered(ListItem(runs("2022年"), ordered=True, number="1."))
    assert text(item) == "1. 2022年"


def test_deeper_items_are_indented() -> None:
    found = rendered(ListItem(runs("甲")), ListItem(runs("乙"), level=2))
    indents = [one.find(f"{qn('w:pPr')}/{qn('w:ind')}") for one in found]
    assert indents[0] is None
    assert indents[1].get(qn("w:leftChars")) == "400"


def test_bold_italic_and_breaks() -> None:
    (paragraph,) = rendered(Paragraph((Text("甲", bold=True), LineBreak(), Text(" 乙 ", italic=True), Text("丙"))))
    found = [(text(run), [child.tag for child in run.iter(qn("w:b"), qn("w:i"))]) for run in paragraph.iter(qn("w:r"))]
    assert found == [("甲", [qn("w:b")]), ("\n", []), (" 乙 ", [qn("w:i")]), ("丙", [])]


def test_table_fills_the_text_area_by_the_length_of_its_texts() -> None:
    (table,) = rendered(TABLE)
    # the longest lines: 4, 16, 4 half-width characters, and 2 for the margins: 6 + 18 + 6 = 30 shares of 300 twips
    assert [one.get(qn("w:w")) for one in table.iter(qn("w:gridCol"))] == ["1800", "5400", "1800"]
    assert [one.get(qn("w:w")) for one in table.iter(qn("w:tcW"))] == ["1800", "5400", "1800"] * 3
    width = table.find(f"{qn('w:tblPr')}/{qn('w:tblW')}")
    assert (width.get(qn("w:type")), width.get(qn("w:w"))) == ("pct", "5000")
    header, first, _second = table.iter(qn("w:tr"))
    assert header.find(f".//{qn('w:tblHeader')}").attrib == {}
    assert first.find(f".//{qn('w:tblHeader')}") is None
    assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in table.iter(qn("w:tr")))
    assert [style(one) for one in header.iter(qn("w:p"))] == ["Caption"] * 3
    assert [style(one) for one in first.iter(qn("w:p"))] == ["BodyText"] * 3
    assert [one.get(qn("w:val")) for one in first.iter(qn("w:jc"))] == ["left", "right"]


@pytest.mark.parametrize(("first", "share"), [("字", 6), ("字" * 500, 48)])
def test_no_column_is_too_narrow_or_too_wide(first: str, share: int) -> None:
    (table,) = rendered(Table((runs(first), runs("一二三四五六七八九十")), (), (None, None)))  # the second: 22 shares
    widths = [int(one.get(qn("w:w"))) for one in table.iter(qn("w:gridCol"))]
    assert sum(widths) == 9000
    assert widths[0] == 9000 * share // (share + 22)


def test_neighbouring_tables_stay_two() -> None:
    assert [one.tag for one in rendered(TABLE, TABLE)] == [qn("w:tbl"), qn("w:p"), qn("w:tbl")]
    assert render_blocks([], STYLES) == ""


@given(st.lists(XML_TEXT))
def test_every_character_comes_through(texts: list[str]) -> None:
    found = rendered(*(Paragraph(runs(one)) for one in texts))
    assert [text(one) for one in found] == [one.replace("\r", "\n") for one in texts]


def test_validators_accept_it(
    audit: Callable[[Path], list[str]], ooxml_validator: Callable[[Path], list[str]], tmp_path: Path
) -> None:
    findings = []
    for name, blocks in (
        ("空", ()),
        (
            "满",
            (Heading(1, runs("一")), ListItem((Text("甲", bold=True, italic=True),), 1), TABLE, TABLE, Paragraph(())),
        ),
    ):
        document = docx.Document()
        for element in rendered(*blocks):
            document.element.body.insert(0, element)
        path = tmp_path / f"{name}.docx"
        document.save(str(path))
        findings.append((audit(path), ooxml_validator(path)))
    assert findings[1] == findings[0]  # nothing that the empty document itself does not have


def test_a_character_that_xml_cannot_hold_is_left_out() -> None:
    (paragraph,) = rendered(Paragraph(runs("甲\x0b乙\x01\ufffe　丙")))
    assert text(paragraph) == "甲乙　丙"
