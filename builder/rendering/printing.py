"""What a printed value becomes in the document's XML.

Where a tag stands decides: in running text, in an attribute (a docxtpl cell directive), or in place of whole
paragraphs or runs (``{{p … }}``, ``{{r … }}``). ``soundness`` notes the place on the tag's node as ``printed_as``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from builder.findings import InputError
from builder.rendering import wml
from builder.rendering.marks import Written, marked_run
from builder.rendering.markup import SoundMarkup

TEXT, ATTRIBUTE, BLOCK = "printed", "printed_in_attribute", "printed_as_block"
_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
_DROPPED = (*range(9), *range(0x0C, 0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
_BREAKS = str.maketrans(
    dict.fromkeys("\n\x0b\x85\u2028\u2029", _BREAK)  # \x0b is the line break of Word and Excel
    | {"\t": '</w:t><w:tab/><w:t xml:space="preserve">'}
    | dict.fromkeys(map(chr, _DROPPED), "")
)
_BLANKS = str.maketrans(dict.fromkeys("\n\r\t\x0b\x85\u2028\u2029", " ") | dict.fromkeys(map(chr, _DROPPED), ""))


class _Kinds(defaultdict[type, "Callable[[Any], str] | None"]):
    """How a type's values become text, by type: None where a value is its own text."""

    def __missing__(self, kind: type) -> Callable[[Any], str] | None:
        how: Callable[[Any], str] | None = str
        if hasattr(kind, "__html__"):
            how = _markup
        elif issubclass(kind, Written):
            how = _written
        elif issubclass(kind, str) and kind.__str__ is str.__str__:
            how = None
        elif kind is type(None):
            how = _nothing
        self[kind] = how
        return how


def _nothing(value: object) -> str:
    del value
    return ""


def _written(value: Written) -> str:
    return marked_run(_plain(value), value.key) if value else ""


def _markup(value: Any) -> str:
    if isinstance(value, SoundMarkup) and value.sound:
        return str.__str__(value)
    text = str(value.__html__())
    if ("<" in text or "&" in text) and not is_sound(f"<x>{text}</x>".encode()):
        raise InputError("要插入的内容不是完整的 Word 内容。请检查生成它的过滤器或长文。")
    return text


_KINDS = _Kinds()


def is_sound(document: bytes) -> bool:
    """Tell whether the bytes are well-formed XML."""
    parser = expat.ParserCreate("utf-8")  # without handlers twice as fast as building a tree
    try:
        parser.Parse(document, True)
    except expat.ExpatError:
        return False
    return True


def printed(value: Any) -> str:
    """Return a value printed in running text.

    Line breaks and tabs become ``w:br`` and ``w:tab``, characters that XML cannot hold are left out (they are invisible
    and come in with pasted text), None prints nothing. Markup passes as it is; InputError where it is not sound.
    """
    how = _KINDS[type(value)]
    if how is None:
        return _plain(value)
    return _plain(str(value)) if how is str else how(value)


def _plain(text: str) -> str:
    """Return a text as XML has it."""
    # nearly every value is plain, and four searches for a character are faster than any way to replace them
    if "&" in text or "<" in text or ">" in text or '"' in text:
        text = _escaped(text)
    if text.isprintable() or not wml.NOT_PLAIN.search(text):
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_BREAKS)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def printed_in_attribute(value: Any) -> str:
    """Return a value printed in an attribute: line breaks and tabs are blanks."""
    return _escaped("" if value is None else str(value)).translate(_BLANKS)


def printed_as_block(value: Any) -> str:
    """Return a value that stands for whole paragraphs or runs; InputError for plain text, which cannot."""
    if value is None or hasattr(value, "__html__"):
        return printed(value)
    text = str(value)
    if text:
        raise InputError(
            f"「{wml.shortened(text)}」是普通文字，不能用 {{{{p … }}}} 整段插入。请改用 {{{{ … }}}}，或换成长文。"
        )
    return text
