"""Files that are no workbooks, or dangerous ones, are refused in plain Chinese, soon and in little memory."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from workspace_of_units import save

from builder.findings import InputError
from builder.workbooks.reading import read_workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MEGABYTES = 300


def good(tmp_path: Path) -> bytes:
    return save(tmp_path / "good.xlsx", {"1": [["收入决算表"], [1]]}).read_bytes()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """Return a workbook with a part put in, or put in place of the one of that name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part))
        new.writestr(name, content)
    return stream.getvalue()


def refusal(tmp_path: Path, data: bytes, name: str = "坏.xlsx") -> str:
    path = tmp_path / name
    path.write_bytes(data)
    begun = time.perf_counter()
    tracemalloc.start()
    with pytest.raises(InputError) as refused:
        read_workbook(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MEGABYTES << 20
    assert time.perf_counter() - begun < 20
    return str(refused.value)


SHEET = "xl/worksheets/sheet1.xml"


def test_files_that_are_something_else(tmp_path: Path) -> None:
    assert "网页" in refusal(tmp_path, b"<html><table><tr><td>1</td></tr></table></html>", "导出.xls")
    assert "空的" in refusal(tmp_path, b"")
    assert "不是 .xlsx 或 .xls" in refusal(tmp_path, b"\x89PNG....")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "a")
    assert "压缩文件" in refusal(tmp_path, stream.getvalue())
    with pytest.raises(InputError, match="找不到"):
        read_workbook(tmp_path / "没有.xlsx")


def test_encrypted_and_macro_workbooks(tmp_path: Path) -> None:
    assert "密码" in refusal(tmp_path, OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))
    assert "宏" in refusal(tmp_path, OLE + b"\0" * 600 + "_VBA_PROJECT".encode("utf-16-le"), "a.xls")
    assert "宏" in refusal(tmp_path, with_part(good(tmp_path), "xl/vbaProject.bin", b"x"), "a.xlsm")


def test_truncated_and_damaged_workbooks(tmp_path: Path) -> None:
    data = good(tmp_path)
    assert "损坏" in refusal(tmp_path, data[: len(data) // 2])
    assert "损坏" in refusal(tmp_path, with_part(data, SHEET, b"<worksheet><sheetData><row><c"))
    assert "损坏" in refusal(tmp_path, OLE + b"\0" * 2000, "a.xls")


def test_zip_bombs(tmp_path: Path) -> None:
    assert "展开后超过" in refusal(tmp_path, with_part(good(tmp_path), "xl/media/a.bin", b"0" * (160 << 20)))


def test_a_million_empty_rows_are_nothing(tmp_path: Path) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(2, 1_000_000))
    first = b'<row r="1"><c r="A1"><v>7</v></c></row>'
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    sheet = b"<worksheet %s><sheetData>%s%s</sheetData></worksheet>" % (space, first, rows)
    path = tmp_path / "空行.xlsx"
    path.write_bytes(with_part(good(tmp_path), SHEET, sheet))
    begun = time.perf_counter()
    assert read_workbook(path).sheets[0].rows == ((7.0,),)
    assert time.perf_counter() - begun < 10


def test_a_cell_far_out(tmp_path: Path) -> None:
    book = Workbook()
    book.active["XFD1048576"] = 1
    stream = io.BytesIO()
    book.save(stream)
    assert "XFD1048576" in refusal(tmp_path, stream.getvalue())


def test_a_cell_far_out_in_the_old_format(tmp_path: Path) -> None:
    record = b"\x00\x02\x0e\x00" + struct.pack("<IIHHH", 0, 65536, 0, 256, 0)
    assert "65536 行、256 列" in refusal(tmp_path, OLE + b"\0" * 600 + record, "a.xls")


def test_formulas_without_results_are_no_zeros(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", {"收入": [["收入决算表"], ["=1+1", 5]]})
    findings = read_workbook(path).findings
    assert [finding.level.value for finding in findings] == ["错误"]
    assert "「收入」有 1 个公式没有存下结果（A2）" in findings[0].message


def test_hidden_sheets_are_not_read_and_that_is_said(tmp_path: Path) -> None:
    book = Workbook()
    book.active["A1"] = "收入决算表"
    book.create_sheet("底稿").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    workbook = read_workbook(tmp_path / "a.xlsx")
    assert [sheet.name for sheet in workbook.sheets] == ["Sheet"]
    assert "「底稿」是隐藏的" in workbook.findings[0].message
