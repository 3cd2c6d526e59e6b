"""Blocks of a long text as WordprocessingML. All looks come from the form's styles; sizes are in twips (1/20 pt)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from builder.blocks import Alignment, Heading, ListItem, Table, Text, plain
from builder.rendering import wml
from builder.rendering.markup import sound_markup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from builder.blocks import Block, Runs
    from builder.rendering.markup import SoundMarkup

TEXT_WIDTH = 8845  # 156 mm, the type area of GB/T 9704-2012
_INDENT = 2  # characters that a level of a list is indented by
_CHARACTER = 240  # their width where the reader's program knows no widths in characters
_NARROWEST, _WIDEST = 6, 48  # half-width characters that a column's share of the width is measured by


@dataclass(frozen=True, slots=True)
class BlockStyles:
    """The style IDs, as XML, of the form that long texts are written in.

    ``headings`` are those of Markdown's levels from 1 on; deeper levels take the last. ``table`` is a table style and
    draws the borders. ``text_width`` is the width of the type area in twips.
    """

    paragraph: str
    headings: tuple[str, ...]
    list_item: str
    table: str
    table_header: str
    table_cell: str
    text_width: int = TEXT_WIDTH


def render_blocks(blocks: Iterable[Block], styles: BlockStyles) -> SoundMarkup:
    """Return the paragraphs and tables of ``blocks`` as they stand in a document's body; nothing for no blocks.

    A numbered item is an ordinary paragraph that begins with its number as typed; other items have the list's style,
    to which the form gives the bullet.
    """
    out: list[str] = []
    after_table = False
    for block in blocks:
        is_table = isinstance(block, Table)
        if is_table and after_table:  # Word would make one table of the two
            out.append(_paragraph((), styles.paragraph))
        out.append(_table(block, styles) if isinstance(block, Table) else _text_block(block, styles))
        after_table = is_table
    return sound_markup("".join(out))


def _text_block(block: Block, styles: BlockStyles) -> str:
    if isinstance(block, Heading):
        headings = styles.headings or (styles.paragraph,)
        return _paragraph(block.runs, headings[min(block.level, len(headings)) - 1])
    assert not isinstance(block, Table)
    if not isinstance(block, ListItem):
        return _paragraph(block.runs, styles.paragraph)
    indent = ""
    if block.level:
        characters = block.level * _INDENT
        indent = f'<w:ind w:leftChars="{characters * 100}" w:left="{characters * _CHARACTER}"/>'
    if not block.ordered:
        return _paragraph(block.runs, styles.list_item, indent)
    # Markdown wants a blank after the number, Chinese typography none; before Latin letters and digits it is needed.
    blank = " " if plain(block.runs[:1])[:1].isascii() else ""
    return _paragraph((Text(block.number + blank), *block.runs), styles.paragraph, indent)


def _paragraph(runs: Runs, style: str, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{_runs(runs)}</w:p>'


def _runs(runs: Runs) -> str:
    out = []
    for run in runs:
        if not isinstance(run, Text):
            out.append("<w:r><w:br/></w:r>")
            continue
        bold = "<w:b/>" if run.bold else ""
        italic = "<w:i/>" if run.italic else ""
        properties = f"<w:rPr>{bold}{italic}</w:rPr>" if bold or italic else ""
        out.append(f'<w:r>{properties}<w:t xml:space="preserve">{_escaped(run.text)}</w:t></w:r>')
    return "".join(out)


def _escaped(text: str) -> str:
    """Return a text as XML has it; Chinese text seldom has any of the signs, and ``replace`` finds that out fastest."""
    if not text.isprintable():
        text = wml.NOT_XML.sub("", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _table(table: Table, styles: BlockStyles) -> str:
    widths = _widths(table, styles.text_width)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_row(row, table, widths, styles.table_cell, "") for row in table.rows)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{styles.table}"/><w:tblW w:w="5000" w:type="pct"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
        f'w:lastColumn="0" w:noHBand="0" w:noVBand="0"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{_row(table.header, table, widths, styles.table_header, '<w:tblHeader/>')}{rows}</w:tbl>"
    )


def _row(row: tuple[Runs, ...], table: Table, widths: list[int], style: str, header: str) -> str:
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f"{_paragraph(runs, style, _aligned(alignment))}</w:tc>"
        for runs, width, alignment in zip(row, widths, table.alignments, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{cells}</w:tr>"


def _aligned(alignment: Alignment | None) -> str:
    return f'<w:jc w:val="{alignment.value}"/>' if alignment else ""


def _widths(table: Table, total: int) -> list[int]:
    """Share the total width among the columns by their longest line; the shares add up to it exactly."""
    columns = zip(table.header, *table.rows, strict=True)
    measures = [min(max(_NARROWEST, *map(_measure, column)), _WIDEST) for column in columns]
    whole = sum(measures)
    edges = [total * sum(measures[:index]) // whole for index in range(len(measures) + 1)]
    return [right - left for left, right in pairwise(edges)]


def _measure(runs: Runs) -> int:
    """Return the length of the longest line in half-width characters."""
    return max(len(line.encode("gb18030", "replace")) for line in plain(runs).split("\n")) + 2  # the cell's margins
