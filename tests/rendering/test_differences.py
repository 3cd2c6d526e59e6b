"""What differs between two versions of a sentence: whole figures and words, [gone]{come}."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.rendering.differences import Differ

ITEMS = "甲支出1.00万元，占10%；乙支出2.00万元，占20%；丙支出3.00万元，占30%。"


def shown(old: str, new: str) -> str:
    at, found = 0, ""
    for change in Differ([old, new]).changes(old, new):
        gone, come = old[change.start : change.end], new[change.new_start : change.new_end]
        found += old[at : change.start] + (f"[{gone}]" if gone else "") + (f"{{{come}}}" if come else "")
        at = change.end
    return found + old[at:]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("支出763.41万元", "支出736.41万元", "支出[763.41]{736.41}万元"),
        ("共1,064.50万元，占99.76%。", "共1,064.05万元，占9.76%。", "共[1,064.50]{1,064.05}万元，占[99.76%]{9.76%}。"),
        ("结余-5.00万元", "结余5.00万元", "结余[-5.00]{5.00}万元"),
        ("比2021年增加5.00万元", "比2021年减少3.00万元", "比2021年[增加5.00]{减少3.00}万元"),
        ("较上年增加5.00万元", "较上年增长3.00万元", "较上年[增加5.00]{增长3.00}万元"),
        ("与上年一致，见上年数、本年数", "与本年一致，见上年数、本年数", "与[上年]{本年}一致，见上年数、本年数"),
        ("年初未列预算", "年初没有列预算", "年初[未]{没有}列预算"),
        ("年初结转", "年末结转", "[年初]{年末}结转"),
        ("决算数与预算数持平", "决算数较预算数增加1.87万元", "决算数[与]{较}预算数[持平]{增加1.87万元}"),
        ("共有车辆1辆", "共有车辆12辆", "共有车辆[1]{12}辆"),
        (ITEMS, "甲支出1.00万元，占10%；丙支出3.00万元，占30%。",
         "甲支出1.00万元，占10%；[乙支出2.00万元，占20%；]丙支出3.00万元，占30%。"),
        (ITEMS, "甲支出1.00万元，占10%；乙支出2.00万元，占20%。",
         "甲支出1.00万元，占10%；乙支出2.00万元，占20%[；丙支出3.00万元，占30%]。"),
        (ITEMS, "乙支出2.00万元，占20%；丙支出3.00万元，占30%。",
         "[甲支出1.00万元，占10%；]乙支出2.00万元，占20%；丙支出3.00万元，占30%。"),
        ("原因是人员增加。", "原因是落实过紧日子的要求。", "原因是[人员增加]{落实过紧日子的要求}。"),
        ("与上年持平", "比上年减少2.00万元，下降3.00%", "[与上年持平]{比上年减少2.00万元，下降3.00%}"),
        ("没有变", "没有变", "没有变"),
        ("", "新的", "{新的}"),
        ("旧的", "", "[旧的]"),
    ],
)  # fmt: skip
def test_whole_figures_and_words(old: str, new: str, expected: str) -> None:
    assert shown(old, new) == expected


TEXTS = st.text("增加减少长万元，。上年1.2%\n", max_size=30)


@given(TEXTS, TEXTS)
def test_changes_lead_from_the_old_to_the_new(old: str, new: str) -> None:
    made, at = "", 0
    for change in Differ([old, new]).changes(old, new):
        assert change.start < change.end or change.new_start < change.new_end
        made += old[at : change.start]
        assert len(made) == change.new_start
        made += new[change.new_start : change.new_end]
        at = change.end
    assert made + old[at:] == new
