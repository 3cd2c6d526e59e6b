"""Where every word of a document comes from: the form's fixed text, figures and their cells, or what people wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps

from builder.accounting import Accounts
from builder.accounts.statements import Place
from builder.building import (
    LONG_TEXTS,
    Builder,
    contents_of,
    form_files,
    open_book,
    titles_apart,
    vocabulary,
)
from builder.context import Account, CellText, FigureText, FigureValue
from builder.rendering.environment import Vocabulary
from builder.rendering.marks import Written, bookmark_name
from builder.rendering.passages import Passage
from builder.rendering.tracing import TracedForm, TracedPart
from builder.vocabulary import missing_key


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something printed comes from.

    ``figures`` are the indicators that its tag asked for, and those before it (in conditions and loops) since the last
    thing printed; ``cell`` is the table's cell; ``key`` tells which written text it is (``原因/收入.合计/较上年``).
    """

    figures: tuple[str, ...] = ()
    cell: Place | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """The passages of a document by the parts of its form, and the origin of everything printed, by number.

    ``keys`` are those of the written texts, by the names of their marks; ``unwritten`` those of the texts in whose
    place a draft has a marker.
    """

    parts: tuple[TracedPart, ...]
    origins: tuple[Origin, ...]
    keys: Mapping[str, str] = field(default_factory=dict)
    unwritten: Mapping[str, str] = field(default_factory=dict)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All passages in order."""
        return tuple(passage for part in self.parts for passage in part.passages)

    def origins_of(self, passage: Passage) -> list[Origin]:
        """Return the origins of what is printed in a passage."""
        return [self.origins[segment.printed] for segment in passage.segments if segment.printed is not None]

    def figures_of(self, passage: Passage) -> tuple[str, ...]:
        """Return the indicators that a passage depends on."""
        return tuple(dict.fromkeys(name for origin in self.origins_of(passage) for name in origin.figures))


@dataclass(slots=True)
class Tracer:
    """Traces documents of one workspace; forms are compiled for it once."""

    builder: Builder
    _forms: dict[str, tuple[TracedForm, ...]] = field(default_factory=dict)
    _touched: list[str] = field(default_factory=list)

    def trace(self, unit: str, year: int) -> Trace:
        """Return the trace of a unit-year's main document, as a draft prints it. Raises InputError."""
        return next(iter(self.traces(unit, year).values()))

    def traces(self, unit: str, year: int) -> dict[str, Trace]:
        """Return the traces of all documents by title, the main one's first. Raises InputError."""
        accounts = self.builder.accounts(unit, year)
        main = accounts.style.title(accounts.unit_year.card.name, year)
        forms = self._forms_of(accounts.style.name)
        return {
            title: self._traced(accounts, form, title)
            for title, form in zip((main, *titles_apart(accounts)), forms, strict=True)
        }

    def _traced(self, accounts: Accounts, traced: TracedForm, title: str) -> Trace:
        form = self.builder.form(accounts.style.name)
        account = open_book(accounts, accounts.unit_year.year, marked=True)
        account.touched = self._touched
        context, charts = contents_of(account, accounts, form)
        self._touched.clear()
        parts, origins = traced.trace(
            lambda compiled: compiled.render(context, charts=charts, pages=None, title=title, draft=True),
            lambda value: self._origin(account, value),
        )
        short = (text for text in (*account.reasons.values(), *account.texts.values()) if isinstance(text, Written))
        keys = [*(text.key for text in short), *(f"{LONG_TEXTS}/{name}" for name in accounts.unit_year.long_texts)]
        unwritten = [missing_key(*each) for each in account.missing]
        return Trace(
            tuple(parts),
            tuple(origin for origin in origins if isinstance(origin, Origin)),
            {bookmark_name(key): key for key in keys},
            {bookmark_name(key): key for key in unwritten},
        )

    def _forms_of(self, style: str) -> tuple[TracedForm, ...]:
        if style not in self._forms:
            words = vocabulary()
            noting = {name: _noting(function, self._touched) for name, function in words.filters.items()}
            self._forms[style] = tuple(
                TracedForm(files, Vocabulary(noting, words.globals))
                for files in form_files(self.builder.workspace, self.builder.style(style))
            )
        return self._forms[style]

    def _origin(self, account: Account, value: object) -> Origin:
        """Return what is known of a value when it is printed."""
        figures = tuple(dict.fromkeys(account.touched))
        account.touched.clear()
        if isinstance(value, FigureText) and value.figure is not None:
            figures = (value.figure.name,)
        cell = value.cell.place if isinstance(value, CellText) else None
        return Origin(figures, cell, value.key if isinstance(value, Written) else "")


def _noting(function: Callable[..., object], touched: list[str]) -> Callable[..., object]:
    """Return a filter that also notes down the figures it is given that are in no tree of names."""

    @wraps(function)
    def noting(*given: object, **named: object) -> object:
        touched.extend(value.name for value in given if isinstance(value, FigureValue))
        return function(*given, **named)

    return noting
