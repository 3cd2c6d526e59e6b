"""Reasons: lead-in, the writer's words, punctuation."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.wording.reasons import clean

REASONS = """
措辞:
  原因:
    默认: {写法: "，主要原因是{原因}。", 无原因: 。}
    方向: {增加: "，{增加或减少}主要原因：{原因}", 减少: ""}
    持平: {写法: "，主要是{原因}", 持平: "，持平是因为{原因}"}
    可不写: {写法: "，原因是{原因}", 可不写: 是}
    自定: {写法: "，主要原因是{原因}", 待补充: "【待补充：{名称}较{对象}{增长或下降}】"}
"""
UP = (Decimal(20000), Decimal(10000))
DOWN = (Decimal(10000), Decimal(20000))
SAME = (Decimal(10000), Decimal(10049))  # both print 1.00
UNKNOWN = (Decimal(10000), None)


@pytest.fixture(scope="module")
def reasons(said):
    return said(REASONS)


@pytest.mark.parametrize(
    ("name", "text", "figures", "expected"),
    [
        ("默认", "人员增加", UP, "，主要原因是人员增加。"),
        ("默认", "人员增加", DOWN, "，主要原因是人员增加。"),
        ("默认", None, SAME, "。"),
        ("默认", "去年留下的话", SAME, "。"),
        ("默认", None, UNKNOWN, "。"),
        ("默认", "新设单位", UNKNOWN, "，主要原因是新设单位。"),
        ("方向", "人员增加", UP, "，增加主要原因：人员增加"),
        ("方向", "人员减少", DOWN, ""),
        ("持平", "无车辆", SAME, "，持平是因为无车辆"),
        ("持平", None, SAME, ""),
        ("可不写", None, UP, ""),
        ("可不写", "人员增加", UP, "，原因是人员增加"),
        ("默认", "一是新招；二是调资。", UP, "，主要原因一是新招；二是调资。"),
        ("方向", "一是新招；二是调资。", UP, "，增加主要原因：一是新招；二是调资"),
        ("持平", "一是新招；二是调资。", UP, "，主要是：一是新招；二是调资"),
    ],
)
def test_reason(reasons, name, text, figures, expected):
    assert reasons.reason(text, *figures, name) == expected


def test_missing_reason_is_marked(reasons):
    assert reasons.reason(None, *UP, 名称="收入合计") == "，主要原因是【待补充：收入合计增加的原因】。"
    assert reasons.reason("。", *DOWN, 名称="收入合计") == "，主要原因是【待补充：收入合计减少的原因】。"
    assert (
        reasons.reason("", *DOWN, "自定", 名称="收入合计", 对象="上年") == "，主要原因是【待补充：收入合计较上年下降】"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("人员增加。", "人员增加"),
        ("人员增加。。", "人员增加"),
        ("人员增加；", "人员增加"),
        ("人员增加;\n", "人员增加"),
        ("人员增加，\n经费相应增加。\n", "人员增加，经费相应增加"),
        ("主要原因是人员增加", "人员增加"),
        ("主要原因是：人员增加。", "人员增加"),
        ("主要原因：人员增加", "人员增加"),
        ("，主要原因是人员增加", "人员增加"),
        ("原因是人员增加", "人员增加"),
        ("其主要原因为人员增加", "人员增加"),
        ("增加的主要原因是人员增加", "人员增加"),
        ("主要是人员增加", "人员增加"),
        ("主要原因是主要原因是人员增加", "人员增加"),
        ("主要原因：主要是受政策的调整", "受政策的调整"),
        ("支出决算数大于年初预算数的主要原因：一是追加", "一是追加"),
        ("主要原因一是新招", "一是新招"),
        # words that only look like a lead-in
        ("疫情的原因，会议减少", "疫情的原因，会议减少"),
        ("增加人员", "增加人员"),
        ("其他原因是次要的", "其他原因是次要的"),
        ("主要负责人调整", "主要负责人调整"),
        ("购置“三公”平台（一期）", "购置“三公”平台（一期）"),
    ],
)
def test_lead_in_and_full_stop_stand_once(text, expected):
    assert clean(text) == expected


@given(st.text("主要原因是：，。；一人员增加的数预算决上年 \n", max_size=40))
def test_cleaning_twice_changes_nothing_more(text):
    once = clean(text)
    assert clean(once) == once
    assert not once.endswith(("。", "；", "，", "："))
    assert "\n" not in once
