"""What else people do in Word: paragraphs, tracked changes, the same text twice, old documents, other files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from editing import Element, WordFile, replace_in, text_of, w
from lxml import etree
from pulled_units import document, files_of
from workspaces import UNIT, YEAR

if TYPE_CHECKING:
    from pathlib import Path

    from workspaces import CommandLine, Run

FOLDER = f"content/{UNIT}/{YEAR}"
REASON = "按政策追加了离退休人员的绩效工资部分"


def pulled(juesuan: CommandLine, word: WordFile, root: Path, *words: str) -> Run:
    path = word.save(root / "改过.docx")
    return juesuan("pull", str(path), "--unit", UNIT, "--year", str(YEAR), *(words or ("--yes",)))


def words_of(run: Element) -> str:
    return "".join(map(str, run.itertext()))


def first_line(root: Path, name: str) -> str:
    return (root / FOLDER / name).read_text(encoding="utf-8").splitlines()[0]


def new_paragraph(after: Element, text: str) -> None:
    made = etree.Element(w("p"))
    etree.SubElement(etree.SubElement(made, w("r")), w("t")).text = text
    after.addnext(made)


def test_nothing_is_written_before_somebody_has_agreed(root: Path, juesuan: CommandLine) -> None:
    word, before = document(UNIT, YEAR), files_of(root)
    word.replace(REASON, "人员增加")
    run = pulled(juesuan, word, root, "--workspace", str(root))
    assert (run.status, files_of(root)) == (1, before)
    assert "--yes" in run.err
    assert f"旧：{REASON}" in run.out
    assert "新：人员增加" in run.out


def test_a_new_and_a_removed_paragraph_of_a_long_text(root: Path, juesuan: CommandLine) -> None:
    word = document(UNIT, YEAR)
    lines = (root / FOLDER / "自评完成目标.md").read_text(encoding="utf-8").split("\n")
    first, gone = (line for line in lines if line.strip() in (lines[0], lines[2]))
    removed = word.paragraph(gone)
    removed.getparent().remove(removed)  # type: ignore[union-attr]
    new_paragraph(word.paragraph(first), "补充：全年没有投诉。")
    run = pulled(juesuan, word, root)
    assert run.status == 0, run.err
    text = (root / FOLDER / "自评完成目标.md").read_text(encoding="utf-8")
    assert text.replace("补充：全年没有投诉。", gone).count(gone) == 1
    assert "补充：全年没有投诉。" in text
    assert gone not in text
    assert first in text


def test_a_paragraph_outside_of_all_texts_belongs_nowhere(root: Path, juesuan: CommandLine) -> None:
    word, before = document(UNIT, YEAR), files_of(root)
    new_paragraph(word.paragraph(REASON), "这一段是领导添的。")
    run = pulled(juesuan, word, root)
    assert (run.status, files_of(root)) == (0, before)
    assert "添的「这一段是领导添的。」不在任何一段可以改的文字里" in run.err


def test_a_deleted_reason_is_not_taken_out(root: Path, juesuan: CommandLine) -> None:
    word, before = document(UNIT, YEAR), files_of(root)
    word.replace(REASON, "")
    run = pulled(juesuan, word, root)
    assert (run.status, files_of(root)) == (1, before)
    assert "删空了" in run.err
    assert f"{FOLDER}/说明.yaml:" in run.err


def test_tracked_changes_count_as_accepted(root: Path, juesuan: CommandLine) -> None:
    word = document(UNIT, YEAR)
    paragraph = word.paragraph(REASON)
    replace_in(paragraph, REASON, f"按规定{REASON}")
    (run,) = (r for r in paragraph.iter(w("r")) if words_of(r) == f"按规定{REASON}")
    run.find(w("t")).text = "按规定"  # type: ignore[union-attr]
    inserted, deleted = etree.Element(w("ins")), etree.Element(w("del"))
    run.addprevious(inserted)
    inserted.append(run)
    inserted.addnext(deleted)
    old = etree.SubElement(etree.SubElement(deleted, w("r")), w("delText"))
    old.text = REASON
    result = pulled(juesuan, word, root)
    assert "2 处修订" in result.err
    assert "新：按规定" in result.out
    assert REASON not in (root / FOLDER / "说明.yaml").read_text(encoding="utf-8")


def test_a_text_printed_twice(root: Path, juesuan: CommandLine) -> None:
    word, before = document(UNIT, YEAR), files_of(root)
    notes = (root / FOLDER / "说明.yaml").read_text(encoding="utf-8")
    reason = yaml.load(notes, Loader=yaml.BaseLoader)["原因"]["收支.总计"]["较上年"].rstrip("。")  # others refer to it
    places = [paragraph for paragraph in word.paragraphs if reason in text_of(paragraph)]
    assert len(places) > 1
    replace_in(places[0], reason, "原因甲")
    replace_in(places[1], reason, "原因乙")
    run = pulled(juesuan, word, root)
    assert (run.status, files_of(root)) == (1, before)
    assert "改得不一样" in run.err
    assert "原因甲" in run.err
    assert "原因乙" in run.err


def test_where_one_file_cannot_be_used_none_is_written(root: Path, juesuan: CommandLine) -> None:
    word, before = document(UNIT, YEAR), files_of(root)
    word.replace(REASON, "人员增加")
    line = first_line(root, "整体绩效评价.md")
    word.replace(line, line + "\ue000")
    run = pulled(juesuan, word, root)
    assert (run.status, files_of(root)) == (1, before)
    assert "U+E000" in run.err


def test_a_text_that_was_changed_in_the_files_too(root: Path, juesuan: CommandLine) -> None:
    word = document(UNIT, YEAR)
    word.replace(REASON, "人员增加")
    path = root / FOLDER / "说明.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(REASON, "别的原因"), encoding="utf-8")
    before = files_of(root)
    run = pulled(juesuan, word, root)
    assert (run.status, files_of(root)) == (1, before)
    assert "资料里现在是「别的原因」，文档里是「人员增加」" in run.err
    assert f"{FOLDER}/说明.yaml:" in run.err


def test_what_was_changed_in_the_files_only_is_not_taken_back(root: Path, juesuan: CommandLine) -> None:
    word = document(UNIT, YEAR)
    path = root / FOLDER / "说明.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(REASON, "别的原因"), encoding="utf-8")
    line = first_line(root, "自评存在问题.md")
    (root / FOLDER / "自评存在问题.md").write_text(f"{line}补充。\n", encoding="utf-8")
    before = files_of(root)
    run = pulled(juesuan, word, root)
    assert (run.status, files_of(root)) == (0, before), run.err
    assert run.err.count("文档里还是原来的文字，不必带回") == 2


def test_anothers_document_and_files_that_are_none(root: Path, juesuan: CommandLine) -> None:
    path = document(UNIT, YEAR).save(root / "改过.docx")
    other = juesuan("pull", str(path), "--unit", "安阳市医疗保障局", "--year", "2021")
    assert other.status == 1
    assert "请检查 --unit 和 --year" in other.err
    for name, data, message in (
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧格式"),
        ("断.docx", path.read_bytes()[:5000], "已损坏"),
        ("文字.docx", b"text", "这不是 .docx 文件"),
    ):
        (root / name).write_bytes(data)
        run = juesuan("pull", str(root / name), "--unit", UNIT, "--year", str(YEAR))
        assert run.status == 1
        assert message in run.err
    assert "找不到这个文件" in juesuan("pull", str(root / "无.docx"), "--unit", UNIT, "--year", str(YEAR)).err


@pytest.mark.parametrize("before", [True, False])
def test_a_mark_that_has_moved_by_some_characters(root: Path, juesuan: CommandLine, before: bool) -> None:
    word = document(UNIT, YEAR)
    paragraph = word.paragraph(REASON)
    (run,) = (r for r in paragraph.iter(w("r")) if words_of(r) == REASON)
    start, end = run.getprevious(), run.getnext()
    assert start is not None
    assert end is not None
    replace_in(paragraph, REASON, "人员的工资增加")
    moved, pieces = (start, list(paragraph.iter(w("r")))) if before else (end, list(paragraph.iter(w("r"))))
    (typed,) = (r for r in pieces if words_of(r) == "人员的工资增加")
    typed.addnext(moved) if before else typed.addprevious(moved)
    result = pulled(juesuan, word, root)
    assert result.status == 0, result.err
    assert "人员的工资增加" in (root / FOLDER / "说明.yaml").read_text(encoding="utf-8")
