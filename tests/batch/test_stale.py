"""What is stale is told by what files hold, whatever their times say; and what has changed is named."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest
from workspaces import TITLE, UNIT, CommandLine, WorkspaceCopy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MADE, UNCHANGED = f"已生成 output/2022/{UNIT}/{TITLE}.docx\n", f"没有改动 output/2022/{UNIT}/{TITLE}.docx\n"
CHANGES: dict[str, Callable[[WorkspaceCopy], object]] = {
    f"content/{UNIT}/2022/决算.yaml 有改动": lambda w: w.edit("决算.yaml", "30101: 140.31", "30101: 140.31 # 核过"),
    f"content/{UNIT}/单位.yaml 有改动": lambda w: w.write(f"content/{UNIT}/单位.yaml", card(w) + b"\n"),
    f"content/{UNIT}/2022/绩效/3基金监管.yaml 没有了": lambda w: w.remove("绩效/3基金监管.yaml"),
    f"content/{UNIT}/2022/备注.md 是新的": lambda w: w.write("备注.md", "新的一篇。\n"),
    f"content/{UNIT}/2021/决算.yaml 是新的": lambda w: w.write(f"content/{UNIT}/2021/决算.yaml", "金额单位: 万元\n"),
    "templates/湖北/style.yaml 有改动": lambda w: add_line(w, "templates/湖北/style.yaml"),
    "templates/通用/style.yaml 有改动": lambda w: add_line(w, "templates/通用/style.yaml"),
    "templates/科目/2022.csv 有改动": lambda w: add_line(w, "templates/科目/2022.csv"),
    "templates/湖北/说明.docx 有改动": lambda w: w.write(
        "templates/湖北/说明.docx", w.path("templates/湖北/说明.docx").read_bytes() + b"\0"
    ),
    f"{TITLE}.docx 不在了": lambda w: w.document.unlink(),
    f"{TITLE}.docx 生成以后被改动过": lambda w: w.document.write_bytes(b"another"),
    f"{TITLE}.json 不在了": lambda w: w.document.with_suffix(".json").unlink(),
}


def card(workspace: WorkspaceCopy) -> bytes:
    return workspace.path(f"content/{UNIT}/单位.yaml").read_bytes()


def add_line(workspace: WorkspaceCopy, name: str) -> None:
    workspace.write(name, workspace.path(name).read_bytes() + b"\n")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with its document, and nothing changed since; to be copied with the files' times."""
    workspace = WorkspaceCopy.make(tmp_path_factory.mktemp("made"))
    from builder.cli import main  # noqa: PLC0415

    assert main(["build", "--workspace", str(workspace.root)]) == 0
    return workspace.root


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> WorkspaceCopy:
    return WorkspaceCopy(shutil.copytree(made, tmp_path / "w"))


@pytest.fixture
def juesuan(workspace: WorkspaceCopy, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(workspace.root, capsys)


def standing(juesuan: CommandLine) -> dict[str, object]:
    record, *_more = json.loads(juesuan("list", "--format", "json").out)[-1:]
    return record


def test_nothing_is_made_again_for_nothing(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    before = workspace.outputs()
    for path in workspace.root.rglob("*"):
        os.utime(path, (1, 1))  # every file has another time, the documents too
    assert juesuan("build").out == UNCHANGED
    assert workspace.outputs() == before
    assert workspace.document.stat().st_mtime == 1
    assert juesuan("build", "--force").out == MADE
    assert workspace.outputs() == before


@pytest.mark.parametrize("why", CHANGES)
def test_what_has_changed_is_named_and_makes_the_document_stale(
    why: str, workspace: WorkspaceCopy, juesuan: CommandLine
) -> None:
    assert standing(juesuan)["状态"] == "最新"
    CHANGES[why](workspace)
    assert (standing(juesuan)["状态"], standing(juesuan)["原因"]) == ("过期", [why])
    assert why in juesuan("list").out
    assert "没有改动" not in juesuan("build").out


def test_times_and_open_files_are_no_change(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    workspace.write("~$决算.yaml", "Word 正开着")
    workspace.write("templates/湖北/~$说明.docx", "Word 正开着")
    workspace.write("templates/湖北/说明.docx.txt", "文字版")
    assert juesuan("build").out == UNCHANGED


@pytest.mark.parametrize("text", ["", "{", "[]", '{"版本": 1}', "[" * 100_000, '{"版本":1,"结果":true,"文档":{}}'])
def test_a_state_that_is_none_costs_a_build_only(text: str, workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    before = workspace.outputs()
    state, = (workspace.root / ".juesuan").rglob("*.json")
    state.write_text(text, encoding="utf-8")
    assert juesuan("build").out == MADE
    assert workspace.outputs() == before
    shutil.rmtree(workspace.root / ".juesuan")
    assert (standing(juesuan)["状态"], standing(juesuan)["原因"]) == ("过期", ["没有生成的记录"])
    assert juesuan("build").out == MADE
    assert juesuan("build").out == UNCHANGED


def test_facts_that_are_built_again_are_kept_parsed_and_give_the_same(
    workspace: WorkspaceCopy, juesuan: CommandLine
) -> None:
    facts = workspace.root / ".juesuan" / "资料"
    before = workspace.outputs()
    assert not facts.exists()
    assert juesuan("build", "--force").out == MADE
    kept, = facts.rglob("*.json")
    assert workspace.outputs() == before
    assert juesuan("build", "--force").out == MADE
    assert workspace.outputs() == before
    workspace.edit("决算.yaml", "30101: 140.31", "30101: 一百四十")
    told = juesuan("build").err
    assert "「30101」的金额写作「一百四十」" in told
    assert juesuan("check").out.count("「30101」的金额写作「一百四十」") == 1
    kept.write_text("{", encoding="utf-8")
    workspace.edit("决算.yaml", "30101: 一百四十", "30101: 140.31")
    assert juesuan("build").out == MADE
    assert workspace.outputs() == before
    assert kept.read_text(encoding="utf-8") != "{"


def test_a_draft_and_another_folder_have_states_of_their_own(
    workspace: WorkspaceCopy, juesuan: CommandLine, tmp_path: Path
) -> None:
    assert juesuan("build", "--draft").out.startswith("已生成 ")
    assert juesuan("build", "--draft").out.startswith("没有改动 ")
    assert juesuan("build", "--out", str(tmp_path / "别处")).out.startswith("已生成 ")
    assert juesuan("build", "--out", str(tmp_path / "别处")).out.startswith("没有改动 ")
    assert juesuan("build").out == UNCHANGED
    assert not list((tmp_path / "别处").rglob(".*"))


def test_the_states_of_a_unit(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    shutil.rmtree(workspace.output)
    shutil.rmtree(workspace.root / ".juesuan")
    assert standing(juesuan)["状态"] == "未生成"
    juesuan("build", "--draft")
    assert standing(juesuan)["状态"] == "草稿"
    juesuan("build")
    assert standing(juesuan)["状态"] == "最新"
    juesuan("release", UNIT, "2022")
    assert (standing(juesuan)["状态"], standing(juesuan)["发布"]) == ("已发布", "001")
    assert "2022（已发布 001）" in juesuan("list").out
    workspace.edit("决算.yaml", "30101: 140.31", "30101: 一百四十")
    assert standing(juesuan)["状态"] == "过期"
    assert juesuan("build").status == 1
    assert standing(juesuan)["状态"] == "有错"
    assert "「30101」的金额写作「一百四十」" in str(standing(juesuan)["原因"])
    workspace.edit("决算.yaml", "30101: 一百四十", "30101: 140.31")
    assert standing(juesuan)["状态"] == "过期"
    juesuan("build")
    assert standing(juesuan)["状态"] == "已发布"


def test_warnings_of_what_is_not_made_again_are_counted(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    duties = workspace.path(f"content/{UNIT}/2022/职责.md").read_text(encoding="utf-8")
    workspace.write("职责.md", f"{duties}\n参加保险的的人数。\n")
    made = juesuan("build")
    warned = made.err.count(" 警告：")
    assert (made.status, warned) == (0, 1)
    assert "上次生成时有 1 条警告" in juesuan("build").out
    assert juesuan("build", "--force").err == made.err
