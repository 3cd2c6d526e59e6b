"""The names that a form may use, known from its style alone: for checking parts without a unit's data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_origin

from pydantic import BaseModel

from builder.accounts.definitions import ANY as EACH_SUBJECT
from builder.accounts.definitions import plain_name
from builder.accounts.facts import Facts
from builder.accounts.forms import BASIC_FIELDS
from builder.accounts.views import BlockSpec, TableSpec
from builder.context import COUNTERPARTS
from builder.form_names import FIRST, WITHIN
from builder.rendering.checking import ANY, ITEMS, LEAF, NameTree, Unprinted
from builder.style import Style
from builder.table_names import LEVEL_NAMES, ROW_NAMES, SIDES

Tree = dict[str, NameTree]

CELL: NameTree = dict.fromkeys(COUNTERPARTS, LEAF)
AMOUNT: NameTree = Unprinted()
FIGURE = Unprinted(dict.fromkeys(COUNTERPARTS, AMOUNT))
CARD = ("名称", "简称", "代码", "主管部门", "类型", "性质", "自称")
PROJECT_TEXTS = (
    "名称", "全称", "主管部门", "项目实施单位", "执行率分值", "执行得分", "总分", "目标分值", "有调整",
    "偏差原因", "改进措施", "主要产出和效益", "发现的问题及原因", "下一步改进措施",
)
PROJECT_FIGURES = ("年初预算", "调整预算", "预算", "执行", "执行率")
PROJECT_LISTS = ("项目类别", "项目属性", "项目类型")
TARGET = ("一级", "二级", "三级", "目标值", "完成值", "分值", "得分", "一级首", "二级首")

CORRECTION_NAMES: NameTree = {
    "年度": LEAF, "单位": dict.fromkeys(CARD, LEAF),
    "更正": {
        **dict.fromkeys(("文档", "发布日期", "日期", "说明", "处数"), LEAF),
        "组": {ITEMS: {
            "名称": LEAF, "项": {ITEMS: dict.fromkeys(("位置", "原文", "更正为", "原因", "原因首"), LEAF)},
        }},
    },
}
"""The names that 更正说明.docx may use."""


def known_names(style: Style) -> NameTree:
    """Return the tree of names of a style: indicators, facts, tables, texts and 绩效."""
    tree: Tree = {}
    sheet = style.sheet
    _add_model(tree, Facts)
    for name in (*style.definitions, *map(plain_name, sheet.zero_unless_given)):
        _add(tree, name)
    tree |= {name: table_tree(spec) for name, spec in sheet.tables.items()}
    return tree | {
        "年度": LEAF, "上年度": LEAF, "单位": _leaves(*CARD),
        "机构": {
            "内设机构": {ITEMS: LEAF}, "内设机构数": LEAF, "内设机构列举": LEAF,
            "决算单位": {ITEMS: _leaves("名称", "性质", "在职人数")},
        },
        "人员": dict.fromkeys(("编制", "在职", "编外", "离退休"), ANY),
        "说明": {ITEMS: LEAF}, "长文": {ITEMS: LEAF},
        "名词解释": {ITEMS: _leaves("名称", "解释")},
        "绩效": {**_performance(), "表": {kind: {ITEMS: form_tree(fields)} for kind, fields in sheet.forms.items()}},
    }


def table_tree(spec: TableSpec) -> NameTree:
    """Return the names under one table."""
    beside = {name: block for name, block in spec.blocks.items() if not block.apart}
    tree: Tree = _leaves("有数", "表号", "标题") | {"项目": ANY}
    for block in spec.blocks.values():
        row = row_tree(block)
        tree |= {row_spec.name: row for row_spec in block.rows if row_spec.name}
        if block.total:
            tree[block.total] = row
    if len(beside) == 1:
        row = row_tree(next(iter(beside.values())))
        return tree | {"行": {ITEMS: row}} | {f"{level}级": {ITEMS: row} for level in ("类", "款", "项")}
    sides = SIDES.get(len(beside), tuple(beside))
    line: Tree = {}
    for side, (name, block) in zip(sides, beside.items(), strict=True):
        line[side] = line[name] = row_tree(block)
        tree[f"{name}项"] = ANY
    return tree | {"行": {ITEMS: line}}


def row_tree(block: BlockSpec) -> NameTree:
    """Return the names under one row: its labels and its columns."""
    labels = (*ROW_NAMES, *(LEVEL_NAMES if block.by_subject else ()))
    return _leaves(*labels) | dict.fromkeys(block.columns, CELL)


def form_tree(fields: Mapping[str, Any]) -> Tree:
    """Return the names under one 绩效表, or a line of a list in it, from the style's declaration."""
    tree: Tree = _leaves(*BASIC_FIELDS)
    for name, kind in fields.items():
        if isinstance(kind, Mapping):
            tree[name] = form_tree(kind)
        elif isinstance(kind, str):
            tree[name] = AMOUNT if kind.startswith("金额") else {ITEMS: LEAF} if kind.startswith("词语") else LEAF
        else:
            texts = [text for text, of in kind[0].items() if isinstance(of, str) and of.startswith("文字")]
            more = [text + which for text in texts for which in (FIRST, WITHIN)]
            tree[name] = {ITEMS: form_tree(kind[0]) | _leaves(*more, "序号")}
    return tree


def _performance() -> Tree:
    project: Tree = _leaves(*PROJECT_TEXTS) | dict.fromkeys(PROJECT_FIGURES, AMOUNT)
    project |= {name: {ITEMS: LEAF} for name in PROJECT_LISTS} | {"指标行": {ITEMS: _leaves(*TARGET)}}
    return {
        "项目": {ITEMS: project}, "自评表": {ITEMS: project},
        **dict.fromkeys(("项目数", "年初预算合计", "预算合计", "执行合计"), AMOUNT), "整体得分": LEAF,
    }


def _leaves(*names: str) -> Tree:
    return dict.fromkeys(names, LEAF)


def _add(tree: Tree, name: str) -> None:
    """Enter a dotted name; ``支出[]`` is a figure for any subject."""
    steps = [*name.removesuffix(EACH_SUBJECT).split("."), *([ITEMS] if name.endswith(EACH_SUBJECT) else [])]
    for step in steps[:-1]:
        below = tree.get(step)
        tree[step] = tree = Unprinted(below) if isinstance(below, Unprinted) else dict(below or {})
    tree[steps[-1]] = Unprinted({**(tree.get(steps[-1]) or {}), **FIGURE})


def _add_model(tree: Tree, model: type[BaseModel]) -> None:
    """Enter the numbers of a model by their keys. What a unit names itself (车辆的种类) only the style can list."""
    for name, field in model.model_fields.items():
        key = field.alias or name
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            below: Tree = {}
            _add_model(below, kind)
            tree[key] = below
        elif get_origin(kind) in {dict, Mapping}:
            tree[key] = {}
        elif get_origin(kind) is not list:
            tree[key] = FIGURE


