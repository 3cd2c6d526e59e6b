"""Causes outside of the year's own files, and one amount of the ledger with everything that follows from it."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from correcting import EZHOU, XIAMEN, Edit, listed, released
from workspaces import ROOT, UNIT, YEAR, CommandLine, WorkspaceCopy

if TYPE_CHECKING:
    from pathlib import Path

MUSEUM = "云溪市博物馆"
EXPENDITURE = {
    "「一、收入支出决算总表」": [("卫生健康支出", "972.73", "982.74"), ("本年支出合计", "1,067.01", "1,077.02"),
                     ("总计", "1,067.01", "1,077.02")],
    "「三、支出决算表」": [
        ("合计", "1,067.01", "1,077.02"), ("合计", "250.59", "260.59"),
        ("卫生健康支出", "972.73", "982.74"), ("卫生健康支出", "250.59", "260.59"),
        ("医疗保障管理事务", "940.72", "950.73"), ("医疗保障管理事务", "250.59", "260.59"),
        ("其他医疗保障管理事务支出", "24.80", "34.80"), ("其他医疗保障管理事务支出", "24.80", "34.80"),
    ],
    "「四、财政拨款收入支出决算总表」": [("卫生健康支出", "972.73", "982.74")] * 2
    + [("本年支出合计", "1,064.50", "1,074.51")] * 2 + [("总计", "1,064.50", "1,074.51")] * 2,
    "「五、一般公共预算财政拨款支出决算表」": [
        ("合计", "1,064.50", "1,074.51"), ("合计", "250.59", "260.59"),
        ("卫生健康支出", "972.73", "982.74"), ("卫生健康支出", "250.59", "260.59"),
        ("医疗保障管理事务", "940.72", "950.73"), ("医疗保障管理事务", "250.59", "260.59"),
        ("其他医疗保障管理事务支出", "24.80", "34.80"), ("其他医疗保障管理事务支出", "24.80", "34.80"),
    ],
}
"""By table: row, old, new. The items add up to 972.74, 940.73, 1064.51 and 1067.02 (printed: 0.01 less), and 10.00."""
SENTENCES = [
    # 1077.02 − 927.93 = 149.09, ÷ 927.93 = 16.07%; 816.43 ÷ 1077.02 = 75.80%; 260.59 ÷ 1077.02 = 24.20%
    {("1067.01", "1077.02"), ("139.08", "149.09"), ("14.99", "16.07")}, {("76.52", "75.8")},
    {("250.59", "260.59"), ("23.49", "24.2")},
    # 1074.51 ÷ 1077.02 = 99.77%; 1074.51 − 927.93 = 146.58, ÷ 927.93 = 15.80%
    {("1064.5", "1074.51"), ("99.76", "99.77")}, {("136.57", "146.58"), ("14.72", "15.8")}, {("1064.5", "1074.51")},
    # 51.54, 982.74 and 40.23 ÷ 1074.51
    {("4.84", "4.8")}, {("972.73", "982.74"), ("91.38", "91.46")}, {("3.78", "3.74")},
    {("1064.5", "1074.51"), ("116", "117")},  # ÷ 919.86
    {("24.8", "34.8")}, {("100", "96.16")},  # 250.59 ÷ 260.59
]


def numbers(old: str, new: str) -> set[tuple[str, str]]:
    """The numbers in which two sentences differ; their words are the same."""
    pattern = re.compile(r"\d+(?:\.\d+)?")
    assert pattern.sub("#", old) == pattern.sub("#", new)
    pairs = zip(pattern.findall(old), pattern.findall(new), strict=True)
    return {(before, after) for before, after in pairs if before != after}


def test_one_amount_of_the_ledger_and_everything_above_it() -> None:
    line = "2101599, 资金来源: 一般公共预算, 项目支出: "
    found, _new = released(EZHOU).corrected(Edit("决算.yaml", f"{line}24.80", f"{line}34.80"))
    changes = listed(found)
    cells: dict[str, list[tuple[str, str | None, str | None]]] = {}
    for place, old, new in changes[:25]:
        table, row, _column = re.findall("「[^」]*」", place)
        cells.setdefault(table, []).append((row.strip("「」").rpartition("、")[2], old, new))
    assert cells == EXPENDITURE
    assert [numbers(old or "", new or "") for _place, old, new in changes[25:-1]] == SENTENCES
    assert changes[-1] == ("「图表：支出结构」「项目支出」行「支出决算」栏", "250.59", "260.59")
    assert {cause.input.where for each in found.changes for cause in each.causes} == {
        ("支出", "科目 2101599、资金来源 一般公共预算", "项目支出")
    }


def test_a_fact_in_last_years_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in ("templates", f"content/{MUSEUM}"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    juesuan = CommandLine(tmp_path, capsys)
    assert juesuan("release", MUSEUM, "2022").status == 0
    path = tmp_path / "content" / MUSEUM / "2021" / "决算.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count("项目支出: 1400000.00") == 1
    path.write_text(text.replace("项目支出: 1400000.00", "项目支出: 1500000.00"), encoding="utf-8")
    run = juesuan("diff", MUSEUM, "2022")
    assert "共改动 1 项，文档里有 2 处不同" in run.out
    assert f"1. content/{MUSEUM}/2021/决算.yaml:13:" in run.out
    # 2021: 639.89 + 10.00 = 649.89, of it general 601.89 + 10.00 = 611.89
    assert "增加53.03万元，增长8.29%。」→" in run.out
    assert "增加43.03万元，增长6.62%。」" in run.out
    assert "增加24.53万元，增长4.08%。」→" in run.out
    assert "增加14.53万元，增长2.37%。」" in run.out


def test_a_name_in_the_list_of_subjects() -> None:
    one = released(XIAMEN)
    path = one.root / "templates" / "科目" / "2020.csv"
    before = path.read_text(encoding="utf-8")
    name, new_name = "机关事业单位基本养老保险缴费支出", "养老保险缴费"
    assert before.count(f"功能,2080505,{name}") == 1
    path.write_text(before.replace(f"功能,2080505,{name}", f"功能,2080505,{new_name}"), encoding="utf-8")
    try:
        found, _new = one.corrected()
    finally:
        path.write_text(before, encoding="utf-8")
    changes = listed(found)
    assert [(old, new) for _place, old, new in changes[:3]] == [(name, new_name)] * 3
    assert [(old or "").replace(name, new_name) for _place, old, _new in changes] == [new for _p, _o, new in changes]
    assert len(changes) == 4
    assert {cause.input.file for each in found.changes for cause in each.causes} == {"templates/科目/2020.csv"}


@pytest.mark.parametrize("command", ["diff", "redline"])
@pytest.mark.parametrize("name", ["指标.json", "段落.json", f"资料/content/{UNIT}/{YEAR}/决算.yaml"])
def test_an_altered_release_is_no_base(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, name: str
) -> None:
    copy, juesuan = WorkspaceCopy.make(tmp_path), CommandLine(tmp_path, capsys)
    assert juesuan("release", UNIT, str(YEAR)).status == 0
    path = copy.output / "发布" / "001" / name
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"24.8", b"24.9", 1) + b" ")
    run = juesuan(command, UNIT, str(YEAR))
    assert (run.status, run.out) == (1, "")
    assert f"output/{YEAR}/{UNIT}/发布/001/{name}" in run.err
    assert "发布过的文件不能改动，请从备份恢复" in run.err
