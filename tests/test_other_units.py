"""The forms serve units of every kind, in every year: made-up units, each published as an accountant would."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from documents import BuiltDocument
from generated import SWITCHES, make
from other_units import faults, publish
from workspaces import ROOT

from builder.building import Builder
from builder.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STYLES = ("湖北", "厦门", "宁德", "河南", "陕西")
TOGETHER = (
    (),
    ("政府性基金", "国有资本", "自有资金", "有预算没有支出", "部门", "外宾"),
    ("冲销", "自有资金", "元", "上年文件夹", "今年为零"),
    ("科目多", "政府性基金", "名称长", "本级", "元"),
    ("没有支出", "没有项目", "没有三公", "没有政府采购", "没有机关运行经费"),
    ("只有冲销", "三公冲销", "预算为负", "上年为负"),
    ("没有支出", "政府性基金", "上年为负", "没有预算"),
    ("没有基本支出", "三公有预算没有支出", "机关运行经费单列", "与上年相同"),
    ("科目一个", "没有公用经费", "只有车辆", "上年为零"),
    ("三公不填", "没有预算", "自有资金", "上年文件夹", "部门"),
)
"""What is particular about the units; between them they have everything."""


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    root = tmp_path_factory.mktemp("units")
    shutil.copytree(ROOT / "templates", root / "templates")
    return Builder(Workspace(root))


def test_nothing_particular_is_left_out() -> None:
    assert {switch for switches in TOGETHER for switch in switches} == set(SWITCHES)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("number", range(len(TOGETHER)))
def test_any_unit_is_published_and_its_document_says_what_its_books_say(
    builder: Builder, style: str, number: int
) -> None:
    unit = make(number, style, TOGETHER[number])
    unit.write(builder.workspace.root)
    built = publish(builder, builder.workspace.root, unit)
    assert faults(unit, BuiltDocument(built.rendered.docx)) == []
    assert [f.message for f in built.findings if "应当相等" in f.message] == []


@pytest.mark.parametrize("style", STYLES)
def test_a_long_document_is_valid(
    builder: Builder, style: str, tmp_path: Path, audit: Callable[[Path], list[str]]
) -> None:
    unit = make(99, style, ("科目多", "政府性基金", "国有资本", "自有资金", "部门"))
    unit.write(builder.workspace.root)
    path = tmp_path / "long.docx"
    path.write_bytes(publish(builder, builder.workspace.root, unit).rendered.docx)
    assert audit(path) == []


def test_the_checks_notice_another_figure(builder: Builder) -> None:
    """So that the tests above cannot pass by finding nothing: each kind of mistake in the books is told."""
    unit = make(1, "湖北", TOGETHER[1])
    unit.write(builder.workspace.root)
    document = BuiltDocument(publish(builder, builder.workspace.root, unit).rendered.docx)
    assert faults(unit, document) == []
    spent, income = next(iter(unit.books.spent)), next(iter(unit.books.income))
    unit.books.spent[spent] += 10_000
    unit.books.income[income] += 10_000
    unit.last["收支.总计"] = unit.books.indicators()["收支.总计"]
    found = "\n".join(faults(unit, document))
    places = ("公开02 合计", "公开03 合计", "公开05 合计", "公开01 总计", f"公开03 {spent[1]}", "收支.总计: ")
    assert [place for place in places if place not in found] == []
