"""The program that opens a workbook for `reading`, run as a process of its own, in bounded time and memory.

A damaged workbook can bring the library to a stop that Python cannot catch, to a loop, or to take all memory. This
file is run by itself, without the program's other modules: ``python opening.py FOLDER ROWS COLUMNS AREA`` with the
workbook's bytes as input, FOLDER being where python_calamine is installed. It prints a pickled result:
``("sheets", [(name, visible, rows, merged), …])`` or ``(what is wrong, details)``.
"""

from __future__ import annotations

import io
import pickle
import sys
from contextlib import suppress

PASSWORD, BROKEN, TOO_LARGE, SHEETS = "password", "broken", "too large", "sheets"
MEMORY = 400 << 20
"""Bytes that may be taken, where the system can hold a process to that."""


def opened(data: bytes, most_rows: int, most_columns: int, area: int) -> tuple[str, object]:
    """Return what `reading` gets: the sheets that hold cells, or what is wrong."""
    import python_calamine  # noqa: PLC0415 - found only after the search path is set

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets: list[tuple[object, ...]] = []
        for meta in book.sheets_metadata:
            if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            if meta.visible != python_calamine.SheetVisibleEnum.Visible:
                sheets.append((meta.name, False, (), {}))
                continue
            sheet = book.get_sheet_by_name(meta.name)
            rows, columns = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end is not None else (0, 0)
            area -= rows * columns
            if rows > most_rows or columns > most_columns or area < 0:
                return TOO_LARGE, (meta.name, rows, columns)
            merged = dict(sheet.merged_cell_ranges or ())
            sheets.append((meta.name, True, tuple(map(tuple, sheet.to_python(skip_empty_area=False))), merged))
    except python_calamine.PasswordError:
        return PASSWORD, None
    except BaseException as error:  # noqa: BLE001 - a panic of the library is no Exception
        return BROKEN, str(error)
    return SHEETS, sheets


def main() -> None:
    """Read the workbook from the input and print the result."""
    folder, *numbers = sys.argv[1:]
    sys.path.append(folder)
    with suppress(ImportError, ValueError, OSError):  # Windows knows no such limits
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    rows, columns, area = map(int, numbers)
    pickle.dump(opened(sys.stdin.buffer.read(), rows, columns, area), sys.stdout.buffer)


if __name__ == "__main__":
    main()
