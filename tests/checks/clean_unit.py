"""A made-up unit of which every relation holds, with something of everything that the cross-checks look at.

Its totals by hand (万元): revenue 450 + 40 + 10 + 20 + 8 = 528; expenditure 320 + 30 + 103 + 38 + 10 + 18 + 8 = 527;
carried over 5 → 2 (一般公共预算) and 0 → 2 (政府性基金); own money 28 + 1 − 26 − 3 = 0.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from workspaces import ROOT, WorkspaceCopy

from builder.accounting import Accounts, open_accounts
from builder.checks.results import Outcome, Result
from builder.findings import Source
from builder.style import Style, load_style
from builder.workspace import Workspace

UNIT, YEAR = "云溪市医疗保障局", 2022
OTHER_UNIT = "清溪市水利局"
CARD, FACTS, STATED, BEFORE, NOTES, DUTIES = (
    f"content/{UNIT}/单位.yaml", "决算.yaml", "公开表.yaml", "上年.yaml", "说明.yaml", "职责.md",
)
COMMON_STYLE = "templates/通用/style.yaml"
FILES = {
    CARD: """\
名称: 云溪市医疗保障局
类型: 单位
性质: 行政单位
风格: 湖北
科目:
  2010301: 行政运行
""",
    FACTS: """\
金额单位: 万元
收入:
  - {科目: 2010301, 一般公共预算财政拨款: 320}
  - {科目: 2080505, 一般公共预算财政拨款: 30}
  - {科目: 2101501, 一般公共预算财政拨款: 100}
  - {科目: 2120801, 政府性基金预算财政拨款: 40}
  - {科目: 2239999, 国有资本经营预算财政拨款: 10}
  - {科目: 2101599, 事业收入: 20, 经营收入: 8}
支出:
  - {科目: 2010301, 人员经费: 250, 公用经费: 70}
  - {科目: 2080505, 人员经费: 30}
  - {科目: 2101501, 项目支出: 103}
  - {科目: 2120801, 资金来源: 政府性基金预算, 项目支出: 38}
  - {科目: 2239999, 资金来源: 国有资本经营预算, 项目支出: 10}
  - {科目: 2101599, 资金来源: 非财政拨款, 基本支出: 18, 经营支出: 8}
基本支出经济分类:
  30101: 200
  30102: 50
  30108: 30
  30201: 40
  30217: 1
  30231: 9
  30239: 20
年初结转和结余:
  - {资金来源: 一般公共预算, 科目: 2101501, 类型: 项目支出, 金额: 5}
年末结转和结余:
  - {资金来源: 一般公共预算, 科目: 2101501, 类型: 项目支出, 金额: 2}
  - {资金来源: 政府性基金预算, 科目: 2120801, 类型: 项目支出, 金额: 2}
使用非财政拨款结余: 1
结余分配: 3
年初预算:
  - {科目: 2010301, 金额: 310}
  - {科目: 2080505, 金额: 30}
  - {科目: 2101501, 金额: 90}
全年预算:
  - {科目: 2010301, 金额: 325}
  - {科目: 2080505, 金额: 30}
  - {科目: 2101501, 金额: 105}
三公经费:
  因公出国境费: {全年预算: 12, 决算: 11, 团组: 1, 人次: 3}
  公务用车购置费: {全年预算: 18, 决算: 18, 购置数: 1}
  公务用车运行维护费: {全年预算: 10, 决算: 9.5, 保有量: 2}
  公务接待费: {全年预算: 3, 决算: 2.5, 国内: {批次: 5, 人次: 30}, 外宾: {决算: 0.5, 批次: 1, 人次: 4}}
机关运行经费: {口径: 单列, 决算: 65}
政府采购:
  货物: {支出: 20, 授予中小企业: 15, 授予小微企业: 10}
  服务: {支出: 10}
国有资产:
  车辆: {机要通信用车: 1, 其他用车: 2}
人员:
  编制: {行政编制: 15, 事业编制: 5}
""",
    STATED: """\
金额单位: 万元
公开01:
  左.本年收入合计: {金额: 528}
  左.使用非财政拨款结余: {金额: 1}
  左.年初结转和结余: {金额: 5}
  左.总计: {金额: 534}
公开03:
  合计: {本年支出合计: 527, 基本支出: 368, 项目支出: 151, 上缴上级支出: 0, 经营支出: 8, 对附属单位补助支出: 0}
公开04:
  右.社会保障和就业支出: {一般公共预算: 30}
公开05:
  合计: {小计: 453}
  201: {小计: 320}
  208: {小计: 30}
  210: {小计: 103}
""",
    BEFORE: """\
金额单位: 万元
指标:
  支出.合计: {上年: 400}
""",
    NOTES: """\
原因:
  支出.合计:
    较上年: 在职人员增加
  一般公共预算支出.2010301:
    较预算: 年中追加工资
  一般公共预算支出.2101501:
    较预算: 使用上年结转的资金
文本:
  用途.223: 国有资本经营预算支出10万元，用于国有企业改革
""",
    DUTIES: """\
1. 编制医疗保障（含生育保险）的年度计划，按照“三公”经费的规定办理公务接待。
2. 做好政策的宣传和解释，编报2022年度部门决算。
3. 承办市委、市政府交办的其他事项。
""",
    f"content/{UNIT}/{YEAR - 1}/决算.yaml": """\
金额单位: 万元
收入:
  - {科目: 2010301, 一般公共预算财政拨款: 400}
支出:
  - {科目: 2010301, 人员经费: 400}
基本支出经济分类: {30101: 400}
年初结转和结余: []
年末结转和结余: []
年初预算: []
""",
    f"content/{OTHER_UNIT}/单位.yaml": "名称: 清溪市水利局\n风格: 湖北\n",
}
ASKED = {("支出.合计", "较上年"), ("一般公共预算支出.科目代码", "较预算")}
"""The reasons that the form is taken to print."""


@dataclass
class CleanUnit(WorkspaceCopy):
    """The clean unit and the repository's forms in a folder of the test's own; styles are read, Word is left aside."""

    _styles: dict[str, Style] = field(default_factory=dict)

    @classmethod
    def make(cls, root: Path) -> CleanUnit:
        shutil.copytree(ROOT / "templates", root / "templates")
        unit = cls(root)
        for name, text in FILES.items():
            unit.path(name).parent.mkdir(parents=True, exist_ok=True)
            unit.path(name).write_text(text, encoding="utf-8")
        return unit

    @property
    def year(self) -> Path:
        return self.root / "content" / UNIT / str(YEAR)

    @cached_property
    def workspace(self) -> Workspace:
        return Workspace(self.root)

    def style(self, name: str, at: Source | None = None) -> Style:
        if name not in self._styles or any(path.is_relative_to(self.workspace.templates) for path in self._before):
            self._styles[name] = load_style(self.workspace, name, at)
        return self._styles[name]

    def restore(self) -> None:
        if any(path.is_relative_to(self.workspace.templates) for path in self._before):
            self._styles.clear()
        super().restore()

    def failed(self, rule: str) -> list[Result]:
        """Return what fails under a rule."""
        return [result for result in self.accounts().report.of(rule) if result.outcome is Outcome.FAILS]

    def accounts(self) -> Accounts:
        return open_accounts(self.workspace, UNIT, YEAR, self.style, lambda _style: ASKED)
