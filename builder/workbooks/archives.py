"""An .xlsx looked at as an archive of XML, in bounded memory, before it is opened as a workbook.

A workbook's parts unfold to any size, and its cells may stand anywhere; the library that opens it keeps every cell
between the first and the last, and leaves the errors of formulas blank. What it does not tell is found here.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from builder.findings import Finding, InputError, Level, Source

MOST_PARTS = 2_000
"""Parts that an archive may have."""
UNFOLDED = 150 << 20
"""Bytes that its parts may have together, unfolded."""
LARGEST_PART = 60 << 20
"""Bytes that one part may have, unfolded."""
MOST_ROWS, MOST_COLUMNS = 20_000, 400
"""Where the last cell with a value may stand."""
EXAMPLES = 5
SAVE_AGAIN = "请用 Excel 或 WPS 打开后另存为「Excel 工作簿（.xlsx）」再试"

ENTRY = b"PK\x01\x02"
"""What begins each entry of an archive's list of parts."""
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
ADDRESS = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["']""")
TYPE = re.compile(rb"""\st=["'](\w+)["']""")
FORMULA, VALUE = re.compile(rb"<(?:\w+:)?f[\s>/]"), re.compile(rb"<(?:\w+:)?(?:v|t)(?:\s[^>]*)?>([^<]*)")
HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*\bhidden=["'](?:1|true)["'][^>]*(?<!/)>""")
HIDDEN_COLUMN = re.compile(rb"""<(?:\w+:)?col\s[^>]*\bhidden=["'](?:1|true)["'][^>]*>""")
RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
SHEET_ENTRY = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
ATTRIBUTE = re.compile(r"""([\w:]+)=["']([^"']*)["']""")
OTHER_KINDS = (
    ("word/document.xml", " Word 文档"), ("ppt/presentation.xml", "演示文稿"),
    ("xl/workbook.bin", "二进制工作簿（.xlsb）"), ("content.xml", " ODF 文件（.ods 等）"),
)
"""What is in an archive that is no .xlsx → what it is."""


@dataclass(slots=True)
class Look:
    """What a sheet's XML says besides its values: errors of formulas by row and column (from 0), and more."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def look_into(data: bytes, at: Source) -> tuple[Mapping[str, Look], list[Finding]]:
    """Return what there is to say about an .xlsx, by sheet and in all. Raises InputError where it is refused."""
    if data.count(ENTRY) > MOST_PARTS:
        raise InputError(Finding(f"压缩文件里有 {data.count(ENTRY)} 个部件，不是正常的工作簿，不读取", at))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            findings = _check_kind(archive, at)
            parts = {part.filename: _unfolded(archive, part, at) for part in archive.infolist() if _is_wanted(part)}
            names = _sheet_names(parts)
            looks = {names.get(part, part): _look(parts[part], at) for part in parts if SHEET.fullmatch(part)}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        message = f"工作簿不完整或已损坏，打不开；请重新导出、重新复制，或{SAVE_AGAIN[1:]}"
        raise InputError(Finding(message, at)) from error
    return looks, [*findings, *_said(looks, at)]


def _check_kind(archive: zipfile.ZipFile, at: Source) -> list[Finding]:
    """Refuse what is no .xlsx or too much, and say that macros are left alone."""
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if sum(part.file_size for part in parts) > UNFOLDED:
        raise InputError(Finding(f"工作簿展开后超过 {UNFOLDED >> 20} MB，不是正常的决算表，不读取", at))
    if any(part.flag_bits & 1 for part in parts):
        raise InputError(Finding("压缩文件加了密码，打不开；请去掉密码后再试", at))
    if "xl/workbook.xml" not in names:
        kind = next((f"这是{kind}" for part, kind in OTHER_KINDS if part in names), "这是压缩文件")
        raise InputError(Finding(f"{kind}，不是 .xlsx 工作簿；{SAVE_AGAIN}", at))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return [Finding("工作簿带有宏；只读取单元格里的数，宏不会运行", at, Level.NOTE)]
    return []


def _is_wanted(part: zipfile.ZipInfo) -> bool:
    return part.filename.endswith((".xml", ".rels"))


def _unfolded(archive: zipfile.ZipFile, part: zipfile.ZipInfo, at: Source) -> bytes:
    """Return a part's bytes, with its length and checksum checked."""
    if part.file_size > LARGEST_PART:
        message = f"{part.filename} 展开后超过 {LARGEST_PART >> 20} MB，不是正常的决算表，不读取"
        raise InputError(Finding(message, at))
    declared = part.file_size
    part.file_size += 1  # a part that goes on where it says to end would unfold without end for the next reader
    content = archive.read(part)
    if len(content) > declared:
        raise zipfile.BadZipFile
    if any(word in content for word in DECLARATIONS):
        message = f"{part.filename} 里有 XML 实体声明，正常的工作簿没有，可能是恶意文件，不读取；{SAVE_AGAIN}"
        raise InputError(Finding(message, at))
    return content


def _look(content: bytes, at: Source) -> Look:
    """See that no cell with a value stands far out, and what the library does not tell."""
    look = Look()
    begins = [match.start() for match in CELL.finditer(content)]
    for begin, end in pairwise([*begins, len(content)]):
        cell = content[begin:end]
        head, _, inner = cell.partition(b">")
        if head.endswith(b"/") or inner.startswith(b"</"):
            continue
        address = ADDRESS.search(head)
        if address is None:
            continue
        column = 0
        for letter in address[1]:
            column = column * 26 + letter - 64
        where = (address[1] + address[2]).decode()
        if int(address[2]) > MOST_ROWS or column > MOST_COLUMNS:
            message = f"单元格 {where} 有内容，超出 {MOST_ROWS} 行、{MOST_COLUMNS} 列；请删去表外的内容"
            raise InputError(Finding(message, at))
        kind, value = TYPE.search(head), VALUE.search(inner)
        if kind and kind[1] == b"e" and value:
            look.errors[int(address[2]) - 1, column - 1] = html.unescape(value[1].decode(errors="replace"))
        elif FORMULA.search(inner) and not (kind and kind[1] == b"str") and not (value and value[1]):
            look.uncalculated.append(where)
    look.hidden = [*_hidden(content, begins)]
    return look


def _hidden(content: bytes, cells: list[int]) -> Iterator[str]:
    """Yield the hidden rows that hold something and the hidden columns, as the user names them."""
    for match in HIDDEN_ROW.finditer(content):
        until = content.find(b"<row", match.end())
        number = re.search(rb"""\sr=["']([0-9]+)["']""", match[0])
        if number and VALUE.search(content, match.end(), until if until >= 0 else len(content)):
            yield f"第 {number[1].decode()} 行"
    for match in HIDDEN_COLUMN.finditer(content) if cells else ():
        if number := re.search(rb"""\smin=["']([0-9]+)["']""", match[0]):
            yield f"第 {number[1].decode()} 列"


def _said(looks: Mapping[str, Look], at: Source) -> Iterator[Finding]:
    """Yield an error for formulas without stored results, which would be lost as blanks, a note on what is hidden."""
    for name, look in looks.items():
        if look.uncalculated:
            message = (
                f"工作表「{name}」有 {len(look.uncalculated)} 个公式没有存下结果（{some(look.uncalculated)}）；"
                "请用 Excel 或 WPS 打开，保存一次再导入"
            )
            yield Finding(message, at)
        if look.hidden:
            message = f"工作表「{name}」有隐藏的行或列（{some(look.hidden)}），照样读取；不要的请删去"
            yield Finding(message, at, Level.NOTE)


def some(words: list[str]) -> str:
    """Return the first few of a list, and that there are more."""
    return "、".join(words[:EXAMPLES]) + ("等" if len(words) > EXAMPLES else "")


def _sheet_names(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the name of each sheet by the part of the archive that it stands in."""
    book, relations = (
        parts.get(name, b"").decode(errors="replace") for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    )
    targets = {}
    for entry in RELATION.findall(relations):
        attributes = dict(ATTRIBUTE.findall(entry))
        targets[attributes.get("Id", "")] = "xl/" + attributes.get("Target", "").removeprefix("/xl/")
    names = {}
    for entry in SHEET_ENTRY.findall(book):
        attributes = dict(ATTRIBUTE.findall(entry))
        names[targets.get(attributes.get("r:id", ""), "")] = html.unescape(attributes.get("name", ""))
    return names
