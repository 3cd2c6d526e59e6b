"""Texts as people write them in the files (blocks, quotes, references, Markdown), and documents not fresh or safe."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest
import yaml
from editing import WordFile, replace_in, text_of, w
from lxml import etree
from pulled_units import document, files_of
from workspaces import UNIT, YEAR

from builder.building import Builder
from builder.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from workspaces import CommandLine, Run

FOLDER = f"content/{UNIT}/{YEAR}"
REASON = "按政策追加了离退休人员的绩效工资部分"
LONG = """# 一、办理总况

全年**按时**完成各项任务，*没有*投诉。

- 第一项工作
- **第二项**工作

1. 先做
2. 后做

| 项目 | 结果 |
| --- | ---: |
| 参保 | **99%** |
| 报销 | 当场办 |
"""


def built(root: Path) -> WordFile:
    return WordFile(Builder(Workspace(root)).build(UNIT, YEAR, draft=True).rendered.docx)


def pulled(juesuan: CommandLine, word: WordFile, root: Path) -> Run:
    path = word.save(root / "改过.docx")
    return juesuan("pull", str(path), "--unit", UNIT, "--year", str(YEAR), "--yes")


def put(root: Path, file: str, old: str, new: str) -> str:
    """Change a text that stands once in a file, and return the file's text."""
    path = root / FOLDER / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (f" |\n      {REASON}\n", " |\n      人员增加\n"),
        (f" |-\n      {REASON}\n", " |-\n      人员增加\n"),
        (" >\n      按政策追加了离退休人员的\n      绩效工资部分\n", None),
        (f' "{REASON}"  # 人事科提供\n', ' "人员增加"  # 人事科提供\n'),
        (f" '{REASON}'\n", " '人员增加'\n"),
        (f" {REASON}  # 人事科提供\n", " 人员增加  # 人事科提供\n"),
    ],
    ids=["block", "block stripped", "folded", "double quotes", "single quotes", "plain with a remark"],
)
def test_a_reason_stays_in_its_notation(
    root: Path, juesuan: CommandLine, written: str, expected: str | None
) -> None:
    before = put(root, "说明.yaml", f" {REASON}\n", written)
    word = built(root)
    (paragraph,) = (p for p in word.paragraphs if "绩效工资部分" in text_of(p) and "5.3万元" in text_of(p))
    text = text_of(paragraph)
    shown = text[text.index("按政策") : text.index("绩效工资部分") + len("绩效工资部分")]
    replace_in(paragraph, shown, "人员增加")
    run = pulled(juesuan, word, root)
    assert run.status == 0, run.err
    after = (root / FOLDER / "说明.yaml").read_text(encoding="utf-8")
    if expected is not None:
        assert after == before.replace(written, expected)
    old, new = (yaml.load(side, Loader=yaml.BaseLoader) for side in (before, after))
    assert new["原因"]["一般公共预算支出.2080501"].pop("较预算").strip() == "人员增加"
    del old["原因"]["一般公共预算支出.2080501"]["较预算"]
    assert new == old


def test_a_text_that_others_refer_to_is_changed_where_it_is_written(root: Path, juesuan: CommandLine) -> None:
    word, before = document(UNIT, YEAR), files_of(root)
    reason = "落实厉行节约、反对浪费的要求，从严控制公务接待"  # of 三公.合计; 三公.公务接待费 refers to it
    for paragraph in [p for p in word.paragraphs if reason in text_of(p)]:
        replace_in(paragraph, reason, "从严控制公务接待")
    run = pulled(juesuan, word, root)
    assert run.status == 0, run.err
    name = f"{FOLDER}/说明.yaml"
    expected = before[name].replace(reason.encode(), "从严控制公务接待".encode())
    assert before[name].count(reason.encode()) == 1
    assert files_of(root) == {**before, name: expected}


@pytest.mark.parametrize(
    ("typed", "line", "expected"),
    [
        (("各项任务", "重点任务"), "各项任务，*没有*", "重点任务，*没有*"),
        (("按时", "及时"), "全年**按时**", "全年**及时**"),
        (("全年按时完成", "全年完成"), "全年**按时**完成", "全年完成"),
        (("没有投诉", "投诉"), "*没有*投诉", "投诉"),
        (("办理总况", "办理新况"), "# 一、办理总况", "# 一、办理新况"),
        (("第一项工作", "第一项重点工作"), "- 第一项工作", "- 第一项重点工作"),
        (("第二项工作", "第三项工作"), "- **第二项**工作", "- **第三项**工作"),
        (("后做", "再做"), "2. 后做", "2. 再做"),
        (("99%", "98%"), "| 参保 | **99%** |", "| 参保 | **98%** |"),
        (("当场办", "当天办"), "| 报销 | 当场办 |", "| 报销 | 当天办 |"),
        (("当场办", "当场|当天"), "| 报销 | 当场办 |", "| 报销 | 当场\\|当天 |"),
    ],
)
def test_markdown_keeps_its_marks(
    root: Path, juesuan: CommandLine, typed: tuple[str, str], line: str, expected: str
) -> None:
    name = f"{FOLDER}/自评存在问题.md"
    (root / name).write_text(LONG, encoding="utf-8")
    word, before = built(root), files_of(root)
    begin = max(number for number, p in enumerate(word.paragraphs) if "办理总况" in text_of(p))  # after the contents
    replace_in(next(p for p in word.paragraphs[begin:] if typed[0] in text_of(p)), *typed)
    run = pulled(juesuan, word, root)
    assert run.status == 0, run.err
    assert LONG.count(line) == 1
    assert files_of(root)[name].decode() == LONG.replace(line, expected)
    assert {file for file, data in files_of(root).items() if data != before[file]} == {name}


def test_the_document_of_an_older_release(root: Path, juesuan: CommandLine) -> None:
    """The files have other figures and another text by now; the edited reason is in them as it was."""
    assert juesuan("release", UNIT, str(YEAR), "--date", "2023-09-01").status == 0
    (released,) = (root / "output" / str(YEAR) / UNIT / "发布" / "001").glob("*.docx")
    word = WordFile(released.read_bytes())
    put(root, "决算.yaml", "决算: 0.15", "决算: 0.25")
    put(root, "说明.yaml", "省医疗保障部门和省内其他市州医疗保障部门", "省医疗保障部门")
    before = files_of(root)
    word.replace(REASON, "人员增加")
    run = pulled(juesuan, word, root)
    assert run.status == 0, run.err
    assert "文档是发布 001 的" in run.err
    name = f"{FOLDER}/说明.yaml"
    assert files_of(root) == {**before, name: before[name].replace(REASON.encode(), "人员增加".encode())}


def test_comments_are_not_brought_home_but_counted(root: Path, juesuan: CommandLine) -> None:
    word = document(UNIT, YEAR)
    word.replace(REASON, "人员增加")
    comment = f'<w:comments xmlns:w="{w("")[1:-1]}"><w:comment w:id="1"><w:p/></w:comment></w:comments>'
    word.members["word/comments.xml"] = comment.encode()
    rels = etree.fromstring(word.members["word/_rels/document.xml.rels"])
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
    name = f"{{{etree.QName(rels).namespace}}}Relationship"
    etree.SubElement(rels, name, Id="rIdC", Type=kind, Target="comments.xml")
    word.members["word/_rels/document.xml.rels"] = etree.tostring(rels)
    run = pulled(juesuan, word, root)
    assert run.status == 0, run.err
    assert "文档里有 1 条批注，没有带回" in run.err


def test_files_that_are_not_safe_to_open(root: Path, juesuan: CommandLine) -> None:
    word, before = document(UNIT, YEAR), files_of(root)
    path = word.save(root / "改过.docx")
    types = word.members["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    bomb, macro = dict(word.members), {**word.members, "[Content_Types].xml": types, "word/vbaProject.bin": b"x"}
    bomb["word/media/1.xml"] = bytes(300 << 20)
    for members, message in ((bomb, "大得不正常"), (macro, "宏")):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        run = juesuan("pull", str(path), "--unit", UNIT, "--year", str(YEAR), "--yes")
        assert (run.status, message in run.err) == (1, True), run.err
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    path.write_bytes(container + bytes(600) + "EncryptedPackage".encode("utf-16le") + bytes(600))
    run = juesuan("pull", str(path), "--unit", UNIT, "--year", str(YEAR), "--yes")
    assert run.status == 1
    assert "打开密码" in run.err
    assert files_of(root) == before
