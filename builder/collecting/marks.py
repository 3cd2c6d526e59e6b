"""By what a workbook is known as a 采集表; apart, so that other workbooks are read without what fills 采集表 in."""

from __future__ import annotations

from builder.workbooks.reading import Workbook

TITLE = "部门决算采集表"
INTRODUCTION = "说明"


def is_collection(workbook: Workbook) -> bool:
    """Tell whether a workbook is a 采集表: its sheet 说明 begins with the title."""
    return any(sheet.name == INTRODUCTION and str(sheet.value(0, 0)).strip() == TITLE for sheet in workbook.sheets)
