"""YAML files of the workspace → values as written, with their places and everything that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import yaml

from builder.findings import Finding, Level, Source

from .document import COLUMN_BITS, Document, KeyPositions, Positions, own_place
from .text_reader import TextFile, read_text
from .yaml_syntax import explain, slip_in, suspects
from .yaml_values import DEEPEST, TooDeepError, Values, read_values

CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
INDENTING_TAB = re.compile(r"^[ ]*\t[ \t]*(?=[^\s#])", re.MULTILINE)
LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
MOST = 50
"""How many slips of one kind in one file are named (and where they can be, mended) in one run."""


def read_yaml(path: Path, root: Path, *, required: bool = True) -> Document:
    """Read a YAML file of the workspace ``root``. Never raises: what is wrong are findings of the document.

    Every scalar is text exactly as written: ``001001``, ``1.10``, ``12:30:45``, ``yes``, ``~`` stay what they are. A
    file that is not ``required`` may be missing or empty; its data is then an empty mapping.
    """
    if not required and not path.exists():
        return missing_document(path.name)
    return document_of(read_text(path, root), required=required)


def missing_document(name: str) -> Document:
    """Return what a file holds that need not be there, and is not."""
    return Document(name, {}, Positions(name), Positions(name), (), "")


def document_of(file: TextFile, *, required: bool = True) -> Document:
    """Return the document that a text file holds."""
    findings = list(file.findings)
    values = None
    if file.text is not None:
        values = parse(file.text, file.path, findings, required=required)
    if values is None:
        return Document(file.path, None, Positions(file.path), Positions(file.path), tuple(findings), file.sha256)
    findings += values.findings
    findings.sort(key=lambda finding: finding.source or Source(file.path))
    return Document(
        file.path,
        values.top,
        Positions(file.path, values.top, values.places),
        KeyPositions(file.path, values.top, values.places),
        tuple(findings),
        file.sha256,
    )


def parse(text: str, file: str, findings: list[Finding], *, required: bool) -> Values | None:
    """Return the values of YAML ``text``, mending usual slips; None where nothing can be read. Adds to findings."""
    if CONTROL.search(text):
        text = without_control_characters(text, file, findings)
    lines: list[str] = []
    for _ in range(MOST):
        problem = None
        try:
            values = read_values(text, file)
            suspected = suspected_lines(values)
        except TooDeepError as error:
            problem = Finding(f"内容一层套一层超过了 {DEEPEST} 层；请检查括号和缩进", error.source)
            suspected = []
        except yaml.MarkedYAMLError as error:
            lines = lines or LINE_END.split(text)
            problem = explain(error, file)
            suspected = suspects(error, lines)
            if tabs := tab_findings(text, file):
                findings += tabs[:MOST]
                return None
        lines = lines or (LINE_END.split(text) if suspected else [])
        if mend(suspected, lines, file, findings):
            text = "\n".join(lines)
        elif problem:
            findings.append(problem)
            return None
        elif is_empty(values):
            findings.append(empty_file(file, required=required))
            return None if required else Values({}, plain_text=False, places=[0])
        else:
            return values
    return None


def suspected_lines(values: Values) -> list[int]:
    """Return the lines (from 0) in which there may be a slip that YAML takes for plain text, or for a key."""
    if values.plain_text or values.slips:
        first = 0 if values.places is None else own_place(values.places) >> COLUMN_BITS
        return [first, *values.slips]
    return []


def is_empty(values: Values) -> bool:
    """Tell whether a file holds nothing but, perhaps, comments."""
    return values.places is None or (values.top == "" and values.plain_text)


def empty_file(file: str, *, required: bool) -> Finding:
    """Say that nothing (or only comments) stands in a file."""
    if required:
        return Finding("文件是空的；请填写内容", Source(file))
    return Finding("文件是空的；请填写内容，或删去这个文件", Source(file), Level.NOTE)


def mend(numbers: Iterable[int], lines: list[str], file: str, findings: list[Finding]) -> bool:
    """Mend the first usual slip in the lines of these numbers, with a finding; tell whether there was one."""
    for number in numbers:
        # what stands after a last 「---」 stands on no line
        if number < len(lines) and (slip := slip_in(lines[number])):
            lines[number] = slip.mended
            findings.append(Finding(slip.message, Source(file, number + 1, slip.column + 1)))
            return True
    return False


def without_control_characters(text: str, file: str, findings: list[Finding]) -> str:
    """Replace characters that cannot stand in a text file, with a finding for each line that holds some."""
    for number, line in enumerate(LINE_END.split(text), 1):
        if match := CONTROL.search(line):
            code = f"U+{ord(match[0]):04X}"
            message = f"这里有看不见的控制字符（{code}），多半是从别处粘贴来的；请删去后重新输入"
            findings.append(Finding(message, Source(file, number, match.start() + 1)))
    return CONTROL.sub("\ufffd", text)


def tab_findings(text: str, file: str) -> list[Finding]:
    """Return a finding for every line that is indented with tabs."""
    return [
        Finding(
            "缩进用了制表符（Tab 键）；请改用空格，每层两个",
            Source(file, text.count("\n", 0, match.start()) + 1, match[0].index("\t") + 1),
        )
        for match in INDENTING_TAB.finditer(text)
    ]
