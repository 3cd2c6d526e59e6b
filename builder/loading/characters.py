"""Characters that do not belong in an official document: which are refused, which go unsaid, which are doubtful."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.findings import Finding, Level, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTROL = "\x00-\x08\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_SURROGATE = "\ud800-\udfff"
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010ffff"
_GARBLED = "\ufdd0-\ufdef\ufff0-\uffff"
_REFUSED = re.compile(f"[{_CONTROL}{_SURROGATE}{_PRIVATE}{_GARBLED}]")
# Zero-width characters and soft hyphens come along from web pages; nobody sees them, so nobody misses them.
_UNSEEN = "\xad\u200b-\u200d\u2060\ufeff"
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
_OTHER_ENDS = "\x0b\x85\u2028\u2029"
_LINE_ENDS = re.compile(f"\r\n?|[{_OTHER_ENDS}]")  # \x0b is the 手动换行符 of a text copied from Word
_PICTURES = "\u231a\u231b\u2705\u274c\u274e\u2728\u2b50\u2b55\U0001f000-\U0001faff"
_EMOJI = re.compile(f"[{_PICTURES}]|[^\\d#*]\ufe0f")
_ODD = f"{_CONTROL}{_SURROGATE}{_PRIVATE}{_GARBLED}{_PICTURES}\ufe0f"
UNUSUAL = f"{_ODD}{_UNSEEN}{_OTHER_ENDS}\r"
"""What nearly every text has none of, for a set of a pattern: all that `normalised` changes, and what may be found."""
_MAY_BE_FOUND = re.compile(f"[{_ODD}]")
_KINDS = (
    (re.compile(f"[{_CONTROL}]"), "控制字符", "请删去"),
    (re.compile(f"[{_SURROGATE}]"), "残缺的字符", "文件的编码可能不对，请另存为 UTF-8 后重新输入这个字"),
    (re.compile(f"[{_PRIVATE}]"), "自造字或符号字体的字符", "换一台电脑就显示不出，请改用普通的字或符号"),
    (re.compile(f"[{_GARBLED}]"), "乱码", "请对照原文重新输入这个字"),
)


def normalised(text: str) -> str:
    """Return ``text`` with the line feed as its only line end and without invisible characters."""
    return _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))


def without_refused(text: str) -> str:
    """Return ``text`` without the characters that ``character_findings`` calls errors."""
    return _REFUSED.sub("", text)


def may_have_findings(text: str) -> bool:
    """Tell whether `character_findings` can find anything in a text; in nearly every one it cannot."""
    return _MAY_BE_FOUND.search(text) is not None


def character_findings(line: str, path: str, number: int) -> Iterator[Finding]:
    """Yield an error for each refused character of a line, once a character, and a warning for emoji (表情符号)."""
    for character in dict.fromkeys(_REFUSED.findall(line)):
        kind, advice = next((kind, advice) for pattern, kind, advice in _KINDS if pattern.match(character))
        source = Source(path, number, line.index(character) + 1)
        yield Finding(f"这里有{kind}（U+{ord(character):04X}），不能印在文件里；{advice}。", source)
    if found := _EMOJI.search(line):
        message = f"正式文件中不宜使用表情符号（{found.group()}）；请改用文字。"
        yield Finding(message, Source(path, number, found.start() + 1), Level.WARNING)
