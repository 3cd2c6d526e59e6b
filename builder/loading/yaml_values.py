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

from .document import COLUMN_BITS, Places, Value, own_place, place_at

try:
    from yaml.cyaml import CParser as EventSource  # type: ignore[attr-defined]
except ImportError:  # PyYAML built without libyaml: the same events, slower
    from yaml import SafeLoader as EventSource  # type: ignore[assignment]

DEEPEST = 50
"""How many lists and mappings may stand in one another."""

SCALAR, MAPPING, SEQUENCE = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
MAPPING_END, SEQUENCE_END, ALIAS = yaml.MappingEndEvent, yaml.SequenceEndEvent, yaml.AliasEvent
REFUSED = "（不能使用）"
"""Stands for a key that cannot be used: its value is looked at, and left out."""
DASHES = "-－—–"
SPACES = "　\u00a0"
FULL_BRACKETS = {"［": "］", "｛": "｝"}
UNUSUAL = re.compile("[&*!［｛]")
"""What a file must have for a value to be no plain text: an anchor, reference or type, or full-width brackets."""
USUAL_KEYS: set[str] = set()
"""Keys in which there is nothing to find, in files with nothing `UNUSUAL`: all units have much the same ones."""
MOST_KEYS, LONGEST_KEY = 5000, 50
"""How many of them are remembered, and how long ones: they must never fill the memory."""
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
    """The value at the top of a file, and the places of all values and keys; no places where there is no value.

    ``slips`` are lines (from 0) with a key that begins with a dash or a full-width space: read without mending them,
    the structure would not be the one meant. ``plain_text`` says that the whole file is one unquoted text.
    """

    top: Value
    plain_text: bool
    places: Places | None = None
    findings: list[Finding] = field(default_factory=list)
    slips: list[int] = field(default_factory=list)


def read_values(text: str, file: str) -> Values:
    """Read the values of YAML ``text``.

    Raises ``yaml.YAMLError`` where it is not YAML and ``TooDeepError``.
    """
    return _Builder(text, file).read()


def is_usual(key: str) -> bool:
    """Tell whether there is nothing to find in a key, wherever it stands; `_Builder.key` has seen how it begins."""
    return len(key) <= LONGEST_KEY and key != REFUSED and "：" not in key and not GROUP.fullmatch(key)


class _Builder:
    """Follows the events of one text. PyYAML's events are untyped.

    Nearly every value is a plain text under a key that was there before: these are taken on the shortest way, in the
    loops of `mapping` and `sequence`, and everything else is looked at closely.
    """

    def __init__(self, text: str, file: str) -> None:
        self.next: Callable[[], Any] = EventSource(text).get_event
        self.file = file
        self.values = Values("", plain_text=False)
        self.depth = 0
        self.is_plain = not UNUSUAL.search(text)
        self.usual_keys: set[str] = USUAL_KEYS if self.is_plain else set()
        """Keys in which there is nothing to find."""

    def read(self) -> Values:
        """Read the first document of the stream; a second one is a finding."""
        self.next()
        if type(self.next()) is yaml.StreamEndEvent:
            return self.values
        event: Any = self.next()
        self.values.plain_text = type(event) is SCALAR and not event.style
        places: list[Places] = []
        self.values.top = self.value(event, places, in_flow=False)
        self.values.places = places[0] if places else place_at(event.start_mark.line, event.start_mark.column)
        self.next()
        event = self.next()
        if type(event) is not yaml.StreamEndEvent:
            self.find("一个文件只能有一份内容，这里用「---」又开始了一份；请删去「---」，或另存为一个文件", event)
        return self.values

    def find(self, message: str, event: Any) -> None:
        """Keep a finding at the place of ``event``."""
        mark = event.start_mark
        self.values.findings.append(Finding(message, Source(self.file, mark.line + 1, mark.column + 1)))

    def value(self, event: Any, places: list[Places], *, in_flow: bool, listed: bool = False) -> Value:
        """Return the value that begins with ``event``, and add its places to those of what it stands in."""
        mark = event.start_mark
        place = place_at(mark.line, mark.column)
        kind = type(event)
        if kind is ALIAS:
            self.find(f"「*{event.anchor}」：这里不能引用别处的内容；请把内容写全（文字以「*」开头时请加引号）", event)
            return ""
        if event.anchor is not None:
            self.find(f"「&{event.anchor}」：这里不能给内容起代号；请删去它（文字以「&」开头时请加引号）", event)
        if event.tag is not None:
            self.find("「!」开头的类型标记不能使用；请删去它（文字以「!」开头时请加引号）", event)
        if kind is SCALAR:
            places.append(place)
            if in_flow and not event.style:
                self.check_flow_text(event, listed=listed)
            elif not event.style and event.value[:1] in FULL_BRACKETS:
                return self.bracketed(event)
            text: str = event.value
            return text
        self.depth += 1
        if self.depth > DEEPEST:
            raise TooDeepError(Source(self.file, mark.line + 1, mark.column + 1))
        inner: list[Places] = [place]
        places.append(inner)
        value: Value = self.mapping(event, inner) if kind is MAPPING else self.sequence(event, inner)
        self.depth -= 1
        return value

    def sequence(self, start: Any, places: list[Places]) -> list[Value]:
        """Return the list that ``start`` begins."""
        items: list[Value] = []
        next_event, in_flow = self.next, start.flow_style
        while (kind := type(event := next_event())) is not SEQUENCE_END:
            value = self.value(event, places, in_flow=in_flow, listed=True)
            if kind is not ALIAS:
                items.append(value)
        return items

    def mapping(self, start: Any, places: list[Places]) -> dict[str, Value]:
        """Return the mapping that ``start`` begins; of two equal keys the first counts."""
        record: dict[str, Value] = {}
        next_event, in_flow, usual, is_plain = self.next, start.flow_style, self.usual_keys, self.is_plain
        while type(event := next_event()) is not MAPPING_END:
            name = event.value if type(event) is SCALAR else REFUSED
            if name not in usual or name in record:
                self.look_at(event, record, places, in_flow=in_flow)
                continue
            inner = next_event()
            mark: Any = event.start_mark
            places.append(mark.line << COLUMN_BITS | mark.column)
            if is_plain and type(inner) is SCALAR and not (in_flow and "，" in inner.value):
                mark = inner.start_mark
                places.append(mark.line << COLUMN_BITS | mark.column)
                record[name] = inner.value
            elif type(inner) is ALIAS:
                places.pop()
                self.value(inner, [], in_flow=in_flow)
            else:
                record[name] = self.value(inner, places, in_flow=in_flow)
        return record

    def look_at(self, event: Any, record: dict[str, Value], places: list[Places], *, in_flow: bool) -> None:
        """Add a key that was not there before, or twice in this mapping, and its value, where they can be used."""
        name = self.key(event)
        inner = self.next()
        if name in record:
            first = own_place(places[2 * list(record).index(name) + 1])
            line, again = (first >> COLUMN_BITS) + 1, event.start_mark.line + 1
            message = f"「{name}」在第 {line} 行已经有了，这里（第 {again} 行）又写了一次"
            self.find(f"{message}；请合并成一处，或删去多余的一处", event)
            name = REFUSED
        if name == REFUSED or type(inner) is ALIAS:
            self.value(inner, [], in_flow=in_flow)
            return
        if in_flow and record and GROUP.fullmatch(name) and self.joins_group(record, places, event, inner):
            return
        mark = event.start_mark
        places.append(place_at(mark.line, mark.column))
        record[name] = self.value(inner, places, in_flow=in_flow)
        if "：" in name and not record[name] and not event.style:
            self.split_key(record, places, event)

    def key(self, event: Any) -> str:
        """Return a key, with findings where it is not an ordinary one; ``REFUSED`` where it cannot be used."""
        if type(event) is not SCALAR:
            self.find("冒号前面应是一个名称，这里却是引用、列表或一组内容；请改成名称", event)
            self.value(event, [], in_flow=True)
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
        elif is_usual(key) and len(self.usual_keys) < MOST_KEYS:
            self.usual_keys.add(key)
        return key

    def joins_group(self, record: dict[str, Value], places: list[Places], event: Any, inner: Any) -> bool:
        """Join ``{金额: 1,064.50}`` again, which YAML divides at the comma, with a finding; tell whether it was so."""
        last = next(reversed(record))
        before, mark, began = record[last], event.start_mark, own_place(places[-1])
        if not isinstance(before, str) or not HEAD.fullmatch(before) or type(inner) is not SCALAR or inner.value:
            return False
        if event.style or began + len(before) + 1 != place_at(mark.line, mark.column):
            return False
        record[last] = whole = f"{before},{event.value}"
        plain = whole.replace(",", "")
        if "," in before:  # this number's finding for the groups before
            self.values.findings.pop()
        self.find(f"「{last}」的数被逗号断开了：花括号里逗号分隔各项；请写作 {plain}，或加半角引号", event)
        return True

    def split_key(self, record: dict[str, Value], places: list[Places], event: Any) -> None:
        """Find a full-width colon that was meant to end a key, as in ``{同：收支.总计/较上年}``, and end it there."""
        name: str = event.value
        key, _, text = name.partition("：")
        self.find(f"「{name}」里的冒号是全角「：」；请改为半角冒号加一个空格「{key}: {text.strip()}」", event)
        del record[name]
        at = places[-2]
        del places[-2:]
        if key in record:
            number = 2 * list(record).index(key) + 1
            places[number : number + 2] = [at, at]
        else:
            places += [at, at]
        record[key] = text.strip()

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
