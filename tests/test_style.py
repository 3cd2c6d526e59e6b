"""Styles: what one inherits from another, and everything that does not fit together, each at its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from builder.findings import InputError
from builder.style import Style, load_style
from builder.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
SMALL = """
名称: 小
部件: [正文.docx]
公开表:
  表一:
    标题: 支出表
    账: 支出
    栏:
      支出: {按科目列行: 是, 合计行: 合计, 列: {合计: {}, 基本: {类型: 基本支出}}}
指标:
  支出.合计: 表一/合计/合计
  支出[]: 表一/[]/合计
数字格式: {公开表: {位数: 2}}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    write(tmp_path, "小", SMALL, "样式.docx", "正文.docx")
    return Workspace(tmp_path)


def write(root: Path, name: str, text: str, *files: str) -> None:
    folder = root / "templates" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "style.yaml").write_text(text, encoding="utf-8")
    for file in files:
        (folder / file).write_bytes(b"")


def said(workspace: Workspace, name: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_style(workspace, name)
    return [str(finding) for finding in caught.value.findings]


def with_text(workspace: Workspace, *changes: tuple[str, str], more: str = "") -> Workspace:
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    write(workspace.root, "小", text + more)
    return workspace


def test_the_form_of_the_repository_is_sound():
    style = load_style(Workspace(ROOT), "湖北")
    assert style.title("甲单位", 2023) == "甲单位2023年度部门决算"
    assert [part.name for part in style.parts][:2] == ["封面.docx", "目录.docx"]


def test_a_style_inherits_keys_and_parts_and_replaces_some(workspace: Workspace):
    child = """
名称: 市级
继承: 小
部件: [正文.docx, 附件.docx]
指标: {支出.合计: 表一/合计/基本}
公开表: {表一: {标题: 市级支出表}}
"""
    write(workspace.root, "市级", child, "正文.docx", "附件.docx")
    style: Style = load_style(workspace, "市级")
    assert style.name == "市级"
    assert [part.parent.name for part in (style.base, *style.parts)] == ["小", "市级", "市级"]
    assert style.sheet.tables["表一"].title == "市级支出表"
    assert list(style.sheet.tables["表一"].blocks["支出"].columns) == ["合计", "基本"]
    assert str(style.definitions["支出.合计"]) == "表一/合计/基本"
    assert "支出[]" in style.definitions
    assert set(style.inputs) == {"templates/市级/style.yaml", "templates/小/style.yaml"}


def test_a_message_points_to_the_style_that_says_it(workspace: Workspace):
    write(workspace.root, "市级", "名称: 市级\n继承: 小\n指标: {多余: 表二/合计/合计}\n")
    assert said(workspace, "市级") == [
        "templates/市级/style.yaml:3:10: 错误：指标「多余」：公开表里没有「表二」这张表；是不是「表一」？"
    ]
    with_text(workspace, ("表一/合计/合计", "表一/合计/共计"))
    write(workspace.root, "市级", "名称: 市级\n继承: 小\n")
    (message,) = said(workspace, "市级")
    assert message.startswith("templates/小/style.yaml:11:10: 错误：指标「支出.合计」：表一 没有「共计」这一列；")


def test_an_inherited_table_can_be_replaced_whole_or_removed(workspace: Workspace):
    second = "  表二: {标题: 另表, 账: 收入, 栏: {收入: {列: {金额: {}}}}}\n"
    write(workspace.root, "小", SMALL.replace("指标:", f"{second}指标:"))
    table = "表一: {替换: 是, 标题: 新表, 账: 支出, 栏: {支出: {按科目列行: 是, 合计行: 合计, 列: {合计: {}}}}}"
    write(workspace.root, "市级", f"名称: 市级\n继承: 小\n公开表:\n  {table}\n  表二: 删去\n")
    style = load_style(workspace, "市级")
    assert list(style.sheet.tables) == ["表一"]
    assert list(style.sheet.tables["表一"].blocks["支出"].columns) == ["合计"]
    assert style.sheet.tables["表一"].title == "新表"


def test_a_style_without_parts_is_only_inherited_from(workspace: Workspace):
    write(workspace.root, "底", SMALL.replace("部件: [正文.docx]\n", "").replace("小", "底"))
    write(workspace.root, "市级", "名称: 市级\n继承: 底\n部件: [正文.docx]\n", "样式.docx", "正文.docx")
    assert load_style(workspace, "底").parts == ()
    assert [path.parent.name for path in load_style(workspace, "市级").parts] == ["市级"]


def test_a_term_of_the_glossary_must_be_explained(workspace: Workspace):
    more = "名词: {基本支出: 指人员经费和公用经费。}\n名词解释: [基本支出, 项目支出]\n"
    [message] = said(with_text(workspace, more=more), "小")
    assert "名词解释「项目支出」没有写在「名词」里" in message


def test_a_name_is_not_inherited(workspace: Workspace):
    write(workspace.root, "市级", "继承: 小\n")
    assert any("缺少「名称」" in message for message in said(workspace, "市级"))


def test_inheritance_in_a_circle_or_from_nothing(workspace: Workspace):
    write(workspace.root, "甲", "名称: 甲\n继承: 乙\n")
    write(workspace.root, "乙", "名称: 乙\n继承: 甲\n")
    assert said(workspace, "甲") == ["templates/乙/style.yaml:2:5: 错误：风格的「继承」绕了一圈或太深：甲 → 乙 → 甲"]
    write(workspace.root, "乙", "名称: 乙\n继承: 丙\n")
    (message,) = said(workspace, "甲")
    assert message.startswith("templates/乙/style.yaml:2:5: 错误：templates/ 里没有叫「丙」的风格；")


def test_a_missing_part_and_a_path(workspace: Workspace):
    with_text(workspace, ("[正文.docx]", "[正文.docx, 说明.docx, ../别处.docx]"))
    assert said(workspace, "小") == [
        (
            "templates/小/style.yaml:3:15: 错误：在 templates/小 里找不到 Word 部件「说明.docx」；"
            "请放回这个文件，或改正这里的文件名"
        ),
        "templates/小/style.yaml:3:24: 错误：「../别处.docx」应当只是文件名，不带文件夹",
    ]


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        (("表一/合计/合计", "表一/总计/合计"), 11, "指标「支出.合计」：表一 没有「总计」这一行；是不是「合计」？"),
        (("表一/合计/合计", "= 支出.基木"), 11, "指标「支出.合计」的公式用到「支出.基木」，没有这个指标；"),
        (("表一/合计/合计", "= 支出.合计 + 1"), 11, "指标的公式或组成绕了一圈：支出.合计 → 支出.合计；"),
        (("表一/合计/合计", "= 1 +"), 11, "指标「支出.合计」：公式「 1 +」不完整"),
        (("表一/[]/合计", "= 支出.合计"), 12, "指标「支出[]」：每个科目一个的指标只能取自表，不能用公式"),
        (
            ("合计: {}", "合计: {合计: [基木]}"),
            9,
            "表一 的「支出」栏的列「合计」：合计里的「基木」不是这一栏的列；是不是「基本」？",
        ),
        (("合计: {}", "合计: {合计: [合计]}"), 9, "表一 的「支出」栏的列的合计绕了一圈：合计 → 合计；"),
        (("按科目列行: 是, 合计行: 合计, ", ""), 9, "表一 的「支出」栏没有行；"),
        (("按科目列行: 是", "行: [{名: 甲}, {名: 甲}]"), 9, "表一 的「支出」栏有两行都叫「甲」；"),
        (
            ("按科目列行: 是", "行: [{名: 甲, 合计: [乙]}]"),
            9,
            "表一 的「支出」栏的行「甲」：合计里的「乙」不在它前面；",
        ),
        (
            ("按科目列行: 是", "行: [{名: 甲, 只列: [合记]}]"),
            9,
            "表一 的「支出」栏的行「甲」：没有「合记」这一列；是不是「合计」？",
        ),
        (("按科目列行: 是", '序号: "{第}、", 按科目列行: 是'), 9, "表一 的「支出」栏的序号写作「{第}、」；"),
        (("账: 支出", "账: 支出\n    公开值同: 表乙"), 8, "表一 的「公开值同」：没有「表乙」这张表；是不是「表一」？"),
        (
            ("指标:\n", "  表二: {标题: 另, 公开值同: 表一, 账: 支出, 栏: {栏: {合计行: 共, 列: {计: {}}}}}\n指标:\n"),
            10,
            "表二 的「公开值同」：两张表没有同名的列，用不上它的数；请改成同名的列（表一 有 合计、基本）",
        ),
        (("账: 支出", "账: 支出\n    数字格式: 默人"), 8, "表一：数字格式里没有「默人」；是不是「默认」？"),
    ],
)
def test_what_does_not_fit_together(workspace: Workspace, change: tuple[str, str], line: int, message: str):
    found = said(with_text(workspace, change), "小")
    assert any(text.startswith(f"templates/小/style.yaml:{line}:") and message in text for text in found), found


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("组成: {支出.合计: [支出.208, 支出.别的]}", "组成「支出.合计」用到「支出.别的」，没有这个指标；"),
        ("缺省为零: [国有资产.车辆.其他用车, 支出.甲]", "缺省为零「支出.甲」：只能写单位自己列名称的数，"),
        ("图表: {图: {类别: [甲, 乙], 系列: {数: [支出.合计]}}}", "图表「图」有 2 个类别，系列「数」有 1 个指标；"),
        (
            "图表: {图: {类别: [甲], 系列: {数: [支出.总计.上年]}}}",
            "图表「图」用到「支出.总计」，没有这个指标；是不是「支出.合计」？",
        ),
        ("图表: {图: {系列: {数: []}}}", "图表「图」没有写「类别」；请写上，或写「各行」从表里取"),
        ("图表: {图: {各行: 表二/类级, 系列: {数: 合计}}}", "按科目列行的表里没有「表二」；是不是「表一」？"),
        ("图表: {图: {各行: 表一/类, 系列: {数: 合计}}}", "「各行」写作 表一/类级、表一/款级 或 表一/项级"),
        ("图表: {图: {各行: 表一/行, 系列: {数: 合计}}}", "「各行」写作 表一/类级、表一/款级 或 表一/项级"),
        ("图表: {图: {各行: 表一/类级, 类别: [甲], 系列: {数: 合计}}}", "「类别」和「各行」只能写一个"),
        ("图表: {图: {各行: 表一/类级, 系列: {数: 总计}}}", "每个系列写 表一 的一列；是不是「合计」？"),
        ("图表: {图: {各行: 表一/类级, 系列: {数: [合计, 基本]}}}", "每个系列写 表一 的一列；"),
    ],
)
def test_compositions_charts_and_defaults(workspace: Workspace, more: str, message: str):
    (text,) = said(with_text(workspace, more=f"{more}\n"), "小")
    assert message in text


def test_names_that_a_unit_lists_itself_and_each_of_them_may_be_used(workspace: Workspace):
    more = "缺省为零: [国有资产.车辆.其他用车]\n"
    changes = ("  支出[]:", "  车辆: = 国有资产.车辆.各项 - 国有资产.车辆.其他用车 + 会议费.年初预算\n  支出[]:")
    assert "车辆" in load_style(with_text(workspace, changes, more=more), "小").definitions


def test_everything_is_said_at_once(workspace: Workspace):
    with_text(
        workspace,
        ("表一/合计/合计", "表二/合计/合计"),
        ("[正文.docx]", "[没有.docx]"),
        ("公开表: {位", "其他表: {位"),
        more="措辞: {较上年: {空: {}}}\n",
    )
    assert len(said(workspace, "小")) == 4  # the table, the number format, the part, the phrases


def test_the_inheriting_form_builds_from_the_parents_files(tmp_path: Path):
    for name in ("通用", "湖北"):
        shutil.copytree(ROOT / "templates" / name, tmp_path / "templates" / name)
    write(tmp_path, "鄂州", yaml.safe_dump({"名称": "鄂州", "继承": "湖北"}, allow_unicode=True))
    style = load_style(Workspace(tmp_path), "鄂州")
    assert {part.parent.name for part in style.parts} == {"通用", "湖北"}
