"""``juesuan diff``: its reports, the published 更正说明, old figures in texts, and what no input explains."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from correcting import ANYANG, Edit, Released, released
from documents import BuiltDocument
from workspaces import CommandLine

from builder.cli import main
from builder.findings import Level
from builder.manifest import as_lines
from builder.releases.reading import list_text, sha256
from builder.releases.stale import stale, tokens

FACTS, NOTES = "决算.yaml", "说明.yaml"
YEAR = 2021
LEAF = Edit(FACTS, "项目支出: 763.41", "项目支出: 736.41")
REASON = "项目按完成进度付款"


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    """A workspace with 安阳 released, and a leaf amount corrected afterwards; the old one stands in two texts."""
    one = Released(ANYANG)
    year = one.root / "content" / ANYANG / str(YEAR)
    edit(year / NOTES, REASON, f"{REASON}，其中763.41万元按合同支付")
    long = year / "职责.md"
    long.write_text(long.read_text(encoding="utf-8") + "\n\n当年支出7,634,100元，另有763.4平方米。\n", encoding="utf-8")
    words = ["release", ANYANG, str(YEAR), "--date", "2022-09-01", "--workspace", str(one.root)]
    assert main(words) == 0
    edit(year / FACTS, LEAF.old, LEAF.new)
    edit(year / FACTS, "{资金来源: 一般公共预算, 金额: 11.42}", "{资金来源: 一般公共预算, 金额: 38.42}")
    yield one.root  # noqa: PT022 - the workspace is thrown away with the object that made it


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def juesuan(root: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(root, capsys)


def line_of(path: Path, words: str) -> tuple[int, int]:
    lines = path.read_text(encoding="utf-8").splitlines()
    (number,) = (number for number, line in enumerate(lines, 1) if words in line)
    return number, lines[number - 1].index(words) + 1


def test_text_by_correction_and_by_place(juesuan: CommandLine, root: Path) -> None:
    run = juesuan("diff", ANYANG, str(YEAR))
    assert run.status == 0
    lines = run.out.splitlines()
    assert lines[0] == f"{ANYANG} {YEAR} 年度：发布 001 与 现在 的差异"
    assert lines[1].startswith("共改动 2 项，文档里有 ")
    file = f"content/{ANYANG}/{YEAR}/{FACTS}"
    row, column = line_of(root / file, "736.41")
    leaf = "支出 › 科目 2101599、资金来源 一般公共预算 › 项目支出：「763.41」→「736.41」"
    assert f"1. {file}:{row}:{column}  {leaf}" in lines
    table = "   · 「五、一般公共预算财政拨款支出决算表」「其他医疗保障管理事务支出」行"
    assert any(line.startswith(table) and line.endswith("：「763.41」→「736.41」") for line in lines)
    places = lines[lines.index("二、按位置") + 1 :]
    assert len(places) == int(re.findall(r"文档里有 (\d+) 处", lines[1])[0])


def test_old_figures_that_still_stand_in_texts(juesuan: CommandLine, root: Path) -> None:
    run = juesuan("diff", ANYANG, str(YEAR))
    folder = f"content/{ANYANG}/{YEAR}"
    row, column = line_of(root / folder / NOTES, "763.41")
    warnings = [line for line in run.err.splitlines() if "警告" in line and "现在是 736.41" in line]
    assert {warning.split(":")[0] for warning in warnings} == {f"{folder}/职责.md", f"{folder}/{NOTES}"}
    told = f"{folder}/{NOTES}:{row}:{column}: 警告：「763.41」原是“其他医疗保障管理事务支出”（"
    assert any(warning.startswith(told) for warning in warnings)
    assert any("「7,634,100」原是" in warning for warning in warnings)
    assert "平方米" not in run.err
    assert "「763.4」" not in run.err


def test_json_has_an_object_for_each_change(juesuan: CommandLine, root: Path) -> None:
    found = json.loads(juesuan("diff", ANYANG, str(YEAR), "--format", "json").out)
    (cell,) = (each for each in found if each["cells"] == ["公开05/2101599/项目支出"])
    assert (cell["kind"], cell["old"], cell["new"]) == ("单元格", "763.41", "736.41")
    (cause,) = cell["causes"]
    row, column = line_of(root / f"content/{ANYANG}/{YEAR}/{FACTS}", "736.41")
    assert cause["source"] == f"content/{ANYANG}/{YEAR}/{FACTS}:{row}:{column}"
    assert (cause["old"], cause["new"]) == ("763.41", "736.41")


def test_html_is_one_file_that_marks_what_differs(juesuan: CommandLine, root: Path, tmp_path: Path) -> None:
    assert juesuan("diff", ANYANG, str(YEAR), "--output", str(tmp_path / "差异.html")).status == 0
    page = (tmp_path / "差异.html").read_text(encoding="utf-8")
    assert "<del>763.41</del>" in page
    assert "<ins>736.41</ins>" in page
    assert not re.search(r"(?:src|href)=", page)


def test_the_published_correction(
    juesuan: CommandLine, root: Path, ooxml_validator: Callable[[Path], list[str]], audit: Callable[[Path], list[str]]
) -> None:
    path = root / "output" / str(YEAR) / ANYANG / "更正说明.docx"
    note = "其他医疗保障管理事务支出误填"
    assert juesuan("diff", ANYANG, str(YEAR), "--format", "docx", "--note", note).status == 0
    first = path.read_bytes()
    document = BuiltDocument(first)
    assert document.lines[0] == f"{ANYANG}2021年度部门决算更正说明"
    assert document.lines[1].startswith(f"我部门于2022年9月1日公开的《{ANYANG}2021年度部门决算》，经核对，有")
    grid = next(iter(document.tables.values()))
    assert grid[0] == ["位置", "原文", "更正为", "原因"]
    assert ["“其他医疗保障管理事务支出”行“本年支出 项目支出”栏", "763.41", "736.41"] in [row[:3] for row in grid]
    assert {row[3] for row in grid[1:]} <= {note, ""}
    assert document.xml("word/document.xml").findall(".//{*}tblHeader")
    assert ooxml_validator(path) == []
    assert audit(path) == []
    assert juesuan("diff", ANYANG, str(YEAR), "--format", "docx", "--note", note).status == 0
    assert path.read_bytes() == first


def test_without_a_note_the_reason_says_what_was_corrected(juesuan: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "更正说明.docx"
    assert juesuan("diff", ANYANG, str(YEAR), "--output", str(path)).status == 0
    reasons = {row[3] for row in next(iter(BuiltDocument.of(path).tables.values()))}
    assert "支出“其他医疗保障管理事务支出”（2101599，一般公共预算）的项目支出由763.41万元更正为736.41万元" in reasons


def test_a_release_with_itself_has_no_differences(juesuan: CommandLine, tmp_path: Path) -> None:
    run = juesuan("diff", ANYANG, str(YEAR), "--to", "1")
    assert (run.status, run.out.splitlines()[1:]) == (0, ["文档没有差异，资料、格式和程序也没有改动"])
    run = juesuan("diff", ANYANG, str(YEAR), "--to", "1", "--output", str(tmp_path / "更正说明.docx"))
    assert run.status == 1
    assert "不需要更正说明" in run.err
    assert not (tmp_path / "更正说明.docx").exists()


def test_a_passage_altered_with_all_hashes_made_anew_is_named(root: Path, juesuan: CommandLine) -> None:
    folder = root / "output" / str(YEAR) / ANYANG / "发布"
    kept = {folder / name: (folder / name).read_bytes() for name in ("001/段落.json", "001/清单.json", "登记.json")}
    try:
        for path in kept:
            path.chmod(0o644)
        lines = kept[folder / "001/段落.json"].decode()
        assert lines.count("授予中小企业合同金额") == 1
        altered = lines.replace("授予中小企业合同金额", "给予中小企业合同金额").encode()
        record = json.loads(kept[folder / "001/清单.json"])
        record.pop("校验")
        record["文件"]["段落.json"] = sha256(altered)
        listed = list_text(record).encode()
        (folder / "001/段落.json").write_bytes(altered)
        (folder / "001/清单.json").write_bytes(listed)
        (folder / "登记.json").write_text(as_lines({"发布": {"001": sha256(listed)}}), encoding="utf-8")
        run = juesuan("diff", ANYANG, str(YEAR))
    finally:
        for path, data in kept.items():
            path.write_bytes(data)
    assert run.status == 1
    (error,) = (line for line in run.err.splitlines() if "没有哪一项" in line)
    assert "错误" in error
    assert "「给予中小企业合同金额641.92万元" in error


def test_release_warns_of_old_figures_too(root: Path, juesuan: CommandLine) -> None:
    run = juesuan("release", ANYANG, str(YEAR), "--date", "2022-10-01", "--note", "更正项目支出")
    assert run.status == 0, run.err
    assert "「763.41」原是“其他医疗保障管理事务支出”" in run.err
    run = juesuan("diff", ANYANG, str(YEAR), "--from", "1", "--to", "2", "--format", "docx")
    assert run.status == 0
    document = BuiltDocument.of(root / "output" / str(YEAR) / ANYANG / "更正说明.docx")
    assert document.lines[-1] == "2022年10月1日"
    assert "（更正项目支出）" in document.lines[1]


def test_a_figure_that_something_unchanged_has_too_is_only_remarked_on() -> None:
    """73.11 is 2080505's expenditure and its budget: where only the budget changes, the text may mean the other."""
    one = released(ANYANG)
    folder = one.root / "content" / ANYANG / str(YEAR)
    edit(folder / NOTES, REASON, f"{REASON}，共73.11万元")
    try:
        one.snapshot = one.now()
        found, new = one.corrected(Edit(FACTS, "科目: 2080505, 金额: 73.11", "科目: 2080505, 金额: 70.11"))
        remarks = stale(found.old, new, [each.change for each in found.changes])
    finally:
        edit(folder / NOTES, f"{REASON}，共73.11万元", REASON)
        one.snapshot = one.now()
    (remark,) = remarks
    assert remark.level is Level.NOTE
    assert "「73.11」" in remark.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("支出763.41万元", [("7634100.00", "元")]),
        ("支出7,634,100元", [("7634100", "元")]),
        ("支出 763.41 是多少", [("7634100.00", "元")]),
        ("增长15.2%", [("15.2", "%")]),
        ("接待147人次", [("147", "人次")]),
        ("完成100%，2021年，第763.41号，763.41平方米", []),
        ("2021年12月31日，科目2101599，1.2节，3次", []),
        ("1763.41.2", []),
    ],
)
def test_numbers_that_can_tell_of_a_figure(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(str(token.value), token.unit) for token in tokens(text)] == expected
