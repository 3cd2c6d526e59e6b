"""采集表: filled in as an accountant does, taken in without loss; every mistake is told with its sheet and cell."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import validators
import yaml
from accountant import FIRST, HEADER, LEDGER, Accountant
from openpyxl import load_workbook
from workspaces import EXAMPLES, ROOT, CommandLine

from builder.asking import asked_by
from builder.cli import main
from builder.collecting.cover import Cover
from builder.commands.collection import collection_bytes, contents_of
from builder.loading.subjects import load_subjects
from builder.loading.unit import UnitYear, load_year
from builder.style import load_style
from builder.workspace import Workspace

NEW, YEAR = "云溪市江南街道办事处", 2022
UNITS = [("云溪市文化和旅游局", 2022), *EXAMPLES]
"""A department with its eliminations, in 元, and those that were published."""


def full(unit: str, year: int) -> bytes:
    """Return the 采集表 that holds everything of a unit's files."""
    workspace = Workspace(ROOT)
    folder = workspace.year_folder(unit, year)
    contents = contents_of(ROOT, folder)
    style = load_style(workspace, contents.card["风格"])
    subjects, _ = load_subjects(ROOT, year)
    return collection_bytes(Cover(unit, year, style.name), asked_by(workspace, style), contents, subjects)


def said(loaded: UnitYear) -> dict[str, Any]:
    """Return everything that a 采集表 can hold of a unit-year, without where it stands."""
    return {
        "card": loaded.card, "facts": loaded.facts,
        "last_year": {name: (v.given, v.value, v.plain) for name, v in loaded.last_year.items()},
        "reasons": {key: reason.text for key, reason in loaded.reasons.items()},
        "texts": dict(loaded.texts), "long": {name: t.text.strip() for name, t in loaded.long_texts.items()},
    }  # fmt: skip


@pytest.fixture(scope="session")
def scaffold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new unit's folder, made once."""
    root = tmp_path_factory.mktemp("新单位")
    shutil.copytree(ROOT / "templates", root / "templates")
    (root / "content").mkdir()
    assert main(["new", NEW, str(YEAR), "--style", "湖北", "--workspace", str(root)]) == 0
    return root / "content" / NEW


@pytest.fixture
def table(root: Path, scaffold: Path) -> Path:
    """Return the empty 采集表 of a new unit."""
    shutil.copytree(scaffold, root / "content" / NEW)
    return root / "content" / NEW / str(YEAR) / "采集表.xlsx"


@pytest.fixture
def bring(root: Path, juesuan: CommandLine):
    return lambda path, *more: juesuan("import", str(path), "--unit", NEW, "--year", str(YEAR), *more)


@pytest.mark.parametrize(("unit", "year"), UNITS)
def test_what_the_example_units_say_comes_back_equal(
    unit: str, year: int, root: Path, juesuan: CommandLine, tmp_path: Path
) -> None:
    shutil.rmtree(root / "content" / unit, ignore_errors=True)
    book = tmp_path / "采集表.xlsx"
    book.write_bytes(full(unit, year))
    done = juesuan("import", str(book), "--unit", unit, "--year", str(year), "--yes")
    assert done.status == 0, done.err
    assert said(load_year(root, unit, year)) == said(load_year(ROOT, unit, year))
    again = juesuan("import", str(book), "--unit", unit, "--year", str(year), "--yes")
    assert "没有改动" in again.out


def test_the_same_facts_give_the_same_bytes() -> None:
    assert full(*UNITS[0]) == full(*UNITS[0])


@pytest.fixture
def resave(tmp_path: Path) -> Callable[[Path], Path]:
    """Return ``resave(workbook) -> workbook``: the same after LibreOffice has calculated and saved it."""
    program = validators.find_soffice()
    if program is None:
        pytest.skip(validators.SOFFICE_MISSING)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(program), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved")]

    def save(book: Path) -> Path:
        subprocess.run([*command, str(book)], check=True, capture_output=True, timeout=120)
        return tmp_path / "saved" / book.name

    return save


@pytest.mark.libreoffice
def test_it_comes_back_equal_after_libreoffice_has_saved_it(
    root: Path, juesuan: CommandLine, tmp_path: Path, resave: Callable[[Path], Path]
) -> None:
    unit, year = UNITS[-1]
    book = tmp_path / "采集表.xlsx"
    book.write_bytes(full(unit, year))
    shutil.rmtree(root / "content" / unit, ignore_errors=True)
    saved = str(resave(book))
    assert juesuan("import", saved, "--unit", unit, "--year", str(year), "--yes").status == 0
    assert said(load_year(root, unit, year)) == said(load_year(ROOT, unit, year))


@pytest.mark.libreoffice
def test_the_sheet_shows_what_does_not_agree(table: Path, resave: Callable[[Path], Path]) -> None:
    def shown() -> dict[str, tuple[Any, ...]]:
        sheet = load_workbook(resave(table), data_only=True)["核对"]
        return {str(row[0]): row[1:] for row in sheet.iter_rows(min_row=3, values_only=True)}

    accountant = Accountant(table)
    accountant.lines(LEDGER)
    accountant.save()
    balanced = shown()
    assert {row[-1] for row in balanced.values()} == {"✓"}
    assert balanced["一般公共预算基本支出＝经济分类合计"][:3] == (349.1, 349.1, 0)
    accountant.lines({"支出": [{"科目": 2210201, "资金来源": "一般公共预算", "人员经费": 3.2}]})
    accountant.save()
    wrong = {name: row[2] for name, row in shown().items() if row[-1] == "✗"}
    assert wrong == {
        "收入合计＋使用非财政拨款结余＋年初结转和结余＝支出合计＋结余分配＋年末结转和结余": -3.2,
        "一般公共预算：收入＋年初结转和结余＝支出＋年末结转和结余": -3.2,
        "一般公共预算基本支出＝经济分类合计": 3.2,
    }


def test_an_accountants_figures_become_facts(table: Path, bring, root: Path) -> None:
    accountant = Accountant(table)
    accountant.lines(LEDGER)
    accountant.lines({"预算": [{"预算": "年初预算", "科目": 2010301, "资金来源": "一般公共预算", "金额": "310.00"}]})
    accountant.lines({"文本": [{"名称": "用途.212", "文字": "城乡社区环境卫生整治"}]})
    accountant.lines({"原因": [{"指标": "一般公共预算支出.2010301", "比较": "较预算", "原因": "追加绩效工资"}]})
    accountant.answer("单位信息", {"简称": "江南街道", "代码": "001001"})
    receptions = {"三公经费 公务接待费 决算": 0.6, "三公经费 公务接待费 国内 批次": 8}
    accountant.answer("三公和采购", receptions | {"机关运行经费 口径": "公用经费"})
    accountant.answer("上年数", {"收支.总计": 398.2, "收入.合计": 391.9}, "上年")
    accountant.answer("上年数", {"支出.合计": 0.1}, "增减率")
    accountant.answer("原因", {"收支.总计": "新增环境卫生整治项目"}, "原因")
    accountant.answer("原因", {"财政拨款收支.总计": "收支.总计/较上年"}, "同")
    accountant.answer("长文", {"职责": "1. 贯彻执行党的方针。\n2. 组织公共服务。"}, "正文")
    asked = bring(accountant.save())
    assert asked.status == 1
    assert "请加 --yes" in asked.err
    assert "收入: []" in (table.parent / "决算.yaml").read_text("utf-8")
    done = bring(table, "--yes")
    assert done.status == 0, done.err
    assert "支出 2010301 非财政拨款：新增 基本支出 1.20" in done.out
    text = (table.parent / "决算.yaml").read_text("utf-8")
    assert "##   决算报表：收入决算表（财决03表）" in text
    assert text.index("## 收入：") < text.index("收入:\n  - {科目: 2010301") < text.index("## 支出：")
    loaded = load_year(root, NEW, YEAR)
    facts = loaded.facts
    assert sum(line.general + line.fund + line.other for line in facts.revenue) == Decimal(4303000)
    assert sum(line.basic + line.personnel + line.operating + line.project for line in facts.expenditure) == 4346000
    assert facts.economic == {"30101": 2525000, "30108": 286000, "30201": 680000}
    assert [(line.fund, line.subject, line.kind, line.amount) for line in facts.opening] == [
        ("一般公共预算", "2120501", "项目支出", 63000)
    ]
    assert [(line.subject, line.amount) for line in facts.initial_budget or ()] == [("2010301", 3100000)]
    assert facts.three_public.receptions.final == 6000
    assert facts.three_public.receptions.domestic.batches == 8
    assert facts.agency_operating.basis == "公用经费"
    assert facts.staffing.posts == {"行政编制": 22}
    assert facts.organisation.offices == ["党政办公室", "财政所"]
    assert (loaded.card.short_name, loaded.card.code) == ("江南街道", "001001")
    assert loaded.last_year["收支.总计"].value == 3982000
    assert (loaded.last_year["支出.合计"].given, loaded.last_year["支出.合计"].value) == ("增减率", 10)
    assert loaded.reasons["财政拨款收支.总计", "较上年"].text == "新增环境卫生整治项目"
    assert loaded.reasons["一般公共预算支出.2010301", "较预算"].text == "追加绩效工资"
    assert loaded.texts["用途.212"] == "城乡社区环境卫生整治"
    assert loaded.long_texts["职责"].text == "1. 贯彻执行党的方针。\n2. 组织公共服务。\n"


def test_blank_cells_and_what_is_not_asked_leave_the_files_alone(table: Path, bring) -> None:
    facts = table.parent / "决算.yaml"
    facts.write_text(
        "金额单位: 万元\n收入:\n  - {科目: 2010301, 一般公共预算财政拨款: 5}  # 手写\n支出: []\n"
        "会议费: {决算: 0.10}   # 另记\n三公经费:\n  公务接待费: {决算: 0.50, 国内: {批次: 3}}\n", "utf-8"
    )  # fmt: skip
    accountant = Accountant(table)
    accountant.answer("三公和采购", {"三公经费 公务接待费 决算": 0.6})
    done = bring(accountant.save(), "--yes")
    assert done.status == 0, done.err
    assert facts.read_text("utf-8") == (
        "金额单位: 万元\n收入:\n  - {科目: 2010301, 一般公共预算财政拨款: 5}  # 手写\n支出: []\n"
        "会议费: {决算: 0.10}   # 另记\n三公经费:\n  公务接待费: {决算: 0.60, 国内: {批次: 3}}\n"
    )


def test_a_reason_may_be_the_same_as_one_that_the_file_has(table: Path, bring, root: Path) -> None:
    notes = table.parent / "说明.yaml"
    notes.write_text("# 手写\n原因:\n  收入.合计: {较上年: 项目增加}\n", "utf-8")
    accountant = Accountant(table)
    accountant.answer("原因", {"收支.总计": "收入.合计/较上年"}, "同")
    assert bring(accountant.save(), "--yes").status == 0
    assert load_year(root, NEW, YEAR).reasons["收支.总计", "较上年"].text == "项目增加"
    accountant.answer("原因", {"收支.总计": "支出.合计/较上年"}, "同")
    done = bring(accountant.save(), "--yes")
    assert done.status == 1
    assert "采集表.xlsx 原因!D5: 错误：" in done.err


def test_a_file_of_comments_keeps_them(table: Path, bring) -> None:
    last_year = table.parent / "上年.yaml"
    last_year.write_text("# 待写\n", "utf-8")
    accountant = Accountant(table)
    accountant.answer("上年数", {"收支.总计": 398.2}, "上年")
    assert bring(accountant.save(), "--yes").status == 0
    assert last_year.read_text("utf-8").startswith("# 待写\n")
    assert yaml.safe_load(last_year.read_text("utf-8")) == {"金额单位": "万元", "指标": {"收支.总计": {"上年": 398.2}}}


ONE = {"科目": 2010301, "其他收入": 1}
PAID = {"科目": 2010301, "资金来源": "非财政拨款", "基本支出": 1}
WRONG_CELLS: list[tuple[str, list[dict[str, Any]], str]] = [
    ("收入", [ONE | {"科目": "2010388 不存在"}], "收入!A5: 错误：2010388 不在 2022 年度的功能分类科目表里"),
    ("收入", [ONE | {"科目": "20103"}], "收入!A5: 错误：20103（政府办公厅（室）及相关机构事务）是款级科目"),
    ("收入", [ONE | {"科目": "行政运行"}], "收入!A5: 错误：「科目」写作「行政运行」"),
    ("收入", [ONE | {"其他收入": "三万"}], "收入!I5: 错误：「其他收入」的金额写作「三万」，不是金额"),
    ("收入", [ONE | {"其他收入": 1.234}], "收入!I5: 错误：「其他收入」的金额写作「1.234」，有三位小数"),
    ("收入", [ONE, ONE], "收入!A6: 错误：「收入」里「2010301」在第 5 行已经有了"),
    ("收入", [{"其他收入": 1}], "收入!I5: 错误：「收入」第 1 项缺少「科目」"),
    ("支出", [{"科目": 2010301, "基本支出": 1}], "支出!A5: 错误：这一行没有选资金来源"),
    ("支出", [PAID | {"资金来源": "自筹"}], "支出!B5: 错误：「资金来源」写作「自筹」"),
    ("支出", [PAID | {"人员经费": 1}], "支出!C5: 错误：科目 2010301 同时填了"),
    ("基本支出经济分类", [{"科目": 30101, "金额": 1}] * 2, "基本支出经济分类!B6: 错误：「基本支出经济分类」「30101」"),
    ("基本支出经济分类", [{"金额": 1}], "基本支出经济分类!B5: 错误：这一行有金额，没有科目"),
    ("结转结余", [{"资金来源": "非财政拨款", "金额": 1}], "结转结余!B5: 错误：「时点」没有选；应是 年初、年末 之一"),
    ("人员机构", [{"类别": "在职", "名称": "在职人员", "人数": 2.5}], "人员机构!C5: 错误：「在职人员」写作「2.5」"),
    ("人员机构", [{"类别": "在职", "名称": "在职人员"}], "人员机构!A5: 错误：「在职人员」没有填人数"),
    ("地方科目", [{"代码": "2010397"}], "地方科目!A5: 错误：地方科目的代码和名称都要填"),
    ("原因", [{"指标": "收入.合计", "原因": "增加"}], "错误：这一行写了原因，没有指标或比较"),
    ("上年数", [{"指标": "收入.事业收入", "上年": 1, "增减": 2}], "错误：「收入.事业收入」"),
    ("文本", [{"文字": "字"}], "错误：这一行有文字，没有名称"),
]


@pytest.mark.parametrize(("title", "lines", "message"), WRONG_CELLS, ids=[wrong[2][-16:] for wrong in WRONG_CELLS])
def test_each_mistake_is_told_with_its_cell(
    title: str, lines: list[dict[str, Any]], message: str, table: Path, bring
) -> None:
    before = {path: path.read_bytes() for path in table.parent.rglob("*.yaml")}
    accountant = Accountant(table)
    accountant.lines({title: lines})
    done = bring(accountant.save(), "--yes")
    assert done.status == 1
    assert message in done.err, done.err
    assert {path: path.read_bytes() for path in table.parent.rglob("*.yaml")} == before


def test_all_mistakes_are_told_at_once(table: Path, bring) -> None:
    accountant = Accountant(table)
    accountant.lines({"收入": [{"科目": "2010388", "其他收入": "三万"}], "支出": [{"科目": 2010301, "基本支出": 1}]})
    done = bring(accountant.save(), "--yes")
    assert all(cell in done.err for cell in ("收入!A5", "收入!I5", "支出!A5")), done.err


def test_a_wrong_code_hides_no_mistake_on_another_sheet(table: Path, bring) -> None:
    accountant = Accountant(table)
    accountant.lines({"收入": [{"科目": "22l0201", "其他收入": 1}], "支出": [PAID | {"人员经费": 1}]})
    done = bring(accountant.save(), "--yes")
    assert "收入!A5: 错误：「科目」写作「22l0201」" in done.err
    assert "支出!C5: 错误：科目 2010301 同时填了" in done.err, done.err


def test_a_line_without_amounts_is_left_out_and_said(table: Path, bring) -> None:
    accountant = Accountant(table)
    accountant.lines({"收入": [{"科目": 2010301}, {"科目": 2080505, "其他收入": 1}]})
    done = bring(accountant.save(), "--yes")
    assert done.status == 0
    assert "收入!A5: 提示：「2010301」这一行没有填金额，没有导入" in done.err
    facts = yaml.safe_load((table.parent / "决算.yaml").read_text("utf-8"))
    assert [line["科目"] for line in facts["收入"]] == [2080505]


def test_a_table_of_another_unit_or_year_is_refused(table: Path, juesuan: CommandLine) -> None:
    for unit, year in (("别的单位", "2022"), (NEW, "2021")):
        done = juesuan("import", str(table), "--unit", unit, "--year", year, "--yes")
        assert done.status == 1
        assert f"采集表是「{NEW}」2022 年度的" in done.err


def test_amounts_in_another_unit_than_the_files_are_refused(table: Path, bring) -> None:
    facts = "金额单位: 元\n收入:\n  - {科目: 2010301, 其他收入: 5}\n支出: []\n"
    (table.parent / "决算.yaml").write_text(facts, "utf-8")
    accountant = Accountant(table)
    accountant.lines({"收入": [{"科目": 2010301, "其他收入": 1}]})
    done = bring(accountant.save(), "--yes")
    assert done.status == 1
    assert "决算.yaml 的金额单位是元，采集表写的是万元" in done.err


def test_a_renamed_sheet_and_a_changed_header_are_said(table: Path, bring) -> None:
    accountant = Accountant(table)
    accountant.sheet("支出").cell(HEADER, 3, "基本")
    accountant.sheet("收入").title = "收入表"
    done = bring(accountant.save(), "--yes")
    assert done.status == 1
    assert "没有工作表「收入」" in done.err
    assert "工作表「支出」的表头改动了" in done.err


def test_inputs_are_open_and_everything_else_is_locked(table: Path) -> None:
    book = Accountant(table).book
    assert [sheet.title for sheet in book if sheet.sheet_state == "hidden"] == ["科目表"]
    for sheet in book:
        assert sheet.protection.sheet
        assert not sheet.protection.password
        if sheet.sheet_state == "visible":
            assert str(sheet.page_setup.paperSize) == sheet.PAPERSIZE_A4
            assert sheet.page_setup.fitToWidth == 1
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    assert cell.protection.locked, cell.coordinate
    spending = book["支出"]
    assert not any(spending.cell(FIRST, column).protection.locked for column in range(1, 10))
    assert spending.freeze_panes == "B5"
    rules = {str(rule.type): rule for rule in spending.data_validations.dataValidation}
    assert "一般公共预算" in rules["list"].formula1 or "科目表" in rules["list"].formula1
    assert rules["decimal"].error == "金额应是不小于 0 的数字，只写数字，不写单位"
    whole = {rule.type: rule.error for rule in book["人员机构"].data_validations.dataValidation}
    assert whole["whole"] == "应是不小于 0 的整数"


def test_last_years_subjects_are_filled_in(root: Path, juesuan: CommandLine) -> None:
    unit = "鄂州市医疗保障服务中心"
    juesuan("new", unit, "2023")
    book = Accountant(root / "content" / unit / "2023" / "采集表.xlsx")
    revenue = book.sheet("收入")
    assert [revenue.cell(FIRST + n, 1).value for n in (0, 10)] == ["2080101 行政运行", "2299999 其他支出"]
    assert revenue.cell(FIRST, 2).value is None
    assert [book.sheet("支出").cell(FIRST + 10, n).value for n in (1, 2, 3)] == ["2299999 其他支出", "非财政拨款", None]
    assert book.sheet("人员机构").cell(FIRST, 3).value == 33
