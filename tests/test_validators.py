"""The judges themselves: each must find the mistake that it is there for, and pass a sound document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import docx
import pypdf
import pytest
import validators
from docx.oxml.ns import qn

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from docx.document import Document


def saved(document: Document, folder: Path) -> Path:
    path = folder / "决算.docx"
    document.save(str(path))
    return path


def test_sdk_finds_elements_in_the_wrong_order(ooxml_validator: Callable[[Path], list[str]], tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("收入总计", style="Heading 1")
    assert ooxml_validator(saved(document, tmp_path)) == []
    paragraph._p.append(paragraph._p.pPr)  # the properties after the text
    (error,) = ooxml_validator(saved(document, tmp_path))
    assert error.startswith("/word/document.xml /w:document[1]/w:body[1]/w:p[1]: ")
    assert "pPr" in error


def test_sdk_names_a_file_that_is_no_document(ooxml_validator: Callable[[Path], list[str]], tmp_path: Path) -> None:
    (tmp_path / "坏.docx").write_bytes(b"x")
    (error,) = ooxml_validator(tmp_path / "坏.docx")
    assert error.startswith("坏.docx ")


def test_audit_finds_a_cell_without_a_paragraph(audit: Callable[[Path], list[str]], tmp_path: Path) -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    before = audit(saved(document, tmp_path))
    cell._tc.remove(cell._tc.find(qn("w:p")))
    (error,) = set(audit(saved(document, tmp_path))) - set(before)
    assert "/word/document.xml" in error


def test_libreoffice_lays_a_document_out(soffice: Callable[[Path], Path], tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("收入总计")
    document.add_page_break()
    document.add_paragraph("支出总计")
    pages = pypdf.PdfReader(soffice(saved(document, tmp_path))).pages
    assert ["支出总计" in page.extract_text() for page in pages] == [False, True]


def test_libreoffice_failing_is_not_taken_for_a_document(tmp_path: Path) -> None:
    program = validators.find_soffice()
    if program is None:
        pytest.skip(validators.SOFFICE_MISSING)
    with pytest.raises(validators.ToolError, match=r"无\.docx"):
        validators.to_pdf(program, tmp_path / "无.docx", tmp_path)
