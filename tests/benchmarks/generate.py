"""A workspace of any number of made-up units of realistic size, the same for the same seed.

A few dozen patterns are made as the tests make units (tests/generated.py), and published once so that every reason and
text that their forms ask for is written. Each unit is a pattern with a name of its own and all amounts multiplied by a
number of its own: everything that added up still does, and every increase is still one, so the reasons still fit. A
faulty unit has a mistake of an accountant's in its facts. Run it to make a workspace by hand::

    python tests/benchmarks/generate.py FOLDER --units 1000 --seed 1 --faulty 10
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from generated import Unit, dump, make  # noqa: E402
from other_units import publish  # noqa: E402

from builder.building import Builder  # noqa: E402
from builder.workspace import Workspace  # noqa: E402

STYLES = ("湖北", "厦门", "宁德", "河南", "陕西")
KINDS = (
    ("科目多", "政府性基金"),
    ("政府性基金", "国有资本"),
    ("自有资金",),
    ("科目多", "自有资金", "政府性基金"),
    ("元", "上年文件夹", "政府性基金"),
    ("政府性基金", "部门"),
    (),
    ("没有预算", "名称长"),
)
"""What is particular about the patterns of each style."""
LINES = 12
"""How many indicators a form of 绩效 has."""
STATED = 3
"""Every which unit has the cells that a finance system printed."""
STATED_TABLES = 3
CITIES = ("云溪市", "江州区", "青湖县", "南川自治州", "白石镇", "临河市", "长岭县", "东港区")
OFFICES = (
    "交通运输局", "第二中学", "水文监测中心", "人民医院", "公共资源交易服务中心", "图书馆", "农业农村局", "城市管理局",
    "社会保险事业中心", "疾病预防控制中心", "档案馆", "实验小学",
)
SENTENCES = (
    "认真贯彻落实党中央、国务院的决策部署，按照年度工作要点，扎实推进各项业务工作。",
    "完善内部控制制度，加强预算执行管理，严格控制一般性支出，资金使用效益进一步提高。",
    "围绕群众关心的问题，优化办事流程，推行网上办理，平均办理时间明显缩短。",
    "开展业务培训和监督检查，发现的问题均已督促整改，没有发生安全责任事故。",
    "加强与有关单位的协作，推动信息共享，重点项目按进度完成了年度建设任务。",
)
AMOUNT = re.compile(r"(?<![\d.])-?\d+\.\d\d(?![\d.%])")
WAN = 10_000


@dataclass(frozen=True)
class Pattern:
    """A unit that can be published: its files, and its tables' cells in 元."""

    unit: Unit
    files: Mapping[str, str]
    tables: Mapping[str, Mapping[str, Mapping[str, Any]]]


def patterns(root: Path, seed: int) -> Iterator[Pattern]:
    """Yield the patterns; they are published in a workspace that is left as it was."""
    builder = Builder(Workspace(root))
    for number, kinds in enumerate(KINDS):
        for style in STYLES:
            unit = make(seed * 1000 + number, style, kinds)
            folder = root / "content" / unit.name
            unit.write(root)
            rng = random.Random(f"{style} {seed} {number}")
            for path in folder.glob("*/绩效/*.yaml"):
                path.write_text(longer_form(path.read_text(encoding="utf-8")), encoding="utf-8")
            built = publish(builder, root, unit)
            for path in folder.glob("*/*.md"):
                path.write_text(long_text(rng), encoding="utf-8")
            files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
            texts = {name: path.read_text(encoding="utf-8") for name, path in files.items()}
            shutil.rmtree(folder)
            yield Pattern(unit, texts, yaml.safe_load(built.manifest)["公开表"])


def longer_form(text: str) -> str:
    """Return a form of 绩效 with as many indicators as real ones have, the points divided among them."""
    form = yaml.safe_load(text)
    for name in ("绩效指标", "指标", "目标"):
        if name in form:
            row = form[name][0]
            points = {key: row[key] for key in ("分值", "得分") if key in row}
            shares = {key: divided(int(value), LINES) for key, value in points.items()}
            label = "三级指标" if "三级指标" in row else "三级"
            form[name] = [
                row | {label: f"业务工作完成个数（第{n + 1}类）"} | {key: share[n] for key, share in shares.items()}
                for n in range(LINES)
            ]
    return dump(form)


def divided(points: int, lines: int) -> list[int]:
    """Return whole points that add up; the first lines have one more."""
    each, more = divmod(points, lines)
    return [each + (n < more) for n in range(lines)]


def long_text(rng: random.Random) -> str:
    """Return a long text of some paragraphs."""
    return "\n\n".join("".join(rng.sample(SENTENCES, 3)) for _ in range(rng.randint(2, 8))) + "\n"


def unit_name(number: int) -> str:
    """Return the name of a unit; no two are alike."""
    rest, city = divmod(number, len(CITIES))
    rest, office = divmod(rest, len(OFFICES))
    return f"{CITIES[city]}{OFFICES[office]}第{rest + 1}分部"


def scaled(text: str, factor: int) -> str:
    """Return a file with its amounts multiplied: they are what has two decimals."""
    return AMOUNT.sub(lambda found: f"{Decimal(found[0]) * factor:.2f}", text)


def stated(pattern: Pattern, factor: int) -> str:
    """Return 公开表.yaml with all that some tables print."""
    tables: dict[str, dict[str, dict[str, str]]] = {}
    for name, rows in list(pattern.tables.items())[:STATED_TABLES]:
        cells = {
            key: {column: printed(cell, factor) for column, cell in row.items() if isinstance(cell, str)}
            for key, row in rows.items()
        }
        tables[name] = {key: row for key, row in cells.items() if row}
    return dump({"金额单位": "万元", **tables})


def printed(amount: str, factor: int) -> str:
    """Return an amount of 元 as it is printed in 万元, multiplied."""
    return f"{(Decimal(amount) * factor / WAN).quantize(Decimal('0.01'), ROUND_HALF_UP)}"


def spoiled(facts: str, rng: random.Random) -> str:
    """Return facts with a mistake: a decimal point of the input method, or a figure wrong by some."""
    found = rng.choice(list(AMOUNT.finditer(facts)))
    wrong = found[0].replace(".", "．") if rng.random() < 0.5 else f"{Decimal(found[0]) + 12345:.2f}"
    return facts[: found.start()] + wrong + facts[found.end() :]


def generate(root: Path, units: int, *, seed: int = 1, faulty: int = 0) -> list[tuple[str, int]]:
    """Make a workspace of so many units, so many of them ``faulty``; return the unit-years to be built."""
    (root / "content").mkdir(parents=True, exist_ok=True)
    if not (root / "templates").exists():
        shutil.copytree(ROOT / "templates", root / "templates")
    made = list(patterns(root, seed))
    rng = random.Random(seed)
    wrong = set(rng.sample(range(units), faulty))
    wanted: list[tuple[str, int]] = []
    for number in range(units):
        pattern = made[number % len(made)]
        name, year, factor = unit_name(number), pattern.unit.year, rng.randint(1, 9)
        files = {path: scaled(text.replace(pattern.unit.name, name), factor) for path, text in pattern.files.items()}
        if number % STATED == 0:
            files[f"{year}/公开表.yaml"] = stated(pattern, factor)
        if number in wrong:
            files[f"{year}/决算.yaml"] = spoiled(files[f"{year}/决算.yaml"], rng)
        for path, text in files.items():
            file = root / "content" / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        wanted.append((name, year))
    return wanted


def main() -> None:
    """Make a workspace as the arguments say."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=Path)
    for name, default in (("--units", 100), ("--seed", 1), ("--faulty", 0)):
        arguments.add_argument(name, type=int, default=default)
    options = arguments.parse_args()
    generate(options.folder, options.units, seed=options.seed, faulty=options.faulty)


if __name__ == "__main__":
    main()
