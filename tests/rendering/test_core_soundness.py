"""Which templates are proved to give sound XML, and that nothing unsound gets by where they are."""

from __future__ import annotations

import pytest
from forms import Form, W, body_of
from jinja2 import Environment
from markupsafe import Markup

from builder.findings import InputError
from builder.rendering.soundness import prove

AROUND = ("<w:body>", "</w:body>")
P = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    "source",
    [
        "",
        P.format("{{ a }}"),
        "{% if a %}" + P.format("x") + "{% endif %}",
        "{% for a in b %}" + P.format("{{ a }}") + "{% else %}" + P.format("无") + "{% endfor %}",
        P.format("甲{% if a %}乙</w:t></w:r></w:p><w:p><w:r><w:t>丙{% endif %}丁"),
        P.format("{% for a in b %}{{ a }}</w:t></w:r></w:p><w:p><w:r><w:t>{% endfor %}"),
        '<w:p><w:vMerge w:val="{% if a %}restart{% else %}continue{% endif %}"/></w:p>',
        '<w:p w:x="{{ a }}"/>',
        "{% set x = 1 %}{% with y = 2 %}{% if a %}<w:p/>{% elif b %}<w:tbl></w:tbl>{% endif %}{% endwith %}",
    ],
)
def test_proved(source):
    assert prove(Environment().parse(source), AROUND)


@pytest.mark.parametrize(
    "source",
    [
        "<w:p>",
        "{% if a %}<w:p>{% endif %}",
        "{% if a %}<w:p>{% else %}<w:tbl>{% endif %}</w:p>",
        "{% if a %}<w:p>{% endif %}x{% if a %}</w:p>{% endif %}",  # right only if both conditions agree
        "<w:p>{% for a in b %}</w:p>{% endfor %}",
        "<w:p>{% for a in b %}</w:p><w:tbl>{% endfor %}</w:tbl>",
        "{% for a in b %}{% if c %}{% else %}<w:p>{% endif %}{% endfor %}",
        '<w:p w:x="{% if a %}1"/>{% else %}2"/>{% endif %}',
        '<w:p w:x="{% if a %}1"/><w:p w:x="{% endif %}2"/>',
        "{% macro m() %}<w:p>{% endmacro %}",
        "{% set x %}<w:p>{% endset %}",
    ],
)
def test_not_proved(source):
    assert not prove(Environment().parse(source), AROUND)


def render(form, **context):
    return form.compile().render(context, charts={}, pages=None, title="")


def test_conditions_that_agree_are_rendered_and_checked(tmp_path):
    form = Form(tmp_path)
    form.add(
        "{%p if 甲 %}", "前{% if 甲 %}一", "二{% endif %}后", "{%p endif %}",
        "{% if 乙 %}三", [["四{% if 甲 %}"]], "五{% endif %}{% endif %}",
    )  # fmt: skip
    assert [p.text for p in body_of(render(form, 甲=1, 乙=1).docx).iter(f"{W}t")] == ["前一", "二后", "三", "四", "五"]
    with pytest.raises(InputError, match="同一层"):
        render(form, 甲=0, 乙=1)


@pytest.mark.parametrize("value", ['a"b', "<x>", "a&b", "a\nb\tc", "\x00", None, 7])
def test_values_in_attributes(tmp_path, value):
    form = Form(tmp_path)
    form.add([["{% cellbg 色 %}文字"]])
    (shade,) = body_of(render(form, 色=value).docx).iter(f"{W}shd")
    shown = "" if value is None else str(value).replace("\n", " ").replace("\t", " ").replace("\x00", "")
    assert shade.get(f"{W}fill") == shown


def test_block_is_printed_in_place_of_its_paragraph(tmp_path):
    form = Form(tmp_path)
    form.add("前", "{{p 长文 }}", "{{p 空 }}", "后")
    block = Markup("<w:p><w:r><w:t>一</w:t></w:r></w:p><w:p><w:r><w:t>二</w:t></w:r></w:p>")
    body = body_of(render(form, 长文=block, 空=None).docx)
    assert ["".join(t.text for t in p.iter(f"{W}t")) for p in body.iter(f"{W}p")] == ["前", "一", "二", "后"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("普通文字\n两行", "「普通文字 两行」是普通文字，不能用 {{p … }} 整段插入"),
        (Markup("<w:p><w:r></w:p>"), "不是完整的 Word 内容"),
        (Markup("a & b"), "不是完整的 Word 内容"),
        (Markup("</w:body><w:body>"), "不是完整的 Word 内容"),
    ],
)
def test_block_that_cannot_stand_there(tmp_path, value, said):
    form = Form(tmp_path)
    form.add("前", "{{p 长文 }}", name="甲.docx")
    with pytest.raises(InputError) as caught:
        render(form, 长文=value)
    assert str(caught.value).startswith("甲.docx: 错误：第2段「{{p 长文 }}」：")
    assert said in str(caught.value)
