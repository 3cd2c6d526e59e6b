"""A made-up department of three units, small enough to be added up by hand.

本级 (万元): income 100 + 30 + 3, spent 100 + 20 + 13. 甲馆 (万元): 50.25 + 20, spent likewise. 乙站 (元):
123,456.78 + 30,000, spent likewise. 本级 pays 甲馆 20, 乙站 pays 本级 3. Together, in 万元:
133 + 70.25 + 15.345678 − 23 = 195.595678.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workspaces import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DEPARTMENT, YEAR = "清溪市文化局", 2022
OWN, HALL, STATION = f"{DEPARTMENT}（本级）", "清溪市甲馆", "清溪市乙站"
UNITS = (OWN, HALL, STATION)


def card(name: str, short: str, *, kind: str = "单位", department: str = DEPARTMENT) -> str:
    above = f"部门: {department}\n" if department else ""
    return f"名称: {name}\n简称: {short}\n{above}类型: {kind}\n性质: 事业单位\n风格: 湖北\n"


FILES = {
    f"{DEPARTMENT}/单位.yaml": card(DEPARTMENT, "市文化局", kind="部门", department=""),
    f"{OWN}/单位.yaml": card(OWN, "本级"),
    f"{HALL}/单位.yaml": card(HALL, "甲馆"),
    f"{STATION}/单位.yaml": card(STATION, "乙站"),
    f"{OWN}/{YEAR}/决算.yaml": """\
金额单位: 万元
收入:
  - {科目: 2070101, 一般公共预算财政拨款: 100}
  - {科目: 2070199, 其他收入: 30, 附属单位上缴收入: 3}
支出:
  - {科目: 2070101, 基本支出: 100}
  - {科目: 2070199, 资金来源: 非财政拨款, 项目支出: 13, 对附属单位补助支出: 20}
基本支出经济分类: {30101: 60, 30217: 0.80, 30201: 39.20}
年初预算:
  - {科目: 2070101, 金额: 98}
三公经费:
  公务接待费: {全年预算: 1.00, 决算: 0.80, 国内: {批次: 3, 人次: 20}}
机关运行经费: {口径: 公用经费}
国有资产:
  车辆: {机要通信用车: 1}
人员:
  在职: {在职人员: 20}
机构:
  内设机构: [办公室, 财务科]
""",
    f"{HALL}/{YEAR}/决算.yaml": """\
金额单位: 万元
收入:
  - {科目: 2070104, 一般公共预算财政拨款: 50.25, 上级补助收入: 20}
支出:
  - {科目: 2070104, 人员经费: 40.15, 公用经费: 10.10}
  - {科目: 2070104, 资金来源: 非财政拨款, 项目支出: 20}
基本支出经济分类: {30101: 40.15, 30201: 10, 30217: 0.10}
年初预算:
  - {科目: 2070104, 基本支出: 48, 项目支出: 2}
三公经费:
  公务接待费: {全年预算: 0.50, 决算: 0.10, 国内: {批次: 1, 人次: 5}}
国有资产:
  车辆: {其他用车: 2}
人员:
  在职: {在职人员: 9}
""",
    f"{STATION}/{YEAR}/决算.yaml": """\
金额单位: 元
收入:
  - {科目: 2070104, 一般公共预算财政拨款: 123456.78, 事业收入: 30000}
支出:
  - {科目: 2070104, 基本支出: 123456.78}
  - {科目: 2070104, 资金来源: 非财政拨款, 上缴上级支出: 30000}
基本支出经济分类: {30101: 123456.78}
年初预算:
  - {科目: 2070104, 金额: 120000}
人员:
  在职: {在职人员: 4}
""",
    f"{DEPARTMENT}/{YEAR}/抵消.yaml": f"""\
金额单位: 万元
抵消:
  - 说明: 补助甲馆
    支出:
      - {{单位: {OWN}, 科目: 2070199, 资金来源: 非财政拨款, 对附属单位补助支出: 20}}
    收入:
      - {{单位: {HALL}, 科目: 2070104, 上级补助收入: 20}}
  - 说明: 乙站上缴
    支出:
      - {{单位: {STATION}, 科目: 2070104, 资金来源: 非财政拨款, 上缴上级支出: 3}}
    收入:
      - {{单位: {OWN}, 科目: 2070199, 附属单位上缴收入: 3}}
""",
}


@dataclass
class SmallDepartment:
    """The department in a workspace of the test's own."""

    root: Path

    @classmethod
    def make(cls, root: Path) -> SmallDepartment:
        shutil.copytree(ROOT / "templates", root / "templates")
        made = cls(root)
        for name, text in FILES.items():
            made.write(name, text)
        return made

    def path(self, name: str) -> Path:
        return self.root / "content" / name

    def read(self, name: str) -> str:
        return self.path(name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        """Change one piece of text that stands once in a file."""
        text = self.read(name)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def remove(self, name: str) -> None:
        path = self.path(name)
        shutil.rmtree(path) if path.is_dir() else path.unlink()


FACTS, ELIMINATED = f"{DEPARTMENT}/{YEAR}/决算.yaml", f"{DEPARTMENT}/{YEAR}/抵消.yaml"
OWN_FACTS, HALL_FACTS, STATION_FACTS = (f"{unit}/{YEAR}/决算.yaml" for unit in UNITS)
