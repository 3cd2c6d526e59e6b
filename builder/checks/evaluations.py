"""绩效自评 as the rules see it: one view of built-in forms, of forms that a style declares, and of printed ones.

A declared form's fields are recognised by the words that such forms use (年初预算, 执行, 目标值, 得分 …); what no word
tells is not looked at. Every value is text, as printed or as filled in, with its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain
from typing import Any

from builder.accounts.money import AmountUnit, in_unit
from builder.accounts.performance import Project
from builder.accounts.printed_forms import PRINTED
from builder.findings import Source

from .case import Case, FilledForm, Places, once
from .evaluation import OVERALL, Evaluation, Finder, Path, Row
from .written import joined

Words = Mapping[str, Sequence[str]]
Line = Mapping[str, object]
MONEY = {
    "年初预算": ("年初预算", "年初预算数"), "调整": ("调整", "年中调整"),
    "全年预算": ("全年预算", "全年预算数", "预算", "预算数", "调整预算"), "到位": ("到位", "实际到位"),
    "到位率": ("到位率",), "执行": ("执行", "执行数", "全年执行数", "实际执行数", "支出", "实际支出"),
    "执行率": ("执行率",), "结余": ("结余",), "分值": ("分值",), "得分": ("得分",), "评分标准": ("评分标准",),
}
"""What a column of the money block is → how forms call it."""
ITEM = {
    "一级": ("一级", "一级指标"), "二级": ("二级", "二级指标"), "三级": ("三级", "三级指标", "内容", "名称", "名"),
    "参考标准": ("参考标准",), "目标值": ("目标值", "年初目标值", "年度指标值", "年度目标值", "指标值"),
    "完成值": ("完成值", "实际完成值", "全年完成值"), "完成比例": ("完成比例",), "权重": ("权重",),
    "分值": ("分值", "满分"), "得分": ("得分",), "评分标准": ("评分标准",), "得扣分原因": ("得扣分原因",),
    "偏差原因": ("偏差原因", "偏差", "原因与改进", "未完成原因和改进措施"), "完成情况": ("完成情况",),
    "指标说明": ("指标说明",),
}
WHOLE = {
    "标题": ("标题",), "项目名称": ("项目名称",), "年度": ("年度",), "填报日期": ("填报日期",),
    "执行率分值": ("执行率分值",), "执行率得分": ("执行率得分", "执行得分"), "总分值": ("总分值",),
    "完成情况": ("完成情况", "总体完成情况"), "未完成原因": ("未完成原因",), "总分": ("总分", "综合得分", "自评得分"),
    "评价等级": ("评价等级", "评价等次"), "等级标准": ("等级标准",),
}
LAYOUTS: Mapping[str, Words] = {
    "全表": WHOLE, "金额": MONEY, "指标": ITEM, "资金": {"三级": ("名",), **MONEY},
    "目标": {**ITEM, "三级": ("内容", "名")}, "一级权重": {"三级": ("名",), "权重": ("权重",)},
    "支出内容": {"三级": ("名",), "金额": ("金额",)}, "文字": {"三级": ("名",), "文": ("文",)},
    "项目资金": {"年初预算": ("年初预算",), "全年预算": ("调整预算",), "执行": ("执行数",)},
    "项目": {"执行率分值": ("执行率分值",)},
}
"""Kind of a line, or block of a printed form → what its columns are."""
PRINTED_BLOCKS = ("资金", "目标", "指标", "一级权重", "支出内容", "文字")
SCORED = frozenset(word for key in ("目标值", "分值", "得分") for word in ITEM[key])
SPENT = frozenset(word for key in ("年初预算", "全年预算", "执行") for word in MONEY[key])
UNITS = {unit.value: unit for unit in AmountUnit}
LINE_SHAPES = 1024
"""How many shapes of lines (which keys they have) are remembered with the columns that they fill."""


def evaluations(case: Case, *columns: str) -> Sequence[Evaluation]:
    """Return the self-evaluation forms of a unit-year that have cells in all of some columns.

    A rule that compares columns has nothing to say of a form without them.
    """
    forms = _evaluations(case)
    return [form for form in forms if form.columns.issuperset(columns)] if columns else forms


@once
def _evaluations(case: Case) -> tuple[Evaluation, ...]:
    """Return every form; made once, for all the rules that follow one another."""
    return (
        *(_of_project(project, places) for project, places in case.projects),
        *(_of_form(form) for form in case.forms),
    )


@once
def all_words(case: Case) -> str:
    """Return all different cells with words as one text, to see at once what no form has."""
    rows = chain.from_iterable([form.worded for form in _evaluations(case)])
    return joined(dict.fromkeys(chain.from_iterable([row.values() for row in rows])))


def _of_project(project: Project, places: Places) -> Evaluation:
    """Return a built-in form: what it computes (执行率, 总分) is not there."""
    name, unit, find = project.name, project.unit, partial(_find_line, places)
    amounts = {"年初预算": project.initial, "调整预算": project.adjusted, "执行数": project.executed}
    given = {
        key: f"{in_unit(value, unit).normalize():f}" for key, value in amounts.items() if value is not None
    }
    money = _row(name, given, "项目资金", partial(_find, "项目资金", given, places)).named("年度资金总额")
    rows = []
    for number, target in enumerate(project.targets):
        cells = {
            "一级": target.first, "二级": target.second, "三级": target.third, "目标值": target.target,
            "完成值": target.result, "分值": "" if target.points is None else str(target.points),
            "得分": str(target.score) if "score" in target.model_fields_set else "", "偏差原因": project.deviation,
        }
        rows.append(Row(name, cells, find, ("绩效指标", number)))
    points = {"执行率分值": str(project.execution_points)}
    whole = Row(name, {**points, "项目名称": name}, partial(_find, "项目", points, places))
    words = {
        "主管部门": project.superior, "项目实施单位": project.implementer, "偏差原因分析": project.deviation,
        "改进措施及结果应用": project.improvement,
    }
    return Evaluation(name, whole, [money], (), rows, texts=_texts(name, words, places), unit=unit)


def _of_form(form: FilledForm) -> Evaluation:
    data, places = form.data, form.places
    title = str(data.get("标题") or data.get("表") or "")
    name = str(data.get("项目名称") or title)
    label = f"{name}（{title}）" if data.get("标题") and OVERALL in title else name
    whole = _row(label, data, "全表", partial(_find, "全表", data, places))
    if "标题" not in whole:
        whole["标题"] = title
    unit = UNITS.get(str(data.get("金额单位")), AmountUnit.WAN)
    if data.get("表") == PRINTED:
        lists = (_list(label, data, block, places) for block in PRINTED_BLOCKS)
        money, goals, indicators, heads, spending, texts = lists
        return Evaluation(label, whole, money, goals, indicators, heads, spending, texts, unit, printed=True)
    items = list(_items(label, data, partial(_find, "指标", data, places), ()))
    words = {key: text for key, text in data.items() if isinstance(text, str)}
    return Evaluation(
        label, whole, list(_money(label, data, places)), (), items, texts=_texts(label, words, places), unit=unit
    )


def _row(form: str, line: Line, layout: str, find: Finder, path: Path = ()) -> Row:
    """Return a line with the cells that are filled in: of several names of a column the first that has a text."""
    cells = {
        column: text for column, name in _columns(layout, tuple(line)) if (text := line[name]) and isinstance(text, str)
    }
    row = Row(form, cells, find, path)
    if "层" in line or "组" in line:
        level = str(line.get("层", "0"))
        row.level, row.group = int(level) if level.isdecimal() else 0, str(line.get("组", ""))
    return row


@lru_cache(maxsize=LINE_SHAPES)
def _columns(layout: str, keys: tuple[str, ...]) -> Sequence[tuple[str, str]]:
    """Return which columns the keys of a line fill, in their order; of two keys for one column the better last."""
    return [
        (column, name) for column, names in LAYOUTS[layout].items() for name in reversed(names) if name in keys
    ]


def _find(layout: str, data: Line, places: Places, path: Path, column: str) -> Source:
    """Return where the cell of a column stands in the line at a path of the data, or the line."""
    line: Any = data
    for step in path:
        line = line[step]
    names = LAYOUTS[layout].get(column, ())
    name = next((name for name in names if line.get(name) and isinstance(line[name], str)), None)
    return places.nearest(path if name is None else (*path, name))


def _find_line(places: Places, path: Path, _column: str) -> Source:
    """Return where a line stands, for every cell of it."""
    return places.nearest(path)


def _list(form: str, data: Line, block: str, places: Places) -> list[Row]:
    lines, find = data.get(block), partial(_find, block, data, places)
    return [
        _row(form, line, block, find, (block, number))
        for number, line in enumerate(lines if isinstance(lines, list) else ())
        if isinstance(line, dict)
    ]


def _texts(form: str, words: Mapping[str, str], places: Places) -> list[Row]:
    """Return the cells that a form fills in by themselves, named by what they are called."""
    find = partial(_find_line, places)
    return [Row(form, {"三级": key, "文": text}, find, (key,)) for key, text in words.items()]


def _items(form: str, value: object, find: Finder, path: Path) -> Iterator[Row]:
    """Yield each mapping inside a declared form that is a scored line; one that is no item of a list by its key."""
    if isinstance(value, dict):
        if path and not SCORED.isdisjoint(value):
            row = _row(form, value, "指标", find, path)
            yield row if row.name else row.named(str(path[-1]))
            return
        for key, inner in value.items():
            if isinstance(inner, dict | list):
                yield from _items(form, inner, find, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _items(form, inner, find, (*path, number))


def _money(form: str, data: Line, places: Places) -> Iterator[Row]:
    """Yield the lines of a declared form's money, written by source ({省级: {年初预算, 执行}}) or by column."""
    columns: dict[str, dict[str, str]] = {}
    find = partial(_find, "金额", data, places)
    for key, group in data.items():
        if not isinstance(group, dict):
            continue
        for source, inner in group.items():
            if isinstance(inner, dict) and not SPENT.isdisjoint(inner):
                row = _row(form, inner, "金额", find, (key, source)).named(str(source))
                row.level, row.group = 1, ""
                yield row
            elif isinstance(inner, str) and key in SPENT:
                columns.setdefault(source, {})[key] = inner
    for source, given in columns.items():
        yield _by_column(form, source, given, places)


def _by_column(form: str, source: str, given: Mapping[str, str], places: Places) -> Row:
    """Return a line of money of which each cell stands under its column: {年初预算: {省级: 30}}."""
    keys = {column: key for key in given for column, words in MONEY.items() if key in words}

    def find(_path: Path, column: str) -> Source:
        return places.nearest((keys.get(column, next(iter(given))), source))

    row = Row(form, {**{column: given[key] for column, key in keys.items()}, "三级": source}, find)
    row.level = 1
    return row
