"""A document as it comes back from Word, WPS or LibreOffice: its passages, with tracked changes taken as accepted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from builder.findings import Finding, InputError
from builder.rendering import wml
from builder.rendering.marks import PREFIX
from builder.rendering.parts import Package, open_part, source_of
from builder.rendering.passages import Passage, Walk
from builder.rendering.styles import StyleSheet

TITLE = "{http://purl.org/dc/elements/1.1/}title"
MARK = re.compile(rf"({PREFIX}[0-9a-f]+)(?:_([0-9a-f]{{6}}))?(?:_[0-9]+)?")
"""The name of a mark, of the text that it was made around, and how often the same text is printed."""
GONE, COME = ("del", "moveFrom"), ("ins", "moveTo")


@dataclass(frozen=True, slots=True)
class Edited:
    """What a document says now.

    ``name`` is the file's, ``title`` the document's own (文件属性); ``revisions`` and ``comments`` are how many tracked
    changes and comments stand in it; ``marked`` whether it has marks of this program.
    """

    name: str
    passages: tuple[Passage, ...]
    title: str
    revisions: int
    comments: int
    marked: bool


def read_edited(path: Path, root: Path) -> Edited:
    """Read a document that may have been edited. Raises InputError where it is missing, or no .docx to be read."""
    if not path.is_file():
        raise InputError(Finding("找不到这个文件；请检查文件名，文件夹也要写上", source_of(path, root)))
    package = open_part(path, root)
    styles = package.related(package.main, "styles")
    body = package.body()
    revisions = accept_revisions(body)
    passages = Walk(StyleSheet(package.xml(styles) if styles else None)).passages(body)
    return Edited(
        path.name,
        tuple(passage for passage in passages if passage.text.strip()),
        _title(package), revisions, _comments(package),
        any(segment.mark for passage in passages for segment in passage.segments),
    )


def _title(package: Package) -> str:
    core = next((rel.target for rel in package.relationships("") if rel.kind == "core-properties"), "")
    return (package.xml(core).findtext(TITLE) or "").strip() if core in package.members else ""


def _comments(package: Package) -> int:
    member = package.related(package.main, "comments")
    return len(package.xml(member).findall(wml.w("comment"))) if member else 0


def mark_of(name: str) -> str:
    """Return the name of a text's mark from that of one of its places; nothing for none."""
    return found[1] if (found := MARK.fullmatch(name)) else name


def digests_of(passages: Iterable[Passage]) -> dict[str, str]:
    """Return the digests of the texts that were printed when a document was made, by their marks; none of old ones."""
    found = (MARK.fullmatch(segment.mark) for passage in passages for segment in passage.segments if segment.mark)
    return {one[1]: one[2] for one in found if one is not None and one[2]}


def accept_revisions(body: wml.Element) -> int:
    """Accept the tracked changes of a document's body, and return how many there were."""
    came = len(list(body.iter(*map(wml.w, COME))))
    gone = [element for element in body.iter(*map(wml.w, GONE)) if element.getparent() is not None]
    for element in gone:
        parent = element.getparent()
        assert parent is not None
        if wml.local(parent) == "trPr":
            row = parent.getparent()
            if row is not None:
                _take_out(row)
        elif wml.local(parent) == "rPr":
            _join_with_next(element)
        else:
            _take_out(element)
    return came + len(gone)


def _take_out(element: wml.Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _join_with_next(mark: wml.Element) -> None:
    """Join a paragraph whose end was deleted with the next one, whose looks it takes."""
    paragraph = next(mark.iterancestors(wml.w("p")), None)
    following = paragraph.getnext() if paragraph is not None else None
    if paragraph is None or following is None or following.tag != wml.w("p"):
        return
    at = 1 if wml.child(following, "pPr") is not None else 0
    for number, child in enumerate(kept for kept in list(paragraph) if kept.tag != wml.w("pPr")):
        following.insert(at + number, child)
    _take_out(paragraph)
