"""YAML files of a unit changed in place: comments, order, quotes and hand-written keys stay as they are."""

from __future__ import annotations

import io
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.tokens import CommentToken

from builder.findings import InputError

END = 2
"""Where ruamel.yaml keeps the comment that follows a key's value."""


class _AsWritten(VersionedResolver):
    """Takes every scalar as the text that is written, as the program's own reader does."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        """Return the tag of text for every scalar."""
        return super().resolve(kind, value, (False, implicit[1]) if kind is ScalarNode else implicit)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.Resolver = _AsWritten
    yaml.preserve_quotes = True
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def load(text: str, name: str) -> CommentedMap:
    """Read a file's text for changing. Raises InputError where it is not YAML with keys at the top."""
    try:
        document = _yaml().load(text)
    except YAMLError as error:
        raise InputError(f"{name} 不是正确的 YAML，不能在里面改数；请先改正（juesuan build 会说明哪里错）") from error
    if document is None:
        return CommentedMap()
    if not isinstance(document, CommentedMap):
        raise InputError(f"{name} 的内容不是「名称: 内容」的写法；请先改正")
    return document


def dump(document: CommentedMap) -> str:
    """Return a document as text."""
    stream = io.StringIO()
    _yaml().dump(document, stream)
    return stream.getvalue()


def flow(values: dict[str, str]) -> CommentedMap:
    """Return a mapping that stands on one line: ``{科目: 2080101, 基本支出: 10.43}``."""
    line = CommentedMap(values)
    line.fa.set_flow_style()
    return line


def note(node: CommentedMap | CommentedSeq, key: str | int, head: str, text: str) -> bool:
    """Write ``# head text`` behind an entry, unless another remark stands there; tell whether anything changed."""
    place = 0 if isinstance(node, CommentedSeq) else END
    tokens = node.ca.items.get(key)
    token = tokens[place] if tokens else None
    own, newline, rest = token.value.partition("\n") if token is not None else ("", "", "")
    remark = f"# {head}{text}"
    if own.strip() and (not own.startswith(f"# {head}") or own == remark):
        return False
    if token is None:
        node.yaml_add_eol_comment(remark, key=key, column=0)
    else:  # what follows are the comment lines before the next entry
        token.value = f"{remark}{newline}{rest}"
    return True


def take_tail(node: CommentedMap | CommentedSeq) -> str:
    """Take away the comment lines after a block's last entry, which belong to what comes next, and return them."""
    if isinstance(node, CommentedSeq) and getattr(node.ca, "end", None):
        tail = "".join(token.value for token in node.ca.end)
        node.ca.end = []
        return f"\n{tail}"
    if not node:
        return ""
    key = len(node) - 1 if isinstance(node, CommentedSeq) else next(reversed(node))
    value = node[key]
    if isinstance(value, CommentedMap | CommentedSeq) and not value.fa.flow_style() and value:
        return take_tail(value)
    tokens = node.ca.items.get(key)
    place = 0 if isinstance(node, CommentedSeq) else END
    if not tokens or not isinstance(tokens[place], CommentToken):
        return ""
    own, newline, tail = tokens[place].value.partition("\n")
    tokens[place] = CommentToken(own + newline, tokens[place].start_mark, None) if own else None
    return f"{newline}{tail}" if tail else ""


def put_tail(parent: CommentedMap, key: str, tail: str) -> None:
    """Put back, before the key after ``key``, the comment lines that `take_tail` took."""
    keys = list(parent)
    at = keys.index(key) + 1
    text = tail.removeprefix("\n")
    if not text:
        return
    if at < len(keys):
        lines = [CommentToken(line, _mark(), None) for line in text.splitlines(keepends=True)]
        tokens = parent.ca.items.setdefault(keys[at], [None, None, None, None])
        tokens[1] = [*lines, *(tokens[1] or [])]
    else:
        parent.ca.end = [CommentToken(text, _mark(), None)]


def _mark() -> Any:
    from ruamel.yaml.error import CommentMark  # noqa: PLC0415 - untyped

    return CommentMark(0)
