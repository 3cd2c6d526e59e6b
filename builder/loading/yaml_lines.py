"""The YAML that accountants write, read line by line: twice as fast as by the events of a library.

Nearly all files of a unit have nothing but ``名称: 内容``, lists of ``- `` lines, ``{…}`` and ``[…]`` on one line, and
comments. These mean one thing only, and are read here; at the first line that is anything else (quotes, texts of
several lines, odd line ends, every slip and every mistake) the whole file is left to `yaml_values`, which knows all of
YAML. What both can read, both read the same; the tests compare them.
"""

from __future__ import annotations

import re

from .document import COLUMN_BITS, Places, Value

ELSEWHERE = re.compile("[\t\r\x85\u2028\u2029\ufeff]")
"""Characters that are blanks or line ends to YAML in ways of their own."""
KEY = r"[\w“《][^\s:：,，?\[\]{}#'\"]{0,60}"
FIRST = r"(?:-(?=[0-9])|[^\s\-?:,，\[\]{}#&*!|>'\"%@`［｛])"
"""How a text begins that is nothing but text."""
INSIDE = r"[^:?,，\[\]{}#'\"]"
FLOW_TEXT = rf"{FIRST}(?:{INSIDE}*(?! ){INSIDE})?"
"""A text within ``{…}`` or ``[…]``, where more signs have a meaning."""
LINE = re.compile(rf"( *)(- )?(?:({KEY}):(?: +|$))?(.*)")
TEXT = re.compile(FIRST)
FLOW_MAPPING = re.compile(rf"\{{(?:{KEY}: {FLOW_TEXT}, )*{KEY}: {FLOW_TEXT}\}}")
FLOW_LIST = re.compile(rf"\[(?:{FLOW_TEXT}, )*{FLOW_TEXT}\]")
DEEPEST = 20
"""How many lists and mappings may stand in one another; YAML may go on further."""

Read = tuple[Value, Places]
"""A value and its places."""
Level = tuple[int, dict[str, Value] | list[Value], list[Places]]
"""A list or mapping that is being read: the column of its lines, what it has, and the places of that."""


def read_lines(text: str) -> Read | None:
    """Return what YAML ``text`` holds, with the places; None where it has anything that is not read here."""
    text = text.replace("\r\n", "\n")
    if ELSEWHERE.search(text):
        return None
    return _Lines().read(text)


class _Lines:
    """Follows the lines of one text, with the lists and mappings that are open."""

    def __init__(self) -> None:
        self.top: Read | None = None
        self.levels: list[Level] = []
        self.waiting: tuple[dict[str, Value], list[Places], str, int] | None = None
        """The last key, where nothing stands behind it: record, places, key, place of the missing text."""

    def read(self, text: str) -> Read | None:
        """Read all lines."""
        for number, line in enumerate(text.split("\n")):
            match = LINE.fullmatch(line)
            if match is None:
                return None
            indent, dash, key, rest = match.groups()
            if "#" in rest:
                rest = "" if rest[0] == "#" else rest.partition(" #")[0]
            rest = rest.rstrip(" ")
            if not dash and key is None:
                if rest:
                    return None
                continue
            column = len(indent)
            start = number << COLUMN_BITS
            if not self.opens(start + column, column, in_list=bool(dash)):
                return None
            if not self.takes(key, rest, start, column, match.start(4)):
                return None
        self.stays_empty()
        return self.top

    def opens(self, place: int, column: int, *, in_list: bool) -> bool:
        """Open or close lists and mappings until the innermost is the one of a line; tell whether there is one."""
        levels = self.levels
        if not levels:
            if column or self.top:
                return False
            self.open(place, column, [] if in_list else {})
            self.top = levels[0][1:]
            return True
        if self.waiting:
            if column > levels[-1][0]:
                record, places, key, _ = self.waiting
                self.waiting = None
                self.open(place, column, [] if in_list else {})
                _, record[key], inner = levels[-1]
                places.append(inner)
                return len(levels) < DEEPEST
            self.stays_empty()
        while levels[-1][0] > column:
            levels.pop()
        return levels[-1][0] == column and isinstance(levels[-1][1], list) is in_list

    def open(self, place: int, column: int, value: dict[str, Value] | list[Value]) -> None:
        """Open a list or mapping."""
        self.levels.append((column, value, [place]))

    def stays_empty(self) -> None:
        """Give the key that waits for something to stand behind it an empty text."""
        if self.waiting:
            record, places, key, place = self.waiting
            record[key] = ""
            places.append(place)
            self.waiting = None

    def takes(self, key: str | None, rest: str, start: int, column: int, behind: int) -> bool:
        """Put what a line says (``rest``, in the column ``behind``) where it belongs; tell whether that can be done."""
        _, value, places = self.levels[-1]
        if isinstance(value, list):
            if key is None:
                if (read := _value(rest, start + behind)) is None:
                    return False
                value.append(read[0])
                places.append(read[1])
                return True
            column += 2
            items, places_of_items = value, places
            self.open(start + column, column, {})
            _, value, places = self.levels[-1]
            items.append(value)
            places_of_items.append(places)
        assert isinstance(value, dict)
        if key is None or key in value:
            return False
        places.append(start + column)
        if not rest:
            self.waiting = value, places, key, start + column + len(key) + 1
            return True
        if (read := _value(rest, start + behind)) is None:
            return False
        value[key], inner = read
        places.append(inner)
        return True


def _value(text: str, place: int) -> Read | None:
    """Return what stands behind a key or dash."""
    if text[:1] == "{":
        return _mapping(text, place)
    if text[:1] == "[":
        return _list(text, place)
    if not TEXT.match(text) or ": " in text or text[-1] == ":":
        return None
    return text, place


def _mapping(text: str, place: int) -> Read | None:
    record: dict[str, Value] = {}
    places: list[Places] = [place]
    if text == "{}":
        return record, places
    if not FLOW_MAPPING.fullmatch(text):
        return None
    at = place + 1
    for pair in text[1:-1].split(", "):
        key, _, inner = pair.partition(": ")
        behind = at + len(key) + 2
        record[key] = inner
        places += (at, behind)
        at = behind + len(inner) + 2
    return (record, places) if 2 * len(record) + 1 == len(places) else None


def _list(text: str, place: int) -> Read | None:
    items: list[Value] = []
    places: list[Places] = [place]
    if text == "[]":
        return items, places
    if not FLOW_LIST.fullmatch(text):
        return None
    at = place + 1
    for item in text[1:-1].split(", "):
        items.append(item)
        places.append(at)
        at += len(item) + 2
    return items, places
