"""What a key is for and where its figure stands in the 决算报表, as comment lines of a file to be filled in.

A line that begins with ``##`` explains; one that begins with ``# `` is an entry that counts once ``# `` is taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

from builder.schema import HELP

HOW = """\
## 怎样填：「##」开头的行是说明；「# 」开头的行是样子，去掉行首的「# 」、改成自己的内容才算数。
## 没有发生的不填，合计和小计不填。下面是 [] 或 {} 的，填写时先去掉 [] 或 {}，再在下一行起填写。
"""

WHERE: Mapping[str, str] = {
    "收入": "收入决算表（财决03表）；财政拨款按预算分开，见财决07、09、11表",
    "支出": "支出决算表（财决04表）；财政拨款见财决07、09、11表，其余是非财政拨款；人员经费、公用经费见财决08-1表",
    "基本支出经济分类": "一般公共预算财政拨款基本支出决算明细表（财决08-1表）",
    "年初结转和结余": "收入支出决算总表（财决01表）；按资金来源见财决07、09、11表，总数减去这三张表的是非财政拨款",
    "年末结转和结余": "同「年初结转和结余」，取年末数",
    "使用非财政拨款结余": "收入支出决算总表（财决01表）",
    "结余分配": "收入支出决算总表（财决01表）",
    "年初预算": "部门预算批复；收入支出决算总表（财决01表）的年初预算数一栏核对总数",
    "全年预算": "部门预算批复加减当年的调整；收入支出决算总表（财决01表）的全年预算数一栏核对总数",
    "三公经费": "机构运行信息表（财决附03表）",
    "会议费": "机构运行信息表（财决附03表）",
    "培训费": "机构运行信息表（财决附03表）",
    "机关运行经费": "机构运行信息表（财决附03表）",
    "政府采购": "机构运行信息表（财决附03表）的政府采购支出信息",
    "国有资产": "机构运行信息表（财决附03表）的国有资产占用情况",
    "人员": "基本数字表（财决附02表）",
    "机构": "机构编制文件；部门决算的单位户数见封面和汇编清单",
}
"""Key at the top of ``决算.yaml`` → where its figures stand in the 决算报表 (2019 and later; numbers vary by year)."""

BUDGETS = ("年初预算", "全年预算")


def purpose_of(model: type[BaseModel], key: str) -> str:
    """Return what a key of a model is for. Raises KeyError for one that nobody has explained."""
    names = [f"{kind.__name__}.{key}" for kind in model.__mro__ if issubclass(kind, BaseModel)]
    return next((HELP[name] for name in names if name in HELP), "") or HELP[key]


def explained(model: type[BaseModel], keys: Iterable[str] = (), *, without: Iterable[str] = ()) -> list[str]:
    """Return a comment line for each key of a model, or for some of them, and for the keys of the records in it.

    Keys ``without`` are passed over everywhere; what was said once of a key is not said again.
    """
    chosen, over = set(keys), set(without)
    lines: dict[tuple[str, str], str] = {}

    def explain(kind: type[BaseModel], depth: int) -> None:
        for key, inner in keys_of(kind):
            if key in over or (chosen and depth == 0 and key not in chosen):
                continue
            purpose = purpose_of(kind, key)
            lines.setdefault((key, purpose), f"## {'  ' * depth}{key}：{purpose}")
            if inner is not None:
                explain(inner, depth + 1)

    explain(model, 0)
    return list(lines.values())


def keys_of(model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel] | None]]:
    """Yield the keys of a model, each with the model of the record or records that stand under it."""
    for name, field in model.model_fields.items():
        yield field.alias or name, _record(field.annotation)


def _record(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_record, get_args(annotation))), None)


def zeros(model: type[BaseModel], budgets: Iterable[str]) -> str:
    """Return a record on one line with zero for each number; of the budgets, those that the form asks for."""
    wanted = set(budgets)
    parts = [
        f"{key}: {zeros(inner, wanted) if inner else 0}"
        for key, inner in keys_of(model)
        if key not in BUDGETS or key in wanted
    ]
    return "{" + ", ".join(parts) + "}"
