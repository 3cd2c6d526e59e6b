"""What the rules on texts find, and what they leave alone."""

from __future__ import annotations

import pytest
from clean_unit import CARD, DUTIES, FACTS, NOTES, CleanUnit


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("模板残留", "20XX年度本单位的职责"),
        ("模板残留", "比上年增加（减少）10万元"),
        ("模板残留", "（文字说明）"),
        ("模板残留", "主要承担____工作"),
        ("模板残留", "××局的职责"),
        ("模板残留", "【此处填写职责】"),
        ("模板残留", "【 】"),
        ("重复字词", "做好政策的宣传，，编制计划"),
        ("重复字词", "编制年度计划。。做好宣传"),
        ("重复字词", "医保、、医药"),
        ("重复字词", "进一步进一步完善制度"),
        ("重复字词", "𬭩矿的矿工参加医保，医疗保障经办服务医疗保障经办服务"),
        ("重复字词", "参加保险的的人数"),
        ("重复字词", "支出10万元万元"),
        ("年度", "2018年部门决算收入总计"),
        ("年度", "截至2019年12月31日，参保10万人"),
        ("空表说明", "本年度没有使用国有资本经营预算安排的支出。"),
        ("空表说明", "政府性基金预算本年无收支，本表为空。"),
        ("空表说明", "全年未发生公务接待。"),
        ("空表说明", "当年没有购置公务用车。"),
        ("空表说明", "没有组织因公出国（境）团组。"),
        ("半角标点", "医保:经办服务"),
        ("半角标点", "职责(含经办服务)"),
        ("括号引号", "按照“三公“经费的规定"),
        ("括号引号", "《办法的规定"),
        ("括号引号", "管理）制度"),
        ("序号", "一、党建\n二、经办\n四、监管"),
        ("序号", "（一）党建\n（二）经办\n（二）监管"),
        ("序号", "一是党建；二是经办；四是监管。"),
    ],
)
def test_found(unit: CleanUnit, rule: str, text: str) -> None:
    unit.write(DUTIES, text + "\n")
    result, = unit.failed(rule)
    assert str(result.source).startswith(f"content/{unit.year.parent.name}/{unit.year.name}/{DUTIES}:")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("模板残留", "联系人：××× 联系电话：0711-××××××××"),
        ("模板残留", "XXL号，MAXXAM系统"),
        ("模板残留", "【数量指标】参保人数"),
        ("重复字词", "实现了预算的目的的第一步"),
        ("重复字词", "的的确确，研究研究"),
        ("重复字词", "2020年2020人，10000000元，ABCABC"),
        ("年度", "2021年度部门决算比2022年度部门决算少；到2025年参保率达到98%"),
        ("空表说明", "年初没有安排公务接待预算，上年没有购置公务用车。"),
        ("空表说明", "政府性基金预算收入40万元。"),
        ("半角标点", "因公出国(境)、维修(护)费，比例3:2，10,000人，见 https://例"),
        ("括号引号", "1）党建；2）经办。“‘两定’机构（含药店）”"),
        ("序号", "一、党建\n（一）学习\n（二）组织\n二、经办\n（一）受理\n三、监管"),
        ("序号", "1.27亿元的基金\n3. 其他"),
        ("序号", "一是党建；二是经办。另外，一是监管；二是服务。"),
    ],
)
def test_left_alone(unit: CleanUnit, rule: str, text: str) -> None:
    unit.write(DUTIES, text + "\n")
    assert unit.failed(rule) == []


def test_a_fund_without_figures_that_a_text_gives_an_amount_for(unit: CleanUnit) -> None:
    for line in (
        "  - {科目: 2239999, 国有资本经营预算财政拨款: 10}\n",
        "  - {科目: 2239999, 资金来源: 国有资本经营预算, 项目支出: 10}\n",
    ):
        unit.edit(FACTS, line, "")
    result, = unit.failed("空表说明")  # 用途.223 of 说明.yaml says 10万元
    assert str(result.source).startswith(f"content/{unit.year.parent.name}/{unit.year.name}/{NOTES}:9:")
    assert "但表里没有数" in result.message


def test_a_departments_text_says_own_unit(unit: CleanUnit) -> None:
    unit.edit(CARD, "类型: 单位", "类型: 部门")
    unit.write(DUTIES, "本单位承办其他事项。\n")
    result, = unit.failed("自称")
    assert "写着「本单位」，但这是部门决算" in result.message


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [  # 支出.合计 is 527 against 400 of last year
        ("在职人员减少", True),
        ("落实过紧日子要求，压减支出", True),
        ("上年受疫情影响减少了会议", False),
        ("当年安排的资金比上年减少", True),
        ("人员减少，但项目增加", False),
        ("压缩一般性支出后追加医保补助", False),
        ("没有减少", False),
        ("当年调剂使用项目资金", False),
    ],
)
def test_the_direction_of_a_reason_for_an_increase(unit: CleanUnit, reason: str, *, wrong: bool) -> None:
    unit.edit(NOTES, "在职人员增加", reason)
    assert bool(unit.failed("原因方向")) is wrong


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [  # 支出.合计 is 527 against 600
        ("在职人员增加", True),
        ("补助标准提高", True),
        ("提高资金使用效益，压减支出", False),
        ("加强管理，提高效率", False),
        ("上年增加了一次性项目", False),
        ("新增项目推迟到次年", False),
    ],
)
def test_the_direction_of_a_reason_for_a_decrease(unit: CleanUnit, reason: str, *, wrong: bool) -> None:
    before = f"content/{unit.year.parent.name}/{int(unit.year.name) - 1}/决算.yaml"
    unit.edit(before, "一般公共预算财政拨款: 400", "一般公共预算财政拨款: 600")
    unit.edit(before, "人员经费: 400", "人员经费: 600")
    unit.edit(before, "{30101: 400}", "{30101: 600}")
    unit.edit("上年.yaml", "{上年: 400}", "{上年: 600}")
    unit.edit(NOTES, "在职人员增加", reason)
    assert bool(unit.failed("原因方向")) is wrong
