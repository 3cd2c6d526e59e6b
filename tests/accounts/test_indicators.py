"""Named figures: places, formulas, subjects, facts, and last year's figures and budgets beside them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from small_books import WAN, facts_of, indicators, wan

from builder.accounts.definitions import Definitions, parse_definition, plain_name
from builder.accounts.figures import Kind, LastYearValue, UnknownIndicatorError
from builder.accounts.formulas import FormulaError
from builder.accounts.indicators import Indicators, subjects_before
from builder.accounts.leaves import leaf_paths, leaves_of
from builder.accounts.statements import Place
from builder.findings import Source

FACTS = """
支出:
  - {科目: 2080505, 基本支出: 36}
  - {科目: 2101501, 基本支出: 60, 项目支出: 4}
  - {科目: 2299999, 资金来源: 非财政拨款, 基本支出: 20}
政府采购: {货物: {支出: 8, 授予中小企业: 6}, 服务: {支出: 2}}
国有资产: {车辆: {机要通信用车: 2, 其他用车: 1}}
人员: {在职: {在职人员: 4}}
会议费: {年初预算: 5, 决算: 3, 次数: 2}
"""
BUDGET = """
年初预算:
  - {科目: 2080505, 基本支出: 40}
  - {科目: 2101599, 项目支出: 7}
"""
TABLES = """
支出表:
  标题: 表
  账: 支出
  资金来源: 一般公共预算
  栏:
    支出:
      按科目列行: 是
      合计行: 合计
      列: {合计: {合计: [基本支出, 项目支出]}, 基本支出: {类型: 基本支出}, 项目支出: {类型: 项目支出}}
"""
DEFINITIONS = """
支出.合计: 支出表/合计/合计
支出.基本: 支出表/合计/基本支出
支出.项目: 支出表/合计/项目支出
"支出[]": 支出表/[]/合计
采购.合计: = 政府采购.货物.支出 + 政府采购.工程.支出 + 政府采购.服务.支出
人均: = 支出.合计 ÷ 人员.在职.在职人员
基本比重: = 支出.基本 / 支出.合计 * 100
车辆: = 国有资产.车辆.各项
"""


def made(facts: str = FACTS, **more: object) -> Indicators:
    return indicators(facts, TABLES, DEFINITIONS, **more)  # type: ignore[arg-type]


def value(name: str, book: Indicators | None = None) -> Decimal | None:
    return wan((book or made()).get(name).value)


def test_places_subjects_and_formulas():
    assert value("支出.合计") == 100
    assert value("支出.2101501") == value('支出["2101501"]') == 64
    assert value("采购.合计") == 10
    assert value("人均") == 25
    ratio = made().get("基本比重")
    assert (ratio.value, ratio.kind) == (96, Kind.COUNT)
    assert made().get("人均").kind is Kind.MONEY
    vehicles = made().get("车辆")
    assert (vehicles.value, vehicles.kind) == (3, Kind.COUNT)


def test_a_subject_without_a_row_is_zero_and_still_has_its_budget():
    figure = made(FACTS + BUDGET).get("支出.2101599")
    assert (figure.value, wan(figure.initial_budget)) == (0, 7)
    assert made().get("支出.2050101").value == 0


def test_budgets_are_the_same_cells_over_the_budgets_book():
    book = made(FACTS + BUDGET)
    assert wan(book.get("支出.合计").initial_budget) == 47
    assert wan(book.get("支出.基本").initial_budget) == 40
    assert book.get("支出.合计").adjusted_budget is None
    assert made().get("支出.合计").initial_budget is None


def test_a_whole_is_known_where_its_parts_are_not():
    tables = "表: {标题: 表, 账: 支出, 栏: {一: {合计行: 合计, 列: {全部: {}, 基本: {类型: 基本支出}}}}}"
    book = indicators(FACTS + "全年预算: [{科目: 2080505, 金额: 40}]", tables, "全部: 表/合计/全部\n基本: 表/合计/基本")
    assert wan(book.get("全部").adjusted_budget) == 40
    assert book.get("基本").adjusted_budget is None


def test_the_budget_beside_a_final_figure():
    figure = made().get("会议费.决算")
    assert (wan(figure.value), wan(figure.initial_budget), figure.adjusted_budget) == (3, 5, None)
    operating = indicators(
        "机关运行经费: {口径: 公用经费, 年初预算: 6}\n基本支出经济分类: {30201: 2}",
        "表: {标题: 表, 账: 经济分类, 栏: {一: {合计行: 合计, 列: {数: {}}}}}",
        "机关运行经费.决算: 表/合计/数",
    ).get("机关运行经费.决算")
    assert (wan(operating.value), wan(operating.initial_budget)) == (2, 6)


@pytest.mark.parametrize(
    ("says", "amount"),
    [
        ("", 0),
        ("机关运行经费: {口径: 无}", 0),
        ("机关运行经费: {口径: 公用经费}", 2),
        ("机关运行经费: {口径: 单列, 决算: 9}", 9),
        ("机关运行经费: {决算: 9}", 9),
    ],
)
def test_a_fact_goes_before_the_styles_definition(says: str, amount: int):
    book = indicators(
        f"基本支出经济分类: {{30201: 2}}\n{says}",
        "表: {标题: 表, 账: 经济分类, 栏: {一: {合计行: 合计, 列: {数: {}}}}}",
        "机关运行经费.决算: 表/合计/数",
    )
    assert value("机关运行经费.决算", book) == amount


@pytest.mark.parametrize("says", ["{口径: 无, 决算: 9}", "{口径: 公用经费, 决算: 9}", "{口径: 公用经费, 决算: 0}"])
def test_a_final_figure_that_would_be_lost_is_refused(says: str):
    with pytest.raises(ValueError, match="exactly_one"):
        facts_of(f"机关运行经费: {says}")


# ------------------------------------------------------------------ last year


@pytest.mark.parametrize(
    ("given", "before"),
    [(("上年", "80"), "80"), (("增减", "20"), "80"), (("增减", "-5.5"), "105.5"), (("增减率", "25"), "80")],
)
def test_last_year_from_what_is_given(given: tuple[str, str], before: str):
    figure = made(given={"支出.合计": given}).get("支出.合计")
    assert wan(figure.last_year) == Decimal(before)
    assert figure.last_year_source == f"上年.yaml:3 {given[0]}"


def test_a_fall_to_nothing_leaves_no_base_to_compute():
    assert made(given={"支出.合计": ("增减率", "-100")}).get("支出.合计").last_year is None


def test_a_change_refers_to_this_years_figure_as_printed():
    facts = "金额单位: 元\n支出: [{科目: 2080505, 基本支出: 1000049.99}]"  # 100.00 万元
    assert wan(made(facts, given={"支出.合计": ("增减", "20")}).get("支出.合计").last_year) == 80


def test_counts_are_given_as_counts():
    assert made(given={"会议费.次数": ("增减", "-1")}).get("会议费.次数").last_year == 3
    assert made(given={"会议费.次数": ("上年", "5")}).get("会议费.次数").last_year == 5


LAST_YEAR = "支出: [{科目: 2101501, 基本支出: 50}, {科目: 2080801, 基本支出: 10}]\n会议费: {决算: 1}"


def test_last_year_from_last_years_facts():
    book = made(last_year=made(LAST_YEAR))
    assert wan(book.get("支出.合计").last_year) == 60
    assert wan(book.get("支出.2101501").last_year) == 50
    assert wan(book.get("支出.2080505").last_year) == 0
    assert wan(book.get("支出.2080801").last_year) == 10  # a subject that this year has not
    assert wan(book.get("会议费.决算").last_year) == 1
    assert book.get("人员.在职.在职人员").last_year is None


def test_what_is_given_goes_before_last_years_facts():
    book = made(given={"支出.合计": ("上年", "61")}, last_year=made(LAST_YEAR))
    assert wan(book.get("支出.合计").last_year) == 61


def test_a_cell_without_a_name_has_last_years_cell_beside_it():
    book = made(last_year=made(LAST_YEAR))
    cell = book.statements["支出表"].rows["21015"].cells["基本支出"]
    assert wan(book.of_cell(cell).last_year) == 50


def test_what_last_years_facts_leave_open_is_no_zero():
    tables = "表: {标题: 表, 账: 经济分类, 栏: {一: {合计行: 合计, 列: {数: {}}}}}"
    before = indicators(LAST_YEAR, tables, "经费: 表/合计/数")
    book = indicators("基本支出经济分类: {30101: 5}", tables, "经费: 表/合计/数", last_year=before)
    assert book.get("经费").last_year is None


def test_a_total_is_added_up_only_from_all_its_parts():
    parts = {"支出.合计": ("支出.基本", "支出.项目")}
    both = {"支出.基本": ("上年", "70"), "支出.项目": ("增减", "1")}
    assert wan(made(given=both, composition=parts).get("支出.合计").last_year) == 73
    assert made(given={"支出.基本": ("上年", "70")}, composition=parts).get("支出.合计").last_year is None


def test_a_formula_is_computed_over_last_year_too():
    given = {
        f"政府采购.{kind}.支出": ("上年", amount) for kind, amount in (("货物", "1"), ("工程", "2"), ("服务", "3"))
    }
    assert wan(made(given=given).get("采购.合计").last_year) == 6
    del given["政府采购.工程.支出"]
    assert made(given=given).get("采购.合计").last_year is None


# ------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ('支出["2080501"]', "支出.2080501"),
        ("支出['2080501']", "支出.2080501"),
        ("支出[2080501]", "支出.2080501"),
        ("支出［“2080501”］", "支出.2080501"),
        ("支出[]", "支出[]"),
        ("支出［］", "支出[]"),
        ("三公.合计", "三公.合计"),
    ],
)
def test_names_however_they_are_written(written: str, plain: str):
    assert plain_name(written) == plain


def test_an_unknown_name_has_near_ones():
    with pytest.raises(UnknownIndicatorError) as caught:
        made().get("支出.总计")
    assert "支出.合计" in str(caught.value)
    assert "支出.总计" not in made()


def test_a_formula_that_comes_back_to_itself_is_stopped():
    with pytest.raises(FormulaError, match="绕了一圈"):
        indicators("", "", "甲: = 乙 + 1\n乙: = 甲 * 2").get("甲")


@pytest.mark.parametrize("text", ["支出表/合计", "甲/乙/丙/丁", "甲//丙", "甲"])
def test_a_definition_is_a_place_or_a_formula(text: str):
    with pytest.raises(FormulaError, match="既不是「表/行/列」，也不是以「=」开头的公式"):
        parse_definition(text)


def test_all_names():
    names = set(made().names())
    assert {"支出.合计", "支出.208", "支出.2101501", "政府采购.工程.支出", "国有资产.车辆.机要通信用车"} <= names
    assert not any(name.endswith("[]") for name in names)


def test_subjects_before_are_those_given_or_in_last_years_own_tables():
    definitions = Definitions(
        {"支出[]": parse_definition("支出表/[]/合计"), "收入[]": parse_definition("收入表/[]/合计")}
    )
    given = {
        "支出.2080199": LastYearValue("上年", Decimal(4400), Decimal("0.44"), Source("上年.yaml", 3)),
        "支出.2080501": LastYearValue("上年", Decimal(0), Decimal(0), Source("上年.yaml", 4)),
        "收入.2130599": LastYearValue("上年", WAN, Decimal(1), Source("上年.yaml", 5)),
        "支出.合计": LastYearValue("上年", WAN, Decimal(1), Source("上年.yaml", 6)),
    }
    assert subjects_before("支出表", definitions, given) == {"2080199"}
    last_year = indicators(
        "支出: [{科目: 2101504, 项目支出: 1}]",
        "支出表: {标题: 表, 账: 支出, 栏: {支出: {按科目列行: 是, 合计行: 合计, 列: {合计: {}}}}}",
    )
    assert subjects_before("支出表", definitions, given, last_year) == {"2080199", "210", "21015", "2101504"}


# ------------------------------------------------------------------ leaves


def test_every_number_of_the_facts_is_a_leaf_under_its_path():
    leaves = leaves_of(facts_of(FACTS), {}, ["国有资产.车辆.执法执勤用车", "国有资产.车辆.机要通信用车"])
    assert leaves["政府采购.货物.授予中小企业"].value == 6 * WAN
    assert leaves["国有资产.车辆.机要通信用车"].value == 2  # given, so not the style's zero
    assert (leaves["国有资产.车辆.执法执勤用车"].value, leaves["国有资产.车辆.执法执勤用车"].explicit) == (0, False)
    assert "会议费.全年预算" not in leaves
    assert not any(name.startswith(("支出", "收入")) for name in leaves)


def test_the_paths_that_leaves_may_have():
    fixed, free = leaf_paths()
    assert {"三公经费.公务接待费.国内.批次", "会议费.年初预算", "机关运行经费.决算", "结余分配"} <= fixed
    assert {"国有资产.车辆", "人员.编制", "基本支出经济分类"} <= free
    assert not any(name.startswith(("金额单位", "支出", "年初预算")) for name in fixed | free)


def test_definitions_know_their_groups_and_which_cell_is_which_indicator():
    definitions = Definitions(
        {
            "收入.财政.合计": parse_definition("甲/合计/收入"),
            "收入合计": parse_definition("甲/合计/收入"),
            "支出[]": parse_definition("乙/[]/支出"),
            "支出.结余": parse_definition("= 收入合计 - 收入.财政.合计"),
            "各项支出[]": parse_definition("乙/[]/支出"),
        }
    )
    assert definitions.groups == {"收入", "收入.财政", "支出", "各项支出"}
    assert dict(definitions.by_place) == {Place("甲", "合计", "收入"): "收入.财政.合计"}  # the first of that cell
    assert dict(definitions.by_column) == {("乙", "支出"): "支出"}
