"""Files that are no workbooks, or dangerous ones, are refused in plain Chinese, soon and in little memory."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from workspace_of_units import ROOT, save

from builder.findings import InputError, Level
from builder.workbooks.reading import read_workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MEGABYTES, SECONDS = 500, 10.0
HERE = Path(__file__).parent
OLD = HERE / "公开表.xls"
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
SPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
MEASURED = """
import re, resource, sys
from pathlib import Path
from builder.findings import InputError
from builder.workbooks.reading import read_workbook
try:
    book = read_workbook(Path(sys.argv[1]))
    print(*book.findings, [sheet.rows[:3] for sheet in book.sheets])
except InputError as error:
    print("refused", error)
status = Path("/proc/self/status")
own = re.search(r"VmHWM:\\s+(\\d+)", status.read_text()) if status.exists() else None
own = int(own[1]) if own else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // 1024)
"""
"""Linux counts as a process's own maximum what the tests, which started it, had; VmHWM begins with the program."""


def good(tmp_path: Path) -> bytes:
    return save(tmp_path / "good.xlsx", {"1": [["收入决算表"], [1]]}).read_bytes()


def archive(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return stream.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """Return a workbook with a part put in, or put in place of the one of that name."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        return archive({part: old.read(part) for part in old.namelist()} | {name: content})


def sheet(rows: bytes, more: bytes = b"") -> bytes:
    return b"<worksheet %s><sheetData>%s</sheetData>%s</worksheet>" % (SPACE, rows, more)


def measured(tmp_path: Path, data: bytes, name: str = "坏.xlsx") -> str:
    """Return what a process of its own says of a file, having seen that it took little time and memory."""
    pytest.importorskip("resource")
    path = tmp_path / name
    path.write_bytes(data)
    begun = time.perf_counter()
    command = [sys.executable, "-c", MEASURED, str(path)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)
    assert time.perf_counter() - begun < SECONDS
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    *lines, peak = run.stdout.splitlines()
    assert int(peak) < MEGABYTES
    return "\n".join(lines)


def refusal(tmp_path: Path, data: bytes, name: str = "坏.xlsx") -> str:
    said = measured(tmp_path, data, name)
    assert said.startswith("refused "), said
    return said


def test_files_that_are_something_else(tmp_path: Path) -> None:
    kinds = {
        "网页": b"<html><table><tr><td>1</td></tr></table></html>",
        "XML 表格 2003": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "文本（CSV）": "科目代码,金额\n2080101,1.00\n".encode("gbk"),
        "空的": b"",
        "不是 .xlsx 或 .xls": b"\x89PNG....",
        "PDF": b"%PDF-1.7\n",
        "Word 文档，不是工作簿；": OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"),
        "这是 Word 文档，不是 .xlsx": archive({"word/document.xml": b"<document/>"}),
        ".xlsb": archive({"xl/workbook.bin": b"x"}),
        ".ods": archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}),
        "压缩文件": archive({"a.txt": b"a"}),
    }
    for number, (words, data) in enumerate(kinds.items()):
        path = tmp_path / f"{number}.xls"
        path.write_bytes(data)
        with pytest.raises(InputError, match=words.replace("（", ".").replace("）", ".")):
            read_workbook(path)


def test_what_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="找不到"):
        read_workbook(tmp_path / "没有.xlsx")
    with pytest.raises(InputError, match="文件夹"):
        read_workbook(tmp_path)
    (tmp_path / "~$决算.xlsx").write_bytes(b"x")
    with pytest.raises(InputError, match="临时文件"):
        read_workbook(tmp_path / "~$决算.xlsx")
    path = save(tmp_path / "打开着.xlsx", {"1": [["收入决算表"]]})

    def locked(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", locked)
    with pytest.raises(InputError, match="正被另一个程序打开；请关闭"):
        read_workbook(path)


def test_paths_with_spaces_and_chinese(tmp_path: Path) -> None:
    folder = tmp_path / "决算 资料（终稿）"
    folder.mkdir()
    path = save(folder / "公开表 改 2.xlsx", {"1": [["收入决算表"]]})
    assert read_workbook(path).sheets[0].rows == (("收入决算表",),)


def test_encrypted_workbooks(tmp_path: Path) -> None:
    """加密.xlsx is a workbook encrypted by msoffcrypto-tool; the .xls has the record FILEPASS after its first."""
    assert "加了密码" in refusal(tmp_path, (HERE / "加密.xlsx").read_bytes())
    data = bytearray(OLD.read_bytes())
    begin = data.index(b"\x09\x08\x10\x00") + 20
    data[begin : begin + 2], data[begin + 4 : begin + 6] = b"\x2f\x00", b"\x01\x00"
    assert "加了密码" in refusal(tmp_path, bytes(data), "a.xls")
    parts = bytearray(good(tmp_path))
    for at in (parts.index(b"PK\x03\x04") + 6, parts.index(b"PK\x01\x02") + 8):
        parts[at] |= 1
    assert "压缩文件加了密码" in refusal(tmp_path, bytes(parts))


def test_macros_never_run_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "带宏.xlsm"
    path.write_bytes(with_part(good(tmp_path), "xl/vbaProject.bin", b"x"))
    workbook = read_workbook(path)
    assert workbook.sheets[0].rows == (("收入决算表",), (1.0,))
    assert "宏不会运行" in workbook.findings[0].message


@pytest.mark.parametrize("share", [0.001, 0.1, 0.5, 0.9, 0.99])
def test_truncated_workbooks(share: float, tmp_path: Path) -> None:
    data = good(tmp_path)
    assert "损坏" in refusal(tmp_path, data[: max(int(len(data) * share), 3)])
    if share < 0.9:  # the last sectors hold nothing that is needed
        assert "损坏" in refusal(tmp_path, OLD.read_bytes()[: int(35840 * share) + 8], "a.xls")


def test_damaged_workbooks(tmp_path: Path) -> None:
    assert "损坏" in refusal(tmp_path, with_part(good(tmp_path), SHEET, b"<worksheet><sheetData><row><c"))
    assert "损坏" in refusal(tmp_path, OLE + b"\0" * 2000, "a.xls")
    data = bytearray(good(tmp_path))
    data[data.index(b"PK\x01\x02") + 24] ^= 1  # a length that is not the part's
    assert "损坏" in refusal(tmp_path, bytes(data))


@pytest.mark.parametrize("seed", range(200))
def test_an_old_workbook_with_wrong_bytes_reads_or_is_refused(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    data = bytearray(OLD.read_bytes())
    for _ in range(chance.choice([1, 4, 16, 64])):
        data[chance.randrange(chance.choice([4096, len(data)]))] = chance.randrange(256)
    path = tmp_path / "a.xls"
    path.write_bytes(data)
    begun = time.perf_counter()
    try:
        read_workbook(path)
    except InputError as error:
        assert "a.xls: 错误：" in str(error)  # noqa: PT017 - either outcome is right
    assert time.perf_counter() - begun < SECONDS


def test_sectors_that_come_round_to_themselves(tmp_path: Path) -> None:
    data = bytearray(OLD.read_bytes())
    first = struct.unpack_from("<I", data, 76)[0]
    for sector in range(len(data) // 512):
        struct.pack_into("<I", data, 512 * (first + 1) + 4 * (sector % 128), sector % 128)
    assert "损坏" in refusal(tmp_path, bytes(data), "a.xls")


def test_zip_bombs(tmp_path: Path) -> None:
    data = good(tmp_path)
    assert "展开后超过" in refusal(tmp_path, with_part(data, "xl/media/a.bin", b"0" * (160 << 20)))
    assert "展开后超过" in refusal(tmp_path, with_part(data, SHEET, b" " * (70 << 20)))
    many = archive({f"xl/a{number}.xml": b"" for number in range(3000)})
    assert "3000 个部件" in refusal(tmp_path, many)


def test_a_part_that_is_longer_than_it_says(tmp_path: Path) -> None:
    data = bytearray(with_part(good(tmp_path), SHEET, sheet(b" " * (50 << 20))))
    for entry, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        begin = data.index(SHEET.encode(), data.index(entry)) - (30 if entry.endswith(b"\x04") else 46)
        begin = data.rindex(entry, 0, begin + 4)
        struct.pack_into("<I", data, begin + at, 100)
    assert "损坏" in refusal(tmp_path, bytes(data))


def test_one_long_text_in_very_many_cells(tmp_path: Path) -> None:
    text = b"<sst %s><si><t>%s</t></si></sst>" % (SPACE, b"x" * (1 << 20))
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 15_000))
    data = with_part(with_part(good(tmp_path), SHEET, sheet(rows)), STRINGS, text)
    assert "打不开" in refusal(tmp_path, data)


def test_xml_entities(tmp_path: Path) -> None:
    laughs = b'<!DOCTYPE lolz [<!ENTITY a "lol">' + b"".join(
        b'<!ENTITY %c "%s">' % (99 + n, (b"&%c;" % (98 + n if n else 97)) * 10) for n in range(9)
    ) + b"]>"
    outside = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    for head in (laughs, outside):
        content = head + sheet(b'<row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row>')
        assert "实体声明" in refusal(tmp_path, with_part(good(tmp_path), SHEET, content))


def test_a_million_empty_rows_are_nothing(tmp_path: Path) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(2, 1_000_000))
    content = sheet(b'<row r="1"><c r="A1"><v>7</v></c></row>' + rows)
    assert measured(tmp_path, with_part(good(tmp_path), SHEET, content)) == "[((7.0,),)]"


def test_a_sheet_that_lies_about_its_size(tmp_path: Path) -> None:
    row = b'<row r="1"><c r="A1"><v>7</v></c></row>'
    content = sheet(row, b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')
    content = content.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
    assert measured(tmp_path, with_part(good(tmp_path), SHEET, content)) == "[((7.0,),)]"


def test_a_cell_far_out(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("远", 0)["XFD1048576"] = 1
    stream = io.BytesIO()
    book.save(stream)
    assert "XFD1048576" in refusal(tmp_path, stream.getvalue())
    row = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="%d"><c r=\'%s%d\'><v>1</v></c></row>'
    wide = with_part(good(tmp_path), SHEET, sheet(row % (19_000, b"NA", 19_000)))
    assert "请删去表外的内容" in refusal(tmp_path, wide) or "打不开" in refusal(tmp_path, wide)


def test_a_cell_far_out_in_the_old_format(tmp_path: Path) -> None:
    record = b"\x00\x02\x0e\x00" + struct.pack("<IIHHH", 0, 65536, 0, 256, 0)
    assert "65536 行、256 列" in refusal(tmp_path, OLE + b"\0" * 600 + record, "a.xls")


def test_formulas_without_results_are_no_zeros(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", {"收入": [["收入决算表"], ["=1+1", 5]]})
    findings = read_workbook(path).findings
    assert [finding.level for finding in findings] == [Level.ERROR]
    assert "「收入」有 1 个公式没有存下结果（A2）；请用 Excel 或 WPS 打开，保存一次" in findings[0].message


def test_errors_of_formulas_are_no_blanks(tmp_path: Path) -> None:
    content = sheet(
        b'<row r="1"><c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B1" t="str"><f>x</f><v></v></c>'
        b'<c r="C1" t="e"><v>#REF!</v></c></row>'
    )
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_part(good(tmp_path), SHEET, content))
    workbook = read_workbook(path)
    assert workbook.sheets[0].rows == (("#DIV/0!", "", "#REF!"),)
    assert workbook.findings == ()  # a result that is an empty text is a result
    data = bytearray(OLD.read_bytes())
    number = data.index(b"\x03\x02\x0e\x00")  # a number made an error with the same place in the table
    row, column = struct.unpack_from("<HH", data, number + 4)
    data[number : number + 12] = b"\x05\x02\x08\x00" + bytes(data[number + 4 : number + 10]) + b"\x17\x01"
    data[number + 12 : number + 18] = b"\xff\xff\x02\x00\x00\x00"
    (tmp_path / "a.xls").write_bytes(data)
    message = read_workbook(tmp_path / "a.xls").findings[0]
    assert message.level is Level.ERROR
    assert f"（如 #REF!、#DIV/0!：第 {row + 1} 行第 {column + 1} 列）" in message.message


def test_hidden_sheets_are_not_read_and_that_is_said(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("表", 0)["A1"] = "收入决算表"
    book.create_sheet("底稿").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    workbook = read_workbook(tmp_path / "a.xlsx")
    assert [sheet.name for sheet in workbook.sheets] == ["表", "Sheet"]
    assert "「底稿」是隐藏的" in workbook.findings[0].message


def test_hidden_rows_and_columns_are_read_and_that_is_said(tmp_path: Path) -> None:
    book = Workbook()
    rows = book.create_sheet("表", 0)
    rows.append(["收入决算表", 1])
    rows.append(["合计", 2])
    rows.row_dimensions[2].hidden = True
    rows.column_dimensions["B"].hidden = True
    book.save(tmp_path / "a.xlsx")
    workbook = read_workbook(tmp_path / "a.xlsx")
    assert workbook.sheets[0].rows == (("收入决算表", 1.0), ("合计", 2.0))
    assert "「表」有隐藏的行或列（第 2 行、第 2 列），照样读取" in workbook.findings[0].message


def test_files_of_wps_are_read_by_what_is_in_them(tmp_path: Path) -> None:
    (tmp_path / "公开表.et").write_bytes(OLD.read_bytes())
    assert len(read_workbook(tmp_path / "公开表.et").sheets) == 9
