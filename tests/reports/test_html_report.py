"""The HTML report: one file, whole and closed in itself; every failing cell and every finding lead to each other."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from typing import TYPE_CHECKING

import lxml.html
import pytest
from broken_unit import HOSTILE, make_broken, with_hostile_names
from workspaces import UNIT, YEAR, CommandLine, WorkspaceCopy

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.html import HtmlElement


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> WorkspaceCopy:
    return make_broken(tmp_path_factory.mktemp("broken"))


@pytest.fixture
def juesuan(copy: WorkspaceCopy, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(copy.root, capsys)


@pytest.fixture
def page(juesuan: CommandLine, copy: WorkspaceCopy) -> HtmlElement:
    run = juesuan("check", "--format", "html")
    assert run.status == 1
    assert f"output/核对/{UNIT}{YEAR}年度核对报告.html" in run.out
    return lxml.html.parse(str(copy.root / "output" / "核对" / f"{UNIT}{YEAR}年度核对报告.html")).getroot()


def text(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def table(page: HtmlElement, title: str) -> HtmlElement:
    found, = page.xpath("//details[summary/h4=$title]//table[@class='printed']", title=title)
    return found


def test_it_needs_nothing_else(page: HtmlElement) -> None:
    assert page.get("lang") == "zh-CN"
    assert page.xpath("//@src | //link | //img | //iframe | //form") == []
    assert all(address.startswith("#") for address in page.xpath("//@href"))
    policy, = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    script = "".join(page.xpath("//script/text()")).encode()
    allowed = base64.b64encode(hashlib.sha256(script).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'"


def test_every_link_has_its_aim_and_every_aim_is_there_once(page: HtmlElement) -> None:
    aims = Counter(page.xpath("//@id"))
    assert {name for name, times in aims.items() if times > 1} == set()
    links = {address.removeprefix("#") for address in page.xpath("//@href")}
    assert links <= aims.keys()
    cells = set(page.xpath("//td[contains(@class, 'm ')]/@id"))
    assert len(cells) > 5
    for cell in page.xpath("//td[contains(@class, 'm ')]"):
        found, = cell.xpath("./a/@href")
        finding = page.get_element_by_id(found.removeprefix("#"))
        assert finding.get("class") == "finding"


def test_a_failing_cell_is_marked_and_leads_to_its_finding_and_back(page: HtmlElement) -> None:
    row, = table(page, "收入支出决算总表").xpath(".//tr[td[4]='九、卫生健康支出']")
    cell = row[5]
    assert text(cell.find("a")) == "▲ 972.74"
    assert text(cell.find("small")) == "出表 927.73"
    assert "927.73" in cell.get("title")
    finding = page.get_element_by_id(cell.find("a").get("href").removeprefix("#"))
    assert [text(value) for value in finding.iter("dd")] == ["927.73 万元", "972.74 万元", "-45.01 万元"]
    assert f"content/{UNIT}/{YEAR}/公开表.yaml:8:18" in text(finding)
    assert f"#{cell.get('id')}" in finding.xpath(".//a/@href")


def test_the_most_severe_stands_first_and_what_to_look_at_is_said(page: HtmlElement) -> None:
    levels = [text(cause.find(".//b")) for cause in page.iter("section")]
    assert levels == sorted(levels, key=["✖ 错误", "▲ 警告", "● 提示"].index)
    assert levels[:2] == ["✖ 错误", "✖ 错误"]
    look = [text(each) for each in page.find_class("look")]
    assert any("决算.yaml:45:10 经济分类 30201 一般公共预算 基本支出 公用经费 41.30 万元" in each for each in look)


def test_suspects_are_marked_lighter(page: HtmlElement) -> None:
    row, = table(page, "一般公共预算财政拨款基本支出决算明细表").xpath(".//tr[td[4]='30201']")
    assert row[5].get("class") == "m s n"
    assert text(row[5].find("a")) == "？ 41.30"


def test_a_line_of_a_form_is_marked(page: HtmlElement) -> None:
    row, = page.xpath("//details[contains(summary, '1基本医疗经办.yaml')]//tr[td='业务办理时限']")
    marked, = row.xpath("td[@class='m e']")
    assert text(marked.find("a")) == "✖ 12"
    finding = page.get_element_by_id(marked.find("a").get("href").removeprefix("#"))
    assert "得分 12，分值 10" in text(finding)


def test_the_tables_stand_as_printed(page: HtmlElement) -> None:
    heads = table(page, "收入支出决算总表").findall("thead/tr")
    assert [(text(th), th.get("colspan")) for th in heads[0]] == [("收入", "3"), ("支出", "3")]
    assert [text(th) for th in heads[1]] == ["项目", "行次", "金额"] * 2
    three = table(page, "财政拨款“三公”经费支出决算表").findall("thead/tr")
    assert [(text(th), th.get("colspan")) for th in three[0]] == [("预算数", "6"), ("决算数", "6")]
    assert [th.get("rowspan") for th in three[1]] == ["2", "2", None, "2"] * 2
    caption = table(page, "支出决算表").find("caption")
    assert all(part in text(caption) for part in (f"部门：{UNIT}", "公开03表", "金额单位：万元", f"{YEAR}年度"))
    total = table(page, "支出决算表").find("tbody/tr")
    assert (text(total[0]), total[0].get("colspan"), text(total[1])) == ("合计", "2", "1,067.01")


def test_a_stated_value_without_a_cell_is_shown_below(page: HtmlElement) -> None:
    below, = page.xpath("//tr[th='公开03/2080199/本年支出合计']/td")
    assert text(below.find("a")) == "▲ 3.00"


def test_every_rule_is_listed_with_its_outcomes(page: HtmlElement) -> None:
    rows = {text(row[0]): [text(cell) for cell in row[2:]] for row in page.xpath("//details[@class='rules']//tbody/tr")}
    assert rows["出表数与事实一致"][1] == "4"  # 公开01, 公开03, and two of 公开06
    assert "出表数没有给全" in rows["科目逐级汇总"][4]
    assert all(any(cells[:4]) for cells in rows.values())


def test_hostile_names_are_only_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = make_broken(tmp_path)
    with_hostile_names(copy)
    target = tmp_path / "报告.html"
    CommandLine(copy.root, capsys)("check", "--output", str(target))
    page = lxml.html.parse(str(target)).getroot()
    assert len(page.xpath("//script")) == 1
    assert page.xpath("//*[@id='x'] | //b[not(@class) and not(ancestor::*[@class='look'])]") == []
    assert HOSTILE in text(table(page, "支出决算表").find("caption"))
    assert any(HOSTILE in text(title) for title in page.iter("h4"))


def test_many_units_stand_in_one_file_the_worst_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = make_broken(tmp_path)
    clean = WorkspaceCopy.make(tmp_path / "clean")
    (clean.root / "content" / UNIT).rename(copy.root / "content" / "另一单位")
    refused = WorkspaceCopy.make(tmp_path / "refused")
    refused.edit("决算.yaml", "  30201: 4.13\n", "  30201: 4．13\n")
    (refused.root / "content" / UNIT).rename(copy.root / "content" / "第三单位")
    run = CommandLine(copy.root, capsys)("check", "--format", "html")
    assert run.status == 1
    page = lxml.html.parse(str(copy.root / "output" / "核对" / f"各单位{YEAR}年度核对报告.html")).getroot()
    rows = [[text(cell) for cell in row] for row in page.xpath("//table[contains(@class, 'summary')]/tbody/tr")]
    assert [row[0] for row in rows] == [UNIT, "第三单位（没有核对）", "另一单位"]
    assert rows[1][2:] == ["1", "", "", "", "", "", ""]
    assert [each.get("open") for each in page.find_class("unit")] == [None, None, None]
    aims = Counter(page.xpath("//@id"))
    assert max(aims.values()) == 1
    assert {address.removeprefix("#") for address in page.xpath("//@href")} <= aims.keys()
