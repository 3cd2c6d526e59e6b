"""``juesuan release`` and ``juesuan releases``, as the user runs them."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from published_unit import files_in
from workspaces import ROOT, TITLE, UNIT, YEAR, CommandLine, WorkspaceCopy

from builder.rendering.passages import Walk
from builder.rendering.styles import StyleSheet
from builder.rendering.wml import parse

FIRST = ("release", UNIT, str(YEAR), "--date", "2023-09-01", "--note", "首次公开")
RULE = "规则:\n  - {编号: 甲, 标题: 例, 说明: 例, 级别: 错误, 公式: 公用经费.合计 ≤ 基本支出.合计 × 0.2}\n"
"""A rule of the bureau's that the unit breaks: 193.97 and 813.91 × 0.2."""


@pytest.fixture
def workspace(tmp_path: Path) -> WorkspaceCopy:
    return WorkspaceCopy.make(tmp_path / "工作文件夹")


@pytest.fixture
def juesuan(workspace: WorkspaceCopy, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(workspace.root, capsys)


def releases_of(workspace: WorkspaceCopy) -> Path:
    return workspace.output / "发布"


def listed(juesuan: CommandLine, *words: str) -> list[dict[str, object]]:
    records: list[dict[str, object]] = json.loads(juesuan("releases", *words, "--format", "json").out)
    return records


def correct(workspace: WorkspaceCopy) -> None:
    """Correct a word that is printed."""
    notes = yaml.safe_load(workspace.path("说明.yaml").read_text(encoding="utf-8"))
    words = notes["文本"]["接待对象"]
    workspace.edit("说明.yaml", f"接待对象: {words}", "接待对象: 外地的检查组")


def test_what_is_released_is_what_is_built(juesuan: CommandLine, workspace: WorkspaceCopy) -> None:
    assert juesuan("build", UNIT).status == 0
    done = juesuan(*FIRST)
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[0] == f"已发布 001：output/{YEAR}/{UNIT}/发布/001"
    released = files_in(releases_of(workspace) / "001")
    assert released[f"{TITLE}.docx"] == workspace.document.read_bytes()
    assert released["指标.json"] == workspace.document.with_suffix(".json").read_bytes()
    inputs = {name.removeprefix("资料/") for name in released if name.startswith("资料/")}
    manifest = json.loads(released["指标.json"])
    assert inputs == {*manifest["资料"], *manifest["格式"], "templates/科目/2021.csv", "templates/科目/2022.csv"}
    assert all(released[f"资料/{name}"] == (workspace.root / name).read_bytes() for name in inputs)
    record = json.loads(released["清单.json"])
    assert (record["编号"], record["日期"], record["说明"]) == ("001", "2023-09-01", "首次公开")
    assert (record["单位"], record["年度"], record["标题"], record["前一份"]) == (UNIT, YEAR, TITLE, "")
    assert set(record["文件"]) == released.keys() - {"清单.json"}


def test_every_line_of_the_document_is_kept(juesuan: CommandLine, workspace: WorkspaceCopy) -> None:
    assert juesuan(*FIRST).status == 0
    folder = releases_of(workspace) / "001"
    kept = json.loads((folder / "段落.json").read_bytes())["文档"]
    assert [document["名称"] for document in kept] == [TITLE]
    texts = [line["文字"] for place in kept[0]["各处"] for line in place["内容"]]
    assert texts == texts_of(folder / f"{TITLE}.docx")
    lines = [line for place in kept[0]["各处"] for line in place["内容"]]
    growth = next(line for line in lines if "与2021年度相比，收、支总计各增加" in line["文字"])
    assert "收支.总计" in growth["指标"]
    assert "原因/收支.总计/较上年" in growth["手写"]
    total = next(line for line in lines if line.get("单元格") == ["公开03/合计/基本支出"])
    assert total["文字"] == "816.43"  # 10.43 + 5.30 + 35.81 + 20.82 + 11.19 + 690.14 + 40.23 + 2.51
    duties = [line for line in lines if "长文/职责" in line.get("手写", ())]
    assert len(duties) > 10


def texts_of(document: Path) -> list[str]:
    """Return the text of every paragraph and cell, as Word has it."""
    with zipfile.ZipFile(document) as package:
        styles = StyleSheet(parse(package.read("word/styles.xml")))
        return [passage.text for passage in Walk(styles).passages(parse(package.read("word/document.xml"))[0])]


def test_nothing_changed_is_no_new_release(juesuan: CommandLine, workspace: WorkspaceCopy) -> None:
    juesuan(*FIRST)
    before = files_in(releases_of(workspace))
    again = juesuan("release", UNIT, str(YEAR), "--note", "再发一次")
    assert again.status == 0
    assert again.out == "文档与发布 001（2023-09-01）完全相同，没有新的发布\n"
    workspace.edit("决算.yaml", "金额单位: 万元\n", "金额单位: 万元   # 没有改数\n")
    assert juesuan("release", UNIT, str(YEAR)).out == again.out
    workspace.edit("公开表.yaml", "预算财政拨款收入: {金额: 1064.50}", "预算财政拨款收入: {金额: '1,064.50'}")
    again = juesuan("release", UNIT, str(YEAR))
    assert again.out == "资料或格式有改动，但文档与发布 001（2023-09-01）完全相同，没有新的发布\n"
    assert files_in(releases_of(workspace)) == before


def test_a_correction_is_the_next_release(juesuan: CommandLine, workspace: WorkspaceCopy) -> None:
    juesuan(*FIRST)
    before = files_in(releases_of(workspace) / "001")
    correct(workspace)
    assert [record["现在"] for record in listed(juesuan)] == ["已变动"]
    done = juesuan("release", UNIT, str(YEAR), "--note", "更正\n接待对象")
    assert done.out.startswith("已发布 002：")
    assert files_in(releases_of(workspace) / "001") == before
    second = json.loads((releases_of(workspace) / "002" / "清单.json").read_bytes())
    today = dt.datetime.now().astimezone().date().isoformat()
    assert second["日期"] == today
    assert second["说明"] == "更正 接待对象"
    heading, *shown = juesuan("releases", UNIT, str(YEAR)).out.splitlines()
    assert heading == f"{UNIT} {YEAR} 年度"
    assert [line.split() for line in shown] == [
        ["001", "2023-09-01", "完好", "已变动", TITLE, "首次公开"],
        ["002", today, "完好", "与现在一致", TITLE, "更正", "接待对象"],
    ]


@pytest.mark.parametrize("spoil", [
    pytest.param(lambda w: w.write("templates/湖北/checks.yaml", RULE), id="cross-check"),
    pytest.param(lambda w: w.edit("决算.yaml", "项目支出: 87.77", "项目支出: 八十七"), id="mistake"),
    pytest.param(lambda w: w.remove("职责.md"), id="missing text"),
    pytest.param(lambda w: w.write("职责.md", "【待补充：职责】以后再写"), id="unfinished"),
    pytest.param(lambda w: w.remove("决算.yaml"), id="no facts"),
])
def test_what_cannot_be_built_is_not_released(
    juesuan: CommandLine, workspace: WorkspaceCopy, spoil: Callable[[WorkspaceCopy], None]
) -> None:
    spoil(workspace)
    built, released = juesuan("build", UNIT), juesuan(*FIRST)
    assert (built.status, released.status) == (1, 1)
    assert set(built.err.splitlines()) - set(released.err.splitlines()) == {f"没有生成：{UNIT} {YEAR} 年度"}
    assert set(released.err.splitlines()) - set(built.err.splitlines()) == {f"没有发布：{UNIT} {YEAR} 年度"}
    assert workspace.outputs() == {}


@pytest.mark.parametrize("date", ["2023-9-1", "2023-02-30", "明天", "20230901", "2023-09-01T00:00"])
def test_a_date_that_is_none(juesuan: CommandLine, date: str) -> None:
    refused = juesuan("release", UNIT, str(YEAR), "--date", date)
    assert refused.status == 1
    assert refused.err == f"错误：日期写作「{date}」；请写作年-月-日，月、日各两位，如 2023-09-01\n"


def test_an_earlier_date_than_before_is_doubted(juesuan: CommandLine, workspace: WorkspaceCopy) -> None:
    juesuan(*FIRST)
    correct(workspace)
    done = juesuan("release", UNIT, str(YEAR), "--date", "2023-08-31")
    assert done.status == 0
    assert "警告：日期 2023-08-31 早于前一份发布 001 的日期 2023-09-01" in done.err


def test_an_altered_release_is_named_and_stops_no_correction(juesuan: CommandLine, workspace: WorkspaceCopy) -> None:
    juesuan(*FIRST)
    document = releases_of(workspace) / "001" / f"{TITLE}.docx"
    document.chmod(0o644)
    document.write_bytes(document.read_bytes() + b"\0")
    shown = juesuan("releases")
    assert shown.status == 1
    assert "被改动" in shown.out.splitlines()[1].split()
    place = f"output/{YEAR}/{UNIT}/发布/001/{TITLE}.docx"
    assert f"{place}: 错误：与发布 001 时不同" in shown.err
    assert listed(juesuan)[0]["状态"] == "被改动"
    done = juesuan("release", UNIT, str(YEAR))
    assert done.out.startswith("已发布 002：")
    assert f"{place}: 警告：与发布 001 时不同" in done.err


def test_building_leaves_releases_alone(juesuan: CommandLine, workspace: WorkspaceCopy) -> None:
    juesuan(*FIRST)
    before = files_in(releases_of(workspace))
    correct(workspace)
    assert juesuan("build").status == 0
    assert juesuan("build", UNIT, "--draft").status == 0
    assert files_in(releases_of(workspace)) == before
    assert "2022（最新，发布过 001）" in juesuan("list").out


def test_nothing_released_yet(juesuan: CommandLine) -> None:
    assert juesuan("releases").err == "还没有发布过；发布：juesuan release 单位 年度\n"
    assert juesuan("releases", UNIT).status == 0
    assert listed(juesuan) == []
    unknown = juesuan("releases", UNIT[:-1])
    assert unknown.status == 1
    assert f"是不是「{UNIT}」？" in unknown.err


def test_a_renamed_unit_keeps_its_releases(juesuan: CommandLine, workspace: WorkspaceCopy) -> None:
    juesuan(*FIRST)
    new = "新名称医疗保障服务中心"
    (workspace.root / "content" / UNIT).rename(workspace.root / "content" / new)
    hint = f"output/{YEAR}/{UNIT}: 提示：content/ 里没有「{UNIT}」；单位改了名的"
    assert hint in juesuan("releases").err
    assert listed(juesuan)[0]["现在"] == "资料不在"
    workspace.output.rename(workspace.output.with_name(new))
    (record,) = listed(juesuan, new)
    assert (record["单位"], record["状态"], record["现在"]) == (new, "完好", "与现在一致")
    assert juesuan("release", new, str(YEAR)).out.startswith("文档与发布 001")


def test_the_workspace_may_be_moved(
    juesuan: CommandLine, workspace: WorkspaceCopy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    juesuan(*FIRST)
    moved = tmp_path / "别的地方" / "工作"
    shutil.copytree(workspace.root, moved)
    (record,) = listed(CommandLine(moved, capsys))
    assert (record["状态"], record["现在"]) == ("完好", "与现在一致")


def test_inputs_that_can_no_longer_be_built(juesuan: CommandLine, workspace: WorkspaceCopy) -> None:
    juesuan(*FIRST)
    workspace.edit("决算.yaml", "项目支出: 87.77", "项目支出: 八十七")
    assert listed(juesuan)[0]["现在"] == "现在生成不了"


def test_documents_published_apart_are_released_too(juesuan: CommandLine, workspace: WorkspaceCopy) -> None:
    style = (workspace.form / "style.yaml").read_text(encoding="utf-8")
    assert "另出" not in style
    more = "\n另出:\n  - {标题: '{单位}{年度}年公开表', 部件: [公开表.docx]}\n"
    workspace.write("templates/湖北/style.yaml", style + more)
    done = juesuan(*FIRST)
    assert (done.status, done.err) == (0, "")
    apart = f"{UNIT}{YEAR}年公开表"
    folder = releases_of(workspace) / "001"
    record = json.loads((folder / "清单.json").read_bytes())
    assert record["文档"] == [f"{TITLE}.docx", f"{apart}.docx"]
    kept = json.loads((folder / "段落.json").read_bytes())["文档"]
    assert [document["名称"] for document in kept] == [TITLE, apart]
    texts = [line["文字"] for place in kept[1]["各处"] for line in place["内容"]]
    assert texts == texts_of(folder / f"{apart}.docx")
    cells = {cell for place in kept[1]["各处"] for line in place["内容"] for cell in line.get("单元格", ())}
    assert "公开03/合计/基本支出" in cells


def test_cleaning_never_touches_what_was_released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    dev = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(dev)
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    for unit in ("build", "__pycache__", "某单位", "x.egg-info"):
        for folder in (tmp_path / "output" / "2022" / unit / "发布" / "001", tmp_path / "content" / unit):
            folder.mkdir(parents=True)
            (folder / "清单.json").write_text("{}")
    (tmp_path / "build").mkdir()
    (tmp_path / "builder" / "__pycache__").mkdir(parents=True)
    before = files_in(tmp_path / "output") | files_in(tmp_path / "content")
    assert dev.clean([]) == 0
    assert not (tmp_path / "build").exists()
    assert not (tmp_path / "builder" / "__pycache__").exists()
    assert files_in(tmp_path / "output") | files_in(tmp_path / "content") == before
