"""A workspace with one small, faultless unit, for tests that put something wrong (or something more) into it."""

from __future__ import annotations

from pathlib import Path

UNIT, YEAR = "示例单位", 2022

SUBJECTS_2021 = """分类,代码,名称
功能,208,社会保障和就业支出
功能,20805,行政事业单位养老支出
功能,2080505,机关事业单位基本养老保险缴费支出
功能,2080599,其他行政事业单位养老支出
"""
SUBJECTS_2022 = """分类,代码,名称
大类,,社会保障和就业支出
大类,210,卫生健康支出
功能,208,社会保障和就业支出
功能,20805,行政事业单位养老支出
功能,2080501,行政单位离退休
功能,2080505,机关事业单位基本养老保险缴费支出
功能,210,卫生健康支出
功能,21015,医疗保障管理事务
功能,2101501,行政运行
功能,2101504,信息化建设
经济,301,工资福利支出
经济,30101,基本工资
经济,30102,津贴补贴
经济,302,商品和服务支出
经济,30201,办公费
"""
CARD = """名称: 示例单位
风格: 示例
科目:
  2080598: 地方自设养老支出
"""
FACTS = """金额单位: 万元
收入:
  - {科目: 2080505, 一般公共预算财政拨款: 35.81}
支出:
  - {科目: 2080505, 基本支出: 35.81}
"""


class ExampleWorkspace:
    """Writes files of the unit and its year; the paths are those of messages."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.unit_folder = root / "content" / UNIT
        self.year_folder = self.unit_folder / str(YEAR)
        self.write("templates/科目/2021.csv", SUBJECTS_2021)
        self.write("templates/科目/2022.csv", SUBJECTS_2022)
        self.write(f"content/{UNIT}/单位.yaml", CARD)
        self.write_year("决算.yaml", FACTS)

    def write(self, path: str, text: str | bytes) -> Path:
        """Write a file of the workspace."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
        return target

    def write_year(self, name: str, text: str | bytes) -> Path:
        """Write a file of the unit's year."""
        return self.write(f"content/{UNIT}/{YEAR}/{name}", text)
