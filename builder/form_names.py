"""The names that a form's tags can use for a 绩效 form that its style declares."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from builder.accounts.figures import Figure, Kind
from builder.accounts.forms import TEXT, Form, kind_of
from builder.accounts.values import Model
from builder.context import FigureText, FigureValue, Names, bag
from builder.evaluation import score, writer_of
from builder.rendering.marks import Writer

FIRST = "首"
"""``行.一级首`` tells whether a line begins a new 一级, for a label merged over several lines (纵并)."""
MODELS = 256
"""Of how many forms, and groups and lists of them, the fields are kept; a style has some five."""
WITHIN = "内序号"
"""``行.二级内序号`` counts the lines of one 二级: 1, 2 … and from 1 again where a new one begins."""


def form_names(form: Form, *, marked: bool = False) -> Names:
    """Return a filled-in form as parts use it: amounts are figures, numbers and words are text, lists are lists.

    Marked, its texts remember where in which file they stand.
    """
    return bag(_names(form, form.kind, writer_of(form.file, marked=marked)))


def _names(record: Model, path: str, writer: Writer) -> dict[str, Any]:
    return {
        alias: writer.text(getattr(record, name), alias)
        if kind == TEXT
        else _value(getattr(record, name), kind, f"{path}.{alias}", alias, writer)
        for name, alias, kind in _fields(type(record))
    }


@lru_cache(maxsize=MODELS)
def _fields(model: type[Model]) -> list[tuple[str, str, str]]:
    """Return the fields of a model, each with what a style calls it and the kind that it declares."""
    return [(name, field.alias or name, kind_of(model, name)) for name, field in model.model_fields.items()]


def _value(value: object, kind: str, path: str, key: str, writer: Writer) -> object:
    if kind == "金额":
        return FigureValue(path, None if value is None else Figure(path, Decimal(str(value))))
    if kind in ("数", "个数"):
        if value is None:
            return FigureText("")
        number = Decimal(str(value))
        return FigureText(score(number), Figure(path, number, Kind.COUNT))
    if isinstance(value, str):
        return writer.text(value, key)
    if isinstance(value, list) and not kind:
        return _lines(value, path, writer.below(key))
    return bag(_names(value, path, writer.below(key))) if isinstance(value, Model) else value


def _lines(records: list[Model], path: str, writer: Writer) -> list[Names]:
    """Return the lines of a list; each text field has its 首: it differs from the line above, or one before it does.

    Its 内序号 counts the lines from there.
    """
    lines: list[Names] = []
    texts = _texts(type(records[0])) if records else []
    before: dict[str, Any] = {}
    for number, record in enumerate(records, 1):
        names = _names(record, f"{path}.{number}", writer.below(str(number - 1)))
        begins = not before
        for text, first, within in texts:
            begins = begins or names[text] != before[text]
            names[first] = begins
            names[within] = 1 if begins else before[within] + 1
        names["序号"] = number
        lines.append(bag(names))
        before = names
    return lines


@lru_cache(maxsize=MODELS)
def _texts(line: type[Model]) -> list[tuple[str, str, str]]:
    """Return the text fields of a line, each with what its 首 and its 内序号 are called."""
    return [(alias, alias + FIRST, alias + WITHIN) for _name, alias, kind in _fields(line) if kind == TEXT]
