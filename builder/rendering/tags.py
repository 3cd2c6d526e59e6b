r"""Tags as people type them → tags as Jinja reads them.

A Chinese input method types ｛｛ 收入．合计 ｜ 万元（“明细”）｝｝; Word and WPS split a tag over several runs.
Here each tag of a paragraph is found in the paragraph's text, its punctuation outside string literals is made
half-width, and it is put back whole into the run in which it began. String literals keep every character: what
Jinja or docxtpl would misread in them is written as ``\u…``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from builder.rendering import wml

OPENING = re.compile(r"[{｛](?:[{｛]|[%％]|[#＃])")
CLOSING = re.compile(r"[}｝%％#＃][}｝]")
_CLOSERS = {"{": re.compile(r"[}｝][}｝]"), "%": re.compile(r"[%％][}｝]"), "#": re.compile(r"[#＃][}｝]")}
_STRAY = re.compile(r"[}｝][}｝]|[%％][}｝]")
_HALF = str.maketrans(
    {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)}
    | {
        "。": ".",
        "、": ",",
        "【": "[",
        "】": "]",
        "《": "<",
        "》": ">",
        "〈": "<",
        "〉": ">",
        "\u3000": " ",
        "\xa0": " ",
    }
    | {"×": "*", "÷": "/", "≥": ">=", "≤": "<=", "≠": "!="}
    | dict.fromkeys("\u200b\u200c\u200d\ufeff\u2060")
    | dict.fromkeys("\n\r\t", " ")
)
_DOUBLE, _SINGLE = '"＂“”„', "'＇‘’‚"
_NESTED = {"“": "”", "‘": "’"}
_ESCAPED = set("“”‘’\"'{}%#&<>")
_PREFIX = {
    "%": re.compile(r"^\s*(tr|tc|p|r)\s+"),
    # 「{{ p }}」 and 「{{ r if 多行 else 0 }}」 print a name
    "{": re.compile(r"^\s*(tr|tc|p|r)\s+(?!(?:if|is|in|and|or|not|else)\b)(?=\w)"),
}
_MARK = re.compile("\ufdd0(\\d+)\ufdd1")


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: what it prints or does, as Jinja reads it, and where it stands."""

    kind: str  # 「{」 prints, 「%」 does, 「#」 is a remark
    prefix: str  # tr, tc, p, r: the tag stands for its whole row, cell, paragraph, run; or empty
    body: str
    typed: str
    place: int  # index into the part's list of places

    def source(self, *, marked: bool = True) -> str:
        """Return the tag in docxtpl's language; marked, it carries its place (see ``mark_lines``)."""
        body, dash_before, dash_after = self.body, "", ""
        if body.startswith("-"):
            dash_before, body = "-", body[1:]
        if body.endswith("-"):
            dash_after, body = "-", body[:-1]
        words = body.split()
        marked = marked and self.kind != "#" and words not in (["vm"], ["hm"])
        mark = f"\ufdd0{self.place}\ufdd1" if marked else ""
        end = "}" if self.kind == "{" else self.kind
        return f"{{{self.kind}{dash_before}{self.prefix} {body.strip()} {mark}{dash_after}{end}}}"


@dataclass(frozen=True, slots=True)
class BrokenTag:
    """A tag that cannot be read: what is wrong with it."""

    place: int
    message: str


def mark_lines(source: str) -> tuple[str, list[int]]:
    """Turn the place marks in a compiled source into line breaks inside the tags.

    Returns the text and, for each of its lines, the place of the tag that ends it, so that the line number in a Jinja
    error leads back to the paragraph, even where docxtpl's row and paragraph tags have taken the paragraph away.
    """
    places = [int(found) for found in _MARK.findall(source)]
    return _MARK.sub("\n", source), places


def without_marks(source: str) -> str:
    """Return a source with the place marks taken out."""
    return _MARK.sub("", source)


class _Atoms:
    """The text of one paragraph as one string, and the elements it lies in."""

    def __init__(self, paragraph: wml.Element) -> None:
        self.elements = [e for e in wml.own(paragraph, "t", "tab", "br", "cr", "noBreakHyphen") if wml.in_run(e)]
        self.pieces = [(e.text or "") if e.tag == wml.w("t") else "\n" for e in self.elements]
        self.text = "".join(self.pieces)

    def replace(self, spans: list[tuple[int, int, str]]) -> None:
        """Replace each (start, end) of the text by the new string, put into the element in which it began."""
        offset = 0
        for element, piece in zip(self.elements, self.pieces, strict=True):
            begin, end = offset, offset + len(piece)
            offset = end
            touched = [span for span in spans if span[0] < end and span[1] > begin]
            if not touched:
                continue
            if element.tag != wml.w("t"):
                element.getparent().remove(element)  # type: ignore[union-attr]
                continue
            parts, at = [], begin
            for start, stop, new in touched:
                parts.append(self.text[at : max(start, begin)])
                parts.append(new if start >= begin else "")
                at = min(stop, end)
            parts.append(self.text[at:end])
            wml.set_text(element, "".join(parts))


def normalise_paragraph(paragraph: wml.Element, place: int) -> tuple[list[Tag], list[BrokenTag]]:
    """Make the tags of a paragraph whole and half-width, in place; return them and those that cannot be read."""
    atoms = _Atoms(paragraph)
    tags, broken, spans = [], [], []
    for start, end, found in find_tags(atoms.text, place):
        if isinstance(found, BrokenTag):
            broken.append(found)
        else:
            tags.append(found)
            spans.append((start, end, found.source()))
    atoms.replace(spans)
    return tags, broken


def find_tags(text: str, place: int = 0) -> list[tuple[int, int, Tag | BrokenTag]]:
    """Return the tags of a paragraph's text in order, each with its start and end."""
    found: list[tuple[int, int, Tag | BrokenTag]] = []
    at = 0
    while opening := OPENING.search(text, at):
        kind = opening[0][1].translate(_HALF)
        stray = _STRAY.search(text, at, opening.start())
        if stray:
            found.append((stray.start(), stray.end(), _stray(text, stray, place)))
        closing = _CLOSERS[kind].search(text, opening.end())
        another = OPENING.search(text, opening.end())
        if closing is None or (another and another.start() < closing.start()):
            end = another.start() if another else len(text)
            wanted = "}}" if kind == "{" else f"{kind}}}"
            typed = wml.shortened(text[opening.start() : end])
            message = f"标签「{typed}」没有写完，缺少结尾的 {wanted}（标签不能跨段落）。"
            found.append((opening.start(), end, BrokenTag(place, message)))
            at = end
            continue
        typed = text[opening.start() : closing.end()]
        found.append((opening.start(), closing.end(), _read(kind, text[opening.end() : closing.start()], typed, place)))
        at = closing.end()
    if stray := _STRAY.search(text, at):
        found.append((stray.start(), stray.end(), _stray(text, stray, place)))
    return found


def _stray(text: str, stray: re.Match[str], place: int) -> BrokenTag:
    typed = wml.shortened(text[max(0, stray.start() - 12) : stray.end()])
    wanted = "{{" if stray[0][0] in "}｝" else "{%"
    return BrokenTag(place, f"「{typed}」有结尾，前面却没有 {wanted}。请补上，或删去多余的括号。")


def _read(kind: str, inner: str, typed: str, place: int) -> Tag | BrokenTag:
    if kind == "#":
        return Tag("#", "", re.sub(r"[{}%#<>&]", " ", inner.translate(_HALF)), typed, place)
    try:
        body = half_width(inner)
    except ValueError:
        return BrokenTag(place, f"标签「{wml.shortened(typed)}」里的引号没有成对。")
    prefix = _PREFIX[kind].match(body)
    if prefix:
        return Tag(kind, prefix[1], body[prefix.end() :].rstrip(), typed, place)
    body = body.strip()
    if not body:
        return BrokenTag(place, f"标签「{typed}」是空的。请写上名称，或删去。")
    return Tag(kind, "", body, typed, place)


def half_width(code: str) -> str:
    """Return a tag's inside with half-width punctuation, string literals kept; raise ValueError for an open quote."""
    parts: list[str] = []
    at = 0
    while at < len(code):
        quotes = _DOUBLE if code[at] in _DOUBLE else _SINGLE if code[at] in _SINGLE else ""
        if quotes:
            end = _literal_end(code, at, quotes)
            parts.append("'" + "".join(_escape(char) for char in code[at + 1 : end]) + "'")
            at = end + 1
        else:
            parts.append(code[at].translate(_HALF))
            at += 1
    return "".join(parts)


def _literal_end(code: str, at: int, quotes: str) -> int:
    """Return where the string that begins at ``at`` ends.

    A straight quote is closed by a straight one, so “三公” may stand between them, and a curly one by its partner;
    only where there is none, by any quote of the kind: an input method switched in mid-tag mixes them.
    """
    opening = code[at]
    if opening in _NESTED:
        depth = 0
        for index in range(at, len(code)):
            depth += (code[index] == opening) - (code[index] == _NESTED[opening])
            if depth == 0:
                return index
        same = ""
    else:
        same = quotes[:2] if opening in quotes[:2] else ""
    for accepted in (same, quotes):
        ends = [index for index in range(at + 1, len(code)) if code[index] in accepted]
        if ends:
            return ends[0]
    raise ValueError(code)


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if char in _ESCAPED else char


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paragraph stands in a part, in words, and its text as typed."""

    where: str
    text: str
    in_table: bool = False

    def __str__(self) -> str:
        """Return 第12段「text」, the text shortened."""
        return f"{self.where}「{wml.shortened(self.text)}」"


def placed_paragraphs(root: wml.Element, names: str = "") -> list[tuple[wml.Element, Place]]:
    """Return all paragraphs with their places: 第12段, or 第2个表格第3行 in a table.

    Paragraphs in tables and text boxes do not count, since nobody counting in Word would count them. ``names`` goes
    before (页脚).
    """
    found: list[tuple[wml.Element, Place]] = []
    tables: dict[wml.Element, int] = {}
    rows: dict[wml.Element, int] = {}  # table → rows so far
    count = 0
    for element in root.iter(wml.w("p"), wml.w("tbl"), wml.w("tr")):
        if element.tag == wml.w("tbl"):
            tables[element] = len(tables) + 1
            continue
        table = next(element.iterancestors(wml.w("tbl")), None)
        if element.tag == wml.w("tr"):
            if table is not None:
                rows[table] = rows.get(table, 0) + 1
            continue
        if table is not None:
            where = f"{names}第{tables.get(table, 0)}个表格第{rows.get(table, 0)}行"
        else:
            count += next(element.iterancestors(wml.w("txbxContent")), None) is None
            where = f"{names}第{max(count, 1)}段"
        found.append((element, Place(where, wml.paragraph_text(element), in_table=table is not None)))
    return found
