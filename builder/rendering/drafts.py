"""Drafts: what is still to be written (【待补充…】) stands out."""

from __future__ import annotations

import re

from builder.rendering import wml

MARKER = "【待补充"
_MARKED = re.compile(r"【待补充[^】<]*】")
_RUN = re.compile(r"<w:r(?: [^>]*)?>((?:(?!</w:r>).)*?【待补充.*?)</w:r>", re.DOTALL)
_PROPERTIES = re.compile(r"<w:rPr>.*?</w:rPr>", re.DOTALL)
_HIGHLIGHT = '<w:highlight w:val="yellow"/>'


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
