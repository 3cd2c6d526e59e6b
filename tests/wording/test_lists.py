"""Lists of items."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.findings import InputError
from builder.wording.lists import Item

LISTS = """
数字格式: {明细: {去零: 是}}
措辞:
  列举:
    默认: {空: 无}
    末: {末分隔: 和, 整体: "包括{列表}共{项数}项"}
    最多: {最多: 2, 整体: "{列表}", 超出: "{列表}等{项数}项"}
    金额: {金额: 明细, 项: "{序号}{名称}{金额}万元", 序号: "（1）", 分隔: ；}
    全部: {继承: 金额, 含零: 是}
    对象: {项: "{名称}（{对象}）"}
"""


@pytest.fixture(scope="module")
def lists(said):
    return said(LISTS)


ITEMS = [
    Item("办公费", Decimal(80000)),
    Item("咨询费", Decimal(0)),
    Item("水费", Decimal(49)),
    Item("电费", Decimal(50)),
    Item("罚没", Decimal(-15000)),
]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("默认", "办公费、电费、罚没"),
        ("末", "包括办公费、电费和罚没共3项"),
        ("最多", "办公费、电费等3项"),
        ("金额", "（1）办公费8万元；（2）电费0.01万元；（3）罚没-1.5万元"),
        ("全部", "（1）办公费8万元；（2）咨询费0万元；（3）水费0万元；（4）电费0.01万元；（5）罚没-1.5万元"),
    ],
)
def test_listing(lists, name, text):
    assert lists.listing(ITEMS, name) == text


def test_nothing_to_list(lists):
    assert lists.listing([Item("水费", Decimal(49))]) == "无"
    assert lists.listing([], "末") == ""


def test_one_item_has_no_separator(lists):
    assert lists.listing(ITEMS[:1], "末") == "包括办公费共1项"


def test_exactly_as_many_as_allowed_are_not_cut(lists):
    assert lists.listing(ITEMS[:4], "最多") == "办公费、电费"


def test_items_without_amounts_stay(lists):
    assert lists.listing([Item("一科"), Item("二科")]) == "一科、二科"


def test_amount_that_is_not_there_is_asked_for(lists):
    with pytest.raises(InputError, match=r"列举 › 金额 .*\{金额\}"):
        lists.listing([Item("一科")], "金额")


def test_texts_from_the_part(lists):
    assert lists.listing(ITEMS[:1], "对象", 对象="本年") == "办公费（本年）"
    with pytest.raises(InputError, match='对象="…"'):
        lists.listing(ITEMS[:1], "对象")


@given(st.lists(st.integers(-200, 200).map(Decimal), max_size=8))
def test_exactly_the_items_that_print_something_are_named(lists, amounts):
    items = [Item(f"项{number}", amount) for number, amount in enumerate(amounts)]
    text = lists.listing(items)
    expected = [item.name for item in items if abs(item.amount or 0) >= 50]
    assert text == ("、".join(expected) or "无")
