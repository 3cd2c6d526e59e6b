"""Charts of a form: found by their 替代文字, given the unit's data, left out with their paragraph."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from forms import Form, body_of, read_xml
from pptx.enum.chart import XL_CHART_TYPE
from template_charts import add_chart, chart_parts

from builder.findings import InputError
from builder.rendering.charts import ChartData
from builder.rendering.checking import ANY, check_form
from builder.rendering.environment import Vocabulary
from builder.rendering.marks import Written

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DATA = ChartData(("甲", "乙"), (("数", (Decimal("1.5"), Decimal(2))),))


def chart(name):
    parts = chart_parts(XL_CHART_TYPE.PIE, ["旧一", "旧二", "旧三"], [("旧", [1, 2, 3])])
    return lambda document: add_chart(document, parts, name)


def render(form, charts, **context):
    return form.compile().render(context, charts=charts, pages=None, title="").docx


def names(data, folder):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [name for name in archive.namelist() if name.startswith(f"word/{folder}/") and "_rels" not in name]


def shown(data, member):
    """The categories and values that a chart draws, and those in its workbook."""
    root = read_xml(data, member)
    drawn = [[v.text for v in root.iter(f"{C}{kind}") for v in v.iter(f"{C}v")] for kind in ("cat", "val")]
    (link,) = read_xml(data, f"word/charts/_rels/{member.rsplit('/')[-1]}.rels")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = openpyxl.load_workbook(io.BytesIO(archive.read(f"word/{link.get('Target').removeprefix('../')}")))
    return drawn, [list(row) for row in book.active.iter_rows(values_only=True)]


def test_each_chart_gets_its_data_and_its_workbook(tmp_path):
    form = Form(tmp_path)
    form.add("收入图", chart("收入"))
    form.add("支出图", chart("支出"))
    other = ChartData(("丙",), (("额", (Decimal(-7),)),))
    data = render(form, {"收入": DATA, "支出": other})
    assert names(data, "charts") == ["word/charts/chart1.xml", "word/charts/chart2.xml"]
    assert shown(data, "word/charts/chart1.xml") == (
        [["甲", "乙"], ["1.5", "2"]],
        [[None, "数"], ["甲", 1.5], ["乙", 2]],
    )
    assert shown(data, "word/charts/chart2.xml") == ([["丙"], ["-7"]], [[None, "额"], ["丙", -7]])


def test_the_check_says_what_a_chart_lacks(tmp_path):
    form = Form(tmp_path)
    form.add("收入图", chart("收入"), "支出图", chart("支出"), "结余图", chart("结余"), name="说明.docx")
    series = {"收入": 1, "支岀": 1, "结余": 2}
    found = [str(finding) for finding in check_form(form.files(), Vocabulary({}, {}, charts=series), ANY)]
    assert len(found) == 2
    assert found[0].startswith("说明.docx: 错误：第2个图表：没有名为「支出」的图表数据")
    assert "第3个图表：图表「结余」在 Word 部件中有 1 个系列，数据却有 2 个" in found[1]
    assert check_form(form.files(), Vocabulary({}, {}), ANY) == []
    form.add("无名图", chart(""))
    (finding,) = check_form(form.files(), Vocabulary({}, {}), ANY)
    assert "不知道它要画哪些数" in str(finding)


def test_chart_left_out_by_a_condition_leaves_nothing_behind(tmp_path):
    form = Form(tmp_path)
    form.add("图", chart("收入"), "{%p if 有 %}", chart("支出"), "{%p endif %}")
    data = render(form, {"收入": DATA}, 有=False)  # no data is asked for what is not shown
    assert names(data, "charts") == ["word/charts/chart1.xml"]
    assert len(names(data, "embeddings")) == 1
    assert b"chart2" not in b"".join(
        zipfile.ZipFile(io.BytesIO(data)).read(name) for name in ("[Content_Types].xml", "word/_rels/document.xml.rels")
    )
    assert len(list(body_of(data).iter(f"{C}chart"))) == 1
    assert len(names(render(form, {"收入": DATA, "支出": DATA}, 有=True), "charts")) == 2


def test_missing_data_is_said_for_every_chart(tmp_path):
    form = Form(tmp_path)
    form.add("图", chart("收入结购"), chart("支出"), name="说明.docx")
    with pytest.raises(InputError) as caught:
        render(form, {"收入结构": DATA})
    said = [str(finding) for finding in caught.value.findings]
    assert said[0].startswith("说明.docx: 错误：第1个图表：没有名为「收入结购」的图表数据，是不是「收入结构」？")
    assert said[1].startswith("说明.docx: 错误：第2个图表：没有名为「支出」的图表数据。")


def test_chart_without_a_name_is_said(tmp_path):
    form = Form(tmp_path)
    form.add("图", chart(""), name="说明.docx")
    with pytest.raises(InputError, match=r"说明\.docx: 错误：第1个图表的替代文字是「图表：」，不知道它要画哪些数"):
        form.compile()


def test_data_that_does_not_fit_is_said_at_the_chart(tmp_path):
    form = Form(tmp_path)
    form.add("图", chart("收入"), name="说明.docx")
    with pytest.raises(InputError, match=r"说明\.docx: 错误：第1个图表：图表「收入」"):
        render(form, {"收入": ChartData((), (("数", ()),))})


def test_a_written_text_in_a_chart_has_no_sign_of_its_bookmark(tmp_path):
    def titled(made):
        made.chart_title.text_frame.text = "{{ 题 }}结构"

    parts = chart_parts(XL_CHART_TYPE.PIE, ["旧一", "旧二", "旧三"], [("旧", [1, 2, 3])], titled)
    form = Form(tmp_path)
    form.add("图", lambda document: add_chart(document, parts, "收入"))
    data = render(form, {"收入": DATA}, 题=Written("收支 & 结余", "说明/题"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "<a:t>收支 &amp; 结余结构</a:t>" in archive.read("word/charts/chart1.xml").decode()
