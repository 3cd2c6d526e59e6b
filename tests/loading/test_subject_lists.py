"""The subjects of a year from templates/科目."""

from __future__ import annotations

import pytest
from example_unit import SUBJECTS_2022

from builder.accounts.subjects import Category, Subject
from builder.findings import InputError, Level
from builder.loading.subjects import load_subjects


def test_a_list_has_its_tree_its_categories_and_what_was_discontinued(workspace):
    subjects, notes = load_subjects(workspace.root, 2022)
    assert notes == ()
    assert subjects.functional["2080505"] == Subject("2080505", "机关事业单位基本养老保险缴费支出", "项", "20805")
    assert subjects.functional["208"].parent is None
    assert subjects.economic["30101"] == Subject("30101", "基本工资", "款", "301")
    assert subjects.categories == (Category("208", "社会保障和就业支出"), Category("210", "卫生健康支出"))
    assert list(subjects.discontinued) == ["2080599"]
    assert subjects.name("2080599") == "其他行政事业单位养老支出"
    assert subjects.names("2101504") == ("卫生健康支出", "医疗保障管理事务", "信息化建设")
    assert subjects.economic_under("301") == ("301", "30101", "30102")
    assert subjects.ordinal(26) == "二十六"
    assert subjects.name("9999999") == "9999999"
    assert subjects.with_local({"2101504": "信息化"}).names("2101504")[2] == "信息化"


@pytest.mark.parametrize(
    ("code", "near"),
    [
        ("2080515", "2080505"),
        ("2080550", "2080505"),
        ("2105104", "2101504"),
        ("30111", "30101"),
        ("4990000", None),
    ],
)
def test_the_code_that_was_probably_meant(workspace, code, near):
    subjects, _ = load_subjects(workspace.root, 2022)
    found = subjects.nearest(code, economic=code.startswith("3"))
    assert (found.code if found else None) == near


@pytest.mark.parametrize(("year", "used"), [(2025, 2022), (2019, 2021)])
def test_a_year_without_a_list_takes_the_nearest_earlier_one_with_a_note(workspace, year, used):
    subjects, [note] = load_subjects(workspace.root, year)
    assert subjects.year == year
    assert note.level is Level.NOTE
    assert str(note) == (
        f"templates/科目/{used}.csv: 提示：没有 {year} 年度的科目表，使用了 {used} 年度的；请核对当年新增、取消的科目"
    )


def test_without_any_list_nothing_goes(tmp_path):
    with pytest.raises(InputError, match=r"^templates/科目: 错误：缺少科目表：请把「2022\.csv」"):
        load_subjects(tmp_path, 2022)


def test_a_wrong_list_is_told_line_by_line(workspace):
    workspace.write(
        "templates/科目/2022.csv",
        SUBJECTS_2022
        + (
            "功能,2080501,重复\n功能,20806,\n经济,3010101,太细\n功能,2160101,没有上级\n"
            "其他,208,甲\n功能,２０８,全角\n功能,209\n大类,,没有这一类\n"
        ),
    )
    with pytest.raises(InputError) as error:
        load_subjects(workspace.root, 2022)
    place = "templates/科目/2022.csv"
    assert sorted(map(str, error.value.findings)) == sorted(
        [
            f"{place}:17: 错误：科目 2080501 在第 6 行已经有了；请删去一行",
            f"{place}:18: 错误：科目 20806 没有名称；请补上",
            f"{place}:19: 错误：代码写作「3010101」；经济科目的代码是 3 或 5 位数字",
            f"{place}:20: 错误：「2160101 没有上级」的上级科目 21601 不在表中；请补上，或更正代码",
            f"{place}:21: 错误：分类写作「其他」；应是 功能、经济 或 大类",
            f"{place}:22: 错误：代码写作「２０８」；功能科目的代码是 3、5 或 7 位数字",
            f"{place}:23: 错误：这一行有 2 格，应有 3 格（分类、代码、名称）；请改正",
            f"{place}:24: 错误：大类「没有这一类」的代码写作「」；请填 3 位类级科目代码",
        ]
    )


def test_the_header_must_be_there(workspace):
    workspace.write("templates/科目/2022.csv", "代码,名称\n208,甲\n")
    with pytest.raises(InputError, match="第一行应是「分类,代码,名称」"):
        load_subjects(workspace.root, 2022)


def test_a_changed_list_is_read_again(workspace):
    load_subjects(workspace.root, 2022)
    workspace.write("templates/科目/2022.csv", SUBJECTS_2022 + "功能,2080599,其他\n")
    subjects, _ = load_subjects(workspace.root, 2022)
    assert subjects.functional["2080599"].name == "其他"
    assert subjects.discontinued == {}
