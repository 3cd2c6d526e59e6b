"""One unit and its year: what is read from which file, and what is said where a file is wrong or missing."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest
from example_unit import UNIT, YEAR

from builder.findings import InputError, Level, Source
from builder.loading.subjects import load_subjects
from builder.loading.unit import UnitYear, load_unit, load_year

ADVICE = "请填数字（如 1,064.50 或 -3.2），没有金额就写 0"
DECLARE = "请更正代码，或在 单位.yaml 的「科目」里也写上它"
FOLDER = f"content/{UNIT}/{YEAR}"


def loaded(workspace) -> UnitYear:
    subjects, _ = load_subjects(workspace.root, YEAR)
    return load_year(workspace.root, UNIT, YEAR, subjects)


def messages(error: InputError) -> list[str]:
    return [str(finding) for finding in error.findings]


def test_only_the_facts_and_the_card_must_be_there(workspace):
    year = loaded(workspace)
    assert (year.name, year.year, year.card.name, year.card.style) == (UNIT, 2022, UNIT, "示例")
    assert year.facts.expenditure[0].basic == Decimal("358100.00")
    assert year.positions["支出", 0, "基本支出"] == Source(f"{FOLDER}/决算.yaml", 5, 25)
    assert (year.stated, year.last_year, year.reasons, year.texts, year.long_texts) == ({}, {}, {}, {}, {})
    assert (year.projects, year.overall.score, year.pages.pages, year.findings) == ((), None, {}, ())


@pytest.mark.parametrize(("unit", "yuan"), [("元", "1234.56"), ("千元", "1234560"), ("万元", "12345600")])
def test_amounts_are_read_in_the_unit_that_the_file_declares(workspace, unit, yuan):
    workspace.write_year("决算.yaml", f"金额单位: {unit}\n收入: []\n支出:\n  - 科目: 2080505\n    基本支出: 1,234.56\n")
    assert loaded(workspace).facts.expenditure[0].basic == Decimal(yuan)


def test_stated_values_have_their_amount_and_place(workspace):
    workspace.write_year(
        "公开表.yaml", "金额单位: 万元\n公开03:\n  合计: {基本支出: 816.43}\n  20805:\n    本年支出合计: 41.12\n"
    )
    stated = loaded(workspace).stated
    assert stated["公开03"]["合计"]["基本支出"].amount == Decimal("8164300.00")
    assert stated["公开03"]["20805"]["本年支出合计"].amount == Decimal("411200.00")
    assert stated["公开03"]["20805"]["本年支出合计"].source == Source(f"{FOLDER}/公开表.yaml", 5, 13)


def test_last_year_is_kept_as_amount_and_as_written(workspace):
    workspace.write_year(
        "上年.yaml",
        "指标:\n  收入.合计: {上年: 927.84}\n  支出.合计: {增减: -139.08}\n"
        "  三公.合计: {增减率: -66.67%}\n  车辆: {上年: 3}\n",
    )
    given = loaded(workspace).last_year
    assert {name: (value.given, value.value, value.plain) for name, value in given.items()} == {
        "收入.合计": ("上年", Decimal(9278400), Decimal("927.84")),
        "支出.合计": ("增减", Decimal(-1390800), Decimal("-139.08")),
        "三公.合计": ("增减率", Decimal("-66.67"), Decimal("-66.67")),
        "车辆": ("上年", Decimal(30000), Decimal(3)),
    }
    assert given["支出.合计"].source == Source(f"{FOLDER}/上年.yaml", 3, 15)


def test_a_reason_may_share_the_text_of_another_that_shares_a_third(workspace):
    workspace.write_year(
        "说明.yaml",
        "原因:\n  收支.总计: {较上年: {同: 支出.合计/较上年}}\n  支出.合计: {较上年: { 同: 收入.合计/较预算 }}\n"
        "  收入.合计: {较预算: 新录用 5 人, 较上年: }\n文本: {接待对象: 上级部门, 没有: }\n",
    )
    year = loaded(workspace)
    place = Source(f"{FOLDER}/说明.yaml", 4, 16)
    assert {key: (reason.text, reason.source) for key, reason in year.reasons.items()} == {
        ("收支.总计", "较上年"): ("新录用 5 人", place),
        ("支出.合计", "较上年"): ("新录用 5 人", place),
        ("收入.合计", "较预算"): ("新录用 5 人", place),
    }
    assert year.texts == {"接待对象": "上级部门"}


def test_long_texts_are_named_by_their_files(workspace):
    workspace.write_year("职责.md", "1.制定规划。\n2.组织实施。\n")
    text = loaded(workspace).long_texts["职责"]
    assert (text.path, len(text.blocks)) == (f"{FOLDER}/职责.md", 2)


def test_projects_stand_in_order_then_by_file_name(workspace):
    workspace.write_year("绩效/a.yaml", "项目名称: 甲\n顺序: 2\n")
    workspace.write_year("绩效/b.yaml", "项目名称: 乙\n年初预算: 177.9601\n")
    workspace.write_year("绩效/c.yaml", "项目名称: 丙\n金额单位: 元\n执行数: 1021700.50\n")
    workspace.write_year("绩效/整体.yaml", "自评得分: 98\n")
    year = loaded(workspace)
    assert [project.name for project in year.projects] == ["乙", "丙", "甲"]
    assert (year.projects[0].initial, year.projects[1].executed) == (Decimal(1779601), Decimal("1021700.5"))
    assert year.project_positions[0]["年初预算",] == Source(f"{FOLDER}/绩效/b.yaml", 2, 7)
    assert year.overall.score == 98


def test_two_projects_of_one_name_are_an_error(workspace):
    workspace.write_year("绩效/a.yaml", "项目名称: 甲\n")
    workspace.write_year("绩效/b.yaml", "顺序: 1\n项目名称: 甲\n")
    with pytest.raises(InputError) as error:
        loaded(workspace)
    assert messages(error.value) == [
        f"{FOLDER}/绩效/b.yaml:2:7: 错误：项目「甲」在 a.yaml 里已经有了；请删去一个文件，或更正名称"
    ]


def test_page_numbers_belong_to_a_text(workspace):
    workspace.write_year("页码.yaml", "正文: abc\n页码: {_Toc1: 1, _Toc2: 12}\n")
    pages = loaded(workspace).pages
    assert (pages.text, pages.pages) == ("abc", {"_Toc1": "1", "_Toc2": "12"})


def test_every_file_read_is_listed_with_its_hash(workspace):
    content = "文本: {接待对象: 上级部门}\n".encode()
    workspace.write_year("说明.yaml", content)
    workspace.write_year("职责.md", "一、职责\n")
    year = loaded(workspace)
    assert list(year.inputs) == [
        f"content/{UNIT}/单位.yaml",
        f"{FOLDER}/决算.yaml",
        f"{FOLDER}/说明.yaml",
        f"{FOLDER}/职责.md",
    ]
    assert year.inputs[f"{FOLDER}/说明.yaml"] == hashlib.sha256(content).hexdigest()


def test_files_that_nothing_reads_are_noted_but_not_those_that_programs_leave(workspace):
    for name in ("上年.yml", "公开表.xlsx", "~$公开表.xlsx", ".DS_Store", "Thumbs.db", "绩效/甲.yml", "绩效/~$甲.yaml"):
        workspace.write_year(name, "")
    (workspace.year_folder / "旧稿").mkdir()
    notes = loaded(workspace).findings
    assert {finding.level for finding in notes} == {Level.NOTE}
    assert sorted(str(finding) for finding in notes) == sorted(
        [
            f"{FOLDER}/上年.yml: 提示：不认识的文件「上年.yml」，没有使用；是不是应改名为「上年.yaml」？",
            f"{FOLDER}/公开表.xlsx: 提示：不认识的文件「公开表.xlsx」，没有使用；不需要时请移走",
            f"{FOLDER}/旧稿: 提示：不认识的文件夹「旧稿」，没有使用；不需要时请移走",
            f"{FOLDER}/绩效/甲.yml: 提示：不认识的文件「甲.yml」，没有使用；是不是应改名为「甲.yaml」？",
        ]
    )


def test_all_that_is_wrong_in_all_files_is_told_at_once(workspace):
    workspace.write(f"content/{UNIT}/单位.yaml", "名称: 甲\n")
    workspace.write_year("决算.yaml", "金额单位: 万元\n收入: []\n支出：\n  - {科目: 2080505, 基本支出: 无}\n")
    workspace.write_year("上年.yaml", "指标: {甲: {增减率: 1}}\n")
    with pytest.raises(InputError) as error:
        loaded(workspace)
    assert messages(error.value) == [
        f"content/{UNIT}/单位.yaml:1:1: 错误：缺少「风格」；请补上",
        f"{FOLDER}/决算.yaml:3:3: 错误：「支出」后面的冒号是全角「：」；请改为半角冒号加一个空格，写作「支出:」",
        f"{FOLDER}/决算.yaml:4:25: 错误：「基本支出」的金额写作「无」，不是金额；{ADVICE}",
        f"{FOLDER}/上年.yaml:1:15: 错误：「增减率」写作「1」；百分数请写作「15%」或「-3.2%」",
    ]


def test_codes_are_checked_also_where_an_amount_is_wrong(workspace):
    workspace.write_year(
        "决算.yaml",
        "金额单位: 万元\n收入: []\n支出:\n"
        "  - {科目: 2080505, 基本支出: １}\n  - {科目: 2999999, 基本支出: 1}\n  - {科目: 20805}\n",
    )
    with pytest.raises(InputError) as caught:
        loaded(workspace)
    places = [message.partition("：")[0] for message in messages(caught.value)]
    assert places == [f"{FOLDER}/决算.yaml:{place}: 错误" for place in ("4:25", "5:10", "6:10")]


def test_a_missing_file_of_facts_is_named(workspace):
    (workspace.year_folder / "决算.yaml").unlink()
    with pytest.raises(InputError) as error:
        loaded(workspace)
    assert messages(error.value) == [f"{FOLDER}/决算.yaml: 错误：缺少「决算.yaml」：请在 {FOLDER} 里建立这个文件"]


def test_a_code_declared_by_the_unit_needs_its_own_parents(workspace):
    workspace.write(f"content/{UNIT}/单位.yaml", "名称: 甲\n风格: 乙\n科目: {2290804: 福彩支出, 20805: 养老}\n")
    workspace.write_year(
        "决算.yaml",
        "金额单位: 万元\n收入: []\n支出:\n  - {科目: 2290804, 基本支出: 1}\n  - {科目: 20805, 基本支出: 1}\n",
    )
    with pytest.raises(InputError) as error:
        loaded(workspace)
    assert messages(error.value) == [
        f"{FOLDER}/决算.yaml:4:10: 错误：2290804 的上级类级科目 229 不在科目表里；{DECLARE}",
        f"{FOLDER}/决算.yaml:5:10: 警告：20805 是款级科目，按 单位.yaml 的声明使用；决算表一般要填到项级，请核对",
    ]


def test_codes_are_not_checked_without_a_list(workspace):
    workspace.write_year("决算.yaml", "金额单位: 万元\n收入: []\n支出:\n  - {科目: 9999999, 基本支出: 1}\n")
    assert load_year(workspace.root, UNIT, YEAR).findings == ()


def test_a_unit_s_card_is_read_by_itself(workspace):
    unit = load_unit(workspace.root, UNIT)
    assert (unit.card.name, unit.card.kind, unit.card.subjects) == (UNIT, "单位", {"2080598": "地方自设养老支出"})
    assert unit.positions["风格",] == Source(f"content/{UNIT}/单位.yaml", 2, 5)
    assert list(unit.inputs) == [f"content/{UNIT}/单位.yaml"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("示例单住", "content 里没有单位「示例单住」；是不是「示例单位」？"),
        ("abc", "content 里没有单位「abc」；请在 content 里为它建立文件夹"),
        ("../content", "单位写作「../content」；应是 content 里一个文件夹的名称"),
        ("..", "单位写作「..」；应是 content 里一个文件夹的名称"),
        ("", "单位写作「」；应是 content 里一个文件夹的名称"),
        ("C:\\资料", "单位写作「C:\\资料」；应是 content 里一个文件夹的名称"),
    ],
)
def test_a_unit_is_a_folder_of_content(workspace, name, message):
    for load in (lambda: load_unit(workspace.root, name), lambda: load_year(workspace.root, name, YEAR)):
        with pytest.raises(InputError) as error:
            load()
        assert [finding.message for finding in error.value.findings] == [message]
