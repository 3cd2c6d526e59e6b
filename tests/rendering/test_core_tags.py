"""Tags as people type them: full-width punctuation, split runs, quotes, merged cells; and what cannot be read."""

from __future__ import annotations

import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from forms import Form, W, body_of, split_runs

from builder.findings import InputError
from builder.rendering.tags import Tag, find_tags, half_width

CONTEXT = {
    "收入": {"合计": 7, "财政拨款收入": "三"},
    "年度": 2022,
    "名": lambda *words, **named: "+".join([*words, *(f"{k}={v}" for k, v in named.items())]),
    "单位": {"名称": "甲"},
}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("｛｛收入．合计｝｝", "7"),
        ("{｛收入。合计}｝", "7"),
        ("{{收入【“合计”】}}", "7"),
        ("{{　收入.合计　｜　万元　}}", "7.00"),
        ("{{ 收入.合计｜万元（“明细”） }}", "7.00"),
        ("｛％ if 收入．合计 ＞＝ 7 and 年度 ！＝ 0 ％｝是｛％ endif ％｝", "是"),
        ("{% if 收入.合计 ≥ 7 %}大{% else %}小{% endif %}", "大"),
        ("{{ 名（“甲，乙”，主语＝“收、支（总计）”） }}", "甲，乙+主语=收、支（总计）"),
        ('{{ 名("“三公”经费") }}', "“三公”经费"),
        ("{{ 名(““三公”经费”) }}", "“三公”经费"),
        ("{{ 名(‘甲’) }}", "甲"),
        ('{{ 名(“甲") }}', "甲"),
        ('{{ 名("a&b<c>{d}%") }}', "a&b<c>{d}%"),
        ("{{ 名('全角：％｛｝') }}", "全角：％｛｝"),
        ("{% if 年度 > 2021 %}{{ 年度 }}{% endif %}年", "2022年"),
        ("价格 5% { 不是标签 }", "价格 5% { 不是标签 }"),
        ("{{单位\u200b.名称}}", "甲"),
    ],
)
def test_typed_tag_prints(tmp_path, typed, shown):
    form = Form(tmp_path)
    form.add(typed)
    assert form.text(**CONTEXT) == shown


def test_paragraph_and_row_tags_may_have_a_space_before_their_letter(tmp_path):
    form = Form(tmp_path)
    form.add(
        "{% p if 年度 %}",
        "有",
        "｛％　ｐ endif ％｝",
        [["{% tr for 数 in [1, 2] %}"], ["{{ 数 }}"], ["{% tr endfor %}"]],
    )
    assert form.text(年度=1) == "有\n1\n2"


def test_names_that_look_like_paragraph_tags_are_names(tmp_path):
    form = Form(tmp_path)
    form.add("{{ p }}{{ p.x }}{{ r if p else 0 }}")
    assert form.text(p={"x": "y"}, r=1) == "{'x': 'y'}y1"


def test_tag_split_over_runs_is_whole_again_and_keeps_the_first_runs_look(tmp_path):
    form = Form(tmp_path)
    form.add(
        lambda document: split_runs(document.add_paragraph(), "共{", "{收入", ".合", "计}", "}万", bold=(1, 3)),
        lambda document: split_runs(
            document.add_paragraph(), "甲｛", "｛ 年", "度 ｝｝年｛", "｛收入.财政拨款收入｝", "｝乙", bold=(2,)
        ),
    )
    rendered = form.compile().render(CONTEXT, charts={}, pages=None, title="")
    paragraphs = list(body_of(rendered.docx).iter(f"{W}p"))
    looks = [
        [(t.text, r.find(f"{W}rPr/{W}b") is not None) for r in p.iter(f"{W}r") for t in r.iter(f"{W}t") if t.text]
        for p in paragraphs
    ]
    assert looks == [[("共7", False), ("万", False)], [("甲2022", False), ("年三", True), ("乙", False)]]


def test_runs_that_word_split_without_a_difference_are_merged(tmp_path):
    def split(document):
        paragraph = split_runs(document.add_paragraph(), "一", "二", "三")
        for index, run in enumerate(paragraph.runs):
            run._r.set(qn("w:rsidR"), f"00AA000{index}")
            run._r.addnext(OxmlElement("w:proofErr"))

    form = Form(tmp_path)
    form.add(split)
    body = body_of(form.compile().source_docx())
    assert [t.text for t in body.iter(f"{W}t")] == ["一二三"]
    assert not [name for element in body.iter() for name in element.attrib if "rsid" in name]


def test_merged_runs_keep_their_spaces(tmp_path):
    form = Form(tmp_path)
    form.add(lambda document: split_runs(document.add_paragraph(), "a ", " b", "c"))
    assert form.text() == "a  bc"


def test_vertical_merge_restarts_where_the_condition_is_true(tmp_path):
    form = Form(tmp_path)
    form.add(
        [["{%tr for 行 in 表 %}", ""], ["{% 纵并 行.级 == “类” %}{{ 行.名 }}", "{{ 行.名 }}"], ["{%tr endfor %}", ""]]
    )
    rows = [{"级": "类", "名": "甲"}, {"级": "款", "名": "乙"}, {"级": "款", "名": "丙"}, {"级": "类", "名": "丁"}]
    rendered = form.compile().render({"表": rows}, charts={}, pages=None, title="")
    cells = [row.findall(f"{W}tc")[0] for row in body_of(rendered.docx).iter(f"{W}tr")]
    assert [cell.find(f"{W}tcPr/{W}vMerge").get(f"{W}val") for cell in cells] == [
        "restart",
        "continue",
        "continue",
        "restart",
    ]
    assert ["".join(t.text or "" for t in cell.iter(f"{W}t")) for cell in cells] == ["甲", "", "", "丁"]
    names = [child.tag.removeprefix(W) for child in cells[0].find(f"{W}tcPr")]
    assert names == ["tcW", "vMerge"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("收入{{ 收入.合计 万元", "第1段「收入{{ 收入.合计 万元」：标签「{{ 收入.合计 万元」没有写完，缺少结尾的 }}"),
        ("{% if 年度 }", "缺少结尾的 %}"),
        ("收入 收入.合计 }} 万元", "前面却没有 {{"),
        ("{{ 收入. }}", "写得不完整"),
        ('{{ 名("甲) }}', "引号没有成对"),
        ("{{ }}", "是空的"),
        ("{{ 收入.合计 | 万圆 }}", "没有「万圆」这个过滤器，是不是「万元」？"),
        ("{% fro x in y %}", "没有「fro」这种标签，是不是「for」？"),
        ("{% if 年度 %}", "没有与它配对的 {% endif %}"),
        ("{% endif %}", "前面没有与它配对的 {% if … %}"),
        ("{% else %}", "不在 {% if … %} 和 {% endif %} 之间"),
        ("{% for 行 in 表 %}{% endif %}", "此前的「{% for 行 in 表 %}」还没有结束"),
        ("{%tr if 行 %}{%tr endif %}", "「{%tr if 行 %}」只能写在表格里"),
        ("{% include 'x' %}", "没有「include」这种标签"),
        ("{{ 年度 | safe }}", "没有「safe」这个过滤器"),
    ],
)
def test_broken_tag_is_said_with_part_and_paragraph(tmp_path, typed, said):
    form = Form(tmp_path)
    form.add(typed, name="说明.docx")
    with pytest.raises(InputError) as caught:
        form.compile()
    message = str(caught.value.findings[0])
    assert message.startswith("说明.docx: 错误：第1段")
    assert said in message


def test_all_broken_tags_of_all_parts_are_said_at_once(tmp_path):
    form = Form(tmp_path)
    form.add("好的", "{{ 收入", "{{ x | 万圆 }}和{{ y | 无此 }}", name="甲.docx")
    form.add("{{ 收入.合计 }}", name="乙.docx")
    form.add([["头"], ["{{ 行. }}"]], "{% if %}{% endif %}", name="丙.docx")
    with pytest.raises(InputError) as caught:
        form.compile()
    places = [(f.source.path, f.message.split("「")[0].split("：")[0]) for f in caught.value.findings]
    assert places == [
        ("甲.docx", "第2段"),
        ("甲.docx", "第3段"),
        ("甲.docx", "第3段"),
        ("丙.docx", "第1个表格第2行"),
        ("丙.docx", "第1段"),
    ]


def test_find_tags_gives_kind_prefix_and_body():
    found = [tag for _, _, tag in find_tags("甲{{p 长文.职责 }}乙{%tr for 行 in 表%}{#r 备注 #}")]
    assert all(isinstance(tag, Tag) for tag in found)
    assert [(tag.kind, tag.prefix, tag.body) for tag in found] == [
        ("{", "p", "长文.职责"),
        ("%", "tr", "for 行 in 表"),
        ("#", "", "r 备注 "),
    ]


def test_half_width_keeps_literals():
    assert half_width("（“，”，1）") == "('，',1)"
    with pytest.raises(ValueError, match="“"):
        half_width("“没有完")
