"""A text put into a YAML file where none stands yet: under its key, which is added with those above it if need be."""

from __future__ import annotations

import yaml

from builder.findings import InputError
from builder.loading.document import Path
from builder.pulling.splicing import BOM, composed, plain_or_quoted

STEP = "  "
"""How much further the keys below a key are indented."""


def inserted(text: str, path: Path, new: str, name: str) -> str:
    """Return a file's text with a text added at a path of keys; every line that it has stays. Raises InputError."""
    bom, body = (BOM, text[1:]) if text.startswith(BOM) else ("", text)
    end = "\r\n" if "\r\n" in body else "\n"
    node, left, column = composed(body, name), list(map(str, path)), 0
    above: yaml.Node | None = None
    while left and isinstance(node, yaml.MappingNode):
        pair = next((pair for pair in node.value if pair[0].value == left[0]), None)
        if pair is None:
            break
        above, node = pair
        column = above.start_mark.column + len(STEP)
        left.pop(0)
    if isinstance(node, yaml.MappingNode) and node.flow_style:
        at = node.end_mark.index - 1
        braces = "".join(f"{{{_key(key)}: " for key in left[1:])
        comma = ", " if node.value else ""
        made = f"{comma}{_key(left[0])}: {braces}{plain_or_quoted(new, in_flow=True)}{'}' * (len(left) - 1)}"
        return bom + body[:at] + made + body[at:]
    if isinstance(node, yaml.MappingNode):
        column, at = node.start_mark.column, _line_end(body, _last(node).end_mark.index)
    elif node is None:
        column, at = 0, len(body)
    elif isinstance(node, yaml.ScalarNode) and not node.value and above is not None:
        if not left:
            begin, stop = above.end_mark.index + 1, node.end_mark.index
            return f"{bom}{body[:begin]} {plain_or_quoted(new)}{body[max(begin, stop):]}"
        at = _line_end(body, above.end_mark.index)
    else:
        raise InputError(f"{name} 里「{' › '.join(map(str, path))}」处已有别的内容，放不进文字；请直接改这个文件")
    lines = [f"{' ' * column}{STEP * depth}{_key(key)}:" for depth, key in enumerate(left)]
    lines[-1] += f" {plain_or_quoted(new)}"
    before = body[:at]
    return bom + before + (end if before and not before.endswith("\n") else "") + end.join(lines) + end + body[at:]


def _key(key: str) -> str:
    return plain_or_quoted(key, in_flow=True) if ": " not in key else f'"{key}"'


def _last(node: yaml.Node) -> yaml.Node:
    """Return the last thing written in a mapping or list: the end of these is that of the empty lines after them."""
    while isinstance(node, yaml.MappingNode | yaml.SequenceNode) and node.value and not node.flow_style:
        last = node.value[-1]
        key, value = last if isinstance(last, tuple) else (last, last)
        node = value if not isinstance(value, yaml.ScalarNode) or value.value else key
    return node


def _line_end(text: str, at: int) -> int:
    """Return the place after the line in which ``at`` stands; a block (``|``) ends where the next line begins."""
    if at and text[at - 1] == "\n":
        return at
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1
