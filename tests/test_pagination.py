"""Page numbers and PDFs from LibreOffice: the numbers that the pages themselves print, and clear words on failure."""

from __future__ import annotations

import io
import os
import sys
import time
from pathlib import Path

import docx
import pypdf
import pytest
import validators
from docx.enum.section import WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from builder.findings import InputError
from builder.rendering.pagination import measure_pages, page_text
from builder.rendering.soffice import convert_to_pdf, find_soffice

posix_only = pytest.mark.skipif(os.name == "nt", reason="the stand-in for LibreOffice is a shell script")


@pytest.fixture(autouse=True)
def fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", str(validators.TOOLS / "fonts.conf"))


class Pages:
    """A document made of headings with bookmarks, page by page."""

    def __init__(self) -> None:
        self.document = docx.Document()
        self.count = 0

    def heading(self, text: str, *, new_page: bool = False) -> Pages:
        paragraph = self.document.add_heading(text)
        paragraph.paragraph_format.page_break_before = new_page
        self.count += 1
        for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
            mark = OxmlElement(tag)
            mark.set(qn("w:id"), str(self.count))
            if tag == "w:bookmarkStart":
                mark.set(qn("w:name"), f"_Toc{self.count:09}")
            paragraph._p.append(mark)
        return self

    def section(self, number_format: str | None, start: int | None) -> Pages:
        """Begin the numbering of the section that is being written; the next headings are in a new section."""
        properties = self.document.sections[-1]._sectPr
        numbering = OxmlElement("w:pgNumType")
        if number_format:
            numbering.set(qn("w:fmt"), number_format)
        if start is not None:
            numbering.set(qn("w:start"), str(start))
        properties.find(qn("w:pgMar")).addnext(numbering)
        self.document.add_section(WD_SECTION.NEW_PAGE)
        added = self.document.sections[-1]._sectPr
        added.remove(added.find(qn("w:pgNumType")))
        return self

    def numbered(self) -> Pages:
        """Let each page print its own number at its foot."""
        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.add_run("〔")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), " PAGE ")
        paragraph._p.append(field)
        paragraph.add_run("〕")
        return self

    def bytes(self) -> bytes:
        stream = io.BytesIO()
        self.document.save(stream)
        return stream.getvalue()


def department() -> Pages:
    """A cover without a heading, contents i–ii, the text from 1 again, and annexes that go on counting in dashes."""
    pages = Pages()
    pages.document.add_paragraph("封面")
    pages.section(None, 1)
    pages.heading("目录").heading("说明", new_page=True).section("lowerRoman", 1)
    pages.heading("第一部分").heading("第二部分", new_page=True)
    pages.document.add_page_break()
    return (
        pages.heading("一、收入")
        .heading("二、支出")
        .section("decimal", 1)
        .heading("附件")
        .section("numberInDash", None)
    )


EXPECTED = {
    "_Toc000000001": "i",
    "_Toc000000002": "ii",
    "_Toc000000003": "1",
    "_Toc000000004": "2",
    "_Toc000000005": "3",
    "_Toc000000006": "3",
    "_Toc000000007": "- 4 -",
}


@pytest.mark.usefixtures("soffice")
def test_pages_are_those_printed() -> None:
    assert measure_pages(department().bytes(), list(EXPECTED)) == EXPECTED


@pytest.mark.usefixtures("soffice")
def test_measured_pages_are_those_at_the_foot(tmp_path: Path) -> None:
    """What is measured is what LibreOffice prints at the foot of the page that the heading stands on."""
    pages = department().numbered()
    pages.document.save(str(tmp_path / "决算.docx"))
    convert_to_pdf(tmp_path / "决算.docx", tmp_path / "决算.pdf")
    measured = measure_pages(pages.bytes(), list(EXPECTED))
    texts = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "决算.pdf").pages]
    assert len(texts) == 8  # seven and the empty last section: no blank page before a section that begins with 1
    for bookmark, heading in (("_Toc000000002", "说明"), ("_Toc000000003", "第一部分"), ("_Toc000000005", "一、收入")):
        (page,) = [text for text in texts if heading in text]
        assert f"〔{measured[bookmark]}〕" in page


@pytest.mark.usefixtures("soffice")
def test_many_bookmarks_over_two_measuring_pages() -> None:
    pages = Pages()
    for number in range(120):
        pages.heading(f"标题{number}", new_page=number % 40 == 0 and number > 0)
        pages.document.paragraphs[-1].paragraph_format.line_spacing = 0.5
        pages.document.paragraphs[-1].paragraph_format.space_before = 0
    names = [f"_Toc{number:09}" for number in range(1, 121)]
    found = measure_pages(pages.bytes(), names)
    assert [found[name] for name in (names[0], names[39], names[40], names[119])] == ["1", "1", "2", "3"]


def test_bookmark_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match="没有书签「_Toc9」"):
        measure_pages(department().bytes(), ["_Toc000000001", "_Toc9"], soffice=Path("/nowhere"))
    assert measure_pages(b"", []) == {}


@pytest.mark.parametrize(
    ("number", "number_format", "text"),
    [
        (4, "decimal", "4"), (49, "lowerRoman", "xlix"), (1994, "upperRoman", "MCMXCIV"), (26, "lowerLetter", "z"),
        (28, "upperLetter", "BB"), (12, "numberInDash", "- 12 -"), (12, "decimalFullWidth", "１２"),
        (7, "decimalZero", "07"), (7, "hebrew1", "7"),
    ],
)  # fmt: skip
def test_formats_of_page_numbers(number: int, number_format: str, text: str) -> None:
    assert page_text(number, number_format) == text


def program(folder: Path, script: str) -> Path:
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def document(tmp_path: Path) -> Path:
    docx.Document().save(str(tmp_path / "决算.docx"))
    return tmp_path / "决算.docx"


@posix_only
def test_time_out_ends_all_that_was_started(document: Path, tmp_path: Path) -> None:
    """LibreOffice's program is a starter: ending it alone would leave the real one running."""
    slow = program(tmp_path, f"sleep 60 & echo $! > {tmp_path}/pid; wait")
    began = time.monotonic()
    with pytest.raises(InputError, match=r"转换「决算.docx」超过 1 秒仍未完成"):
        convert_to_pdf(document, tmp_path / "决算.pdf", soffice=slow, timeout=1)
    assert time.monotonic() - began < 20
    child = int((tmp_path / "pid").read_text())
    if sys.platform.startswith("linux"):
        status = Path(f"/proc/{child}/stat")
        assert not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] == "Z"


@posix_only
def test_failure_keeps_the_older_pdf_and_says_why(document: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "决算.pdf"
    pdf.write_bytes(b"old")
    with pytest.raises(InputError, match=r"没能把「决算.docx」转成 PDF（could not load）"):
        convert_to_pdf(document, pdf, soffice=program(tmp_path, "echo could not load"))
    assert pdf.read_bytes() == b"old"
    with pytest.raises(InputError, match="启动不了"):
        convert_to_pdf(document, pdf, soffice=tmp_path / "nothing")


@pytest.mark.usefixtures("soffice")
def test_pdf_has_the_text(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("收入总计")
    made.save(str(tmp_path / "决算 1.docx"))
    convert_to_pdf(tmp_path / "决算 1.docx", tmp_path / "新" / "决算.pdf")
    assert "收入总计" in pypdf.PdfReader(tmp_path / "新" / "决算.pdf").pages[0].extract_text()
    assert [path.name for path in (tmp_path / "新").iterdir()] == ["决算.pdf"]


def test_missing_libreoffice_says_how_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("builder.rendering.soffice._USUAL_PLACES", ())
    with pytest.raises(InputError) as caught:
        find_soffice()
    assert "Windows 到 https://zh-cn.libreoffice.org" in str(caught.value)
    assert "apt install libreoffice-writer" in str(caught.value)


def test_windows_installation_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "LibreOffice" / "program"
    folder.mkdir(parents=True)
    (folder / "soffice.exe").touch()
    monkeypatch.setenv("PATH", str(folder.parent))
    monkeypatch.setenv("ProgramFiles", str(tmp_path))
    assert find_soffice() == folder / "soffice.exe"
    (folder / "soffice.com").touch()
    assert find_soffice() == folder / "soffice.com"
