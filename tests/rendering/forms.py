"""Forms made for tests: Word parts as python-docx writes them, and what came out as text."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree

from builder.rendering.compiling import CompiledForm, FormFiles, Vocabulary, compile_form

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FILTERS = {"万元": lambda value, name="": f"{value}.00", "括号": lambda value: f"（{value}）"}


def base_document() -> Document:
    """A document with the styles that contents entries need."""
    document = docx.Document()
    for level in (1, 2):
        document.styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH)
    return document


class Form:
    """A form in a folder: parts are added, then it is compiled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts: list[Path] = []
        base_document().save(str(folder / "样式.docx"))

    def add(self, *contents: Any, name: str = "") -> Path:
        """Add a part: a string is a paragraph, (style, text) a styled one, rows a table; a function changes it."""
        document = base_document()
        for content in contents:
            if isinstance(content, str):
                document.add_paragraph(content)
            elif isinstance(content, tuple):
                document.add_paragraph(content[1], style=content[0])
            elif callable(content):
                content(document)
            else:
                table = document.add_table(len(content), len(content[0]))
                for row, texts in zip(table.rows, content, strict=True):
                    for cell, text in zip(row.cells, texts, strict=True):
                        cell.text = text
        path = self.folder / (name or f"部件{len(self.parts) + 1}.docx")
        document.save(str(path))
        self.parts.append(path)
        return path

    def files(self) -> FormFiles:
        return FormFiles(self.folder / "样式.docx", tuple(self.parts), self.folder)

    def compile(self, **filters: Any) -> CompiledForm:
        return compile_form(self.files(), Vocabulary(FILTERS | filters, {}))

    def text(self, **context: Any) -> str:
        """Compile, render, and return the document's text."""
        return text_of(self.compile().render(context, charts={}, pages=None, title="").docx)


def body_of(data: bytes) -> Any:
    return read_xml(data, "word/document.xml")[0]


def read_xml(data: bytes, member: str) -> Any:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read(member))


def paragraph_text(paragraph: Any) -> str:
    shown = {f"{W}tab": "\t", f"{W}br": "\n"}
    return "".join(
        (e.text or "") if e.tag == f"{W}t" else shown[e.tag]
        for e in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br")
        if e.getparent().tag == f"{W}r"
    )


def text_of(data: bytes) -> str:
    """The document's paragraphs, one a line; a row's cells joined by |."""
    lines = []
    for element in body_of(data).iter(f"{W}p", f"{W}tr"):
        if element.tag == f"{W}tr":
            cells = ("".join(map(paragraph_text, cell.iter(f"{W}p"))) for cell in element.iter(f"{W}tc"))
            lines.append("|".join(cells))
        elif next(element.iterancestors(f"{W}tr"), None) is None:
            lines.append(paragraph_text(element))
    return "\n".join(lines)


def split_runs(paragraph: Paragraph, *pieces: str, bold: tuple[int, ...] = ()) -> Paragraph:
    for index, piece in enumerate(pieces):
        paragraph.add_run(piece).bold = index in bold or None
    return paragraph


def field_character(paragraph: Paragraph, kind: str, instruction: str = "") -> None:
    run = paragraph.add_run()._r
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    run.append(mark)
    if instruction:
        text = OxmlElement("w:instrText")
        text.text = instruction
        paragraph.add_run()._r.append(text)


def add_contents(document: Document, instruction: str = r' TOC \o "1-2" \h \z \u ') -> None:
    """Add a TOC field as Word stores it: begun in its first entry, ended in a paragraph of its own."""
    first = document.add_paragraph(style="toc 1")
    field_character(first, "begin", instruction)
    field_character(first, "separate")
    first.add_run("旧的目录项\t1")
    document.add_paragraph("旧的二级项\t2", style="toc 2")
    field_character(document.add_paragraph(), "end")
