"""Documents → typed models; what does not fit becomes findings in Chinese, all at once, each at its place."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from builder.findings import Finding

from .document import Document, Path
from .messages import LISTED, MESSAGES, WANTED, label, short
from .structure import aliases, meant_by, model_at, places_of

ModelT = TypeVar("ModelT", bound=BaseModel)

KEY = "[key]"


def validate(
    model: type[ModelT], document: Document, context: Mapping[str, Any] | None = None
) -> tuple[ModelT | None, list[Finding]]:
    """Return the model of a document, or None and what is wrong with it.

    ``context`` is for the types of the model: ``{"unit": AmountUnit, "places": int}`` says how amounts are to be read.
    The document's own findings are not repeated.
    """
    if document.data is None:
        return None, []
    try:
        return model.model_validate(document.data, context=dict(context or {}), by_alias=True, by_name=False), []
    except ValidationError as error:
        reporter = _Reporter(model, document)
        found = reporter.findings(error.errors(include_url=False))
        found.sort(key=lambda finding: finding.source.line if finding.source else 0)
        return None, found


def validate_rest(
    model: type[ModelT], document: Document, context: Mapping[str, Any] | None = None
) -> ModelT | None:
    """Return the model of a document without its wrong values, for further checks of the rest.

    None where it does not hold without them. What was left out makes it unfit for anything else.
    """
    rest = deepcopy(document.data)
    for take_out in (_take_out, _empty, _empty):  # a line that lacks what it must have takes its list with it
        try:
            return model.model_validate(rest, context=dict(context or {}), by_alias=True, by_name=False)
        except ValidationError as error:
            for wrong in error.errors(include_url=False, include_input=False):
                take_out(rest, [step for step in wrong["loc"] if step != KEY])
    return None


def _take_out(data: object, path: list[int | str]) -> None:
    """Take a key out of its mapping; the items of a list stay, for their places are known by number."""
    for step in path[:-1]:
        try:
            data = data[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(data, dict) and path:
        data.pop(path[-1], None)


def _empty(data: object, path: list[int | str]) -> None:
    """Empty the part of the document that a value stands in."""
    if isinstance(data, dict) and path and path[0] in data:
        data[path[0]] = type(data[path[0]])()


class _Reporter:
    """Puts the errors of one document into words."""

    def __init__(self, model: type[BaseModel], document: Document) -> None:
        self.model = model
        self.document = document

    def findings(self, errors: list[ErrorDetails]) -> list[Finding]:
        """Return a finding for each error; a key that is missing only because it is misspelt is told once."""
        misspelt: set[Path] = set()
        for error in errors:
            if error["type"] == "extra_forbidden":
                known = self.known(error["loc"][:-1])
                if meant := meant_by(str(error["loc"][-1]), known):
                    misspelt.add((*error["loc"][:-1], meant))
        return [
            self.finding(error) for error in errors if not (error["type"] == "missing" and error["loc"] in misspelt)
        ]

    def known(self, path: Path) -> tuple[str, ...]:
        """Return the keys that may stand in the mapping at ``path``."""
        record = model_at(self.model, path)
        return aliases(record) if record else ()

    def finding(self, error: ErrorDetails) -> Finding:
        """Return the finding for one error of pydantic's."""
        path, kind = error["loc"], error["type"]
        if kind == "extra_forbidden":
            return Finding(self.unknown_key(path), self.document.key_place(path))
        if kind == "missing":
            return Finding(self.missing_key(path), self.document.positions.nearest(path[:-1]))
        if path and path[-1] == KEY:
            return Finding(self.message(error, path[:-1]), self.document.key_place(path[:-1]))
        return Finding(self.message(error, path), self.document.positions.nearest(path))

    def message(self, error: ErrorDetails, path: Path) -> str:
        """Return what is wrong with a value (or key)."""
        found, details = error["input"], error.get("ctx", {})
        wanted = WANTED.get(error["type"])
        if wanted and isinstance(found, list | dict):
            shape = "列表" if isinstance(found, list) else "一组内容"
            return f"{label(path)}应填{wanted}，读到的却是{shape}；请改正"
        writer = MESSAGES.get(error["type"])
        if writer is None:
            return f"{label(path)}写作「{short(found)}」，读不懂；请对照模板改正"
        return writer(label(path), found, details)

    def unknown_key(self, path: Path) -> str:
        """Say that a key is not known here, and which one was probably meant."""
        key, inside = str(path[-1]), path[:-1]
        known = self.known(inside)
        if meant := meant_by(key, known):
            taken = self.document.keys.get((*inside, meant))
            if taken is None:
                return f"「{key}」不是这里的栏目名；应写作「{meant}」"
            return f"「{key}」不是这里的栏目名；「{meant}」已在第 {taken.line} 行填写，请删去这一处或更正名称"
        above = places_of(self.model).get(key)
        if above is not None:
            where = f"「{' → '.join(above)}」下面" if above else "文件的第一层"
            return f"「{key}」不写在这里，应写在{where}；请移过去"
        choices = "、".join(known[:LISTED]) + ("等" if len(known) > LISTED else "")
        return f"「{key}」不是这里的栏目名；这里可填：{choices}"

    def missing_key(self, path: Path) -> str:
        """Say that a key is missing."""
        inside = path[:-1]
        if not inside:
            return f"缺少「{path[-1]}」；请补上"
        return f"{label(inside)}缺少「{path[-1]}」；请补上"
