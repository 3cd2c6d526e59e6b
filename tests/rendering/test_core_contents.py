"""The contents page: entries, links, bookmarks and page numbers written into the field."""

from __future__ import annotations

import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from forms import Form, W, add_contents, body_of, field_character, paragraph_text
from markupsafe import Markup

from builder.findings import InputError
from builder.rendering.contents import Heading


def make(tmp_path, instruction=r' TOC \o "1-2" \h \z \u '):
    form = Form(tmp_path)
    form.add("目录", lambda document: add_contents(document, instruction), "目录之后")
    form.add(
        ("Heading 1", "第一部分　{{ 单位 }}概况"),
        ("Heading 2", "一、职责 & 机构"),
        ("Heading 3", "（一）三级"),
        "{%p for 数 in 次 %}",
        ("Heading 2", "二、第{{ 数 }}项"),
        "{%p endfor %}",
        ("Heading 1", "{% if 空 %}不显示{% endif %}"),
    )
    return form


def render(form, pages=None, **context):
    return form.compile().render(
        {"单位": "甲&乙", "次": [1, 2], "空": False} | context, charts={}, pages=pages, title=""
    )


def entries(rendered):
    return [p for p in body_of(rendered.docx).iter(f"{W}p") if p.find(f"{W}hyperlink") is not None]


def test_entries_are_the_headings_in_order(tmp_path):
    rendered = render(make(tmp_path))
    assert rendered.headings == (
        Heading(1, "第一部分　甲&乙概况", "_Toc000000001"),
        Heading(2, "一、职责 & 机构", "_Toc000000002"),
        Heading(2, "二、第1项", "_Toc000000003"),
        Heading(2, "二、第2项", "_Toc000000004"),
    )
    shown = [(p.find(f"{W}pPr/{W}pStyle").get(f"{W}val"), paragraph_text(p)) for p in entries(rendered)]
    assert shown == [
        ("toc1", "第一部分　甲&乙概况"),
        ("toc2", "一、职责 & 机构"),
        ("toc2", "二、第1项"),
        ("toc2", "二、第2项"),
    ]
    texts = [paragraph_text(p) for p in body_of(rendered.docx).iter(f"{W}p")]
    assert "旧的目录项\t1" not in texts
    assert texts[0] == "目录"
    assert texts[5] == "目录之后"


def test_each_entry_leads_to_a_bookmark_at_its_heading(tmp_path):
    rendered = render(make(tmp_path))
    body = body_of(rendered.docx)
    starts = {e.get(f"{W}name"): e for e in body.iter(f"{W}bookmarkStart")}
    ids = [e.get(f"{W}id") for e in body.iter(f"{W}bookmarkStart")]
    assert len(set(ids)) == len(ids)
    assert ids == [e.get(f"{W}id") for e in body.iter(f"{W}bookmarkEnd")]
    for paragraph, heading in zip(entries(rendered), rendered.headings, strict=True):
        anchor = paragraph.find(f"{W}hyperlink").get(f"{W}anchor")
        assert anchor == heading.bookmark
        assert paragraph_text(starts[anchor].getparent()) == heading.text


def test_page_numbers_stand_where_they_are_known(tmp_path):
    rendered = render(make(tmp_path), pages={"_Toc000000001": "1", "_Toc000000003": "- 12 -"})
    assert [paragraph_text(p) for p in entries(rendered)] == [
        "第一部分　甲&乙概况\t1",
        "一、职责 & 机构",
        "二、第1项\t- 12 -",
        "二、第2项",
    ]
    assert [t.text for t in entries(rendered)[0].iter(f"{W}instrText")][-1] == r" PAGEREF _Toc000000001 \h "
    assert not rendered.paginated


def test_pages_may_depend_on_the_layout(tmp_path):
    compiled = make(tmp_path).compile()
    context = {"单位": "甲", "次": [], "空": False}
    first = compiled.render(context, charts={}, pages=None, title="")
    pages = {heading.bookmark: "7" for heading in first.headings}
    known = {first.layout: pages}
    again = compiled.render(context, charts={}, pages=known.get, title="别的标题")
    assert again.paginated
    assert paragraph_text(entries(again)[0]) == "第一部分　甲概况\t7"
    changed = compiled.render(context | {"单位": "乙"}, charts={}, pages=known.get, title="")
    assert not changed.paginated
    assert paragraph_text(entries(changed)[0]) == "第一部分　乙概况"


def test_field_is_whole(tmp_path):
    rendered = render(make(tmp_path), pages={"_Toc000000002": "3"})
    kinds = [e.get(f"{W}fldCharType") for e in body_of(rendered.docx).iter(f"{W}fldChar")]
    assert kinds == ["begin", "separate", "begin", "separate", "end", "end"]
    first, *_, last = entries(rendered)
    assert next(first.iter(f"{W}fldChar")).get(f"{W}fldCharType") == "begin"
    assert list(last.iter(f"{W}fldChar"))[-1].get(f"{W}fldCharType") == "end"
    assert next(first.iter(f"{W}instrText")).text.split() == ["TOC", r"\o", '"1-2"', r"\h", r"\z", r"\u"]
    assert "w:dirty" not in rendered.text


def test_range_of_levels(tmp_path):
    rendered = render(make(tmp_path, r'TOC \o "1-1" \h'))
    assert [heading.level for heading in rendered.headings] == [1]


def test_no_headings_leave_an_empty_field(tmp_path):
    form = Form(tmp_path)
    form.add(add_contents, "正文")
    rendered = form.compile().render({}, charts={}, pages=None, title="")
    kinds = [e.get(f"{W}fldCharType") for e in body_of(rendered.docx).iter(f"{W}fldChar")]
    assert (rendered.headings, kinds) == ((), ["begin", "separate", "end"])


def test_paragraphs_own_outline_level_counts_with_u(tmp_path):
    def outlined(document):
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), "1")
        document.add_paragraph("自设级别")._p.get_or_add_pPr().append(level)

    form = make(tmp_path)
    form.add(outlined)
    assert render(form).headings[-1] == Heading(2, "自设级别", "_Toc000000005")
    other = make(tmp_path, r'TOC \o "1-2" \h')
    other.parts.append(form.parts[-1])
    assert all(heading.text != "自设级别" for heading in render(other).headings)


def test_tags_in_the_stored_entries_do_not_matter(tmp_path):
    def with_tag(document):
        first = document.add_paragraph(style="toc 1")
        field_character(first, "begin", r'TOC \o "1-1"')
        field_character(first, "separate")
        first.add_run("第一部分 {{ 没有这个名称 ")
        field_character(document.add_paragraph(), "end")

    form = Form(tmp_path)
    form.add(with_tag, ("Heading 1", "甲"))
    assert [h.text for h in form.compile().render({}, charts={}, pages=None, title="").headings] == ["甲"]


def test_missing_entry_style_is_said(tmp_path):
    form = Form(tmp_path)
    form.add(lambda document: add_contents(document, r'TOC \o "1-3"'), name="目录.docx")
    with pytest.raises(InputError, match=r"目录\.docx: 错误：目录要用的样式“toc 3”"):
        form.compile()


HEADING = '<w:p><w:pPr><w:pStyle w:val="Heading2"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'


@pytest.mark.parametrize("other", ["正文", "{% macro 写(词) %}{{ 词 }}{% endmacro %}{{ 写(年) }}"])
def test_headings_of_loops_conditions_and_inserted_texts(tmp_path, other):
    form = Form(tmp_path)
    repeated = ("{%p for 项 in 各项 %}", ("Heading 1", "{{ 项 }}"), "{%p endfor %}")
    left_out = ("{%p if 无 %}", ("Heading 1", "不印"), "{%p endif %}")
    form.add(add_contents, *repeated, *left_out, "{{p 长文 }}", other)
    context = {"各项": ["甲", "乙"], "无": "", "长文": Markup(HEADING.format("长文标题")), "年": 1}
    rendered = form.compile().render(context, charts={}, pages=None, title="")
    assert [(each.level, each.text) for each in rendered.headings] == [(1, "甲"), (1, "乙"), (2, "长文标题")]
    assert not any(ord(character) > 0xFFFF for character in rendered.text)


def test_a_heading_in_a_text_box_of_a_heading_is_part_of_it(tmp_path):
    def boxed(document):
        heading = document.add_paragraph("外", style="Heading 1")
        inner = HEADING.format("内").replace("Heading2", "Heading1")
        box = f'<w:pict {nsdecls("w")}><w:txbxContent>{inner}</w:txbxContent></w:pict>'
        heading.add_run()._r.append(parse_xml(box))
        heading.add_run("外续")

    form = Form(tmp_path)
    form.add(add_contents, boxed, ("Heading 1", "后"))
    rendered = form.compile().render({}, charts={}, pages=None, title="")
    assert [each.text for each in rendered.headings] == ["外内", "后"]
    assert not any(ord(character) > 0xFFFF for character in rendered.text)
