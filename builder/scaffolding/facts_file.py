"""``决算.yaml`` of a new year: every section that the form uses, explained, with what last year's file carries over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.comments import CommentedMap

from builder.accounts.facts import Facts, Meetings, Procurement, ThreePublic
from builder.accounts.subjects import Subjects
from builder.asking import Asked
from builder.workbooks.yaml_files import dump

from .explaining import BUDGETS, HOW, WHERE, explained, keys_of, purpose_of, zeros

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "收入": (
        "  - {科目: 2010301, 一般公共预算财政拨款: 320.50, 其他收入: 1.20}",
        "  - {科目: 2050202, 事业收入: 86.00, 其中教育收费: 30.00}",
    ),
    "支出": (
        "  - {科目: 2010301, 资金来源: 一般公共预算, 基本支出: 320.50, 项目支出: 12.00}",
        "  - {科目: 2010301, 资金来源: 非财政拨款, 基本支出: 1.20}",
        "  - {科目: 2120801, 资金来源: 政府性基金预算, 项目支出: 38.00}",
    ),
    "基本支出经济分类": ("  30101: 120.00", "  30201: 18.00"),
    "年初结转和结余": ("  - {资金来源: 一般公共预算, 科目: 2120501, 类型: 项目支出, 金额: 6.30}",),
    "年末结转和结余": ("  - {资金来源: 政府性基金预算, 科目: 2120801, 类型: 项目支出, 金额: 2.00}",),
    "年初预算": ("  - {科目: 2010301, 金额: 310.00}", "  - {科目: 2120501, 基本支出: 10.00, 项目支出: 30.00}"),
    "全年预算": ("  - {科目: 2120801, 资金来源: 政府性基金预算, 金额: 40.00}",),
    "人员": (
        "  编制: {行政编制: 22, 事业编制: 6}", "  在职: {在职人员: 26}", "  编外: {聘用人员: 4}",
        "  离退休: {退休人员: 9}",
    ),
    "机构": (
        "  内设机构: [党政办公室, 财政所, 社会事务办公室]",
        "  决算单位:",
        "    - {名称: 单位本级, 性质: 行政单位, 在职人数: 22}",
    ),
}  # fmt: skip
"""Key → the lines that show how it is filled in."""

ALWAYS = (
    "金额单位", "收入", "支出", "基本支出经济分类", "年初结转和结余", "年末结转和结余", "使用非财政拨款结余",
    "结余分配",
)  # fmt: skip
OPENING, CLOSING = "年初结转和结余", "年末结转和结余"
REQUIRED = ("收入", "支出")
CARRIED = ("国有资产", "人员", "机构")
"""What stays as it is from one year to the next, until someone changes it."""


@dataclass(frozen=True, slots=True)
class Before:
    """Last year's file: the year, and its content as written."""

    year: int
    data: Mapping[str, Any]


def facts_text(unit: str, year: int, asked: Asked, subjects: Subjects, before: Before | None) -> str:
    """Return the text of ``决算.yaml``; amounts of last year are left out, and its subjects are lines to be filled."""
    lines = [f"## {unit} {year} 年度决算事实。", *HOW.splitlines()]
    left_out = []
    for key, inner in keys_of(Facts):
        if not uses(asked, key):
            left_out.append(key)
            continue
        lines += ["", f"## {key}：{purpose_of(Facts, key)}"]
        lines += [f"##   决算报表：{WHERE[key]}"] if key in WHERE else []
        without = [budget for budget in BUDGETS if budget not in asked.expense_budgets.get(key, BUDGETS)]
        lines += [line.replace("## ", "##   ", 1) for line in explained(inner, without=without)] if inner else []
        lines += _body(key, asked, subjects, before)
    if left_out:
        lines += ["", f"## 这种格式不用：{'、'.join(left_out)}"]
    return "\n".join(lines) + "\n"


def uses(asked: Asked, key: str) -> bool:
    """Tell whether a form prints anything of a section."""
    if key in BUDGETS:
        return key in asked.budgets
    return key in ALWAYS or key in asked.words or (key == "三公经费" and "三公" in asked.words)


def _body(key: str, asked: Asked, subjects: Subjects, before: Before | None) -> Iterator[str]:
    """Yield the lines of one section: what is live, and what is only shown."""
    old = before.data.get(key) if before else None
    if key == "金额单位":
        yield f"金额单位: {old or '万元'}"
    elif key in CARRIED and old and before:
        yield f"## 以下照抄 {before.year} 年度，请核对"
        yield from dump(CommentedMap({key: old})).splitlines()
    elif key in REQUIRED:
        yield f"{key}: []"
        yield from _shown(_lines(key, old, subjects) if before else EXAMPLES[key])
    else:
        yield from _shown(_example(key, asked, subjects, before))


def _example(key: str, asked: Asked, subjects: Subjects, before: Before | None) -> Iterator[str]:
    """Yield the lines of a section that is not live."""
    old = before.data.get(key) if before else None
    budgets = asked.expense_budgets.get(key, set())
    one_line = {
        "使用非财政拨款结余": "0.00", "结余分配": "0.00",
        "会议费": zeros(Meetings, budgets), "培训费": zeros(Meetings, budgets), "机关运行经费": _agency(old, budgets),
    }  # fmt: skip
    if key in one_line:
        yield f"{key}: {one_line[key]}"
        return
    yield f"{key}:"
    if key == "三公经费":
        yield from (f"  {kind}: {zeros(inner, budgets)}" for kind, inner in keys_of(ThreePublic) if inner)
    elif key == "政府采购":
        yield from (f"  {kind}: {zeros(inner, ())}" for kind, inner in keys_of(Procurement) if inner)
    elif key == "国有资产":
        for group, names in asked.counted.items():
            counts = ", ".join(f"{name}: 0" for name in names)
            yield from [f"  {group.rpartition('.')[2]}: {{{counts}}}"] if names else []
    elif key == OPENING and before and before.data.get(CLOSING):
        yield from (f"  - {_flow(line)}" for line in before.data[CLOSING])
    else:
        yield from _lines(key, old, subjects)


def _agency(old: Any, budgets: Iterable[str]) -> str:
    """Return 机关运行经费, with last year's 口径."""
    basis = old.get("口径") if isinstance(old, Mapping) else None
    return _flow({"口径": basis or "公用经费"} | dict.fromkeys((b for b in BUDGETS if b in set(budgets)), "0.00"))


def _lines(key: str, old: Any, subjects: Subjects) -> Iterator[str]:
    """Yield last year's lines of a list with subjects, without amounts."""
    if isinstance(old, Mapping):
        yield from (f"  {code}:  ## {subjects.name(code, economic=True)}" for code in old)
        return
    for line in old or ():
        labels = ("科目", "资金来源", "类型")
        kept = {name: value if name in labels else "" for name, value in line.items()}
        yield f"  - {_flow(kept)}  ## {subjects.name(line.get('科目', ''))}".rstrip("# ")
    if not old:
        yield from EXAMPLES[key]


def _flow(line: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in line.items()) + "}"


def _shown(lines: Iterable[str]) -> Iterator[str]:
    yield from (f"# {line}" for line in lines)
