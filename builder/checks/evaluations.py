"""绩效自评 as the rules see it: one view of built-in forms, of forms that a style declares, and of printed ones.

A declared form's fields are recognised by the words that such forms use (年初预算, 执行, 目标值, 得分 …); what no word
tells is not looked at. Every value is text, as printed or as filled in, with its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from builder.accounts.money import AmountUnit, in_unit
from builder.accounts.performance import Project
from builder.accounts.printed_forms import PRINTED

from .case import Case, FilledForm, Places
from .evaluation import OVERALL, Evaluation, Given, Row

Path = tuple[str | int, ...]
Words = Mapping[str, Sequence[str]]
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
SCORED = {word for key in ("目标值", "分值", "得分") for word in ITEM[key]}
SPENT = {word for key in ("年初预算", "全年预算", "执行") for word in MONEY[key]}


@lru_cache(maxsize=1)
def evaluations(case: Case) -> tuple[Evaluation, ...]:
    """Return every self-evaluation form of a unit-year; made once, for all the rules that follow one another."""
    return (
        *(_of_project(project, places) for project, places in case.projects),
        *(_of_form(form) for form in case.forms),
    )


def _of_project(project: Project, places: Places) -> Evaluation:
    """Return a built-in form: what it computes (执行率, 总分) is not there."""
    unit = project.unit

    def amount(key: str, value: Decimal | None) -> dict[str, Given]:
        return {} if value is None else {key: Given(f"{in_unit(value, unit).normalize():f}", places.nearest((key,)))}

    money = {
        "年初预算": amount("年初预算", project.initial), "全年预算": amount("调整预算", project.adjusted),
        "执行": amount("执行数", project.executed),
    }
    cells = {column: given for column, cell in money.items() for given in cell.values()}
    source = places.nearest(())
    cells["三级"] = Given("年度资金总额", source)
    rows = []
    for number, target in enumerate(project.targets):
        at = places.nearest(("绩效指标", number))
        given = {
            "一级": target.first, "二级": target.second, "三级": target.third, "目标值": target.target,
            "完成值": target.result, "分值": "" if target.points is None else str(target.points),
            "得分": str(target.score) if "score" in target.model_fields_set else "", "偏差原因": project.deviation,
        }
        rows.append(Row(project.name, {key: Given(text, at) for key, text in given.items()}, at))
    points = Given(str(project.execution_points), places.nearest(("执行率分值",)))
    whole = Row(project.name, {"执行率分值": points, "项目名称": Given(project.name, source)}, source)
    words = {
        "主管部门": project.superior, "项目实施单位": project.implementer, "偏差原因分析": project.deviation,
        "改进措施及结果应用": project.improvement,
    }
    texts = _texts(project.name, words, places)
    return Evaluation(project.name, whole, [Row(project.name, cells, source)], (), rows, texts=texts, unit=unit)


def _of_form(form: FilledForm) -> Evaluation:
    data, places = form.data, form.places
    is_printed = data.get("表") == PRINTED
    title = str(data.get("标题") or data.get("表") or "")
    name = str(data.get("项目名称") or title)
    label = f"{name}（{title}）" if data.get("标题") and OVERALL in title else name
    whole = _row(label, data, WHOLE, places, ())
    if "标题" not in whole.cells:
        whole = Row(label, {**whole.cells, "标题": Given(title, whole.source)}, whole.source)
    unit = AmountUnit(str(data["金额单位"])) if data.get("金额单位") in list(AmountUnit) else AmountUnit.WAN
    if is_printed:
        blocks = {key: _list(label, data, key, words, places) for key, words in BLOCKS.items()}
        return Evaluation(
            label, whole, blocks["资金"], blocks["目标"], blocks["指标"], blocks["一级权重"], blocks["支出内容"],
            blocks["文字"], unit, printed=True,
        )
    return Evaluation(
        label, whole, list(_money(label, data, places)), (), list(_items(label, data, places, ())),
        texts=_texts(label, {key: text for key, text in data.items() if isinstance(text, str)}, places), unit=unit,
    )


BLOCKS: Mapping[str, Words] = {
    "资金": {"三级": ("名",), **MONEY}, "目标": {**ITEM, "三级": ("内容", "名")}, "指标": ITEM,
    "一级权重": {"三级": ("名",), "权重": ("权重",)}, "支出内容": {"三级": ("名",), "金额": ("金额",)},
    "文字": {"三级": ("名",), "文": ("文",)},
}
"""Block of a printed form → what its columns are."""


def _row(form: str, data: Mapping[str, object], words: Words, places: Places, path: Path) -> Row:
    cells = {}
    for key, names in words.items():
        name = next((name for name in names if isinstance(data.get(name), str) and data[name]), None)
        if name is not None:
            cells[key] = Given(str(data[name]), places.nearest((*path, name)))
    level = str(data.get("层", "0"))
    group = str(data.get("组", ""))
    return Row(form, cells, places.nearest(path), int(level) if level.isdecimal() else 0, group)


def _list(form: str, data: Mapping[str, object], key: str, words: Words, places: Places) -> list[Row]:
    lines = data.get(key)
    return [
        _row(form, line, words, places, (key, number))
        for number, line in enumerate(lines if isinstance(lines, list) else ())
        if isinstance(line, Mapping)
    ]


def _texts(form: str, words: Mapping[str, str], places: Places) -> list[Row]:
    """Return the cells that a form fills in by themselves, named by what they are called."""
    found = []
    for key, text in words.items():
        at = places.nearest((key,))
        found.append(Row(form, {"三级": Given(key, at), "文": Given(text, at)}, at))
    return found


def _items(form: str, value: object, places: Places, path: Path) -> Iterator[Row]:
    """Yield each mapping inside a declared form that is a scored line; one that is no item of a list by its key."""
    if isinstance(value, Mapping):
        if path and any(key in value for key in SCORED):
            row = _row(form, value, ITEM, places, path)
            if not row.name:
                row = Row(form, {**row.cells, "三级": Given(str(path[-1]), row.source)}, row.source)
            yield row
            return
        for key, inner in value.items():
            yield from _items(form, inner, places, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _items(form, inner, places, (*path, number))


def _money(form: str, data: Mapping[str, object], places: Places) -> Iterator[Row]:
    """Yield the lines of a declared form's money, written by source ({省级: {年初预算, 执行}}) or by column."""
    columns: dict[str, dict[str, Given]] = {}
    for key, group in data.items():
        if not isinstance(group, Mapping):
            continue
        for source, inner in group.items():
            if isinstance(inner, Mapping) and any(word in inner for word in SPENT):
                row = _row(form, inner, MONEY, places, (key, source))
                named = {**row.cells, "三级": Given(str(source), row.source)}
                yield Row(form, named, row.source, 1)
            elif isinstance(inner, str) and key in SPENT:
                column = next(column for column, words in MONEY.items() if key in words)
                columns.setdefault(source, {})[column] = Given(inner, places.nearest((key, source)))
    for source, cells in columns.items():
        at = next(iter(cells.values())).source
        yield Row(form, {**cells, "三级": Given(source, at)}, at, 1)
