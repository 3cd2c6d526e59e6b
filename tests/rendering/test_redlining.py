"""Tracked changes between documents made for the purpose: accepted they give the new text, rejected the old."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from revisions import W, accepted, content, marked, rejected

from builder.rendering.redlining import Redline, redline

Block: TypeAlias = "str | list[list[list[str]]]"
"""A paragraph, or a table: rows of cells of paragraphs."""
GRID = [["代码", "名称", "金额"], ["2101501", "行政运行", "690.14"], ["2101504", "信息化建设", "138.02"],
        ["2101506", "医疗保障经办事务", "87.77"]]


def docx(*blocks: Block, header: str = "", prepare: Callable[[Any], None] = lambda document: None) -> bytes:
    document = Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(len(block), len(block[0]))
        for row, cells in zip(table.rows, block, strict=True):
            for cell, paragraphs in zip(row.cells, cells, strict=True):
                cell.text = paragraphs[0]
                for paragraph in paragraphs[1:]:
                    cell.add_paragraph(paragraph)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    prepare(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def table(*rows: list[str]) -> list[list[list[str]]]:
    return [[[cell] for cell in row] for row in rows]


def compared(old: bytes, new: bytes) -> Redline:
    found = redline(old, new, author="某单位", date="2023-09-01T00:00:00Z")
    assert accepted(found.docx) == content(new)
    assert rejected(found.docx) == content(old)
    return found


def changes(old: bytes, new: bytes) -> list[str]:
    return marked(compared(old, new).docx)


def root_of(docx_: bytes, member: str = "word/document.xml") -> Any:
    with zipfile.ZipFile(io.BytesIO(docx_)) as archive:
        return etree.fromstring(archive.read(member))


def test_nothing_changed() -> None:
    same = docx("一", table(*GRID), "二")
    found = compared(same, same)
    assert not found.counts
    assert marked(found.docx) == []


def test_a_figure_in_a_cell_is_changed_as_a_whole() -> None:
    other = [*GRID[:2], ["2101504", "信息化建设", "138.20"], GRID[3]]
    assert changes(docx(table(*GRID), ""), docx(table(*other), "")) == ["2101504 | 信息化建设 | [138.02]{138.20}"]


def test_a_row_more_and_a_row_less_are_not_taken_for_one_another() -> None:
    other = [*GRID[:3], ["2101505", "医疗保障政策管理", "24.80"], ["2101506", "医疗保障经办事务", "86.77"]]
    assert changes(docx(table(*GRID), ""), docx(table(*other), "")) == [
        "+{2101505} | {医疗保障政策管理} | {24.80}", "2101506 | 医疗保障经办事务 | [87.77]{86.77}",
    ]
    replaced = [*GRID[:3], ["2101505", "医疗保障政策管理", "24.80"]]
    assert changes(docx(table(*GRID), ""), docx(table(*replaced), "")) == [
        "-[2101506] | [医疗保障经办事务] | [87.77]", "+{2101505} | {医疗保障政策管理} | {24.80}",
    ]


def test_a_renamed_subject_is_the_same_row() -> None:
    old, new = ([["30206", name, "4.13"], ["30207", "邮电费", "0.39"]] for name in ("水电费", "电费"))
    assert changes(docx(table(*old), ""), docx(table(*new), "")) == ["30206 | [水电费]{电费} | 4.13"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (["一", "二", "三"], ["一", "新的", "二", "三"], ["+{新的}"]),
        (["一", "二", "三"], ["一", "三"], ["-[二]"]),
        (["一"], ["一", "末段"], ["+一", "{末段}"]),
        (["一", "末段"], ["一"], ["-一", "[末段]"]),
        (["一", "甲的话", "末段"], ["一"], ["-一", "-[甲的话]", "[末段]"]),
        (["一", "旧的末段"], ["一", "全不一样"], ["[旧的末段]{全不一样}"]),
        (["一", table(*GRID), "二"], ["一", "表前", table(*GRID), "二"], ["+{表前}"]),
        (["一", "表前", table(*GRID), "二"], ["一", table(*GRID), "二"], ["-[表前]"]),
        (["一", "末"], ["一", table(["甲", "1.00"]), "末"], ["+{甲} | {1.00}"]),
        (["一", table(["甲", "1.00"]), "末"], ["一", "末"], ["-[甲] | [1.00]"]),
        (["一", table(["甲", "1.00"]), "末段"], ["一"], ["-一", "-[甲] | [1.00]", "[末段]"]),
        ([table(["甲", "1.00"]), "末"], [table(["乙", "丙", "丁"]), "末"], ["-[甲] | [1.00]", "+{乙} | {丙} | {丁}"]),
    ],
)
def test_paragraphs_and_tables_come_and_go(old: list[Block], new: list[Block], expected: list[str]) -> None:
    assert changes(docx(*old), docx(*new)) == expected


def test_paragraphs_of_a_cell() -> None:
    old, new = ([[["指标"], ["第一句话", *more]]] for more in ([], ["第二句话"]))
    assert changes(docx(old, ""), docx(new, "")) == ["指标 | 第一句话{第二句话}"]
    assert changes(docx(new, ""), docx(old, "")) == ["指标 | 第一句话[第二句话]"]


def test_corrected_paragraphs_are_not_taken_for_their_neighbours() -> None:
    said = "（类）医疗保障管理事务（款）{}（项）。年初预算为{}万元，支出决算为{}万元。"
    old = [f"{n}.{said.format(*words)}" for n, words in enumerate([("信息化建设", 1, 2), ("经办事务", 3, 4)], 1)]
    new = [f"{n}.{said.format(*words)}" for n, words in
           enumerate([("政策管理", 7, 8), ("信息化建设", 1, 5), ("经办事务", 3, 4)], 1)]
    assert changes(docx("其中：", *old, "末"), docx("其中：", *new, "末")) == [
        f"+{{{new[0]}}}",
        f"[1]{{2}}.{said.format('信息化建设', 1, '[2]{5}')}",
        f"[2]{{3}}.{said.format('经办事务', 3, 4)}",
    ]


def test_headers() -> None:
    old, new = docx("一", header="某市医保局"), docx("一", header="某市医疗保障局")
    found = compared(old, new)
    with zipfile.ZipFile(io.BytesIO(found.docx)) as archive:
        (member,) = (name for name in archive.namelist() if name.startswith("word/header"))
    assert accepted(found.docx, member) == content(new, member) == ["某市医疗保障局"]
    assert rejected(found.docx, member) == content(old, member) == ["某市医保局"]
    assert found.apart == ()


def test_a_header_more_is_said() -> None:
    assert compared(docx("一"), docx("一", header="草稿")).apart == ("页眉、页脚",)


def test_what_goes_keeps_its_formatting_and_what_comes_too() -> None:
    def bold(document: Any) -> None:
        document.paragraphs[0].add_run("763.41").bold = True
        document.paragraphs[0].add_run("万元")

    def italic(document: Any) -> None:
        document.paragraphs[0].add_run("736.41").italic = True
        document.paragraphs[0].add_run("万元")

    found = compared(docx("支出", prepare=bold), docx("支出", prepare=italic))
    (gone,), (come,) = (list(root_of(found.docx).iter(f"{W}{kind}")) for kind in ("del", "ins"))
    assert [gone.findtext(f"{W}r/{W}delText"), come.findtext(f"{W}r/{W}t")] == ["763.41", "736.41"]
    assert gone.find(f"{W}r/{W}rPr/{W}b") is not None
    assert come.find(f"{W}r/{W}rPr/{W}i") is not None
    assert {gone.get(f"{W}author"), come.get(f"{W}author")} == {"某单位"}
    assert {gone.get(f"{W}date"), come.get(f"{W}date")} == {"2023-09-01T00:00:00Z"}


def test_numbers_of_changes_differ_from_one_another_and_from_bookmarks() -> None:
    def mark(document: Any) -> None:
        for number, paragraph in enumerate(document.paragraphs, 5):
            start = paragraph._p.makeelement(f"{W}bookmarkStart", {f"{W}id": str(number), f"{W}name": f"_写_{number}"})
            end = paragraph._p.makeelement(f"{W}bookmarkEnd", {f"{W}id": str(number)})
            paragraph._p.insert(0, start)
            paragraph._p.append(end)

    old, new = docx("一二三", "旧的话", "末", prepare=mark), docx("一二四", table(*GRID), "新写的", "末", prepare=mark)
    root = root_of(compared(old, new).docx)
    names = [each.get(f"{W}name") for each in root.iter(f"{W}bookmarkStart")]
    assert names == ["_写_5", "_写_6", "_写_7"]
    numbers = [each.get(f"{W}id") for each in root.iter(f"{W}ins", f"{W}del", f"{W}bookmarkStart")]
    assert len(numbers) == len(set(numbers)) > 10


def test_a_field_that_comes_with_its_result_comes_as_a_whole() -> None:
    def page(document: Any) -> None:
        run = document.paragraphs[0].add_run("\t")
        for kind, text in (("begin", ""), ("", " PAGEREF x "), ("separate", ""), ("", "12"), ("end", "")):
            run = document.paragraphs[0].add_run("" if text != "12" else text)
            name, key = ("fldChar", "fldCharType") if kind else ("instrText", "")
            if text != "12":
                element = run._r.makeelement(f"{W}{name}", {f"{W}{key}": kind} if key else {})
                element.text = text or None
                run._r.append(element)

    found = compared(docx("第一部分"), docx("第一部分", prepare=page))
    fields = list(root_of(found.docx).iter(f"{W}fldChar", f"{W}instrText"))
    assert len(fields) == 4
    assert all(next(field.iterancestors(f"{W}ins"), None) is not None for field in fields)
    assert changes(docx("第一部分", prepare=page), docx("第一部分")) == ["第一部分[\t12]"]


def test_a_text_box() -> None:
    def box(words: str) -> Callable[[Any], None]:
        def put(document: Any) -> None:
            run = document.paragraphs[0].add_run()._r
            inside = f"<w:txbxContent><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:txbxContent>"
            shape = f"<v:shape><v:textbox>{inside}</v:textbox></v:shape>"
            spaces = f'xmlns:w="{W[1:-1]}" xmlns:v="urn:schemas-microsoft-com:vml"'
            run.append(etree.fromstring(f"<w:pict {spaces}>{shape}</w:pict>"))

        return put

    compared(docx("一", prepare=box("共3人")), docx("一", prepare=box("共4人")))


def test_same_inputs_same_bytes() -> None:
    old, new = docx("一", table(*GRID), "二"), docx("二", table(*GRID[:2]), "三")
    assert compared(old, new).docx == compared(old, new).docx


WORDS = st.text("甲乙丙丁支出1.20，。", max_size=12)
CELLS = st.lists(WORDS, min_size=1, max_size=3)
TABLES = st.integers(1, 3).flatmap(
    lambda columns: st.lists(st.lists(CELLS, min_size=columns, max_size=columns), min_size=1, max_size=4)
)
BLOCKS = st.lists(WORDS | TABLES, max_size=6)


@settings(max_examples=60, deadline=None)
@given(BLOCKS, WORDS, BLOCKS, WORDS)
def test_any_two_documents(old: list[Block], last: str, new: list[Block], new_last: str) -> None:
    compared(docx(*old, last), docx(*new, new_last))
