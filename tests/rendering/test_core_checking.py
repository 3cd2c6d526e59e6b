"""The static check of a form against the tree of known names, and the text view."""

from __future__ import annotations

import pytest
from docx.enum.section import WD_ORIENT, WD_SECTION
from forms import FILTERS, Form, add_contents

from builder.findings import InputError
from builder.rendering.checking import ANY, LEAF, Unprinted, check_form
from builder.rendering.environment import UNKNOWN, Vocabulary
from builder.rendering.textview import text_view

ROW = {"科目名称": LEAF, "基本支出": LEAF}
NAMES = {
    "年度": LEAF,
    "单位": {"名称": LEAF},
    "收入": {"合计": ANY, "财政拨款收入": ANY},
    "支出": {"*": {"上年": LEAF}},
    "公开03": {"行": {"*": ROW}, "合计": ROW},
    "长文": {"职责": LEAF},
}


def check(tmp_path, *contents):
    form = Form(tmp_path)
    form.add(*contents, name="说明.docx")
    return [str(finding) for finding in check_form(form.files(), Vocabulary(FILTERS, {}), NAMES)]


@pytest.mark.parametrize(
    "typed",
    [
        "{{ 单位.名称 }}{{ 收入.合计.上年.随便 }}{{ 支出['2080505'].上年 }}",
        "{% for 行 in 公开03.行 %}{{ 行.科目名称 }}{{ loop.index }}{% endfor %}",
        "{% for 行 in 公开03.行 | selectattr('科目名称') | list %}{{ 行.基本支出 }}{% endfor %}",
        "{{ (公开03.行 | first).基本支出 }}{{ 公开03.行[0].基本支出 }}",
        "{% set 甲 = 公开03.合计 %}{{ 甲.科目名称 }}",
        "{% if 长文.其他 is defined %}{{ 长文.其他 }}{% endif %}",
        "{{ 长文.别的 | default('无') }}",
        "{% for i in range(3) %}{{ i }}{% endfor %}",
        "{% for 甲, 乙 in [(1, 2)] %}{{ 甲 }}{{ 乙 }}{% endfor %}",
    ],
)
def test_right_names_pass(tmp_path, typed):
    assert check(tmp_path, typed) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("{{ 收人.合计 }}", "没有「收人」这个名称，是不是「收入」？"),
        ("{{ 收入.合记 }}", "「收入」里没有「合记」这个名称，是不是「合计」？"),
        ("{{ 单位.名称.全称 }}", "「单位.名称」是一个值，下面没有「全称」。"),
        ("{{ 支出['1'].上年度 }}", '「支出["1"]」里没有「上年度」这个名称，是不是「上年」？'),
        (
            "{% for 行 in 公开03.行 %}{{ 行.科目名 }}{% endfor %}",
            "「行」里没有「科目名」这个名称，是不是「科目名称」？",
        ),
        ("{{ 行.科目名称 }}", "没有「行」这个名称"),
        ("{% set 甲 = 公开03.合计 %}{{ 甲.项目支出 }}", "「甲」里没有「项目支出」这个名称，是不是「基本支出」？"),
        ("{% if 年渡 > 1 %}{% endif %}", "没有「年渡」这个名称，是不是「年度」？"),
        ("{{ 收入.合计 | 万元(明細) }}", "没有「明細」这个名称"),
        ("{{ 收入.合计 | 万圆 }}", "没有「万圆」这个过滤器，是不是「万元」？"),
        ("{{ 收入.合计 is 偶数 }}", "没有「偶数」这个判断"),
    ],
)
def test_wrong_name_is_said(tmp_path, typed, said):
    (finding,) = check(tmp_path, "好", typed)
    assert finding.startswith("说明.docx: 错误：第2段")
    assert said in finding


def test_a_figure_needs_a_filter_to_be_printed(tmp_path):
    form = Form(tmp_path)
    right = "{{ 甲 | 万元 }}{% if 甲 %}有{% endif %}{{ 乙.丙 }}"
    form.add(right, "{{ 甲 }}", "{% for 项 in 列 %}{{ 项.数 }}{% endfor %}")
    names = {"甲": Unprinted(), "乙": {"丙": LEAF}, "列": {"*": {"数": Unprinted()}}}
    found = [str(finding) for finding in check_form(form.files(), Vocabulary(FILTERS, {}), names)]
    assert len(found) == 2
    assert "第2段" in found[0]
    assert "「甲」没有写明怎样印；请写作 {{ 甲 | 万元 }}" in found[0]
    assert "「项.数」没有写明怎样印" in found[1]


def test_what_a_tag_gives_a_filter_is_asked_of_the_vocabulary(tmp_path):
    asked = []

    def mistake(name, given, named):
        asked.append((name, [None if one is UNKNOWN else one for one in given], dict(named)))
        return "不对" if named else ""

    form = Form(tmp_path)
    form.add("好", '{{ 年度 | 万元("甲", 年度) }}{{ 年度 | 万元(词="乙") }}', name="说明.docx")
    (finding,) = check_form(form.files(), Vocabulary(FILTERS, {}, mistake), NAMES)
    assert str(finding).startswith("说明.docx: 错误：第2段")
    assert str(finding).endswith("不对")
    assert asked == [("万元", ["甲", None], {}), ("万元", [], {"词": "乙"})]


def test_all_mistakes_at_once_without_data(tmp_path):
    found = check(
        tmp_path, "{{ 收人.合计 }}{{ 年渡 }}", "{%p for 行 in 公开03.行们 %}", "{{ 行.什么都行 }}", "{%p endfor %}"
    )
    assert len(found) == 3
    assert "第2段" in found[2]


def test_check_says_what_compiling_would(tmp_path):
    form = Form(tmp_path)
    form.add("{{ 收入", name="甲.docx")
    form.add("{{ 没有 }}", name="乙.docx")
    findings = check_form(form.files(), Vocabulary(FILTERS, {}), NAMES)
    assert [finding.source.path for finding in findings] == ["甲.docx", "乙.docx"]
    with pytest.raises(InputError):
        form.compile()


def test_check_without_a_tree_only_reads_the_tags(tmp_path):
    form = Form(tmp_path)
    form.add("{{ 随便.什么 }}")
    assert check_form(form.files(), Vocabulary(FILTERS, {}), ANY) == []


def test_check_reports_files_that_cannot_be_opened(tmp_path):
    form = Form(tmp_path)
    form.parts.append(tmp_path / "没有.docx")
    (finding,) = check_form(form.files(), Vocabulary({}, {}), NAMES)
    assert finding.source.path == "没有.docx"


def test_text_view(tmp_path):
    def turn(document):
        section = document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
        section.footer.is_linked_to_previous = False
        section.footer.paragraphs[0].text = "第{{ 年度 }}页"

    def merge(document):
        table = document.tables[0]
        table.cell(0, 0).merge(table.cell(0, 1))
        document.add_paragraph("a\tb").add_run().add_break()

    form = Form(tmp_path)
    path = form.add(
        add_contents, ("Heading 1", "第三部分　{{ 年度 }}年"), "收入合计｛｛ 收入．合计 ｝｝万元。",
        [["甲", "乙", "丙"], ["1", "2", "3"]], merge, turn, "横向",
    )  # fmt: skip
    assert text_view(path).splitlines() == [
        "══ 纵向 216×279 毫米 ══",
        r'[toc 1] ⟨TOC \o "1-2" \h \z \u⟩旧的目录项→1',
        "[toc 2] 旧的二级项→2",
        "",
        "[heading 1] 第三部分　{{ 年度 }}年",
        "收入合计｛｛ 收入．合计 ｝｝万元。",
        "| 甲↵乙‹2栏› | 丙 |",
        "| 1 | 2 | 3 |",
        "a→b↵",
        "",
        "══ 横向 279×216 毫米 ══",
        "页脚：[footer] 第{{ 年度 }}页",
        "横向",
    ]
    assert text_view(path) == text_view(path)
