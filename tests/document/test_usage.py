"""The command line's words: help, wrong usage, and the commands that only look."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from workspaces import ROOT, UNIT

from builder import __version__
from builder.cli import main

if TYPE_CHECKING:
    from workspaces import CommandLine, WorkspaceCopy

COMMANDS = [
    "", "build", "list", "check", "paginate", "schema", "template", "template check", "template text", "explain",
    "import", "export", "new", "rollup", "release", "releases", "diff", "redline", "pull",
]
FOLDERS = {"content", "templates", "output"}
KINDS = {"docx", "txt", "json", "html", "CSV", "csv", "xlsx", "xls", "yaml"}
PROGRAMS = {"juesuan", "Word", "Excel", "LibreOffice", "Dask"}
NAMES = {*PROGRAMS, *FOLDERS, *KINDS, "out", "PDF", "JSON", "Schema", "Ctrl", "tcp"}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_chinese(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit) as leaving:
        main([*command.split(), "--help"])
    assert leaving.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith(f"用法：juesuan{' ' + command if command else ''} ")
    assert "显示这份说明" in said
    commands = {word for words in COMMANDS for word in words.split()}
    english = set(re.findall(r"(?<![-\w])[A-Za-z]{2,}", said)) - NAMES - commands
    assert not english, f"English in the help: {english}"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "juesuan：缺少：命令。"),
        (["bild"], "juesuan：没有「bild」这个命令；是不是 build？"),
        (["生成"], "juesuan：没有「生成」这个命令；有：new、build、list、"),
        (["build", "--yaer", "2022"], "juesuan build：不认识的参数：--yaer"),
        (["build", "--year", "二〇二二"], "juesuan build：--year 应是数字，读到的是 '二〇二二'。"),
        (["build", "--year"], "juesuan build：--year 后面要写一个值。"),
        (["build", "--draft=是"], "juesuan build：--draft 后面不能写值 '是'。"),
        (["explain", UNIT], "juesuan explain：缺少：年度。"),
        (["explain", UNIT, "今年"], "juesuan explain：年度 应是数字，读到的是 '今年'。"),
        (["template"], "juesuan template：缺少：命令。"),
        (["template", "chekc"], "juesuan template：没有「chekc」这个命令；是不是 check？"),
        (["build", "--dra"], "juesuan build：不认识的参数：--dra；是不是 --draft？"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], words: list[str], message: str) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(words)
    assert leaving.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("用法：juesuan")
    assert message in said.err
    command = re.search(r"^(juesuan[a-z ]*)：", said.err, re.MULTILINE)[1]
    assert said.err.endswith(f"用 {command} --help 看说明\n")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(["--version"])
    assert leaving.value.code == 0
    assert capsys.readouterr().out == f"juesuan {__version__}\n"


def test_list(juesuan: CommandLine) -> None:
    assert juesuan("list").out.split() == [UNIT, "风格", "湖北", "2022（未生成）"]
    assert juesuan("build").status == 0
    assert "2022（最新）" in juesuan("list").out


def test_explain_leads_to_the_fact(juesuan: CommandLine) -> None:
    run = juesuan("explain", UNIT, "2022", "支出.项目支出")
    assert run.status == 0
    # 138.02 + 87.77 + 24.80, lines 26 to 28 of the facts
    assert run.out.startswith("支出.项目支出 = 250.59 万元（2,505,900.00 元）\n")
    facts = re.findall(r"决算\.yaml:(\d+):\d+: 支出 (\d+) .* ([\d.]+) 万元", run.out)
    assert facts == [("26", "2101504", "138.02"), ("27", "2101506", "87.77"), ("28", "2101599", "24.8")]


def test_explain_an_indicator_that_there_is_not(juesuan: CommandLine) -> None:
    run = juesuan("explain", UNIT, "2022", "收入.和计")
    assert run.status == 1
    assert "没有「收入.和计」这个指标；是不是：收入.合计" in run.err


def test_schema_of_a_kind(juesuan: CommandLine, tmp_path: object) -> None:
    assert "政府采购" in json.loads(juesuan("schema", "决算").out)["properties"]
    run = juesuan("schema", "决蒜")
    assert run.status == 1
    assert "没有「决蒜」这种文件；有：" in run.err
    run = juesuan("schema", "--out", str(tmp_path / "模式"))
    assert run.status == 0
    assert "properties" in json.loads((tmp_path / "模式" / "决算.schema.json").read_text(encoding="utf-8"))


def test_template_check(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    run = juesuan("template", "check", "湖北")
    assert (run.status, run.out) == (0, "湖北：标签和名称没有错误\n"), run.err
    run = juesuan("template", "check", "湖南")
    assert run.status == 1
    assert "templates/ 里没有叫「湖南」的风格；是不是「湖北」？" in run.err


def test_template_text(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    assert juesuan("template", "text", "湖北").status == 0
    view = (workspace.form / "说明.docx.txt").read_text(encoding="utf-8")
    assert "{{ 年度 }}年度收、支总计均为{{ 收支.总计 | 万元 }}万元。" in view
    assert juesuan("template", "text", "湖北", "--check").status == 0
    workspace.write("templates/湖北/说明.docx.txt", "旧\n")
    run = juesuan("template", "text", "湖北", "--check")
    assert run.status == 1
    assert "说明.docx.txt 不是最新的；请运行 juesuan template text 湖北" in run.err
    assert view not in (workspace.form / "说明.docx.txt").read_text(encoding="utf-8")


def test_reader_of_a_pipe_gone() -> None:
    """``juesuan … | head -1``: no traceback where the other end is closed."""
    start = "import sys; from builder.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", start, "explain", UNIT, "2022", "--workspace", str(ROOT)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read().decode() == ""
    assert process.returncode == 1
