"""Charts: only the data changes, in the chart and in its workbook alike, and the package stays one Word accepts."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING

import docx
import openpyxl
import pytest
from lxml import etree
from openpyxl.worksheet.table import Table
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.util import Pt
from template_charts import add_chart, chart_parts

from builder.findings import InputError
from builder.rendering.charts import ChartData, compile_chart

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pptx.chart.chart import Chart

C = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
A = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
TWO_BARS = (("上年决算", (1.5, 2.5, 3.5)), ("本年决算", (4, 5, 6)))


def style(chart: Chart) -> None:
    chart.has_title = True
    chart.chart_title.text_frame.text = "收入决算结构图"
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.BOTTOM
    plot = chart.plots[0]
    plot.has_data_labels = True
    plot.data_labels.number_format = "0.00%"
    plot.data_labels.number_format_is_linked = False
    for index in range(3):
        plot.series[0].points[index].format.fill.solid()


def pie(chart: Chart) -> None:
    style(chart)
    chart.font.size = Pt(10.5)


def bar_parts() -> tuple[bytes, bytes]:
    return chart_parts(XL_CHART_TYPE.COLUMN_CLUSTERED, "甲乙丙", TWO_BARS, style, number_format="#,##0.00")


def bar_data(count: int) -> ChartData:
    values = tuple(Decimal(index) * Decimal("-10.25") for index in range(count))
    names = tuple(f"科目{index}" for index in range(count))
    return ChartData(names, (("2021年", values), ("2022年", values[::-1])))


def cells(workbook: bytes) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(workbook)).active.iter_rows(values_only=True))


def caches(chart: bytes) -> list[tuple[list[str], list[str], list[str]]]:
    """Return name, categories and values of each series as Word draws them."""
    return [
        tuple([v.text for v in ser.iterfind(f"c:{part}//c:pt/c:v", C)] for part in ("tx", "cat", "val"))
        for ser in etree.fromstring(chart).iter(f"{{{C['c']}}}ser")
    ]


def messages(action: Callable[[], object]) -> str:
    with pytest.raises(InputError) as caught:
        action()
    return str(caught.value)


def test_chart_and_workbook_show_the_same_data() -> None:
    data = ChartData(
        ("基本支出", "项目支出"),
        (("2021年", (Decimal("816.43"), Decimal("-1.50"))), ("2022年", (Decimal("1E+3"), Decimal("-0.00")))),
    )
    chart, workbook = compile_chart(*bar_parts(), "支出").render(data)
    assert cells(workbook) == [
        (None, "2021年", "2022年"),
        ("基本支出", 816.43, 1000),
        ("项目支出", -1.5, 0),
    ]
    assert caches(chart) == [
        (["2021年"], ["基本支出", "项目支出"], ["816.43", "-1.50"]),
        (["2022年"], ["基本支出", "项目支出"], ["1000", "0"]),
    ]


@pytest.mark.parametrize("count", range(1, 13))
def test_references_and_counts_follow_the_categories(count: int) -> None:
    chart, workbook = compile_chart(*bar_parts(), "支出").render(bar_data(count))
    root = etree.fromstring(chart)
    last = count + 1
    assert [f.text for f in root.iter(f"{{{C['c']}}}f")] == [
        "Sheet1!$B$1", f"Sheet1!$A$2:$A${last}", f"Sheet1!$B$2:$B${last}",
        "Sheet1!$C$1", f"Sheet1!$A$2:$A${last}", f"Sheet1!$C$2:$C${last}",
    ]  # fmt: skip
    assert [int(one.get("val")) for one in root.iter(f"{{{C['c']}}}ptCount")] == [1, count, count] * 2
    assert len(cells(workbook)) == last


def test_what_the_owner_made_stays() -> None:
    chart, workbook = bar_parts()
    rendered, new_workbook = compile_chart(chart, workbook, "支出").render(bar_data(3))
    before, after = etree.fromstring(chart), etree.fromstring(rendered)
    for tree in (before, after):
        for data in tree.xpath("//c:ser/c:tx | //c:ser/c:cat | //c:ser/c:val", namespaces=C):
            data.getparent().remove(data)
    assert etree.tostring(after, method="c14n") == etree.tostring(before, method="c14n")
    formats = [one.text for one in etree.fromstring(rendered).iterfind(".//c:numCache/c:formatCode", C)]
    assert formats == ["#,##0.00", "#,##0.00"]
    sheet = openpyxl.load_workbook(io.BytesIO(new_workbook)).active
    assert (sheet["B2"].number_format, sheet["C4"].number_format) == ("#,##0.00", "#,##0.00")


@pytest.mark.parametrize(("count", "points"), [(1, ["0"]), (2, ["0", "1"]), (5, ["0", "1", "2"])])
def test_formatting_of_points_beyond_the_data_is_dropped(count: int, points: list[str]) -> None:
    rendered, _workbook = compile_chart(*bar_parts(), "支出").render(bar_data(count))
    first = etree.fromstring(rendered).find(".//c:ser", C)
    assert [one.get("val") for one in first.iterfind("c:dPt/c:idx", C)] == points


def test_markup_characters_come_through() -> None:
    data = ChartData(("收入<支出>&\"引'号",), (("A&B", (Decimal(1),)), ("<c>", (Decimal(2),))))
    chart, workbook = compile_chart(*bar_parts(), "支出").render(data)
    assert cells(workbook) == [(None, "A&B", "<c>"), ("收入<支出>&\"引'号", 1, 2)]
    assert caches(chart)[1] == (["<c>"], ["收入<支出>&\"引'号"], ["2"])


def test_same_data_same_bytes() -> None:
    first = compile_chart(*bar_parts(), "支出")
    again = compile_chart(*bar_parts(), "支出")
    assert first.render(bar_data(4)) == first.render(bar_data(4))
    _chart, workbook = again.render(bar_data(4))
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        assert package.testzip() is None
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_word_and_audit_accept_the_document(
    audit: Callable[[Path], list[str]], ooxml_validator: Callable[[Path], list[str]], tmp_path: Path
) -> None:
    bars = bar_parts()
    slices = chart_parts(XL_CHART_TYPE.PIE, "甲乙丙", [("收入", (1, 2, 3))], pie)
    findings = []
    for name, parts in (
        ("样张", (bars, slices)),
        (
            "成品",
            (
                compile_chart(*bars, "支出").render(bar_data(2)),
                compile_chart(*slices, "收入").render(ChartData(("财政拨款",), (("收入", (Decimal(1),)),))),
            ),
        ),
    ):
        document = docx.Document()
        for index, part in enumerate(parts):
            add_chart(document, part, f"图{index}")
        document.save(str(tmp_path / f"{name}.docx"))
        findings.append((audit(tmp_path / f"{name}.docx"), ooxml_validator(tmp_path / f"{name}.docx")))
    assert findings[1] == findings[0]  # nothing that the empty document itself does not have
    assert not [error for error in (*findings[1][0], *findings[1][1]) if "chart" in error]


def test_other_number_of_series_is_refused() -> None:
    compiled = compile_chart(*bar_parts(), "支出结构")
    one = ChartData(("甲",), (("2022年", (Decimal(1),)),))
    text = messages(lambda: compiled.render(one))
    assert "图表「支出结构」" in text
    assert "有 2 个系列，数据却有 1 个" in text


def test_all_misfits_are_told_at_once() -> None:
    compiled = compile_chart(*bar_parts(), "支出")
    data = ChartData(("甲", "乙\x07"), (("2021年", (Decimal(1),)), ("2022年", (Decimal(1), Decimal("NaN")))))
    with pytest.raises(InputError) as caught:
        compiled.render(data)
    found = [finding.message for finding in caught.value.findings]
    assert [
        "「2021年」有 1 个数，类别却有 2 个" in found[0],
        "「2022年」里有不是数的值" in found[1],
        "乙□" in found[2],
    ] == [True] * 3
    assert "没有数据" in messages(lambda: compiled.render(ChartData((), (("甲", ()), ("乙", ())))))


def test_chart_without_a_workbook_is_refused() -> None:
    chart, workbook = bar_parts()
    assert "图表「支出」没有嵌入的工作簿" in messages(lambda: compile_chart(chart, None, "支出"))
    unlinked = etree.fromstring(chart)
    unlinked.remove(unlinked.find("c:externalData", C))
    text = messages(lambda: compile_chart(etree.tostring(unlinked), workbook, "支出"))
    assert "没有嵌入的工作簿" in text
    assert "不是可读的 .xlsx" in messages(lambda: compile_chart(chart, b"PK", "支出"))
    assert "已损坏" in messages(lambda: compile_chart(b"<c", workbook, "支出"))


def edited(chart: bytes, old: bytes, new: bytes) -> bytes:
    assert old in chart
    return chart.replace(old, new, 1)


def test_what_would_keep_old_data_is_refused() -> None:
    chart, workbook = bar_parts()
    label = (
        b'<c:dLbls><c:dLbl><c:idx val="0"/><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:t>35%</a:t></a:r></a:p></c:rich>'
        b'</c:tx><c:showVal val="1"/></c:dLbl></c:dLbls><c:cat>'
    )
    assert "「35%」是手工输入的" in messages(lambda: compile_chart(edited(chart, b"<c:cat>", label), workbook, "支出"))
    bars = b"<c:errBars><c:errBarType val='both'/><c:errValType val='cust'/><c:plus/></c:errBars><c:cat>"
    assert "误差线" in messages(lambda: compile_chart(edited(chart, b"<c:cat>", bars), workbook, "支出"))
    scatter = chart.replace(b"c:barChart", b"c:scatterChart")
    assert "散点图" in messages(lambda: compile_chart(scatter, workbook, "支出"))
    title = edited(chart, b"<c:rich>", b"<c:strRef><c:f>Sheet1!$B$1</c:f></c:strRef><c:rich>")
    assert "标题取自工作表" in messages(lambda: compile_chart(title, workbook, "支出"))


def test_tags_in_the_title_are_given_back_to_be_rendered() -> None:
    chart, workbook = bar_parts()
    split = edited(
        chart,
        "<a:t>收入决算结构图</a:t></a:r>".encode(),
        "<a:t>图1 {{ 年</a:t></a:r><a:r><a:t>度 }}年</a:t></a:r>".encode(),
    )
    compiled = compile_chart(split, workbook, "支出")
    assert compiled.texts == ("图1 {{ 年度 }}年",)
    rendered, _workbook = compiled.render(bar_data(2), ["图1 2022<年"])
    title = etree.fromstring(rendered).find(".//c:title", C)
    assert "".join(one.text or "" for one in title.iterfind(".//a:t", A)) == "图1 2022<年"
    with pytest.raises(ValueError, match="1 texts"):
        compiled.render(bar_data(2))


def test_list_object_over_the_old_range_goes() -> None:
    """Word puts the data of a new chart in a 表格; over other cells Excel would call the workbook damaged."""
    chart, workbook = bar_parts()
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    book.active["A1"] = "类别"
    book.active.title = "收入 支出's"
    book.active.column_dimensions["A"].width = 40
    book.active.add_table(Table(displayName="表1", ref="A1:C4"))
    book.create_sheet("备注")["A1"] = "留着"
    stream = io.BytesIO()
    book.save(stream)
    quoted = chart.replace(b"Sheet1!", "'收入 支出''s'!".encode())
    rendered, new_workbook = compile_chart(quoted, stream.getvalue(), "支出").render(bar_data(2))
    again = openpyxl.load_workbook(io.BytesIO(new_workbook))
    assert again["收入 支出's"].tables == {}
    assert again["收入 支出's"].column_dimensions["A"].width == 40
    assert again["收入 支出's"]["A3"].value == "科目1"
    assert again["备注"]["A1"].value == "留着"
    with zipfile.ZipFile(io.BytesIO(new_workbook)) as package:
        assert not [name for name in package.namelist() if "table" in name]
        assert b"table" not in package.read("[Content_Types].xml")
    assert "'收入 支出''s'!$B$2:$B$3".encode() in rendered


def test_reordered_and_combined_plots_keep_their_columns() -> None:
    """The first column is the series first in the legend, wherever it is drawn."""
    chart, workbook = bar_parts()
    root = etree.fromstring(chart)
    first, second = root.iterfind(".//c:ser", C)
    first.find("c:order", C).set("val", "1")
    second.find("c:order", C).set("val", "0")
    rendered, new_workbook = compile_chart(etree.tostring(root), workbook, "支出").render(bar_data(2))
    assert [one[0] for one in caches(rendered)] == [["2022年"], ["2021年"]]
    assert [f.text for f in etree.fromstring(rendered).iterfind(".//c:ser/c:tx//c:f", C)] == [
        "Sheet1!$C$1",
        "Sheet1!$B$1",
    ]
    assert cells(new_workbook)[0] == (None, "2021年", "2022年")
