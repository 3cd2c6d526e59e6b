"""docxtpl defines the tag language: rendered by it, a compiled form's source says the same."""

from __future__ import annotations

import io
from decimal import Decimal

from docxtpl import DocxTemplate
from forms import Form, text_of

CONTEXT = {
    "单位": {"名称": "<某&某>单位", "地址": "一楼\n二楼\t东"},
    "收入": {"合计": Decimal("1067.01"), "分项": [("财政拨款", 1), ("其他", 0)]},
    "行": None,
    "表": [
        {"代码": "208", "名称": "社会保障", "额": Decimal("51.54"), "款": ["a", "b"]},
        {"代码": "210", "名称": "卫生 & 健康", "额": Decimal(0), "款": []},
    ],
    "空": [],
}


def by_docxtpl(form, context):
    template = DocxTemplate(io.BytesIO(form.source_docx()))
    template.render(dict(context), form.environment)
    made = io.BytesIO()
    template.save(made)
    return text_of(made.getvalue())


def test_same_text_as_docxtpl(tmp_path):
    form = Form(tmp_path)
    form.add(
        "{{单位.名称}}的收入是{{ 收入.合计|万元 }}万元{% if 收入.合计 > 1000 %}，超过千万{% else %}，不足{% endif %}。",
        "地址：{{ 单位.地址 }}；{{ 单位['名称'] | 括号 }}",
        "{%p for 名, 数 in 收入.分项 %}",
        "{{ loop.index }}.{{ 名 }}：{{ 数 }}",
        "{%p endfor %}",
        "{%p if 空 %}",
        "看不见",
        "{%p endif %}",
    )
    form.add(
        [
            ["代码", "名称", "数"],
            ["{%tr for 行 in 表 %}", "", ""],
            ["{{ 行.代码 }}", "{{ 行.名称 }}{% for 款 in 行.款 %}/{{ 款 }}{% endfor %}", "{{ 行.额 | 万元('明细') }}"],
            ["{%tr endfor %}", "", ""],
        ],
        "{# 说明 #}完{# 毕 #}",
        "{% set 甲 = 收入.合计 + 1 %}{{ 甲 }} {{ '是' if 表 else '否' }} {{ 表 | map(attribute='代码') | join('、') }}",
    )
    compiled = form.compile()
    ours = text_of(compiled.render(CONTEXT, charts={}, pages=None, title="").docx)
    assert ours == by_docxtpl(compiled, CONTEXT)
    assert ours.splitlines() == [
        "<某&某>单位的收入是1067.01.00万元，超过千万。",
        "地址：一楼",
        "二楼\t东；（<某&某>单位）",
        "1.财政拨款：1",
        "2.其他：0",
        "",  # the end of the first section: its last paragraph was a tag
        "代码|名称|数",
        "208|社会保障/a/b|51.54.00",
        "210|卫生 & 健康|0.00",
        "完",
        "1068.01 是 208、210",
    ]


def test_same_text_where_input_methods_and_word_spoilt_the_tags(tmp_path):
    form = Form(tmp_path)
    form.add(
        "｛｛ 单位．名称 ｝｝：｛％ if 表 ％｝有｛％ else ％｝无｛％ endif ％｝",
        [["代码"], ["｛％tr for 行 in 表％｝"], ["｛｛行【“代码”】｝｝"], ["｛％tr endfor％｝"]],
    )
    compiled = form.compile()
    ours = text_of(compiled.render(CONTEXT, charts={}, pages=None, title="").docx)
    assert ours == by_docxtpl(compiled, CONTEXT) == "<某&某>单位：有\n代码\n208\n210"


def test_vertical_merge_has_the_same_text_in_docxtpl(tmp_path):
    form = Form(tmp_path)
    form.add(
        [
            ["类", "款"],
            ["{%tr for 行 in 表 %}", ""],
            ["{% 纵并 行.首 %}{{ 行.类 }}", "{{ 行.款 }}"],
            ["{%tr endfor %}", ""],
        ]
    )
    rows = [
        {"首": True, "类": "一", "款": "1"},
        {"首": False, "类": "一", "款": "2"},
        {"首": True, "类": "二", "款": "3"},
    ]
    compiled = form.compile()
    ours = text_of(compiled.render({"表": rows}, charts={}, pages=None, title="").docx)
    assert ours == by_docxtpl(compiled, {"表": rows}) == "类|款\n一|1\n|2\n二|3"
