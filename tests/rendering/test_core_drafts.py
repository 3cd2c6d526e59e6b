"""A draft says 草稿 on every page, whatever headers the form has; nothing of it stands in the final document."""

from __future__ import annotations

import io
import posixpath
import zipfile

import pytest
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.shared import Pt
from forms import Form, W, paragraph_text, read_xml
from pypdf import PdfReader

from builder.rendering.marks import Written

NOTHING = {"charts": {}, "pages": None, "title": ""}
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
KINDS = ("default", "first", "even")


def headers_of_sections(data):
    """What each section shows in each kind of header: its own, or else that of the section before."""
    links = {link.get("Id"): link.get("Target") for link in read_xml(data, "word/_rels/document.xml.rels")}
    shown = dict.fromkeys(KINDS, "（没有）")
    sections = []
    for section in read_xml(data, "word/document.xml").iter(f"{W}sectPr"):
        for reference in section.iter(f"{W}headerReference"):
            root = read_xml(data, posixpath.join("word", links[reference.get(f"{R}id")]))
            shown[reference.get(f"{W}type")] = "/".join(filter(None, map(paragraph_text, root.iter(f"{W}p"))))
        sections.append(tuple(shown.values()))
    return sections


def own_headers(document):
    """Give the part three kinds of header, and a second section, landscape, that continues them."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = "{{ 年度 }}年部门决算"
    section.first_page_header.paragraphs[0].text = "首页"
    section.even_page_header.paragraphs[0].text = "偶数页"
    document.add_section(WD_SECTION.NEW_PAGE)
    document.add_paragraph("横向")
    section = document.sections[1]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    second_page(document)


def second_page(document):
    document.add_page_break()
    document.add_paragraph("第二页")


def header_in_a_table(document):
    document.sections[0].header.add_table(1, 1, Pt(300)).cell(0, 0).text = "表中的页眉"


def footer_only(document):
    document.sections[0].footer.paragraphs[0].text = "页脚"


def even_pages(document):
    document.settings.odd_and_even_pages_header_footer = True


@pytest.fixture
def form(tmp_path):
    made = Form(tmp_path)
    path = made.add(even_pages, name="样式.docx")
    made.parts.remove(path)
    made.add("封面")
    made.add("有页眉", own_headers)
    made.add("没有页眉", second_page)
    made.add("表格页眉", header_in_a_table)
    made.add("只有页脚", footer_only)
    return made


def test_every_kind_of_header_of_every_section(form):
    draft = form.compile().render({"年度": 2022}, **NOTHING, draft=True).docx
    bare, own = ("草稿",) * 3, ("草稿/2022年部门决算", "草稿/首页", "草稿/偶数页")
    table = ("草稿/表中的页眉", "草稿", "草稿")
    assert headers_of_sections(draft) == [bare, own, own, bare, table, bare]


def test_first_section_that_a_condition_leaves_out(tmp_path):
    form = Form(tmp_path)
    form.add("{%p if 封面 %}", lambda d: d.add_section(), "{%p endif %}", "正文")
    compiled = form.compile()
    for cover in (True, False):
        sections = headers_of_sections(compiled.render({"封面": cover}, **NOTHING, draft=True).docx)
        assert sections == [("草稿",) * 3] * (2 if cover else 1)


def test_final_document_after_a_draft_has_nothing_of_it(form):
    compiled, fresh = form.compile(), form.compile()
    first = compiled.render({"年度": 2022}, **NOTHING, draft=True).docx
    final = compiled.render({"年度": 2022}, **NOTHING).docx
    assert final == fresh.render({"年度": 2022}, **NOTHING).docx
    with zipfile.ZipFile(io.BytesIO(final)) as archive:
        assert not [name for name in archive.namelist() if "草稿" in archive.read(name).decode()]
    assert fresh.render({"年度": 2022}, **NOTHING, draft=True).docx == first


def test_draft_is_valid(form, audit, ooxml_validator, tmp_path):
    path = tmp_path / "草稿.docx"
    path.write_bytes(form.compile().render({"年度": 2022}, **NOTHING, draft=True).docx)
    assert audit(path) == []
    assert ooxml_validator(path) == []


def narrow_margin(document):
    """A top margin above where a header would stand, and just enough text for two pages without one."""
    section = document.sections[0]
    section.top_margin, section.header_distance = Pt(36), Pt(60)
    section.page_height, section.bottom_margin = Pt(36 + 40 * 15 + 8 + 100), Pt(100)
    for number in range(80):
        paragraph = document.add_paragraph(f"第{number}行")
        paragraph.paragraph_format.line_spacing = Pt(15)
        paragraph.paragraph_format.space_after = Pt(0)


@pytest.fixture
def pages(soffice, tmp_path):
    """The text of each page of the final document and of the draft."""

    def measured(form):
        compiled, pages = form.compile(), []
        for draft in (False, True):
            path = tmp_path / f"{draft}.docx"
            path.write_bytes(compiled.render({"年度": 2022}, **NOTHING, draft=draft).docx)
            pages.append([page.extract_text() for page in PdfReader(soffice(path)).pages])
        return pages

    return measured


def test_on_every_page_in_libreoffice(form, pages):
    final, draft = pages(form)
    assert len(draft) == len(final) == sum((1, 3, 2, 1, 1))
    assert ["草稿" in text for text in draft] == [True] * 8
    assert not any("草稿" in text for text in final)
    assert sum("2022年部门决算" in text for text in draft) == sum("2022年部门决算" in text for text in final)


def test_as_many_pages_as_the_final_document(tmp_path, pages):
    form = Form(tmp_path)
    form.add(narrow_margin)
    form.add("完")
    final, draft = pages(form)
    assert len(draft) == len(final) == 3
    assert ["草稿" in text for text in draft] == [True] * 3


def test_a_written_text_in_a_header_has_no_sign_of_its_bookmark(form):
    written = Written("二〇二二", "说明/年度")
    data = form.compile().render({"年度": written}, **NOTHING).docx
    assert headers_of_sections(data)[1] == ("二〇二二年部门决算", "首页", "偶数页")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        headers = [archive.read(name).decode() for name in archive.namelist() if name.startswith("word/header")]
    assert not [header for header in headers if max(header) >= "\U00100000"]
