"""The nearest known name to one that was mistyped."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like ``name``, None if none is: of two-character words, one must be the same."""
    return next(iter(get_close_matches(name, sorted(set(known) - {name}), n=1, cutoff=0.5)), None)


def is_it(name: str, known: Iterable[str]) -> str:
    """Return 「，是不是「…」？」 with the nearest known name, or a full stop if none is near."""
    found = nearest(name, known)
    return f"，是不是「{found}」？" if found else "。"
