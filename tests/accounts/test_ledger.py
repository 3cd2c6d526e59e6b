"""The ledger: what a query admits, what it leaves open, and how the facts are entered."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from small_books import WAN, facts_of, ledger

from builder.accounts.ledger import Entry, Ledger, Query
from builder.findings import Source

SPENT = """
支出:
  - {科目: 2080505, 人员经费: 30, 公用经费: 5.5, 项目支出: 4}
  - {科目: 2080501, 基本支出: 2}
  - {科目: 2101501, 资金来源: 非财政拨款, 基本支出: 1, 经营支出: 0.25}
"""


def total(book: Ledger, query: Query, *subjects: str) -> Decimal:
    return book.total(query, subjects or ("",)).amount / WAN


def test_a_query_sums_by_fund_kind_detail_and_subject():
    book = ledger(SPENT)
    assert total(book, Query(("支出",))) == Decimal("42.75")
    assert total(book, Query(("支出",), funds=("一般公共预算",))) == Decimal("41.5")
    assert total(book, Query(("支出",), kinds=("基本支出",))) == Decimal("38.5")  # 30 + 5.5 + 2 + 1
    assert total(book, Query(("支出",), details=("公用经费",))) == Decimal("5.5")
    assert total(book, Query(("支出",)), "208") == Decimal("41.5")
    assert total(book, Query(("支出",)), "20805", "21015") == Decimal("42.75")
    assert total(book, Query(("支出",)), "2080505") == Decimal("39.5")


def test_a_book_or_subject_that_nobody_wrote_in_is_zero():
    book = ledger(SPENT)
    assert total(book, Query(("结余分配",))) == 0
    assert total(book, Query(("没有这本账",))) == 0
    assert total(book, Query(("支出",)), "229") == 0
    assert book.entries_of(Query(("支出",)), ("229", "230")) == []


def test_entries_stand_in_the_order_of_the_tables_whatever_the_order_of_the_facts():
    entries = ledger("支出: [{项目支出: 3, 公用经费: 2, 人员经费: 1, 科目: 2080505}]").entries
    assert [entry.detail or entry.kind for entry in entries] == ["人员经费", "公用经费", "项目支出"]


def test_the_revenue_of_a_fund_and_tuition_are_entered_apart():
    book = ledger("收入: [{科目: 2050305, 政府性基金预算财政拨款: 7, 事业收入: 20, 其中教育收费: 12}]")
    assert total(book, Query(("收入",), funds=("政府性基金预算",), kinds=("财政拨款收入",))) == 7
    assert total(book, Query(("收入",))) == 27  # 教育收费 is a part of 事业收入
    assert total(book, Query(("其中教育收费",))) == 12


def test_a_book_that_is_not_given_is_not_known_and_an_empty_one_is():
    assert not ledger("").is_known(Query(("年初预算",)))
    assert ledger("年初预算: []").is_known(Query(("年初预算",)))
    assert ledger("").is_known(Query(("支出",)))


def test_a_budget_without_its_kinds_is_known_as_a_whole_only():
    book = ledger("年初预算: [{科目: 2080505, 金额: 9}, {科目: 2101501, 基本支出: 3, 项目支出: 4}]")
    assert book.is_known(Query(("年初预算",)))
    assert total(book, Query(("年初预算",))) == 16
    basic = Query(("年初预算",), kinds=("基本支出",))
    assert not book.is_known(basic)
    assert book.is_known(basic, ("210",))
    assert total(book, basic, "210") == 3


def test_a_budget_of_another_fund_does_not_make_this_one_unknown():
    book = ledger("年初预算: [{科目: 2080505, 基本支出: 9}, {科目: 2296002, 资金来源: 政府性基金预算, 金额: 3}]")
    assert book.is_known(Query(("年初预算",), funds=("一般公共预算",), kinds=("基本支出",)))
    assert not book.is_known(Query(("年初预算",), funds=("政府性基金预算",), kinds=("基本支出",)))


def test_basic_expenditure_that_is_not_divided_leaves_personnel_open():
    query = Query(("支出",), funds=("一般公共预算",), details=("人员经费",))
    assert [gap.subject for gap in ledger(SPENT).gaps(query) if isinstance(gap, Entry)] == ["2080501"]


def test_no_word_on_an_expense_means_that_there_was_none():
    book = ledger("")
    assert book.is_known(Query(("三公全年预算",)))
    assert total(book, Query(("三公决算",))) == 0


def test_an_expense_without_a_budget_leaves_only_its_own_budget_open():
    book = ledger("三公经费: {公务接待费: {全年预算: 0.7, 决算: 0.15}, 公务用车运行维护费: {决算: 2}}")
    assert not book.is_known(Query(("三公全年预算",)))
    assert book.is_known(Query(("三公全年预算",), kinds=("公务接待费",)))
    assert not book.is_known(Query(("三公年初预算",), kinds=("公务接待费",)))
    assert [gap.wanted for gap in book.gaps(Query(("三公全年预算",))) if not isinstance(gap, Entry)] == [
        "公务用车运行维护费的全年预算"
    ]


def test_basic_expenditure_without_economic_subjects_leaves_them_open():
    assert not ledger(SPENT).is_known(Query(("经济分类",)))
    assert ledger(SPENT + "基本支出经济分类: {30101: 37.5}").is_known(Query(("经济分类",)))
    only_projects = "支出: [{科目: 2080505, 项目支出: 4}]"
    assert ledger(only_projects).is_known(Query(("经济分类",)))


def test_surplus_is_non_fiscal_and_none_leaves_no_entry():
    assert ledger("").entries == ()
    (entry,) = ledger("使用非财政拨款结余: 3").entries
    assert (entry.book, entry.fund, entry.amount) == ("使用非财政拨款结余", "非财政拨款", 30000)


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("{科目: 2080505, 金额: 9, 基本支出: 9}", ["金额", "基本支出"]),
        ("{科目: 2080505, 金额: 9, 基本支出: 5, 项目支出: 4}", ["金额", "基本支出", "项目支出"]),
        ("{科目: 2080505}", []),
    ],
)
def test_a_budget_line_gives_the_whole_or_its_parts(line: str, given: list[str]):
    with pytest.raises(ValidationError) as caught:
        facts_of(f"年初预算: [{line}]")
    (error,) = caught.value.errors()
    assert (error["type"], error["ctx"]["given"]) == ("exactly_one", given)


def test_sums_are_exact():
    book = Ledger([Entry("支出", Decimal("0.1"), Source("")) for _ in range(10)])
    assert book.total(Query(("支出",))).amount == 1


BOOKS, FUNDS = ("支出", "收入"), ("一般公共预算", "非财政拨款")
KINDS, DETAILS = ("基本支出", "项目支出", ""), ("人员经费", "")
CODES = ("", "208", "20805", "2080505", "2101501")
ENTRIES = st.lists(
    st.builds(
        lambda book, cents, subject, *dimensions: Entry(book, Decimal(cents) / 100, Source(""), subject, *dimensions),
        *map(st.sampled_from, (BOOKS, (-150, 0, 25, 1000), CODES, FUNDS, KINDS, DETAILS)),
    ),
    max_size=15,
)


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True).map(tuple)


@settings(max_examples=150, deadline=None)
@given(
    ENTRIES, st.lists(st.builds(Query, some(BOOKS), some(FUNDS), some(KINDS[:2]), some(DETAILS[:1])), max_size=4),
    st.lists(st.sampled_from(CODES), min_size=1, max_size=2, unique=True),
)
def test_a_total_is_the_sum_of_the_entries_that_the_query_names(
    entries: list[Entry], queries: list[Query], subjects: list[str]
):
    book = Ledger(entries)
    for query in queries:  # each after the other, for a ledger remembers what it has added up
        named = [
            entry for subject in subjects for wanted in query.books for entry in entries
            if entry.book == wanted and entry.subject.startswith(subject)
            and entry.fund in (query.funds or FUNDS)
            and entry.kind in (query.kinds or KINDS)
            and entry.detail in (query.details or DETAILS)
        ]
        total = book.total(query, subjects)
        assert total.amount == sum(entry.amount for entry in named)
        assert total.items == sum(1 for entry in named if entry.amount)
        assert book.entries_of(query, subjects) == named
