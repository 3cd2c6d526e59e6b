"""docxtemplater and carbone, which fill Word templates under Node.js, on a document of the same shape.

Their templates are made from a document that was built: in every table, rows that are alike become one row in a loop
with a tag for each cell that holds text, and elsewhere every number becomes a tag. So they have as much text to look
through, and as many values to put in.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

HERE = Path(__file__).resolve().parent
DOCUMENT = "word/document.xml"
ROW = re.compile(r"<w:tr\b(?:(?!<w:tr\b).)*?</w:tr>", re.DOTALL)
TEXT = re.compile(r"(<w:t(?: [^>]*)?>)([^<]+)(</w:t>)")
NUMBER = re.compile(r"\d[\d,.]*")
PATIENCE = 600  # seconds

Tag = Callable[[str], str]
Rows = list[dict[str, str]]


class Unavailable(Exception):  # noqa: N818 - not an error of the program
    """The programs cannot be measured here; the message says why, and what to do."""


def medians(docx: bytes, runs: int) -> dict[str, float]:
    """Return each program's median time for one document, in milliseconds. Raises `Unavailable`."""
    node = _installed()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_templates(docx, folder)
        done = subprocess.run(
            [node, HERE / "others.cjs", folder, str(runs)],
            capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False,
        )
        if done.returncode != 0:
            raise Unavailable(f"没有测 docxtemplater 和 carbone：{done.stderr.strip().splitlines()[-1:]}")
        times: dict[str, float] = json.loads(done.stdout)
        return times


def _installed() -> str:
    """Return Node.js with the packages installed. Raises `Unavailable`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Unavailable("没有测 docxtemplater 和 carbone：这台机器没有 Node.js 和 npm（18 或更新版本）")
    if not (HERE / "node_modules").is_dir():
        command = [npm, "install", "--prefix", str(HERE), "--no-audit", "--no-fund", "--no-package-lock"]
        print("正在用 npm 安装 docxtemplater 和 carbone …", flush=True)
        if subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False).returncode != 0:
            raise Unavailable(f"没有测 docxtemplater 和 carbone：没有装上，可手工运行 {' '.join(command[:4])}")
    return node


def _write_templates(docx: bytes, folder: Path) -> None:
    """Write docxtemplater.docx, carbone.docx and their data.json."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    document = members[DOCUMENT].decode()
    for name, template in (("docxtemplater", _Docxtemplater()), ("carbone", _Carbone())):
        members[DOCUMENT] = template.of(document).encode()
        with zipfile.ZipFile(folder / f"{name}.docx", "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
    (folder / "data.json").write_text(json.dumps(template.data, ensure_ascii=False), encoding="utf-8")


class _Docxtemplater:
    """A document made a template: ``{v1}`` is a value, ``{#t1}…{/t1}`` around a row repeats it."""

    def __init__(self) -> None:
        self.data: dict[str, str | Rows] = {}

    def of(self, document: str) -> str:
        """Return the document with tags, and keep what they stand for in ``data``."""
        pieces: list[str] = []
        at = 0
        for _alike, rows in groupby(ROW.finditer(document), lambda row: TEXT.sub("", row[0])):
            found = list(rows)
            first, last = found[0].start(), found[-1].end()
            if len(found) > 1 and last - first == sum(len(row[0]) for row in found) and TEXT.search(found[0][0]):
                pieces += (self.in_text(document[at:first]), self.in_loop([row[0] for row in found]))
                at = last
        return "".join((*pieces, self.in_text(document[at:])))

    def in_text(self, xml: str) -> str:
        """Return text with a tag for every number."""
        return TEXT.sub(lambda text: text[1] + NUMBER.sub(self.value, text[2]) + text[3], xml)

    def value(self, number: re.Match[str]) -> str:
        """Return the tag for a number of the text."""
        name = f"v{len(self.data)}"
        self.data[name] = number[0]
        return self.tag(name)

    def in_loop(self, rows: list[str]) -> str:
        """Return one row, in a loop, for rows that are alike but for their texts."""
        name = f"t{len(self.data)}"
        texts = [[text[2] for text in TEXT.finditer(row)] for row in rows]
        self.data[name] = [{f"c{number}": text for number, text in enumerate(row)} for row in texts]
        return self.loop(name, rows[0], len(texts[0]))

    def tag(self, name: str) -> str:
        """Return the tag of a value."""
        return f"{{{name}}}"

    def loop(self, name: str, row: str, count: int) -> str:
        """Return the row with the tags of a loop."""
        cells = [f"{{c{number}}}" for number in range(count)]
        cells[0] = f"{{#{name}}}{cells[0]}"
        cells[-1] += f"{{/{name}}}"
        return _with_texts(row, cells)


class _Carbone(_Docxtemplater):
    """The same for carbone: ``{d.v1}`` is a value, a row with ``[i]`` and one with ``[i+1]`` make a loop."""

    def tag(self, name: str) -> str:
        return f"{{d.{name}}}"

    def loop(self, name: str, row: str, count: int) -> str:
        return "".join(_with_texts(row, [f"{{d.{name}[{i}].c{n}}}" for n in range(count)]) for i in ("i", "i+1"))


def _with_texts(row: str, texts: list[str]) -> str:
    replacing = iter(texts)
    return TEXT.sub(lambda text: text[1] + next(replacing) + text[3], row)
