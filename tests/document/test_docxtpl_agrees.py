"""docxtpl defines the tag language: from the same joined form and the same context it makes the same text."""

from __future__ import annotations

import io
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from workspaces import UNIT, YEAR, WorkspaceCopy

from builder.building import Builder, context_of, open_book
from builder.workspace import Workspace


def lines(docx: bytes) -> list[str]:
    """Return the text of every paragraph, in tables too, without the contents' entries and empty paragraphs."""
    found = []
    for paragraph in Document(io.BytesIO(docx)).element.body.iter(qn("w:p")):
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        if style is None or not style.get(qn("w:val"), "").startswith("TOC"):
            pieces = [
                node.text or "" if node.tag == qn("w:t") else "\n"
                for node in paragraph.iter(qn("w:t"), qn("w:br"), qn("w:tab"))
            ]
            found.append("".join(pieces))
    return [line for line in found if line.strip()]


def test_the_form_renders_as_docxtpl_renders_it(tmp_path: Path) -> None:
    builder = Builder(Workspace(WorkspaceCopy.make(tmp_path).root))
    ours = builder.build(UNIT, YEAR).rendered.docx
    accounts = builder.accounts(UNIT, YEAR)
    form = builder.form(accounts.unit_year.card.style)
    template = DocxTemplate(io.BytesIO(form.compiled.source_docx()))
    template.render(context_of(open_book(accounts, YEAR), accounts, form), form.compiled.environment, autoescape=True)
    made = io.BytesIO()
    template.save(made)
    theirs = lines(made.getvalue())
    assert len(theirs) > 1000
    assert lines(ours) == theirs
