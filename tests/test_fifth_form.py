"""A form made by following templates/README.zh-CN.md: text before tables, other tables, a chart in every section.

The province, the unit and its figures are invented. Everything that the form says stands in its own folder and in
通用, none of it in the program; the sums below are made by hand from 决算.yaml.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from documents import NS, BuiltDocument, Grid, W, grid, paragraph_text
from workspaces import ROOT, CommandLine

from builder.building import Builder
from builder.findings import Level
from builder.workspace import Workspace

SOURCE = ROOT / "tests" / "forms" / "第五种格式"
FORM, UNIT, YEAR = "云川", "云岭县清溪镇人民政府", 2023
FACTS = f"content/{UNIT}/{YEAR}/决算.yaml"
ONLY_FUND = """
金额单位: 万元
收入: [{科目: 2120803, 政府性基金预算财政拨款: 20}]
支出: [{科目: 2120803, 资金来源: 政府性基金预算, 项目支出: 20}]
年初结转和结余: []
年末结转和结余: []
年初预算: []
三公经费:
  因公出国境费: {年初预算: 0, 全年预算: 0}
  公务用车购置费: {年初预算: 0, 全年预算: 0}
  公务用车运行维护费: {年初预算: 0, 全年预算: 0}
  公务接待费: {年初预算: 0, 全年预算: 0}
"""


@dataclass(frozen=True)
class Made:
    """The document, where it stands, and the warnings on it."""

    path: Path
    warnings: list[str]

    @property
    def document(self) -> BuiltDocument:
        return BuiltDocument.of(self.path)


def workspace(folder: Path) -> Path:
    """Return a workspace with the form, its unit, and what a form may inherit."""
    shutil.copytree(SOURCE, folder, dirs_exist_ok=True)
    for name in ("通用", "科目"):
        shutil.copytree(ROOT / "templates" / name, folder / "templates" / name)
    return folder


def build(root: Path) -> Made:
    built = Builder(Workspace(root)).build(UNIT, YEAR)
    path = root / f"{built.title}.docx"
    path.write_bytes(built.rendered.docx)
    return Made(path, [finding.message for finding in built.findings if finding.level is not Level.NOTE])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return build(workspace(tmp_path_factory.mktemp("第五种")))


@pytest.fixture(scope="module")
def document(made: Made) -> BuiltDocument:
    return made.document


@pytest.fixture(scope="module")
def tables(document: BuiltDocument) -> dict[str, Grid]:
    """The tables by the heading above them."""
    found: dict[str, Grid] = {}
    heading = ""
    for element in document.body:
        text = paragraph_text(element)
        if element.tag == f"{W}p" and text in {name for _level, name in document.headings}:
            heading = text
        elif element.tag == f"{W}tbl" and heading:
            found[heading] = grid(element)
    return found


def line_with(document: BuiltDocument, beginning: str) -> str:
    line, = (line for line in document.lines if line.startswith(beginning))
    return line


def row_of(table: Grid, label: str) -> list[str]:
    row, = (row for row in table if label in row)
    return row


def test_the_program_knows_nothing_of_it() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "builder").rglob("*.py"))
    code = re.sub(r'""".*?"""', "", code, flags=re.DOTALL)
    words = (FORM, UNIT, "清溪", "公开05", "公开09", "附表", "收支总计变动", "三公结构", "决算公开文本")
    assert [word for word in words if word in code] == []


def test_it_needs_only_files_under_templates(made: Made) -> None:
    files = {path.suffix for path in (SOURCE / "templates").rglob("*") if path.is_file()}
    assert files == {".docx", ".yaml"}
    root = made.path.parent
    assert {path.name for path in (root / "templates").iterdir()} == {FORM, "通用", "科目"}
    assert made.path.name == f"{YEAR}年度{UNIT}部门决算公开.docx"
    assert made.warnings == []


def test_template_check_is_clean(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    run = CommandLine(made.path.parent, capsys)("template", "check", FORM)
    assert run.status == 0
    assert f"{FORM}：标签和名称没有错误" in run.out
    assert run.err == ""


def test_text_stands_before_tables(document: BuiltDocument) -> None:
    parts = [text for level, text in document.headings if level == 1]
    assert parts == [
        "第一部分　本部门概况", "第二部分　2023年度部门决算情况说明", "第三部分　名词解释", "第四部分　附件",
        "附表　2023年度部门决算公开表",
    ]  # fmt: skip
    sections = [text for _level, text in document.headings]
    assert sections.index("十、其他重要事项的情况说明") < sections.index("一、收入支出决算总表")
    assert sections[-9:] == [
        "一、收入支出决算总表", "二、收入决算表", "三、支出决算表", "四、财政拨款收入支出决算总表",
        "五、一般公共预算财政拨款支出决算表", "六、一般公共预算财政拨款基本支出决算明细表",
        "七、政府性基金预算财政拨款收入支出决算表", "八、国有资本经营预算财政拨款支出决算表",
        "九、财政拨款“三公”经费支出决算表",
    ]  # fmt: skip
    assert [entry for entry, _page in document.contents] == sections
    assert [line for line in document.lines if line.startswith("公开0")] == [f"公开0{n}表" for n in range(1, 10)]


def test_its_own_cover(document: BuiltDocument) -> None:
    cover = grid(document.body.find("w:tbl", NS))
    assert cover == [["公开单位", UNIT], ["主管部门", "云岭县人民政府"], ["公开时间", "2024年9月"]]
    assert [paragraph_text(p) for p in document.body.iterfind("w:p", NS)][:4] == [
        "云川省部门决算公开文本", "2023年度", UNIT, "部门决算",
    ]  # fmt: skip


def test_totals_and_changes(document: BuiltDocument) -> None:
    # 收入 812.40+96+42.30+78.20+36.50+60+260+68.40 一般公共预算, 120 政府性基金, 5.60 其他; 年初结转 15+2
    # 支出 812.40+(90+4.20)+42.30+78.20+36.50+71.50+98.60+260+68.40; 年末结转 6+3.50+21.40+3.40
    assert line_with(document, "2023年度收入总计") == (
        "2023年度收入总计1596.4万元，比上年增加146.4万元，增长10.1%，主要原因是新增城市建设项目，村（社区）干部补助标准提高；"
        "支出总计1596.4万元，比上年增加146.4万元，增长10.1%。"
    )
    assert line_with(document, "2023年度财政拨款收、支总计") == (  # 1453.80 + 120 + 15
        "2023年度财政拨款收、支总计1588.8万元，比上年增加148.8万元，增长10.3%。"
    )
    assert line_with(document, "2023年度一般公共预算财政拨款支出1459.3") == (
        "2023年度一般公共预算财政拨款支出1459.3万元，占本年支出合计的93.4%，比上年增加39.3万元，增长2.8%。"
    )
    assert line_with(document, "2023年度政府性基金") == (
        "2023年度政府性基金预算财政拨款年初结转和结余0万元，本年收入120万元，本年支出98.6万元，年末结转和结余21.4万元。"
    )


def test_zero_items_are_listed(document: BuiltDocument) -> None:
    assert line_with(document, "2023年度本年收入合计") == (
        "2023年度本年收入合计1579.4万元，比上年增加139.4万元，增长9.7%。其中：一般公共预算财政拨款收入1453.8万元，占92.0%；"
        "政府性基金预算财政拨款收入120万元，占7.6%；国有资本经营预算财政拨款收入0万元，占0%；上级补助收入0万元，占0%；"
        "事业收入0万元，占0%；经营收入0万元，占0%；附属单位上缴收入0万元，占0%；其他收入5.6万元，占0.4%。"
    )
    assert line_with(document, "2023年度本年支出合计") == (
        "2023年度本年支出合计1562.1万元，比上年增加129.1万元，增长9.0%。其中：基本支出1031.8万元，占66.1%；"
        "项目支出530.3万元，占33.9%；上缴上级支出0万元，占0%；经营支出0万元，占0%；对附属单位补助支出0万元，占0%。"
    )
    assert line_with(document, "2023年度“三公”经费") == (  # 4.80 + 2.10; 全年预算 6 + 3; last year 5.60 + 2.10
        "2023年度“三公”经费财政拨款支出决算6.9万元，完成预算76.7%，比上年减少0.8万元，下降10.4%。其中：因公出国（境）费0万元，"
        "占0%；公务接待费2.1万元，占30.4%；公务用车购置及运行维护费4.8万元，占69.6%。"
    )


def test_charts(document: BuiltDocument) -> None:
    assert {name: chart.values for name, chart in document.charts.items()} == {
        "收支总计变动": {"收入总计": two("1450", "1596.4"), "支出总计": two("1450", "1596.4")},
        "收入结构": {
            "收入决算": {"一般公共预算财政拨款收入": "1453.8", "政府性基金预算财政拨款收入": "120", "其他收入": "5.6"}
        },
        "支出结构": {"支出决算": {"基本支出": "1031.8", "项目支出": "530.3"}},
        "财政拨款收支变动": {"财政拨款收、支总计": two("1440", "1588.8")},
        "一般公共预算支出变动": {"一般公共预算财政拨款支出": two("1420", "1459.3")},
        "功能大类": {
            "一般公共预算财政拨款支出": {
                "一般公共服务支出": "902.4",  # 812.40 + 90
                "文化旅游体育与传媒支出": "42.3",
                "社会保障和就业支出": "78.2",
                "卫生健康支出": "36.5",
                "城乡社区支出": "71.5",
                "农林水支出": "260",
                "住房保障支出": "68.4",
            }
        },
        "基本支出结构": {"基本支出": {"人员经费": "853.6", "公用经费": "178.2"}},
        "三公结构": {"“三公”经费": {"公务接待费": "2.1", "公务用车购置及运行维护费": "4.8"}},
    }
    for chart in document.charts.values():
        drawn = list(next(iter(chart.values.values())))
        assert [row[0] for row in chart.sheet[1:]] == drawn


def two(before: str, now: str) -> dict[str, str]:
    return {"2022年": before, "2023年": now}


def test_tables_with_columns_of_their_own(tables: dict[str, Grid]) -> None:
    general = tables["五、一般公共预算财政拨款支出决算表"]
    assert general[1][3:6] == ["小计", "人员经费", "公用经费"]
    assert [row for row in general if row[0] in {"合计", "2010301", "20701", "2130705"}] == [
        ["合计", "", "1,459.30", "1,031.80", "853.60", "178.20", "427.50"],
        ["2010301", "行政运行", "812.40", "812.40", "640.30", "172.10", "0.00"],
        ["20701", "文化和旅游", "42.30", "36.30", "30.20", "6.10", "6.00"],
        ["2130705", "对村民委员会和村党支部的补助", "260.00", "0.00", "0.00", "0.00", "260.00"],
    ]
    assert tables["九、财政拨款“三公”经费支出决算表"] == [
        ["项目", "年初预算数", "全年预算数", "决算数"],
        ["合计", "9.50", "9.00", "6.90"],
        ["一、因公出国（境）费", "0.00", "0.00", "0.00"],
        ["二、公务接待费", "3.00", "3.00", "2.10"],
        ["三、公务用车购置及运行维护费", "6.50", "6.00", "4.80"],
        ["其中：购置费", "0.00", "0.00", "0.00"],
        ["运行维护费", "6.50", "6.00", "4.80"],
    ]
    fund = tables["七、政府性基金预算财政拨款收入支出决算表"]
    assert next(row for row in fund if row[0] == "2120803") == [
        "2120803", "城市建设支出", "0.00", "120.00", "98.60", "0.00", "98.60", "21.40",
    ]  # fmt: skip


def test_what_provinces_share_comes_from_the_common_base(document: BuiltDocument, tables: dict[str, Grid]) -> None:
    common = yaml.safe_load((ROOT / "templates" / "通用" / "style.yaml").read_text(encoding="utf-8"))
    assert line_with(document, "五、基本支出：") == f"五、基本支出：{common['名词']['基本支出']}"
    overall = tables["一、收入支出决算总表"]
    assert row_of(overall, "本年收入合计")[:3] == ["本年收入合计", "27", "1,579.40"]
    assert overall[-1] == ["总计", "31", "1,596.40", "总计", "62", "1,596.40"]


def test_totals_may_differ(tmp_path: Path) -> None:
    root = workspace(tmp_path)
    facts = root / FACTS
    text = facts.read_text(encoding="utf-8")
    assert text.count("金额: 3.40") == 1
    facts.write_text(text.replace("金额: 3.40", "金额: 5.40"), encoding="utf-8")
    made = build(root)
    line = line_with(made.document, "2023年度收入总计")
    assert "收入总计1596.4万元" in line
    assert "支出总计1598.4万元，比上年增加148.4万元，增长10.2%。" in line
    assert made.warnings == []


def test_a_unit_with_almost_nothing(tmp_path: Path, audit: Callable[[Path], list[str]]) -> None:
    root = workspace(tmp_path)
    (root / FACTS).write_text(ONLY_FUND, encoding="utf-8")
    shutil.rmtree(root / "content" / UNIT / str(YEAR) / "绩效")
    made = build(root)
    document = made.document
    assert "一般公共预算财政拨款收入0万元，占0%；政府性基金预算财政拨款收入20万元，占100.0%；" in document.text
    assert "人员经费0万元，占0%。" in document.lines
    assert document.charts["功能大类"].values == {"一般公共预算财政拨款支出": {"无": "0"}}
    assert audit(made.path) == []


def test_open_xml_sdk_finds_nothing_wrong(made: Made, ooxml_validator: Callable[[Path], list[str]]) -> None:
    assert ooxml_validator(made.path) == []


def test_openxml_audit_finds_nothing_wrong(made: Made, audit: Callable[[Path], list[str]]) -> None:
    assert audit(made.path) == []
