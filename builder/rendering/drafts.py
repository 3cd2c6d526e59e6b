"""Drafts: 草稿 stands at the top of every page, and what is still to be written (【待补充…】) stands out.

The stamp is text in a frame of the page header, which Word, WPS and LibreOffice all show, and which a search finds. The
frame stands in the upper margin, so that a draft has the pages of the final document.
"""

from __future__ import annotations

import re

from builder.rendering import wml
from builder.rendering.marks import MARK_BEGINS, MARK_ENDS
from builder.rendering.parts import Relationship

HEADER = "word/draft.xml"
"""The member with the header of pages that have none in the form."""
HEADER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
HEADER_LINK = Relationship("rIdDraft", f"{wml.R_NS}/header", HEADER)

MARKER = "【待补充"
_MARKED = re.compile(MARK_BEGINS + r"?【待补充[^】<]*】" + MARK_ENDS + "?")
_RUN = re.compile(r"<w:r(?: [^>]*)?>((?:(?!</w:r>).)*?【待补充.*?)</w:r>", re.DOTALL)
_PROPERTIES = re.compile(r"<w:rPr>.*?</w:rPr>", re.DOTALL)
_HIGHLIGHT = '<w:highlight w:val="yellow"/>'
_HEADER_START = re.compile(r"<w:hdr\b[^>]*?(/?)>")
_PARAGRAPH_FIRST = re.compile(r"<w:hdr\b[^>]*>\s*<w:p[ >/]")
_SECTION_START = re.compile(r"<w:sectPr\b[^>]*?(/?)>")
_KINDS = ("default", "first", "even")
_MARGINS = re.compile(r"<w:pgMar\b[^>]*>")
_MARGIN = re.compile(r'w:(top|header)="(\d+)"')
_LINE = 20  # twips (1/20 pt)
_BORDER = 'w:val="single" w:sz="12" w:space="2" w:color="FF0000"/>'
# 8 mm from the page's top, above where headers begin
_STAMP = (
    '<w:p><w:pPr><w:framePr w:wrap="around" w:vAnchor="page" w:hAnchor="margin" w:xAlign="right" w:y="284"/><w:pBdr>'
    f"{''.join(f'<w:{side} {_BORDER}' for side in ('top', 'left', 'bottom', 'right'))}</w:pBdr>"
    '<w:spacing w:before="0" w:after="0" w:line="360" w:lineRule="exact"/><w:ind w:firstLineChars="0" w:firstLine="0"/>'
    '</w:pPr><w:r><w:rPr><w:rFonts w:eastAsia="黑体"/><w:b/><w:color w:val="FF0000"/><w:sz w:val="30"/></w:rPr>'
    "<w:t>草稿</w:t></w:r></w:p>"
)
# a frame belongs to the paragraph after it; where the form has none there, one that is a point high
_HOLDER = (
    f'<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="{_LINE}" w:lineRule="exact"/></w:pPr></w:p>'
)


def stamped(header: str) -> str:
    """Return a page header's XML with the stamp before what the form has there."""
    return _with_first(_HEADER_START, header, _STAMP if _PARAGRAPH_FIRST.search(header) else _STAMP + _HOLDER, "w:hdr")


def new_header() -> bytes:
    """Return the header that has nothing but the stamp."""
    return stamped(f'{wml.XML_DECLARATION}<w:hdr xmlns:w="{wml.W_NS}"/>').encode()


def with_headers(document: str) -> str:
    """Return the document's XML with a stamped header on every page.

    A section continues the headers of the section before it, so only the first is without one; each kind of page (the
    first of a section, even ones) has its own. A form without headers may let the text begin above where they would.
    """
    if "<w:headerReference " not in document:
        document = _MARGINS.sub(_with_room, document)
    section = _SECTION_START.search(document)
    if section is None:
        return document
    own = document[section.start() : document.index("</w:sectPr>", section.end())] if not section[1] else ""
    missing = (kind for kind in _KINDS if not re.search(rf'<w:headerReference [^>]*w:type="{kind}"', own))
    references = (f'<w:headerReference w:type="{kind}" r:id="{HEADER_LINK.id}"/>' for kind in missing)
    return _with_first(_SECTION_START, document, "".join(references), "w:sectPr")


def _with_room(margins: re.Match[str]) -> str:
    """Return a section's margins with a header of one low line above the text."""
    found = {name: int(twips) for name, twips in _MARGIN.findall(margins[0])}
    top, header = found.get("top"), found.get("header")
    if top is None or header is None or header + _LINE <= top:
        return margins[0]
    return margins[0].replace(f'w:header="{header}"', f'w:header="{max(top - _LINE, 0)}"')


def _with_first(start: re.Pattern[str], xml: str, content: str, element: str) -> str:
    """Return the XML with content put first into the first element that begins so."""

    def filled(found: re.Match[str]) -> str:
        return f"{found[0][:-2]}>{content}</{element}>" if found[1] else found[0] + content

    return start.sub(filled, xml, count=1)


def highlight(text: str) -> str:
    """Return the document's XML with every marker in a highlighted run of its own."""
    return _RUN.sub(_split, text) if MARKER in text else text


def _split(run: re.Match[str]) -> str:
    found = _PROPERTIES.match(run[1])
    plain = found[0] if found else ""
    marked = _with_highlight(plain)
    return _MARKED.sub(
        lambda marker: (
            f'</w:t></w:r><w:r>{marked}<w:t xml:space="preserve">{marker[0]}</w:t></w:r>'
            f'<w:r>{plain}<w:t xml:space="preserve">'
        ),
        run[0],
    )


def _with_highlight(properties: str) -> str:
    if not properties:
        return f"<w:rPr>{_HIGHLIGHT}</w:rPr>"
    properties = re.sub(r"<w:highlight [^>]*/>", "", properties)
    return wml.AFTER_HIGHLIGHT.sub(lambda following: _HIGHLIGHT + following[0], properties, count=1)
