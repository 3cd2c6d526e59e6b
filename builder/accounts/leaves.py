"""Every number of ``决算.yaml`` as a named leaf: ``政府采购.货物.支出``, ``国有资产.车辆.机要通信用车``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, get_args, get_origin

from pydantic import BaseModel

from .definitions import plain_name
from .entering import Positions
from .facts import Facts
from .figures import Kind, Leaf
from .money import ZERO

Path = tuple[str | int, ...]
AGENCY_OPERATING = "机关运行经费.决算"
ECONOMIC = "基本支出经济分类."


def leaves_of(facts: Facts, positions: Positions, zero_unless_given: Iterable[str] = ()) -> dict[str, Leaf]:
    """Return the leaves by dotted path; lists (the ledger's lines) have no paths of their own.

    ``zero_unless_given`` names leaves of free mappings (vehicles by kind) that the style expects: a unit that does not
    list one has none of it.
    """
    leaves = {name: leaf for name, _path, leaf in _walk(facts, (), positions)}
    if facts.agency_operating.basis == "公用经费":
        leaves.pop(AGENCY_OPERATING, None)
    else:  # 单列, or none at all: never the style's default
        leaves[AGENCY_OPERATING] = leaves[AGENCY_OPERATING]._replace(explicit=True)
    for name in zero_unless_given:
        leaves.setdefault(*_zero(name))
    return leaves


@lru_cache(maxsize=1024)
def _zero(name: str) -> tuple[str, Leaf]:
    kind = Kind.MONEY if name.startswith(ECONOMIC) else Kind.COUNT
    return plain_name(name), Leaf(ZERO, kind, explicit=False)


def leaf_paths(model: type[BaseModel] = Facts) -> tuple[frozenset[str], frozenset[str]]:
    """Return the paths of all leaves that the facts may have, and of the mappings whose leaves a unit names itself."""
    fixed: set[str] = set()
    free: set[str] = set()
    for name, field in model.model_fields.items():
        path = field.alias or name
        kind = field.annotation
        if get_origin(kind) is dict:
            free.add(path)
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            leaves, mappings = leaf_paths(kind)
            fixed |= {f"{path}.{leaf}" for leaf in leaves}
            free |= {f"{path}.{mapping}" for mapping in mappings}
        elif {Decimal, int} & {kind, *(get_args(part)[0] if get_args(part) else part for part in get_args(kind))}:
            fixed.add(path)
    return frozenset(fixed), frozenset(free)


def numbers_in(facts: Facts) -> Iterator[tuple[tuple[str, ...], Decimal | int]]:
    """Yield every number that the facts give outside of lists, with the way to it; defaults are not given."""
    for _name, path, leaf in _walk(facts, (), {}):
        if leaf.explicit:
            yield tuple(map(str, path)), leaf.value if leaf.kind is Kind.MONEY else int(leaf.value)


class _Field(NamedTuple):
    """A field of a model: the way to it in the file, and the same with dots."""

    attribute: str
    path: Path
    name: str


@lru_cache(maxsize=256)
def _fields(model: type[BaseModel], path: Path) -> tuple[_Field, ...]:
    """Return the fields of a model that stands at ``path``, but for lists."""
    fields = {
        attribute: (*path, field.alias or attribute)
        for attribute, field in model.model_fields.items() if get_origin(field.annotation) is not list
    }
    return tuple(_Field(attribute, here, ".".join(map(str, here))) for attribute, here in fields.items())


def _walk(model: BaseModel, path: Path, positions: Positions) -> Iterator[tuple[str, Path, Leaf]]:
    """Yield every number with its name and the way to it."""
    given = model.model_fields_set
    for attribute, here, name in _fields(type(model), path):
        value = getattr(model, attribute)
        if isinstance(value, Decimal):
            yield name, here, Leaf(value, Kind.MONEY, positions, here, attribute in given)
        elif isinstance(value, BaseModel):
            yield from _walk(value, here, positions)
        elif isinstance(value, Mapping):
            for key, number in value.items():
                kind = Kind.MONEY if isinstance(number, Decimal) else Kind.COUNT
                yield f"{name}.{key}", (*here, key), Leaf(Decimal(number), kind, positions, (*here, key))
        elif isinstance(value, int) and not isinstance(value, bool):
            yield name, here, Leaf(Decimal(value), Kind.COUNT, positions, here, attribute in given)
