"""The package made: the same bytes every time, fixed members, sound XML, titles, drafts."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from forms import Form, W, body_of, read_xml, text_of
from markupsafe import Markup

from builder.findings import InputError
from builder.rendering.markup import sound_markup

NOTHING = {"charts": {}, "pages": None, "title": ""}


@pytest.fixture
def form(tmp_path):
    made = Form(tmp_path)
    made.add(
        ("Heading 1", "第一部分 {{ 甲 }}"), "{{ 甲 }}", [["{%tr for 行 in 表 %}"], ["{{ 行 }}"], ["{%tr endfor %}"]]
    )
    return made


def test_same_input_gives_the_same_bytes(form):
    first = form.compile().render({"甲": "x", "表": [1]}, **NOTHING).docx
    compiled = form.compile()
    compiled.render({"甲": "另一个", "表": range(30)}, **NOTHING)
    assert compiled.render({"甲": "x", "表": [1]}, **NOTHING).docx == first


def test_same_bytes_in_another_process_with_another_hash_seed(form):
    program = (
        "import sys, hashlib; sys.path[:0] = sys.argv[1:3]\n"
        "from pathlib import Path; from forms import Form\n"
        "from builder.rendering.compiling import *\n"
        "form = object.__new__(Form); form.folder = Path(sys.argv[3]); form.parts = [form.folder / '部件1.docx']\n"
        "made = form.compile().render({'甲': 'x', '表': [1]}, charts={}, pages=None, title='').docx\n"
        "print(hashlib.sha256(made).hexdigest())"
    )
    here = Path(__file__).resolve()
    made = {
        subprocess.run(
            [sys.executable, "-c", program, str(here.parent), str(here.parents[2]), str(form.folder)],
            capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(made) == 1


def test_members_are_dated_and_ordered(form):
    data = form.compile().render({"甲": "x", "表": []}, **NOTHING).docx
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert not [name for name in archive.namelist() if "stylesWithEffects" in name or "thumbnail" in name]
    assert docx.Document(io.BytesIO(data)).paragraphs[1].text == "x"


def test_title_and_language(form):
    data = form.compile().render({"甲": "x", "表": []}, charts={}, pages=None, title="甲&乙<单位>").docx
    properties = docx.Document(io.BytesIO(data)).core_properties
    assert (properties.title, properties.language) == ("甲&乙<单位>", "zh-CN")
    assert (properties.created.year, properties.modified.year) == (1980, 1980)


def test_settings_do_not_make_word_ask(form, tmp_path):
    path = tmp_path / "样式.docx"
    document = docx.Document(str(path))
    settings = document.settings.element
    for name in ("updateFields", "trackRevisions"):
        settings.append(settings.makeelement(f"{W}{name}", {}))
    document.save(str(path))
    data = form.compile().render({"甲": "x", "表": []}, **NOTHING).docx
    names = {element.tag.removeprefix(W) for element in read_xml(data, "word/settings.xml")}
    assert not names & {"updateFields", "trackRevisions", "attachedTemplate", "rsids"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a\nb", "a\nb"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\tb", "a\tb"),
        ("a\x0bb", "a\nb"),
        ("a\x00\x07\x0c\x1b\ud800\uffffb", "ab"),
        ("<w:p/>&amp;\"'", "<w:p/>&amp;\"'"),
        (None, ""),
        (Markup("a&amp;b"), "a&b"),
        ("　全角\xa0空", "　全角\xa0空"),
    ],
)
def test_printed_values(tmp_path, value, shown):
    form = Form(tmp_path)
    form.add("[{{ 值 }}]")
    assert form.text(值=value) == f"[{shown}]"


def test_unsound_result_names_part_and_paragraph(tmp_path):
    form = Form(tmp_path)
    form.add("好的", name="甲.docx")
    form.add("一", "二{{ 坏 }}二", name="乙.docx")
    with pytest.raises(InputError) as caught:
        form.compile().render({"坏": Markup("</w:t><w:oops>")}, **NOTHING)
    (finding,) = caught.value.findings
    assert finding.source.path == "乙.docx"
    assert "第2段「二{{ 坏 }}二」：要插入的内容不是完整的 Word 内容" in finding.message


def test_a_piece_of_a_sound_text_may_be_unsound(tmp_path):
    form = Form(tmp_path)
    form.add("一", "{{p 文[:9] }}", name="甲.docx")
    with pytest.raises(InputError, match="要插入的内容不是完整的 Word 内容"):
        form.compile().render({"文": sound_markup("<w:p><w:r><w:t>长文</w:t></w:r></w:p>")}, **NOTHING)


def test_tags_that_cut_across_a_table_are_unsound(tmp_path):
    form = Form(tmp_path)
    form.add("{%p if 有 %}", [["{%p endif %}"]], name="甲.docx")
    with pytest.raises(InputError, match=r"甲\.docx: 错误：.*同一层"):
        form.compile().render({"有": False}, **NOTHING)


def test_draft_highlights_what_is_to_be_written(tmp_path):
    form = Form(tmp_path)
    form.add(lambda d: setattr(d.add_paragraph().add_run("前{{ 原因 }}后{{ 原因 }}").font, "bold", True), "无")
    compiled = form.compile()
    context = {"原因": "【待补充：收入，较上年】"}
    draft = compiled.render(context, **NOTHING, draft=True)
    runs = [
        (
            "".join(t.text or "" for t in run.iter(f"{W}t")),
            run.find(f"{W}rPr/{W}highlight") is not None,
            run.find(f"{W}rPr/{W}b") is not None,
        )
        for run in next(body_of(draft.docx).iter(f"{W}p")).iter(f"{W}r")
    ]
    assert [run for run in runs if run[0]] == [
        ("前", False, True),
        ("【待补充：收入，较上年】", True, True),
        ("后", False, True),
        ("【待补充：收入，较上年】", True, True),
    ]
    final = compiled.render(context, **NOTHING)
    assert "w:highlight" not in final.text
    assert text_of(final.docx) == text_of(draft.docx)


def test_undefined_names_of_all_parts_with_suggestions(tmp_path):
    form = Form(tmp_path)
    form.add("好", "甲{{ 收人.合计 }}", name="甲.docx")
    form.add([["头"], ["{%tr for 行 in 表 %}"], ["{{ 行.科目名 }}"], ["{%tr endfor %}"]], name="乙.docx")
    form.add("{{ 收入.和计 | 万元 }}", name="丙.docx")
    context = {"收入": {"合计": 1}, "表": [{"科目名称": 1}]}
    with pytest.raises(InputError) as caught:
        form.compile().render(context, **NOTHING)
    assert [str(finding) for finding in caught.value.findings] == [
        "甲.docx: 错误：第2段「甲{{ 收人.合计 }}」：没有「收人」这个名称，是不是「收入」？",
        "乙.docx: 错误：第1个表格第3行「{{ 行.科目名 }}」：没有「科目名」这个名称，是不是「科目名称」？",
        "丙.docx: 错误：第1段「{{ 收入.和计 | 万元 }}」：没有「和计」这个名称，是不是「合计」？",
    ]


def test_error_in_a_filter_is_said_at_its_paragraph(tmp_path):
    def strict(value):
        raise InputError(f"「{value}」没有给出")

    form = Form(tmp_path)
    form.add(
        "{%p if 1 %}",
        "一",
        "{%p endif %}",
        "{%p for 甲 in [1] %}",
        "二{{ 甲 | 严格 }}",
        "{%p endfor %}",
        name="甲.docx",
    )
    with pytest.raises(InputError) as caught:
        form.compile(严格=strict).render({}, **NOTHING)
    assert str(caught.value) == "甲.docx: 错误：第5段「二{{ 甲 | 严格 }}」：「1」没有给出"


def test_wrong_types_are_said_not_raised(tmp_path):
    form = Form(tmp_path)
    form.add("{{ 甲 + 1 }}", name="甲.docx")
    with pytest.raises(InputError, match=r"甲\.docx: 错误：第1段：?.*不能计算"):
        form.compile().render({"甲": "一"}, **NOTHING)
