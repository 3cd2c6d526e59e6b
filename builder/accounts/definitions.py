"""How a style defines an indicator (指标), and how its name is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache

from .formulas import Formula, FormulaError, parse_formula
from .statements import Place

ANY = "[]"
EACH = ".各项"
SUBJECT = re.compile(r"""[\[［]\s*["'“”‘’＂]?([^]［\[］"'“”‘’＂\s]*)["'“”‘’＂]?\s*[\]］]""")
"""The subject of an indicator, as parts and people write it: ``["2080505"]``, ``[2080505]``, ``［“2080505”］``."""

Definition = Place | Formula

NAMES = 4096
"""Of how many names the groups are kept: they are nearly the same in every unit."""


class Definitions(dict[str, Definition]):
    """The indicators of a style by name, and what every unit-year looks up among them, found once."""

    @cached_property
    def groups(self) -> frozenset[str]:
        """The names that other names begin with: 三公 of 三公.合计, 支出 of 支出[]."""
        return frozenset().union(*map(groups_above, self))

    @cached_property
    def by_place(self) -> Mapping[Place, str]:
        """The first name of each cell that is an indicator by itself."""
        places = [(place, name) for name, place in self._places() if not name.endswith(ANY)]
        return dict(reversed(places))

    @cached_property
    def by_column(self) -> Mapping[tuple[str, str], str]:
        """By table and column, the first name of the indicators of its subjects: 支出 for 支出[]."""
        places = [((place.table, place.column), name) for name, place in self._places() if name.endswith(ANY)]
        return {column: name.removesuffix(ANY) for column, name in reversed(places)}

    @cached_property
    def by_subject(self) -> Mapping[str, Place]:
        """The indicators that are one for each subject: 支出 for 支出[]."""
        return {name.removesuffix(ANY): place for name, place in self._places() if name.endswith(ANY)}

    def _places(self) -> list[tuple[str, Place]]:
        return [(name, definition) for name, definition in self.items() if isinstance(definition, Place)]


@lru_cache(maxsize=NAMES)
def groups_above(name: str) -> tuple[str, ...]:
    """Return the groups that a name stands in: a and a.b for a.b.c, and for ``a.b[]``."""
    parts = name.removesuffix(ANY).split(".")
    return tuple(".".join(parts[:length]) for length in range(1, len(parts) + 1 if name.endswith(ANY) else len(parts)))


def parse_definition(text: str) -> Definition:
    """Read an indicator's definition in a style. Raises FormulaError."""
    if text.startswith(("=", "＝")):
        return parse_formula(text[1:])
    parts = [part.strip() for part in text.split("/")]
    if len(parts) != 3 or not all(parts):  # noqa: PLR2004
        raise FormulaError(f"「{text}」既不是「表/行/列」，也不是以「=」开头的公式")
    return Place(*parts)


def plain_name(name: str) -> str:
    """Return a name in its dotted form: ``支出["2080501"]`` → ``支出.2080501``; ``支出[]`` stays."""
    return SUBJECT.sub(lambda found: f".{found[1]}" if found[1] else ANY, name) if "]" in name or "］" in name else name
