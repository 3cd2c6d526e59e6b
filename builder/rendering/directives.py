"""The cell directive ``{% 纵并 条件 %}``: cells of a row loop merged downwards until the condition is true again."""

from __future__ import annotations

import re

from lxml import etree

from builder.rendering import wml

WORD = "纵并"
_DIRECTIVE = re.compile(r"\{%\s*" + WORD + r"\s+(.*?)\s*(\ufdd0\d+\ufdd1)?%\}")
_WHOLE_PARAGRAPH = re.compile(r"\{[{%#](?:p|tr|tc) ")


def expand_vertical_merges(root: wml.Element) -> None:
    """Turn each directive into the cell's ``w:vMerge`` and make the cell's text depend on the condition."""
    for cell in list(root.iter(wml.w("tc"))):
        for text in list(cell.iter(wml.w("t"))):
            found = _DIRECTIVE.search(text.text or "")
            if found and next(text.iterancestors(wml.w("tc"))) is cell:
                wml.set_text(text, (text.text or "").replace(found[0], ""))
                _merge(cell, found[1], found[2] or "")
                break


def _merge(cell: wml.Element, condition: str, mark: str) -> None:
    begin, end = f"{{% if {condition} {mark}%}}", "{% endif %}"
    properties = wml.properties(cell, "tcPr")
    for old in properties.findall(wml.w("vMerge")):
        properties.remove(old)
    merge = etree.Element(wml.w("vMerge"))
    merge.set(wml.w("val"), f"{begin}restart{{% else %}}continue{end}")
    wml.insert_in_order(properties, merge, wml.TC_PR_ORDER)
    for paragraph in cell.iter(wml.w("p")):
        texts = list(wml.own(paragraph, "t"))
        whole = "".join(text.text or "" for text in texts)
        if texts and whole and not _WHOLE_PARAGRAPH.search(whole):
            wml.set_text(texts[0], begin + (texts[0].text or ""))
            wml.set_text(texts[-1], (texts[-1].text or "") + end)
