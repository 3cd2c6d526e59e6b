"""Tables drawn from the ledger: rows, sums, blocks side by side, and stated values."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from small_books import column, facts_of, statement, subjects, tables_of, wan

from builder.accounts.entering import ledger_of
from builder.accounts.outlines import outline_of
from builder.accounts.statements import Statement
from builder.accounts.tabulating import build_statement

SPENT = """
支出:
  - {科目: 2080505, 基本支出: 35.81}
  - {科目: 2080501, 基本支出: 5.3}
  - {科目: 2101504, 项目支出: 138.02}
  - {科目: 2299999, 资金来源: 非财政拨款, 基本支出: 2.51}
"""
BY_SUBJECT = """
支出表:
  标题: 支出决算表
  账: 支出
  栏:
    支出:
      按科目列行: 是
      合计行: 合计
      列:
        合计: {合计: [基本支出, 项目支出]}
        基本支出: {类型: 基本支出}
        项目支出: {类型: 项目支出}
"""


def test_a_table_by_subjects_has_every_level_in_order_and_the_total():
    made = statement(SPENT, BY_SUBJECT)
    assert column(made, "合计") == {
        "合计": Decimal("181.64"),
        "208": Decimal("41.11"),
        "20805": Decimal("41.11"),
        "2080501": Decimal("5.3"),
        "2080505": Decimal("35.81"),
        "210": Decimal("138.02"),
        "21015": Decimal("138.02"),
        "2101504": Decimal("138.02"),
        "229": Decimal("2.51"),
        "22999": Decimal("2.51"),
        "2299999": Decimal("2.51"),
    }
    rows = made.blocks["支出"].rows
    assert [(row.code, row.label, row.level) for row in rows[:3]] == [
        ("208", "社会保障和就业支出", "类"),
        ("20805", "行政事业单位养老支出", "款"),
        ("2080501", "行政单位离退休", "项"),
    ]
    assert made.blocks["支出"].total is made.rows["合计"]


def test_a_filter_nearer_to_the_cell_replaces_the_one_farther_away():
    made = statement(
        SPENT,
        """
表:
  标题: 表
  账: 支出
  资金来源: 一般公共预算
  栏:
    一:
      列: {全部: {}, 项目: {类型: 项目支出}, 自筹: {资金来源: 非财政拨款}}
      行: [{名: 甲}, {名: 乙, 科目: ["208"], 类型: 基本支出}]
""",
    )
    assert column(made, "全部") == {"甲": Decimal("179.13"), "乙": Decimal("41.11")}
    assert column(made, "项目") == {"甲": Decimal("138.02"), "乙": 0}  # the column's 类型 goes before the row's
    assert column(made, "自筹") == {"甲": Decimal("2.51"), "乙": 0}


def test_amounts_that_cancel_out_leave_no_row_and_negative_ones_do():
    facts = """
支出:
  - {科目: 2080505, 基本支出: 3}
  - {科目: 2080505, 资金来源: 非财政拨款, 基本支出: -3}
  - {科目: 2101501, 基本支出: -0.5}
"""
    assert column(statement(facts, BY_SUBJECT), "合计") == {
        "合计": Decimal("-0.5"),
        "210": Decimal("-0.5"),
        "21015": Decimal("-0.5"),
        "2101501": Decimal("-0.5"),
    }


def test_no_facts_no_rows():
    made = statement("", BY_SUBJECT)
    assert list(made.rows) == ["合计"]
    assert not made.has_figures


TWO_SIDED = """
总表:
  标题: 总表
  行次: 是
  栏:
    左:
      序号: "{序号}、"
      列: {金额: {}}
      行:
        - {名: 财政拨款, 编号: 是, 账: 收入, 类型: 财政拨款收入}
        - {名: 其他, 标签: 其他各项收入, 编号: 是, 账: 收入, 类型: 其他收入}
        - {补齐: 是}
        - {名: 本年收入, 账: 收入}
        - {空行: 是}
        - {名: 总计, 合计: [本年收入, -其他]}
    右:
      序号: "{数}."
      列: {金额: {}}
      行:
        - {功能大类: 4, 账: 支出}
        - {名: 本年支出, 账: 支出}
        - {名: 总计, 合计: [本年支出]}
"""


def sides(made: Statement) -> list[tuple[str, int, str, int]]:
    return [
        (left.label, left.number, right.label, right.number)
        for left, right in zip(made.blocks["左"].rows, made.blocks["右"].rows, strict=True)
    ]


def test_two_sides_are_level_numbered_and_their_lines_counted_down_one_and_on_down_the_other():
    made = statement("收入: [{科目: 2010101, 一般公共预算财政拨款: 10, 其他收入: 2}]", TWO_SIDED)
    assert sides(made) == [
        ("一、财政拨款", 1, "1.一般公共服务支出", 7),
        ("二、其他各项收入", 2, "2.外交支出", 8),
        ("", 3, "3.国防支出", 9),
        ("本年收入", 4, "4.公共安全支出", 10),
        ("", 5, "本年支出", 11),
        ("总计", 6, "总计", 12),
    ]
    assert column(made, "金额")["左.总计"] == 10  # 12 - 2
    assert made.rows["左.总计"].cells["金额"].parts[1][1] == -1


def test_a_category_beyond_the_list_is_shown_where_it_has_figures():
    facts = "支出: [{科目: 2080505, 基本支出: 4}, {科目: 2030101, 基本支出: 1}]"
    made = statement(facts, TWO_SIDED)
    assert [label for _, _, label, _ in sides(made)][:5] == [
        "1.一般公共服务支出",
        "2.外交支出",
        "3.国防支出",
        "4.公共安全支出",
        "5.社会保障和就业支出",
    ]
    right = {key: amount for key, amount in column(made, "金额").items() if key.startswith("右.")}
    listed = sum(amount for key, amount in right.items() if key not in {"右.本年支出", "右.总计"})
    assert right["右.本年支出"] == listed == 5


def test_several_fillers_and_a_total_row_in_one_block_only_keep_the_blocks_level():
    made = statement(
        "",
        """
表:
  标题: 表
  账: 支出
  行次: 是
  栏:
    左: {列: {金额: {}}, 合计行: 合计, 行: [{补齐: 是}, {名: 甲}, {补齐: 是}]}
    右: {列: {金额: {}}, 行: [{名: 乙}, {名: 丙}, {名: 丁}]}
""",
    )
    assert [row.label for row in made.blocks["左"].rows] == ["", "", "甲"]
    total = made.blocks["左"].total
    assert total is not None
    assert (total.key, total.number) == ("左.合计", 1)
    assert [row.number for row in made.blocks["右"].rows] == [5, 6, 7]


ECONOMIC = """
明细:
  标题: 明细表
  账: 经济分类
  栏:
    一: {经济科目: ["307", "399"], 有数才列: ["30703", "30704", "309", "312"], 列: {决算数: {}}}
    合计: {不并列: 是, 列: {决算数: {}}, 行: [{名: 公用经费, 科目: ["307", "309"]}]}
"""


def codes(facts: str) -> list[str]:
    return [row.code for row in statement(facts, ECONOMIC).blocks["一"].rows]


def test_a_list_of_economic_subjects_is_whole_but_for_those_listed_only_when_used():
    assert codes("") == ["307", "30701", "30702", "399", "39907", "39908", "39909", "39910", "39999"]


def test_what_is_listed_only_when_used_stands_in_its_place():
    used = codes("基本支出经济分类: {30703: 0, 30908: 2, 39999: 1}")
    assert used == ["307", "30701", "30702", "309", "30908", "399", "39907", "39908", "39909", "39910", "39999"]
    assert "30703" in codes("基本支出经济分类: {30703: 0.01}")


def test_an_economic_subject_that_is_not_in_the_list_is_shown_by_its_code():
    made = statement("基本支出经济分类: {30798: 2}", ECONOMIC)
    rows = made.blocks["一"].rows
    assert [(row.code, row.label) for row in rows[:4]] == [
        ("307", "债务利息及费用支出"),
        ("30701", "国内债务付息"),
        ("30702", "国外债务付息"),
        ("30798", "30798"),
    ]
    assert column(made, "决算数")["合计.公用经费"] == 2


# ------------------------------------------------------------------ stated values

STATED_TOTAL = "支出表: {{20805: {{基本支出: {0}}}}}"


@pytest.mark.parametrize(
    ("stated", "agrees"),
    # 41.11 of two items: 0.005 × 3 = 0.015 is the limit
    [("41.12", True), ("41.10", True), ("41.125", True), ("41.126", False), ("41.09", False), ("41.13", False)],
)
def test_a_stated_value_within_the_rounding_difference_is_printed(stated: str, agrees: bool):
    cell = statement(SPENT, BY_SUBJECT, STATED_TOTAL.format(stated)).rows["20805"].cells["基本支出"]
    assert cell.agrees is agrees
    assert wan(cell.value) == Decimal(stated if agrees else "41.11")
    assert wan(cell.derived) == Decimal("41.11")


def test_sums_are_made_of_the_printed_values():
    made = statement(SPENT, BY_SUBJECT, STATED_TOTAL.format("41.12"))
    assert column(made, "合计")["20805"] == Decimal("41.12")


def test_an_item_of_zero_widens_no_limit():
    facts = "支出: [{科目: 2080505, 基本支出: 1}, {科目: 2080501, 基本支出: 0}, {科目: 2080506, 基本支出: 0}]"
    cell = statement(facts, BY_SUBJECT, STATED_TOTAL.format("1.015")).rows["20805"].cells["基本支出"]
    assert cell.leaves == 1
    assert not cell.agrees


def test_the_limit_follows_the_last_digit_that_the_table_prints():
    facts = "金额单位: 元\n支出: [{科目: 2080505, 基本支出: 10000.00}]"
    stated = STATED_TOTAL.format("1.0050")  # 50 元 more
    assert statement(facts, BY_SUBJECT, stated).rows["20805"].cells["基本支出"].agrees
    assert not statement(facts, BY_SUBJECT, stated, step="0.01").rows["20805"].cells["基本支出"].agrees


def test_a_table_may_take_the_stated_values_of_another():
    table = BY_SUBJECT.replace("  账: 支出\n", "  账: 支出\n  公开值同: 公开05\n")
    made = statement(SPENT, table, "公开05: {合计: {基本支出: 43.63}}\n支出表: {合计: {基本支出: 43.61}}")
    assert column(made, "基本支出")["合计"] == Decimal("43.63")


def test_a_stated_row_that_the_facts_do_not_have_is_not_printed():
    made = statement(SPENT, BY_SUBJECT, "支出表: {221: {基本支出: 3}}")
    assert "221" not in made.rows


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ("表: {标题: 表, 账: 没有的账, 栏: {一: {列: {甲: {}}}}}", "choice"),
        ("表: {标题: 表, 栏: {一: {列: {甲: {类型: 基本支岀}}}}}", "choice"),
        ("表: {标题: 表, 栏: {一: {列: {甲: {}}, 行: [{名: 甲, 空行: 是}]}}}", "exactly_one"),
        ("表: {标题: 表, 栏: {一: {列: {甲: {}}, 行: [{账: 支出}]}}}", "exactly_one"),
        ("表: {标题: 表, 栏: {一: {列: {甲: {}}, 行: [{功能大类: 许多}]}}}", "count"),
    ],
)
def test_a_table_that_cannot_be_drawn_is_refused(table: str, kind: str):
    with pytest.raises(ValidationError) as caught:
        tables_of(table)
    assert [error["type"] for error in caught.value.errors()] == [kind]


# ------------------------------------------------------------------ properties

CENTS = st.integers(-10_000_00, 10_000_00)
LINES = st.lists(
    st.tuples(
        st.sampled_from(["2080501", "2080505", "2080101", "2101501", "2299999"]),
        st.sampled_from(["一般公共预算", "政府性基金预算", "国有资本经营预算", "非财政拨款"]),
        st.sampled_from(["基本支出", "项目支出", "经营支出"]),
        CENTS,
    ),
    max_size=12,
)


def written(lines: list[tuple[str, str, str, int]], unit: str = "万元") -> str:
    scale = Decimal(100) if unit == "万元" else Decimal("0.01")
    rows = [
        f"  - {{科目: {code}, 资金来源: {fund}, {kind}: {(Decimal(cents) / scale):f}}}"
        for code, fund, kind, cents in lines
    ]
    return f"金额单位: {unit}\n支出:" + ("\n" + "\n".join(rows) if rows else " []") + "\n"


@settings(max_examples=60, deadline=None)
@given(LINES)
def test_every_level_adds_up_to_the_one_above(lines: list[tuple[str, str, str, int]]):
    values = column(statement(written(lines), BY_SUBJECT), "基本支出")
    derived = sum(Decimal(cents) / 100 for _, _, kind, cents in lines if kind == "基本支出")
    assert values["合计"] == derived
    for length in (3, 5, 7):
        assert sum(amount for key, amount in values.items() if key.isdigit() and len(key) == length) == derived
    for key, amount in values.items():
        below = [other for other in values if other.startswith(key) and len(other) == len(key) + 2]
        if key.isdigit() and below:
            assert amount == sum(values[other] for other in below)


@settings(max_examples=60, deadline=None)
@given(LINES)
def test_the_funds_divide_the_ledger(lines: list[tuple[str, str, str, int]]):
    funds = ["一般公共预算", "政府性基金预算", "国有资本经营预算", "非财政拨款"]
    columns = ", ".join(f"{fund}: {{资金来源: {fund}}}" for fund in funds)
    table = f"表: {{标题: 表, 账: 支出, 栏: {{一: {{按科目列行: 是, 合计行: 合计, 列: {{全部: {{}}, {columns}}}}}}}}}"
    for row in statement(written(lines), table).rows.values():
        assert row.cells["全部"].value == sum(row.cells[fund].value for fund in funds)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, min_size=2, max_size=3))
def test_the_tables_of_one_unit_say_nothing_of_another(units: list[list[tuple[str, str, str, int]]]):
    ((name, spec),) = tables_of(BY_SUBJECT).items()
    shared = outline_of(name, spec)
    made = [build_statement(shared, ledger_of(facts_of(written(lines)), {}), subjects()) for lines in units]
    for lines, table in zip(units, made, strict=True):
        alone = statement(written(lines), BY_SUBJECT)
        assert list(table.rows) == list(alone.rows)
        for cell, other in zip(table.cells(), alone.cells(), strict=True):
            assert (cell.place, cell.derived, cell.items) == (other.place, other.derived, other.items)
            assert sum(entry.amount for entry in cell.entries) == cell.derived


@settings(max_examples=40, deadline=None)
@given(LINES)
def test_yuan_and_wan_give_the_same_tables(lines: list[tuple[str, str, str, int]]):
    in_wan, in_yuan = statement(written(lines), BY_SUBJECT), statement(written(lines, "元"), BY_SUBJECT)
    assert column(in_wan, "合计") == column(in_yuan, "合计")
    assert list(in_wan.rows) == list(in_yuan.rows)


def test_from_yuan_the_rounding_comes_last():
    facts = "金额单位: 元\n支出: [{科目: 2080501, 基本支出: 149.99}, {科目: 2080505, 基本支出: 49.99}]"
    ((name, spec),) = tables_of(BY_SUBJECT).items()
    made = build_statement(outline_of(name, spec), ledger_of(facts_of(facts), {}), subjects())
    assert made.rows["20805"].cells["合计"].value == Decimal("199.98")


def test_subjects_that_only_last_year_had_stand_after_the_others_where_asked_for():
    ((name, spec),) = tables_of(BY_SUBJECT.replace("按科目列行: 是", "按科目列行: 是\n      含上年科目: 是")).items()
    spent = "支出: [{科目: 2101504, 项目支出: 138.02}]"
    before = {"2080199", "2101504", "2101599"}
    made = build_statement(outline_of(name, spec), ledger_of(facts_of(spent), {}), subjects(), before=before)
    assert [row.code for row in made.blocks["支出"].rows] == [
        "210", "21015", "2101504", "208", "20801", "2080199", "2101599",
    ]
    assert column(made, "合计")["2080199"] == 0
    plain = tables_of(BY_SUBJECT)["支出表"]
    without = build_statement(outline_of("支出表", plain), ledger_of(facts_of(spent), {}), subjects(), before=before)
    assert "2080199" not in without.rows


def test_economic_subjects_may_be_divided_between_blocks_side_by_side():
    made = statement(
        "基本支出经济分类: {30701: 1, 30703: 2}",
        """
        表:
          标题: 表
          账: 经济分类
          栏:
            一: {经济科目: ["307", "-30703", "-30704"], 列: {金额: {}}}
            二: {经济科目: ["30703", "30704"], 列: {金额: {}}}
        """,
    )
    assert [row.code for row in made.blocks["一"].rows] == ["307", "30701", "30702"]
    assert [row.code for row in made.blocks["二"].rows if row.code] == ["30703", "30704"]
    assert column(made, "金额") == {
        "307": Decimal(3), "30701": Decimal(1), "30702": Decimal(0), "30703": Decimal(2), "30704": Decimal(0),
    }
