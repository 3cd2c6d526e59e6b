"""The document of 安阳市医疗保障局 2021 against the one it published; ``tests/data/安阳2021`` holds the print.

Where the print is wrong, or its scan lost characters, the right row and the reason stand here, or in the data for
sentences.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from published import built, content, filled, part, reasons, transcribed, transcribed_rows, without_gaps
from workspaces import ROOT

if TYPE_CHECKING:

    from documents import BuiltDocument, Grid

UNIT, YEAR, FOLDER = "安阳市医疗保障局", 2021, "安阳2021"
STATUTORY = {
    "公开01": "收入支出决算总表",
    "公开02": "收入决算表",
    "公开03": "支出决算表",
    "公开04": "财政拨款收入支出决算总表",
    "公开05": "一般公共预算财政拨款支出决算表",
    "公开06": "一般公共预算财政拨款基本支出决算表",
    "公开07": "一般公共预算财政拨款“三公”经费支出决算表",
    "公开08": "政府性基金预算财政拨款收入支出决算表",
}
FORMS = {"自评表1": "1基金监管", "自评表2": "2第三方审核", "自评表3": "3医保信息化"}
# the scan lost parts of these cells: names are completed from what is left of them, and what is gone is not invented
RESTORED = {
    "自评表1": {
        18: "对县（市、区）定点医疗机构、零售药店、经办机构、商业保险公司、参保人群等开展飞行检查\t>=10家\t100",
    },
    "自评表2": {
        6: "项目地址\t文明大道东段446号\t邮编\t455000",
        16: "产出指标\t数量指标\t制定我市的医疗费用数据审核规则\t>=9条\t156",
        21: "建立医保诚信体系\t逐步完善\t100",
    },
    "自评表3": {
        16: "产出指标\t数量指标\tDRGs分组方案\t=1套\t100",
        17: "权重分配方案（校正）\t=1套\t100",
        19: "质量指标\t医保基金监控质量\t有效提高",
        20: "医保基金监控质量提升率\t>=10%\t100",
        21: "时效指标\t医保基金使用效率提高\t>=5%\t100",
        22: "按期完成时间\t=10月份\t90\t〔偏差〕",
        23: "成本指标\t成本指标\t软件占总投资比例\t>=90%\t100",
        24: "软件购置成本（万元）\t=150万元\t94.7\t〔偏差〕",  # 142 of 150
        25: "效益指标\t经济效益指标\t行政管理成本\t有一定降低\t100",
        26: "（名称缺失）\t得到提升\t100",
        27: "社会效益指标\t服务社会能力\t得到提高",
        28: "（名称缺失）\t=100%\t100",
        31: "满意度指标\t服务对象满意度指标\t定点医疗机构满意度\t>=95%\t100",
    },
}
WHY = "实际完成值发生偏差原因分析及改进措施"
OVERALL = [
    f"预算情况\t年初预算数\t全年预算数\t实际执行数\t执行率\t{WHY}",
    "部门预算总额（万元）\t11031.9805\t2203.7563\t2203.7563\t100.00%",
    "资金来源：\t财政拨款\t11031.9805\t2203.7563\t2203.7563\t100.00%",
    # published: 1219.2654 and 984.4909 exchanged; tables 03 and 05 have 基本支出 1,219.27 and 项目支出 984.49
    "资金结构：\t项目支出\t9941.3\t984.4909\t984.4909\t100.00%",
    "基本支出\t1090.6805\t1219.2654\t1219.2654\t100.00%",
    f"一级指标\t二级指标\t三级指标\t指标值\t指标值说明\t实际完成值\t{WHY}",
    "投入管理指标\t预算和财务管理\t预算执行率\t90\t〔说明〕\t100.0",
    "结转结余率\t10\t〔说明〕\t0.5",  # published: 0.0; 11.42 of table 04 out of 2203.7563
    "“三公”经费控制率\t〔说明〕\t69.3",  # 5.54 of 8
    "政府采购执行率\t90\t〔说明〕\t100.0",
    "总分\t92",
    "备注\t〔说明〕",
]
TASKS = [
    "大力推进全民参保计划", "全面做实市级统筹", "持续推进支付方式改革", "强化医保基金监管", "优化医保经办服务",
    "积极推进医疗保障业务骨干网建设",
]  # fmt: skip
TERMS = [
    "一、财政拨款收入", "二、事业收入", "三、上级补助收入", "四、附属单位上缴收入", "五、经营收入", "六、其他收入",
    "七、使用非财政拨款结余", "八、基本支出", "九、项目支出", "十、“三公”经费", "十一、机关运行经费",
    "十二、工资福利支出", "十三、商品和服务支出", "十四、对个人和家庭的补助支出", "十五、年末结转", "十六、年末结余",
]  # fmt: skip


@pytest.fixture(scope="module")
def document() -> BuiltDocument:
    return built(UNIT, YEAR)


def forms(document: BuiltDocument) -> list[Grid]:
    """Return the rows of each form, which stands as two tables, without empty cells."""
    tables = list(document.tables.values())[len(STATUTORY) :]
    return [without_gaps(first + second) for first, second in zip(tables[::2], tables[1::2], strict=True)]


@pytest.mark.parametrize("name", STATUTORY)
def test_statutory_table_cell_by_cell(document: BuiltDocument, name: str) -> None:
    rows = document.tables[name]
    expected = transcribed_rows(FOLDER, name)
    head, body = rows[: -len(expected)], rows[-len(expected) :]
    assert body == expected
    marks = [cell for row in head for cell in row if cell]
    assert sorted(marks) == sorted([STATUTORY[name], f"{name}表", f"部门：{UNIT}", "单位：万元"])


def test_notes_under_the_tables(document: BuiltDocument) -> None:
    notes = [line for line in document.lines if line.startswith(("注：", "说明："))]
    rounding = "本表金额转换为万元时，因四舍五入可能存在尾差。"
    assert [note.endswith(rounding) for note in notes] == [True] * 7 + [False, False]
    assert notes[0] == f"注：本表反映部门本年度的总收支和年末结转结余情况。{rounding}"
    assert notes[-1] == "说明：我部门没有政府性基金预算财政拨款收入，也没有使用政府性基金安排的支出，故本表无数据。"


def test_every_paragraph_of_the_explanation(document: BuiltDocument) -> None:
    evaluation = {name: content(UNIT, YEAR, f"绩效/{name}.yaml") for name in (*FORMS.values(), "整体预算", "重点评价")}
    texts = {name: str(form.get("问题及措施", "")) for name, form in evaluation.items()}
    texts |= {f"重点评价{name}": str(evaluation["重点评价"][name]) for name in ("问题", "措施")}
    work = (ROOT / "content" / UNIT / str(YEAR) / "绩效管理工作.md").read_text(encoding="utf-8")
    texts |= {f"绩效管理工作{n}": paragraph for n, paragraph in enumerate(work.split("\n\n"), 1)}
    texts |= reasons(UNIT, YEAR) | content(UNIT, YEAR, "说明.yaml")["文本"]
    texts = {name: text.strip() for name, text in texts.items()}
    assert part(document.lines, "第三部分", "第四部分") == filled(transcribed(FOLDER, "说明.txt"), texts)


def test_headings_and_contents(document: BuiltDocument) -> None:
    headings = [text.replace("　", " ") for _level, text in document.headings]
    explanation = [line for line in transcribed(FOLDER, "说明.txt") if re.match("[一二三四五六七八九十]+、", line)]
    assert headings == [
        f"第一部分 {UNIT}（部门）概况", "一、部门职责", "二、机构设置", "第二部分 2021年度部门决算表",
        *(f"{'一二三四五六七八'[n]}、{title}" for n, title in enumerate(STATUTORY.values())),
        "第三部分 2021年度部门决算情况说明", *explanation, "第四部分 名词解释",
    ]  # fmt: skip
    assert [text.replace("　", " ") for text, _page in document.contents] == headings


def test_cover_and_overview(document: BuiltDocument) -> None:
    lines = document.lines
    assert lines[:2] == [f"{UNIT}（部门）", "2021年度部门决算"]
    start = lines.index("二、机构设置", lines.index("（十）完成市委、市政府交办的其他任务。"))
    assert lines[start + 1 : start + 6] == [
        (
            f"{UNIT}内设机构7个，包括：办公室、规划财务和法规科、待遇保障科（离休干部医疗保障科）、医药服务管理科、"
            "医药价格和招标采购科、基金监管科（稽查科）、机关党总支（人事科）。"
        ),
        f"从决算单位构成看，{UNIT}部门决算包括：本级决算、所属事业单位决算。",
        f"纳入{UNIT}2021年度部门决算编制范围的单位共2个：",
        f"1.{UNIT}（本级）",
        "2.安阳市社会医疗保险中心",
    ]


def test_overall_evaluation_form(document: BuiltDocument) -> None:
    """Totals, 执行率 and the rates of 投入管理 are computed; explanations are the form's own."""
    rows = forms(document)[0]
    goals = "；".join(f"目标{'一二三四五六'[n]}：{task}" for n, task in enumerate(TASKS)) + "。"
    assert rows[:2] == [["填报人", "单位经办", "联系电话"], ["部门（单位）名称", UNIT]]
    assert rows[3][0] == goals
    assert [row[0] for row in rows[5:11]] == TASKS
    expected = [row.split("\t") for row in OVERALL]
    for row, wanted in zip(rows[11:], expected, strict=True):
        assert [w if w == "〔说明〕" else cell for cell, w in zip(row, wanted, strict=True)] == wanted


@pytest.mark.parametrize("name", FORMS)
def test_project_evaluation_form(document: BuiltDocument, name: str) -> None:
    """Sums of the sources, 结余, 评价等次 and what is measured by 实际支出 are computed."""
    form = content(UNIT, YEAR, f"绩效/{FORMS[name]}.yaml")
    expected = transcribed_rows(FOLDER, name, RESTORED[name])
    late = [line["偏差"] for line in form["指标"] if "偏差" in line]
    expected = [[late.pop(0) if cell == "〔偏差〕" else cell for cell in row] for row in expected]
    assert forms(document)[int(name[-1])] == [filled(row, form) for row in expected]


def test_glossary(document: BuiltDocument) -> None:
    start = max(n for n, line in enumerate(document.lines) if line.startswith("第四部分"))
    terms = document.lines[start + 1 : start + 1 + len(TERMS)]
    assert [term.partition("：")[0] for term in terms] == TERMS
    assert "公务用车购置及运行费反映单位公务用车车辆购置支出" in terms[9]  # published: 反映反映
