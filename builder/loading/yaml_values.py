"""YAML text → values as written, with their places; and what YAML allows that content files do not use.

Built on the event stream, not on PyYAML's nodes: only events tell that an anchor was defined, and nothing recurses
deeper than ``DEEPEST``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from builder.findings import Finding, Source

from .document import Path, Value

try:
    from yaml import CSafeLoader as EventSource
except ImportError:  # PyYAML built without libyaml: the same events, slower
    from yaml import SafeLoader as EventSource  # type: ignore[assignment]

DEEPEST = 50
"""How many lists and mappings may stand in one another."""

SCALAR, MAPPING, SEQUENCE = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
REFUSED = "（不能使用）"
"""Stands for a key that cannot be used: its value is looked at, and left out."""
DASHES = "-－—–"
SPACES = "　\u00a0"
FULL_BRACKETS = {"［": "］", "｛": "｝"}
GROUP = re.compile(r"[0-9]{3}(?:\.[0-9]+)?")
HEAD = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})*")
FLOW_PAIR = re.compile(r"，\s*[^，：:\s]+\s*[：:]")


class TooDeepError(Exception):
    """The file's values stand in one another more than ``DEEPEST`` times; ``source`` is the first too many."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.source = source


@dataclass(slots=True)
class Values:
    """The value at the top of a file and the places (line and column from 0) of all values and keys.

    ``slips`` are lines (from 0) with a key that begins with a dash or a full-width space: read without mending them,
    the structure would not be the one meant. ``plain_text`` says that the whole file is one unquoted text.
    """

    top: Value
    plain_text: bool
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    key_places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    slips: list[int] = field(default_factory=list)


def read_values(text: str, file: str) -> Values:
    """Read the values of YAML ``text``.

    Raises ``yaml.YAMLError`` where it is not YAML and ``TooDeepError``.
    """
    return _Builder(text, file).read()


class _Builder:
    """Follows the events of one text. PyYAML's events are untyped."""

    def __init__(self, text: str, file: str) -> None:
        self.next: Callable[[], Any] = EventSource(text).get_event
        self.file = file
        self.values = Values("", plain_text=False)
        self.depth = 0
        self.usual_keys: set[str] = set()

    def read(self) -> Values:
        """Read the first document of the stream; a second one is a finding."""
        self.next()
        if type(self.next()) is yaml.StreamEndEvent:
            return self.values
        event = self.next()
        self.values.plain_text = type(event) is SCALAR and not event.style
        self.values.top = self.value(event, (), in_flow=False)
        self.next()
        event = self.next()
        if type(event) is not yaml.StreamEndEvent:
            self.find("一个文件只能有一份内容，这里用「---」又开始了一份；请删去「---」，或另存为一个文件", event)
        return self.values

    def find(self, message: str, event: Any) -> None:
        """Keep a finding at the place of ``event``."""
        mark = event.start_mark
        self.values.findings.append(Finding(message, Source(self.file, mark.line + 1, mark.column + 1)))

    def value(self, event: Any, path: Path, *, in_flow: bool) -> Value:
        """Return the value that begins with ``event``."""
        mark = event.start_mark
        self.values.places[path] = (mark.line, mark.column)
        kind = type(event)
        if kind is yaml.AliasEvent:
            self.find(f"「*{event.anchor}」：这里不能引用别处的内容；请把内容写全（文字以「*」开头时请加引号）", event)
            return ""
        if event.anchor is not None:
            self.find(f"「&{event.anchor}」：这里不能给内容起代号；请删去它（文字以「&」开头时请加引号）", event)
        if event.tag is not None:
            self.find("「!」开头的类型标记不能使用；请删去它（文字以「!」开头时请加引号）", event)
        if kind is SCALAR:
            if in_flow and not event.style:
                self.check_flow_text(event, listed=isinstance(path[-1], int))
            elif not event.style and event.value[:1] in FULL_BRACKETS:
                return self.bracketed(event)
            text: str = event.value
            return text
        self.depth += 1
        if self.depth > DEEPEST:
            raise TooDeepError(Source(self.file, mark.line + 1, mark.column + 1))
        value: Value = self.mapping(event, path) if kind is MAPPING else self.sequence(event, path)
        self.depth -= 1
        return value

    def sequence(self, start: Any, path: Path) -> list[Value]:
        """Return the list that ``start`` begins."""
        items: list[Value] = []
        while type(event := self.next()) is not yaml.SequenceEndEvent:
            value = self.value(event, (*path, len(items)), in_flow=start.flow_style)
            if type(event) is not yaml.AliasEvent:
                items.append(value)
        return items

    def mapping(self, start: Any, path: Path) -> dict[str, Value]:
        """Return the mapping that ``start`` begins; of two equal keys the first counts."""
        record: dict[str, Value] = {}
        key_places = self.values.key_places
        while type(event := self.next()) is not yaml.MappingEndEvent:
            name = self.key(event, path)
            inner = self.next()
            here = (*path, name)
            if name in record:
                line, again = key_places[here][0] + 1, event.start_mark.line + 1
                message = f"「{name}」在第 {line} 行已经有了，这里（第 {again} 行）又写了一次"
                self.find(f"{message}；请合并成一处，或删去多余的一处", event)
                name = REFUSED
            if name == REFUSED:
                self.value(inner, (*path, REFUSED), in_flow=start.flow_style)
                continue
            if start.flow_style and record and GROUP.fullmatch(name) and self.joins_group(record, here, event, inner):
                continue
            key_places[here] = (event.start_mark.line, event.start_mark.column)
            value = self.value(inner, here, in_flow=start.flow_style)
            if type(inner) is yaml.AliasEvent:
                continue
            record[name] = value
            if "：" in name and not record[name] and not event.style:
                self.split_key(record, here, event)
        return record

    def key(self, event: Any, path: Path) -> str:
        """Return a key, with findings where it is not an ordinary one; ``REFUSED`` where it cannot be used."""
        if type(event) is not SCALAR:
            self.find("冒号前面应是一个名称，这里却是引用、列表或一组内容；请改成名称", event)
            self.value(event, (*path, REFUSED), in_flow=True)
            return REFUSED
        key: str = event.value
        if key in self.usual_keys:
            return key
        if event.anchor is not None or event.tag is not None:
            self.find(f"「{key}」前面不能有「&」代号或「!」类型标记；请删去", event)
        elif event.style:
            return key
        elif key == "<<":
            self.find("「<<」（并入别处的内容）不能使用；请把内容写全", event)
            return REFUSED
        elif not key:
            self.find("冒号前面没有名称；请补上名称", event)
            return REFUSED
        elif key[0] in DASHES + SPACES:
            mark: Any = event.start_mark
            self.values.slips.append(mark.line)
        else:
            self.usual_keys.add(key)
        return key

    def joins_group(self, record: dict[str, Value], here: Path, event: Any, inner: Any) -> bool:
        """Join ``{金额: 1,064.50}`` again, which YAML divides at the comma, with a finding; tell whether it was so."""
        last = next(reversed(record))
        before, mark = record[last], event.start_mark
        line, column = self.values.places[*here[:-1], last]
        if not isinstance(before, str) or not HEAD.fullmatch(before) or type(inner) is not SCALAR or inner.value:
            return False
        if event.style or (line, column + len(before) + 1) != (mark.line, mark.column):
            return False
        record[last] = whole = f"{before},{event.value}"
        plain = whole.replace(",", "")
        if "," in before:  # this number's finding for the groups before
            self.values.findings.pop()
        self.find(f"「{last}」的数被逗号断开了：花括号里逗号分隔各项；请写作 {plain}，或加半角引号", event)
        return True

    def split_key(self, record: dict[str, Value], here: Path, event: Any) -> None:
        """Find a full-width colon that was meant to end a key, as in ``{同：收支.总计/较上年}``, and end it there."""
        name: str = event.value
        key, _, text = name.partition("：")
        self.find(f"「{name}」里的冒号是全角「：」；请改为半角冒号加一个空格「{key}: {text.strip()}」", event)
        del record[name]
        record[key] = text.strip()
        there = (*here[:-1], key)
        self.values.places[there] = self.values.key_places[there] = self.values.key_places.pop(here)

    def check_flow_text(self, event: Any, *, listed: bool) -> None:
        """Find full-width commas and brackets that were probably meant as YAML's, within ``[…]`` and ``{…}``."""
        text: str = event.value
        if (listed and "，" in text) or FLOW_PAIR.search(text):
            self.find(
                f"「{text}」里的逗号是全角「，」；请改为半角逗号加一个空格「, 」（若逗号是文字的一部分，"
                "请给文字加半角引号）",
                event,
            )

    def bracketed(self, event: Any) -> Value:
        """Find full-width brackets that were probably meant as a list's or mapping's, and return what was meant."""
        text: str = event.value
        if not text.endswith(FULL_BRACKETS[text[0]]):
            return text
        half = "[…]" if text[0] == "［" else "{…}"
        self.find(f"「{text}」用了全角括号；请改为半角 {half}（若括号是文字的一部分，请给文字加半角引号）", event)
        return [part.strip() for part in re.split("[，,]", text[1:-1])] if text[0] == "［" else text
