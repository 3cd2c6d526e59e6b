"""What a file is before it is opened as a workbook: hostile, broken and mistaken files are refused in plain Chinese."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping

from builder.findings import Finding, InputError, Level, Source

from .archives import MOST_ROWS, SAVE_AGAIN, Look, look_into, some

LARGEST = 30 << 20
"""Bytes that a workbook may have."""
MOST_CELLS = 1_000_000
"""Cells that its sheets may span together."""

OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK"
ENCRYPTED, MACROS, LETTER = (
    "EncryptedPackage".encode("utf-16-le"), "_VBA_PROJECT".encode("utf-16-le"),
    "WordDocument".encode("utf-16-le"),
)
LOCKED = re.compile(rb"\x09\x08\x10\x00.{16}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
"""The beginning of an .xls (records BOF and perhaps WRITEPROTECT), followed by the record FILEPASS."""
DIMENSIONS = re.compile(rb"\x00\x02\x0e\x00(.{14})", re.DOTALL)
OLD_ROWS, OLD_COLUMNS = 65_536, 256
"""The largest sheet of the old format."""
BOOLEAN_OR_ERROR = re.compile(rb"\x05\x02\x08\x00(..)(..)..([\x00\x07\x0f\x17\x1d\x24\x2a])\x01", re.DOTALL)
FORMULA = re.compile(rb"\x06\x00.\x00(..)(..)..\x02.([\x00\x07\x0f\x17\x1d\x24\x2a])...\xff\xff", re.DOTALL)
XML_TABLE = b"urn:schemas-microsoft-com:office:spreadsheet"
START = 4_096
"""So many bytes tell what a text is."""


def check_file(data: bytes, name: str) -> tuple[Mapping[str, Look], list[Finding]]:
    """Look at a workbook's bytes; ``name`` is what messages call it.

    Returns what the library that opens workbooks does not tell of each sheet, and what is to be said. Raises
    InputError where the file must not be opened.
    """
    at = Source(name)
    if not data:
        raise refused("文件是空的（0 字节）；请重新导出或重新复制", at)
    if data.startswith(ZIP):
        return look_into(data, at)
    if not data.startswith(OLE):
        raise refused(f"{_kind_of_text(data)}；{SAVE_AGAIN}", at)
    if ENCRYPTED in data or LOCKED.search(data):
        raise refused("工作簿加了密码，打不开；请在 Excel 或 WPS 里去掉密码后再试", at)
    if LETTER in data:
        raise refused("这是 Word 文档，不是工作簿；请选公开表的工作簿", at)
    _check_old_sheets(data, at)
    return {}, [*_old_errors(data, at)]


def refused(message: str, at: Source) -> InputError:
    """Return the error that refuses a file."""
    return InputError(Finding(message, at))


def _kind_of_text(data: bytes) -> str:
    """Say what a file is that is neither an archive nor of the old format."""
    start = data[:START].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"%PDF"):
        return "这是 PDF 文件，不是工作簿"
    if XML_TABLE in start:
        return "文件名像工作簿，内容其实是「XML 表格 2003」"
    if start.startswith(b"<") or b"<html" in start.lower():
        return "文件名像工作簿，内容其实是网页（HTML）或 XML"
    if b"\0" not in data and (b"," in start or b"\t" in start) and b"\n" in data:
        return "文件名像工作簿，内容其实是文本（CSV）"
    return "这不是 .xlsx 或 .xls 工作簿（也可能已损坏）"


def _check_old_sheets(data: bytes, at: Source) -> None:
    """See that no sheet of an .xls declares an area (record DIMENSIONS) that would take more memory than there is."""
    for match in DIMENSIONS.finditer(data):
        first_row, rows, first_column, columns, reserved = struct.unpack("<IIHHH", match[1])
        real = first_row <= rows <= OLD_ROWS and first_column <= columns <= OLD_COLUMNS and not reserved
        if real and (rows * columns > MOST_CELLS):
            message = f"有一张工作表用到 {rows} 行、{columns} 列；决算表没有这么大，请删去表外的内容"
            raise refused(message, at)


def _old_errors(data: bytes, at: Source) -> list[Finding]:
    """Return what is to be said of an .xls: cells with errors, which would be lost as blanks, and macros."""
    findings = []
    cells = []
    for pattern in (BOOLEAN_OR_ERROR, FORMULA):
        for match in pattern.finditer(data):
            row, column = (int.from_bytes(part, "little") for part in match.groups()[:2])
            if row < MOST_ROWS and column < OLD_COLUMNS:
                cells.append(f"第 {row + 1} 行第 {column + 1} 列")
    if cells:
        message = f"有 {len(cells)} 个单元格是公式错误（如 #REF!、#DIV/0!：{some(cells)}）；请在 Excel 里改正再导入"
        findings.append(Finding(message, at))
    if MACROS in data:
        findings.append(Finding("工作簿带有宏；只读取单元格里的数，宏不会运行", at, Level.NOTE))
    return findings
