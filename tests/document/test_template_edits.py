"""The form belongs to its owner: sentences changed in Word appear in the document, however Word cuts them into runs."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from documents import BuiltDocument
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from workspaces import CommandLine, WorkspaceCopy

PART = "说明.docx"
BEGINS = "{{ 年度 }}年度支出合计"
PUBLISHED = (
    "2022年度支出合计1067.01万元，与2021年度相比，支出合计增加139.08万元，增长14.99%。其中：基本支出816.43万元，"
)


def edited(workspace: WorkspaceCopy, change: Callable[[Document], None], name: str = PART) -> None:
    path = workspace.form / name
    part = docx.Document(str(path))
    change(part)
    part.save(str(path))


def paragraph_of(part: Document, begins: str = BEGINS) -> Paragraph:
    (found,) = [paragraph for paragraph in part.paragraphs if paragraph.text.startswith(begins)]
    return found


def split(paragraph: Paragraph, cut: Callable[[str], list[str]]) -> None:
    """Cut a paragraph into runs as Word does: each with properties of its own, spelling marks and bookmarks between."""
    text, first = paragraph.text, paragraph.runs[0]._r
    properties = first.find(qn("w:rPr"))
    for run in paragraph.runs:
        paragraph._p.remove(run._r)
    for number, piece in enumerate(cut(text)):
        run = paragraph.add_run(piece)
        if properties is not None:
            run._r.insert(0, copy.deepcopy(properties))
        if not piece.isascii():
            run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")
        mark = OxmlElement("w:proofErr")
        mark.set(qn("w:type"), "gramStart" if number % 2 == 0 else "gramEnd")
        paragraph._p.append(mark)


CUTS: dict[str, Callable[[str], list[str]]] = {
    "whole": lambda text: [text],
    "every character": list,
    "at braces": lambda text: re.findall(r"[{}%|]|[^{}%|]+", text),
    "between Chinese and other signs": lambda text: re.findall(r"[一-鿿]+|[^一-鿿]+", text),
}


@pytest.mark.parametrize("cut", CUTS)
def test_a_changed_sentence_appears(workspace: WorkspaceCopy, juesuan: CommandLine, cut: str) -> None:
    def change(part: Document) -> None:
        paragraph = paragraph_of(part)
        paragraph.runs[0].text = paragraph.text.replace("与{{ 上年度 }}年度相比", "同{{ 上年度 }}年度比较")
        for run in paragraph.runs[1:]:
            run.text = ""
        split(paragraph, CUTS[cut])

    edited(workspace, change)
    run = juesuan("build")
    assert run.status == 0, run.err
    lines = BuiltDocument.of(workspace.document).lines
    assert [line for line in lines if line.startswith(PUBLISHED.replace("与2021年度相比", "同2021年度比较"))]


def test_only_that_sentence_changes(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    assert juesuan("build").status == 0
    before = BuiltDocument.of(workspace.document).lines

    def change(part: Document) -> None:
        first = paragraph_of(part, "本部门{{ 年度 }}").runs[0]
        first.text = first.text.replace("本部门", "本中心", 1)

    edited(workspace, change)
    assert juesuan("build").status == 0
    lines = BuiltDocument.of(workspace.document).lines
    changed = [(old, new) for old, new in zip(before, lines, strict=True) if old != new]
    assert [(old[:10], new[:10]) for old, new in changed] == [("本部门2022年度政", "本中心2022年度政")]
    assert changed[0][0][3:] == changed[0][1][3:]


def test_a_new_sentence_with_tags_as_typed_by_an_input_method(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    def change(part: Document) -> None:
        new = paragraph_of(part).insert_paragraph_before(
            "其中接待｛｛ 三公．公务接待费 ｜ 万元 ｝｝万元｛％ if 年度 ＞ 2000 ％｝"
            "｛｛ 三公.公务接待费｜较上年（“三公分项”）｝｝｛％ endif ％｝。"
        )
        new.style = part.styles["公文正文"]

    edited(workspace, change)
    run = juesuan("build")
    assert run.status == 0, run.err
    text = BuiltDocument.of(workspace.document).text
    assert "其中接待0.15万元，决算数较上年减少0.3万元，下降66.67%。" in text


def test_fonts_of_the_edited_run_are_kept(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    def change(part: Document) -> None:
        paragraph_of(part).add_run("特别说明").bold = True

    edited(workspace, change)
    assert juesuan("build").status == 0
    paragraphs = docx.Document(str(workspace.document)).paragraphs
    (found,) = [run for paragraph in paragraphs for run in paragraph.runs if run.text == "特别说明"]
    assert found.bold


def test_a_table_column_may_be_renamed(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    def change(part: Document) -> None:
        cells = [p for table in part.tables for row in table.rows for cell in row.cells for p in cell.paragraphs]
        found = next(paragraph for paragraph in cells if paragraph.text == "经营支出")
        found.runs[0].text = "生产经营支出"

    edited(workspace, change, "公开表.docx")
    assert juesuan("build").status == 0
    assert "生产经营支出" in BuiltDocument.of(workspace.document).tables["公开03"][-25]


def test_no_derived_number_stands_in_a_part(workspace: WorkspaceCopy) -> None:
    """All numbers of the parts' own text: of lists, of tables and columns, a date, and the name of a threshold."""
    known = {
        "公开表.docx": {*map(str, range(1, 13)), *(f"0{number}" for number in range(1, 10))},
        "概况.docx": {"1", "2"},
        "说明.docx": {"1", "2", "3", "4", "12", "31", "100"},  # 图1–图4, 12月31日, 单位价值100万元以上设备
        "附件.docx": {"1", "2", "3"},
    }
    parts = sorted([*workspace.form.glob("*.docx"), *workspace.form.with_name("通用").glob("*.docx")])
    assert len(parts) == 10
    for path in parts:
        found = numbers_of(path) - known.get(path.name, set())
        assert found <= {"1"}, path.name  # in footers and contents, a page number as Word left it


def numbers_of(path: Path) -> set[str]:
    part = docx.Document(str(path))
    roots = [part.element.body]
    for section in part.sections:
        roots += [story._element for story in (section.header, section.footer)]
    text = "\n".join(
        "".join(piece.text or "" for piece in paragraph.iter(qn("w:t")))
        for root in roots for paragraph in root.iter(qn("w:p"))
    )  # fmt: skip
    return set(re.findall(r"\d+(?:[.,]\d+)*", re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", text, flags=re.DOTALL)))


def test_no_amount_stands_in_the_style(workspace: WorkspaceCopy) -> None:
    style = (workspace.form / "style.yaml").read_text(encoding="utf-8")
    rules = re.sub(r"#.*", "", style)
    assert not re.findall(r"\d+\.\d+|\d+,\d{3}|20\d\d年", rules)
