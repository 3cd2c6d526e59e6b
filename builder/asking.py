"""What a form asks a unit for: reasons, last year's figures, texts, budgets, 绩效; found in its tags, without data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from builder.accounts.definitions import ANY, plain_name
from builder.accounts.statements import Place
from builder.building import form_files, vocabulary
from builder.rendering.checking import ITEMS
from builder.rendering.mentions import Mention, mentions
from builder.style import Style
from builder.vocabulary import AGAINST, BUDGETS, LAST_YEAR
from builder.workspace import Workspace

SUBJECT = "科目代码"
"""What stands for a subject's code where a form asks something of every subject: ``一般公共预算支出.科目代码``."""
EXPENSES = {name: name for name in ("三公经费", "会议费", "培训费", "机关运行经费")} | {"三公": "三公经费"}
"""The first words of names whose budgets are entered beside the expense, not by subject → the expense in 决算.yaml."""
BUDGET_TABLES = {"三公": ("三公经费",), "其他费用": ("会议费", "培训费")}
"""How the names of ledger books of expenses' budgets begin → the expenses."""
PROJECTS = frozenset({"项目", "自评表", "项目数", "年初预算合计", "预算合计", "执行合计"})
"""Names under 绩效 that come from the project files."""
COUNTED = ("国有资产.车辆", "国有资产.设备", "国有资产.当年购置")
"""Facts that a form names one by one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that a form prints: the heading it stands under first, and whether it may be left out."""

    heading: str
    optional: bool = False


@dataclass(slots=True)
class Asked:
    """Everything that a form asks for, in the order of the document.

    ``last_year`` is by indicator; ``reasons`` by indicator and comparison; ``texts`` and ``long_texts`` by name;
    ``counted`` are the names under each of `COUNTED`. ``budgets`` are by subject, ``expense_budgets`` by expense.
    ``words`` are all names, for asking whether a fact is used at all. ``forms`` are 绩效表; ``projects`` and
    ``overall`` tell whether ``绩效/项目.yaml`` and ``绩效/整体.yaml`` are printed.
    """

    last_year: dict[str, Wanted] = field(default_factory=dict)
    reasons: dict[tuple[str, str], Wanted] = field(default_factory=dict)
    texts: dict[str, Wanted] = field(default_factory=dict)
    long_texts: dict[str, Wanted] = field(default_factory=dict)
    counted: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in COUNTED})
    budgets: set[str] = field(default_factory=set)
    expense_budgets: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in EXPENSES.values()})
    words: set[str] = field(default_factory=set)
    forms: tuple[str, ...] = ()
    projects: bool = False
    overall: bool = False


def asked_by(workspace: Workspace, style: Style) -> Asked:
    """Return what a style asks for. Raises InputError where its form cannot be compiled."""
    asker = _Asker(style)
    for files in form_files(workspace, style):
        for mention in mentions(files, vocabulary()):
            asker.take(mention)
    asker.charts()
    asker.tables()
    asker.asked.forms = tuple(style.sheet.forms)
    return asker.asked


class _Asker:
    """Sorts mentions by what a unit has to write for them."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.asked = Asked()
        self._only_if: set[tuple[str, ...]] = set()

    def take(self, mention: Mention) -> None:
        """Take one mention."""
        path, heading = mention.path, mention.heading.rstrip("。：:")
        self.asked.words.update(path)
        if path[0] == "绩效" and len(path) > 1:
            self.asked.projects |= path[1] in PROJECTS
            self.asked.overall |= path[1] == "整体得分"
        if mention.asked:
            self._only_if.add(path)
            return
        if len(path) == 2 and path[0] in {"说明", "长文"}:  # noqa: PLR2004
            wanted = self.asked.texts if path[0] == "说明" else self.asked.long_texts
            wanted.setdefault(path[1], Wanted(heading, path in self._only_if))
        elif path[-1] == "用途" and len(path) > 1:
            self.asked.texts.setdefault(f"用途.{SUBJECT}", Wanted(heading))
        elif ".".join(path[:2]) in COUNTED and path[2:]:
            self._count(".".join(path[:2]), path[2])
        self._figure(mention, heading)

    def _figure(self, mention: Mention, heading: str) -> None:
        path = mention.path
        against = str(mention.given[0]) if mention.given else "较上年"
        if mention.filter == "较上年" or path[-1] == "上年":
            self._last_year(path, heading)
        if mention.filter == "原因" and against in AGAINST:
            for name in self._names(path):
                self.asked.reasons.setdefault((name, against), Wanted(heading))
            if against == "较上年":
                self._last_year(path, heading)
        for budget in {path[-1], mention.named.get("预算")} & set(BUDGETS):
            expense = EXPENSES.get(path[0])
            (self.asked.expense_budgets[expense] if expense else self.asked.budgets).add(str(budget))

    def _last_year(self, path: tuple[str, ...], heading: str) -> None:
        for name in self._names(path[:-1] if path[-1] == "上年" else path):
            self.asked.last_year.setdefault(name, Wanted(heading))

    def _names(self, path: tuple[str, ...]) -> Iterator[str]:
        """Yield the indicator that a name in a form is: itself, or the one at its table's place."""
        if path[0] in self.style.sheet.tables:
            for name, definition in self.style.definitions.items():
                if not isinstance(definition, Place) or (definition.table, definition.column) != (path[0], path[-1]):
                    continue
                if name.endswith(ANY) and ITEMS in path:
                    yield f"{name.removesuffix(ANY)}.{SUBJECT}"
                    return
                if definition.row in path:
                    yield name
                    return
        else:
            yield ".".join(SUBJECT if step == ITEMS else step for step in path)

    def _count(self, group: str, name: str) -> None:
        names = self.asked.counted[group]
        if name not in {*names, ITEMS}:
            names.append(name)

    def charts(self) -> None:
        """Take what charts show of last year."""
        for chart in self.style.sheet.charts.values():
            for name in (name for names in chart.series.values() for name in names):
                if name.endswith(LAST_YEAR):
                    self._last_year(tuple(plain_name(name).split(".")), "图表")

    def tables(self) -> None:
        """Take the budgets and expenses that published tables show, and the counts that are zero unless given."""
        for spec in self.style.sheet.tables.values():
            filters = [spec, *spec.blocks.values()]
            filters += [column for block in spec.blocks.values() for column in block.columns.values()]
            filters += [row for block in spec.blocks.values() for row in block.rows]
            for each in filters if spec.printed else ():
                self.asked.words.update(each.kinds)
                for book in each.books:
                    self._book(book)
        for name in map(plain_name, self.style.sheet.zero_unless_given):
            group, _, last = name.rpartition(".")
            if group in COUNTED:
                self._count(group, last)

    def _book(self, book: str) -> None:
        self.asked.words.update(name for name in EXPENSES if book.startswith(name))
        budget = next((budget for budget in BUDGETS if book.endswith(budget)), "")
        if book == budget:
            self.asked.budgets.add(budget)
        for expense in BUDGET_TABLES.get(book.removesuffix(budget), ()) if budget else ():
            self.asked.expense_budgets[expense].add(budget)


def parts_of(style: Style) -> Mapping[str, tuple[str, ...]]:
    """Return the indicators whose last year is the sum of others', with these (``组成``)."""
    return {plain_name(total): tuple(map(plain_name, parts)) for total, parts in style.sheet.composition.items()}
