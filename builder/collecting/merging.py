"""What a 采集表 says into the text of a unit's files: comments and what it says nothing of stay, changes are listed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from builder.accounts.values import FUNDS
from builder.findings import InputError
from builder.workbooks.amounts import read_amount
from builder.workbooks.changing import FileChange
from builder.workbooks.yaml_files import dump, flow, load, put_tail, take_tail

LABELS = ("科目", "资金来源", "类型", "名称")
"""Keys that tell the lines of a list apart."""
UNIT_KEY = "金额单位"
SHALLOW = {"基本支出经济分类": 1, "科目": 1, "人员": 2, "国有资产": 2, "指标": 2, "原因": 3}
"""Key at the top → how deep the records stand that are replaced whole: what the workbook does not have goes."""


def merge_file(name: str, before: str, wanted: Mapping[str, Any], head: str) -> FileChange:
    """Return a YAML file with what is wanted in it; ``head`` begins a new one.

    Raises InputError where the file gives amounts in another unit than the workbook.
    """
    document = load(enabled(before, wanted), name)
    if not document:  # nothing but comments, which have nowhere to stand
        head, before = before or head, ""
    merger = _Merger()
    unit = document.get(UNIT_KEY)
    if unit and wanted.get(UNIT_KEY, unit) != unit and any(value for key, value in document.items() if key != UNIT_KEY):
        raise InputError(
            f"{name} 的金额单位是{unit}，采集表写的是{wanted[UNIT_KEY]}；两处要一致："
            f"请在采集表的「单位信息」里改成{unit}、各数也按{unit}填，或先清空 {name} 里的数"
        )
    merger.mapping(document, wanted, ())
    text = dump(document) if merger.changes else before
    return FileChange(name, text if before or not merger.changes else head + text, merger.changes)


def enabled(text: str, wanted: Mapping[str, Any]) -> str:
    """Return a file's text with the entries that are wanted live and empty where they are only shown (``# 键: …``).

    So they are filled in where they are explained; lines that only show how it is done go.
    """
    for key, value in wanted.items():
        empty = "[]" if isinstance(value, list) else "{}" if isinstance(value, Mapping) else '""'
        nothing, name = r"(?:\[\]|\{\})", re.escape(key)
        if not re.search(rf"^{name}:(?! {nothing}$)", text, re.MULTILINE):
            shown = rf"^(?:# {name}:.*|{name}: {nothing})\n(?:#   .*\n)*"
            text = re.sub(shown, f"{key}: {empty}\n", text, count=1, flags=re.MULTILINE)
    return text


def merge_text(name: str, before: str, text: str) -> FileChange:
    """Return a long text as it becomes."""
    if before.strip() == text.strip():
        return FileChange(name, before)
    return FileChange(name, f"{text.strip()}\n", [f"{'改写' if before.strip() else '新增'}全文（{len(text)} 字）"])


class _Merger:
    """Puts values into a document, keeping a line for each change."""

    def __init__(self) -> None:
        self.changes: list[str] = []

    def mapping(self, node: Any, wanted: Mapping[str, Any], path: tuple[str, ...]) -> None:
        """Put the keys of a mapping in."""
        if path and SHALLOW.get(path[0]) == len(path):
            for key in [key for key in node if key not in wanted]:
                self.changes.append(f"{_shown((*path, key))}：删去 {_text(node[key])}")
                del node[key]
        for key, value in wanted.items():
            self.value(node, key, value, path)

    def value(self, node: Any, key: str, value: Any, path: tuple[str, ...]) -> None:
        """Put one value in, whatever it is."""
        what = (*path, key)
        old = node.get(key)
        if isinstance(value, Mapping) and value:
            child, tail = section(node, key, CommentedMap)
            self.mapping(child, value, what)
            put_tail(node, key, tail)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            child, tail = section(node, key, CommentedSeq)
            self.lines(child, value, what)
            put_tail(node, key, tail)
        elif not (old == value if key == "代码" else _same(old, value)):
            self.changes.append(f"{_shown(what)}：{f'{_text(old)} → ' if old else '新增 '}{_text(value)}")
            node[key] = _flow_list(value) if isinstance(value, list) else value

    def lines(self, node: Any, wanted: Iterable[Mapping[str, Any]], path: tuple[str, ...]) -> None:
        """Bring a list of lines to what is wanted: same lines in place, new ones at the end, others away."""
        has_funds = path[0] != "收入"
        goal = {_key(line, has_funds=has_funds): line for line in wanted}
        for number in reversed(range(len(node))):
            line, key = node[number], _key(node[number], has_funds=has_funds)
            if key not in goal:
                self.changes.append(f"{_shown(path)} {' '.join(key)}：删去")
                del node[number]
                continue
            new = goal.pop(key)
            where = (*path, " ".join(key))
            for gone in [name for name in line if name not in new and name not in LABELS]:
                self.changes.append(f"{_shown((*where, gone))}：删去 {_text(line[gone])}")
                del line[gone]
            for name, value in new.items():
                if not (name in LABELS and name not in line):
                    self.value(line, name, value, where)
        for key, line in goal.items():
            said = "，".join(f"{name} {value}" for name, value in line.items() if name not in LABELS)
            self.changes.append(f"{_shown(path)} {' '.join(key)}：新增 {said}".rstrip())
            node.append(flow(dict(line)))


def section(node: Any, key: str, kind: type[CommentedMap | CommentedSeq]) -> tuple[Any, str]:
    """Return a key's mapping or list for changing, and the comment lines that follow it; a new one where there is none.

    An empty ``[]`` or ``{}`` becomes a block, and the comments after it stay before the next key.
    """
    old = node.get(key)
    if isinstance(old, kind) and old:
        return old, "" if old.fa.flow_style() else take_tail(old)
    fresh = kind()
    fresh.fa.set_block_style()
    tail = ""
    tokens = node.ca.items.get(key)
    if tokens and tokens[2] is not None:
        _, newline, rest = tokens[2].value.partition("\n")
        tail, tokens[2] = newline + rest if rest else "", None
    node[key] = fresh
    return fresh, tail


def _flow_list(values: list[Any]) -> CommentedSeq:
    made = CommentedSeq(values)
    made.fa.set_flow_style()
    return made


def _key(line: Mapping[str, Any], *, has_funds: bool) -> tuple[str, ...]:
    """Return what tells a line apart; a fund left out is the first."""
    labels = {"资金来源": FUNDS[0]} if has_funds and "科目" in line else {}
    labels |= {name: str(line[name]) for name in LABELS if name in line}
    return tuple(labels[name] for name in LABELS if name in labels)


def _same(old: Any, new: Any) -> bool:
    """Tell whether two values say the same: numbers by what they are, however they are written."""
    if isinstance(old, list) and isinstance(new, list):
        return [str(item) for item in old] == [str(item) for item in new]
    if not isinstance(old, str) or not isinstance(new, str):
        return isinstance(old, dict) and isinstance(new, str) and dict(old) == {"文字": new}
    if old == new:
        return True
    left, right = read_amount(old), read_amount(new)
    return left is not None and left == right and "%" not in old + new


def _shown(path: tuple[str, ...]) -> str:
    return "/".join(path)


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return "，".join(f"{key} {_text(inner)}" for key, inner in value.items())
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
