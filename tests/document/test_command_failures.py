"""What goes wrong at the command line: a message that helps, exit status 1, earlier output intact, nothing half."""

from __future__ import annotations

import builtins
import errno
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import docx
import pytest
from documents import BuiltDocument
from workspaces import TITLE, UNIT, CommandLine, WorkspaceCopy

from builder.rendering.compiling import CompiledForm

CARD = f"content/{UNIT}/单位.yaml"
YEAR = f"content/{UNIT}/2022"
FORM = "templates/湖北"
EARLIER = {f"output/2022/{UNIT}/{TITLE}.docx": b"released", f"output/2022/{UNIT}/{TITLE}.json": b"{}"}

Spoil = Callable[[WorkspaceCopy], object]


@pytest.fixture
def earlier(workspace: WorkspaceCopy) -> Iterator[dict[str, bytes]]:
    """Earlier output, which must be there unchanged after the test, and nothing beside it."""
    for name, data in EARLIER.items():
        (workspace.root / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace.root / name).write_bytes(data)
    yield EARLIER
    assert workspace.outputs() == EARLIER


def tag(old: str, new: str) -> Spoil:
    """Replace text in 说明.docx, which stands in one run."""

    def spoil(workspace: WorkspaceCopy) -> None:
        path = workspace.form / "说明.docx"
        part = docx.Document(str(path))
        (found,) = [run for paragraph in part.paragraphs for run in paragraph.runs if old in run.text]
        found.text = found.text.replace(old, new)
        part.save(str(path))

    return spoil


def several(workspace: WorkspaceCopy) -> None:
    workspace.edit("决算.yaml", "30101: 140.31", "30101: 一百四十")
    workspace.edit("决算.yaml", "三公经费:", "三公经非:")
    workspace.edit("说明.yaml", "\n文本:", "\n文木:")
    workspace.edit("绩效/3基金监管.yaml", "执行数: 14.77", "执行树: 14.77")
    workspace.write("职责.md", "一、甲\a乙\n")


BAD: dict[str, tuple[Spoil, list[str]]] = {
    "no facts": (
        lambda w: w.path("决算.yaml").unlink(),
        [f"{YEAR}/决算.yaml: 错误：缺少「决算.yaml」：请在 {YEAR} 里建立这个文件"],
    ),
    "facts under another name": (
        lambda w: w.path("决算.yaml").rename(w.path("决算.yml")), ["缺少「决算.yaml」", "决算.yml"]
    ),
    "broken YAML": (lambda w: w.edit("决算.yaml", "收入:\n", "收入: [\n"), [f"{YEAR}/决算.yaml:6:3: 错误："]),
    "two equal keys": (
        lambda w: w.edit("决算.yaml", "三公经费:", "年初预算: []\n三公经费:"),
        [f"{YEAR}/决算.yaml:72:1: 错误：「年初预算」在第 62 行已经有了"],
    ),
    "an amount in words": (
        lambda w: w.edit("决算.yaml", "30101: 140.31", "30101: 一百四十"),
        [f"{YEAR}/决算.yaml:34:10: 错误：「30101」的金额写作「一百四十」，不是金额"],
    ),
    "an unknown style": (
        lambda w: w.edit(CARD, "风格: 湖北", "风格: 湖南"),
        [f"{CARD}", "templates/ 里没有叫「湖南」的风格；是不是「湖北」？"],
    ),
    "a unit without a name": (lambda w: w.edit(CARD, f"名称: {UNIT}\n", ""), [f"{CARD}", "名称"]),
    "no style file": (lambda w: (w.form / "style.yaml").unlink(), [f"{CARD}", "templates/ 里没有叫「湖北」的风格"]),
    "a part that is not there": (
        lambda w: (w.form / "说明.docx").unlink(), [f"{FORM}/style.yaml:7:43: 错误：", "找不到 Word 部件「说明.docx」"]
    ),
    "a part that is no .docx": (
        lambda w: (w.form / "说明.docx").write_text("这不是 Word 文档", encoding="utf-8"),
        [f"{FORM}/说明.docx: 错误：这不是 .docx 文件"],
    ),
    "a part cut off": (
        lambda w: (w.form / "说明.docx").write_bytes((w.form / "说明.docx").read_bytes()[:5000]),
        [f"{FORM}/说明.docx: 错误："],
    ),
    "a tag that is not closed": (
        tag("{{ 支出.合计 | 万元 }}", "{{ 支出.合计 | 万元 "), [f"{FORM}/说明.docx: 错误：第", "支出.合计 | 万元"]
    ),
    "a name that there is not": (
        tag("{{ 支出.合计 | 万元 }}", "{{ 支出.和计 | 万元 }}"),
        [f"{FORM}/说明.docx: 错误：第", "支出.和计", "没有「和计」这个名称，是不是「合计」？"],
    ),
    "a filter that there is not": (
        tag("{{ 支出.合计 | 万元 }}", "{{ 支出.合计 | 亿元 }}"), [f"{FORM}/说明.docx: 错误：第", "亿元"]
    ),
    "a figure without a format": (
        tag("{{ 支出.合计 | 万元 }}", "{{ 支出.合计 }}"), [f"{FORM}/说明.docx: 错误：第", "{{ 支出.合计 | 万元 }}"]
    ),
    "HTML in a long text": (
        lambda w: w.write("职责.md", "甲<b>乙</b>\n\n<div>丙</div>\n"),
        [f"{YEAR}/职责.md:1: 错误：这里有网页标记 <b>", f"{YEAR}/职责.md:3: 错误：这里有网页标记 <div>"],
    ),
    "a control character": (
        lambda w: w.write("职责.md", "甲\a乙\n"), [f"{YEAR}/职责.md:1:2: 错误：这里有控制字符（U+0007）"]
    ),
    "a text of 10 MB": (
        lambda w: w.write("职责.md", "医保经办\n\n" * 750_000), [f"{YEAR}/职责.md: 错误：文件有 10.0 MB"]
    ),
    "a text in GBK": (lambda w: w.write("职责.md", "承办医保经办业务。\n".encode("gbk")), [f"{YEAR}/职责.md", "UTF-8"]),
    "several files wrong": (
        several,
        [
            f"{YEAR}/决算.yaml:34:10: 错误：「30101」的金额写作「一百四十」",
            f"{YEAR}/决算.yaml:72:1: 错误：「三公经非」不是这里的栏目名",
            f"{YEAR}/说明.yaml:30:1: 错误：「文木」不是这里的栏目名",
            f"{YEAR}/绩效/3基金监管.yaml:9:1: 错误：「执行树」不是这里的栏目名",
            f"{YEAR}/职责.md:1:4: 错误：这里有控制字符",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input(workspace: WorkspaceCopy, juesuan: CommandLine, earlier: dict[str, bytes], name: str) -> None:
    spoil, expected = BAD[name]
    spoil(workspace)
    run = juesuan("build")
    assert (run.status, run.out) == (1, "")
    missing = [words for words in expected if words not in run.err]
    assert not missing, run.err
    assert f"没有生成：{UNIT} 2022 年度" in run.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["鄂州市医疗保障服务中新"], f"content/ 里没有叫「鄂州市医疗保障服务中新」的单位；是不是「{UNIT}」？"),
        (["甲"], f"content/ 里没有叫「甲」的单位；现有：{UNIT}"),
        (["../别处"], "content/ 里没有叫「../别处」的单位"),
        ([UNIT, "--year", "2021"], f"content/{UNIT}: 错误：没有 2021 年度的资料；这个单位现有的年度：2022。"),
        (["--year", "2021"], "content/ 里没有 2021 年度的资料可以生成"),
    ],
)
def test_unit_or_year_that_there_is_not(
    juesuan: CommandLine, earlier: dict[str, bytes], words: list[str], message: str
) -> None:
    run = juesuan("build", *words)
    assert (run.status, run.out) == (1, "")
    assert message in run.err


def test_all_unknown_units_at_once(juesuan: CommandLine, earlier: dict[str, bytes]) -> None:
    run = juesuan("build", "甲", UNIT, "乙")
    assert run.status == 1
    assert "「甲」" in run.err
    assert "「乙」" in run.err


def test_nothing_of_a_workspace_here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = CommandLine(tmp_path, capsys)("build")
    assert run.status == 1
    assert f"在「{tmp_path}」及其上级文件夹里找不到 content 和 templates 两个文件夹" in run.err


def test_signs_of_markup_are_printed_as_typed(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    workspace.edit("说明.yaml", "接待对象: 省医疗", """接待对象: 甲&乙 < 丙 "丁" {{ 年度 }} 省医疗""")
    workspace.write("职责.md", "研究 A&B、1 < 2 > 0、&lt; 和 {{ 年度 }}。\n")
    assert juesuan("build").status == 0
    text = BuiltDocument.of(workspace.document).text
    assert """接待对象主要是甲&乙 < 丙 "丁" {{ 年度 }} 省医疗保障部门""" in text
    assert "研究 A&B、1 < 2 > 0、&lt; 和 {{ 年度 }}。" in text


def test_an_emoji_is_warned_of(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    workspace.write("职责.md", "一😀二\n")
    run = juesuan("build")
    assert run.status == 0
    assert f"{YEAR}/职责.md:1:2: 警告：正式文件中不宜使用表情符号（😀）" in run.err


@pytest.mark.parametrize(
    ("changed", "warning"),
    [("本年支出合计: 1067.01}", "公开03"), ("人员经费合计: {决算数: 619.94}", "公开06")],
)
def test_a_stated_value_beyond_rounding_is_told(
    workspace: WorkspaceCopy, juesuan: CommandLine, changed: str, warning: str
) -> None:
    workspace.edit("公开表.yaml", changed, changed.replace("1067.01", "1068.01").replace("619.94", "620.94"))
    run = juesuan("build")
    assert run.status == 0
    (line,) = [line for line in run.err.splitlines() if "警告" in line and warning in line]
    assert line.startswith(f"{YEAR}/公开表.yaml:")


class Disk:
    """A disk that refuses."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def full(self) -> None:
        opened = os.fdopen

        def fdopen(*words: object, **named: object) -> object:
            file = opened(*words, **named)
            return Full(file) if words[1:] == ("wb",) else file

        self.monkeypatch.setattr(os, "fdopen", fdopen)

    def refuses_to_replace(self, ending: str, error: BaseException) -> None:
        replace = os.replace

        def refusing(path: str, target: str) -> None:
            if target.endswith(ending) and Path(path).name.startswith(".写入中-"):
                if isinstance(error, OSError):
                    error.filename, error.filename2 = path, target
                raise error
            replace(path, target)

        self.monkeypatch.setattr(os, "replace", refusing)


class Full:
    """A file on a full disk: part of the data fits."""

    def __init__(self, file: object) -> None:
        self.file = file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.file.close()

    def write(self, data: bytes) -> int:
        self.file.write(data[:1000])
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def test_full_disk(juesuan: CommandLine, earlier: dict[str, bytes], disk: Disk) -> None:
    disk.full()
    run = juesuan("build")
    assert run.status == 1
    assert "磁盘已满，请腾出空间后再试；原有的文件没有改动" in run.err


@pytest.mark.parametrize("ending", [".docx", ".json"])
@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_file_open_in_word(
    juesuan: CommandLine, earlier: dict[str, bytes], disk: Disk, ending: str, links: bool
) -> None:
    """The manifest comes second: the document that is in place already is put back; not every disk knows links."""
    if not links:
        disk.monkeypatch.setattr(os, "link", raising(OSError(errno.EOPNOTSUPP, "Operation not supported")))
    disk.refuses_to_replace(ending, PermissionError(errno.EACCES, "Permission denied"))
    run = juesuan("build")
    assert run.status == 1
    message = f"里的「{TITLE}{ending}」：文件是只读的，或正在 Word/WPS 中打开；请关闭文档后再试；原有的文件没有改动"
    assert message in run.err


@pytest.mark.parametrize("ending", [".docx", ".json"])
def test_interrupted_while_putting_in_place(
    juesuan: CommandLine, earlier: dict[str, bytes], disk: Disk, ending: str
) -> None:
    disk.refuses_to_replace(ending, KeyboardInterrupt())
    run = juesuan("build")
    assert run.status == 1
    assert run.err == "已中断；正在做的这一份没有写出，原有的文件没有改动\n"


@pytest.mark.parametrize("ending", [".docx", ".json"])
def test_first_release_interrupted_leaves_nothing(
    workspace: WorkspaceCopy, juesuan: CommandLine, disk: Disk, ending: str
) -> None:
    disk.refuses_to_replace(ending, KeyboardInterrupt())
    assert juesuan("build").status == 1
    assert workspace.outputs() == {}


def test_interrupted_while_writing(
    juesuan: CommandLine, earlier: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "replace", raising(KeyboardInterrupt()))
    assert juesuan("build").status == 1


def test_interrupted_while_rendering(
    juesuan: CommandLine, earlier: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CompiledForm, "render", raising(KeyboardInterrupt()))
    run = juesuan("build")
    assert (run.status, run.out) == (1, "")
    assert "已中断" in run.err


def test_defect_of_the_program_is_recorded(
    juesuan: CommandLine, earlier: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(CompiledForm, "render", raising(ZeroDivisionError("除以零")))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    run = juesuan("build")
    assert run.status == 1
    assert "程序出了错（不是资料的问题）：ZeroDivisionError: 除以零" in run.err
    (record,) = tmp_path.glob("juesuan-*.txt")
    assert str(record) in run.err
    assert "Traceback" in record.read_text(encoding="utf-8")


def test_file_in_place_of_the_output_folder(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    output = workspace.root / "output"
    output.write_bytes(b"mine")
    run = juesuan("build")
    assert run.status == 1
    assert f"「{output}」是一个文件，不是文件夹；请把它移走或改名；原有的文件没有改动" in run.err
    assert output.read_bytes() == b"mine"


def test_folder_that_cannot_be_written(
    workspace: WorkspaceCopy, juesuan: CommandLine, earlier: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.name == "posix" and os.geteuid() != 0:
        workspace.output.chmod(0o555)
    else:  # root may write everywhere, and Windows knows no such mode
        opened = os.open

        def refusing(path: object, *words: object, **named: object) -> int:
            if ".写入中-" in str(path):
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return opened(path, *words, **named)

        monkeypatch.setattr(os, "open", refusing)
    run = juesuan("build")
    workspace.output.chmod(0o755)
    assert run.status == 1
    assert f"写不进「{workspace.output}」：没有写入的权限，或文件夹是只读的；请检查后再试" in run.err


def test_locked_facts(juesuan: CommandLine, earlier: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (builtins, io, os):  # io's is what Path.open uses
        monkeypatch.setattr(module, "open", refusing_facts(module.open))
    run = juesuan("build")
    assert run.status == 1
    assert f"{YEAR}/决算.yaml: 错误：" in run.err


def refusing_facts(opened: Callable[..., object]) -> Callable[..., object]:
    def locked(path: object, *words: object, **named: object) -> object:
        if str(path).endswith("决算.yaml"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opened(path, *words, **named)

    return locked


def raising(error: BaseException) -> Callable[..., None]:
    def fail(*_words: object, **_named: object) -> None:
        raise error

    return fail
