"""Unit-years of other kinds than the example, from their files to what a form can say of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from builder.accounting import Accounts, open_accounts
from builder.accounts.statements import Row
from builder.building import open_book
from builder.context import Account, FigureNode, Texts, as_figure
from builder.evaluation import evaluation_names
from builder.explaining import explain
from builder.findings import InputError
from builder.manifest import manifest_text
from builder.rendering.environment import names_of
from builder.rendering.printing import printed
from builder.style import Style, load_style
from builder.table_names import table_names
from builder.vocabulary import ACCOUNT, filters
from builder.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
WAN = Decimal(10000)
UNIT = "甲学院"
YEAR = f"content/{UNIT}/2022"
COLLEGE = """
金额单位: 元
收入:
  - {科目: 2050305, 一般公共预算财政拨款: 12345678.91, 事业收入: 3456789.12, 经营收入: 200000.55}
  - {科目: 2296004, 政府性基金预算财政拨款: 500000}
  - {科目: 2230105, 国有资本经营预算财政拨款: 80000}
支出:
  - {科目: 2050305, 人员经费: 8000000.11, 公用经费: 1000000.22, 项目支出: 3000000.33}
  - {科目: 2050305, 资金来源: 非财政拨款, 基本支出: 3000000, 经营支出: 150000.5}
  - {科目: 2059999, 项目支出: -5000}
  - {科目: 2296004, 资金来源: 政府性基金预算, 项目支出: 550000}
  - {科目: 2230105, 资金来源: 国有资本经营预算, 项目支出: 80000}
基本支出经济分类: {30101: 8000000.11, 30201: 1000000.22}
年初结转和结余:
  - {资金来源: 政府性基金预算, 科目: 2296004, 类型: 项目支出, 金额: 100000}
年末结转和结余:
  - {资金来源: 政府性基金预算, 科目: 2296004, 类型: 项目支出, 金额: 50000}
  - {资金来源: 一般公共预算, 科目: 2050305, 类型: 项目支出, 金额: 350678.25}
结余分配: 506789.17
年初预算:
  - {科目: 2050305, 基本支出: 9000000, 项目支出: 2500000}
"""


@pytest.fixture(scope="session")
def style() -> Style:
    return load_style(Workspace(ROOT), "湖北")


class Unit:
    """A unit in a workspace of the test's own."""

    def __init__(self, root: Path, style: Style) -> None:
        self.root, self.style = root, style
        shutil.copytree(ROOT / "templates" / "科目", root / "templates" / "科目")
        self.write("../单位.yaml", f"名称: {UNIT}\n风格: 湖北\n")

    def write(self, name: str, text: str, year: int = 2022) -> None:
        path = self.root / "content" / UNIT / str(year) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def accounts(self, facts: str, **files: str) -> Accounts:
        self.write("决算.yaml", facts)
        for name, text in files.items():
            self.write(f"{name}.yaml", text)
        return open_accounts(Workspace(self.root), UNIT, 2022, lambda _name, _at: self.style)

    def account(self, facts: str, **files: str) -> Account:
        return open_book(self.accounts(facts, **files), 2022)


@pytest.fixture
def unit(tmp_path: Path, style: Style) -> Unit:
    return Unit(tmp_path, style)


def said(accounts: Accounts) -> list[str]:
    """Return the findings but for those on sums that do not balance, which a fact changed alone entails."""
    return [str(finding) for finding in accounts.findings if "应当相等" not in finding.message]


def column(accounts: Accounts, table: str, name: str) -> dict[str, Decimal]:
    return {key: row.cells[name].value for key, row in accounts.statements[table].rows.items() if name in row.cells}


def say(account: Account, filter_name: str, value: object, *arguments: object, **given: object) -> Any:
    """Apply a filter as a form does."""
    function: Callable[..., Any] = filters()[filter_name]
    context = SimpleNamespace(parent={ACCOUNT: account})
    passes = getattr(function, "jinja_pass_arg", None)
    return function(context, value, *arguments, **given) if passes else function(value, *arguments, **given)


def node(account: Account, name: str) -> FigureNode:
    return FigureNode(account, name)


# ------------------------------------------------------------------ other kinds of units


def test_a_college_with_funds_business_and_carry_overs(unit: Unit):
    accounts = unit.accounts(COLLEGE)
    assert accounts.findings == ()
    spent = accounts.statements["公开03"].rows["合计"].cells
    assert spent["本年支出合计"].value == Decimal("15775001.16")
    assert (spent["经营支出"].value, spent["项目支出"].value) == (Decimal("150000.5"), Decimal("3625000.33"))
    assert accounts.statements["公开05"].rows["合计"].cells["小计"].value == Decimal("11995000.66")
    assert column(accounts, "公开07", "项目支出")["2296004"] == 550000
    assert column(accounts, "公开07", "年末结转和结余")["229"] == 50000
    assert column(accounts, "公开08", "合计") == {"合计": 80000, "223": 80000, "22301": 80000, "2230105": 80000}
    both = accounts.statements["公开04"].rows
    assert both["左.总计"].cells["金额"].value == Decimal("13025678.91")  # 12345678.91 + 500000 + 80000 + 100000
    assert both["右.其他支出"].cells["政府性基金预算"].value == 550000


def test_kinds_that_no_fiscal_money_pays(unit: Unit):
    accounts = unit.accounts("金额单位: 万元\n收入: []\n年初预算: []\n支出:\n  - {科目: 2050305, 经营支出: 15}\n")
    (message,) = said(accounts)
    assert message == (
        "content/甲学院/2022/决算.yaml:5:25: 警告：2050305 的经营支出记在「一般公共预算」（没有写资金来源时也是它），"
        "但这类支出不能用财政拨款安排；请写「资金来源: 非财政拨款」"
    )


def test_what_a_table_needs_and_nobody_gave(unit: Unit):
    facts = COLLEGE.replace("基本支出经济分类: {30101: 8000000.11, 30201: 1000000.22}\n", "")
    facts += "三公经费: {公务接待费: {决算: 100}}\n"
    messages = [message.partition("：")[2] for message in said(unit.accounts(facts))]
    assert [message.partition("，")[0] for message in messages] == [
        "没有填写基本支出经济分类",
        "没有填写公务接待费的全年预算",
    ]
    assert "公开09「预算接待」" in messages[1]
    assert "公开09「预算出国」" not in messages[1]


def test_an_amount_without_a_subject_stands_in_the_total_alone(unit: Unit):
    facts = COLLEGE.replace(
        "资金来源: 政府性基金预算, 科目: 2296004, 类型: 项目支出, 金额: 50000", "资金来源: 政府性基金预算, 金额: 50000"
    )
    (message,) = said(unit.accounts(facts))
    assert message.partition("：")[2].startswith(
        "政府性基金预算的年末结转和结余没有填科目，公开07「年末结转和结余」里只计入合计"
    )


def test_names_that_no_indicator_has(unit: Unit):
    accounts = unit.accounts(
        COLLEGE,
        上年='指标:\n  收入合计: {上年: 3}\n  支出["2050305"]: {上年: 3}\n  公开05/205/小计: {上年: 1}\n',
        说明="原因:\n  支出.总计: {较上年: 甲}\n",
    )
    assert said(accounts) == [
        f"{YEAR}/上年.yaml:2:14: 警告：没有「收入合计」这个指标，这里的上年数没有用上；是不是「收入.合计」？",
        f"{YEAR}/说明.yaml:2:16: 警告：没有「支出.总计」这个指标，这里的原因没有用上；是不是「收支.总计」？",
    ]


def test_last_years_folder_gives_last_years_figures(unit: Unit):
    unit.write("决算.yaml", "金额单位: 万元\n收入: []\n支出: [{科目: 2050305, 项目支出: 900}]\n", 2021)
    accounts = unit.accounts(COLLEGE)
    figure = accounts.indicators.get("支出.项目支出")
    assert figure.last_year == 900 * WAN
    assert figure.last_year_source == "content/甲学院/2021/决算.yaml:3:26"
    assert accounts.indicators.get("支出.2050305").last_year == 900 * WAN


def test_last_years_facts_that_cannot_be_read_only_warn(unit: Unit):
    unit.write("决算.yaml", "金额单位: 万元\n收入: []\n支出: [{科目: 2050305, 项目支出: 九百}]\n", 2021)
    accounts = unit.accounts(COLLEGE)
    assert accounts.indicators.get("支出.项目支出").last_year is None
    (message,) = said(accounts)
    assert message.startswith("content/甲学院/2021/决算.yaml:3:26: 警告：")
    assert "没有取到上年数" in message


def test_stated_values_beyond_the_rounding_difference_and_without_a_cell(unit: Unit):
    stated = """
公开03: {合计: {本年支出合计: 1577.53, 项目支出: 362.53, 没有的列: 1}, 221: {基本支出: 1}}
没有的表: {甲: {乙: 1}}
"""
    accounts = unit.accounts(COLLEGE, 公开表=stated)
    messages = [finding.message for finding in accounts.findings]
    # the total has eight items and the limit 0.045 万元, 项目支出 four and 0.025; either differs by 0.03
    assert not any(message.startswith("公开03/合计/本年支出合计") for message in messages)
    assert any(
        message.startswith(
            "公开03/合计/项目支出：出表数 362.53 万元，按事实计算为 362.50 万元，相差 +0.03 万元，超出尾差"
        )
        for message in messages
    )
    assert any("公开03 没有「没有的列」这一列" in message for message in messages)
    assert any("公开03/221/基本支出：出表数 1.00 万元，但事实里没有科目 221 的数" in message for message in messages)
    assert any("格式里没有「没有的表」这张表" in message for message in messages)


# ------------------------------------------------------------------ context


def test_rows_and_levels_of_a_table(unit: Unit):
    account = unit.account(COLLEGE)
    table: Any = table_names(account, account.statements["公开05"])
    assert [row.科目代码 for row in table.类级] == ["205"]
    assert [(row.款名, row.项名) for row in table.项级] == [
        ("职业教育", "高等职业教育"),
        ("其他教育支出", "其他教育支出"),
    ]
    assert (table.合计.小计, table["205"].基本支出, table.行[-1].项目支出) == ("1,199.50", "900.00", "-0.50")
    assert table.有数


def test_names_that_nothing_has_asked_for_yet_are_known(unit: Unit):
    account = unit.account(COLLEGE)
    table: Any = table_names(account, account.statements["公开05"])
    assert {"行", "合计", "类级", "项目", "有数", "205", "2050305"} <= set(names_of(table))
    assert {"项目", "科目名称", "小计", "类名", "用途"} <= set(names_of(table["205"]))
    assert not {"类名", "用途"} & set(names_of(table.合计))
    beside: Any = table_names(account, account.statements["公开01"])
    assert {"行", "左项", "总计", "左.总计"} <= set(names_of(beside))
    assert beside.总计.金额 == beside["右.总计"].金额  # of several rows of that name the last
    assert not hasattr(table, "总和")
    for names, name in ((table, "总和"), (table, "__class__"), (table["205"], "总和"), (table.合计, "用途")):
        with pytest.raises(KeyError):
            names[name]


def test_names_printed_together_are_those_printed_one_by_one(unit: Unit):
    account = unit.account(COLLEGE)
    for name, column in (("公开05", "小计"), ("公开07", "小计"), ("公开01", "金额")):
        table: Any = table_names(account, account.statements[name])
        for row in [view for line in table.行 for view in vars(line).values() if hasattr(view, "科目名称")] or table.行:
            names = ("科目名称", column, "科目代码", "行次")
            assert row.__printed__(names) == [printed(getattr(row, name)).encode() for name in names]
    with pytest.raises(KeyError):
        row.__printed__(("总和",))


def test_a_cell_given_to_a_filter_is_the_figure_and_not_the_text(unit: Unit):
    account = unit.account(COLLEGE)
    table: Any = table_names(account, account.statements["预算执行"])
    row = next(row for row in table.项级 if row.科目代码 == "2050305")
    assert say(account, "万元", row.小计) == "1200"
    assert row.小计.figure.name == "一般公共预算支出.2050305"
    assert row.小计.figure.initial_budget == 1150 * WAN
    total: Any = table_names(account, account.statements["公开06"])
    assert total.公用经费合计.决算数.figure.name == "公用经费.合计"  # 机关运行经费.决算 is a fact here, not this cell


def test_an_empty_table_prints_its_own_zero(unit: Unit):
    facts = "金额单位: 元\n收入: []\n支出: [{科目: 2230105, 资金来源: 国有资本经营预算, 项目支出: 20}]\n年初预算: []\n"
    account = unit.account(facts)
    empty: Any = table_names(account, account.statements["公开07"])
    assert (empty.有数, empty.行, empty.合计.小计) == (False, [], "")
    tiny: Any = table_names(account, account.statements["公开08"])
    assert (tiny.有数, tiny.合计.合计, tiny.合计.基本支出) == (True, "0.00", "0.00")


def test_fillers_print_nothing_and_items_are_the_lowest_only(unit: Unit):
    account = unit.account(COLLEGE)
    table: Any = table_names(account, account.statements["公开01"])
    filler = next(line for line in table.行 if not line.左.项目)
    assert (filler.左.金额, filler.左.行次 != "") == ("", True)
    economic: Any = table_names(account, account.statements["公开06"])
    assert say(account, "列举", economic.一项) == "基本工资"
    subjects: Any = table_names(account, account.statements["公开05"])
    assert [item.code for item in subjects.项目] == ["2050305", "2059999"]


# ------------------------------------------------------------------ filters


def test_a_figure_without_a_filter_is_not_printed(unit: Unit):
    account = unit.account(COLLEGE)
    with pytest.raises(InputError, match=r"「支出\.合计」没有写明怎样印"):
        str(node(account, "支出.合计"))
    performance: Any = evaluation_names(account, (), unit.accounts(COLLEGE).unit_year.overall, {})
    assert not performance.项目数
    with pytest.raises(InputError, match=r"「绩效\.项目数」没有写明怎样印"):
        str(performance.项目数)


def test_a_counterpart_that_is_not_known_is_named(unit: Unit):
    account = unit.account(COLLEGE)
    total = node(account, "支出.合计")
    assert say(account, "万元", total["年初预算"]) == "1150"
    assert account.missing == {}
    assert say(account, "万元", total["上年"]) == "【待补充：支出.合计.上年】"
    assert say(account, "万元", total["全年预算"]) == "【待补充：支出.合计.全年预算】"
    files = ["上年.yaml" if "上年.yaml" in finding.message else "决算.yaml" for finding in account.missing.values()]
    assert files == ["上年.yaml", "决算.yaml"]


@pytest.mark.parametrize(
    ("name", "value", "arguments", "message"),
    [
        ("原因", 1, ("较去年",), "「原因」只有「较上年」和「较预算」两种，没有「较去年」"),
        (
            "完成预算",
            1,
            ("完成预算", "预算=调整预算"),
            "预算只有「年初预算」和「全年预算」两种，没有「调整预算」",
        ),
        ("万元", "文字", (), "「文字」不是指标，也不是数"),
        ("万元", True, (), "这里写的不是指标，也不是数"),
        ("万元", 1, ("没有的格式",), "数字格式里没有「没有的格式」"),
        ("较上年", 1, ("没有的组",), "措辞 › 较上年 里没有名为「没有的组」的一组"),
        ("列举", [3], (), "「列举」不能列出「3」"),
    ],
)
def test_wrong_arguments(unit: Unit, name: str, value: object, arguments: tuple[str, ...], message: str):
    account = unit.account(COLLEGE)
    positional = [argument for argument in arguments if "=" not in argument]
    named = dict(argument.split("=") for argument in arguments if "=" in argument)
    with pytest.raises(InputError, match=message):
        say(account, name, value, *positional, **named)


def test_a_reason_that_nobody_wrote_is_noted_with_both_figures(unit: Unit):
    account = unit.account(COLLEGE, 上年="指标: {支出.合计: {上年: 1000}}")
    text = say(account, "原因", node(account, "支出.合计"), "较上年", "主要原因")
    assert text == "，主要原因是【待补充：支出.合计增加的原因】"
    (finding,) = account.missing.values()
    assert finding.message == (
        "缺少「支出.合计」较上年变动的主要原因（本年 1,577.50 万元，上年数 1,000.00 万元）；"
        "请在 说明.yaml 的「原因」下补写：支出.合计: {较上年: 原因文字}"
    )
    assert say(account, "原因", node(account, "收入.合计"), "较上年", "主要原因") == ""  # last year's is not known
    assert len(account.missing) == 1


def test_a_reason_is_found_however_its_indicator_is_written(unit: Unit):
    account = unit.account(
        COLLEGE, 上年='指标:\n  支出["2050305"]: {上年: 1}', 说明='原因:\n  支出["2050305"]: {较上年: 新校区启用}\n'
    )
    assert say(account, "原因", node(account, "支出.2050305"), "较上年", "主要原因") == "，主要原因是新校区启用"
    assert account.missing == {}


def test_texts_that_are_missing_are_noted_only_when_printed(unit: Unit):
    account = unit.account(COLLEGE)
    texts = Texts(account, "说明", {"甲": "有"}, "请补写 {name}")
    assert (texts["甲"], bool(texts["乙"]), account.missing) == ("有", False, {})
    assert str(texts["乙"]) == "【待补充：乙】"
    assert [finding.message for finding in account.missing.values()] == ["缺少「乙」；请补写 乙"]


def test_small_filters(unit: Unit):
    account = unit.account(COLLEGE)
    assert say(account, "数", 3) == "3"
    assert say(account, "率", None) == ""
    assert say(account, "中文数字", 11) == "十一"
    assert say(account, "序号", 2, "（一）") == "（二）"
    assert (say(account, "勾", ["甲", "乙"], "甲"), say(account, "勾", "乙", "甲")) == ("☑", "□")
    assert as_figure(None) is None


def test_counts_are_not_compared_as_if_they_were_money(unit: Unit):
    account = unit.account(COLLEGE)
    assert say(account, "占", 0, 100, "率") == "0"
    with pytest.raises(InputError, match="这里的数是个数，不是金额；占「率」这一组按金额取整"):
        say(account, "占", 60, 100, "率")  # as 0.006 and 0.01 万元 they would be 100%


# ------------------------------------------------------------------ explain, manifest


def test_a_figure_is_explained_down_to_the_lines_of_the_facts(unit: Unit):
    accounts = unit.accounts(COLLEGE, 公开表="公开07: {合计: {小计: 55.01}}\n")
    assert list(explain(accounts, "政府性基金.本年支出")) == [
        "政府性基金.本年支出 = 55.01 万元（550,100.00 元）",
        "  取数：公开07/合计/小计",
        "  年初预算：0.00 万元（0.00 元）",
        "  单元格 公开07/合计/小计：计算 55 万元",
        "    出表 55.01 万元  content/甲学院/2022/公开表.yaml:1:17（在尾差内，印出表数）",
        "    content/甲学院/2022/决算.yaml:11:40: 支出 2296004 政府性基金预算 项目支出 55 万元",
    ]


def test_a_sum_is_explained_by_its_parts_and_a_mixed_formula_by_its_facts(unit: Unit):
    facts = COLLEGE + "三公经费: {公务接待费: {全年预算: 3, 决算: 2, 外宾: {决算: 1}}}\n"
    accounts = unit.accounts(facts)
    lines = list(explain(accounts, "三公.国内接待"))
    assert lines[0] == "三公.国内接待 = 0.00 万元（1.00 元）"
    assert "  取数：= 三公.公务接待费 - 三公.外宾接待" in lines
    assert any(line.startswith("  事实：content/甲学院/2022/决算.yaml:22:") for line in lines)
    assert "    + 公开04/左.本年收入合计/金额" in list(explain(accounts, "财政拨款收支.总计"))


def test_an_unknown_name_is_explained_by_near_ones(unit: Unit):
    with pytest.raises(InputError, match=r"没有「支出\.总计」这个指标；是不是："):
        list(explain(unit.accounts(COLLEGE), "支出.总计"))


def test_the_manifest_says_every_figure_and_where_the_print_differs(unit: Unit):
    accounts = unit.accounts(COLLEGE, 公开表="公开07: {合计: {小计: 55.01}}\n")
    text = manifest_text(accounts, "标题", b"docx", {"templates/甲.docx": "0"}, draft=False)
    assert text == manifest_text(accounts, "标题", b"docx", {"templates/甲.docx": "0"}, draft=False)
    record = json.loads(text)
    assert record["指标"]["一般公共预算支出.合计"] == {"值": "11995000.66", "年初预算": "11500000"}
    assert record["公开表"]["公开07"]["合计"]["小计"] == {"印": "550100", "计算": "550000", "出表": "550100"}
    assert record["公开表"]["公开07"]["合计"]["本年收入"] == "500000"
    assert f"content/{UNIT}/2022/决算.yaml" in record["资料"]


def test_the_manifest_takes_any_name_of_a_row_or_column(unit: Unit):
    accounts = unit.accounts(COLLEGE)
    statement = accounts.statements["公开05"]
    cell = statement.rows["合计"].cells["小计"]
    rows = {'“甲"%d': Row('“甲"%d', cells={"占比（%）\\": cell, "%s": cell})}
    accounts = replace(accounts, statements={"乙%": replace(statement, rows=rows)})
    record = json.loads(manifest_text(accounts, "标题", b"docx", {}, draft=False))
    assert record["公开表"] == {"乙%": {'“甲"%d': {"占比（%）\\": "11995000.66", "%s": "11995000.66"}}}
