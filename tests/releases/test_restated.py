"""A last-year figure given as a change against this year's moves with a correction: that is told."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from workspaces import ROOT, CommandLine

if TYPE_CHECKING:
    from pathlib import Path

UNIT, YEAR = "宁德市医疗保障局（本级）", 2021
FIGURES, BEFORE = f"content/{UNIT}/{YEAR}/决算.yaml", f"content/{UNIT}/{YEAR}/上年.yaml"


@pytest.fixture
def juesuan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    for folder in ("templates", f"content/{UNIT}"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    run = CommandLine(tmp_path, capsys)
    assert run("release", UNIT, str(YEAR)).status == 0
    return run


def put(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_correction_that_moves_last_years_figures_says_so(juesuan: CommandLine) -> None:
    # 人员经费 388.40 → 378.40: 955.54 became 945.54; 减少4319.58 gives 5275.12, and then 5265.12
    put(juesuan.root, FIGURES, "人员经费: 388.40", "人员经费: 378.40")
    run = juesuan("diff", UNIT, str(YEAR))
    lines = [line for line in run.err.splitlines() if "倒推" in line]
    assert [line.split("「")[1].split("」")[0] for line in lines] == [
        "支出.合计", "一般公共预算支出.合计", "一般公共预算支出.2101501",
    ]
    assert lines[0].startswith(f"{BEFORE}:5:")
    assert "本年数由 955.54 改为 945.54 万元，上年数也就由 5275.12 变成了 5265.12 万元" in lines[0]
    assert "「上年: 5275.12」" in lines[0]


def test_what_is_entered_anew_or_as_last_years_figure_is_not_told(juesuan: CommandLine) -> None:
    put(juesuan.root, FIGURES, "人员经费: 388.40", "人员经费: 378.40")
    put(juesuan.root, BEFORE, "  支出.合计: {增减: -4319.58}", "  支出.合计: {上年: 5275.12}")
    put(juesuan.root, BEFORE, "支出.2101501: {增减: 48.35}", "支出.2101501: {增减: 38.35}")
    run = juesuan("diff", UNIT, str(YEAR))
    assert [line.split("「")[1].split("」")[0] for line in run.err.splitlines() if "倒推" in line] == [
        "一般公共预算支出.合计"
    ]
