"""The keys that a file may hold, read from its model: which stand where, and which one was probably meant."""

from __future__ import annotations

import difflib
import types
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from .document import Path

NEAR = 0.5
"""How alike two keys must be for one to be suggested for the other."""

Model = type[BaseModel]


def aliases(model: Model) -> tuple[str, ...]:
    """Return the keys of a model as files write them, in order."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def model_at(model: Model, path: Path) -> Model | None:
    """Return the model of the mapping that stands at ``path`` in a file; None where that is not a record."""
    annotation: Any = model
    for step in path:
        annotation = _within(_bare(annotation), step)
    annotation = _bare(annotation)
    return annotation if _is_model(annotation) else None


def _within(annotation: Any, step: str | int) -> Any:
    if _is_model(annotation):
        field = next((field for name, field in annotation.model_fields.items() if (field.alias or name) == step), None)
        return field.annotation if field else _extra(annotation)
    arguments = get_args(annotation)
    return arguments[-1] if arguments else None


def _extra(model: Model) -> Any:
    """Return what the further keys of a model hold, where it admits any."""
    if model.model_config.get("extra") != "allow":
        return None
    return get_args(get_type_hints(model, include_extras=True)["__pydantic_extra__"])[-1]


def _bare(annotation: Any) -> Any:
    """Return an annotation without ``Annotated`` and ``| None``."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _bare(get_args(annotation)[0])
    if origin is Union or origin is types.UnionType:
        return next((_bare(part) for part in get_args(annotation) if part is not type(None)), None)
    return annotation


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


@cache
def places_of(model: Model) -> Mapping[str, tuple[str, ...]]:
    """Return, for each key of a file, under which keys it stands (``三公经费`` → ``公务接待费`` for 国内)."""
    places: dict[str, tuple[str, ...]] = {}
    for path in _paths(model, ()):
        places.setdefault(path[-1], path[:-1])
    return places


def _paths(model: Model, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    inner: list[tuple[Model, tuple[str, ...]]] = []
    for name, field in model.model_fields.items():
        path = (*above, field.alias or name)
        yield path
        annotation = _bare(field.annotation)
        while not _is_model(annotation) and get_args(annotation):
            annotation = _bare(get_args(annotation)[-1])
        if _is_model(annotation) and len(path) <= 6:  # noqa: PLR2004 - no file is nested deeper; ends a recursive model
            inner.append((annotation, path))
    for below, path in inner:
        yield from _paths(below, path)


def meant_by(text: str, known: tuple[str, ...] | list[str], near_enough: float = NEAR) -> str | None:
    """Return the known word that was probably meant, or None."""
    plain = _plain(text)
    same = next((word for word in known if _plain(word) == plain), None)
    if same is not None:
        return same
    near = difflib.get_close_matches(plain, [_plain(word) for word in known], 1, near_enough)
    return next((word for word in known if near and _plain(word) == near[0]), None)


def _plain(text: str) -> str:
    """Return a word without the differences that nobody means: width, spaces, quotes, brackets."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign not in " \t　\"'“”‘’()[]【】")
