"""One text of a YAML file replaced where it stands: every other byte of the file stays as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

from builder.findings import InputError
from builder.loading.document import Path

PLAIN_STYLES = (None, "")
INDENT = re.compile(r"\n( *)\S")
BOM = "\ufeff"


def replaced(text: str, changes: Sequence[tuple[Path, str]], name: str) -> str:
    """Return a file's text with the scalars at these paths made the given ones. Raises InputError."""
    bom, body = (BOM, text[1:]) if text.startswith(BOM) else ("", text)
    root = composed(body, name)
    found = [(*_scalar(root, path, name, in_flow=False), new) for path, new in changes]
    for node, in_flow, new in sorted(found, key=lambda one: one[0].start_mark.index, reverse=True):
        begin, end = node.start_mark.index, node.end_mark.index
        body = body[:begin] + _written(new, node, body[begin:end], in_flow=in_flow) + body[end:]
    return bom + body


def composed(text: str, name: str) -> yaml.Node | None:
    """Return the nodes of a YAML text, None of an empty one. Raises InputError."""
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise InputError(f"{name} 不是正确的 YAML，不能在里面改文字；请先改正（juesuan check 会说明哪里错）") from error


def plain_or_quoted(text: str, *, in_flow: bool = False, quoted: bool = False) -> str:
    """Return a text as a scalar: plain where it is read as the same text then (and not ``quoted``), else in quotes."""
    if not quoted and _is_plain(text, in_flow=in_flow):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", "\\n")
    return f'"{escaped}"'


def _scalar(node: yaml.Node | None, path: Path, name: str, *, in_flow: bool) -> tuple[yaml.ScalarNode, bool]:
    """Return the scalar at a path, and whether it stands within braces or brackets."""
    for step in path:
        if isinstance(node, yaml.MappingNode):
            in_flow = in_flow or bool(node.flow_style)
            node = next((value for key, value in node.value if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            in_flow = in_flow or bool(node.flow_style)
            node = node.value[step]
        else:
            node = None
    if not isinstance(node, yaml.ScalarNode):
        raise InputError(f"{name} 里找不到「{' › '.join(map(str, path))}」的文字；请先运行 juesuan check 检查这个文件")
    return node, in_flow


def _written(text: str, node: yaml.ScalarNode, before: str, *, in_flow: bool) -> str:
    """Return a text as this scalar writes it: in its own quotes where it has some, plain where that can be read."""
    if node.style in ("|", ">"):
        return _block(text, before)
    if node.style == "'" and "\n" not in text:
        return "'" + text.replace("'", "''") + "'"
    return plain_or_quoted(text, in_flow=in_flow, quoted=node.style not in PLAIN_STYLES)


def _block(text: str, before: str) -> str:
    """Return a text as the lines of a block, as far indented and ended as before; of a folded one (``>``) as ``|``."""
    head, _, lines = before.partition("\n")
    found = INDENT.search(before)
    indent = found[1] if found else "  "
    ending = lines[len(lines.rstrip()) :] or "\n"
    made = "".join(f"\n{indent}{line}" if line else "\n" for line in text.rstrip("\n").split("\n"))
    return head.replace(">", "|", 1) + made + ending


def _is_plain(text: str, *, in_flow: bool) -> bool:
    """Tell whether a text can stand without quotes, and is read as the same text then."""
    if "\n" in text or text != text.strip():
        return False
    try:
        root = yaml.compose(f"{{k: {text}}}" if in_flow else f"k: {text}", Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return False
    if not isinstance(root, yaml.MappingNode) or len(root.value) != 1:
        return False
    value = root.value[0][1]
    return isinstance(value, yaml.ScalarNode) and value.value == text and not value.tag.endswith(("null", "merge"))
