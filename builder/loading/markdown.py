"""Long texts (*.md): Markdown as an accountant types it, read into blocks.

Where Markdown and the habits of official documents part, the habit wins:

- **A new line is a new paragraph**; in Markdown it would go on with the same one. So every line is a block by itself,
  but for the rows of a table, and what makes a block is read here line by line; what stands within a line (bold,
  italic, links, backslashes) is read by the ``markdown`` library.
- **Numbers are as typed.** ``3. 收入`` stays 3 and is not renumbered; 「（一）」「一、」「1、」 begin
  ordinary paragraphs.
- **Indents do not matter**, except to nest the items of a list: full-width spaces and blanks at the start of a line
  are the habit of typing, and the form's paragraph style has the indent. An indented line is no code block.
- **``&``, ``<``, ``#3``, ``3*5`` are themselves.** There is no HTML (but ``<br>``, a new line in a table's cell).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.blocks import Alignment, Block, Heading, ListItem, Paragraph, Runs, Table, Text, plain
from builder.findings import Finding, Level, Source
from builder.loading.characters import UNUSUAL, character_findings, may_have_findings, normalised, without_refused
from builder.loading.inline import InlineReader

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 2_000_000  # a thousand pages of text; more is a wrong file
_MEGABYTE = 1_000_000
_BLANK = " \t\u3000\xa0"
_TAB = 4
_HEADING = re.compile(r"(#{1,6})(?:[ \t]+|(?=[\u4e00-\u9fff（“《「]))(.+?)(?:[ \t]+#+)?")
_BULLET = re.compile(r"[-*+][ \t]+(.+)")
_NUMBERED = re.compile(r"(\d{1,9}\.)[ \t]+(.+)")
_RULE = re.compile(r"([-*_=])(?:[ \t]*\1){2,}")
_DELIMITER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_PIPE = re.compile(r"(?<!\\)\|")
_REFUSED = (
    (re.compile(r"(?<!\\)!\[[^\]]*\]\([^)]*\)"), "长文里不能放图片（{}）；图片请由样式的 Word 部件提供，这里请删去。"),
    (
        re.compile(r"<!--|<(?!br\s*/?>)/?[A-Za-z][A-Za-z0-9-]*(?:\s+[\w:-]+\s*=[^<>]*)?\s*/?>"),
        "这里有网页标记 {}，长文不认网页标记；加粗请写 **文字**，要印出尖括号请用全角的〈 〉。",
    ),
    (re.compile(r"^[ \t]*(?:```|~~~)"), "长文里不能有代码块（{}）；请删去这一行，正文直接写。"),
)
_DOUBTFUL = (
    (re.compile(r"(?<=.)\t"), "这一行里有制表符，可能是从 Excel 粘贴的表格；已当作空格。表格请写成 | 列一 | 列二 |。"),
    (
        re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]{2,8});"),
        "「{}」是网页里的写法，这里会照原样印出；请直接写那个字符。",
    ),
    (re.compile(r"^>(?=[ \t])"), "长文没有引用格式，行首的「{}」会照原样印出；不需要请删去。"),
)
_DOUBTFUL_SIGN = re.compile(r"[!<`~\t&>]")
"""What a line must have for one of these to be found in it."""
_BLOCK_SIGN = re.compile(r"[-*+_=|#]")
"""What a line begins with that is neither a paragraph nor numbered."""
_NOT_PLAIN = re.compile(rf"[{UNUSUAL}!<`~\t&>*_\[\\|]")
"""What a text must have for anything in it to be found, changed or read as more than words; most texts have none."""


def parse_markdown(text: str, path: str) -> tuple[list[Block], list[Finding]]:
    """Return the blocks of a long text and what is wrong or doubtful in it, by line of the file ``path``.

    The blocks never hold a character that XML does not know, even where there are errors. An empty file and one of
    more than ``MAX_BYTES`` give an error and no blocks.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        message = (
            f"文件有 {size / _MEGABYTE:.1f} MB，超过长文的上限 {MAX_BYTES // _MEGABYTE} MB；"
            "请检查是不是放错了文件，或删去不属于正文的内容。"
        )
        return [], [Finding(message, Source(path))]
    parser = _Parser(text, path)
    blocks = list(parser.blocks())
    if not blocks and not parser.findings:
        return [], [Finding("文件是空的；请写入内容，没有这部分内容就删去这个文件。", Source(path))]
    return blocks, sorted(parser.findings, key=lambda finding: finding.source or Source(path))


def placed_blocks(text: str) -> list[tuple[Block, int, int]]:
    """Return the blocks of a long text, each with its first line and the one after its last, from 0."""
    return list(_Parser(text, "").placed())


class _Parser:
    """One reading of one text."""

    def __init__(self, text: str, path: str) -> None:
        self.findings: list[Finding] = []
        self._path = path
        self._inline = InlineReader()
        self._is_plain = not _NOT_PLAIN.search(text)
        if not self._is_plain:
            text = normalised(text)
        self._lines = text.split("\n")
        if not self._is_plain and (may_have_findings(text) or _DOUBTFUL_SIGN.search(text)):
            self._lines = [self._checked(line, number) for number, line in enumerate(self._lines, 1)]
        self._has_tables = "|" in text
        self._indents: list[int] = []  # of the open list's levels

    def blocks(self) -> Iterator[Block]:
        yield from (block for block, _first, _end in self.placed())

    def placed(self) -> Iterator[tuple[Block, int, int]]:
        lines = self._lines
        position = 0
        while position < len(lines):
            if self._has_tables and (columns := self._table_at(position)):
                end = position + 2
                while end < len(lines) and _PIPE.search(lines[end]):
                    end += 1
                yield self._table(position, end, columns), position, end
                position = end
                continue
            line = lines[position].strip(_BLANK)
            position += 1
            if line and (block := self._block(line, position)):
                if not isinstance(block, ListItem):
                    self._indents = []
                yield block, position - 1, position

    def _block(self, line: str, number: int) -> Block | None:
        if "0" <= line[0] <= "9" and (item := _NUMBERED.fullmatch(line)):
            return ListItem(self._runs(item[2], number), self._level(number), ordered=True, number=item[1])
        if not _BLOCK_SIGN.match(line):
            return Paragraph(self._runs(line, number))
        if _RULE.fullmatch(line):
            self._note(f"分隔线（{line[:3]}）不会印出，已略去；不需要请删去这一行。", number)
            return None
        if line.startswith("|"):
            self._note("这一行像是表格，但下一行不是 |---|---| 这样的分隔行；请在表头下面补上。", number, Level.ERROR)
        if heading := _HEADING.fullmatch(line):
            return Heading(len(heading[1]), self._runs(heading[2], number))
        if bullet := _BULLET.fullmatch(line):
            return ListItem(self._runs(bullet[1], number), self._level(number))
        return Paragraph(self._runs(line, number))

    def _level(self, number: int) -> int:
        """Return how deep a list's item on this line is nested: deeper than an item it is indented further than."""
        line = self._lines[number - 1]
        blank = line[: len(line) - len(line.lstrip(_BLANK))]
        indent = blank.count(" ") + _TAB * blank.count("\t")
        while self._indents and self._indents[-1] > indent:
            self._indents.pop()
        if not self._indents or self._indents[-1] < indent:
            self._indents.append(indent)
        return len(self._indents) - 1

    def _table_at(self, position: int) -> int:
        """Return the number of columns of the table that begins with this line, 0 where none does."""
        if position + 1 >= len(self._lines) or not _PIPE.search(self._lines[position]):
            return 0
        delimiter = self._lines[position + 1].strip(_BLANK)
        if not _DELIMITER.fullmatch(delimiter) or not _PIPE.search(delimiter):
            return 0
        return len(_cells(self._lines[position]))

    def _table(self, start: int, end: int, columns: int) -> Table:
        rows = []
        for number, line in enumerate(self._lines[start:end], start + 1):
            cells = _cells(line)
            if len(cells) != columns:
                level = Level.ERROR if len(cells) > columns or number == start + 2 else Level.WARNING
                advice = "格子里的竖线请写成 \\|" if len(cells) > columns else "缺的格子请留空并补上竖线"
                self._note(f"表格的这一行有 {len(cells)} 格，表头却有 {columns} 格；{advice}。", number, level)
            rows.append((cells + [""] * columns)[:columns])
        alignments = tuple(map(_alignment, rows[1]))
        header, *body = (
            tuple(self._runs(cell, number) for cell in row)
            for number, row in enumerate(rows, start + 1)
            if number != start + 2
        )
        return Table(header, tuple(body), alignments)

    def _runs(self, text: str, number: int) -> Runs:
        if self._is_plain:
            return (Text(text),) if text else ()
        runs, links = self._inline.read(text)
        for link in links:
            self._note(f"链接「{link}」只印出文字，不印出网址；需要网址请直接写出来。", number)
        if "**" in text and "**" in plain(runs):
            self._note("这里有不成对的 **，会照原样印出；加粗请在前后各写两个星号。", number)
        return runs

    def _checked(self, line: str, number: int) -> str:
        """Record what is wrong with a line; return it as it can be printed."""
        self.findings.extend(character_findings(line, self._path, number))
        for level, patterns in ((Level.ERROR, _REFUSED), (Level.WARNING, _DOUBTFUL)):
            for pattern, message in patterns:
                if found := pattern.search(line.strip(_BLANK)):
                    self._note(message.format(found.group()), number, level)
        return without_refused(line)

    def _note(self, message: str, number: int, level: Level = Level.WARNING) -> None:
        self.findings.append(Finding(message, Source(self._path, number), level))


def _cells(line: str) -> list[str]:
    """Return the cells of a table's row; its outer bars may be missing."""
    line = line.strip(_BLANK).removeprefix("|")
    cells = _PIPE.split(line)
    if len(cells) > 1 and not cells[-1].strip(_BLANK):
        cells.pop()
    return [cell.strip(_BLANK).replace("\\|", "|") for cell in cells]


def _alignment(delimiter: str) -> Alignment | None:
    left, right = delimiter.startswith(":"), delimiter.endswith(":")
    if left and right:
        return Alignment.CENTER
    return Alignment.LEFT if left else Alignment.RIGHT if right else None
