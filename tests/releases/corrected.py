"""Each unit's document, and the same after corrections of every kind, for what compares the two."""

from __future__ import annotations

import csv
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

from workspaces import EXAMPLES, ROOT

from builder.building import Builder
from builder.workspace import Workspace

YEARS = dict(EXAMPLES)
UNITS = list(YEARS)
ITEM = re.compile(r"  - \{科目: (\d{7})[^\n]*\n")
AMOUNT = re.compile(r"(?:基本支出|项目支出|人员经费|公用经费): (\d+\.\d\d)")
REASON = re.compile(r"较(?:上年|预算): ([^{\n]+)\n")
NEW_REASON = "落实过紧日子的要求，压减一般性支出"
NEW_PARAGRAPH = "这一段是更正时补写的。"


@cache
def documents(unit: str) -> tuple[bytes, bytes]:
    """Return a unit's document before and after the corrections, both as drafts."""
    year = YEARS[unit]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(ROOT / "content" / unit, root / "content" / unit)
        shutil.copytree(ROOT / "templates", root / "templates")
        before = Builder(Workspace(root)).build(unit, year, draft=True)
        correct(root / "content" / unit / str(year), subjects(year))
        after = Builder(Workspace(root)).build(unit, year, draft=True)
    return before.rendered.docx, after.rendered.docx


def correct(year: Path, codes: set[str]) -> None:
    """Correct a year's files: an amount, a subject, an item too many, a reason, a long text."""
    facts = (year / "决算.yaml").read_text(encoding="utf-8")
    head, spending, rest = re.split(r"(?<=\n)(支出:.*?\n)(?=\S)", facts, maxsplit=1, flags=re.DOTALL)
    first, *others = ITEM.finditer(spending)
    amount = AMOUNT.search(first[0])
    assert amount is not None
    spending = spending.replace(first[0], first[0].replace(amount[1], f"7{amount[1]}"))
    spending = spending.replace(others.pop(len(others) // 2)[0], "")
    free = sorted(code for code in codes if code not in facts)
    old, new = next((item[1], code) for item in reversed(others) for code in free if code[:5] == item[1][:5])
    spending = spending.replace(old, new)
    (year / "决算.yaml").write_text(head + spending + rest, encoding="utf-8")
    notes = (year / "说明.yaml").read_text(encoding="utf-8")
    reason = REASON.search(notes)
    assert reason is not None
    (year / "说明.yaml").write_text(notes.replace(reason[1], NEW_REASON, 1), encoding="utf-8")
    duties = (year / "职责.md").read_text(encoding="utf-8")
    (year / "职责.md").write_text(duties.replace("\n", f"\n\n{NEW_PARAGRAPH}\n\n", 1), encoding="utf-8")


def subjects(year: int) -> set[str]:
    with (ROOT / "templates" / "科目" / f"{year}.csv").open(encoding="utf-8-sig") as file:
        return {row["代码"] for row in csv.DictReader(file) if len(row["代码"]) == 7}
