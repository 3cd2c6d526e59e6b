"""The sheets of a 采集表: what is asked on each, in columns whose headers are the keys of the unit's files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel

from builder.accounts.facts import (
    AgencyOperating,
    BudgetLine,
    CarryOverLine,
    ExpenditureLine,
    IncludedUnit,
    Meetings,
    Procurement,
    RevenueLine,
    ThreePublic,
    UnitCard,
)  # fmt: skip
from builder.accounts.values import FUNDS
from builder.asking import COUNTED, SUBJECT, Asked, Wanted
from builder.loading.files import COMPARISONS
from builder.scaffolding.explaining import BUDGETS, WHERE, keys_of, purpose_of
from builder.scaffolding.facts_file import CLOSING, OPENING, uses

from . import marks

TITLE = marks.TITLE
"""What the first cell of the first sheet says: it marks the workbook for what it is."""
INTRODUCTION, CHECKS, LISTS = marks.INTRODUCTION, "核对", "科目表"
KEY, VALUE, NOTE = "项目", "填写", "说明"
CARD_PAGE = "单位信息"
LAST_YEAR_UNIT = "上年数的金额单位"
WHOLE_ZERO = "全部为零的预算"
SURPLUS = ("使用非财政拨款结余", "结余分配")
UNITS = ("万元", "元", "千元")
STAFF = ("编制", "在职", "编外", "离退休")
OFFICES, OFFICE_COUNT = "内设机构", "内设机构数"
WHEN = {"年初": OPENING, "年末": CLOSING}
NUMERIC_LEAVES = ("团组", "人次", "购置数", "保有量", "批次", "次数")


class Kind(StrEnum):
    """What a cell holds."""

    LABEL = "固定"
    TEXT = "文字"
    LONG = "长文"
    AMOUNT = "金额"
    CHANGE = "可负的金额"
    COUNT = "个数"
    RATE = "百分数"
    SUBJECT = "科目"
    ECONOMIC = "经济科目"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, what its cells hold, the words that may be chosen, and a hint."""

    key: str
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet: title, hint, columns; ``labels`` are lines with what is asked already in them.

    ``kinds`` is what the value of such a line holds, where the lines of a page differ in that. ``blank`` are lines to
    be filled in freely.
    """

    title: str
    hint: str
    columns: tuple[Column, ...]
    labels: tuple[tuple[str, ...], ...] = ()
    kinds: tuple[Column, ...] = ()
    blank: int = 0

    def column_of(self, line: int, column: Column) -> Column:
        """Return what a cell of line ``line`` (from 0) of a column holds."""
        return self.kinds[line] if column.key == VALUE and line < len(self.kinds) else column


def pages_of(asked: Asked, given: Collection[str] = ()) -> tuple[Page, ...]:
    """Return the sheets that a form needs, in order, and those for the sections of 决算.yaml that are ``given``."""
    return tuple(_pages(asked, set(given)))


def _pages(asked: Asked, given: set[str]) -> Iterator[Page]:
    yield _card()
    subject = Column("科目", Kind.SUBJECT, hint="从下拉框选，或输入 7 位项级代码")
    fund = Column("资金来源", choices=FUNDS, hint="每一行都要选")
    amounts = _amounts(RevenueLine, ("科目", "其中教育收费"))
    tuition = Column("其中教育收费", Kind.AMOUNT, hint=purpose_of(RevenueLine, "其中教育收费"))
    yield Page("收入", f"一个项级科目一行，按来源填。{WHERE['收入']}", (subject, *amounts, tuition), blank=80)
    spent = _amounts(ExpenditureLine, ("科目", "资金来源"))
    hint = "一个科目、一种资金来源一行，按支出类型填；填了人员经费、公用经费的，不再填基本支出。"
    yield Page("支出", hint + WHERE["支出"], (subject, fund, *spent), blank=120)
    economic = Column("科目", Kind.ECONOMIC, hint="从下拉框选，或输入 5 位款级代码")
    yield Page(
        "基本支出经济分类", f"只填一般公共预算财政拨款基本支出。{WHERE['基本支出经济分类']}",
        (economic, Column("金额", Kind.AMOUNT)), blank=80,
    )  # fmt: skip
    kind = Column("类型", choices=("基本支出", "项目支出"), hint=purpose_of(CarryOverLine, "类型"))
    yield Page(
        "结转结余", f"年初、年末分行填，没有的不填。{WHERE[OPENING]}",
        (Column("时点", choices=tuple(WHEN)), fund, subject, kind, Column("金额", Kind.AMOUNT)), blank=40,
    )  # fmt: skip
    if asked.budgets or given & set(BUDGETS):
        books = tuple(budget for budget in BUDGETS if budget in asked.budgets | given)
        yield Page(
            "预算", "分得出基本支出、项目支出的填那两栏，不再填金额；年初预算全部为零的，在「单位信息」里说明。",
            (Column("预算", choices=books), subject, fund, *_amounts(BudgetLine, ("科目", "资金来源"))), blank=100,
        )  # fmt: skip
    yield from _leaf_pages(asked, given)
    yield from _people(asked, given)
    yield _last_year(asked)
    yield from _wording(asked)


def _card() -> Page:
    """Return the sheet on the unit itself, and on the amounts of the whole workbook."""
    rows = [
        (key, Column(VALUE, choices=("单位", "部门") if key == "类型" else (), hint=purpose_of(UnitCard, key)))
        for key, inner in keys_of(UnitCard)
        if inner is None and key not in {"风格", "科目"}
    ]
    rows += [
        ("金额单位", Column(VALUE, choices=UNITS, hint="本工作簿里金额的单位；小数最多两位")),
        (LAST_YEAR_UNIT, Column(VALUE, choices=UNITS, hint="「上年数」里金额的单位；不填同上")),
        (WHOLE_ZERO, Column(VALUE, hint="如 年初预算；有数的预算不填在这里。几种用、隔开")),
        *((key, Column(VALUE, Kind.AMOUNT, hint=f"没有不填。{WHERE[key]}")) for key in SURPLUS),
        (OFFICE_COUNT, Column(VALUE, Kind.COUNT, hint="内设机构只说个数、不列名称时填")),
    ]
    return _leaves(CARD_PAGE, "白格填写，灰格不用填。", rows)


def _leaves(title: str, hint: str, rows: list[tuple[str, Column]]) -> Page:
    columns = (Column(KEY, Kind.LABEL), Column(VALUE), Column(NOTE, Kind.LABEL))
    labels = tuple((key, "", column.hint) for key, column in rows)
    return Page(title, hint, columns, labels, tuple(column for _, column in rows))


def _amounts(model: type[BaseModel], without: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(
        Column(key, Kind.AMOUNT, hint=purpose_of(model, key)) for key, _ in keys_of(model) if key not in without
    )


def _leaf_pages(asked: Asked, given: set[str]) -> Iterator[Page]:
    models: dict[str, type[BaseModel]] = {
        "三公经费": ThreePublic, "会议费": Meetings, "培训费": Meetings, "机关运行经费": AgencyOperating,
        "政府采购": Procurement,
    }  # fmt: skip
    used = {key: model for key, model in models.items() if uses(asked, key) or key in given}
    rows = [row for key, model in used.items() for row in _paths(model, (key,), asked)]
    if rows:
        yield _leaves("三公和采购", f"没有发生的填 0 或不填；预算数要填，没有填 0。{WHERE['三公经费']}", rows)
    if uses(asked, "国有资产") or "国有资产" in given:
        labels = tuple((group.rpartition(".")[2], name) for group in COUNTED for name in asked.counted[group])
        groups = tuple(group.rpartition(".")[2] for group in COUNTED)
        columns = (Column("类别", choices=groups), Column("名称"), Column("数量", Kind.COUNT))
        yield Page("国有资产", f"年末数。{WHERE['国有资产']}", columns, labels, blank=10)


def _paths(model: type[BaseModel], path: tuple[str, ...], asked: Asked) -> Iterator[tuple[str, Column]]:
    """Yield a line for each number under an expense: its keys with spaces between."""
    for key, inner in keys_of(model):
        if inner is not None:
            yield from _paths(inner, (*path, key), asked)
        elif key not in BUDGETS or key in asked.expense_budgets.get(path[0], BUDGETS):
            kind = Kind.COUNT if key in NUMERIC_LEAVES else Kind.TEXT if key == "口径" else Kind.AMOUNT
            choices = ("公用经费", "单列", "无") if key == "口径" else ()
            yield " ".join((*path, key)), Column(VALUE, kind, choices, purpose_of(model, key))


def _people(asked: Asked, given: set[str]) -> Iterator[Page]:
    if uses(asked, "人员") or uses(asked, "机构") or given & {"人员", "机构"}:
        columns = (
            Column("类别", choices=(*STAFF, OFFICES)), Column("名称", hint="照本单位的说法写，如 行政编制、财政所"),
            Column("人数", Kind.COUNT, hint="内设机构不填人数"),
        )  # fmt: skip
        yield Page("人员机构", f"按写的顺序印。{WHERE['人员']}", columns, blank=40)
    if uses(asked, "机构") or "机构" in given:
        persons = Column("在职人数", Kind.COUNT, hint=purpose_of(IncludedUnit, "在职人数"))
        columns = (Column("名称"), Column("性质"), persons)
        yield Page("决算单位", "纳入本部门决算的单位；只有本单位时不填。", columns, blank=40)
    hint = "地方自设、下拉框里没有的科目；没有不填。"
    yield Page("地方科目", hint, (Column("代码"), Column("名称")), blank=20)


def _last_year(asked: Asked) -> Page:
    columns = (
        Column("指标"), Column("上年", Kind.CHANGE), Column("增减", Kind.CHANGE, hint="减少写负数"),
        Column("增减率", Kind.RATE, hint="带百分号，如 14.99%"), Column(NOTE, Kind.LABEL),
    )  # fmt: skip
    labels = tuple((name, "", "", "", w.heading) for name, w in asked.last_year.items() if SUBJECT not in name)
    hint = "上年公开的决算数；三栏任填一栏。上年也用本程序编制的不填。"
    return Page("上年数", hint + _each("指标", asked.last_year, "2010301"), columns, labels, blank=60)


def _wording(asked: Asked) -> Iterator[Page]:
    place = Column(NOTE, Kind.LABEL)
    columns = (
        Column("指标"), Column("比较", choices=COMPARISONS),
        Column("原因", Kind.LONG, hint="不写「主要原因是」，末尾不写句号"),
        Column("同", hint="与另一处相同时填，写作 指标/比较，如 收支.总计/较上年"), place,
    )  # fmt: skip
    reasons = tuple((*key, "", "", w.heading) for key, w in asked.reasons.items() if SUBJECT not in key[0])
    each = _each("指标", [f"{name}（{against}）" for name, against in asked.reasons], "2010301")
    yield Page("原因", f"没有变动的不写；还缺哪些，生成时会逐条说出。{each}", columns, reasons, blank=80)
    texts = tuple((name, "", _heading(w)) for name, w in asked.texts.items() if SUBJECT not in name)
    words = (Column("名称"), Column("文字", Kind.LONG), place)
    yield Page("文本", "格式里用到的短文字。" + _each("名称", asked.texts, "212"), words, texts, blank=40)
    long_texts = tuple((name, "", _heading(w)) for name, w in asked.long_texts.items())
    hint = "格子里换行按 Alt+Enter，一行是一段；太长的可以接着另起一行，名称相同。"
    yield Page("长文", hint, (Column("名称"), Column("正文", Kind.LONG), place), long_texts, blank=10)


def _heading(wanted: Wanted) -> str:
    return wanted.heading + ("（可以没有）" if wanted.optional else "")


def _each(header: str, names: Iterable[str], code: str) -> str:
    """Return the hint on names that stand for every subject."""
    each = [name.replace(SUBJECT, code) for name in names if SUBJECT in name]
    return f"按科目的另起一行，{header}写作 {'、'.join(each)}。" if each else ""
