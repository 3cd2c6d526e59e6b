"""Word documents edited by a script as people edit them, and what of a unit's texts can be edited in its document."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml
from lxml import etree
from workspaces import ROOT

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAIN = "word/document.xml"
Element = etree._Element
AMOUNT = re.compile(r"(?<![\d.,])\d{1,3}(?:,?\d{3})*\.\d{1,2}(?=万元|\s*万元)")
CELL = re.compile(r"\d{1,3}(?:,?\d{3})*\.\d{2}")
ADDED = "（改过）"


def w(name: str) -> str:
    return f"{{{W}}}{name}"


class WordFile:
    """A .docx whose text is changed in its XML."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.members = {info.filename: archive.read(info) for info in archive.infolist()}
        self.root = etree.fromstring(self.members[MAIN])

    @property
    def paragraphs(self) -> list[Element]:
        return list(self.root.iter(w("p")))

    @property
    def text(self) -> str:
        """The text of all paragraphs, as it is now."""
        return "\n".join(map(text_of, self.paragraphs))

    def paragraph(self, text: str) -> Element:
        """Return the one paragraph in which a text stands, once."""
        found = [paragraph for paragraph in self.paragraphs if text in text_of(paragraph)]
        assert len(found) == 1, f"{text!r} stands in {len(found)} paragraphs"
        assert text_of(found[0]).count(text) == 1
        return found[0]

    def replace(self, old: str, new: str) -> None:
        """Replace a text that stands once in the document, as Word saves it: what is typed is a run of its own."""
        replace_in(self.paragraph(old), old, new)

    def save(self, path: Path) -> Path:
        members = {**self.members, MAIN: etree.tostring(self.root, xml_declaration=True, encoding="UTF-8")}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return path


def text_of(paragraph: Element) -> str:
    return "".join(text.text or "" for text in texts_of(paragraph))


def texts_of(paragraph: Element) -> list[Element]:
    return [text for text in paragraph.iter(w("t")) if next(text.iterancestors(w("p"))) is paragraph]


def replace_in(paragraph: Element, old: str, new: str) -> None:
    """Replace a text of a paragraph: the runs are split before and after it, with rsids and proofErr between."""
    begin = text_of(paragraph).index(old)
    end, at, put = begin + len(old), 0, False
    for text in texts_of(paragraph):
        words = text.text or ""
        first, last = max(begin - at, 0), min(end - at, len(words))
        at += len(words)
        if first >= last:
            continue
        run = text.getparent()
        assert run is not None
        look = run.find(w("rPr"))
        pieces = [words[:first], "" if put else new, words[last:]]
        put = True
        following = list(text.itersiblings())
        text.text = pieces[0]
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        last_run = run
        for piece in pieces[1:]:
            made = etree.Element(w("r"), {w("rsidR"): "00A1B2C3"})
            if look is not None:
                made.append(etree.fromstring(etree.tostring(look)))
            etree.SubElement(made, w("t"), {"{http://www.w3.org/XML/1998/namespace}space": "preserve"}).text = piece
            last_run.addnext(made)
            made.addprevious(etree.Element(w("proofErr"), {w("type"): "gramStart"}))
            last_run = made
        for element in following:
            last_run.append(element)
    assert put


@dataclass(frozen=True)
class Written:
    """A text of a file that stands once in the document."""

    file: str
    text: str


def reasons(unit: str, year: int, document: WordFile) -> list[Written]:
    file = f"content/{unit}/{year}/说明.yaml"
    data = yaml.load((ROOT / file).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    found = (entry for entries in data["原因"].values() for entry in entries.values() if isinstance(entry, str))
    return unique(document, [Written(file, text.rstrip("。")) for text in found])


def notes_and_forms(unit: str, year: int, document: WordFile) -> list[Written]:
    """The texts of 说明.yaml and of 绩效, those that are sentences or at least phrases."""
    folder = ROOT / "content" / unit / str(year)
    found = []
    for path in (folder / "说明.yaml", *sorted((folder / "绩效").glob("*.yaml"))):
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        file = path.relative_to(ROOT).as_posix()
        values = data.get("文本", {}) if path.name == "说明.yaml" else data
        found += [Written(file, text) for text in leaves(values) if len(text) > 8]
    return unique(document, found)


def leaves(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in leaves(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in leaves(inner)]
    return [str(value)] if value else []


def long_lines(unit: str, year: int, document: WordFile) -> list[Written]:
    """The lines of long texts, without marks of Markdown."""
    folder = ROOT / "content" / unit / str(year)
    found = []
    for path in sorted(folder.glob("*.md")):
        file = path.relative_to(ROOT).as_posix()
        for line in path.read_text(encoding="utf-8").splitlines():
            text = line.strip().lstrip("#- ").strip()
            if len(text) > 12 and not re.search(r"[*|\\]", text):
                found.append(Written(file, text))
    return unique(document, found)


def fixed_words(style_parts: list[Path], document: WordFile) -> list[Written]:
    """The words of a form's parts between tags."""
    found = []
    for path in style_parts:
        part = WordFile(path.read_bytes())
        file = path.relative_to(ROOT).as_posix()
        for paragraph in part.paragraphs:
            words = re.split(r"\{[{%].*?[}%]\}", text_of(paragraph))
            found += [Written(file, text.strip()) for text in words if len(text.strip()) > 8]
    return unique(document, found)


def unique(document: WordFile, found: list[Written]) -> list[Written]:
    texts, printed = [one.text for one in found], document.text
    files = {one.file: (ROOT / one.file).read_bytes() for one in found}
    return [
        one for one in found
        if texts.count(one.text) == 1 and files[one.file].count(one.text.encode()) < 2 and printed.count(one.text) == 1
    ]


def amounts_in_sentences(document: WordFile, foreign: str) -> list[str]:
    """Amounts in sentences that nobody has typed: with some words before, so that they stand once."""
    found, printed = [], document.text
    for paragraph in document.paragraphs:
        if next(paragraph.iterancestors(w("tbl")), None) is not None:
            continue
        text = text_of(paragraph)
        for amount in AMOUNT.finditer(text):
            words = text[max(0, amount.start() - 8) : amount.end()]
            if amount[0] not in foreign and len(words) > len(amount[0]) and printed.count(words) == 1:
                found.append(words)
    return found


def amount_cells(document: WordFile) -> list[Element]:
    """The paragraphs of cells in the published tables that hold an amount."""
    tables = [table for table in document.root.iter(w("tbl")) if len(list(table.iter(w("tr")))) > 6][:6]
    return [p for table in tables for p in table.iter(w("p")) if CELL.fullmatch(text_of(p))]


T = TypeVar("T")


def spread(found: list[T], count: int) -> list[T]:
    """Return so many of them, from all over the document."""
    assert found
    step = max(1, len(found) // count)
    return found[::step][:count]


def middle(text: str) -> tuple[str, str]:
    """Return the two halves of a text."""
    return text[: len(text) // 2], text[len(text) // 2 :]
