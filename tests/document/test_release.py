"""What a build leaves behind: document and manifest, the same bytes everywhere, drafts, and what stops a release."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import docx
import pytest
from documents import BuiltDocument
from docx.enum.text import WD_COLOR_INDEX
from pypdf import PdfReader
from workspaces import ROOT, TITLE, UNIT, WorkspaceCopy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Release
    from workspaces import CommandLine

MISSING = "说明.yaml"
NO_REASONS = "文本:\n  用途.208: 甲\n  用途.210: 乙\n  用途.221: 丙\n  接待对象: 丁\n  接待工作: 戊\n"
REASONS = [  # every published 主要原因, in the order of the document: indicator, comparison, heading
    ("收支.总计", "较上年", "一、收入支出决算总体情况说明"),
    ("财政拨款收支.总计", "较上年", "四、财政拨款收入支出决算总体情况说明"),
    ("财政拨款收入.一般公共预算", "较上年", "四、财政拨款收入支出决算总体情况说明"),
    ("一般公共预算支出.合计", "较上年", "五、一般公共预算财政拨款支出决算情况说明"),
    *(
        (f"一般公共预算支出.{code}", "较预算", "五、一般公共预算财政拨款支出决算情况说明")
        for code in ("2080101", "2080501", "2101501", "2101504", "2101506", "2101599")
    ),
    ("三公.合计", "较预算", "九、财政拨款“三公”经费支出决算情况说明"),
    ("三公.公务接待费", "较预算", "九、财政拨款“三公”经费支出决算情况说明"),
    ("机关运行经费.决算", "较上年", "十、机关运行经费支出说明"),
]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_files_beside_each_other_and_nothing_else(release: Release) -> None:
    names = [f"output/2022/{UNIT}/{TITLE}{ending}" for ending in (".docx", ".json")]
    assert sorted(release.workspace.outputs()) == names


def test_manifest_names_every_input_with_its_hash(release: Release) -> None:
    root, manifest = release.workspace.root, release.manifest
    assert manifest["文档"] == sha256(release.path)
    for group in ("资料", "格式"):
        assert manifest[group] == {name: sha256(root / name) for name in manifest[group]}, group
    content = [path.relative_to(root).as_posix() for path in (root / "content").rglob("*") if path.is_file()]
    assert sorted(manifest["资料"]) == sorted(content)
    form = [path.relative_to(root).as_posix() for path in release.workspace.form.iterdir() if path.suffix != ".txt"]
    form += [f"templates/通用/{name}" for name in ("style.yaml", "样式.docx", "目录.docx")]
    assert sorted(name for name in manifest["格式"] if "科目" not in name) == sorted(form)


def test_manifest_says_what_was_made(release: Release) -> None:
    about = {key: release.manifest[key] for key in ("单位", "年度", "风格", "标题", "草稿")}
    assert about == {"单位": UNIT, "年度": 2022, "风格": "湖北", "标题": TITLE, "草稿": False}


@pytest.mark.parametrize(
    ("indicator", "record"),
    [  # 元, from the published figures
        ("收支.总计", {"值": "10670100", "上年": "9279300"}),
        ("支出.基本支出", {"值": "8164300"}),
        ("一般公共预算支出.2101506", {"值": "877700", "年初预算": "1330000"}),
        ("三公.公务接待费", {"值": "1500", "上年": "4500", "全年预算": "7000"}),
        ("国有资产.车辆合计", {"值": "0"}),
    ],
)
def test_manifest_holds_the_figures(release: Release, indicator: str, record: dict[str, str]) -> None:
    assert release.manifest["指标"][indicator] == record


def test_manifest_keeps_the_derived_beside_the_printed(release: Release) -> None:
    # the leaves 10.43 + 5.30 + … + 40.23 + 2.51 add up to 1067.02; the print says 1067.01
    assert release.manifest["公开表"]["公开03"]["合计"]["本年支出合计"] == {
        "印": "10670100", "计算": "10670200", "出表": "10670100"
    }  # fmt: skip


def test_same_bytes_everywhere(release: Release, tmp_path: Path) -> None:
    """Other folder, other clock, locale and hash seed, started inside the workspace and from outside."""
    expected = release.workspace.outputs()
    surroundings = [
        ("甲", {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Asia/Shanghai"}, True),
        ("b c", {"PYTHONHASHSEED": "4242", "LC_ALL": "C.UTF-8", "TZ": "America/New_York"}, False),
    ]
    for name, variables, inside in surroundings:
        workspace = WorkspaceCopy.make(tmp_path / name)
        for path in workspace.root.rglob("*"):
            os.utime(path, (1_000_000_000, 1_000_000_000))
        words = [] if inside else ["--workspace", str(workspace.root)]
        result = subprocess.run(
            [sys.executable, "-m", "builder.cli", "build", UNIT, *words], check=False, capture_output=True,
            cwd=workspace.year if inside else tmp_path, env=os.environ | variables | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert result.returncode == 0, result.stderr.decode()
        assert f"已生成 output/2022/{UNIT}/{TITLE}.docx" in result.stdout.decode()
        assert workspace.outputs() == expected, name


def test_package_tells_nothing_of_the_machine(release: Release) -> None:
    with zipfile.ZipFile(release.path) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert str(ROOT).encode() not in b"".join(map(package.read, package.namelist()))


def test_out_writes_elsewhere(workspace: WorkspaceCopy, juesuan: CommandLine, tmp_path: Path, release: Release) -> None:
    run = juesuan("build", UNIT, "--year", "2022", "--out", str(tmp_path / "别处"))
    assert run.status == 0
    assert (tmp_path / "别处" / "2022" / UNIT / f"{TITLE}.docx").read_bytes() == release.path.read_bytes()
    assert not (workspace.root / "output").exists()


def test_missing_reasons_stop_the_release_all_at_once(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    assert juesuan("build").status == 0
    before = workspace.outputs()
    workspace.write(MISSING, NO_REASONS)
    run = juesuan("build")
    assert run.status == 1
    assert workspace.outputs() == before
    missing = [line for line in run.err.splitlines() if "主要原因" in line]
    assert len(missing) == len(REASONS)
    for line, (indicator, comparison, heading) in zip(missing, REASONS, strict=True):
        place = f"content/{UNIT}/2022: 错误：「{heading}」里"
        assert line.startswith(f"{place}缺少「{indicator}」{comparison}变动的主要原因（本年 ")
        assert line.endswith(f"请在 说明.yaml 的「原因」下补写：{indicator}: {{{comparison}: 原因文字}}")
    assert "927.93 万元" in missing[0]
    assert f"没有生成：{UNIT} 2022 年度" in run.err


def test_missing_texts_are_named_with_their_place(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    workspace.edit(MISSING, "  用途.221: 在职人员住房公积金缴费支出\n", "")
    workspace.path("自评改进措施.md").unlink()
    run = juesuan("build")
    assert run.status == 1
    assert "「五、一般公共预算财政拨款支出决算情况说明」里缺少「用途.221」" in run.err
    advice = f"请写在 content/{UNIT}/2022/自评改进措施.md 里，没有这个文件就新建"
    assert f"「第六部分　附件」里缺少「自评改进措施」；{advice}" in run.err


def test_reason_of_an_unchanged_figure_is_not_asked_for(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    reason = (
        "  一般公共预算支出.2101506:\n    较预算: 非税征收项目首次编制预算，没有往年数据参考，实际支出与预算有偏差\n"
    )
    workspace.edit(MISSING, reason, "")
    assert "缺少「一般公共预算支出.2101506」" in juesuan("build").err
    workspace.edit("决算.yaml", "{科目: 2101506, 金额: 133}", "{科目: 2101506, 金额: 87.77}")
    assert juesuan("build").status == 0


def test_draft_is_marked_and_named_so(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    workspace.write(MISSING, NO_REASONS)
    run = juesuan("build", "--draft")
    assert run.status == 0
    path = workspace.output / f"{TITLE}（草稿）.docx"
    assert f"已生成 output/2022/{UNIT}/{path.name}" in run.out
    assert run.err.count("警告：「") == len(REASONS)
    assert sorted(workspace.output.iterdir()) == [path, path.with_suffix(".json")]
    assert json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["草稿"] is True
    marked, plain = [], ""
    for paragraph in docx.Document(str(path)).paragraphs:
        for piece in paragraph.runs:
            if piece.font.highlight_color == WD_COLOR_INDEX.YELLOW:
                marked.append(piece.text)
            else:
                plain += piece.text
    assert len(marked) == len(REASONS)
    for text, (indicator, _comparison, _heading) in zip(marked, REASONS, strict=True):
        assert re.fullmatch(rf"【待补充：{re.escape(indicator)}(增加|减少)的原因】", text)
    assert "待补充" not in plain


def test_draft_leaves_the_release_alone(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    assert juesuan("build").status == 0
    before = workspace.document.read_bytes()
    workspace.write(MISSING, NO_REASONS)
    assert juesuan("build", "--draft").status == 0
    assert workspace.document.read_bytes() == before


def test_one_unit_that_fails_stops_no_other(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    other = workspace.root / "content" / "乙单位"
    workspace.year.parent.rename(other)
    WorkspaceCopy.make(workspace.root / "again").year.parent.rename(workspace.year.parent)
    (other / "2022" / "决算.yaml").write_text("金额单位: 万元\n", encoding="utf-8")
    run = juesuan("build")
    assert run.status == 1
    assert workspace.document.is_file()
    assert "没有生成：乙单位 2022 年度" in run.err
    assert "2 份中有 1 份没有生成" in run.err
    assert not (workspace.root / "output" / "2022" / "乙单位").exists()


def test_unit_without_a_year_is_passed_over(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    workspace.write("content/丙单位/单位.yaml", "名称: 丙单位\n风格: 湖北\n")
    run = juesuan("build")
    assert run.status == 0
    assert workspace.document.is_file()
    assert "content/丙单位: 警告：还没有年度文件夹；请建立（名称是四位数字的年度），并放入 决算.yaml" in run.err
    run = juesuan("build", "丙单位")
    assert run.status == 1
    assert "content/丙单位: 错误：还没有年度文件夹" in run.err


def test_unit_name_that_is_no_file_name(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    workspace.edit(f"content/{UNIT}/单位.yaml", f"名称: {UNIT}", "名称: 甲/乙:中心")
    run = juesuan("build")
    assert run.status == 0
    path = workspace.output / "甲／乙：中心2022年度部门决算.docx"
    assert BuiltDocument.of(path).lines[0] == "甲/乙:中心"


def test_pdf_stands_beside_the_document(
    workspace: WorkspaceCopy, juesuan: CommandLine, soffice: Callable[[Path], Path]
) -> None:
    run = juesuan("build", "--pdf")
    assert run.status == 0
    assert f"已生成 output/2022/{UNIT}/{TITLE}.pdf" in run.out
    text = "".join(page.extract_text() for page in PdfReader(workspace.document.with_suffix(".pdf")).pages)
    assert "第一部分" in text
    assert sorted(path.suffix for path in workspace.output.iterdir()) == [".docx", ".json", ".pdf"]


def test_pdf_without_libreoffice_is_told_before_anything_is_made(
    workspace: WorkspaceCopy, juesuan: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builder.rendering.soffice._NAMES", ())
    monkeypatch.setattr("builder.rendering.soffice._USUAL_PLACES", ())
    monkeypatch.setattr("builder.rendering.soffice._WINDOWS_PROGRAMS", ())
    run = juesuan("build", "--pdf")
    assert run.status == 1
    assert "没有找到 LibreOffice" in run.err
    assert not (workspace.root / "output").exists()


def test_a_style_may_publish_a_part_apart(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    style = workspace.form / "style.yaml"
    text = style.read_text(encoding="utf-8")
    apart = '另出: [{标题: "{单位}{年度}年度名词解释", 部件: [名词解释.docx]}]\n自称: {单位'
    assert text.count("自称: {单位") == 1
    style.write_text(text.replace("自称: {单位", apart), encoding="utf-8")
    assert juesuan("build").status == 0
    folder = workspace.document.parent
    other = folder / f"{UNIT}2022年度名词解释.docx"
    assert sorted(path.name for path in folder.glob("*.docx")) == sorted([f"{TITLE}.docx", other.name])
    manifest = json.loads((folder / f"{TITLE}.json").read_text(encoding="utf-8"))
    assert manifest["另出"] == {other.stem: sha256(other)}
    first = next(p.text for p in docx.Document(str(other)).paragraphs if p.text)
    assert first.startswith("第五部分")
    assert juesuan("build", "--draft").status == 0
    draft = docx.Document(str(folder / f"{other.stem}（草稿）.docx"))
    assert draft.sections[0].header.paragraphs[0].text == "草稿"
