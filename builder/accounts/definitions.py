"""How a style defines an indicator (指标), and how its name is written."""

from __future__ import annotations

import re

from .formulas import Formula, FormulaError, parse_formula
from .statements import Place

ANY = "[]"
EACH = ".各项"
SUBJECT = re.compile(r"""[\[［]\s*["'“”‘’＂]?([^]［\[］"'“”‘’＂\s]*)["'“”‘’＂]?\s*[\]］]""")
"""The subject of an indicator, as parts and people write it: ``["2080505"]``, ``[2080505]``, ``［“2080505”］``."""

Definition = Place | Formula


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
