"""Page numbers of the contents: used while they fit the text, never stale, and right in LibreOffice's layout."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from documents import BuiltDocument
from pypdf import PdfReader
from workspaces import UNIT, YEAR, CommandLine, WorkspaceCopy

from builder.building import Builder
from builder.workspace import Workspace

PAGES = "页码.yaml"
NOTICE = f"目录没有页码（没有量过，或量过之后内容有改动）；需要时运行：juesuan paginate {UNIT} --year {YEAR}"
FOOTER = re.compile(r"—\s*(\d+)\s*—")


def test_without_measured_pages(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    workspace.path(PAGES).unlink()
    run = juesuan("build")
    assert run.status == 0
    assert [line for line in run.err.splitlines() if "页码" in line] == [NOTICE]
    assert {page for _text, page in BuiltDocument.of(workspace.document).contents} == {""}


def test_measured_pages_are_used_until_the_text_changes(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    rendered = Builder(Workspace(workspace.root)).build(UNIT, YEAR, paginate=True).rendered
    numbers = [f"{heading.bookmark}: {100 + number}" for number, heading in enumerate(rendered.headings)]
    workspace.write(PAGES, f"正文: {rendered.layout}\n页码:\n  " + "\n  ".join(numbers) + "\n")
    run = juesuan("build")
    assert run.status == 0
    assert "页码" not in run.err
    contents = BuiltDocument.of(workspace.document).contents
    assert [page for _text, page in contents] == [str(100 + number) for number in range(32)]

    workspace.edit("说明.yaml", "落实厉行节约、反对浪费的要求", "落实过紧日子的要求")
    run = juesuan("build")
    assert run.status == 0
    assert [line for line in run.err.splitlines() if "页码" in line] == [NOTICE]
    assert {page for _text, page in BuiltDocument.of(workspace.document).contents} == {""}


def test_a_heading_without_a_number_is_told(workspace: WorkspaceCopy, juesuan: CommandLine) -> None:
    rendered = Builder(Workspace(workspace.root)).build(UNIT, YEAR, paginate=True).rendered
    first = rendered.headings[0].bookmark
    workspace.write(PAGES, f"正文: {rendered.layout}\n页码:\n  {first}: 9\n")
    run = juesuan("build")
    assert NOTICE in run.err
    assert [page for _text, page in BuiltDocument.of(workspace.document).contents][:2] == ["9", ""]


def test_paginate_measures_what_the_pdf_shows(
    workspace: WorkspaceCopy, juesuan: CommandLine, soffice: Callable[[Path], Path]
) -> None:
    workspace.path(PAGES).unlink()
    run = juesuan("paginate", UNIT)
    assert run.status == 0
    assert f"已量 32 个标题的页码：content/{UNIT}/2022/页码.yaml" in run.out
    run = juesuan("build")
    assert run.status == 0
    assert "目录没有页码" not in run.err
    contents = BuiltDocument.of(workspace.document).contents
    pages = [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(soffice(workspace.document)).pages]
    body = [page for page in pages if FOOTER.search(page) and not page.count("…") + page.count("....")]
    printed = {}
    for text, _page in contents:
        heading = re.sub(r"\s", "", text)
        shown_on = next(page for page in body if heading in page)
        printed[text] = FOOTER.search(shown_on)[1]
    assert dict(contents) == printed


def test_paginate_says_what_it_could_not_measure(
    workspace: WorkspaceCopy, juesuan: CommandLine, soffice: Callable[[Path], Path]
) -> None:
    before = workspace.path(PAGES).read_bytes()
    workspace.path("决算.yaml").unlink()
    run = juesuan("paginate")
    assert run.status == 1
    assert "缺少「决算.yaml」" in run.err
    assert f"没有量出：{UNIT} 2022 年度" in run.err
    assert workspace.path(PAGES).read_bytes() == before
