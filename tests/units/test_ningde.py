"""The document of 宁德市医疗保障局（本级） 2021 against the one it published; ``tests/data/宁德2021`` holds the print.

Where the print is wrong, the right row and the reason stand here, or in the data for sentences.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from published import built, content, filled, part, reasons, transcribed, transcribed_rows, without_gaps

if TYPE_CHECKING:

    from documents import BuiltDocument, Grid

UNIT, YEAR, FOLDER = "宁德市医疗保障局（本级）", 2021, "宁德2021"
STATUTORY = {
    "公开01": "收入支出决算总表",
    "公开02": "收入决算表",
    "公开03": "支出决算表",
    "公开04": "财政拨款收入支出决算总表",
    "公开05": "一般公共预算财政拨款支出决算表",
    "公开06": "一般公共预算财政拨款基本支出决算表",
    "公开07": "一般公共预算财政拨款“三公”经费支出决算表",
    "公开08": "政府性基金预算财政拨款收入支出决算表",
    "公开09": "国有资本经营预算财政拨款支出决算表",
}
CORRECTED_ROWS = {
    "公开01": {1: "项目\t决算数\t项目（按支出功能分类）\t决算数"},  # published: half-width brackets, here only
    "公开04": {
        4: "三、国有资本经营预算财政拨款\t0.00\t三、国防支出\t0.00\t0.00\t0.00\t0.00",  # published: 预算 missing
        # published: 0.00 in cells that belong to no item
        30: "一般公共预算财政拨款\t15.94\t\t\t\t\t",
        31: "政府性基金预算财政拨款\t0.00\t\t\t\t\t",
        32: "国有资本经营预算财政拨款\t0.00\t\t\t\t\t",
    },
    "公开06": {  # the same
        29: "\t\t\t30299\t其他商品和服务支出\t0.00\t39907\t国家赔偿费用支出\t0.00",
        30: "\t\t\t307\t债务利息及费用支出\t0.00\t39908\t对民间非营利组织和群众性自治组织补贴\t0.00",
        31: "\t\t\t30701\t国内债务付息\t0.00\t39999\t其他支出\t0.00",
        32: "\t\t\t30702\t国外债务付息\t0.00\t\t\t",
    },
}
DONE = "2021-12-01\t2021-12-01\t2021-12-01\t100%"  # published: 44531.0, the number under which Excel keeps that day
# published: also with half-width brackets, and 贫困人口
BURDEN = "对健全社会救助体系的影响（建档立卡贫困人员医疗费用个人负担率）"
OVER = f"可持续影响目标\t目标1\t{BURDEN}\t<=10%\t<=10%\t11.95%\t83.68%"  # published: 119.50%, as if more were better
PROVINCE = (
    # published: 128763 and 104.90%; the funds and the comment of the same form have 128673
    "成本目标\t目标1\t2021年城乡居民基本医疗保险省级补助金额\t>=122750万元\t>=122750万元\t128673万元\t104.83%"
)
NOBODY = ("目标3\t重复参保人数\t0人\t0人\t0人\t100%", "目标4\t虚报参保人数\t0人\t0人\t0人\t100%")  # published: 0
# published: 0 for the document of no money, in two of the six forms
NOTHING = {
    21: "①中央财政资金\t0\t0\t0\t0\t0%\t无\t0\t0%\t0",
    22: "②省级财政资金\t0\t0\t0\t0\t0%\t无\t0\t0%\t0",
    24: "④其他资金\t0\t0\t0\t0\t0%\t无\t0\t0%\t0",
}
ALL = "有效解决因病致贫因病返贫问题达100%，每少1%扣1分，扣完为止。"
TEN = "建档立卡贫困人员医疗费用个人负担率控制在10%以内，每超过1%扣1分，扣完为止。"
CORRECTED_FORMS = {
    1: {
        0: f"年度绩效目标（定量目标）\t产出目标\t时效目标\t目标1\t项目完成时间\t{DONE}",
        6: PROVINCE,
        10: NOBODY[0],
        11: NOBODY[1],
        14: "目标7\t基金滚存结余可支配月数\t6-9个月\t6-9个月\t4.89个月\t81.50%",  # published: 4.89 without 个月
        # published: （2020）108号; half the forms have 〔 〕, which is the rule for numbers of documents
        23: (
            "③市级财政资金\t128673\t122750\t5923\t128673\t100%\t"
            "闽财社指〔2020〕108号 闽财社指〔2021〕23号 2021年1月 2021年5月\t128673\t100%\t0"
        ),
        **NOTHING,
    },
    2: {4: f"时效目标\t目标1\t项目完成时间\t{DONE}", 9: OVER, 31: f"可持续影响目标\t{BURDEN}\t{ALL}\t15\t13"},
    3: {
        1: f"目标2\t项目完成时间\t{DONE}",
        5: "目标4\t参保人数\t>=281万人\t>=281万人\t281.59万人\t100.21%",  # published: 人 missing
        8: NOBODY[0],
        9: NOBODY[1],
        # published: 60.74% and 86.77%; the comment and form 1 have 60.75%
        10: "目标5\t参保人政策范围内住院费用报销比例\t>=70%\t>=70%\t60.75%\t86.79%",
        14: PROVINCE,
        # published: 93% and 116.25%; the comment and form 1 have 90%
        18: "满意度目标\t服务对象满意度\t目标1\t参保对象满意度\t>=80%\t>=80%\t90%\t112.50%",
        23: "③市级财政资金\t32570\t32570\t0\t32191\t98.84%\t宁财预〔2021〕1号 2021年1月\t32191\t100%\t0",
        **NOTHING,
    },
    4: {
        3: f"时效目标\t目标1\t项目完成时间\t{DONE}",  # published: 0, though done on the day
        8: OVER,
        27: f"可持续影响目标\t{BURDEN}\t{TEN}\t15\t13",
    },
    5: {
        0: f"年度绩效目标（定量目标）\t产出目标\t时效目标\t目标1\t项目完成时间\t{DONE}",
        18: "③市级财政资金\t200\t200\t0\t200\t100%\t宁财预〔2021〕1号 2021年1月1日\t199.76\t99.88%\t0.24",
    },
    6: {
        0: f"年度绩效目标（定量目标）\t产出目标\t时效目标\t目标1\t项目完成时间\t{DONE}",
        # published: 2020年, where the scores have 2021年
        7: "成本目标\t目标1\t2021年城乡医疗救助县级配套资金金额\t>=2390万元\t>=2390万元\t2390万元\t100%",
        9: OVER,
        30: f"可持续影响目标\t{BURDEN}\t{ALL}\t15\t13",
    },
}
FORMS = {
    1: "1居民医保省级补助", 2: "2医疗救助省级补助", 3: "3居民医保县级配套", 4: "4健康扶贫补充保险", 5: "5医保工作经费",
    6: "6医疗救助县级配套",
}  # fmt: skip
PARTS = 5
"""Tables of one form: the unit and the project, goals, funds, scores, problems."""


@pytest.fixture(scope="module")
def document() -> BuiltDocument:
    return built(UNIT, YEAR)


def form(document: BuiltDocument, number: int) -> list[Grid]:
    first = len(STATUTORY) + 1 + PARTS * (number - 1)
    return list(document.tables.values())[first : first + PARTS]


@pytest.mark.parametrize("name", STATUTORY)
def test_statutory_table_cell_by_cell(document: BuiltDocument, name: str) -> None:
    rows = document.tables[name]
    expected = transcribed_rows(FOLDER, name, CORRECTED_ROWS.get(name))
    head, body = rows[: -len(expected)], rows[-len(expected) :]
    assert body == expected
    marks = [cell for row in head for cell in row if cell]
    assert sorted(marks) == sorted([STATUTORY[name], f"{name}表", f"单位：{UNIT}", "单位：万元"])


def test_every_paragraph_of_the_explanation(document: BuiltDocument) -> None:
    """Also those of subjects that only last year had: 0.00 and 下降100%, after all others."""
    expected = filled(transcribed(FOLDER, "说明.txt"), reasons(UNIT, YEAR))
    assert part(document.lines, "第三部分", "第四部分") == expected


def test_headings_and_contents(document: BuiltDocument) -> None:
    expected = [*transcribed(FOLDER, "目录.txt"), "一、《项目支出绩效自评表》"]  # published: not in the contents
    assert [text.replace("　", " ") for text, _page in document.contents] == expected
    assert [text.replace("　", " ") for _level, text in document.headings] == expected


def test_overview(document: BuiltDocument) -> None:
    sentence = (
        f"从决算单位构成看，{UNIT}单位包括5个内设机构，其中：列入2021年部门决算编制范围的单位详细情况见下表："
    )
    assert document.lines[:3] == ["2021年度", UNIT, "部门决算"]
    assert document.lines.count(sentence) == 1
    assert next(iter(document.tables.values())) == [
        ["单位名称", "单位性质", "在职人数"], ["宁德市医疗保障局", "行政单位", "24"],
    ]  # fmt: skip


@pytest.mark.parametrize("number", FORMS)
def test_self_evaluation_form(document: BuiltDocument, number: int) -> None:
    """目标值完成比例, funds and their rates, weights of 一级指标 and total scores are computed."""
    _unit, goals, funds, scores, _problems = form(document, number)
    expected = transcribed_rows(FOLDER, f"自评表{number}", CORRECTED_FORMS[number])
    scored, total = without_gaps(scores[1:-2]), without_gaps(scores[-2:-1])
    assert without_gaps(goals[1:-4]) + without_gaps(funds[3:]) + [row[:-2] for row in scored] + total == without_gaps(
        expected
    )


def test_boxes_are_ticked_by_the_facts(document: BuiltDocument) -> None:
    kinds = {1: "已确定分年度预算安排的专项资金☑ 其他专项□", 2: "市委市政府研究确定的专项资金□ 经常性专项业务费☑"}
    for number, kind in kinds.items():
        unit, goals, _funds, scores, _problems = form(document, number)
        assert {"行政机关☑ 参公事业单位□", kind} <= {cell for row in unit for cell in row}
        assert ["项目评价方法", "成本效益分析法☑ 比较法□ 因素分析法□"] in without_gaps(goals)
        # published: 差（60<S）
        grades = ["评价等级", "☑优（S≥90） □良（90＞S≥80） □中（80＞S≥60） □差（60＞S）"]
        assert without_gaps(scores[-1:]) == [grades]
    assert document.lines.count("评价层次：项目承担单位绩效自评☑ 市直主管部门绩效自评□") == len(FORMS)


def test_comments_follow_from_the_scores(document: BuiltDocument) -> None:
    comments = {row[-2] for row in without_gaps(form(document, 1)[3])}
    assert "按时完成，得满分" in comments  # the unit's own
    assert "目标值>=85%，实际完成值84.50%，完成目标的99.41%，按评分标准扣1分，得14分。" in comments
    # published: 扣1分，得6分, of 6 points
    assert "目标值>=32750万元，实际完成值32191万元，完成目标的98.29%，按评分标准扣1分，得5分。" in comments


@pytest.mark.parametrize("number", FORMS)
def test_what_was_spent_on_is_all_that_was_spent(number: int) -> None:
    facts = content(UNIT, YEAR, f"绩效/{FORMS[number]}.yaml")
    spent = sum(Decimal(str(line["金额"])) for line in facts["支出内容"])
    assert spent == sum(Decimal(str(source["支出"])) for source in facts["资金"].values())
