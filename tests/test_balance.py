"""Figures that a style says must be equal: told where they are not, silent within 尾差."""

from __future__ import annotations

from pathlib import Path

import pytest
from workspaces import UNIT, YEAR, WorkspaceCopy

from builder.building import Builder
from builder.findings import Level
from builder.workspace import Workspace


def unequal(root: Path) -> list[str]:
    """Return the warnings on figures that should be equal."""
    findings = Builder(Workspace(root)).accounts(UNIT, YEAR).findings
    return [f.message for f in findings if "应当相等" in f.message and f.level is Level.WARNING]


@pytest.fixture
def copy(tmp_path: Path) -> WorkspaceCopy:
    return WorkspaceCopy.make(tmp_path)


def change(copy: WorkspaceCopy, old: str, new: str) -> None:
    """Change one fact of 决算.yaml."""
    facts = copy.year / "决算.yaml"
    text = facts.read_text(encoding="utf-8")
    assert text.count(old) == 1
    facts.write_text(text.replace(old, new), encoding="utf-8")


def test_balanced_accounts_are_not_mentioned(copy: WorkspaceCopy) -> None:
    assert unequal(copy.root) == []


def test_expenditure_without_revenue_unbalances_both_totals(copy: WorkspaceCopy) -> None:
    change(copy, "项目支出: 24.80}", "项目支出: 26.80}")
    found = unequal(copy.root)
    assert len(found) == 2
    # expenditure 1067.02 + 2.00 = 1069.02 (its stated total no longer holds), revenue stays as stated
    assert found[0].startswith("「收支.总计」1,067.01 万元，「收支.支出总计」1,069.02 万元，应当相等，现相差 -2.01")
    assert found[1].startswith("「财政拨款收支.总计」1,064.50 万元，「财政拨款收支.支出总计」1,066.51 万元")


def test_economic_subjects_must_add_up_to_basic_expenditure(copy: WorkspaceCopy) -> None:
    change(copy, "30201: 4.13", "30201: 14.13")
    # 公用经费 193.96 + 10.00 = 203.96, with 人员经费 619.94 as stated: 823.90 against 813.91
    assert [message.partition("；")[0] for message in unequal(copy.root)] == [
        "「一般公共预算支出.基本支出」813.91 万元，「基本支出.合计」823.90 万元，应当相等，现相差 -9.99 万元"
    ]


def test_a_rounding_difference_is_none(copy: WorkspaceCopy) -> None:
    change(copy, "30201: 4.13", "30201: 4.14")
    assert unequal(copy.root) == []
