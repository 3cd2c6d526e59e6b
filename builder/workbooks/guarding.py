"""What a file is before it is opened as a workbook: hostile, broken and mistaken files are refused in plain Chinese.

A workbook is an archive whose parts unfold to any size, and whose cells may stand anywhere: both are looked at in
bounded memory before a reader that keeps every cell between the first and the last sees the file.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

from builder.findings import Finding, InputError, Source

LARGEST = 30 * 1024 * 1024
"""Bytes that a workbook may have."""
UNFOLDED = 150 * 1024 * 1024
"""Bytes that its parts may have together, unfolded."""
LARGEST_SHEET = 60 * 1024 * 1024
"""Bytes that one sheet may have, unfolded."""
MOST_ROWS, MOST_COLUMNS = 20_000, 400
"""Where the last cell with a value may stand."""

OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK"
ENCRYPTED, MACROS = "EncryptedPackage".encode("utf-16-le"), "_VBA_PROJECT".encode("utf-16-le")
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
CELL = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
ADDRESS = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
DIMENSIONS = re.compile(rb"\x00\x02\x0e\x00(.{14})", re.DOTALL)
OLD_ROWS, OLD_COLUMNS, OLD_AREA = 65_536, 256, 4_000_000
"""The largest sheet of the old format, and the largest that is opened."""
SAVE_AGAIN = "请用 Excel 或 WPS 打开后另存为「Excel 工作簿（.xlsx）」再试"
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Uncalculated:
    """Cells with a formula whose result is not stored, on the sheet that stands in this part of the archive."""

    part: str
    cells: tuple[str, ...]


def check_file(data: bytes, name: str) -> tuple[Uncalculated, ...]:
    """Look at a workbook's bytes; ``name`` is what messages call it. Raises InputError where it must not be opened."""
    at = Source(name)
    if not data:
        raise refused("文件是空的（0 字节）；请重新导出或重新复制", at)
    if len(data) > LARGEST:
        raise refused(f"文件有 {len(data) >> 20} MB，超过 {LARGEST >> 20} MB；决算表没有这么大，请只留下公开表另存", at)
    if data.startswith(OLE):
        if ENCRYPTED in data:
            raise refused(f"工作簿加了密码，打不开；请在 Excel 或 WPS 里去掉密码，{SAVE_AGAIN}", at)
        if MACROS in data:
            raise refused(f"工作簿带有宏，为安全起见不读取；{SAVE_AGAIN}", at)
        _check_old_sheets(data, at)
        return ()
    if data.startswith(ZIP):
        return _check_archive(data, at)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise refused(f"文件名像工作簿，内容其实是网页（HTML）或 XML；{SAVE_AGAIN}", at)
    raise refused(f"这不是 .xlsx 或 .xls 工作簿（也可能已损坏）；{SAVE_AGAIN}", at)


def refused(message: str, at: Source) -> InputError:
    """Return the error that refuses a file."""
    return InputError(Finding(message, at))


def _check_old_sheets(data: bytes, at: Source) -> None:
    """See that no sheet of an .xls declares an area (record DIMENSIONS) that would take more memory than there is."""
    for match in DIMENSIONS.finditer(data):
        first_row, rows, first_column, columns, reserved = struct.unpack("<IIHHH", match[1])
        real = first_row <= rows <= OLD_ROWS and first_column <= columns <= OLD_COLUMNS and not reserved
        if real and rows * columns > OLD_AREA:
            message = f"有一张工作表用到 {rows} 行、{columns} 列；决算表没有这么大，请删去表外的内容"
            raise refused(message, at)


def _check_archive(data: bytes, at: Source) -> tuple[Uncalculated, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > UNFOLDED:
                raise refused(f"工作簿展开后超过 {UNFOLDED >> 20} MB，不是正常的决算表，不读取", at)
            names = {part.filename for part in parts}
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise refused(f"工作簿带有宏，为安全起见不读取；{SAVE_AGAIN}", at)
            if "xl/workbook.xml" not in names:
                raise refused(f"这是压缩文件，但不是 .xlsx 工作簿；{SAVE_AGAIN}", at)
            found = []
            for part in parts:
                if part.file_size > LARGEST_SHEET:
                    raise refused(f"{part.filename} 展开后超过 {LARGEST_SHEET >> 20} MB，不是正常的决算表，不读取", at)
                content = archive.read(part)  # also checks its length and its checksum
                if SHEET.fullmatch(part.filename) and (cells := _check_cells(content, at)):
                    found.append(Uncalculated(part.filename, cells))
            return tuple(found)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise refused(f"工作簿不完整或已损坏，打不开；请重新导出、重新复制，或{SAVE_AGAIN[1:]}", at) from error


def _check_cells(content: bytes, at: Source) -> tuple[str, ...]:
    """See that no cell with a value stands far out; return the formulas without a stored result."""
    formulas: list[str] = []
    for match in CELL.finditer(content):
        inner = match[2]
        if not inner:
            continue
        address = ADDRESS.search(match[1])
        if address is None:
            continue
        column = 0
        for letter in address[1]:
            column = column * 26 + letter - 64
        if int(address[2]) > MOST_ROWS or column > MOST_COLUMNS:
            where = (address[1] + address[2]).decode()
            message = f"单元格 {where} 有内容，超出 {MOST_ROWS} 行、{MOST_COLUMNS} 列；请删去表外的内容"
            raise refused(message, at)
        if b"<f" in inner and (b"<v" not in inner or b"<v></v>" in inner or b"<v/>" in inner):
            formulas.append((address[1] + address[2]).decode())
    return tuple(formulas)
