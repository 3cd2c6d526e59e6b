"""What a tag gives a filter is checked against the style, so that ``template check`` says what a build would."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from docx import Document
from workspaces import ROOT, CommandLine

from builder.rendering.environment import UNKNOWN
from builder.style import load_style
from builder.tag_checks import argument_check
from builder.workspace import Workspace

STYLE = """
名称: 例
继承: 通用
样式: 样式.docx
部件: [目录.docx]
长文样式: {段落: 公文正文}
等级: {默认: {优: 90, 差: 0}}
措辞:
  较上年:
    增减: {增加: "{主语}增加{差额}万元", 减少: "{主语}减少{差额}万元", 持平: "{主语}持平"}
    名下: {增加: "{名称}增加", 减少: "{名称}减少", 持平: "{自称}持平"}
  占:
    率: {占: "{率}"}
  原因:
    较预算: "，原因是{原因}"
  列举:
    默认: {项: "{编码}{名称}{金额}"}
    对象: {项: "{名称}", 整体: "{对象}{列表}"}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    for name in ("通用", "科目"):
        shutil.copytree(ROOT / "templates" / name, tmp_path / "templates" / name)
    (tmp_path / "content").mkdir()
    folder = tmp_path / "templates" / "例"
    folder.mkdir()
    (folder / "style.yaml").write_text(STYLE, encoding="utf-8")
    return Workspace(tmp_path)


RIGHT = [
    ("万元", [], {}),
    ("万元", ["公开表"], {}),
    ("数", [], {}),
    ("率", ["整百分比"], {}),
    ("万元", [UNKNOWN], {}),
    ("较上年", ["增减"], {"主语": "收入"}),
    ("较上年", ["增减"], {"主语": UNKNOWN}),
    ("较上年", ["名下"], {}),
    ("较上年", [UNKNOWN], {}),
    ("占", [UNKNOWN, "率"], {}),
    ("原因", ["较预算"], {"预算": "全年预算"}),
    ("原因", [UNKNOWN], {}),
    ("列举", [], {}),
    ("列举", ["对象"], {"对象": "甲"}),
    ("等级", [], {}),
    ("length", [], {}),
]  # fmt: skip


WRONG = [
    ("万元", ["没有"], {}, "数字格式里没有「没有」"),
    ("率", ["整百分"], {}, "是不是「整百分比」？"),
    ("较上年", [], {}, "措辞 › 较上年 里没有名为「默认」的一组；现有：增减、名下"),
    ("较上年", ["增减"], {}, '措辞 › 较上年 › 增减 的写法要用到 {主语}；请在标签里补上 主语="…"'),
    ("较上年", ["增减"], {"主题": "收入"}, "没有 {主题}"),
    ("占", [], {}, "「占」可以写 1—2 项"),
    ("占", [UNKNOWN, "率", "多"], {}, "「占」可以写 1—2 项"),
    ("减", [], {}, "「减」要写 1 项"),
    ("原因", ["较昨年"], {}, "没有「较昨年」"),
    ("原因", ["较上年"], {}, "措辞 › 原因 里没有名为「默认」的一组"),
    ("原因", ["较预算"], {"预算": "预算数"}, "没有「预算数」"),
    ("列举", ["对象"], {}, "要用到 {对象}"),
    ("等级", ["别的"], {}, "「等级」里没有名为「别的」的一组"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "named"), RIGHT)
def test_right_arguments_pass(workspace: Workspace, name: str, given: list[object], named: dict[str, object]) -> None:
    assert argument_check(load_style(workspace, "例"))(name, given, named) == ""


@pytest.mark.parametrize(("name", "given", "named", "said"), WRONG)
def test_wrong_arguments_are_said(
    workspace: Workspace, name: str, given: list[object], named: dict[str, object], said: str
) -> None:
    assert said in argument_check(load_style(workspace, "例"))(name, given, named)


def test_template_check_says_them(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    part = workspace.templates / "例" / "目录.docx"
    document = Document(str(workspace.templates / "通用" / "样式.docx"))
    document.add_paragraph('{{ 收支.总计 | 较上年("增减") }}{{ 收支.总计 }}{{ 绩效.项目数 }}{{ 收入["201"].上年 }}')
    document.add_paragraph("{{ 收支.总计 | 万元 }}{{ 绩效.项目数 | 数 }}")
    document.add_paragraph("{% for 行 in 公开03.行 %}{{ 行.基本支出 }}{% endfor %}")
    document.save(str(part))
    run = CommandLine(workspace.root, capsys)("template", "check", "例")
    assert run.status == 1
    lines = [line for line in (run.out + run.err).splitlines() if "错误：第" in line]
    assert all("错误：第1段" in line for line in lines)
    said = "\n".join(lines)
    assert "要用到 {主语}" in said
    for name in ("收支.总计", "绩效.项目数", '收入["201"].上年'):
        assert f"「{name}」没有写明怎样印" in said
    assert len(lines) == 4


def test_template_check_says_what_compiling_would(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    check = CommandLine(workspace.root, capsys)
    assert check("template", "check", "例").status == 0
    style = workspace.templates / "例" / "style.yaml"
    style.write_text(STYLE.replace("公文正文", "公文正问"), encoding="utf-8")
    run = check("template", "check", "例")
    assert run.status == 1
    assert "样式.docx 里没有叫「公文正问」的样式" in run.out + run.err
