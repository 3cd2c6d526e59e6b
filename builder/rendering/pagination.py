"""On which page a bookmark stands, as the page itself prints its number, measured with LibreOffice.

A measuring copy of the document gets one page more at its end, with a PAGEREF field for each bookmark: nothing before
it moves. LibreOffice works these fields out when it loads the copy; the PDF's last page gives the numbers, which count
restarts of the numbering. They come as plain figures, so the number format of the bookmark's section is applied here.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from lxml import etree
from pypdf import PdfReader

from builder.findings import Finding, InputError
from builder.rendering.soffice import TIMEOUT, convert_to_pdf, find_soffice
from builder.rendering.wml import W_NS, parse, w

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["convert_to_pdf", "find_soffice", "measure_pages"]

_DOCUMENT = "word/document.xml"
_MARKED = re.compile(r"JS\s*(\d+)\s*=\s*(\d+)\s*=\s*JE")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_ALPHABET = 26
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def measure_pages(
    docx: bytes, bookmarks: Sequence[str], *, soffice: Path | None = None, timeout: float = TIMEOUT
) -> dict[str, str]:
    """Return the page of each bookmark as printed there (「3」「ii」「- 3 -」). ``timeout`` is in seconds.

    Raises ``InputError`` where a bookmark is not in the document, or LibreOffice is missing, fails or takes too long.
    """
    if not bookmarks:
        return {}
    program = soffice or find_soffice()
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        body = _body(package.read(_DOCUMENT))
        formats = _number_formats(body)
        if missing := [name for name in bookmarks if name not in formats]:
            raise InputError(
                f"文档里没有书签「{'」「'.join(missing)}」，量不出它们的页码；请重新生成文档后再试，不要用改动过的文档。"
            )
        with tempfile.TemporaryDirectory(prefix="juesuan-") as folder:
            copy, pdf = Path(folder, "页码.docx"), Path(folder, "页码.pdf")
            _write_copy(package, _measuring(body, bookmarks), copy)
            convert_to_pdf(copy, pdf, soffice=program, timeout=timeout)
            numbers = _numbers(pdf, len(bookmarks))
    if lost := [name for index, name in enumerate(bookmarks) if index not in numbers]:
        raise InputError(Finding(f"LibreOffice 没有给出书签「{'」「'.join(lost)}」的页码；请用 Word 更新目录。"))
    return {name: page_text(numbers[index], formats[name]) for index, name in enumerate(bookmarks)}


def page_text(number: int, number_format: str) -> str:
    """Return a page number in a format of WordprocessingML (``w:fmt``); formats that no house uses print figures."""
    write = _FORMATS.get(number_format)
    return write(number) if write else str(number)


def _body(document: bytes) -> etree._Element:
    body = parse(document).find(w("body"))
    if body is None:
        raise InputError("文档没有正文，量不出页码；请重新生成文档。")
    return body


def _number_formats(body: etree._Element) -> dict[str, str]:
    """Return for each bookmark the number format of the section it stands in."""
    formats: dict[str, str] = {}
    waiting: list[str] = []
    for child in body:
        waiting += (name for one in child.iter(w("bookmarkStart")) if (name := one.get(w("name"))))
        for section in _sections(child):
            numbering = section.find(w("pgNumType"))
            number_format = None if numbering is None else numbering.get(w("fmt"))
            formats |= dict.fromkeys(waiting, number_format or "decimal")
            waiting = []
    return formats | dict.fromkeys(waiting, "decimal")


def _sections(child: etree._Element) -> Iterator[etree._Element]:
    """Yield the properties of each section that ends in this child of the body."""
    if child.tag == w("sectPr"):
        yield child
    for properties in child.iter(w("pPr")):
        yield from properties.iterfind(w("sectPr"))


def _measuring(body: etree._Element, bookmarks: Sequence[str]) -> bytes:
    """Return the document's XML with the page of references at its end."""
    paragraphs = "".join(
        f'<w:p><w:pPr>{"" if index else "<w:pageBreakBefore/>"}<w:spacing w:before="0" w:after="0" w:line="240" '
        'w:lineRule="auto"/><w:ind w:left="0" w:firstLine="0"/><w:jc w:val="left"/></w:pPr>'
        f"{_run(f'JS{index}=')}<w:fldSimple w:instr={quoteattr(f' PAGEREF {name} ')}>{_run('')}</w:fldSimple>"
        f"{_run('=JE')}</w:p>"
        for index, name in enumerate(bookmarks)
    )
    last = body.find(w("sectPr"))
    position = len(body) if last is None else body.index(last)
    body[position:position] = list(etree.fromstring(f'<w:body xmlns:w="{W_NS}">{paragraphs}</w:body>'))
    return etree.tostring(body.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


def _run(text: str) -> str:
    return f'<w:r><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial"/><w:sz w:val="16"/></w:rPr><w:t>{text}</w:t></w:r>'


def _write_copy(package: zipfile.ZipFile, document: bytes, copy: Path) -> None:
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as target:
        for name in package.namelist():
            target.writestr(name, document if name == _DOCUMENT else package.read(name))


def _numbers(pdf: Path, wanted: int) -> dict[int, int]:
    """Return the page number of each reference, from the last pages of the PDF."""
    numbers: dict[int, int] = {}
    with pdf.open("rb") as stream:
        for page in reversed(PdfReader(stream).pages):
            found = {int(index): int(number) for index, number in _MARKED.findall(page.extract_text())}
            numbers |= found
            if not found or len(numbers) == wanted:
                break
    return numbers


def _roman(number: int) -> str:
    out = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        out += letters * count
    return out


def _letters(number: int) -> str:
    """Return a, b … z, aa, bb …, as Word counts pages."""
    return chr(ord("a") + (number - 1) % _ALPHABET) * ((number - 1) // _ALPHABET + 1) if number > 0 else str(number)


_FORMATS: dict[str, Callable[[int], str]] = {
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "numberInDash": lambda number: f"- {number} -",
    "decimalFullWidth": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalZero": lambda number: f"{number:02}",
}
