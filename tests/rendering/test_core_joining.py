"""Joining parts: sections, headers, styles, numbering, images; what does not fit is said."""

from __future__ import annotations

import base64
import io
import zipfile

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from forms import Form, W, body_of, read_xml, text_of

from builder.findings import InputError

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def rendered(form, **context):
    return form.compile().render(context, charts={}, pages=None, title="标题").docx


def landscape(document):
    section = document.sections[-1]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width


def footer(text):
    def add(document):
        document.sections[-1].footer.paragraphs[0].text = text

    return add


def names(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.namelist()


def footers(data):
    """The text of each section's footer, in order; None for a section that names none."""
    links = {e.get("Id"): e.get("Target") for e in read_xml(data, "word/_rels/document.xml.rels")}
    found = []
    for section in body_of(data).iter(f"{W}sectPr"):
        reference = section.find(f"{W}footerReference")
        root = read_xml(data, f"word/{links[reference.get(f'{R}id')]}") if reference is not None else None
        found.append("".join(t.text for t in root.iter(f"{W}t")) if root is not None else None)
    return found


def test_sections_keep_their_page_and_order(tmp_path):
    form = Form(tmp_path)
    form.add("纵向")
    form.add("横向", landscape)
    form.add("又是纵向")
    body = body_of(rendered(form))
    sections = list(body.iter(f"{W}sectPr"))
    assert [s.find(f"{W}pgSz").get(f"{W}orient") for s in sections] == [None, "landscape", None]
    ends = [s.getparent().getparent() for s in sections[:2]]  # in the parts' own last paragraphs
    assert ["".join(t.text for t in p.iter(f"{W}t")) for p in ends] == ["纵向", "横向"]
    assert sections[2].getparent() is body
    assert body[-1] is sections[2]


def without_last_paragraph(document):
    paragraph = document.paragraphs[-1]._p
    paragraph.getparent().remove(paragraph)


@pytest.mark.parametrize(
    "contents",
    [
        ["头", [["表格"]], "多余的", without_last_paragraph],
        ["头", "{%p if 有 %}", "看不见", "{%p endif %}"],
    ],
)
def test_section_end_gets_a_tiny_paragraph_where_the_last_is_no_plain_one(tmp_path, contents):
    form = Form(tmp_path)
    form.add(*contents)
    form.add("后一部分")
    data = rendered(form, 有=False)
    paragraph = next(body_of(data).iter(f"{W}sectPr")).getparent().getparent()
    assert not list(paragraph.iter(f"{W}t"))
    assert paragraph.find(f"{W}pPr/{W}spacing").get(f"{W}line") == "20"
    assert text_of(data).splitlines()[-1] == "后一部分"
    assert "看不见" not in text_of(data)


def test_same_footer_is_stored_once_and_tags_in_it_are_rendered(tmp_path):
    form = Form(tmp_path)
    form.add("一", footer("｛｛ 年度 ｝｝年"))
    form.add("二", footer("{{ 年度 }}年"))
    form.add("三", footer("另一个"))
    data = rendered(form, 年度=2022)
    assert footers(data) == ["2022年", "2022年", "另一个"]
    assert len([name for name in names(data) if name.startswith("word/footer")]) == 2


def test_part_without_footer_does_not_take_that_of_the_part_before(tmp_path):
    form = Form(tmp_path)
    form.add("封面")
    form.add("正文", footer("页脚"))
    form.add("附件")
    assert footers(rendered(form)) == [None, "页脚", ""]


def test_broken_tag_in_a_footer_is_said(tmp_path):
    form = Form(tmp_path)
    form.add("正文", footer("{{ 年度"), name="甲.docx")
    with pytest.raises(InputError, match=r"甲\.docx: 错误：页脚第1段"):
        form.compile()


def test_undefined_name_in_a_footer_is_said(tmp_path):
    form = Form(tmp_path)
    form.add("正文", footer("{{ 年渡 }}"), name="甲.docx")
    with pytest.raises(InputError, match=r"甲\.docx: 错误：页脚第1段.*没有「年渡」这个名称，是不是「年度」？"):
        rendered(form, 年度=1)


def test_styles_are_matched_by_name(tmp_path):
    def own_id(document):
        style = document.styles.add_style("公文正文", WD_STYLE_TYPE.PARAGRAPH)
        style.element.set(qn("w:styleId"), "a7")  # as WPS numbers styles
        document.add_paragraph("文字").style = style

    form = Form(tmp_path)
    form.add(own_id)
    base = form.folder / "样式.docx"
    document = docx.Document(str(base))
    document.styles.add_style("公文正文", WD_STYLE_TYPE.PARAGRAPH).element.set(qn("w:styleId"), "GWZW")
    document.save(str(base))
    styles = [e.get(f"{W}val") for e in body_of(rendered(form)).iter(f"{W}pStyle")]
    assert styles == ["GWZW"]


def test_style_and_numbering_that_the_base_lacks_are_said(tmp_path):
    def foreign(document):
        style = document.styles.add_style("自造样式", WD_STYLE_TYPE.PARAGRAPH)
        paragraph = document.add_paragraph("文字", style=style)
        properties = paragraph._p.get_or_add_pPr()
        number = OxmlElement("w:numPr")
        identity = OxmlElement("w:numId")
        identity.set(qn("w:val"), "77")
        number.append(identity)
        properties.append(number)

    form = Form(tmp_path)
    form.add(foreign, name="甲.docx")
    with pytest.raises(InputError) as caught:
        form.compile()
    said = [str(finding) for finding in caught.value.findings]
    assert len(said) == 2
    assert said[0].startswith("甲.docx: 错误：用了样式“自造样式”，样式.docx 里没有这个样式")
    assert "自动编号 77" in said[1]


def test_unaccepted_revisions_are_said(tmp_path):
    def revised(document):
        paragraph = document.add_paragraph()
        inserted = OxmlElement("w:ins")
        inserted.append(paragraph.add_run("新增")._r)
        paragraph._p.append(inserted)

    form = Form(tmp_path)
    form.add(revised)
    with pytest.raises(InputError, match="未接受的修订"):
        form.compile()


def test_images_are_copied_once_and_drawings_numbered_apart(tmp_path):
    form = Form(tmp_path)
    form.add("{%p for 甲 in 次 %}", lambda d: d.add_picture(io.BytesIO(PNG)), "{%p endfor %}")
    form.add(lambda d: d.add_picture(io.BytesIO(PNG)))
    data = rendered(form, 次=[1, 2, 3])
    assert [name for name in names(data) if "media" in name] == ["word/media/image1.png"]
    drawings = [e.get("id") for e in body_of(data).iter("{*}docPr")]
    assert drawings == ["1", "2", "3", "4"]
    links = {e.get("Id"): e.get("Target") for e in read_xml(data, "word/_rels/document.xml.rels")}
    assert {links[e.get(f"{R}embed")] for e in body_of(data).iter("{*}blip")} == {"media/image1.png"}


def test_bookmarks_nobody_refers_to_are_dropped(tmp_path):
    def marked(document):
        for number, name in enumerate(("_GoBack", "OLE_LINK1"), 3):
            paragraph = document.add_paragraph(name)
            for kind in ("bookmarkStart", "bookmarkEnd"):
                mark = OxmlElement(f"w:{kind}")
                mark.set(qn("w:id"), str(number))
                if kind == "bookmarkStart":
                    mark.set(qn("w:name"), name)
                paragraph._p.append(mark)

    form = Form(tmp_path)
    form.add(marked)
    assert not list(body_of(rendered(form)).iter(f"{W}bookmarkStart", f"{W}bookmarkEnd"))
