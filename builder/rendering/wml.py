"""WordprocessingML's vocabulary: namespaces, safe parsing, the order of child elements, text helpers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no public name for its element type

W_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC_NS = "http://schemas.openxmlformats.org/markup-compatibility/2006"
WP_NS = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
C_NS = "http://schemas.openxmlformats.org/drawingml/2006/chart"
W14_NS = "http://schemas.microsoft.com/office/word/2010/wordml"
XML_NS = "http://www.w3.org/XML/1998/namespace"
STRICT_NS = "http://purl.oclc.org/ooxml/"
SPACE = f"{{{XML_NS}}}space"
XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

TC_PR_ORDER = (
    "cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "textDirection",
    "tcFitText", "vAlign", "hideMark",
)  # fmt: skip
P_PR_TAIL = ("rPr", "sectPr", "pPrChange")
AFTER_HIGHLIGHT = re.compile(
    r"<w:(?:u|effect|bdr|shd|fitText|vertAlign|rtl|cs|em|lang|eastAsianLayout|specVanish|oMath)\b|</w:rPr>"
)

# What XML 1.0 cannot hold: it comes in with text pasted from other programs and is invisible.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# That, line breaks and tabs.
NOT_PLAIN = re.compile("[\x00-\x1f\x85\u2028\u2029\ud800-\udfff\ufffe\uffff]")


class UnsafeXmlError(ValueError):
    """The XML carries a document type, which Word never writes and which can name outside files."""


@cache
def w(name: str) -> str:
    """Return the qualified name of a WordprocessingML element or attribute."""
    return f"{{{W_NS}}}{name}"


def r(name: str) -> str:
    """Return the qualified name of a relationship attribute (``r:id``, ``r:embed``)."""
    return f"{{{R_NS}}}{name}"


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return etree.QName(element).localname


def parse(data: bytes) -> Element:
    """Parse XML that a user gave; raise ``UnsafeXmlError`` or ``etree.XMLSyntaxError``.

    No entity is resolved, nothing is fetched, libxml2's size limits stay in force.
    """
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise UnsafeXmlError
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.internalDTD is not None:  # in an encoding where the search above is blind
        raise UnsafeXmlError
    return root


def insert_in_order(parent: Element, child: Element, order: Sequence[str]) -> None:
    """Insert ``child`` where the schema's sequence ``order`` of local names wants it."""
    rank = order.index(local(child))
    for index, sibling in enumerate(parent):
        name = local(sibling)
        if name in order and order.index(name) > rank:
            parent.insert(index, child)
            return
    parent.append(child)


def child(parent: Element, name: str) -> Element | None:
    """Return the first child ``w:name``."""
    return parent.find(w(name))


def properties(parent: Element, name: str) -> Element:
    """Return the properties child (``pPr``, ``tcPr``, ``rPr``) of ``parent``, made as its first child if missing."""
    found = child(parent, name)
    if found is None:
        found = etree.Element(w(name))
        parent.insert(0, found)
    return found


def own(paragraph: Element, *names: str) -> Iterator[Element]:
    """Yield descendants ``w:name`` of ``paragraph`` in order, leaving out those of text boxes within it."""
    wanted, box = frozenset(map(w, names)), w("txbxContent")
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        tag = element.tag
        if tag in wanted:
            yield element
        if tag != box:
            stack.extend(reversed(element))


def set_text(element: Element, text: str) -> None:
    """Set the text of a ``w:t``, with ``xml:space`` where white space matters."""
    element.text = text
    if text != text.strip() or "  " in text or "{" in text:
        element.set(SPACE, "preserve")


def in_run(element: Element) -> bool:
    """Tell whether an element is text of a run: ``w:tab`` is also the name of a tab stop."""
    parent = element.getparent()
    return parent is not None and parent.tag == w("r")


def paragraph_text(paragraph: Element) -> str:
    """Return the visible text of a paragraph without that of text boxes within it; tabs and breaks as spaces."""
    return "".join(
        (element.text or "") if element.tag == w("t") else " "
        for element in own(paragraph, "t", "tab", "br", "cr")
        if in_run(element)
    )


def shortened(text: str, limit: int = 30) -> str:
    """Return ``text`` on one line, cut to ``limit`` characters, for quoting in a message."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
