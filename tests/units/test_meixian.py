"""The document of 眉县医疗保障局 2020 against the one it published; ``tests/data/眉县2020`` holds the print.

Where the print is wrong, or its scan lost characters, the right row and the reason stand here, or in the data for
sentences.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from documents import BuiltDocument
from published import built, filled, part, reasons, transcribed, transcribed_rows, without_gaps
from workspaces import ROOT

from builder.building import Builder
from builder.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

UNIT, YEAR, FOLDER = "眉县医疗保障局", 2020, "眉县2020"
STATUTORY = {
    "公开01": "收入支出决算总表",
    "公开02": "收入决算表",
    "公开03": "支出决算表",
    "公开04": "财政拨款收入支出决算总表",
    "公开05": "一般公共预算财政拨款支出决算表（按功能分类科目）",
    "公开06": "一般公共预算财政拨款基本支出决算表（按经济分类科目）",
    "公开07": "一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表",
}
EMPTY = {"公开08": "政府性基金预算财政拨款收入支出决算表", "公开09": "国有资本经营预算财政拨款支出决算表"}
CORRECTED = {
    # published: 606.81, which the other items alone add up to
    "公开01": {2: "1.一般公共预算财政拨款\t606.81\t1.一般公共服务支出\t"},
    # published: 基本支出 equal to the total; table 05 has these
    "公开03": {
        10: "210\t卫生健康支出\t455.67\t320.41\t135.26\t\t\t",
        16: "21015\t医疗保障管理事务\t281.32\t146.06\t135.26\t\t\t",
        18: "2101502\t一般行政管理事务\t135.26\t0.00\t135.26\t\t\t",
    },
    "公开04": {
        2: "1.一般公共预算财政拨款\t606.81\t1.一般公共服务支出\t0.00\t0.00\t\t",  # published: no amount
        26: "年初财政拨款结转和结余\t0.00\t年末财政拨款结转和结余\t0.00\t0.00\t\t",  # published: no 合计
        30: "总计\t606.81\t总计\t606.81\t606.81\t\t",  # published: no label on the right
    },
    # published: 公用经费 0.00 though its 合计 is 24.76, all of it as 「302201 办公费」, and no 医疗费补助; the text
    # under 六 has these items, and 会议、培训费 there is 培训费 in table 07
    "公开06": {
        11: "302\t商品和服务支出\t24.76\t0.00\t24.76\t",
        12: "\n".join(
            f"{code}\t{name}\t{amount}\t0.00\t{amount}\t"
            for code, name, amount in (
                ("30201", "办公费", "8.00"), ("30202", "印刷费", "5.00"), ("30206", "水电费", "1.50"),
                ("30209", "物业管理费", "0.50"), ("30216", "培训费", "8.00"), ("30239", "其他交通费用", "1.76"),
            )
        ),
        14: "30305\t生活补助\t0.19\t0.19\t0.00\t\n30307\t医疗费补助\t267.79\t267.79\t0.00\t",
    },
}  # fmt: skip
NO_REASON = {9: "表9\t国有资本经营预算财政拨款支出决算表\t是\t无国有资本经营决算拨款收支"}  # published: no reason
ROUNDING = "本表金额转换为万元时，因四舍五入可能存在尾差。"


@pytest.fixture(scope="module")
def document() -> BuiltDocument:
    return built(UNIT, YEAR)


def corrected(name: str) -> list[list[str]]:
    """Return the published rows; a correction may be several rows."""
    rows = ["\t".join(row) for row in transcribed_rows(FOLDER, name, CORRECTED.get(name))]
    return [row.split("\t") for row in "\n".join(rows).split("\n")]


@pytest.mark.parametrize("name", STATUTORY)
def test_statutory_table_cell_by_cell(document: BuiltDocument, name: str) -> None:
    rows = document.tables[name]
    expected = corrected(name)
    head, body = rows[: -len(expected)], rows[-len(expected) :]
    assert body == expected
    marks = [cell for row in head for cell in row if cell]
    assert sorted(marks) == sorted([STATUTORY[name], f"{name}表", f"编制部门：{UNIT}", "金额单位：万元"])


@pytest.mark.parametrize("name", EMPTY)
def test_tables_without_figures_are_empty_and_say_so(document: BuiltDocument, name: str) -> None:
    last = document.tables[name][-1]
    assert (last[0], [cell for cell in last[1:] if cell]) == ("合计", [])
    what = {"公开08": "政府性基金决算收支", "公开09": "国有资本经营决算拨款收支"}[name]
    assert f"说明：本部门2020年无{what}，本表为空表。" in document.lines


def test_list_of_tables_tells_which_are_empty_and_why(document: BuiltDocument) -> None:
    rows = [[cell.replace("(", "（").replace(")", "）") for cell in row]
            for row in transcribed_rows(FOLDER, "空表清单", NO_REASON)]  # fmt: skip
    assert document.tables["自评表2"] == rows


def test_notes_under_the_tables(document: BuiltDocument) -> None:
    notes = [line for line in document.lines if line.startswith("注：")]
    assert len(notes) == len(STATUTORY) + len(EMPTY)  # published: none under table 04, 08 and 09 not in the print
    assert all(note.endswith(ROUNDING) for note in notes)
    assert notes[4] == f"注：本表反映部门本年度一般公共预算财政拨款实际支出情况。{ROUNDING}"


def test_every_paragraph_of_the_explanation(document: BuiltDocument) -> None:
    expected = filled(transcribed(FOLDER, "说明.txt"), reasons(UNIT, YEAR))
    assert part(document.lines, "第三部分", "公开《省级预算") == expected


def test_headings_and_contents(document: BuiltDocument) -> None:
    explanation = [line for line in transcribed(FOLDER, "说明.txt") if re.match("[一二三四五六七八九十]+、", line)]
    tables = [title.partition("（按")[0] for title in (*STATUTORY.values(), *EMPTY.values())]
    expected = [
        "第一部分　部门概况", "一、部门主要职责及内设机构", "二、部门决算单位构成", "三、部门人员情况",
        "第二部分　2020年部门决算表",  # published: 2020年度 over the tables, 2020年 in the contents
        *(f"{'一二三四五六七八九'[n]}、{title}" for n, title in enumerate(tables)),
        "第三部分　2020年部门决算情况说明", *explanation, "第四部分　专业名词解释",
    ]  # fmt: skip
    assert [text for _level, text in document.headings] == expected
    assert [text for text, _page in document.contents] == expected


def test_cover_and_overview(document: BuiltDocument) -> None:
    assert document.lines[:4] == [
        UNIT, "2020年部门决算", "保密审查情况：已审查", "部门主要负责人审签情况：已审签",
    ]  # fmt: skip
    for line in (
        "眉县医疗保障局设政秘股、综合业务股2个内设机构。",
        "纳入2020年本部门决算编制范围的单位共3个，包括本级及所属2个二级预算单位：",
        (
            "截至2020年底，本部门人员编制29人，其中行政编制15人、事业编制14人；"
            "实有人员29人，其中行政15人、事业14人。"
        ),
    ):
        assert document.lines.count(line) == 1, line
    assert document.tables["自评表1"][:2] == [["序号", "单位名称"], ["1", "眉县医疗保障局（机关）"]]


def test_project_form(document: BuiltDocument) -> None:
    expected = without_gaps(transcribed_rows(FOLDER, "项目自评表"))
    expected[3][0], expected[4][0] = "年度资金总额：", "其中：省级财政资金"  # published: half-width colons
    expected[8][0] = "绩效指标"  # the scan has 绩 of it, and not the label below
    expected[9] = ["产出指标", *expected[9]]
    expected[15][0] = "印发打击欺诈骗保宣传资料"  # broken off in the print: 、展
    rows = without_gaps(document.tables["自评表3"])
    assert len(rows.pop(7)) == len(expected.pop(7)) == 2  # 年初设定目标 and 全年实际完成情况: the unit's own words
    assert rows == expected


def test_overall_form_and_its_score(document: BuiltDocument) -> None:
    expected = transcribed_rows(FOLDER, "整体自评表")
    expected[9][4] = expected[9][4].replace("资产有使用", "资产有偿使用")
    head, body = document.tables["自评表4"], document.tables["自评表5"]
    assert [row[0] for row in head] == [row[0] for row in expected[:3]]
    assert body == expected[3:]
    # published: blank over the table, 100 in the text; the scores add up to 98
    assert sum(int(row[9]) for row in body[1:]) == 98
    assert f"填报单位：{UNIT}　　　　自评得分：98" in document.lines
    # published: 30万元 twice, which is the project's budget
    (result,) = (line for line in document.lines if line.startswith("根据部门整体支出绩效自评指标体系"))
    assert "本部门自评得分98分。部门整体支出全年预算数606.81万元，执行数606.81万元，完成预算的100%。" in result


def test_charts_stand_side_by_side(document: BuiltDocument) -> None:
    assert {name: chart.values for name, chart in document.charts.items()} == {
        "收入变动": {"收入": {"2019年": "1665.2", "2020年": "606.81"}},  # 606.81 + 1058.39
        "支出变动": {"支出": {"2019年": "1665.2", "2020年": "606.81"}},
    }
    drawing = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}inline"
    both = [len(list(paragraph.iter(drawing))) for paragraph in document.body]
    assert [count for count in both if count] == [2]


def test_glossary(document: BuiltDocument) -> None:
    terms = document.lines[document.lines.index("第四部分　专业名词解释") + 1 :][:4]
    assert [term.partition("：")[0] for term in terms] == [
        "1.基本支出", "2.项目支出", "3.“三公”经费", "4.财政拨款收入",
    ]  # fmt: skip






class Copy:
    """A copy of the unit whose facts a test changes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.year = root / "content" / UNIT / str(YEAR)
        shutil.copytree(ROOT / "content" / UNIT, self.year.parent)
        shutil.copytree(ROOT / "templates", root / "templates")

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.year / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def build(self) -> BuiltDocument:
        return BuiltDocument(Builder(Workspace(self.root)).build(UNIT, YEAR, draft=True).rendered.docx)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_other_income_with_tuition_fees(copy: Copy) -> None:
    copy.edit(
        "决算.yaml",
        "  - {科目: 2130599, 一般公共预算财政拨款: 95.12}",
        "  - {科目: 2130599, 一般公共预算财政拨款: 95.12, 事业收入: 30.00, 其中教育收费: 12.00, 其他收入: 1.50}",
    )
    document = copy.build()
    total = document.tables["公开02"][-len(corrected("公开02")) + 2]
    assert total == ["合计", "", "638.30", "606.81", "", "30.00", "12.00", "", "", "1.50"]
    # 606.81, 30 and 1.5 of 638.30 are 95.07, 4.70 and 0.24%
    assert (
        "2020年收入合计638.30万元，其中：财政拨款收入606.81万元，占95%；事业收入30.00万元，占5%；其他收入1.50万元，占0%。"
    ) in document.lines


def test_a_government_fund_fills_its_table_and_needs_no_reason(copy: Copy) -> None:
    copy.edit(
        "决算.yaml",
        "  - {科目: 2210201, 人员经费: 9.68}\n",
        "  - {科目: 2210201, 人员经费: 9.68}\n"
        "  - {科目: 2296013, 资金来源: 政府性基金预算, 项目支出: 5.00}\n",
    )  # fmt: skip
    document = copy.build()
    row = ["2296013", "用于城乡医疗救助的彩票公益金支出", "0.00", "0.00", "5.00", "0.00", "5.00", "0.00"]
    assert document.tables["公开08"][-1] == row
    assert document.tables["自评表2"][8] == ["表8", EMPTY["公开08"], "否", ""]
    assert "2020年本部门无政府性基金决算收支，并已公开空表。" not in document.lines
    assert "支出5.00万元" in next(line for line in document.lines if line.startswith("2020年政府性基金预算财政拨款"))


def test_budgets_that_differ_are_told_by_subject(copy: Copy) -> None:
    copy.edit("决算.yaml", "  - {科目: 2101502, 项目支出: 135.26}\n  - {科目: 2101506, 基本支出: 34.00}",
              "  - {科目: 2101502, 项目支出: 140.26}\n  - {科目: 2101506, 基本支出: 34.00}")  # fmt: skip
    copy.edit("公开表.yaml", "全年预算: 606.81", "全年预算: 611.81")
    copy.edit("决算.yaml", "公务接待费: {全年预算: 0, 决算: 0, 国内: {批次: 0, 人次: 0}}",
              "公务接待费: {全年预算: 1.2, 决算: 0.9, 国内: {批次: 4, 人次: 31}}")  # fmt: skip
    lines = copy.build().lines
    # 606.81 of 611.81 and 135.26 of 140.26 are 99.18 and 96.44%
    for beginning in (
        "2020年财政拨款支出预算为611.81万元，支出决算为606.81万元，完成预算的99%，决算数较预算数减少5.00万元。",
        (
            "卫生健康支出（类）医疗保障管理事务（款）一般行政管理事务（项）。"
            "预算为140.26万元，支出决算为135.26万元，完成预算的96%，决算数较预算数减少5.00万元"
        ),
        "2020年“三公”经费财政拨款支出预算为1.2万元，支出决算为0.9万元，完成预算的75%，决算数较预算数减少0.30万元",
        "2020年公务接待4批次，31人次，预算为1.2万元，支出决算为0.9万元，完成预算的75%，决算数较预算数减少0.30万元",
    ):
        assert sum(line.startswith(beginning) for line in lines) == 1, beginning


def test_without_self_evaluation_forms(copy: Copy) -> None:
    shutil.rmtree(copy.year / "绩效")
    document = copy.build()
    assert "本部门2020年没有列入绩效自评的项目支出。" in document.lines
    assert "本部门2020年没有填报部门整体支出绩效自评表。" in document.lines
    assert list(document.tables) == ["自评表1", "自评表2", *STATUTORY, *EMPTY]
