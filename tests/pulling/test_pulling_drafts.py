"""What is typed over the markers 【待补充…】 of a draft comes home as the text that was missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from editing import WordFile, replace_in, text_of
from pulled_units import files_of
from workspaces import UNIT, YEAR

from builder.building import Builder
from builder.pulling.inserting import inserted
from builder.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspaces import CommandLine

FOLDER = f"content/{UNIT}/{YEAR}"
NOTES = f"{FOLDER}/说明.yaml"
EMPTIED = "    较预算: 按政策追加了离退休人员的绩效工资部分\n"
REMOVED = "  接待对象: 省医疗保障部门和省内其他市州医疗保障部门\n"
GONE = "  一般公共预算支出.2101599:\n    较预算: 资金为省级转移支付，年初列在主管部门预算，年中调整到本单位\n"
TYPED = {"2080501": "退休人员: 增加 #1", "2101599": "由主管部门调入", "接待对象": "省医保局", "职责": "第一句。"}


@pytest.fixture
def lacking(root: Path) -> WordFile:
    """The draft of a unit in whose files four texts are missing, one of them with its key there."""
    path = root / NOTES
    text = path.read_text(encoding="utf-8")
    for words, left in ((EMPTIED, "    较预算:\n"), (GONE, ""), (REMOVED, "")):
        assert text.count(words) == 1
        text = text.replace(words, left)
    path.write_text(text, encoding="utf-8")
    (root / FOLDER / "职责.md").unlink()
    return WordFile(Builder(Workspace(root)).build(UNIT, YEAR, draft=True).rendered.docx)


def type_over(word: WordFile, what: str, words: str) -> None:
    (paragraph,) = (p for p in word.paragraphs if "【待补充" in text_of(p) and what in text_of(p).split("【")[1])
    marker = text_of(paragraph)
    replace_in(paragraph, marker[marker.index("【待补充") : marker.index("】") + 1], words)


@pytest.mark.parametrize("through_libreoffice", [False, True], ids=["Word", "LibreOffice"])
def test_what_is_typed_over_a_marker_comes_home(
    root: Path, juesuan: CommandLine, lacking: WordFile, request: pytest.FixtureRequest, through_libreoffice: bool
) -> None:
    for what, words in TYPED.items():
        type_over(lacking, what, words)
    path, before = lacking.save(root / "草稿.docx"), files_of(root)
    if through_libreoffice:
        saved_again: Callable[[Path], Path] = request.getfixturevalue("saved_again")
        path = saved_again(path)
    run = juesuan("pull", str(path), "--unit", UNIT, "--year", str(YEAR), "--yes")
    assert run.status == 0, run.err
    after = files_of(root)
    assert (root / FOLDER / "职责.md").read_text(encoding="utf-8") == "第一句。\n"
    assert {name for name in after if after[name] != before.get(name)} == {NOTES, f"{FOLDER}/职责.md"}
    now = after[NOTES].decode()
    data = yaml.load(now, Loader=yaml.BaseLoader)
    assert data["原因"]["一般公共预算支出.2080501"] == {"较预算": "退休人员: 增加 #1"}
    assert data["原因"]["一般公共预算支出.2101599"] == {"较预算": "由主管部门调入"}
    assert data["文本"]["接待对象"] == "省医保局"
    kept = [line for line in before[NOTES].decode().splitlines() if line != "    较预算:"]
    assert [line for line in now.splitlines() if line in kept] == kept


def test_a_marker_that_is_only_deleted_is_no_text(root: Path, juesuan: CommandLine, lacking: WordFile) -> None:
    type_over(lacking, "接待对象", "")
    path, before = lacking.save(root / "草稿.docx"), files_of(root)
    run = juesuan("pull", str(path), "--unit", UNIT, "--year", str(YEAR), "--yes")
    assert (run.status, files_of(root)) == (1, before)
    assert "说明「接待对象」还没有写" in run.err


def test_a_text_typed_behind_a_marker_that_stays(root: Path, juesuan: CommandLine, lacking: WordFile) -> None:
    type_over(lacking, "接待对象", "【待补充：接待对象】省医保局")
    path = lacking.save(root / "草稿.docx")
    run = juesuan("pull", str(path), "--unit", UNIT, "--year", str(YEAR), "--yes")
    assert run.status == 0, run.err
    assert "\n  接待对象: 省医保局\n" in (root / NOTES).read_text(encoding="utf-8")


def test_a_text_that_was_written_in_the_file_meanwhile(root: Path, juesuan: CommandLine, lacking: WordFile) -> None:
    type_over(lacking, "接待对象", "省医保局")
    path = lacking.save(root / "草稿.docx")
    notes = root / NOTES
    notes.write_text(notes.read_text(encoding="utf-8").rstrip("\n") + "\n  接待对象: 市医保局\n", encoding="utf-8")
    before = files_of(root)
    run = juesuan("pull", str(path), "--unit", UNIT, "--year", str(YEAR), "--yes")
    assert (run.status, files_of(root)) == (1, before)
    assert "资料里现在是「市医保局」，文档里是「省医保局」" in run.err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "原因:\n  甲:\n    较上年: 新\n"),
        ("# 只有说明\n", "# 只有说明\n原因:\n  甲:\n    较上年: 新\n"),
        ("原因:\n  乙:\n    较上年: 旧  # 注\n\n文本:\n  丙: 词\n",
         "原因:\n  乙:\n    较上年: 旧  # 注\n  甲:\n    较上年: 新\n\n文本:\n  丙: 词\n"),
        ("原因:\n    甲:\n        较预算: 旧", "原因:\n    甲:\n        较预算: 旧\n        较上年: 新\n"),
        ("原因:\n  甲: {较预算: 旧}\n", "原因:\n  甲: {较预算: 旧, 较上年: 新}\n"),
        ("原因: {}\n", "原因: {甲: {较上年: 新}}\n"),
        ("原因:\n  甲:\n    较上年:   # 待写\n", "原因:\n  甲:\n    较上年: 新   # 待写\n"),
        ("原因:\n  甲:\n    较上年: ''\n", "原因:\n  甲:\n    较上年: 新\n"),
        ("原因:\n文本:\n  丙: 词\n", "原因:\n  甲:\n    较上年: 新\n文本:\n  丙: 词\n"),
        ("原因:\n  甲:\n文本: {}\n", "原因:\n  甲:\n    较上年: 新\n文本: {}\n"),
        ("原因:\n  乙:\n    较上年: |\n      一行\n      二行\n文本: {}\n",
         "原因:\n  乙:\n    较上年: |\n      一行\n      二行\n  甲:\n    较上年: 新\n文本: {}\n"),
        ("原因:\r\n  乙: {同: 丁/较上年}\r\n", "原因:\r\n  乙: {同: 丁/较上年}\r\n  甲:\r\n    较上年: 新\r\n"),
        ("\ufeff原因: {}\n", "\ufeff原因: {甲: {较上年: 新}}\n"),
    ],
)
def test_a_text_is_put_under_its_keys_and_all_other_lines_stay(before: str, after: str) -> None:
    assert inserted(before, ("原因", "甲", "较上年"), "新", "说明.yaml") == after
