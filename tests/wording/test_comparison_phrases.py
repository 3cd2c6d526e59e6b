"""Change, share, completion and comparison with the budget: every case, and what holds for all figures."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builder.findings import InputError

COMPLETE = """
措辞:
  较上年:
    默认:
      增加: 增加{差额}万元，增长{率}%
      减少: 减少{差额}万元，下降{率}%
      持平: 与上年持平
      从无到有: 增加{差额}万元（上年无此项）
      归零: 减少{差额}万元（本年无此项）
      均为零: 两年均无此项
      基数为负: "{增加或减少}{差额}万元，由{上年}万元变为{本年}万元"
      上年未知: 上年数未提供
    带号: {增加: "{增减额}/{增减率}%", 减少: "{增减额}/{增减率}%", 持平: "{增减额}/{增减率}%"}
    无率: {增加: "增加{差额}", 减少: "减少{差额}", 持平: 持平}
    缺: {增加: "增加{差额}，增长{率}%", 减少: "减少{差额}，下降{率}%", 持平: 持平}
  比较:
    默认:
      大于: 决算{大于或小于}预算{差额}万元（{率}%，完成{预算}中的{决算}）
      小于: 决算{大于或小于}预算{差额}万元（{率}%）
      等于: 与预算一致
      预算为零: 年初未安排预算
      决算为零: 未执行
      均为零: 无
      预算为负: 冲减
      预算未知: 无预算数
  完成预算:
    默认:
      完成: 完成{率}%
      足额: 全部完成
      预算为零: 年初未安排
      决算为零: 未执行
      均为零: 完成{率}%
      预算为负: 冲减
      预算未知: 无预算数
  占:
    默认: {占: "占{率}%", 全部: 全部为该项, 总数为零: 总数为零, 部分为零: 无, 总数为负: 总数为负, 总数未知: 总数未知}
    只有占: 占{率}%
"""


@pytest.fixture(scope="module")
def complete(said):
    return said(COMPLETE)


def yuan(wan: str | None) -> Decimal | None:
    return None if wan is None else Decimal(wan) * 10000


@pytest.mark.parametrize(
    ("current", "previous", "text"),
    [
        ("1067.01", "927.93", "增加139.08万元，增长14.99%"),
        ("927.93", "1067.01", "减少139.08万元，下降13.03%"),
        ("5", "5", "与上年持平"),
        ("5", "0", "增加5.00万元（上年无此项）"),
        ("0", "5", "减少5.00万元（本年无此项）"),
        ("0", "0", "两年均无此项"),
        ("3", "-2", "增加5.00万元，由-2.00万元变为3.00万元"),
        ("-5", "-2", "减少3.00万元，由-2.00万元变为-5.00万元"),
        ("0", "-2", "增加2.00万元，由-2.00万元变为0.00万元"),
        ("-2", "0", "减少2.00万元，由0.00万元变为-2.00万元"),
        ("-2", "-2", "与上年持平"),
        ("-1", "4", "减少5.00万元，下降125.00%"),
        ("5", None, "上年数未提供"),
    ],
)
def test_change_in_every_case(complete, current, previous, text):
    assert complete.change(yuan(current), yuan(previous)) == text


@pytest.mark.parametrize(
    ("current", "previous", "text"),
    [
        ("20.47", "24.25", "-3.78/-15.59%"),
        ("24.25", "20.47", "3.78/18.47%"),
        ("5", "5", "0.00/0.00%"),
        ("0", "0", "0.00/0.00%"),
        ("-2", "-2", "0.00/0.00%"),
        ("0", "5", "-5.00/-100.00%"),
    ],
)
def test_signed_change(complete, current, previous, text):
    assert complete.change(yuan(current), yuan(previous), "带号") == text


@pytest.mark.parametrize(
    ("final", "budget", "text"),
    [
        ("8", "5", "决算大于预算3.00万元（60.00%，完成5.00中的8.00）"),
        ("5", "8", "决算小于预算3.00万元（37.50%）"),
        ("5", "5", "与预算一致"),
        ("8", "0", "年初未安排预算"),
        ("0", "8", "未执行"),
        ("0", "0", "无"),
        ("1", "-8", "冲减"),
        ("-1", "0", "冲减"),
        ("1", None, "无预算数"),
    ],
)
def test_difference_in_every_case(complete, final, budget, text):
    assert complete.difference(yuan(final), yuan(budget)) == text


@pytest.mark.parametrize(
    ("final", "budget", "text"),
    [
        ("8", "5", "完成160.00%"),
        ("5", "8", "完成62.50%"),
        ("5", "5", "全部完成"),
        ("8", "0", "年初未安排"),
        ("0", "8", "未执行"),
        ("0", "0", "完成0.00%"),
        ("1", "-8", "冲减"),
        ("-1", "8", "完成-12.50%"),
        ("1", None, "无预算数"),
    ],
)
def test_completion_in_every_case(complete, final, budget, text):
    assert complete.completion(yuan(final), yuan(budget)) == text


@pytest.mark.parametrize(
    ("part", "whole", "name", "text"),
    [
        ("816.42", "1067.01", "默认", "占76.51%"),
        ("5", "5", "默认", "全部为该项"),
        ("5", "5", "只有占", "占100.00%"),
        ("0", "5", "默认", "无"),
        ("0", "5", "只有占", "占0.00%"),
        ("0", "0", "默认", "占0.00%"),
        ("5", "0", "默认", "总数为零"),
        ("1", "-5", "默认", "总数为负"),
        ("1", None, "默认", "总数未知"),
    ],
)
def test_share_in_every_case(complete, part, whole, name, text):
    assert complete.share(yuan(part), yuan(whole), name) == text


@pytest.mark.parametrize(
    ("current", "previous", "text"),
    [
        ("5", "0", "增加5.00"),
        ("0", "5", "减少5.00"),
        ("0", "0", "持平"),
        ("1", "-2", "增加3.00"),
        ("-2", "0", "减少2.00"),
    ],
)
def test_a_phrase_without_a_rate_serves_where_there_is_none(complete, current, previous, text):
    assert complete.change(yuan(current), yuan(previous), "无率") == text


@pytest.mark.parametrize(
    ("current", "previous", "parts"),
    [
        (
            "69.77",
            "0",
            ["「从无到有」", "「增加」的写法里有这时没有的数", "住房公积金", "本年 69.77", "上年 0.00", "补写"],
        ),
        ("1", "-2", ["「基数为负」", "上年 -2.00"]),
        ("1", None, ["「上年未知」", "上年没有给出", "请给出上年"]),
    ],
)
def test_a_case_the_house_has_no_phrase_for_is_named(complete, current, previous, parts):
    with pytest.raises(InputError) as error:
        complete.change(yuan(current), yuan(previous), "缺", 名称="住房公积金")
    assert str(error.value).startswith("错误：措辞 › 较上年 › 缺 没有")
    assert [part for part in parts if part not in str(error.value)] == []


def test_style_is_told_of_likely_cases_it_leaves_unsaid(complete):
    assert [str(finding) for finding in complete.gaps()] == [
        f"提示：措辞 › 较上年 › {name} 没有「从无到有」的写法；遇到这种情况时文档出不来，建议补上"
        for name in ("带号", "缺")
    ]


def test_unknown_set_is_named_with_the_nearest(complete):
    with pytest.raises(InputError, match=r"较上年 里没有名为「无」的一组.*是不是「无率」"):
        complete.change(Decimal(1), Decimal(1), "无")


# Figures in 元: the document prints 0.01 万元, so the phrase follows what it prints.


@pytest.mark.parametrize(
    ("current", "previous", "text"),
    [
        # 927.93|49 and 1067.00|50 print as 927.93 and 1067.01; their exact difference, 139.0701, would print 139.07.
        ("10670050", "9279349", "增加139.08万元，增长14.99%"),
        ("50049", "49951", "与上年持平"),  # both print 5.00
        ("50050", "50049", "增加0.01万元，增长0.20%"),  # 5.01 and 5.00, although they differ by 1 元
        ("49", "0", "两年均无此项"),
        ("50", "49", "增加0.01万元（上年无此项）"),
    ],
)
def test_change_follows_from_the_printed_figures(complete, current, previous, text):
    assert complete.change(Decimal(current), Decimal(previous)) == text


def test_step_comes_from_the_number_format(said):
    wording = said("""
        数字格式: {万: {位数: 0}, 亿: {单位: 亿元}, 辆: {单位: 个, 位数: 0}}
        措辞:
          较上年:
            万: {金额: 万, 增加: "{本年}，增{差额}，{率}%", 减少: 减, 持平: 平}
            亿: {金额: 亿, 增加: "{本年}，增{差额}，{率}%", 减少: 减, 持平: 平}
            辆: {金额: 辆, 增加: "增加{差额}辆", 减少: 减, 持平: 平}
            细: {金额: 万, 差额: 默认, 增加: "增{差额}", 减少: 减, 持平: 平}
    """)
    # 12.6 and 10.4 万元 print as 13 and 10: the reader sees 3 more, 30 %.
    assert wording.change(Decimal(126000), Decimal(104000), "万") == "13，增3，30.00%"
    assert wording.change(Decimal(126000), Decimal(104000), "细") == "增3.00"
    assert wording.change(Decimal(104000), Decimal(100000), "万") == "平"
    assert wording.change(Decimal(217000000), Decimal(127000000), "亿") == "2.17，增0.90，70.87%"
    assert wording.change(Decimal(3), Decimal(1), "辆") == "增加2辆"


cents = st.integers(-(10**9), 10**9).map(lambda number: Decimal(number) / 100)
bases = st.one_of(st.none(), st.just(Decimal(0)), st.sampled_from([Decimal(n) for n in (49, 50, -49, -50)]), cents)


def seen(amount: Decimal) -> Decimal:
    """What the document prints, calculated apart: 0.01 万元, half away from zero."""
    return (amount / 10000).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@given(cents, cents)
@example(Decimal(50), Decimal(0))
@example(Decimal(-50), Decimal(0))
def test_the_word_goes_with_the_sign_and_the_numbers_can_be_recomputed(complete, current, previous):
    text = complete.change(current, previous)
    now, before = seen(current), seen(previous)
    assert ("增加" in text) == (now > before)
    assert ("减少" in text) == (now < before)
    if now != before:
        assert Decimal(re.search(r"[少加]([\d.]+)万元", text)[1]) == abs(now - before)
    rate = re.search(r"(?:增长|下降)([\d.]+)%", text)
    assert (rate is not None) == (before > 0 and now not in {before, 0})
    if rate:
        exact = abs(now - before) / before * 100
        assert abs(Decimal(rate[1]) - exact) <= Decimal("0.005")


@given(cents, bases)
def test_a_complete_style_has_a_phrase_for_all_figures(complete, value, base):
    for speak in (complete.change, complete.difference, complete.completion, complete.share):
        text = speak(value, base)
        assert text
        assert "{" not in text


def test_a_negative_base_that_has_not_changed_is_no_change(said):
    wording = said("措辞: {较上年: {默认: {增加: 增, 减少: 减, 持平: 平, 基数为负: 由负转变}}}")
    assert wording.change(Decimal(-20000), Decimal(-20000)) == "平"
    assert wording.change(Decimal(-10000), Decimal(-20000)) == "由负转变"


@given(st.lists(st.integers(0, 10**9).map(Decimal), min_size=1, max_size=12))
def test_shares_of_all_parts_make_a_hundred_within_rounding(complete, parts):
    parts = [seen(part) * 10000 for part in parts]
    whole = sum(parts)
    texts = [complete.share(part, whole, "只有占") for part in parts]
    total = sum(Decimal(text[1:-1]) for text in texts)
    assert total == 0 if whole == 0 else abs(total - 100) <= Decimal("0.005") * len(parts)


@given(cents, st.integers(1, 10**9).map(lambda number: Decimal(number) * 100))
def test_completion_and_growth_agree(complete, final, budget):
    text = complete.completion(final, budget)
    completed = Decimal({"全部完成": "100", "未执行": "0"}.get(text, text[2:-1]))
    growth = Decimal(complete.change(final, budget, "带号").split("/")[1][:-1])
    # The two are rounded half away from zero each; across zero that may differ by the last digit.
    assert abs(completed - 100 - growth) <= Decimal("0.01")
