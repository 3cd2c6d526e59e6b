"""What the cross-checks must find in the published tables, by hand from the print, and nothing else.

Forms have tests of their own; here the findings are those of the statutory tables and of what belongs to them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import check
from check import YEARS, Record, findings

from builder.checks.rules import RULES

FORMS = "builder.checks.performance"
ON_TABLES = {rule.id for rule in RULES if not rule.check.__module__.startswith(FORMS)}

Found = tuple[str, str, str, str, str | None, str | None]
"""Rule, table, row, column, stated, expected (万元)."""


def word(rule: str, table: str, row: str, column: str) -> Found:
    """A finding without amounts."""
    return rule, table, row, column, None, None


EXPECTED: dict[str, set[Found]] = {
    "000": {
        word("表号标题", "公开01", "表头", "标题"),  # 收支决算总表
        word("表号标题", "公开02", "表头", "表号"),  # 公开03表 twice
        word("项目名称", "公开01", "左.其他收入", "项目"),  # 八、附属单位上缴收入 after 七、附属单位上缴收入
        word("项目名称", "公开01", "右.抗疫特别国债安排的支出", "项目"),  # 抗议
        word("项目名称", "公开04", "右.抗疫特别国债安排的支出", "项目"),
        # 合计 without figures: 69.77 + 1,015.66 + 142.82 + 89,581.31; 142.82 + 2,736.21; 69.77 + 1,015.66 + 86,845.10
        ("空白", "公开03", "合计", "本年支出合计", "0", "90809.56"),
        ("空白", "公开03", "合计", "基本支出", "0", "2879.03"),
        ("空白", "公开03", "合计", "项目支出", "0", "87930.53"),
        # 租赁费 5.99 as 维修(护)费 above it: the items make 331.78, without it 325.79
        ("科目汇总", "公开06", "302", "决算数", "325.78", "331.78"),
    },
    "001": {word("项目名称", "公开04", "左.国有资本经营预算财政拨款", "项目")},  # 三、国有资本经营财政拨款
    "002": {
        *(word("表号标题", f"公开0{number}", "表头", "编制单位") for number in range(1, 8)),  # 编制部门： and no name
        # 一般公共服务支出 606.81 beside 606.81 of the other items; 公开03 has no 201
        ("出表数", "公开01", "右.一般公共服务支出", "决算数", "606.81", "0"),
        ("科目汇总", "公开01", "右.本年支出合计", "决算数", "606.81", "1213.62"),
        # 基本支出 of 210, 21015 and 2101502 is printed as their total, 135.26 too much: 320.41, 146.06, 0 in 公开05
        ("出表数", "公开03", "210", "基本支出", "455.67", "320.41"),
        ("出表数", "公开03", "21015", "基本支出", "281.32", "146.06"),
        ("出表数", "公开03", "2101502", "基本支出", "135.26", "0"),
        ("行合计", "公开03", "210", "本年支出合计", "455.67", "590.93"),
        ("行合计", "公开03", "21015", "本年支出合计", "281.32", "416.58"),
        ("行合计", "公开03", "2101502", "本年支出合计", "135.26", "270.52"),
        ("科目汇总", "公开03", "合计", "基本支出", "471.55", "606.8"),  # 46.33 + 455.67 + 95.12 + 9.68
        ("空白", "公开04", "左.一般公共预算财政拨款", "决算数", "0", "606.8"),  # the sum of the 项 of 公开02
        word("项目名称", "公开04", "右.总计", "项目"),
        word("代码位数", "公开06", "302201", "科目代码"),  # 30201 办公费
        # 公用经费 0.00 where the row has 24.76, in 302 and in the item
        ("行合计", "公开06", "302", "本年支出合计", "24.76", "0"),
        ("行合计", "公开06", "302201", "本年支出合计", "24.76", "0"),
        ("科目汇总", "公开06", "合计", "公用经费", "24.76", "0"),
        # 267.98, and only 生活补助 0.19 under it
        ("科目汇总", "公开06", "303", "本年支出合计", "267.98", "0.19"),
        ("科目汇总", "公开06", "303", "人员经费", "267.98", "0.19"),
    },
    "003": set(),
    "004": {word("项目名称", "公开04", "左.国有资本经营预算财政拨款", "项目")},
}
OUTSIDE_THE_TABLES = {"001": ["三公预算"], "004": ["零预算"]}
"""Rules that find something in the figures of the text: 公务接待费 7.72, budget 6.00 (the text says why); 2101599 spent
763.41 without a budget (the text says why)."""


@pytest.fixture(scope="module")
def found() -> dict[str, list[Record]]:
    return {document: findings(document) for document in YEARS}


@pytest.mark.parametrize("document", YEARS)
def test_the_mistakes_of_the_tables_are_found_and_nothing_else(document: str, found: dict[str, list[Record]]) -> None:
    records = [record for record in found[document] if record["rule"] in ON_TABLES]
    in_tables = [record for record in records if record["table"]]
    keys = ("rule", "table", "row", "column", "stated", "expected")
    assert {tuple(record[key] for key in keys) for record in in_tables} == EXPECTED[document]
    assert len(in_tables) == len(EXPECTED[document])
    others = [record["rule"] for record in records if not record["table"]]
    assert others == OUTSIDE_THE_TABLES.get(document, [])


@pytest.mark.parametrize("document", YEARS)
def test_no_finding_on_the_tables_is_an_error(document: str, found: dict[str, list[Record]]) -> None:
    assert [record for record in found[document] if record["rule"] in ON_TABLES and record["severity"] == "错误"] == []


def test_a_finding_says_where_it_stands(found: dict[str, list[Record]]) -> None:
    record = next(record for record in found["002"] if record["rule"] == "代码位数")
    assert str(record["source"]).startswith("content/眉县医疗保障局/2020/公开表.yaml:")
    assert record["message"] == "公开06 的科目代码 302201 有 6 位，应为 3、5 位；「办公费」的代码是 30201"
    difference = next(record for record in found["000"] if record["rule"] == "科目汇总")
    assert difference["difference"] == "-6"


def test_the_command_writes_one_file_a_document_and_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "OUTPUT", tmp_path)
    assert check.main(["002"]) == 0
    written = json.loads((tmp_path / "002.json").read_text(encoding="utf-8"))
    assert {record["unit"] for record in written} == {"眉县医疗保障局"}
    assert [path.name for path in tmp_path.iterdir()] == ["002.json"]
    head, line = capsys.readouterr().out.splitlines()
    assert head.split() == ["文件", "错误", "警告", "提示", "按规则"]
    assert line.split()[0] == "002"
    assert sum(map(int, line.split()[1:4])) == len(written)
