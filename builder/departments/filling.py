"""A department's ``决算.yaml`` brought to the sums of its units', with a remark behind each that names the shares."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from builder.accounts.facts import Facts, IncludedUnit
from builder.accounts.money import ZERO, AmountUnit, in_unit, plain
from builder.accounts.rollup import KEYS, LABELS, NOT_SUMMED, Number, Path, RolledUp
from builder.accounts.values import FUNDS
from builder.workbooks.changing import Changer, FileChange
from builder.workbooks.yaml_files import flow, note, put_tail

ORIGIN = "汇总："
"""Begins the remark behind a sum; a remark that begins otherwise is somebody's own and stays."""
TOPS = tuple(field.alias or name for name, field in Facts.model_fields.items())
"""The keys of 决算.yaml in their order."""
ECONOMIC = "基本支出经济分类"
DEFAULTS = {"资金来源": FUNDS[0]}
"""What a key says that a line leaves out."""


class _Filler:
    """Brings one file to the sums; lives only while it does."""

    def __init__(self, changer: Changer, rolled: RolledUp, own: Sequence[Number]) -> None:
        self.changer, self.rolled, self.own = changer, rolled, own

    def fill(self, units: Sequence[IncludedUnit], offices: Sequence[str]) -> FileChange:
        """Return the file as it becomes, with the units whose accounts are in it."""
        for top in TOPS:
            paths = [path for path in self.rolled.sums if path[0] == top]
            if top in LABELS:
                self._lines(top, paths)
            elif top not in NOT_SUMMED:
                self._values(top, paths)
        self._values(NOT_SUMMED[1], [path for path in self.rolled.sums if path[0] == NOT_SUMMED[1]])
        self._units(units, offices)
        return self.changer.finish()

    def _lines(self, book: str, paths: Sequence[Path]) -> None:
        """Bring a list to the sums: same lines in place, new ones at the end, others away."""
        if self._is_lacking((book,)) or (not paths and book not in self.changer.document and book not in TOPS[1:3]):
            return
        labels = LABELS[book]
        wanted: dict[Path, list[Path]] = {}
        for path in sorted(paths, key=lambda path: _in_order(book, path)):
            wanted.setdefault(path[1:-1], []).append(path)
        node, tail = self.changer.section(book, CommentedSeq)
        kept: set[Path] = set()
        for number in reversed(range(len(node))):
            key = _key(node[number], labels)
            if key not in wanted or key in kept:
                self.changer.remove(node, number, f"{book} {' '.join(filter(None, key))}")
            else:
                kept.add(key)
        places = {_key(line, labels): number for number, line in enumerate(node)}
        for key, sums in wanted.items():
            if key not in kept:
                node.append(flow({label: word for label, word in zip(labels, key, strict=True) if word}))
                places[key] = len(node) - 1
            self._line(node, places[key], f"{book} {' '.join(filter(None, key))}", labels, sums)
        if not node:
            node.fa.set_flow_style()
        put_tail(self.changer.document, book, tail)

    def _line(self, node: Any, number: int, what: str, labels: Sequence[str], sums: Sequence[Path]) -> None:
        line = node[number]
        keys = {path[-1] for path in sums}
        for alias in [alias for alias in line if alias not in keys and alias not in labels]:
            self.changer.remove(line, alias, f"{what} {alias}")
        for path in sums:
            self.changer.set(line, path[-1], self.rolled.total(path), f"{what} {path[-1]}")
        self._note(node, number, what, sums, -1)

    def _note(self, node: Any, key: str | int, what: str, sums: Sequence[Path], depth: int) -> None:
        """Name the shares of the sums behind an entry; ``depth`` is how far the way to them is that entry's own."""
        said = {"/".join(path[depth:]): shares for path in sums if (shares := self._shares(path))}
        texts = [f"{key} = {text}" if len(sums) > 1 else text for key, text in said.items()]
        if not texts:
            return
        changed = len(self.changer.changes)
        if note(node, key, ORIGIN, "；".join(texts)) and not changed:
            self.changer.changes.append(f"{what}：各单位的数有变（注释）")

    def _shares(self, path: Path) -> str:
        """Return a sum's shares by unit: ``局本级 320.50 + 图书馆 120.00``."""
        by_unit: dict[str, Decimal] = {}
        for share in self.rolled.sums[path]:
            if share.amount:
                by_unit[share.unit] = by_unit.get(share.unit, ZERO) + share.amount
        unit = AmountUnit.YUAN if path in self.rolled.counts else self.changer.unit
        return " + ".join(f"{name} {_shown(amount, unit)}" for name, amount in by_unit.items())

    def _values(self, top: str, paths: Sequence[Path]) -> None:
        """Bring the numbers under a key to the sums; numbers that no unit has go, where any has one of this key."""
        document = self.changer.document
        if not paths and (top,) not in {path[:1] for path in self.rolled.words}:
            return
        if (top,) in self.rolled.sums:
            self.changer.set(document, top, self.rolled.total((top,)), top)
            self._note(document, top, top, [(top,)], 1)
            return
        node, tail = self.changer.section(top, CommentedMap)
        for number in self.own:
            gone = number.path[0] == top and number.path not in self.rolled.sums and number.value
            if gone and not self._is_lacking(number.path):
                self._remove(node, number.path)
        for path, word in self.rolled.words.items():
            if path[0] == top:
                self.changer.set_text(node, path[1], word, "/".join(path))
        for path in sorted(paths) if top == ECONOMIC else paths:
            self._value(node, path)
        self._notes(node, paths, 1)
        put_tail(document, top, tail)

    def _notes(self, node: Any, paths: Sequence[Path], depth: int) -> None:
        """Name the shares behind each entry of a mapping that stands on one line."""
        below: dict[str, list[Path]] = {}
        for path in paths:
            below.setdefault(path[depth], []).append(path)
        for key, sums in below.items():
            inner = node[key]
            if isinstance(inner, CommentedMap) and not inner.fa.flow_style():
                self._notes(inner, sums, depth + 1)
            else:
                self._note(node, key, "/".join(sums[0][: depth + 1]), sums, depth + 1)

    def _value(self, node: Any, path: Path) -> None:
        """Bring one number below a key to its sum."""
        for key in path[1:-1]:
            if not isinstance(node.get(key), CommentedMap):
                node[key] = flow({})
            node = node[key]
        if path not in self.rolled.counts:
            self.changer.set(node, path[-1], self.rolled.total(path), "/".join(path))
            return
        new, old = plain(self.rolled.total(path)), node.get(path[-1])
        if old != new:
            what = "/".join(path)
            self.changer.changes.append(f"{what}：{old} → {new}" if old is not None else f"{what}：新增 {new}")
            node[path[-1]] = new

    def _remove(self, node: Any, path: Path) -> None:
        for key in path[1:-1]:
            node = node.get(key)
            if not isinstance(node, CommentedMap):
                return
        if path[-1] in node:
            self.changer.remove(node, path[-1], "/".join(path))

    def _is_lacking(self, path: Path) -> bool:
        return any(path[: len(less)] == less for less in self.rolled.lacking)

    def _units(self, units: Sequence[IncludedUnit], offices: Sequence[str]) -> None:
        """Bring 决算单位 to the units that were summed; 内设机构 are those of 本级 where the department says none."""
        node, tail = self.changer.section("机构", CommentedMap)
        if offices and not {"内设机构", "内设机构数"} & set(node):
            named = CommentedSeq(offices)
            named.fa.set_flow_style()
            node["内设机构"] = named
            self.changer.changes.append(f"机构/内设机构：新增 {'、'.join(offices)}")
        lines = node.get("决算单位")
        if not isinstance(lines, CommentedSeq) or lines.fa.flow_style():
            lines = node["决算单位"] = CommentedSeq()
        places = {str(line.get("名称")): line for line in lines}
        for number in reversed(range(len(lines))):
            if str(lines[number].get("名称")) not in {unit.name for unit in units}:
                self.changer.remove(lines, number, "机构/决算单位")
        for unit in units:
            line = places.get(unit.name)
            if line is None:
                line = flow({"名称": unit.name})
                lines.append(line)
                self.changer.changes.append(f"机构/决算单位：新增 {unit.name}")
            for key, word in (("性质", unit.nature), ("在职人数", "" if unit.persons is None else str(unit.persons))):
                if word:
                    self.changer.set_text(line, key, word, f"机构/决算单位 {unit.name} {key}")
        put_tail(self.changer.document, "机构", tail)


def _key(line: Any, labels: Sequence[str]) -> Path:
    """Return what tells a line of a list from the others."""
    return tuple(str(line.get(label, DEFAULTS.get(label, ""))) for label in labels)


def _in_order(book: str, path: Path) -> tuple[object, ...]:
    """Return what a list's lines are sorted by: subject, fund, and in a line the order of its keys."""
    told = dict(zip(LABELS[book], path[1:-1], strict=True))
    fund = told.get("资金来源")
    kind = KEYS[book].index(path[-1])
    return told.get("科目", ""), FUNDS.index(fund) if fund in FUNDS else 0, told.get("类型", ""), kind


def _shown(amount: Decimal, unit: AmountUnit) -> str:
    return plain(in_unit(amount, unit))


def fill_facts(
    name: str, text: str, rolled: RolledUp, unit: AmountUnit, year: int,
    *, own: Sequence[Number], units: Sequence[IncludedUnit], offices: Sequence[str],
) -> FileChange:
    """Return a department's 决算.yaml with the sums of its units'; ``unit`` is what a new file gives amounts in.

    ``own`` are the numbers that it gives now. In a file that gives coarser amounts than its units do, sums stand as
    they are printed in its unit. What is no sum, remarks and the order of lines stay.
    """
    head = f"# {year} 年度决算事实，由 juesuan rollup 把所属单位的数相加；所属单位之间的往来另在 抵消.yaml。\n"
    return _Filler(Changer(name, text, unit, head, rounds=True), rolled, own).fill(units, offices)
