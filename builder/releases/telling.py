"""A difference in words: what was corrected, what follows from it; the one telling that all its reports share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from builder.findings import Finding, Level
from builder.releases.causes import Cause, Difference, Explained
from builder.releases.comparing import Change
from builder.releases.facts import InputChange, Kind

NOTHING = "（无）"


def title(difference: Difference) -> str:
    """Return what is compared with what."""
    state = difference.new.state
    return f"{state.unit} {state.year} 年度：{name(difference.old.name)} 与 {name(difference.new.name)} 的差异"


def name(version: str) -> str:
    """Return the name of a version: 发布 001, or 现在."""
    return f"发布 {version}" if version.isdecimal() else version


def input_words(change: InputChange) -> str:
    """Return a changed input with its place: ``content/…/决算.yaml:27:5  支出 › …：「87.77」→「97.77」``."""
    if change.kind is Kind.PROGRAM:
        return f"程序：{change.old} → {change.new}"
    return str(change) if change.kind is Kind.FILE else f"{change.source}  {change}"


def shown(text: str | None) -> str:
    """Return what stands, or stood, somewhere, on one line."""
    return " ".join(text.split()) or NOTHING if text is not None else NOTHING


def change_words(change: Change) -> str:
    """Return a change of one place as old and new."""
    if change.old is None:
        return f"新增「{shown(change.new)}」"
    if change.new is None:
        return f"删去「{shown(change.old)}」"
    return f"「{shown(change.old)}」→「{shown(change.new)}」"


def chain(cause: Cause) -> str:
    """Return what leads from a fact to a place: cells, indicators, the written text."""
    steps = ["、".join(cause.cells), "、".join(cause.figures), "" if cause.cells or cause.figures else _keys(cause)]
    return " → ".join(step for step in steps if step)


def _keys(cause: Cause) -> str:
    return "、".join(cause.keys[:3])


@dataclass(frozen=True, slots=True)
class Group:
    """What was corrected, and what follows from it."""

    inputs: tuple[InputChange, ...]
    found: tuple[Explained, ...]


def groups(difference: Difference) -> list[Group]:
    """Return the explained changes by what made them."""
    return [Group(inputs, tuple(found)) for inputs, found in difference.by_cause().items()]


def unexplained(difference: Difference) -> Iterator[Finding]:
    """Yield an error for each change that no changed input explains."""
    for change in difference.unexplained:
        yield Finding(
            f"「{change.document}」{change.place}：{change_words(change)}，但没有哪一项资料、格式或程序的改动会带来它；"
            f"{name(difference.old.name)} 的存档可能被改过，或程序改了却没有换版本号，请核对",
            None, Level.ERROR,
        )
