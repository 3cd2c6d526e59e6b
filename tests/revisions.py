"""Tracked changes read, accepted and rejected by a few lines of the tests' own, as ECMA-376 part 1, 17.13.5 says."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any, TypeAlias

import validators
from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RESOLVER = validators.TOOLS / "accept_reject.py"
UNO_MISSING = "no Python with LibreOffice's uno: apt-get install python3-uno"
TEXT = {"t": "", "delText": "", "tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}

Lines: TypeAlias = list[Any]
"""Paragraphs as texts, tables as lists of rows, rows as lists of cells, and these lists of the like again."""


def content(docx: bytes, member: str = "word/document.xml") -> Lines:
    """Return all that stands in a document without tracked changes."""
    root = _root(docx, member)
    assert not list(root.iter(f"{W}ins", f"{W}del", f"{W}delText"))
    return _content(root)


def accepted(docx: bytes, member: str = "word/document.xml") -> Lines:
    """Return what stands in a document when all changes are accepted."""
    return _resolved(_root(docx, member), "del", "ins")


def rejected(docx: bytes, member: str = "word/document.xml") -> Lines:
    """Return what stands in a document when all changes are rejected."""
    return _resolved(_root(docx, member), "ins", "del")


def marked(docx: bytes, member: str = "word/document.xml") -> list[str]:
    """Return the paragraphs and rows with changes: 决算[763.41]{736.41}万元, whole ones with + or - before them."""
    root = _root(docx, member)
    found = []
    for element in root.iter(f"{W}p", f"{W}tr"):
        if next(element.iterancestors(f"{W}tr"), None) is not None:
            continue
        properties = f"{W}trPr" if element.tag == f"{W}tr" else f"{W}pPr/{W}rPr"
        kinds = {"ins": "+", "del": "-"}
        sign = "".join(kinds[kind] for kind in kinds if element.find(f"{properties}/{W}{kind}") is not None)
        if element.tag == f"{W}tr":
            text = " | ".join("".join(map(_marked, cell.iter(f"{W}p"))) for cell in element.iter(f"{W}tc"))
        else:
            text = _marked(element)
        if sign or "[" in text or "{" in text:
            found.append(sign + text)
    return found


def _marked(paragraph: Any) -> str:
    pieces: list[list[str]] = []
    for element in _texts(paragraph):
        kind = next((a.tag for a in element.iterancestors(f"{W}ins", f"{W}del")), "")
        if not pieces or pieces[-1][0] != kind:
            pieces.append([kind, ""])
        pieces[-1][1] += _text(element)
    around = {f"{W}ins": "{%s}", f"{W}del": "[%s]", "": "%s"}
    return "".join(around[kind] % text for kind, text in pieces)


def _root(docx: bytes, member: str) -> Any:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return etree.fromstring(archive.read(member))


def _resolved(root: Any, going: str, staying: str) -> Lines:
    for row in list(root.iter(f"{W}tr")):
        if row.find(f"{W}trPr/{W}{going}") is not None:
            row.getparent().remove(row)
    for table in list(root.iter(f"{W}tbl")):
        if table.find(f"{W}tr") is None:
            table.getparent().remove(table)
    for change in _wrapped(root, going):
        change.getparent().remove(change)
    for paragraph in reversed(list(root.iter(f"{W}p"))):
        if paragraph.find(f"{W}pPr/{W}rPr/{W}{going}") is not None:
            _end_removed(paragraph)
    for change in _wrapped(root, staying):
        for run in change:
            change.addprevious(run)
        change.getparent().remove(change)
    return _content(root)


def _wrapped(root: Any, kind: str) -> list[Any]:
    """Return the elements around what came or went; those in properties mark ends and rows."""
    return [each for each in root.iter(f"{W}{kind}") if each.getparent().tag not in (f"{W}rPr", f"{W}trPr")]


def _end_removed(paragraph: Any) -> None:
    """Join a paragraph whose end goes with the next one; before a table it goes as a whole, when nothing is in it."""
    rest = [child for child in paragraph if child.tag != f"{W}pPr"]
    following = paragraph.getnext()
    if following is not None and following.tag == f"{W}p":
        place = 1 if following.find(f"{W}pPr") is not None else 0
        for child in reversed(rest):
            following.insert(place, child)
    else:
        assert following is not None, "the last paragraph's end cannot go"
        assert following.tag == f"{W}tbl", following.tag
        assert not list(_texts(paragraph)), "text before a table without a paragraph"
    paragraph.getparent().remove(paragraph)


def _content(container: Any) -> Lines:
    lines: Lines = []
    for element in container:
        if element.tag == f"{W}p":
            lines.append("".join(map(_text, _texts(element))))
            lines += [_content(box) for box in element.iter(f"{W}txbxContent")]
        elif element.tag == f"{W}tbl":
            lines.append([[_content(cell) for cell in row.iter(f"{W}tc")] for row in element.iter(f"{W}tr")])
        elif element.tag in (f"{W}body", f"{W}sdt", f"{W}sdtContent"):
            lines += _content(element)
    return lines


def _texts(paragraph: Any) -> list[Any]:
    box = next(paragraph.iterancestors(f"{W}txbxContent"), None)
    return [
        element
        for element in paragraph.iter(*(f"{W}{name}" for name in TEXT))
        if element.getparent().tag == f"{W}r" and next(element.iterancestors(f"{W}txbxContent"), None) is box
    ]


def _text(element: Any) -> str:
    return TEXT[etree.QName(element).localname] or element.text or ""


def find_uno() -> tuple[Path, dict[str, str]] | None:
    """Return a Python that knows LibreOffice, and what its environment must have; None where there is none."""
    soffice = validators.find_soffice()
    if soffice is None:
        return None
    program = soffice.resolve().parent
    inside = [program / "python", program / "python.exe"]
    for python in [*inside, *(Path(found) for name in ("python3", "python") if (found := _system(name)))]:
        environment = {"PYTHONPATH": str(program)}
        if python.exists() and not subprocess.run(
            [python, "-c", "import uno"], env=os.environ | environment, capture_output=True, check=False
        ).returncode:
            return python, environment
    return None


def _system(name: str) -> str | None:
    """Return the system's own Python, not that of a virtual environment."""
    outside = os.pathsep.join(path for path in os.defpath.split(os.pathsep) if path)
    return shutil.which(name, path=outside)


def by_libreoffice(
    found: tuple[Path, dict[str, str]], action: str, docx: dict[str, bytes], folder: Path
) -> dict[str, bytes]:
    """Return documents by name with all changes resolved (``accept`` or ``reject``) by LibreOffice."""
    python, environment = found
    folder.mkdir(parents=True)
    paths: list[Path] = []
    for number, data in enumerate(docx.values()):
        source = folder / f"{number}.docx"
        source.write_bytes(data)
        paths += (source, folder / f"{number}-{action}.docx")
    (folder / "profile").mkdir()
    command = [str(each) for each in (python, RESOLVER, validators.find_soffice(), folder / "profile", action, *paths)]
    subprocess.run(command, env=os.environ | environment, check=True, capture_output=True, timeout=300)
    return {name: path.read_bytes() for name, path in zip(docx, paths[1::2], strict=True)}
