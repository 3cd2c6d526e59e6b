"""What comes out is a valid document, by both validators, with everything in it at once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from docx.enum.section import WD_ORIENT
from forms import Form, add_contents
from pptx.enum.chart import XL_CHART_TYPE
from template_charts import add_chart, chart_parts

from builder.rendering.charts import ChartData


def landscape_with_footer(document):
    section = document.sections[-1]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    section.footer.paragraphs[0].text = "{{ 年度 }}年"


def chart(document):
    add_chart(document, chart_parts(XL_CHART_TYPE.PIE, ["一"], [("旧", [1])]), "收入")


@pytest.fixture
def document(tmp_path):
    form = Form(tmp_path)
    form.add("目录", add_contents)
    form.add(
        ("Heading 1", "第一部分 {{ 年度 }}"),
        ("Heading 2", "一、{{ 原因 }}"),
        "正文{{ 原因 }}{{ 两行 }}",
        chart,
        landscape_with_footer,
        [
            ["类", "款"],
            ["{%tr for 行 in 表 %}", ""],
            ["{% 纵并 行 == 1 %}{{ 行 }}", "{{ 行 }}"],
            ["{%tr endfor %}", ""],
        ],
    )
    form.add("没有页脚", [["最后是表格"]])
    form.add("完")
    rendered = form.compile().render(
        {"年度": 2022, "原因": "【待补充：甲】", "两行": "a\nb\tc", "表": [1, 2, 3]},
        charts={"收入": ChartData(("甲", "乙"), (("数", (Decimal(1), Decimal(2))),))},
        pages={"_Toc000000001": "1"},
        title="标题",
        draft=True,
    )
    path = tmp_path / "文档.docx"
    path.write_bytes(rendered.docx)
    return path


def test_openxml_audit_finds_nothing(document, audit):
    assert audit(document) == []


def test_open_xml_sdk_finds_nothing(document, ooxml_validator):
    assert ooxml_validator(document) == []
