"""The names that a form's tags can use: figures, tables, texts and 绩效 of one unit-year, under their Chinese names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from jinja2 import Undefined

from builder.accounts.definitions import groups_above
from builder.accounts.figures import Figure, Kind
from builder.accounts.indicators import Indicators
from builder.accounts.statements import Cell, Statement
from builder.findings import Finding, InputError
from builder.rendering.marks import marked_run
from builder.style import Style
from builder.wording.numbers import AmountsAsText

COUNTERPARTS = {"上年": "last_year", "年初预算": "initial_budget", "全年预算": "adjusted_budget"}
"""What a part may ask of a figure → the figure's own name for it."""


class Names:
    """A bag of names for a part: ``行.左.项目``. It has no public methods, for a part could call them."""

    def __init__(self, **names: object) -> None:
        self.__dict__ = names

    def __getitem__(self, name: str) -> object:
        """Return the value of that name. Raises KeyError."""
        return self.__dict__[name]


def bag(names: dict[str, Any]) -> Names:
    """Return a bag with the names of a dictionary, which becomes its own; faster than to name each anew."""
    made = Names.__new__(Names)
    made.__dict__ = names
    return made


class LazyNames(Names):
    """Names most of which are made when a part first asks for them, and then kept: it asks for few."""

    def __getattr__(self, name: str) -> object:
        """Return the value of a name that was not asked for before."""
        made = self._make(name)
        if made is None:
            raise AttributeError(name)
        self.__dict__[name] = made
        return made

    def __getitem__(self, name: str) -> object:
        """Return the value of that name. Raises KeyError."""
        if name not in self.__dict__:
            made = self._make(name)
            if made is None:
                raise KeyError(name)
            self.__dict__[name] = made
        return self.__dict__[name]

    def __dir__(self) -> list[str]:
        """Return all names, made or not: for suggestions where one is misspelt."""
        return [*self.__dict__, *self._unmade()]

    def _make(self, name: str) -> object:
        """Return the value of a name; None where there is no such name."""
        raise NotImplementedError

    def _unmade(self) -> Iterable[str]:
        """Return the names that may be asked for."""
        raise NotImplementedError


class CellText(str):
    """A cell as its table prints it, which remembers what it is: filters take the figure, not the text."""

    __slots__ = ("account", "cell")

    cell: Cell
    account: Account

    @property
    def figure(self) -> Figure:
        """The cell's figure, under its indicator's name where it has one."""
        figure = self.account.figure_of_cell(self.cell)
        self.account.touched.append(figure.name)
        return figure


class FigureText(str):
    """A number that prints as it is, and that filters take as a figure; none where it is not filled in."""

    __slots__ = ("figure",)

    figure: Figure | None

    def __new__(cls, text: str = "", figure: Figure | None = None) -> Self:
        """Make the text of a figure."""
        made = super().__new__(cls, text)
        made.figure = figure
        return made


class FigureValue:
    """A figure that has a name but no place in the tree of indicators; false where it is zero or not known."""

    __slots__ = ("figure", "name")

    def __init__(self, name: str, figure: Figure | None) -> None:
        self.name, self.figure = name, figure

    def __bool__(self) -> bool:
        """Whether the figure is known and not zero."""
        return bool(self.figure)

    def __str__(self) -> str:
        """Refuse to print. Raises InputError."""
        raise unformatted(self.name)


def unformatted(name: str) -> InputError:
    """Return the error on a figure that is printed without a filter that says how."""
    return InputError(f"「{name}」没有写明怎样印；请写作 {{{{ {name} | 万元 }}}} 或 {{{{ {name} | 数 }}}}")


class FigureNode:
    """A name in the tree of indicators: a figure, a group of figures, or both."""

    __slots__ = ("_account", "_below", "_name")

    def __init__(self, account: Account, name: str) -> None:
        self._account, self._name = account, name
        self._below: dict[str, FigureNode] = {}

    def __getitem__(self, key: str) -> object:
        """Return the figure or group below. Raises KeyError where there is none."""
        if key in self._below:
            return self._below[key]
        name = f"{self._name}.{key}"
        if name in self._account.groups or name in self._account.indicators:
            self._below[key] = FigureNode(self._account, name)
            return self._below[key]
        if key in COUNTERPARTS and self._name in self._account.indicators:
            figure = self.figure
            value = getattr(figure, COUNTERPARTS[key])
            return FigureValue(name, None if value is None else Figure(name, value, figure.kind))
        raise KeyError(name)

    def __dir__(self) -> list[str]:
        """Return the names below, for suggestions where one is misspelt."""
        return self._account.below(self._name)

    def __bool__(self) -> bool:
        """Whether the figure is not zero; a group of figures always counts as something."""
        return self._name not in self._account.indicators or bool(self.figure.value)

    def __str__(self) -> str:
        """Refuse to print: an amount needs a filter that says how. Raises InputError."""
        raise unformatted(self._name)

    @property
    def figure(self) -> Figure:
        """The figure of this name."""
        self._account.touched.append(self._name)
        return self._account.indicators.get(self._name)


class Missing:
    """A text that nobody has written: false in a condition, and where it is printed, noted down as missing."""

    __slots__ = ("_account", "_key", "_message")

    def __init__(self, account: Account, key: tuple[str, str], message: str) -> None:
        self._account, self._key, self._message = account, key, message

    def __bool__(self) -> bool:
        """There is no such text."""
        return False

    def __str__(self) -> str:
        """Print the marker that a draft shows, and note down that the text is missing."""
        self._account.missing.setdefault(self._key, Finding(self._message))
        marker = f"【待补充：{self._key[1]}】"
        return marked_run(marker, "/".join(self._key)) if self._account.marked else marker


class MissingBlock(Missing):
    """A long text that nobody has written: its marker is a paragraph of its own."""

    __slots__ = ("_paragraph",)

    def __init__(
        self, account: Account, key: tuple[str, str], message: str, paragraph: Callable[[str], object]
    ) -> None:
        super().__init__(account, key, message)
        self._paragraph = paragraph

    def __html__(self) -> str:
        """Return the paragraph with the marker, and note down that the text is missing."""
        return str(self._paragraph(str(self)))


class Texts:
    """Texts by name, for ``说明.接待对象``; one that is not written is Missing.

    ``advice`` says what to do then; ``paragraph`` makes a paragraph of the marker, where the texts are long ones.
    """

    def __init__(
        self,
        account: Account,
        what: str,
        texts: Mapping[str, object],
        advice: str,
        paragraph: Callable[[str], object] | None = None,
    ) -> None:
        self._account, self._what, self._texts, self._advice = account, what, texts, advice
        self._paragraph = paragraph

    def __getitem__(self, name: str) -> object:
        """Return the text of that name, or what stands for a missing one."""
        text = self._texts.get(name)
        if text:
            return text
        key, message = (self._what, name), f"缺少「{name}」；{self._advice.format(name=name)}"
        if self._paragraph is None:
            return Missing(self._account, key, message)
        return MissingBlock(self._account, key, message, self._paragraph)


@dataclass
class Account:
    """Everything a form may say about one unit-year, and what its filters note down while it is rendered.

    ``marked`` says that its texts remember which ones they are; ``touched`` are the figures asked for, in order.
    """

    style: Style
    year: int
    own_name: str
    statements: Mapping[str, Statement]
    indicators: Indicators
    reasons: Mapping[tuple[str, str], str]
    texts: Mapping[str, str]
    groups: frozenset[str] = frozenset()
    missing: dict[tuple[str, str], Finding] = field(default_factory=dict)
    marked: bool = False
    touched: list[str] = field(default_factory=list)
    _amounts: dict[str, AmountsAsText] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.groups = self.style.definitions.groups.union(*map(groups_above, self.indicators.leaves))

    def amounts_as_text(self, number_format: str) -> AmountsAsText:
        """Return the amounts of this document in a number format: its tables have many in common."""
        made = self._amounts.get(number_format)
        if made is None:
            made = self._amounts[number_format] = AmountsAsText(self.style.wording.format(number_format))
        return made

    def figure_of_cell(self, cell: Cell) -> Figure:
        """Return a cell's figure under its indicator's name, else under its place."""
        place = cell.place
        name = self.style.definitions.by_place.get(place)
        stem = self.style.definitions.by_column.get((place.table, place.column))
        if name is None and stem is not None and place.row.isdigit():
            name = f"{stem}.{place.row}"
        if name is not None:
            figure = self.indicators.get(name)
            if figure.cells == (cell,):  # a fact of the same name may have taken the cell's place
                return figure
        return self.indicators.of_cell(cell)

    def below(self, group: str) -> list[str]:
        """Return the names directly under a group of indicators."""
        names = {name for name in [*self.indicators.names(), *self.groups] if name.startswith(f"{group}.")}
        return sorted({name[len(group) + 1 :].partition(".")[0] for name in names})

    def roots(self) -> Iterator[tuple[str, FigureNode]]:
        """Yield the first words of all indicator names."""
        for name in sorted(self.groups):
            if "." not in name:
                yield name, FigureNode(self, name)


_WITH_FIGURE = (FigureNode, CellText, FigureValue, FigureText)


def as_figure(value: object) -> Figure | None:
    """Return the figure that a part means by a name, a table's cell or a plain number; None for an unknown one.

    Raises InputError where it is none of these, and UndefinedError for a name that there is not.
    """
    if isinstance(value, _WITH_FIGURE):
        return value.figure
    if isinstance(value, Undefined):
        str(value)  # tells which name, and what it may mean
    if isinstance(value, Figure) or value is None:
        return value
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        what = f"「{value}」" if isinstance(value, str) else "这里写的"
        raise InputError(f"{what}不是指标，也不是数；这个过滤器只用于数")
    return Figure("", Decimal(value), Kind.COUNT if isinstance(value, int) else Kind.MONEY)
