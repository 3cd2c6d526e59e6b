"""The document of 鄂州市医疗保障服务中心 2022 against the one it published: tables, sentences, headings and charts.

``tests/data/鄂州2022`` holds the published rows and sentences; where the print is wrong, the right figure and the
reason stand there or below.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from workspaces import ROOT, UNIT

if TYPE_CHECKING:
    from conftest import Release
    from documents import Grid

DATA = Path(__file__).resolve().parent.parent / "data" / "鄂州2022"
STATUTORY = {
    "公开01": "收入支出决算总表",
    "公开02": "收入决算表",
    "公开03": "支出决算表",
    "公开04": "财政拨款收入支出决算总表",
    "公开05": "一般公共预算财政拨款支出决算表",
    "公开06": "一般公共预算财政拨款基本支出决算明细表",
    "公开07": "政府性基金预算财政拨款收入支出决算表",
    "公开08": "国有资本经营预算财政拨款支出决算表",
    "公开09": "财政拨款“三公”经费支出决算表",
}
NOTES = [
    "注：1.本表反映部门本年度的总收支和年末结转结余情况。",
    "2.本套报表金额单位转换时可能存在尾数误差。",
    "注：本表反映部门本年度取得的各项收入情况。",
    "注：本表反映部门本年度各项支出情况。",
    (  # published: 总支和, the word 收 missing
        "注：本表反映部门本年度一般公共预算财政拨款、政府性基金预算财政拨款和国有资本经营预算财政拨款的"
        "总收支和年末结转结余情况。"
    ),
    "注：本表反映部门本年度一般公共预算财政拨款支出情况。",
    "注：本表反映部门本年度一般公共预算财政拨款基本支出明细情况。",
    "注：本表反映部门本年度政府性基金预算财政拨款收入、支出及结转和结余情况。",
    "备注：2022年度本单位无政府性基金预算财政拨款收入支出。",
    "注：本表反映部门本年度国有资本经营预算财政拨款支出情况。",
    "备注：2022年度本单位无国有资本经营预算财政拨款收入支出。",
    (
        "注：本表反映部门本年度财政拨款“三公”经费支出预决算情况。其中，预算数为“三公”经费全年预算数，反映按规定程序"
        "调整后的预算数；决算数是包括当年财政拨款和以前年度结转资金安排的实际支出。"
    ),
]
SPENDING_HEAD = "预算执行情况（万元）(20分)\t\t\t预算数(A)\t执行数(B)\t执行率(B/A)\t得分(20分*执行率)\t"
TARGET_HEAD = "年度绩效目标1(80分)\t一级指标\t二级指标\t三级指标\t\t年初目标值(A)\t实际完成值(B)\t得分"
CORRECTED_ROWS = {
    "自评表1": {
        1: f"主管部门\t\t鄂州市医疗保障局\t\t项目实施单位\t\t{UNIT}\t",  # published: 项目实施单位 a column to the left
        7: TARGET_HEAD,  # published: XX分, left unfilled; 80 are the targets' points
        11: "\t\t质量指标\t预算执行率\t\t≥90%\t100%\t5",  # published: 产出指标 repeated in the merged cell
        14: "\t\t时效指标\t医保费用报销及时性\t\t按时拨付\t按时拨付\t10",
    },
    "自评表2": {7: TARGET_HEAD},
    "自评表3": {
        5: SPENDING_HEAD,  # published: （20分） in full-width brackets here only
        6: "\t\t年度财政资金总额\t60\t14.77\t24.62%\t5\t",  # published: 14; 20 × 24.62% = 4.92, whole points half up
        7: TARGET_HEAD,
        17: "总分\t\t85\t\t\t\t\t",  # published: 94; 5 + 80
    },
    "自评表4": {
        # published: 0, no rate, 18; the budget after adjustment is 60.65, as the text says
        6: "\t\t年度财政资金总额\t60.65\t60.65\t100%\t20\t",
        7: TARGET_HEAD,
        16: "总分\t\t100\t\t\t\t\t",  # published: 98; 20 + 80
    },
}
PROJECTS = {"自评表1": "1基本医疗经办", "自评表2": "2医保信息化", "自评表3": "3基金监管", "自评表4": "4能力提升"}


def published(name: str) -> Grid:
    rows = (DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    for number, row in CORRECTED_ROWS.get(name, {}).items():
        rows[number] = row
    return [row.split("\t") for row in rows]


def content(name: str) -> dict[str, dict]:
    return yaml.safe_load((ROOT / "content" / UNIT / "2022" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", STATUTORY)
def test_statutory_table_cell_by_cell(release: Release, name: str) -> None:
    rows = release.document.tables[name]
    expected = published(name)
    head, body = rows[: -len(expected)], rows[-len(expected) :]
    assert body == expected
    marks = [cell for row in head for cell in row if cell]
    assert sorted(marks) == sorted([STATUTORY[name], f"{name}表", f"部门：{UNIT}", "金额单位：万元"])


def test_the_document_has_these_tables_and_no_others(release: Release) -> None:
    assert release.document.table_names == [*STATUTORY, *PROJECTS]


def test_notes_under_the_tables(release: Release) -> None:
    lines = release.document.lines
    assert [line for line in lines if line.startswith(("注：", "备注：", "2.本套"))] == NOTES


def test_every_paragraph_of_the_explanation(release: Release) -> None:
    lines = release.document.lines
    start, end = (next(i for i, line in enumerate(lines) if line.startswith(part)) for part in ("第三部分", "第四部分"))
    assert lines[start:end] == explanation()


def explanation() -> list[str]:
    """Return the published paragraphs with the unit's own texts in their places."""
    notes = content("说明.yaml")
    texts = {name: str(text) for name, text in notes["文本"].items()}
    for indicator, reasons in notes["原因"].items():
        texts |= {f"{indicator}/{comparison}": reason for comparison, reason in reasons.items() if type(reason) is str}
    for name in PROJECTS.values():
        texts |= {f"{name} {key}": text for key, text in content(f"绩效/{name}.yaml").items() if type(text) is str}
    for path in (ROOT / "content" / UNIT / "2022").glob("*.md"):
        texts[f"长文 {path.stem}"] = path.read_text(encoding="utf-8").strip()
    lines = (DATA / "说明.txt").read_text(encoding="utf-8").splitlines()
    return [re.sub("〔(.*?)〕", lambda m: texts[m[1]], line) for line in lines if not line.startswith("#")]


def test_headings_and_contents(release: Release) -> None:
    expected = (DATA / "目录.txt").read_text(encoding="utf-8").splitlines()
    # published: two headings leave out the unit's name that their contents entries have; both are printed without it
    expected = [line.replace(UNIT, "") if line.startswith(("第二部分", "第三部分")) else line for line in expected]
    expected.insert(3, "三、部门人员构成")  # published: missing in the contents, though the heading is there
    assert [spaced(text) for text, _page in release.document.contents] == expected
    assert [spaced(text) for _level, text in release.document.headings] == expected
    assert {level for level, text in release.document.headings if text.startswith("第")} == {1}
    assert {level for level, text in release.document.headings if not text.startswith("第")} == {2}


def spaced(heading: str) -> str:
    """Return a heading with the half-width space of the transcription after 第X部分."""
    return heading.replace("　", " ")


def test_overview(release: Release) -> None:
    # published: 另有聘请的临时人员6人; the print counts the others in 名
    for line in (
        (
            f"目前{UNIT}下设十一个职能科室，即综合科、财务科、基金内审科、缴费核定科、住院待遇科、门诊待遇科、"
            "基金核查科、医疗救助科、招标采购科、信息科、公共服务科。"
        ),
        f"2022年部门决算单位为{UNIT}，隶属于鄂州市医疗保障局。",
        "现有全额拨款事业编制33名，以钱养事人员18名，聘请的临时人员6名。财政供养人员中在职人员31名，退休人员6名。",
        "2022年部门整体绩效自评得分98分。",
        "1.执行率情况。2022年项目资金预算数为380.96万元，执行数为250.59万元。",
    ):
        assert release.document.lines.count(line) == 1, line


@pytest.mark.parametrize("name", PROJECTS)
def test_self_evaluation_form(release: Release, name: str) -> None:
    """执行率, 得分 and 总分 are computed; 偏差原因 and 改进措施 are the unit's own texts."""
    expected = published(name)
    texts = content(f"绩效/{PROJECTS[name]}.yaml")
    expected[-2][2] = texts.get("偏差原因分析", "")
    expected[-1][2] = texts.get("改进措施及结果应用", "")
    assert release.document.tables[name] == expected


def test_charts_draw_the_figures_of_the_text(release: Release) -> None:
    drawn = {name: chart.values for name, chart in release.document.charts.items()}
    assert drawn == {
        # last year: 1067.01 − 139.08 and 1064.5 − 136.57
        "收支总计变动": {"收、支决算总计": {"2021年度": "927.93", "2022年度": "1067.01"}},
        "收入结构": {"收入决算": {"财政拨款收入": "1064.5", "其他收入": "2.51"}},
        "支出结构": {"支出决算": {"基本支出": "816.43", "项目支出": "250.59"}},
        "财政拨款收支总计变动": {"财政拨款收、支决算总计": {"2021年度": "927.93", "2022年度": "1064.5"}},
    }


def test_charts_workbooks_hold_the_same_data(release: Release) -> None:
    for name, chart in release.document.charts.items():
        ((series, values),) = chart.values.items()
        assert chart.sheet == [["", series], *([category, value] for category, value in values.items())], name


def test_captions_stand_under_their_charts(release: Release) -> None:
    captions = [line for line in release.document.lines if re.match("图[1-9]：", line)]
    assert captions == [
        "图1：收、支决算总计变动情况", "图2：收入决算结构", "图3：支出决算结构", "图4：财政拨款收、支决算总计变动情况",
    ]  # fmt: skip


def test_nothing_of_the_tag_language_is_left(release: Release) -> None:
    assert not re.search(r"\{\{|\}\}|\{%|%\}|【待补充|None|缺少格式", release.document.text)


def test_the_data_are_rectangular() -> None:
    for name in (*STATUTORY, *PROJECTS):
        assert len({len(row) for row in published(name)}) == 1, name
