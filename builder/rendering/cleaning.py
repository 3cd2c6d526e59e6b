"""Taking out of a part what Word and WPS leave behind: editing marks that split runs and make the XML large.

Merging runs of one look makes most tags whole and the document's XML a third smaller, which is time in every build.
"""

from __future__ import annotations

import re

from lxml import etree

from builder.rendering import wml

_PARAGRAPH_IDS = (f"{{{wml.W14_NS}}}paraId", f"{{{wml.W14_NS}}}textId")  # would be repeated by loops
_DROPPED = {
    wml.w(name)
    for name in (
        "proofErr", "lastRenderedPageBreak", "permStart", "permEnd", "commentRangeStart", "commentRangeEnd",
        "commentReference", "annotationRef", "noProof", "lang",
    )
}  # fmt: skip
_UNWRAPPED = {wml.w("smartTag"), wml.w("customXml")}
_REVISIONS = {
    wml.w(name)
    for name in (
        "ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange",
        "sectPrChange",
    )
}  # fmt: skip
_OWN_BOOKMARKS = re.compile(r"_GoBack$|_Toc\d+$")  # written anew by Word, or by contents.py
_MERGEABLE = {wml.w(name) for name in ("rPr", "t", "tab", "br", "cr", "noBreakHyphen", "softHyphen", "sym")}
_TEXTS = {wml.w("t"), wml.w("instrText")}


def has_revisions(root: wml.Element) -> bool:
    """Tell whether the XML has tracked changes that nobody has accepted or rejected."""
    return next(root.iter(*_REVISIONS), None) is not None


def clean(root: wml.Element) -> None:
    """Take editing marks, comments and dead bookmarks out of a body, header or footer, and merge runs of one look."""
    _drop_bookmarks(root)
    for element in list(root.iter()):
        _clean_attributes(element)
        if element.tag in _DROPPED:
            _remove(element)
        elif element.tag in _UNWRAPPED:
            _unwrap(element)
    _tidy_texts(root)
    for properties in list(root.iter(wml.w("rPr"))):
        if not len(properties) and not properties.attrib:
            _remove(properties)
    for run in list(root.iter(wml.w("r"))):
        if all(child.tag == wml.w("rPr") for child in run):
            _remove(run)
    for parent in {run.getparent() for run in root.iter(wml.w("r"))}:
        if parent is not None:
            _merge_runs(parent)


def _tidy_texts(root: wml.Element) -> None:
    """Drop white space between elements, and line breaks within text: Word shows one as a space."""
    for element in root.iter():
        element.tail = None
        if element.tag in _TEXTS:
            element.text = re.sub(r"[\n\r\t]+", " ", element.text or "")
        elif len(element) and element.text and not element.text.strip():
            element.text = None


def strip_revision_ids(root: wml.Element) -> None:
    """Take Word's editing session numbers out of any WordprocessingML."""
    for element in root.iter():
        _clean_attributes(element)


def _remove(element: wml.Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _unwrap(element: wml.Element) -> None:
    parent = element.getparent()
    if parent is not None:
        index = parent.index(element)
        kept = [child for child in element if not wml.local(child).endswith("Pr")]
        parent[index : index + 1] = kept


def _clean_attributes(element: wml.Element) -> None:
    for name in list(element.attrib):
        if name in _PARAGRAPH_IDS or str(name).startswith(f"{{{wml.W_NS}}}rsid"):
            del element.attrib[name]


def _drop_bookmarks(root: wml.Element) -> None:
    """Drop bookmarks that nothing in this part refers to; a loop around one would repeat its name."""
    used = {element.get(wml.w("anchor"), "") for element in root.iter(wml.w("hyperlink"))}
    used.update(*((element.text or "").split() for element in root.iter(wml.w("instrText"))))
    used.update(*(element.get(wml.w("instr"), "").split() for element in root.iter(wml.w("fldSimple"))))
    dead = {
        start.get(wml.w("id"))
        for start in root.iter(wml.w("bookmarkStart"))
        if (name := start.get(wml.w("name"), "")) not in used or _OWN_BOOKMARKS.match(name)
    }
    for mark in list(root.iter(wml.w("bookmarkStart"), wml.w("bookmarkEnd"))):
        if mark.get(wml.w("id")) in dead:
            _remove(mark)


def _look(run: wml.Element) -> bytes | None:
    """Return what two runs must share to be merged, None for a run that holds anything but text."""
    if any(child.tag not in _MERGEABLE for child in run):
        return None
    properties = wml.child(run, "rPr")
    return b"" if properties is None else etree.tostring(properties, method="c14n")


def _merge_runs(parent: wml.Element) -> None:
    previous: wml.Element | None = None
    look: bytes | None = None
    for element in list(parent):
        this = _look(element) if element.tag == wml.w("r") else None
        if previous is not None and this is not None and this == look:
            for content in list(element):
                if content.tag != wml.w("rPr"):
                    previous.append(content)
            parent.remove(element)
        else:
            previous, look = (element, this) if this is not None else (None, None)
    for run in parent.iterchildren(wml.w("r")):
        _merge_texts(run)


def _merge_texts(run: wml.Element) -> None:
    previous: wml.Element | None = None
    for element in list(run):
        if element.tag != wml.w("t"):
            previous = None
        elif previous is None:
            previous = element
            wml.set_text(element, _shown(element))
        else:
            wml.set_text(previous, (previous.text or "") + _shown(element))
            run.remove(element)


def _shown(element: wml.Element) -> str:
    """Return the text as Word shows it: spaces at the ends count only with ``xml:space``."""
    text = element.text or ""
    return text if element.get(wml.SPACE) == "preserve" else text.strip(" ")
